/** The page's state as the address says it: place, filter, what is opened, layout, theme. Pure. */

import { FILLS, isShare } from './fills.js';
import { sortsOf } from './sorts.js';

/**
 * @typedef {object} PageState
 * @property {{zoom: number, lat: number, lon: number} | null} at
 * @property {'map' | 'list' | ''} lay what comes first; nothing for what one's role begins with
 * @property {string} state
 * @property {string} tab of the queue
 * @property {number | null} step 1 to 5
 * @property {number[]} category
 * @property {number[]} unit
 * @property {string} from
 * @property {string} to
 * @property {string} past the instant as of which all of it is shown, nothing for now
 * @property {number | null} area
 * @property {number | null} case
 * @property {number | null} element whose card is open
 * @property {string} where
 * @property {string} station of a community's two desks the one whose cases are shown, nothing for both
 * @property {string} q words that the cases have to have
 * @property {string} ring corners of a drawn area: `lon,lat;lon,lat;…`
 * @property {string} per only in cells with so many cases: `3-5`, `12-`; with a share in `layer`, of such a value: `0.5-2`, `0-0`, `none`
 * @property {number | null} cls a class of the fill that is shown alone
 * @property {string} layer what fills the cells, one of `FILLS`; nothing where they stay plain
 * @property {string} on day of the staffing, nothing for today
 * @property {string} net the element in the middle of the network view: `cell:12`, nothing where it is closed
 * @property {string} hops `1` for what is next to it alone
 * @property {string} off relations and kinds that are switched off in it, between commas
 * @property {string} els kinds of elements that are drawn, between commas
 * @property {string} marks how cases are drawn: `points`, `heat`, or nothing for clusters
 * @property {number | null} solid how many degrees the raised map is turned; null for the flat one
 * @property {'map' | 'list' | ''} part what a window of its own has been opened for
 * @property {string} join by what the windows of one place to work know each other
 * @property {string} theme
 * @property {string} lang
 */

/** @type {PageState} */
export const DEFAULT = {
  at: null, lay: '', state: 'open', tab: 'all', step: null, category: [], unit: [], from: '', to: '', past: '', area: null, case: null, element: null, where: '',
  station: '', q: '', per: '', ring: '', cls: null, layer: '', on: '', net: '', hops: '', off: '', els: '', marks: '', solid: null, part: '', join: '', theme: '', lang: '',
};

/** 工作站 and 综治站. */
export const STATIONS = ['community_services', 'community_safety'];
export const TABS = ['todo', 'near', 'overdue', 'to_verify', 'supervised', 'followed', 'all'];
const NUMBERS = /** @type {const} */ (['category', 'unit']);
const PLAIN = /** @type {const} */ (['lay', 'step', 'from', 'to', 'past', 'area', 'case', 'element', 'where', 'station', 'q', 'per', 'ring', 'cls', 'layer', 'on', 'net', 'hops', 'off', 'els', 'marks', 'solid', 'part', 'join', 'theme', 'lang']);
const KEY = /^(?:(?:cell|area|case|unit|stretch|campaign|spot|element):[1-9]\d{0,17}|staff:.{1,40})$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const RING = /^-?\d{1,3}(\.\d+)?,-?\d{1,2}(\.\d+)?(;-?\d{1,3}(\.\d+)?,-?\d{1,2}(\.\d+)?){2,199}$/;
const PER_CELL = /^[1-9]\d{0,8}-([1-9]\d{0,8})?$/;
const VALUES = /^(none|\d{1,7}(\.\d{1,6})?-(\d{1,7}(\.\d{1,6})?)?)$/;

/**
 * @param {string} query
 * @returns {PageState} what is there and can be read; all else is as by default
 */
