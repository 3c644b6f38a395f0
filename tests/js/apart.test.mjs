import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apart, radiusOf } from '../../app/web/static/js/lib/apart.js';

const cluster = (x, y, count) => ({ x, y, count });

test('a triangle that hides nothing stays where it is', () => {
  assert.deepEqual(apart([cluster(100, 100, 1)], []), [[0, 0]]);
  assert.deepEqual(apart([cluster(100, 100, 3)], [cluster(180, 100, 44)]), [[0, 0]]);
});

test('on a number it goes above the middle of that cluster, so that both are read', () => {
  const [[dx, dy]] = apart([cluster(104, 103, 1)], [cluster(100, 100, 9)]);
  assert.equal(dx, -4);
  assert.equal(dy, -3 - 17, '17 px above the centre');
  const [[, several]] = apart([cluster(100, 100, 5)], [cluster(100, 100, 67)]);
  assert.ok(several <= -17 && several >= -24, `${several}`);
});

test('no triangle lies on the number of another, nor on a single mark', () => {
  const others = [cluster(100, 100, 30), cluster(140, 104, 1)];
  const late = [cluster(101, 101, 1), cluster(99, 99, 2), cluster(141, 104, 1)];
  const placed = apart(late, others).map(([dx, dy], i) => ({ x: late[i].x + dx, y: late[i].y + dy }));
  for (const [i, a] of placed.entries()) {
    for (const b of placed.slice(i + 1)) assert.ok(Math.abs(a.x - b.x) >= 18 || Math.abs(a.y - b.y) >= 16, JSON.stringify(placed));
    assert.ok(Math.abs(a.x - 100) >= 17 || Math.abs(a.y - 100) >= 13, 'the 30 is legible');
    assert.ok(Math.abs(a.x - 140) >= 14 || Math.abs(a.y - 104) >= 13, 'the single one is seen');
  }
});

test('the same marks in another order stand at the same places', () => {
  const others = [cluster(50, 50, 12), cluster(82, 60, 3)];
  const late = [cluster(52, 52, 1), cluster(80, 60, 4), cluster(50, 47, 1)];
  const one = apart(late, others);
  const other = apart([late[2], late[0], late[1]], others);
  assert.deepEqual([one[2], one[0], one[1]], other);
});

test('discs are as large as the look has them', () => assert.deepEqual([5, 14, 39, 40, 1000].map(radiusOf), [13, 16, 19.5, 23, 28]));
