/** Where marks stand that would lie on others: beside them, as near as there is room. Pure. */

/** @typedef {{x: number, y: number, w: number, h: number}} Box by its middle and half its sides, in pixels */

const BUCKET = 64;
const STEP = 9;
const RINGS = 8;
const TURN = Math.PI * 2;

/** How far marks may be moved, nearest first: eight ways of each ring, the next ring between those of the one before. @type {[number, number][]} */
const PLACES = [[0, 0], ...Array.from({ length: RINGS * 8 }, (_, i) => {
  const ring = Math.floor(i / 8) + 1;
  const angle = ((i % 8) / 8 + (ring % 2) / 16) * TURN;
  return /** @type {[number, number]} */ ([Math.round(ring * STEP * Math.cos(angle)), Math.round(ring * STEP * Math.sin(angle))]);
})];

/** @param {Box} a @param {Box} b @returns {number} the area that both cover */
const shared = (a, b) => Math.max(0, a.w + b.w - Math.abs(a.x - b.x)) * Math.max(0, a.h + b.h - Math.abs(a.y - b.y));

/** What stands already, found by where it is. */
class Standing {
  constructor() {
    /** @type {Map<string, Box[]>} */ this.buckets = new Map();
  }

  /** @param {Box} box @param {(key: string) => void} visit */
  each({ x, y, w, h }, visit) {
    for (let column = Math.floor((x - w) / BUCKET); column <= Math.floor((x + w) / BUCKET); column += 1) {
      for (let row = Math.floor((y - h) / BUCKET); row <= Math.floor((y + h) / BUCKET); row += 1) visit(`${column}/${row}`);
    }
  }

  /** @param {Box} box */
  add(box) {
    this.each(box, (key) => { this.buckets.set(key, [...(this.buckets.get(key) ?? []), box]); });
  }

  /** @param {Box} box @returns {number} how much of what stands there it would hide */
  hidden(box) {
    /** @type {Set<Box>} */ const near = new Set();
    this.each(box, (key) => { for (const other of this.buckets.get(key) ?? []) near.add(other); });
    return [...near].reduce((sum, other) => sum + shared(box, other), 0);
  }
}

/**
 * @param {Box[]} marks those that come first have the better places
 * @param {Box[]} fixed what stays where it is
 * @returns {[number, number][]} by how many pixels each mark is moved
 */
export function beside(marks, fixed) {
  const standing = new Standing();
  for (const box of fixed) standing.add(box);
  return marks.map((mark) => {
    let [best, least] = [PLACES[0], Infinity];
    for (const place of PLACES) {
      const hidden = standing.hidden({ ...mark, x: mark.x + place[0], y: mark.y + place[1] });
      if (hidden < least) [best, least] = [place, hidden];
      if (hidden === 0) break;
    }
    standing.add({ ...mark, x: mark.x + best[0], y: mark.y + best[1] });
    return best;
  });
}
