import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT, filterQuery, narrowed, parse, write } from '../../app/web/static/js/lib/state.js';

const FULL = {
  ...DEFAULT, at: { zoom: 13.5, lat: 25.066, lon: 102.725 }, state: 'closed', category: [3, 7], from: '2026-01-01', to: '2026-02-01',
  area: 12, case: 2 ** 45, element: 2 ** 44, where: 'outside', cls: 1, lay: 'list', tab: 'overdue', step: 3, unit: [4], past: '2026-05-01T02:03:04Z', station: 'community_safety', q: '井盖', per: '3-5', ring: '102.7,25;102.8,25;102.8,25.1',
  net: 'staff:李, 3', hops: '1', off: 'part_of,case', layer: 'staffing', on: '2026-06-01', marks: 'heat', solid: -20, part: 'list', join: '0a1b2c3d', theme: 'dark', lang: 'en',
};

test('an address is read back to the state that wrote it', () => {
  assert.deepEqual(parse(write(FULL)), FULL);
  assert.deepEqual(parse(write(DEFAULT)), DEFAULT);
});

test('the plain state has the plain address', () => assert.equal(write(DEFAULT), ''));

test('what an address says wrongly is left at its default', () => {
  const wrong = '?at=1/91/0&category=a,3,-1&from=2026-1-1&area=x&case=1e9&where=here&theme=pink&cls=&layer=heat&on=2026-06-01&lay=wall&tab=mine&station=fire&step=6&past=now&per=5&marks=hot&solid=x&part=case&join=me';
  assert.deepEqual(parse(wrong), { ...DEFAULT, category: [3] });
});

test('the staffing layer is in the address, its day only with it', () => {
  assert.equal(write({ ...DEFAULT, layer: 'staffing' }), '?layer=staffing');
  assert.deepEqual(parse('?layer=staffing&on=2026-06-01'), { ...DEFAULT, layer: 'staffing', on: '2026-06-01' });
  assert.deepEqual(parse('?on=2026-06-01'), DEFAULT);
});

test('the filter is all that the server needs, and no more', () => {
  const asked = Object.fromEntries(new URLSearchParams(filterQuery(FULL)));
  assert.deepEqual(asked, {
    state: 'closed', tab: 'overdue', category: '3,7', unit: '4', step: '3', from: '2026-01-01', to: '2026-02-01', where: 'outside', station: 'community_safety', q: '井盖',
    as_of: '2026-05-01T02:03:04Z', per_cell: '3-5', ring: '102.7,25;102.8,25;102.8,25.1',
  });
  assert.equal(filterQuery({ ...DEFAULT, area: 7 }), 'state=open&area=7');
  assert.equal(narrowed({ ...DEFAULT, area: 7, past: '2026-05-01T02:03:04Z' }), false);
  assert.equal(narrowed({ ...DEFAULT, step: 2 }), true);
  assert.equal(filterQuery(DEFAULT), 'state=open');
});

test('the network view is in the address as people write it, and its choices only with it', () => {
  assert.equal(write({ ...DEFAULT, net: 'cell:12' }), '?net=cell:12');
  assert.equal(write({ ...DEFAULT, net: 'case:7', hops: '1', off: 'answers,staff' }), '?net=case:7&hops=1&off=answers,staff');
  assert.deepEqual(parse('?hops=1&off=answers'), DEFAULT);
  for (const wrong of ['house:1', 'cell:', 'cell:0', 'cell:1x', 'staff:', 'group:case:1']) assert.deepEqual(parse(`?net=${wrong}`), DEFAULT);
  assert.equal(parse('?net=cell:12&off=Answers').off, '');
  assert.equal(parse('?net=element:9').net, 'element:9');
});

test('the raised map is raised even where it is not turned', () => assert.equal(parse(write({ ...DEFAULT, solid: 0 })).solid, 0));
