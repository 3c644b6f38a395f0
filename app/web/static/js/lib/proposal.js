/** A proposal's figures, worked out of what the server told: pure, so that it can be tried without a browser. */

/** @typedef {{key: string, community: string, community_name: string, community_name_en: string | null, same: boolean, was: string | null, name: string | null, name_en: string | null, code: string | null, fits: string, households: number, buildings: number, cases: number, area_m2: number, compactness: number, moved: number, lon: number, lat: number}} Cell */

/** How each cell that is out of bounds is marked, beside its word. @type {Record<string, string>} */
export const MARKS = { above: '▲', below: '▼', within: '' };

/**
 * @param {string} key of a cell
 * @param {string} community
 * @returns {string} what of it differs within a community
 */
export const short = (key, community) => (key.startsWith(community) && key.length > community.length ? key.slice(community.length) : key);

/**
 * @param {Cell[]} cells
 * @returns {{cells: number, changed: number, households: number, cases: number, outside: number, moved: number, least: number, most: number}}
 */
export function sums(cells) {
  const many = cells.map((cell) => cell.households);
  return {
    cells: cells.length,
    changed: cells.filter((cell) => !cell.same).length,
    households: many.reduce((sum, one) => sum + one, 0),
    cases: cells.reduce((sum, cell) => sum + cell.cases, 0),
    outside: cells.filter((cell) => cell.fits !== 'within').length,
    moved: cells.reduce((sum, cell) => sum + cell.moved, 0),
    least: cells.length ? Math.min(...many) : 0,
    most: cells.length ? Math.max(...many) : 0,
  };
}

/**
 * @param {Cell[]} cells
 * @returns {Map<string, Cell[]>} by community, in the order of their keys
 */
export function byCommunity(cells) {
  /** @type {Map<string, Cell[]>} */
  const found = new Map();
  for (const cell of [...cells].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    const family = found.get(cell.community) ?? [];
    family.push(cell);
    found.set(cell.community, family);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * @param {{households: number}[]} rows
 * @param {number} least
 * @param {number} most
 * @param {number} top the right end of the axis
 * @returns {{x: number, out: boolean}[]} where each stands between 0 and 1, the smallest first
 */
export function spread(rows, least, most, top) {
  return rows.map(({ households }) => ({ x: top ? households / top : 0, out: households < least || households > most })).sort((a, b) => a.x - b.x);
}

/**
 * @param {string[]} ofBlock the key of the cell of each block
 * @param {string} key
 * @returns {number[]} numbers of the blocks of a cell
 */
export const blocksOf = (ofBlock, key) => ofBlock.flatMap((one, no) => (one === key ? [no] : []));
