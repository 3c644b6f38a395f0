/** The one place that asks the server. */

/** The server answered with a problem, or did not answer at all (`status` 0). */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} title
   */
  constructor(status, code, title) {
    super(title || code);
    this.status = status;
    this.code = code;
  }
}

/**
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function get(path, signal) {
  let response;
  try {
    response = await fetch(path, {
      signal, headers: { 'Accept-Language': document.documentElement.lang }, credentials: 'same-origin',
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(0, 'unreachable', '');
  }
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({}));
  throw new Problem(response.status, problem.code ?? 'http_other', problem.title ?? '');
}

export const district = () => get('/api/v1/district');
/** @param {string} query */
export const figures = (query) => get(`/api/v1/figures?${query}`);
/** @param {string} query */
export const counts = (query) => get(`/api/v1/cells/counts?${query}`);
/** @param {string} query */
export const categories = (query) => get(`/api/v1/categories?${query}`);
/** @param {string} query */
export const cases = (query) => get(`/api/v1/cases?${query}`);
/** @param {number} id */
export const oneCase = (id) => get(`/api/v1/cases/${id}`);
/** @param {number} id */
export const area = (id) => get(`/api/v1/areas/${id}`);
/** @param {number} [parent] */
export const areas = (parent) => get(`/api/v1/areas${parent ? `?parent=${parent}` : ''}`);
/**
 * @param {string} words
 * @param {AbortSignal} signal
 */
export const search = (words, signal) => get(`/api/v1/search?q=${encodeURIComponent(words)}`, signal);