export function parse(query) {
  const given = new URLSearchParams(query);
  const text = (/** @type {string} */ name) => given.get(name) ?? '';
  const whole = (/** @type {string} */ name) => (/^\d{1,16}$/.test(text(name)) ? Number(text(name)) : null);
  const day = (/** @type {string} */ name) => (/^\d{4}-\d\d-\d\d$/.test(text(name)) ? text(name) : '');
  const among = (/** @type {string} */ name, /** @type {string[]} */ known) => (known.includes(text(name)) ? text(name) : '');
  const like = (/** @type {string} */ name, /** @type {RegExp} */ shape) => (shape.test(text(name)) ? text(name) : '');
  const numbers = (/** @type {string} */ name) => text(name).split(',').filter((part) => /^\d+$/.test(part)).map(Number);
  const place = text('at').split('/').map(Number);
  const fits = place.length === 3 && place.every(Number.isFinite) && Math.abs(place[1]) <= 90 && Math.abs(place[2]) <= 180;
  const layer = among('layer', FILLS);
  const step = whole('step');
  const net = like('net', KEY);
  return {
    at: fits ? { zoom: place[0], lat: place[1], lon: place[2] } : null,
    lay: /** @type {PageState['lay']} */ (among('lay', ['map', 'list'])),
    state: text('state') || DEFAULT.state,
    tab: among('tab', TABS) || DEFAULT.tab,
    step: step !== null && step >= 1 && step <= 5 ? step : null,
    category: numbers('category'),
    unit: numbers('unit'),
    from: day('from'),
    to: day('to'),
    past: like('past', INSTANT),
    area: whole('area'),
    case: whole('case'),
    element: whole('element'),
    where: among('where', ['outside', 'unlocated']),
    station: among('station', STATIONS),
    q: text('q').slice(0, 60),
    per: like('per', isShare(layer) ? VALUES : PER_CELL),
    ring: like('ring', RING),
    cls: whole('cls'),
    layer,
    on: layer === 'staffing' ? day('on') : '',
    net,
    hops: net ? among('hops', ['1']) : '',
    off: net ? like('off', /^[a-z_]+(,[a-z_]+)*$/) : '',
    els: sortsOf(text('els')).join(','),
    marks: among('marks', ['points', 'heat']),
    solid: /^-?\d{1,3}$/.test(text('solid')) ? Number(text('solid')) : null,
    part: /** @type {PageState['part']} */ (among('part', ['map', 'list'])),
    join: like('join', /^[0-9a-f]{8}$/),
    theme: among('theme', ['dark', 'light']),
    lang: text('lang'),
  };
}

/** Colons and commas stay as they are, since people read addresses too. */
const plain = (/** @type {string} */ value) => encodeURIComponent(value).replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%3B', ';');

/**
 * @param {PageState} state
 * @returns {string} the shortest query that `parse` reads back to the same state
 */
export function write(state) {
  /** @type {string[]} */
  const parts = [];
  if (state.at) parts.push(`at=${state.at.zoom.toFixed(2)}/${state.at.lat.toFixed(5)}/${state.at.lon.toFixed(5)}`);
  if (state.state !== DEFAULT.state) parts.push(`state=${encodeURIComponent(state.state)}`);
  if (state.tab !== DEFAULT.tab) parts.push(`tab=${state.tab}`);
  for (const name of NUMBERS) if (state[name].length) parts.push(`${name}=${state[name].join(',')}`);
  for (const name of PLAIN) if (state[name] !== '' && state[name] !== null) parts.push(`${name}=${plain(String(state[name]))}`);
  return parts.length ? `?${parts.join('&')}` : '';
}

/**
 * @param {PageState} state
 * @returns {string} the part that the server's filter reads: the same for map, figures and list
 */
export function filterQuery(state) {
  const query = new URLSearchParams();
  query.set('state', state.state);
  if (state.tab !== DEFAULT.tab) query.set('tab', state.tab);
  for (const name of NUMBERS) if (state[name].length) query.set(name, state[name].join(','));
  if (state.step !== null) query.set('step', String(state.step));
  for (const name of /** @type {const} */ (['from', 'to', 'where', 'station', 'q', 'ring'])) if (state[name]) query.set(name, state[name]);
  if (state.past) query.set('as_of', state.past);
  if (state.per && isShare(state.layer)) { query.set('fill', state.layer); query.set('within', state.per); } else if (state.per) query.set('per_cell', state.per);
  // What lies nowhere lies in no area either: whoever looks for it looks everywhere.
  if (state.area !== null && !state.where) query.set('area', String(state.area));
  return query.toString();
}

/**
 * @param {PageState} state
 * @returns {string} the filter, and the share that fills the cells
 */
export function viewQuery(state) {
  const query = new URLSearchParams(filterQuery(state));
  if (isShare(state.layer)) query.set('fill', state.layer);
  return query.toString();
}

/**
 * @param {PageState} state
 * @returns {boolean} whether anything narrows the cases that are shown
 */
export function narrowed(state) {
  return filterQuery({ ...state, area: null, past: '' }) !== filterQuery(DEFAULT);
}
