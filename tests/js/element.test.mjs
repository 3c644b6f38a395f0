import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changed, tied } from '../../app/web/static/js/lib/element.js';

const listed = (/** @type {number} */ id) => ({ id, kind: 'person', type: 'resident', type_name: '居民', type_name_en: 'Resident', code: null, name: null, simulated: true });
const around = (/** @type {number[]} */ ids, /** @type {any[]} */ relations) => ({ elements: ids.map((id) => ({ ring: 1, element: listed(id) })), relations });

test('relations stand by kind and by who of the two does it, cases and what is out of sight left out', () => {
  const found = tied(around([1, 2, 3], [
    { kind: 'owns', source_id: 2, case_id: null, target_id: 1 }, { kind: 'lives_in', source_id: 3, case_id: null, target_id: 1 },
    { kind: 'owns', source_id: 1, case_id: null, target_id: 3 }, { kind: 'concerns', source_id: null, case_id: 8, target_id: 1 },
    { kind: 'serves', source_id: 9, case_id: null, target_id: 1 },
  ]), 1);
  assert.deepEqual(found.map(({ kind, inward, elements }) => [kind, inward, elements.map(({ id }) => id)]),
    [['lives_in', true, [3]], ['owns', false, [3]], ['owns', true, [2]]]);
});

test('each change says what it made of what there was, the last of what there is now', () => {
  const change = (/** @type {number} */ id, /** @type {Record<string, any>} */ before) => ({ id, at: '2026-01-01T00:00:00Z', reason: 'edited', note: null, before });
  const found = changed([change(2, { name: 'B', floors: 6, area_no: 1 }), change(1, { name: 'A', floors: null, area_no: 2 })], { name: 'B', floors: 7, area_no: 1 });
  assert.deepEqual(found.map(({ fields }) => fields), [
    [{ field: 'floors', before: '6', after: '7' }],
    [{ field: 'name', before: 'A', after: 'B' }, { field: 'floors', before: null, after: '6' }],
  ]);
});

test('what is not told is not called changed', () => assert.deepEqual(changed([{ id: 1, at: '', reason: 'edited', note: null, before: {} }], { name: 'A' })[0].fields, []));
