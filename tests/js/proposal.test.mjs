import assert from 'node:assert/strict';
import test from 'node:test';

import { blocksOf, byCommunity, short, spread, sums } from '../../app/web/static/js/lib/proposal.js';

const cell = (key, community, households, more = {}) => ({ key, community, households, cases: 1, moved: 0, same: true, fits: 'within', ...more });

test('sums count what changes and what is out of bounds', () => {
  const found = sums([cell('b1', 'b', 300), cell('b2', 'b', 700, { same: false, fits: 'above', moved: 40 })]);
  assert.deepEqual(found, { cells: 2, changed: 1, households: 1000, cases: 2, outside: 1, moved: 40, least: 300, most: 700 });
  assert.equal(sums([]).most, 0);
});

test('cells stand by community, in the order of their keys', () => {
  const found = byCommunity([cell('b2', 'b', 1), cell('a+1', 'a', 1), cell('b1', 'b', 1), cell('a1', 'a', 1)]);
  assert.deepEqual([...found].map(([name, rows]) => [name, rows.map((one) => one.key)]), [['a', ['a+1', 'a1']], ['b', ['b1', 'b2']]]);
});

test('a key is said without the code of its community', () => {
  assert.equal(short('530103001001002', '530103001001'), '002');
  assert.equal(short('530103001001+1', '530103001001'), '+1');
  assert.equal(short('Back Bay', 'boston'), 'Back Bay');
});

test('what is out of bounds is marked on the axis', () => {
  const found = spread([{ households: 600 }, { households: 300 }], 300, 500, 600);
  assert.deepEqual(found, [{ x: 0.5, out: false }, { x: 1, out: true }]);
  assert.deepEqual(spread([{ households: 0 }], 0, 1, 0), [{ x: 0, out: false }]);
});

test('the blocks of a cell are found by their numbers', () => {
  assert.deepEqual(blocksOf(['a', 'b', 'a'], 'a'), [0, 2]);
});
