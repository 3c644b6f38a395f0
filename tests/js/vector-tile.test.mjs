import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTile } from '../../app/web/static/js/lib/vector-tile.js';

/** A writer as small as the reader, so that the test knows every byte. */
const varint = (n) => { const out = []; let rest = n; do { out.push((rest % 128) + (rest >= 128 ? 128 : 0)); rest = Math.floor(rest / 128); } while (rest > 0); return out; };
const field = (no, bytes) => [...varint(no * 8 + 2), ...varint(bytes.length), ...bytes];
const number = (no, n) => [...varint(no * 8), ...varint(n)];
const text = (no, words) => field(no, [...new TextEncoder().encode(words)]);
const zigzag = (n) => (n < 0 ? -2 * n - 1 : 2 * n);
const packed = (no, list) => field(no, list.flatMap(varint));

const square = [9, zigzag(10), zigzag(20), 26, zigzag(5), 0, 0, zigzag(5), zigzag(-5), 0, 15];
const layer = [
  ...number(15, 2), ...text(1, 'cell'), ...field(2, [...number(1, 4294967301), ...packed(2, [0, 0, 1, 1, 2, 2]), ...number(3, 3), ...packed(4, square)]),
  ...text(3, 'name'), ...text(3, 'parent'), ...text(3, 'late'),
  ...field(4, text(1, '联盟街道')), ...field(4, number(4, 530103004)), ...field(4, number(7, 1)), ...number(5, 512),
];

test('a polygon is read with its id, words, numbers and rings', () => {
  const { cell } = readTile(Uint8Array.from(field(3, layer)).buffer);
  assert.equal(cell.extent, 512);
  assert.deepEqual(cell.features, [{
    id: 4294967301, type: 3, properties: { name: '联盟街道', parent: 530103004, late: true }, parts: [[[10, 20], [15, 20], [15, 25], [10, 25]]],
  }]);
});

test('values of every kind, and a signed one', () => {
  const double = [...varint(3 * 8 + 1), ...new Uint8Array(new Float64Array([0.25]).buffer)];
  const float = [...varint(2 * 8 + 5), ...new Uint8Array(new Float32Array([1.5]).buffer)];
  const made = [...text(1, 'x'), ...field(2, [...packed(2, [0, 0, 1, 1, 2, 2]), ...packed(4, [9, 2, 2])]), ...text(3, 'a'), ...text(3, 'b'), ...text(3, 'c'), ...field(4, double), ...field(4, float), ...field(4, number(6, zigzag(-3)))];
  assert.deepEqual(readTile(Uint8Array.from(field(3, made)).buffer).x.features[0].properties, { a: 0.25, b: 1.5, c: -3 });
});

test('several lines of one feature stay several, and an empty tile has no layers', () => {
  const lines = [...text(1, 'l'), ...field(2, [...number(3, 2), ...packed(4, [9, 2, 2, 10, 2, 2, 9, zigzag(-4), 0, 10, 0, 2])])];
  assert.deepEqual(readTile(Uint8Array.from(field(3, lines)).buffer).l.features[0].parts, [[[1, 1], [2, 2]], [[-2, 2], [-2, 3]]]);
  assert.deepEqual(readTile(new ArrayBuffer(0)), {});
});
