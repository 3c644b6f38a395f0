/** The cells that lack somebody on a day, fetched page by page. */

import * as api from '../api/client.js';

/** @typedef {import('../lib/gaps.js').Gap} Gap */

/**
 * @param {string} on a day, or nothing for today
 * @returns {Promise<{on: string, cells: Map<number, Gap>, known: number}>} the day that the server answered for, the gaps by cell, how many cells there were
 */
export async function fetchGaps(on) {
  const cells = /** @type {Map<number, Gap>} */ (new Map());
  let day = on;
  let after = 0;
  let known = 0;
  do {
    const query = new URLSearchParams({ after: String(after) });
    if (day) query.set('on', day);
    const page = await api.gaps(query.toString());
    for (const { id, ...gap } of page.items) cells.set(id, gap);
    day = page.on;
    known = page.cells;
    after = page.next;
  } while (after);
  return { on: day, cells, known };
}
