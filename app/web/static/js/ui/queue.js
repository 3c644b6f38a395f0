/** The queue: the map's cases as a list, in the order in which they are due. It is the map for those who do not see it. */

import { element } from '../lib/dom.js';
import { count, moment } from '../lib/format.js';
import { nameOf } from '../lib/names.js';
import { timeOf } from '../lib/urgency.js';
import { t } from '../lib/words.js';
import { mark } from './mark.js';
import { reportDoors } from './report-doors.js';

/**
 * @typedef {object} QueueContext
 * @property {string} zone
 * @property {string} locale
 * @property {number | null} current
 * @property {Date} now the instant that the marks are of
 * @property {(item: any) => void} onOpen
 * @property {() => void} onMore
 * @property {() => void} onExport
 * @property {string} selection what selects these cases, as a query
 * @property {() => void} onWiden
 * @property {boolean} narrowed whether something narrows what is shown
 * @property {Record<string, number>} marks how many of all have each mark
 * @property {Map<number, number>} moved cases that have moved just now
 * @property {{on: boolean, picked: Map<number, any>, pick: (item: any, yes: boolean) => void, toggle: () => void}} batch
 */

/** @type {Record<string, string>} */
const GROUP_OF = { overdue: 'overdue', near: 'near', normal: 'normal', paused: 'paused', closed: 'closed' };
const LAST_DIGITS = 4;

/** @param {HTMLElement} host */
export function drawWaiting(host) {
  const row = () => element('div', { class: 'case wait', 'aria-hidden': true }, element('div', { class: 'skeleton' }), element('div', { class: 'skeleton' }));
  host.replaceChildren(element('div', { class: 'queue-head' }, element('h2', {}, t('map.queue')), element('span', { class: 'n' }, t('map.loading'))), ...Array.from({ length: 8 }, row));
}

/**
 * @param {HTMLElement} host
 * @param {{items: any[], next: string | null, order: string, total: number}} page
 * @param {QueueContext} context
 */
export function drawQueue(host, page, context) {
  const due = page.order === 'due';
  const head = element('div', { class: 'queue-head' }, element('h2', {}, t('map.queue')),
    element('span', { class: 'n' }, t('map.n_cases', { n: count(page.total) })),
    element('span', { class: 'by' }, t(due ? 'map.by_due' : 'map.by_new')), page.total ? exporting(context) : null, ...(page.total ? reportDoors('selection', context.selection, 'tool') : []), picking(context.batch));
  /** @type {Node[]} */
  const rows = [head];
  let group = '';
  for (const item of page.items) {
    const time = timeOf(item, context.now);
    const own = due && item.urgency === 'most' && time.urgency !== 'closed' ? 'most' : GROUP_OF[time.urgency];
    if (due && own !== group) {
      group = own;
      rows.push(element('h3', { class: `group ${group}` }, t(`map.group_${group}`), group === 'most' ? null : element('span', {}, count(context.marks[group] ?? 0))));
    }
    rows.push(caseRow(item, time, due, context));
  }
  if (!page.items.length) rows.push(nothing(context));
  if (page.next) {
    const more = element('button', { type: 'button', class: 'button wide' }, t('map.more'));
    more.addEventListener('click', context.onMore);
    rows.push(element('div', { class: 'more' }, more));
  }
  const held = host.contains(document.activeElement) ? document.activeElement?.getAttribute('data-case') : null;
  const scrolled = host.scrollTop;
  host.replaceChildren(...rows);
  host.scrollTop = scrolled;
  // Whoever walks the list by keyboard stays on the case that they were on.
  if (held) /** @type {HTMLElement | null} */ (host.querySelector(`[data-case="${held}"]`))?.focus({ preventScroll: true });
}

/** @param {QueueContext} context */
function exporting(context) {
  const button = element('button', { type: 'button', class: 'tool', id: 'export', title: t('map.export_long') }, t('map.export'));
  button.addEventListener('click', context.onExport);
  return button;
}

