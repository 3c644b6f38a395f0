import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breaks, classOf, labels, rangeOf, roundDown } from '../../app/web/static/js/lib/classes.js';

test('numbers are rounded down to ones that people say', () => {
  assert.deepEqual([1, 7, 11, 99, 100, 104, 1234].map(roundDown), [1, 6, 10, 80, 100, 100, 1200]);
});

test('few small counts are their own classes', () => assert.deepEqual(breaks([1, 1, 2, 3]), [1, 2, 3]));

test('no counts leave one class', () => assert.deepEqual(breaks([]), [1]));

test('breaks ascend from 1, at most as many as asked for', () => {
  const counts = Array.from({ length: 610 }, (_, i) => (i * i) % 977);
  const lows = breaks(counts);
  assert.equal(lows[0], 1);
  assert.ok(lows.length <= 5);
  assert.deepEqual(lows, [...new Set(lows)].sort((a, b) => a - b));
});

test('every count has one class, and the labels say which', () => {
  const lows = [1, 3, 12];
  assert.deepEqual([0, 1, 2, 3, 11, 12, 500].map((n) => classOf(n, lows)), [0, 1, 1, 2, 2, 3, 3]);
  assert.deepEqual(labels(lows), ['0', '1–2', '3–11', '≥ 12']);
});

test('bounds are written as people write them', () => assert.deepEqual(['1-1', '3-5', '12-'].map(rangeOf), ['1', '3–5', '≥ 12']));
