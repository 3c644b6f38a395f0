/** What can fill the cells, each with its classes: cases counted, shares of what stands above and below a line, gaps of staffing. Pure. */

import { breaks, classOf, labels, nice } from './classes.js';
import { GAP_CLASSES, gapClasses } from './gaps.js';

/**
 * @typedef {object} Fill
 * @property {string} layer one of `FILLS`; nothing where the cells stay plain
 * @property {number} blank the class of a cell of which nothing is told
 * @property {() => Map<number, number>} classes of the cells of which something is told
 * @property {() => number[]} ranks the classes as the legend lists them
 * @property {(cls: number) => string} bounds what the cells of a class have, as the filter writes it; empty where it narrows the map alone
 */

/** What a value is: so many times the share, as the server reckons it (`app/cube/rules.py`). @type {Record<string, number>} */
export const SCALE = { rate: 1000, recent: 1000, late: 100, repeated: 100 };

/** All that can fill the cells, rates before counts. */
export const FILLS = [...Object.keys(SCALE), 'cases', 'staffing'];

/** The class of cells of which no value is known; it lies beyond those of the ramp. */
export const NONE = 6;
const STEPS = 5;

/** @param {string} layer */
export const isShare = (layer) => layer in SCALE;

/**
 * In the same order as on the server, so that both draw the line between two classes at one place.
 * @param {string} fill
 * @param {[number, number]} pair above and below
 */
export const valueOf = (fill, [above, below]) => (SCALE[fill] * above) / below;

/**
 * @param {number[]} values
 * @returns {number[]} the lowest value of each class above zero, ascending, at round numbers near the quintiles
 */
export function lowsOf(values) {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  /** @type {number[]} */ const found = [];
  for (let i = 0; i < STEPS; i += 1) {
    const at = sorted[Math.floor((sorted.length * i) / STEPS)];
    const low = at === undefined ? 0 : nice(at);
    if (low > (found.at(-1) ?? 0)) found.push(low);
  }
  return found;
}

/**
 * @param {number} cls
 * @param {number[]} lows
 * @returns {string} what a class holds, as the address and the filter write it
 */
export function boundsOf(cls, lows) {
  if (cls === NONE) return 'none';
  return cls ? `${lows[cls - 1]}-${lows[cls] ?? ''}` : '0-0';
}

/**
 * @param {string} bounds
 * @returns {string} as people write them; nothing for cells without a value
 */
export function spanOf(bounds) {
  if (bounds === 'none') return '';
  const [least, most] = bounds.split('-');
  return !most ? `≥ ${least}` : least === most ? least : `${least}–${most}`;
}

/** Nothing fills the cells, and the marks are seen best. @type {Fill} */
export const PLAIN = { layer: '', blank: 0, classes: () => new Map(), ranks: () => [], bounds: () => '' };

/** How many of the cases that are shown each cell has. @implements {Fill} */
export class CountFill {
  /** @param {Map<number, number>} counts by id of the cell */
  constructor(counts) {
    this.layer = 'cases';
    this.blank = 0;
    this.counts = counts;
    this.lows = breaks([...counts.values()]);
  }

  classes() {
    return new Map([...this.counts].map(([id, n]) => [id, classOf(n, this.lows)]));
  }

  ranks() {
    return labels(this.lows).map((_, cls) => cls);
  }

  /** @param {number} cls */
  bounds(cls) {
    if (!cls) return '';
    return `${this.lows[cls - 1]}-${this.lows[cls] === undefined ? '' : this.lows[cls] - 1}`;
  }
}

/** Whom each cell lacks on a day. @implements {Fill} */
export class GapFill {
  /** @param {{cells: Map<number, import('./gaps.js').Gap>, on: string, known: number}} gaps of a day, and how many cells there were */
  constructor({ cells, on, known }) {
    this.layer = 'staffing';
    this.blank = 0;
    this.gaps = cells;
    this.on = on;
    this.known = known;
  }

  classes() {
    return gapClasses(this.gaps);
  }

  ranks() {
    return GAP_CLASSES;
  }

  /** Whom a cell lacks is no matter of its cases. */
  bounds() {
    return '';
  }
}

/** A share of two numbers of each cell. @implements {Fill} */
export class ShareFill {
  /**
   * @param {string} layer
   * @param {Record<string, [number, number]>} cells above and below, by id of the cell; those without a value are left out
   */
  constructor(layer, cells) {
    this.layer = layer;
    this.blank = NONE;
    /** @type {Map<number, [number, number]>} */ this.pairs = new Map(Object.entries(cells).map(([id, pair]) => [Number(id), pair]));
    this.lows = lowsOf([...this.pairs.values()].map((pair) => valueOf(layer, pair)));
  }

  classes() {
    return new Map([...this.pairs].map(([id, pair]) => [id, classOf(valueOf(this.layer, pair), this.lows)]));
  }

  ranks() {
    return [0, ...this.lows.map((_, i) => i + 1), NONE];
  }

  /** @param {number} cls */
  bounds(cls) {
    // Cells without any of the cases that are shown: nothing would be left to show.
    return !cls && this.layer === 'rate' ? '' : boundsOf(cls, this.lows);
  }
}
