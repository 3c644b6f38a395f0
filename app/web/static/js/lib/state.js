/** All that the address says: place, filter, what is opened, theme. Pure. */

/**
 * @typedef {object} PageState
 * @property {{zoom: number, lat: number, lon: number} | null} at
 * @property {string} state
 * @property {number[]} category
 * @property {string} from
 * @property {string} to
 * @property {number | null} area
 * @property {number | null} case
 * @property {string} where
 * @property {number | null} cls
 * @property {string} layer what fills the cells: `staffing`, or nothing for the cases
 * @property {string} on the day of the staffing, nothing for today
 * @property {string} marks how cases are drawn: `points`, `heat`, or nothing for clusters
 * @property {number | null} solid how many degrees the raised map is turned; null for the flat one
 * @property {string} theme
 * @property {string} lang
 */

/** @type {PageState} */
export const DEFAULT = {
  at: null, state: 'open', category: [], from: '', to: '', area: null, case: null, where: '', cls: null, layer: '', on: '', marks: '', solid: null, theme: '', lang: '',
};

/**
 * @param {string} query
 * @returns {PageState}
 */
export function parse(query) {
  const given = new URLSearchParams(query);
  const whole = (/** @type {string} */ name) => (/^\d{1,16}$/.test(given.get(name) ?? '') ? Number(given.get(name)) : null);
  const day = (/** @type {string} */ name) => (/^\d{4}-\d\d-\d\d$/.test(given.get(name) ?? '') ? given.get(name) ?? '' : '');
  const place = (given.get('at') ?? '').split('/').map(Number);
  const fits = place.length === 3 && place.every(Number.isFinite) && Math.abs(place[1]) <= 90 && Math.abs(place[2]) <= 180;
  const layer = given.get('layer') === 'staffing' ? 'staffing' : '';
  return {
    at: fits ? { zoom: place[0], lat: place[1], lon: place[2] } : null,
    state: given.get('state') || DEFAULT.state,
    category: (given.get('category') ?? '').split(',').filter((part) => /^\d+$/.test(part)).map(Number),
    from: day('from'),
    to: day('to'),
    area: whole('area'),
    case: whole('case'),
    where: ['outside', 'unlocated'].includes(given.get('where') ?? '') ? given.get('where') ?? '' : '',
    cls: whole('cls'),
    layer,
    on: layer ? day('on') : '',
    marks: ['points', 'heat'].includes(given.get('marks') ?? '') ? given.get('marks') ?? '' : '',
    solid: /^-?\d{1,3}$/.test(given.get('solid') ?? '') ? Number(given.get('solid')) : null,
    theme: given.get('theme') === 'dark' || given.get('theme') === 'light' ? given.get('theme') ?? '' : '',
    lang: given.get('lang') ?? '',
  };
}

/**
 * @param {PageState} state
 * @returns {string} the shortest query that `parse` reads back to the same state
 */
export function write(state) {
  /** @type {string[]} */
  const parts = [];
  if (state.at) parts.push(`at=${state.at.zoom.toFixed(2)}/${state.at.lat.toFixed(5)}/${state.at.lon.toFixed(5)}`);
  if (state.state !== DEFAULT.state) parts.push(`state=${encodeURIComponent(state.state)}`);
  if (state.category.length) parts.push(`category=${state.category.join(',')}`);
  for (const name of /** @type {const} */ (['from', 'to', 'area', 'case', 'where', 'cls', 'layer', 'on', 'marks', 'solid', 'theme', 'lang'])) {
    if (state[name] !== '' && state[name] !== null) parts.push(`${name}=${encodeURIComponent(String(state[name]))}`);
  }
  return parts.length ? `?${parts.join('&')}` : '';
}

/**
 * @param {PageState} state
 * @returns {string} the part that the server's filter reads
 */
export function filterQuery(state) {
  const query = new URLSearchParams();
  query.set('state', state.state);
  if (state.category.length) query.set('category', state.category.join(','));
  if (state.from) query.set('from', state.from);
  if (state.to) query.set('to', state.to);
  return query.toString();
}
