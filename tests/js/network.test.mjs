import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, neighbours, places, relationCounts, without } from '../../app/web/static/js/lib/network.js';

const node = (key, kind, ring, more = {}) => ({
  key, kind, ring, word: kind, type: null, label: key, label_en: null, code: null, opens: key, count: 1, vacant: 0, cell: null, state: null, due_at: null, lon: null, lat: null, simulated: false, ...more,
});
const tie = (source, target, relation, count = 1) => ({ source, target, relation, role: null, count });
const CELL = { id: 1, level: 'cell', name: '格', name_en: null };

const NET = {
  of: 'cell:1', totals: {}, elements: 6, folded: null,
  nodes: [
    node('cell:1', 'cell', 0, { cell: CELL }), node('staff:a', 'staff', 1), node('vacancy:1:officer', 'staff', 1, { vacant: 1, cell: CELL }),
    node('case:2', 'case', 1, { due_at: '2026-02-02T00:00:00Z', lon: 102.7, lat: 25, cell: CELL }), node('case:1', 'case', 1, { due_at: '2026-01-01T00:00:00Z', cell: CELL }),
    node('unit:1', 'organisation', 2),
  ],
  edges: [
    tie('staff:a', 'cell:1', 'answers'), tie('vacancy:1:officer', 'cell:1', 'answers'), tie('case:2', 'cell:1', 'lies_in'), tie('case:1', 'cell:1', 'lies_in'),
    tie('unit:1', 'case:1', 'handles'), tie('staff:a', 'unit:1', 'works_in'), tie('case:2', 'case:1', 'repeats', 3),
  ],
};
const keys = (found) => found.nodes.map((one) => one.key);

test('a relation that is switched off takes with it what only it led to', () => {
  assert.equal(without(NET, new Set()), NET);
  assert.deepEqual(keys(without(NET, new Set(['answers']))), ['cell:1', 'staff:a', 'case:2', 'case:1', 'unit:1']);
  const left = without(NET, new Set(['answers', 'works_in']));
  assert.deepEqual(keys(left), ['cell:1', 'case:2', 'case:1', 'unit:1']);
  assert.deepEqual(new Set(left.edges.map((edge) => edge.relation)), new Set(['lies_in', 'handles', 'repeats']));
});

test('a kind that is switched off is not walked through, but the middle stays', () => {
  assert.deepEqual(keys(without(NET, new Set(['staff', 'cell']))), ['cell:1', 'case:2', 'case:1', 'unit:1']);
  assert.deepEqual(keys(without(NET, new Set(['staff', 'case']))), ['cell:1']);
});

test('neighbours come kind by kind, the soonest due and the vacant first', () => {
  assert.deepEqual(neighbours(NET, 'cell:1').map(({ node: { key } }) => key), ['case:1', 'case:2', 'vacancy:1:officer', 'staff:a']);
  assert.deepEqual(neighbours(NET, 'case:1').map(({ relations }) => relations), [[{ relation: 'repeats', count: 3 }], [{ relation: 'lies_in', count: 1 }], [{ relation: 'handles', count: 1 }]]);
  assert.deepEqual(neighbours(NET, 'nothing'), []);
});

test('two ties to one element are one row', () => {
  const twice = { ...NET, edges: [...NET.edges, tie('unit:1', 'case:1', 'assists')] };
  const [unit] = neighbours(twice, 'unit:1').filter(({ node: { key } }) => key === 'case:1');
  assert.deepEqual(unit.relations.map(({ relation }) => relation), ['handles', 'assists']);
});

test('relations are counted with what was gathered in them', () => {
  assert.deepEqual(relationCounts(NET), [['lies_in', 2], ['answers', 2], ['handles', 1], ['works_in', 1], ['repeats', 3]]);
});

test('a point lights where it is known, else the area around it, each once', () => {
  assert.deepEqual(places(NET.nodes), { areas: [{ id: 1, level: 'cell' }], points: [[102.7, 25]] });
  assert.deepEqual(places([]), { areas: [], points: [] });
});

test('what the pointer is over on the map lights in the network', () => {
  assert.deepEqual(at(NET.nodes, { area: 1, case: null }), ['cell:1', 'vacancy:1:officer', 'case:2', 'case:1']);
  assert.deepEqual(at(NET.nodes, { area: 1, case: 2 }), ['case:2']);
  assert.deepEqual(at(NET.nodes, { area: null, case: null }), []);
});
