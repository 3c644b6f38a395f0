/** Filters by state, by category, by time. */

import { element } from '../lib/dom.js';
import { day } from '../lib/format.js';
import { nameOf } from '../lib/names.js';
import { t } from '../lib/words.js';
import { pickCategories } from './categories.js';

const STATES = ['reported', 'confirming', 'registered', 'dispatched', 'handling', 'suspended', 'handled'];
const ENDS = ['closed', 'archived', 'declined', 'void', 'merged'];
/** @type {Record<string, number>} */
const SPANS = { today: 0, week: 6, month: 29, year: 364 };

/** @typedef {import('../lib/state.js').PageState} PageState */

/**
 * @param {string} label
 * @param {HTMLElement} control
 */
const field = (label, control) => element('label', { class: 'field' }, label, control);

/**
 * @param {string} value
 * @param {string} text
 * @param {string} chosen
 */
const option = (value, text, chosen) => element('option', { value, selected: value === chosen }, text);

/**
 * @param {PageState} state
 * @param {string} zone
 * @param {Date} now
 * @returns {string} the span of time that the state's days are, or "days" for any others
 */
export function spanOf(state, zone, now) {
  if (!state.from && !state.to) return 'ever';
  const today = day(now, zone);
  const found = Object.keys(SPANS).find((name) => state.from === day(now, zone, SPANS[name]) && (!state.to || state.to === today));
  return found ?? 'days';
}

/**
 * @param {HTMLElement} host
 * @param {PageState} state
 * @param {any[]} categories with their counts
 * @param {string} zone
 * @param {(patch: Partial<PageState>) => void} onChange
 */
export function drawFilters(host, state, categories, zone, onChange) {
  const now = new Date();
  const states = element('select', { id: 'filter-state' },
    option('open', t('map.state_open'), state.state), option('overdue', t('map.overdue'), state.state), option('near', t('map.near'), state.state),
    element('optgroup', { label: t('map.states_open') }, ...STATES.map((s) => option(s, t(`state.${s}`), state.state))),
    option('closed', t('map.state_closed'), state.state),
    element('optgroup', { label: t('map.states_closed') }, ...ENDS.map((s) => option(s, t(`state.${s}`), state.state))),
    option('all', t('map.state_all'), state.state));
  states.addEventListener('change', () => onChange({ state: /** @type {HTMLSelectElement} */ (states).value }));

  const span = spanOf(state, zone, now);
  const spans = element('select', { id: 'filter-span' }, ...['ever', ...Object.keys(SPANS), 'days'].map((name) => option(name, t(`map.span_${name}`), span)));
  spans.addEventListener('change', () => {
    const name = /** @type {HTMLSelectElement} */ (spans).value;
    if (name === 'ever') onChange({ from: '', to: '' });
    else if (name === 'days') onChange({ from: state.from || day(now, zone, 29), to: state.to || day(now, zone, 1) });
    else onChange({ from: day(now, zone, SPANS[name]), to: '' });
  });

  const chosen = categories.filter((category) => state.category.includes(category.id));
  const picked = chosen.length === 0 ? t('map.every_category', { n: categories.length }) : chosen.length === 1 ? nameOf(chosen[0]) : t('map.n_categories', { n: chosen.length });
  const pick = element('button', { type: 'button', class: 'button wide', id: 'filter-category', 'aria-haspopup': 'dialog' }, picked);
  pick.addEventListener('click', () => pickCategories(categories, state.category, (ids) => onChange({ category: ids })));

  host.replaceChildren(field(t('map.state'), states), element('div', { class: 'field' }, t('map.category'), pick), field(t('map.time'), spans),
    ...(span === 'days' ? [days(state, onChange)] : []));
}

/**
 * @param {PageState} state
 * @param {(patch: Partial<PageState>) => void} onChange
 */
function days(state, onChange) {
  const input = (/** @type {'from' | 'to'} */ name) => {
    const control = element('input', { type: 'date', value: state[name], id: `filter-${name}` });
    control.addEventListener('change', () => onChange({ [name]: /** @type {HTMLInputElement} */ (control).value }));
    return field(t(`map.${name}`), control);
  };
  return element('div', { class: 'days' }, input('from'), input('to'));
}
