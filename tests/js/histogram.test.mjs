import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bars, daysBetween, plusDays, reportedWithin, roundUp, spanned, spanOf } from '../../app/web/static/js/lib/histogram.js';

const DAYS = { first: '2026-02-27', reported: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], overdue: [0, 0, 0, 0, 0, 0, 0, 0, 1, 2] };

test('days follow each other over the end of a month', () => {
  assert.equal(plusDays('2026-02-27', 2), '2026-03-01');
  assert.equal(plusDays('2028-02-28', 1), '2028-02-29');
  assert.equal(daysBetween('2026-02-27', '2026-03-08'), 9);
});

test('each day is a bar where there is room', () => {
  const all = bars(DAYS, 10);
  assert.equal(all.length, 10);
  assert.deepEqual(all[2], { from: '2026-03-01', to: '2026-03-01', reported: 3, overdue: 0, n: 1 });
});

test('several days share a bar where there is none, and not one is lost', () => {
  const all = bars(DAYS, 5);
  assert.deepEqual(all.map((bar) => [bar.from, bar.to, bar.reported, bar.overdue]), [['2026-02-27', '2026-03-01', 6, 0], ['2026-03-02', '2026-03-08', 49, 3]]);
});

test('a span is the bars that its days touch', () => {
  const all = bars(DAYS, 10);
  assert.deepEqual(spanned(all, '', ''), [0, 9]);
  assert.deepEqual(spanned(all, '2026-03-01', '2026-03-03'), [2, 4]);
  assert.deepEqual(spanned(all, '2030-01-01', ''), [9, 9]);
  assert.deepEqual(spanned(all, '', '2020-01-01'), [0, 0]);
});

test('what was reported within a span is of its days, however wide the bars are', () => {
  assert.equal(reportedWithin(DAYS, '2026-02-27', '2026-03-08'), 55);
  assert.equal(reportedWithin(DAYS, '2026-03-01', '2026-03-02'), 7);
  assert.equal(reportedWithin(DAYS, '2026-01-01', '2026-02-28'), 3);
  assert.equal(reportedWithin(DAYS, '2026-03-09', '2026-03-09'), 0);
});

test('a span that reaches an end is open there, so that tomorrow is in it too', () => {
  const all = bars(DAYS, 10);
  assert.deepEqual(spanOf(all, 7, 2), { from: '2026-03-01', to: '2026-03-06' });
  assert.deepEqual(spanOf(all, 4, 99), { from: '2026-03-03', to: '' });
  assert.deepEqual(spanOf(all, -3, 1), { from: '', to: '2026-02-28' });
});

test('the scale ends at a round number', () => {
  assert.deepEqual([0, 5, 7, 12, 101, 160, 9999].map(roundUp), [5, 5, 8, 15, 150, 200, 10000]);
});
