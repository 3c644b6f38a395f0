import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bars, summed } from '../../app/web/static/js/lib/spark.js';

const of = (/** @type {number[]} */ ...counts) => counts.map((reported, i) => ({ month: `2026-${String(i + 1).padStart(2, '0')}-01`, reported }));

test('the tallest bar is as tall as the chart, and one case is seen', () => {
  const drawn = bars(of(0, 1, 1000), 99, 40, 3);
  assert.deepEqual(drawn.map(({ height, y }) => [height, y]), [[0, 40], [1, 39], [40, 0]]);
  const last = /** @type {any} */ (drawn.at(-1));
  assert.equal(Math.round(last.x + last.width), 99);
});

test('what is said is the sum and the fullest month, none where nothing was reported', () => {
  assert.deepEqual(summed(of(2, 5, 5)), { sum: 12, most: { month: '2026-02-01', reported: 5 } });
  assert.deepEqual(summed(of(0, 0)), { sum: 0, most: null });
});
