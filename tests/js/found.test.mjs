import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goal, listed, nearBy, soughtBy, whereabouts } from '../../app/web/static/js/lib/found.js';

const NOTHING = { areas: [], cases: [], units: [], staff: [], sites: [], organisations: [], objects: [], places: [] };
const CELL = { id: 3, kind: 'cell', code: '530103001001002', name: '网格002' };
const CASES = [{ id: 7, number: 'PL2611230042', ref: null }, { id: 8, number: 'PL2611230142', ref: 'X-9' }, { id: 9, number: null, ref: 'X-0042' }];

test('a code leads to what has it, and to nothing that only begins with it', () => {
  const answer = { ...NOTHING, areas: [{ ...CELL, id: 2, code: '5301030010010021' }, CELL], cases: CASES };
  assert.equal(goal(answer, ' 530103001001002 ')?.item.id, 3);
  assert.equal(goal(answer, 'pl2611230142')?.item.id, 8);
  assert.equal(goal(answer, 'x-9')?.item.id, 8);
  assert.equal(goal(answer, '53010300'), null);
  assert.equal(goal(NOTHING, '1'), null);
});

test('four last digits lead to a case where only one has them', () => {
  assert.equal(goal({ ...NOTHING, cases: CASES }, '0142')?.item.id, 8);
  assert.equal(goal({ ...NOTHING, cases: CASES }, '0042'), null);
  assert.equal(goal({ ...NOTHING, cases: CASES }, '142'), null);
});

test('groups stand in their order, empty ones left out, telephones after what they belong to', () => {
  const answer = { ...NOTHING, places: [{ id: 1 }], units: [{ id: 4, day_phone: '087165000000', night_phone: null }], staff: [{ code: 'P1', work_phone: true, posts: [] }] };
  assert.deepEqual(listed(answer, true).map(({ group, rows }) => [group, rows[0].map(({ does }) => does)]),
    [['units', ['open', 'day']], ['staff', ['open', 'call']], ['places', ['open']]]);
  assert.deepEqual(listed(answer, false)[1].rows[0].map(({ does }) => does), ['open']);
});

test('somebody is found at their cell, else at the area of their post, else at their unit', () => {
  const post = (/** @type {any} */ more) => ({ area_id: null, level: null, unit_id: null, ...more });
  assert.deepEqual(whereabouts({ posts: [post({ area_id: 3, level: 'cell' }), post({ unit_id: 1 })] }), { area: 3 });
  assert.deepEqual(whereabouts({ posts: [post({ unit_id: 1, area_id: 9, level: 'district' })] }), { unit: 1 });
  assert.equal(whereabouts({ posts: [] }), null);
});

test('in a community its cells are called by their number', () => {
  const path = [{ level: 'district', code: '530103' }, { level: 'community', code: '530103001001' }];
  assert.equal(nearBy('3', path), '530103001001003');
  assert.equal(nearBy('012', [...path, { level: 'cell', code: '530103001001001' }]), '530103001001012');
  assert.equal(nearBy('3', path.slice(0, 1)), '');
  assert.equal(nearBy('0042', path), '');
});

test('what is typed says by what a resident would be looked for', () => {
  assert.equal(soughtBy('530199 19500101 001x'), 'identity');
  assert.equal(soughtBy('+86 138-0000-0000'), 'phone');
  assert.equal(soughtBy('王秀'), 'name');
  assert.equal(soughtBy('91530103MA6K000001'), 'name', 'a credit code is no identity number');
  assert.equal(soughtBy('530103001001002'), 'name', 'nor is the code of a cell');
});
