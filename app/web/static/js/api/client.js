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

let touched = Date.now();
for (const event of ['keydown', 'pointerdown', 'pointermove', 'wheel']) {
  addEventListener(event, () => { touched = Date.now(); }, { capture: true, passive: true });
}

/** @returns {Record<string, string>} headers of every question: the language, and for how long nobody has touched the page */
export function headers() {
  return { 'Accept-Language': document.documentElement.lang, 'X-Panlong-Idle': String(Math.floor((Date.now() - touched) / 1000)) };
}

/**
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export const get = (path, signal) => ask(path, { signal });

/**
 * @param {string} path
 * @param {unknown} content
 * @param {string} [method]
 * @returns {Promise<any>}
 */
export const send = (path, content, method = 'POST') => ask(path, {
  method, body: JSON.stringify(content),
  headers: { 'Content-Type': 'application/json', 'X-CSRFToken': document.querySelector('meta[name=csrf-token]')?.getAttribute('content') ?? '' },
});

/**
 * @param {string} path
 * @param {RequestInit} options
 */
async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...options, headers: { ...headers(), ...options.headers } });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(0, 'unreachable', '');
  }
  if (response.ok) return response.status === 204 ? null : response.json();
  const problem = await response.json().catch(() => ({}));
  throw new Problem(response.status, problem.code ?? 'http_other', problem.title ?? '');
}

/** @param {string} password */
export const unlock = (password) => send('/api/v1/session/unlock', { password });
export const district = () => get('/api/v1/district');
/** @param {string} query */
export const figures = (query) => get(`/api/v1/figures?${query}`);
/** @param {string} query */
export const counts = (query) => get(`/api/v1/cells/counts?${query}`);
/** @param {string} query */
export const gaps = (query) => get(`/api/v1/staffing/gaps?${query}`);
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
