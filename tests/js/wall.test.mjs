import assert from 'node:assert/strict';
import { test } from 'node:test';

import { filled, following, gathered, inside, overdueBy, percent, short } from '../../app/web/static/js/lib/wall.js';

test('a share of nothing is a dash, a bar begins at nothing and ends at the scale', () => {
  assert.deepEqual([percent(null), percent(0), percent(0.0625)], ['—', '0.0', '6.3']);
  assert.deepEqual([filled(null, 10), filled(0, 10), filled(0.05, 10), filled(0.2, 10), filled(0.2, 0)], [0, 0, 0.5, 1, 0]);
});

test('how long something is overdue is said in two units at most', () => {
  const due = '2026-11-20T00:00:00Z';
  const after = (/** @type {number} */ minutes) => overdueBy(due, Date.parse(due) + minutes * 60000);
  assert.deepEqual(after(0), [['minutes', 0]]);
  assert.deepEqual(after(-5), [['minutes', 0]]);
  assert.deepEqual(after(59), [['minutes', 59]]);
  assert.deepEqual(after(60), [['hours', 1]]);
  assert.deepEqual(after(61), [['hours', 1], ['minutes', 1]]);
  assert.deepEqual(after(1440 + 125), [['days', 1], ['hours', 2]]);
  assert.deepEqual(after(2880), [['days', 2]]);
});

test('a sub-centre is called without the word for it', () => {
  assert.deepEqual(['联盟街道', '阿子营街道', '街道', 'Lianmeng Subdistrict', 'Aziying'].map(short), ['联盟', '阿子营', '街道', 'Lianmeng', 'Aziying']);
});

test('a tour goes round, and begins anew in a list that has become shorter', () => {
  assert.deepEqual([following(0, 3), following(2, 3), following(7, 3), following(4, 0)], [1, 0, 2, 0]);
});

test('gathered marks do not touch, and none is lost', () => {
  let seed = 7;
  const chance = () => { seed = (seed * 16807) % 2147483647; return seed / 2147483647; };
  const spots = Array.from({ length: 400 }, () => ({ x: chance() * 1000, y: chance() * 800, late: Math.floor(chance() * 4), urgent: chance() < 0.1 ? 1 : 0, first: 0 }));
  const found = gathered(spots, 150, 120);
  const sum = (/** @type {any[]} */ list, /** @type {string} */ name) => list.reduce((all, one) => all + one[name], 0);
  for (const name of ['late', 'urgent']) assert.equal(sum(found, name), sum(spots, name));
  for (const one of found) for (const other of found) {
    assert.ok(one === other || Math.abs(one.x - other.x) >= 150 || Math.abs(one.y - other.y) >= 120);
    assert.ok(one.x >= 0 && one.x <= 1000 && one.y >= 0 && one.y <= 800);
  }
  assert.ok(found.length > 5);
  assert.deepEqual(gathered([], 10, 10), []);
});

test('names near the edge of a lens are left out', () => {
  const places = [{ lon: 0.5, lat: 5 }, { lon: 5, lat: 5 }, { lon: 12, lat: 5 }];
  assert.deepEqual(inside(places, [0, 0, 10, 10], 0.1), [places[1]]);
  assert.deepEqual(inside(places, [0, 0, 10, 10], 0), places.slice(0, 2));
});
