import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundsOf, boxOf, coreOf, fitted, ground, margins, shows, square, tilesOf } from '../../app/web/static/js/lib/inset.js';

const WHOLE = [0.4, 0.4, 0.44, 0.46];
const CORE = [0.402, 0.45, 0.41, 0.458];
const crowd = Array.from({ length: 80 }, (_, i) => [0.403 + (i % 9) * 0.0007, 0.451 + Math.floor(i / 9) * 0.0007]);
const hills = Array.from({ length: 20 }, (_, i) => [0.405 + (i % 4) * 0.008, 0.41 + Math.floor(i / 4) * 0.006]);

test('a place is found again, and a box too', () => {
  const { lon, lat } = ground(square(102.73, 25.06));
  assert.ok(Math.abs(lon - 102.73) < 1e-9 && Math.abs(lat - 25.06) < 1e-9);
  boundsOf(boxOf([102, 25, 103, 26])).forEach((value, i) => assert.ok(Math.abs(value - [102, 25, 103, 26][i]) < 1e-9));
});

test('the core is where cells crowd; cells of one size have none', () => {
  const core = coreOf([...crowd, ...hills], WHOLE);
  assert.ok(core && core[0] >= 0.4 && core[1] > 0.44 && core[2] < 0.412 && core[3] <= 0.46, JSON.stringify(core));
  const even = Array.from({ length: 100 }, (_, i) => [0.4 + (i % 10) * 0.0044, 0.4 + Math.floor(i / 10) * 0.0066]);
  assert.equal(coreOf(even, WHOLE), null);
  assert.equal(coreOf(crowd.slice(0, 10), WHOLE), null);
});

test('beside the district lies the lens, beside the core the district, beside all of a small place nothing', () => {
  assert.equal(shows([0.39, 0.39, 0.45, 0.47], CORE, WHOLE), 'lens');
  assert.equal(shows([0.403, 0.451, 0.408, 0.456], CORE, WHOLE), 'overview');
  assert.equal(shows([0.42, 0.4, 0.44, 0.42], CORE, WHOLE), 'overview', 'in the hills');
  assert.equal(shows([0.39, 0.39, 0.45, 0.47], null, WHOLE), '');
});

test('a box is fitted into the sheet in its middle', () => {
  const { scale, x, y } = fitted([0, 0, 2, 1], 104, 104, 2);
  assert.deepEqual([scale, x, y], [50, 2, 27]);
});

test('few tiles hold the whole, the finest of their number', () => {
  const tiles = tilesOf(boxOf([102.68, 24.97, 103.04, 25.5]), 4);
  assert.ok(tiles.length <= 4 && tiles.every(({ z }) => z === tiles[0].z) && tiles[0].z >= 8);
  const [west, north, east, south] = boxOf([102.68, 24.97, 103.04, 25.5]);
  const n = 2 ** tiles[0].z;
  for (const [px, py] of [[west, north], [east, south]]) assert.ok(tiles.some(({ x, y }) => x === Math.floor(px * n) && y === Math.floor(py * n)));
});

test('the whole lies beside the lens where there is room, and is drawn no smaller for it', () => {
  assert.equal(margins([0, 0, 1, 2], 1000, 700).left, 28 + 214);
  assert.equal(margins([0, 0, 4, 1], 1000, 700).left, 28);
  const { left, right } = margins([0, 0, 1, 1], 860, 700);
  assert.equal(860 - left - right, 644, 'as wide as its height allows');
});
