/** The queue: the map's cases as a list, in the order in which they are due. It is the map for those who do not see it. */

import { element } from '../lib/dom.js';
import { count, moment } from '../lib/format.js';
import { nameOf } from '../lib/names.js';
import { timeOf } from '../lib/urgency.js';
import { t } from '../lib/words.js';
import { mark } from './mark.js';

/**
 * @typedef {object} QueueContext
 * @property {Map<number, any>} categories
 * @property {string} zone
 * @property {string} locale
 * @property {number | null} current
 * @property {(item: any) => void} onOpen
 * @property {() => void} onMore
 * @property {Record<string, number>} figures
 * @property {number | null} total
 * @property {Map<number, number>} moved cases that have moved just now
 */

/** @param {HTMLElement} host */
export function drawWaiting(host) {
  const row = () => element('div', { class: 'case wait', 'aria-hidden': true }, element('div', { class: 'skeleton' }), element('div', { class: 'skeleton' }));
  host.replaceChildren(element('div', { class: 'queue-head' }, element('h2', {}, t('map.queue')), element('span', { class: 'n' }, t('map.loading'))), ...Array.from({ length: 8 }, row));
}

/**
 * @param {HTMLElement} host
 * @param {{items: any[], next: string | null, order: string}} page
 * @param {QueueContext} context
 */
export function drawQueue(host, page, context) {
  const now = new Date();
  const due = page.order === 'due';
  const head = element('div', { class: 'queue-head' }, element('h2', {}, t('map.queue')),
    element('span', { class: 'n' }, context.total === null ? '' : t('map.n_cases', { n: count(context.total) })),
    element('span', { class: 'by' }, t(due ? 'map.by_due' : 'map.by_new')));
  /** @type {Node[]} */
  const rows = [head];
  let group = '';
  for (const item of page.items) {
    const time = timeOf(item, now);
    if (due && time.urgency !== group) {
      group = time.urgency;
      rows.push(element('h3', { class: `group ${group}` }, t(`map.group_${group}`), element('span', {}, groupCount(group, context.figures))));
    }
    rows.push(caseRow(item, time, due, context));
  }
  if (!page.items.length) rows.push(element('div', { class: 'empty' }, element('b', {}, t('map.no_cases')), element('p', {}, t('map.no_cases_hint'))));
  if (page.next) {
    const more = element('button', { type: 'button', class: 'button wide' }, t('map.more'));
    more.addEventListener('click', context.onMore);
    rows.push(element('div', { class: 'more' }, more));
  }
  const held = host.contains(document.activeElement) ? document.activeElement?.getAttribute('data-case') : null;
  host.replaceChildren(...rows);
  // Whoever walks the list by keyboard stays on the case that they were on.
  if (held) /** @type {HTMLElement | null} */ (host.querySelector(`[data-case="${held}"]`))?.focus({ preventScroll: true });
}

/**
 * @param {string} group
 * @param {Record<string, number>} figures
 */
function groupCount(group, figures) {
  if (!figures) return '';
  const n = { overdue: figures.overdue, near: figures.near, paused: figures.suspended }[group];
  return count(n ?? figures.open - figures.overdue - figures.near - figures.suspended);
}

/**
 * @param {any} item
 * @param {{urgency: string, text: string}} time
 * @param {boolean} due
 * @param {QueueContext} context
 */
function caseRow(item, time, due, context) {
  const category = context.categories.get(item.category_id);
  const place = item.cell ? nameOf({ name: item.cell, name_en: item.cell_en }) : t(item.lon === null ? 'map.unlocated' : 'map.outside');
  const row = element('button', {
    type: 'button', class: context.moved.has(item.id) ? 'case moved' : 'case', 'data-case': item.id, 'aria-current': item.id === context.current ? 'true' : null,
  },
  mark(time.urgency),
  element('span', { class: 'what' }, element('b', {}, category ? nameOf(category) : '—'), element('span', { class: 'tag' }, place)),
  element('span', { class: `when ${time.urgency}` }, due ? time.text : moment(item.reported_at, context.zone, context.locale)),
  element('span', { class: 'where' }, item.ref ? element('i', {}, shortRef(item.ref)) : null, item.address ?? t('map.no_address')),
  element('span', { class: 'state' }, t(`state.${item.state}`)));
  row.addEventListener('click', () => context.onOpen(item));
  return row;
}

/** @param {string} ref */
const shortRef = (ref) => (ref.length > 12 ? `…${ref.slice(-7)}` : ref);
