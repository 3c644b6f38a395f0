/** The one place that asks the server. */

/** The server answered with a problem, or did not answer at all (`status` 0). */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} title
   * @param {Record<string, any>} [facts] what else the problem document says
   */
  constructor(status, code, title, facts = {}) {
    super(title || code);
    this.status = status;
    this.code = code;
    this.facts = facts;
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
 * @param {AbortSignal} signal
 * @returns {Promise<string>} the document of a drawing
 */
export const picture = async (path, signal) => (await answered(path, { signal })).text();

/**
 * @param {string} path
 * @param {unknown} content
 * @param {string} [method]
 * @returns {Promise<any>}
 */
export const send = (path, content, method = 'POST') => ask(path, {
  method, body: JSON.stringify(content),
  headers: { 'Content-Type': 'application/json', 'X-CSRFToken': csrf() },
});

/**
 * @param {Blob} file a picture or a film
 * @returns {Promise<any>} what was taken in: its id, and of where and when what the file said
 */
export const takeFile = (file) => ask('/api/v1/files', { method: 'POST', body: file, headers: { 'Content-Type': file.type || 'application/octet-stream', 'X-CSRFToken': csrf() } });

/** Take the token of the session anew: somebody has signed in again in another window. */
export async function renew() {
  const { csrf_token: token } = await get('/api/v1/session');
  document.querySelector('meta[name=csrf-token]')?.setAttribute('content', token);
}

const csrf = () => document.querySelector('meta[name=csrf-token]')?.getAttribute('content') ?? '';

/**
 * @param {string} path
 * @param {RequestInit} options
 */
async function ask(path, options) {
  const response = await answered(path, options);
  return response.status === 204 ? null : response.json();
}

/**
 * @param {string} path
 * @param {RequestInit} options
 * @returns {Promise<Response>} with what was asked for; all else is thrown
 */
async function answered(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...options, headers: { ...headers(), ...options.headers } });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(0, 'unreachable', '');
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new Problem(response.status, problem.code ?? 'http_other', problem.title ?? '', problem);
}

/** How long a picture may be on its way without anything moving. */
const STALLED_MS = 60000;

/**
 * Send a file, with progress, which `fetch` does not tell.
 * @param {File} file
 * @param {(part: number) => void} onProgress
 * @returns {Promise<any>}
 */
export function upload(file, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const lost = () => reject(new Problem(0, 'unreachable', ''));
    let timer = window.setTimeout(() => request.abort(), STALLED_MS);
    request.upload.addEventListener('progress', (event) => {
      clearTimeout(timer);
      timer = window.setTimeout(() => request.abort(), STALLED_MS);
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener('loadend', () => clearTimeout(timer));
    request.addEventListener('error', lost);
    request.addEventListener('abort', lost);
    request.addEventListener('load', () => {
      const told = request.response ?? {};
      if (request.status >= 200 && request.status < 300) resolve(told);
      else reject(new Problem(request.status, told.code ?? 'http_other', told.title ?? '', told));
    });
    request.open('POST', '/api/v1/files');
    request.responseType = 'json';
    for (const [name, value] of Object.entries({ ...headers(), 'X-CSRFToken': csrf() })) request.setRequestHeader(name, value);
    const form = new FormData();
    form.append('file', file);
    request.send(form);
  });
}

