/** What a network's picture and its list are made from. Pure. */

/**
 * @typedef {object} NetNode
 * @property {string} key
 * @property {string} kind
 * @property {string} word
 * @property {{name: string, name_en: string | null} | null} type
 * @property {string} label
 * @property {string | null} label_en
 * @property {string | null} code
 * @property {number} ring
 * @property {string | null} opens
 * @property {number} count
 * @property {number} vacant
 * @property {{id: number, level: string, name: string, name_en: string | null} | null} cell
 * @property {string | null} state
 * @property {string | null} due_at
 * @property {number | null} lon
 * @property {number | null} lat
 * @property {boolean} simulated
 */
/** @typedef {{source: string, target: string, relation: string, role: string | null, count: number}} NetEdge */
/** @typedef {{of: string, nodes: NetNode[], edges: NetEdge[], totals: Record<string, number>, elements: number, folded: string | null}} Network */
/** @typedef {{node: NetNode, relations: {relation: string, count: number}[]}} Neighbour */
/** @typedef {{areas: {id: number, level: string}[], points: [number, number][]}} Lit */

export const KINDS = ['person', 'place', 'case', 'object', 'organisation', 'staff', 'cell'];

/** What one looks at first: what there is to do, then who does it. */
const FIRST = ['case', 'staff', 'cell', 'organisation', 'place', 'object', 'person'];

export const RELATIONS = [
  'lies_in', 'part_of', 'answers', 'handles', 'assists', 'works_in', 'member', 'maintains', 'listed', 'found', 'asked', 'merged', 'repeats', 'split',
  'concerns', 'lives_in', 'located_in', 'owns', 'rents', 'works_at', 'manages', 'belongs_to', 'guardian_of', 'responsible_for', 'serves', 'in_charge',
];

/**
 * @param {Network} found
 * @param {Set<string>} off relations and kinds that are switched off
 * @returns {Network} what is left of it: the middle, and all that can still be reached from it
 */
export function without(found, off) {
  if (!off.size) return found;
  const hidden = new Set(found.nodes.filter((node) => off.has(node.kind) && node.key !== found.of).map((node) => node.key));
  const edges = found.edges.filter((edge) => !off.has(edge.relation) && !hidden.has(edge.source) && !hidden.has(edge.target));
  const beside = besides(edges);
  const reached = new Set([found.of]);
  for (const key of reached) for (const next of beside.get(key) ?? []) reached.add(next); // a set is walked as it grows
  return { ...found, nodes: found.nodes.filter((node) => reached.has(node.key)), edges: edges.filter((edge) => reached.has(edge.source)) };
}

/**
 * @param {NetEdge[]} edges
 * @returns {Map<string, Set<string>>} what each element is tied to
 */
export function besides(edges) {
  /** @type {Map<string, Set<string>>} */
  const found = new Map();
  const add = (/** @type {string} */ one, /** @type {string} */ other) => { found.set(one, (found.get(one) ?? new Set()).add(other)); };
  for (const { source, target } of edges) { add(source, target); add(target, source); }
  return found;
}

/**
 * @param {Network} found
 * @param {string} key
 * @returns {Neighbour[]} what an element is tied to and how, kind by kind, the most pressing cases first
 */
export function neighbours(found, key) {
  const nodes = new Map(found.nodes.map((node) => [node.key, node]));
  /** @type {Map<string, Neighbour>} */
  const met = new Map();
  for (const { source, target, relation, count } of found.edges) {
    const other = source === key ? target : target === key ? source : null;
    const node = other === null ? undefined : nodes.get(other);
    if (!node) continue;
    const known = met.get(node.key) ?? { node, relations: [] };
    known.relations.push({ relation, count });
    met.set(node.key, known);
  }
  const due = (/** @type {NetNode} */ node) => (node.due_at ? Date.parse(node.due_at) : Infinity);
  const order = new Map(found.nodes.map((node, i) => [node.key, i]));
  return [...met.values()].sort((a, b) => FIRST.indexOf(a.node.kind) - FIRST.indexOf(b.node.kind)
    || b.node.vacant - a.node.vacant || (due(a.node) === due(b.node) ? 0 : due(a.node) - due(b.node))
    || (order.get(a.node.key) ?? 0) - (order.get(b.node.key) ?? 0));
}

/**
 * @param {Network} found
 * @returns {[string, number][]} relations that there are, with how often
 */
export function relationCounts(found) {
  const counts = new Map(RELATIONS.map((relation) => [relation, 0]));
  for (const { relation, count } of found.edges) counts.set(relation, (counts.get(relation) ?? 0) + count);
  return [...counts].filter(([, n]) => n > 0);
}

/**
 * @param {NetNode[]} nodes
 * @returns {Lit} where they are on the map, each place once: a point where it is known, else the area around it
 */
export function places(nodes) {
  /** @type {Map<number, {id: number, level: string}>} */
  const areas = new Map();
  /** @type {Map<string, [number, number]>} */
  const points = new Map();
  for (const { lon, lat, cell } of nodes) {
    if (lon !== null && lat !== null) points.set(`${lon},${lat}`, [lon, lat]);
    else if (cell) areas.set(cell.id, { id: cell.id, level: cell.level });
  }
  return { areas: [...areas.values()], points: [...points.values()] };
}

/**
 * @param {NetNode[]} nodes
 * @param {{area: number | null, case: number | null}} under what the pointer is over on the map
 * @returns {string[]} keys of what is there: the case, or all that lies in the cell
 */
export function at(nodes, under) {
  if (under.case !== null) return nodes.filter((node) => node.key === `case:${under.case}`).map((node) => node.key);
  return under.area === null ? [] : nodes.filter((node) => node.cell?.id === under.area).map((node) => node.key);
}
