/** Which labels are written where not all find room: they never lie on each other, nor on a mark. Pure. */

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */
/** @typedef {{key: string, box: Box, rank: number}} Label */

const meet = (/** @type {Box} */ a, /** @type {Box} */ b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/**
 * @param {Label[]} labels the lowest rank is written first, rank 0 whatever lies there
 * @param {{key: string, box: Box}[]} marks what no label may cover but its own
 * @returns {Set<string>} keys of those that are written
 */
export function declutter(labels, marks) {
  const sorted = labels.map((label, i) => ({ label, i })).sort((a, b) => a.label.rank - b.label.rank || a.i - b.i);
  /** @type {Box[]} */
  const written = [];
  /** @type {Set<string>} */
  const found = new Set();
  for (const { label: { key, box, rank } } of sorted) {
    const free = !written.some((other) => meet(box, other)) && !marks.some((mark) => mark.key !== key && meet(box, mark.box));
    if (rank && !free) continue;
    written.push(box);
    found.add(key);
  }
  return found;
}
