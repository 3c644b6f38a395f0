/** What the card of an element is put together from. Pure. */

/** @typedef {{id: number, kind: string, type: string, type_name: string, type_name_en: string, code: string | null, name: string | null, simulated: boolean}} Listed */
/** @typedef {{kind: string, source_id: number | null, case_id: number | null, target_id: number}} Tie */
/** @typedef {{elements: {ring: number, element: Listed}[], relations: Tie[]}} Around */
/** @typedef {{id: number, at: string, reason: string, note: string | null, before: Record<string, any>}} Change */

/** Relations in the order in which one asks for them. */
const KINDS = ['lives_in', 'located_in', 'owns', 'rents', 'works_at', 'manages', 'belongs_to', 'responsible_for', 'serves', 'guardian_of'];

/** What is told of earlier states: what somebody has said, not what follows from it. */
export const FIELDS = [
  'name', 'code', 'address', 'type', 'valid_from_on', 'valid_to_on', 'floors', 'floors_below', 'height_m', 'entrance', 'floor', 'room',
  'state', 'department', 'owner', 'custodian', 'filed_on', 'registered_on', 'born_on', 'household_relation', 'legal_basis', 'retain_until_on',
];

/**
 * @param {Around} around
 * @param {number} id of the element in the middle
 * @returns {{kind: string, inward: boolean, elements: Listed[]}[]} what it is tied to, by kind and by who of the two does it
 */
export function tied({ elements, relations }, id) {
  const byId = new Map(elements.map(({ element }) => [element.id, element]));
  const groups = KINDS.flatMap((kind) => [false, true].map((inward) => ({
    kind, inward,
    elements: relations.filter((tie) => tie.kind === kind && (inward ? tie.target_id === id && tie.source_id !== null : tie.source_id === id))
      .flatMap((tie) => byId.get(Number(inward ? tie.source_id : tie.target_id)) ?? []),
  })));
  return groups.filter((group) => group.elements.length > 0);
}

/**
 * @param {Change[]} changes the newest first
 * @param {Record<string, any>} now what is said today
 * @returns {{change: Change, fields: {field: string, before: string | null, after: string | null}[]}[]} what each has changed
 */
export function changed(changes, now) {
  const said = (/** @type {any} */ value) => (value === null || value === undefined ? null : String(value));
  return changes.map((change, i) => {
    const after = i === 0 ? now : changes[i - 1].before;
    const fields = FIELDS.filter((field) => field in change.before && field in after && said(change.before[field]) !== said(after[field]));
    return { change, fields: fields.map((field) => ({ field, before: said(change.before[field]), after: said(after[field]) })) };
  });
}
