import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beside } from '../../app/web/static/js/lib/beside.js';

const box = (x, y, half = 10) => ({ x, y, w: half, h: half });
const clear = (a, b) => Math.abs(a.x - b.x) >= a.w + b.w || Math.abs(a.y - b.y) >= a.h + b.h;

test('a mark that hides nothing stays where it is', () => {
  assert.deepEqual(beside([box(100, 100)], [box(130, 100)]), [[0, 0]]);
});

test('marks at one place stand beside each other and beside what is fixed', () => {
  const marks = [box(0, 0, 15), box(1, 0), box(0, 1), box(40, 3)];
  const fixed = [box(2, 2, 16), box(64, 0, 8)];
  const placed = beside(marks, fixed).map(([dx, dy], i) => ({ ...marks[i], x: marks[i].x + dx, y: marks[i].y + dy }));
  for (const [i, a] of placed.entries()) for (const b of [...placed.slice(i + 1), ...fixed]) assert.ok(clear(a, b), JSON.stringify([a, b]));
});

test('where there is no room it hides as little as it can, and goes no further than it may', () => {
  const fixed = Array.from({ length: 400 }, (_, i) => box((i % 20) * 14 - 140, Math.floor(i / 20) * 14 - 140, 8));
  const [[dx, dy]] = beside([box(0, 0)], fixed);
  assert.ok(Math.hypot(dx, dy) <= 73);
});

test('two thousand marks are placed in a moment', () => {
  const marks = Array.from({ length: 2000 }, (_, i) => box((i * 37) % 1400, (i * 91) % 860, 11));
  const begun = performance.now();
  beside(marks, []);
  assert.ok(performance.now() - begun < 2000);
});
