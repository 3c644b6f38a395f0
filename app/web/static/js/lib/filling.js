/** The cells of a scope as a fill paints them, how many there are in each class, and which class is shown alone. Pure. */

import { GapFill } from './fills.js';

/** @typedef {import('./fills.js').Fill} Fill */
/** @typedef {Set<number> | null} Scope ids of the cells that are looked at; null for all */

/**
 * @param {Fill} fill
 * @param {Scope} scope
 * @param {number} cells how many there are in the scope
 * @returns {number[]} cells in each class, by the class
 */
export function histogram(fill, scope, cells) {
  const found = new Array(Math.max(0, ...fill.ranks()) + 1).fill(0);
  let told = 0;
  for (const [id, own] of fill.classes()) {
    if (scope && !scope.has(id)) continue;
    found[own] += 1;
    told += 1;
  }
  // On a day before the first grid there were no cells.
  const all = fill instanceof GapFill ? (fill.known ? scope?.size ?? fill.known : 0) : cells;
  found[fill.blank] += all - told;
  return found;
}

/**
 * @param {Fill} fill
 * @param {Scope} scope
 * @param {number | null} cls the class that is shown alone
 * @param {Iterable<number>} cells all that are drawn
 * @returns {Map<number, {class: number, faded: boolean, outside: boolean}>} those that are not plain
 */
export function paint(fill, scope, cls, cells) {
  const states = new Map();
  const classes = fill.classes();
  for (const id of new Set([...cells, ...classes.keys()])) {
    const own = classes.get(id) ?? fill.blank;
    const state = { class: own, faded: cls !== null && own !== cls, outside: scope !== null && !scope.has(id) };
    if (own !== fill.blank || state.faded || state.outside) states.set(id, state);
  }
  return states;
}

/**
 * @param {Fill} fill
 * @param {number | null} cls a class that was pressed in the legend; null where it is let go
 * @returns {{per: string, cls: number | null}} what of the address follows from it
 */
export function pressing(fill, cls) {
  const per = cls === null ? '' : fill.bounds(cls);
  return { per, cls: per ? null : cls };
}

/**
 * @param {Fill} fill
 * @param {{per: string, cls: number | null}} state
 * @returns {number | null} the class that is shown alone
 */
export function pressedOf(fill, { per, cls }) {
  return per ? fill.ranks().find((rank) => fill.bounds(rank) === per) ?? null : cls;
}
