import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GAP_CLASSES, gapClass, gapClasses, lacking, uncovered } from '../../app/web/static/js/lib/gaps.js';

test('the most serious part that is missing decides', () => {
  assert.equal(gapClass([]), 0);
  assert.equal(gapClass(['part_time']), 1);
  assert.equal(gapClass(['inspector', 'part_time']), 2);
  assert.equal(gapClass(['supervisor']), 2);
  assert.equal(gapClass(['inspector', 'supervisor', 'officer', 'part_time']), 3);
});

test('every class is listed once, the most serious first', () => assert.deepEqual(GAP_CLASSES, [3, 2, 1, 0]));

test('each cell has its class', () => {
  const gaps = new Map([[7, { missing: ['officer'], away: 1 }], [9, { missing: ['part_time'], away: 0 }]]);
  assert.deepEqual([...gapClasses(gaps)], [[7, 3], [9, 1]]);
});

test('parts are said in the order of their weight', () => {
  assert.deepEqual(lacking(['inspector', 'officer', 'part_time']), ['officer', 'inspector', 'part_time']);
});

test('an officer on leave is uncovered only where nobody stands in', () => {
  assert.equal(uncovered({ missing: ['officer'], away: 1 }), true);
  assert.equal(uncovered({ missing: ['part_time'], away: 1 }), false);
  assert.equal(uncovered({ missing: ['officer'], away: 0 }), false);
});
