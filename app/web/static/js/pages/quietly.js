/** Work beside the page's own questions: what fails leaves the page's banner alone, and is asked again when it is due. */

import { Problem } from '../api/client.js';

/**
 * @param {() => Promise<void>} work
 * @returns {Promise<Problem | null>} why it failed
 */
export async function quietly(work) {
  try {
    await work();
    return null;
  } catch (problem) {
    if (problem instanceof Problem) return problem;
    throw problem;
  }
}