/** @param {QueueContext['batch']} batch */
function picking(batch) {
  const button = element('button', { type: 'button', class: 'tool', id: 'batch-on', 'aria-pressed': String(batch.on), title: `${t('batch.pick')} (X)` }, t('batch.pick'));
  button.addEventListener('click', () => batch.toggle());
  return button;
}

/** @param {QueueContext} context */
function nothing(context) {
  const widen = element('button', { type: 'button', class: 'button' }, t('map.widen'));
  widen.addEventListener('click', context.onWiden);
  return element('div', { class: 'empty' }, element('b', {}, t('map.no_cases')), element('p', {}, t(context.narrowed ? 'map.no_cases_hint' : 'map.no_cases_at_all')), context.narrowed ? widen : null);
}

/**
 * @param {any} item
 * @param {{urgency: string, text: string}} time
 * @param {boolean} due
 * @param {QueueContext} context
 */
function caseRow(item, time, due, context) {
  const what = item.category_en || item.category ? nameOf({ name: item.category, name_en: item.category_en }) : '—';
  const when = due ? time.text : moment(item.reported_at, context.zone, context.locale);
  const row = element('button', {
    type: 'button', class: context.moved.has(item.id) ? 'case moved' : 'case', 'data-case': item.id, 'aria-current': item.id === context.current ? 'true' : null, title: item.condition,
  },
  mark(time.urgency),
  element('span', { class: 'what' }, digits(item), item.urgency && !(due && item.urgency === 'most') ? element('em', { class: `urgent ${item.urgency}` }, t(`map.urgency_${item.urgency}`)) : null, element('b', {}, what)),
  element('span', { class: `when ${time.urgency}` }, when),
  element('span', { class: 'below' }, element('span', { class: 'where' }, placeOf(item), item.address ? ` · ${item.address}` : ''), element('span', { class: 'state' }, ...standing(item))),
  item.file_id ? element('img', { class: 'thumb', src: `/api/v1/files/${item.file_id}/thumbnail`, alt: '', loading: 'lazy', width: 40, height: 40 }) : null);
  if (item.file_id) row.classList.add('has-picture');
  row.addEventListener('click', () => context.onOpen(item));
  if (!context.batch.on) return row;
  const box = /** @type {HTMLInputElement} */ (element('input', { type: 'checkbox', checked: context.batch.picked.has(item.id), 'aria-label': t('batch.pick_one', { name: item.number ?? item.ref ?? item.id }) }));
  box.addEventListener('change', () => context.batch.pick(item, box.checked));
  return element('div', { class: 'case-line' }, element('label', { class: 'case-box' }, box), row);
}

/**
 * @param {any} item
 * @returns {HTMLElement | null} its number, the last digits large: that is how people call it
 */
function digits(item) {
  const said = item.number ?? item.ref;
  if (!said) return null;
  return element('span', { class: 'digits', title: said }, element('span', { class: 'sr' }, said.slice(0, -LAST_DIGITS)), said.slice(-LAST_DIGITS));
}

/**
 * @param {any} item
 * @returns {string} the place in words
 */
export function placeOf(item) {
  if (item.lon === null) return t('map.unlocated');
  if (!item.cell_id) return t('map.outside');
  return [item.parent && nameOf({ name: item.parent, name_en: item.parent_en }), nameOf({ name: item.area, name_en: item.area_en })].filter(Boolean).join(' ');
}

/**
 * @param {any} item
 * @returns {(Node | string)[]} who has it, and what has been asked of it
 */
function standing(item) {
  const unit = item.unit ? nameOf({ name: item.unit, name_en: item.unit_en }) : t(`state.${item.state}`);
  const tags = [];
  if (item.returns) tags.push(t('map.returned_times', { n: item.returns }));
  if (item.extensions) tags.push(t('map.extended_times', { n: item.extensions }));
  if (item.pending.includes('supervision')) tags.push(t('map.supervised'));
  return [...tags.map((tag) => element('i', { class: 'mini' }, tag)), item.handler ? `${unit} ${item.handler}` : unit];
}
