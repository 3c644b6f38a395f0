/** What a cell lacks of the 1+1+1+N, as the classes of a map: the most serious part decides. Pure. */

/** @typedef {{missing: string[], away: number}} Gap */
/** @typedef {'officer' | 'supervisor' | 'inspector' | 'part_time'} Part */

/** The four parts, the most serious first. */
export const PARTS = /** @type {Part[]} */ (['officer', 'supervisor', 'inspector', 'part_time']);

/** Classes as they are listed: no officer, no supervisor or inspector, no part-time, complete. */
export const GAP_CLASSES = [3, 2, 1, 0];

/**
 * @param {string[]} missing
 * @returns {number} one of `GAP_CLASSES`
 */
export function gapClass(missing) {
  if (missing.includes('officer')) return 3;
  if (missing.includes('supervisor') || missing.includes('inspector')) return 2;
  return missing.includes('part_time') ? 1 : 0;
}

/**
 * @param {Map<number, Gap>} gaps by cell
 * @returns {Map<number, number>} the class of each
 */
export function gapClasses(gaps) {
  return new Map([...gaps].map(([id, gap]) => [id, gapClass(gap.missing)]));
}

/**
 * @param {string[]} missing
 * @returns {Part[]} those that are missing, the most serious first
 */
export function lacking(missing) {
  return PARTS.filter((part) => missing.includes(part));
}

/**
 * @param {Gap} gap
 * @returns {boolean} whether the officer is on leave and nobody stands in
 */
export function uncovered(gap) {
  return gap.away > 0 && gap.missing.includes('officer');
}