/** @param {string} password */
export const unlock = (password) => send('/api/v1/session/unlock', { password });
export const district = () => get('/api/v1/district');
/** @param {string} query */
export const view = (query) => get(`/api/v1/view?${query}`);
/** @param {string} query */
export const viewQueue = (query) => get(`/api/v1/view/queue?${query}`);
/** @param {string} query */
export const period = (query) => get(`/api/v1/evaluation/period?${query}`);
/** @param {string} query */
export const gaps = (query) => get(`/api/v1/staffing/gaps?${query}`);
/** @param {string} query */
export const categories = (query) => get(`/api/v1/categories?${query}`);
/** @param {string} query */
export const cases = (query) => get(`/api/v1/cases?${query}`);
/** @param {number} id */
export const oneCase = (id) => get(`/api/v1/cases/${id}`);
/** @param {number} id */
export const caseSheet = (id) => get(`/api/v1/cases/${id}/sheet`);
/** @param {number} id */
export const caseForms = (id) => get(`/api/v1/cases/${id}/forms`);
/** @param {number} id */
export const callReporter = (id) => send(`/api/v1/cases/${id}/call`, {});
/** @param {number} id */
export const area = (id) => get(`/api/v1/areas/${id}`);
/** @param {number} id @param {string} past an instant, or nothing for now */
export const areaCard = (id, past) => get(`/api/v1/areas/${id}/card${past ? `?as_of=${encodeURIComponent(past)}` : ''}`);
/** @param {string} address of a tile @returns {Promise<ArrayBuffer>} */
export const tile = (address) => answered(address, {}).then((response) => response.arrayBuffer());
/** @param {number} [parent] */
export const areas = (parent) => get(`/api/v1/areas${parent ? `?parent=${parent}` : ''}`);
/** @param {string} query @returns {Promise<Blob>} the list as a table */
export const casesTable = (query) => answered(`/api/v1/view/cases.csv?${query}`, {}).then((response) => response.blob());
/** @param {number} id */
export const oneElement = (id) => get(`/api/v1/elements/${id}`);
/** @param {number} id */
export const elementAround = (id) => get(`/api/v1/elements/${id}/neighbourhood?depth=1`);
/** @param {number} id */
export const elementHistory = (id) => get(`/api/v1/elements/${id}/history?limit=20`);
/** @param {string} query */
export const elements = (query) => get(`/api/v1/elements?${query}`);
/** @param {string} past the instant that is looked at; nothing for now */
export const elementCounts = (past) => get(`/tiles/elements/counts${past ? `?as_of=${encodeURIComponent(past)}` : ''}`);
/** @param {number} id */
export const elementFlats = (id) => get(`/api/v1/elements/${id}/flats`);
/** @param {number} id @param {string} field @param {string} purpose */
export const reveal = (id, field, purpose) => send(`/api/v1/persons/${id}/reveal`, { field, purpose });
/** @param {string} query */
export const network = (query) => get(`/api/v1/network?${query}`);
/**
 * @param {string} words
 * @param {AbortSignal} signal
 */
export const find = (words, signal) => get(`/api/v1/find?q=${encodeURIComponent(words)}`, signal);
/** @param {string} code of somebody at work */
export const callStaff = (code) => send(`/api/v1/staff/${encodeURIComponent(code)}/call`, {});
/** @param {Record<string, any>} content */
export const report = (content) => send('/api/v1/cases', content);
/**
 * @param {number} id
 * @param {{move: string, version: number, client_id: string, given: Record<string, any>}} content
 */
export const move = (id, content) => send(`/api/v1/cases/${id}/moves`, content);
/** @param {number} id @param {boolean} yes */
export const follow = (id, yes) => send(`/api/v1/cases/${id}/follow`, {}, yes ? 'PUT' : 'DELETE');
/** @param {{moves: any[]}} content many moves, each by itself */
export const moves = (content) => send('/api/v1/cases/moves', content);
/** What waits for the one who asks, and what of it is 特急. */
export const waiting = () => get('/api/v1/view/waiting');
export const command = () => get('/api/v1/screens/command');
export const spotCheck = () => get('/api/v1/screens/spot-check');
export const shift = () => get('/api/v1/duty');
/** @param {number | null} unit */
export const goOnDuty = (unit) => send('/api/v1/duty/on', { unit });
export const goOffDuty = () => send('/api/v1/duty/off', {});
/** A wall waits no longer than that for what it asks again in a moment. */
const SOON_MS = 8000;
export const wallSetting = () => get('/api/v1/wall/setting', AbortSignal.timeout(SOON_MS));
export const wall = () => get('/api/v1/wall', AbortSignal.timeout(2 * SOON_MS));
/** @param {number} id all places of a campaign: its list ends at 2,000 */
export const campaignPlaces = (id) => get(`/api/v1/campaigns/${id}/places?limit=2000`);
/**
 * @param {number} campaign
 * @param {number} place
 * @param {{client_id: string, outcome: 'clear' | 'found', description?: string, files?: number[]}} content
 */
export const visitPlace = (campaign, place, content) => send(`/api/v1/campaigns/${campaign}/places/${place}/visits`, content);
