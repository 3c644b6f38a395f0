import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plan, step } from '../../app/web/static/js/lib/flats.js';

let last = 0;
const flat = (/** @type {string | null} */ entrance, /** @type {number | null} */ floor, /** @type {string | null} */ room) => ({ id: ++last, name: `${room}`, entrance, floor, room, persons: 0 });
const rooms = (/** @type {import('../../app/web/static/js/lib/flats.js').Plan} */ { floors }) => floors.map(({ floor, cells }) => [floor, ...cells.map((one) => one?.room ?? null)]);

test('floors stand from the top, entrances beside each other, and rooms above each other', () => {
  const found = plan([flat('10', 1, '101'), flat('2', 2, '202'), flat('2', 1, '101'), flat('2', 10, '1001'), flat('10', 2, '201')]);
  assert.deepEqual(found.entrances, [{ entrance: '2', columns: 2 }, { entrance: '10', columns: 1 }]);
  assert.deepEqual(rooms(found), [[10, '1001', null, null], [2, null, '202', '201'], [1, '101', null, '101']]);
});

test('no dwelling is lost: of one place, without room, without floor', () => {
  const flats = [flat(null, 1, '101'), flat(null, 1, '101'), flat(null, 1, null), flat(null, null, '7')];
  const found = plan(flats);
  assert.deepEqual(found.floors.map(({ floor }) => floor), [1, null]);
  assert.deepEqual(found.floors.flatMap(({ cells }) => cells).flatMap((one) => one?.id ?? []).sort(), flats.map(({ id }) => id).sort());
});

test('arrows walk past gaps and stay inside', () => {
  const found = plan([flat('1', 3, '301'), flat('1', 3, '303'), flat('1', 2, '202'), flat('1', 1, '101')]);
  assert.deepEqual(step(found, [0, 0], 'ArrowDown'), [2, 0]);
  assert.deepEqual(step(found, [0, 0], 'ArrowRight'), [0, 2]);
  assert.equal(step(found, [0, 0], 'ArrowUp'), null);
  assert.equal(step(found, [0, 2], 'ArrowDown'), null);
  assert.deepEqual(step(found, [0, 0], 'End'), [0, 2]);
  assert.deepEqual(step(found, [0, 2], 'Home'), [0, 0]);
  assert.equal(step(found, [0, 0], 'a'), null);
});
