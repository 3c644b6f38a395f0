/** The card of an area, and that of a case. */

import { element, icon } from '../lib/dom.js';
import { area as size, count, moment } from '../lib/format.js';
import { nameOf, wordOf } from '../lib/names.js';
import { timeOf } from '../lib/urgency.js';
import { t } from '../lib/words.js';
import { mark } from './mark.js';
import { networkButton } from './network/opening.js';

/** @typedef {{onClose: () => void, onArea: (id: number) => void, onNetwork: (key: string) => void, zone: string, locale: string, categories: Map<number, any>, simulated: boolean}} CardContext */

/**
 * @param {Node | string} start
 * @param {() => void} onClose
 */
function head(start, onClose) {
  const link = element('button', { type: 'button', class: 'tool', 'aria-label': t('map.copy_link'), title: t('map.copy_link') }, icon('link'));
  link.addEventListener('click', async () => {
    await navigator.clipboard?.writeText(location.href);
    link.replaceChildren(document.createTextNode(t('map.copied')));
  });
  const close = element('button', { type: 'button', class: 'tool', id: 'card-close', 'aria-label': t('map.close'), title: `${t('map.close')} (Esc)` }, icon('close'));
  close.addEventListener('click', onClose);
  return element('header', {}, start, element('span', { class: 'end' }, link, close));
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string} [unit]
 */
const fact = (name, value, unit = '') => element('div', {}, element('dt', {}, name), element('dd', {}, value, unit ? element('span', { class: 'unit' }, ` ${unit}`) : null));

/**
 * @param {HTMLElement} host
 * @param {any} found
 * @param {Record<string, number>} figures of the area
 * @param {any[]} categories with their counts in the area
 * @param {CardContext} context
 */
export function drawArea(host, found, figures, categories, context) {
  const measured = size(found.area_m2);
  const per = found.households ? ((1000 * figures.open) / found.households).toFixed(1) : '—';
  const most = categories.filter((category) => category.count > 0).sort((a, b) => b.count - a.count).slice(0, 5);
  host.replaceChildren(element('section', { class: 'card', 'aria-label': nameOf(found), 'data-area': found.id },
    head(element('span', { class: 'code' }, found.code), context.onClose),
    element('h2', {}, title(found)),
    element('dl', { class: 'facts' },
      fact(t('map.area'), measured.value, t(`map.${measured.unit}`)),
      fact(t('map.households'), found.households === null ? '—' : count(found.households)),
      fact(t('map.open'), count(figures.open), t('map.case_unit')),
      fact(t('map.per_thousand'), per)),
    networkButton(() => context.onNetwork(`${found.level === 'cell' ? 'cell' : 'area'}:${found.id}`)),
    most.length ? element('div', { class: 'top' }, element('h3', {}, t('map.most')),
      element('ul', {}, ...most.map((category) => element('li', {}, element('span', {}, nameOf(category)), element('span', {}, count(category.count)))))) : null));
}

/** @param {any} found */
function title(found) {
  const above = found.path.at(-2);
  return found.level === 'cell' && above && found.path.length > 2 && found.code.length === 15
    ? t('map.cell_title', { community: nameOf(above), number: found.code.slice(12) }) : nameOf(found);
}

/**
 * @param {HTMLElement} host
 * @param {any} found
 * @param {any[]} path of the areas that it lies in
 * @param {CardContext} context
 */
export function drawCase(host, found, path, context) {
  const time = timeOf(found, new Date());
  const category = context.categories.get(found.category_id);
  const at = (/** @type {string | null} */ instant) => (instant ? moment(instant, context.zone, context.locale) : '—');
  const row = (/** @type {string} */ name, /** @type {Node | string} */ value) => [element('dt', {}, name), element('dd', {}, value)];
  const places = element('span', { class: 'path' }, ...path.flatMap((area, i) => {
    const button = element('button', { type: 'button' }, nameOf(area));
    button.addEventListener('click', () => context.onArea(area.id));
    return i ? [document.createTextNode('›'), button] : [button];
  }));
  const nowhere = t(found.lon === null ? 'map.unlocated' : 'map.outside');
  host.replaceChildren(element('section', { class: 'card', 'aria-label': t('map.case'), 'data-case': found.id },
    head(element('span', { class: 'code' }, found.ref ?? `#${found.id}`), context.onClose),
    element('h2', {}, category ? nameOf(category) : '—'),
    element('p', { class: `due ${time.urgency}` }, mark(time.urgency), time.text,
      found.simulated ? element('span', { class: 'badge-sim' }, t('map.simulated')) : null),
    steps(found.state),
    element('dl', { class: 'about' },
      ...row(t('map.state'), t(`state.${found.state}`)),
      ...row(t('map.place'), found.cell_id ? places : nowhere),
      ...row(t('map.address'), found.address ?? t('map.no_address')),
      ...(found.description ? row(t('map.description'), found.description) : []),
      ...(found.source ? row(t('map.source'), wordOf('case_source', found.source)) : []),
      ...row(t('map.reported_at'), at(found.reported_at)), ...row(t('map.due_at'), at(found.due_at)),
      ...(found.closed_at ? row(t('map.closed_at'), at(found.closed_at)) : [])),
    networkButton(() => context.onNetwork(`case:${found.id}`))));
}

/** @type {Record<string, number>} */
const STEP = { reported: 1, confirming: 1, registered: 2, dispatched: 2, handling: 3, suspended: 3, handled: 4, closed: 5, archived: 6 };

/** @param {string} state */
function steps(state) {
  const now = STEP[state];
  if (!now) return null;
  return element('ol', { class: 'steps' }, ...[1, 2, 3, 4, 5, 6].map((n) => element('li', {
    class: n < now ? 'past' : '', 'aria-current': n === now ? 'step' : null,
  }, t(`map.step_${n}`))));
}
