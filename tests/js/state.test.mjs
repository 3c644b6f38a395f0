import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT, filterQuery, parse, write } from '../../app/web/static/js/lib/state.js';

const FULL = {
  ...DEFAULT, at: { zoom: 13.5, lat: 25.066, lon: 102.725 }, state: 'closed', category: [3, 7], from: '2026-01-01', to: '2026-02-01',
  area: 12, case: 2 ** 45, where: 'outside', cls: 1, layer: 'staffing', on: '2026-06-01', marks: 'heat', solid: -20, theme: 'dark', lang: 'en',
};

test('an address is read back to the state that wrote it', () => {
  assert.deepEqual(parse(write(FULL)), FULL);
  assert.deepEqual(parse(write(DEFAULT)), DEFAULT);
});

test('the plain state has the plain address', () => assert.equal(write(DEFAULT), ''));

test('what an address says wrongly is left at its default', () => {
  const wrong = '?at=1/91/0&category=a,3,-1&from=2026-1-1&area=x&case=1e9&where=here&theme=pink&cls=&layer=heat&on=2026-06-01&marks=hot&solid=x';
  assert.deepEqual(parse(wrong), { ...DEFAULT, category: [3] });
});

test('the staffing layer is in the address, its day only with it', () => {
  assert.equal(write({ ...DEFAULT, layer: 'staffing' }), '?layer=staffing');
  assert.deepEqual(parse('?layer=staffing&on=2026-06-01'), { ...DEFAULT, layer: 'staffing', on: '2026-06-01' });
  assert.deepEqual(parse('?on=2026-06-01'), DEFAULT);
});

test('the filter is all that the server needs, and no more', () => {
  assert.equal(filterQuery(FULL), 'state=closed&category=3%2C7&from=2026-01-01&to=2026-02-01');
  assert.equal(filterQuery(DEFAULT), 'state=open');
});

test('the raised map is raised even where it is not turned', () => assert.equal(parse(write({ ...DEFAULT, solid: 0 })).solid, 0));
