/** Where the triangles of late cases stand, so that they hide no number and no mark. Pure. */

/**
 * @typedef {object} Mark
 * @property {number} x in pixels of the world at this zoom
 * @property {number} y
 * @property {number} count
 */

/** @typedef {{x: number, y: number, w: number, h: number}} Box by its middle and half its sides */

/** As the rules of the look have it: above the middle of a cluster both numbers stay legible. */
const ABOVE = 17;
/** Beyond this nothing is hidden. */
const REACH = 64;

/** @param {number} count @returns {number} radius of a cluster's disc */
export const radiusOf = (count) => (count < 6 ? 13 : count < 15 ? 16 : count < 40 ? 19.5 : count < 1000 ? 23 : 28);

/** @param {number} count @returns {number} of characters that a number is written with */
const letters = (count) => (count < 1000 ? String(count).length : 5);

/** @param {Mark} mark @returns {Box} what must stay legible of a mark that is not late */
const read = ({ x, y, count }) => (count > 1 ? { x, y, w: letters(count) * 4.2 + 1, h: 5.5 } : { x, y, w: 6, h: 6 });

/** @param {number} count @param {number} x @param {number} y @returns {Box} the triangle itself */
const triangle = (count, x, y) => (count > 1 ? { x, y: y - 1, w: 12, h: 12 } : { x, y, w: 9, h: 8 });

/** @param {Box} a @param {Box} b @returns {number} the area that both cover */
const shared = (a, b) => Math.max(0, a.w + b.w - Math.abs(a.x - b.x)) * Math.max(0, a.h + b.h - Math.abs(a.y - b.y));

/**
 * @param {Mark[]} late
 * @param {Mark[]} others clusters and single cases that are not late
 * @returns {[number, number][]} by how many pixels each late mark is moved from where it is
 */
export function apart(late, others) {
  /** @type {Box[]} */ const standing = [];
  const moved = /** @type {[number, number][]} */ (late.map(() => [0, 0]));
  const order = late.map((_, i) => i).sort((a, b) => late[b].count - late[a].count || late[a].y - late[b].y || late[a].x - late[b].x);
  for (const i of order) {
    const mark = late[i];
    const near = others.filter((other) => Math.abs(other.x - mark.x) < REACH && Math.abs(other.y - mark.y) < REACH);
    const boxes = [...near.map(read), ...standing.filter((box) => Math.abs(box.x - mark.x) < 2 * REACH && Math.abs(box.y - mark.y) < 2 * REACH)];
    let [best, least] = [/** @type {[number, number]} */ ([mark.x, mark.y]), Infinity];
    for (const place of places(mark, near)) {
      const box = triangle(mark.count, ...place);
      const hidden = boxes.reduce((sum, other) => sum + shared(box, other), 0);
      if (hidden < least) [best, least] = [place, hidden];
      if (hidden === 0) break;
    }
    standing.push(triangle(mark.count, ...best));
    moved[i] = [Math.round(best[0] - mark.x), Math.round(best[1] - mark.y)];
  }
  return moved;
}

/**
 * @param {Mark} mark
 * @param {Mark[]} near
 * @returns {[number, number][]} where a triangle may stand, the best first: where it is, else about the nearest marks
 */
function places(mark, near) {
  const nearest = [...near].sort((a, b) => Math.hypot(a.x - mark.x, a.y - mark.y) - Math.hypot(b.x - mark.x, b.y - mark.y)).slice(0, 3);
  return [[mark.x, mark.y], ...nearest.flatMap(({ x, y, count }) => {
    const r = count > 1 ? radiusOf(count) : 7;
    const up = Math.max(count > 1 ? ABOVE : 15, (mark.count > 1 ? 12 : 8) + 8);
    return /** @type {[number, number][]} */ ([[x, y - up], [x + r, y - 12], [x - r, y - 12], [x + r + 4, y + 4], [x - r - 4, y + 4], [x, y - r - 10], [x, y + r + 12]]);
  })];
}
