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
 * @property {string} net the element in the middle of the network view: `cell:12`, nothing where it is closed
 * @property {string} hops `1` for what is next to it alone
 * @property {string} off relations and kinds that are switched off in it, between commas
 * @property {string} theme
 * @property {string} lang
 */

/** @type {PageState} */
export const DEFAULT = {
  at: null, state: 'open', category: [], from: '', to: '', area: null, case: null, where: '', cls: null, layer: '', on: '', net: '', hops: '', off: '', theme: '', lang: '',
};

const KEY = /^(?:(?:cell|area|case|unit|stretch|campaign|spot):[1-9]\d{0,17}|staff:.{1,40})$/;

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
  const net = KEY.test(given.get('net') ?? '') ? given.get('net') ?? '' : '';
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
    net,
    hops: net && given.get('hops') === '1' ? '1' : '',
    off: net && /^[a-z_]+(,[a-z_]+)*$/.test(given.get('off') ?? '') ? given.get('off') ?? '' : '',
    theme: given.get('theme') === 'dark' || given.get('theme') === 'light' ? given.get('theme') ?? '' : '',
    lang: given.get('lang') ?? '',
  };
}

/** Colons and commas stay as they are, since people read addresses too. */
const plain = (/** @type {string} */ value) => encodeURIComponent(value).replaceAll('%3A', ':').replaceAll('%2C', ',');

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
  for (const name of /** @type {const} */ (['from', 'to', 'area', 'case', 'where', 'cls', 'layer', 'on', 'net', 'hops', 'off', 'theme', 'lang'])) {
    if (state[name] !== '' && state[name] !== null) parts.push(`${name}=${plain(String(state[name]))}`);
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
