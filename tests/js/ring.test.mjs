import assert from 'node:assert/strict';
import { test } from 'node:test';
import { area, box, inside, ring, ringOf, ringText, thinned } from '../../app/web/static/js/lib/ring.js';

test('a hand that trembles less than the tolerance has drawn a straight line', () => {
  assert.deepEqual(thinned([[0, 0], [1, 0.4], [2, -0.4], [3, 0]], 0.5), [[0, 0], [3, 0]]);
  assert.deepEqual(thinned([[0, 0], [5, 9], [10, 0]], 0.5), [[0, 0], [5, 9], [10, 0]]);
});

test('a ring is closed and runs counter-clockwise, however it was drawn', () => {
  const square = [[0, 0], [1, 0], [1, 1], [0, 1]];
  assert.deepEqual(ring(square), [...square, [0, 0]]);
  assert.deepEqual(ring([...square].reverse()), [...square, [0, 0]]);
  assert.deepEqual(ring(box([1, 1], [0, 0])).length, 5);
});

test('what encloses nothing is no ring', () => {
  assert.equal(ring([[0, 0], [1, 1]]), null);
  assert.equal(ring([[0, 0], [1, 1], [2, 2]]), null);
});

test('areas are those of the sphere: a degree by a degree at the equator, and in Kunming', () => {
  const degree = (lat) => ring(box([102, lat], [103, lat + 1]));
  assert.ok(Math.abs(area(degree(0)) / 1e6 - 12364) < 2, String(area(degree(0)) / 1e6));
  assert.ok(Math.abs(area(degree(25)) / area(degree(0)) - Math.cos((25.5 * Math.PI) / 180)) < 1e-3);
});

test('a point is inside, outside, or in the notch', () => {
  const notched = ring([[0, 0], [4, 0], [4, 4], [2, 1], [0, 4]]);
  assert.deepEqual([[2, 0.5], [2, 2], [0.5, 2], [5, 1]].map((point) => inside(notched, point)), [true, false, true, false]);
});

test('a ring in an address is the ring that was drawn', () => {
  const drawn = /** @type {[number, number][]} */ ([[102.7, 25], [102.71, 25], [102.71, 25.0123456], [102.7, 25]]);
  assert.equal(ringText(drawn), '102.7,25;102.71,25;102.71,25.012346');
  assert.deepEqual(ringOf(ringText(drawn)), [[102.7, 25], [102.71, 25], [102.71, 25.012346], [102.7, 25]]);
  assert.equal(ringText(null), '');
  assert.equal(ringOf(''), null);
});

test('a long line has no more corners than a server reads', () => {
  const round = Array.from({ length: 2000 }, (_, i) => /** @type {[number, number]} */ ([102.7 + 0.01 * Math.cos(i / 318.3), 25 + 0.01 * Math.sin(i / 318.3)]));
  assert.ok(ringText([...round, round[0]]).split(';').length <= 199);
});
