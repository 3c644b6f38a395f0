/** The card of an area. */

import { element, icon } from '../lib/dom.js';
import { area as size, count } from '../lib/format.js';
import { nameOf } from '../lib/names.js';
import { t } from '../lib/words.js';
import { drawElements } from './elements.js';
import { networkButton } from './network/opening.js';
import { reportDoors } from './report-doors.js';
import { drawRoster } from './roster.js';
import { drawMonths } from './spark.js';

/** @typedef {{onClose: () => void, onArea: (id: number) => void, onNetwork: (key: string) => void, zone: string, locale: string, categories: Map<number, any>, simulated: boolean, calls: boolean}} CardContext */

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
 * @param {any | null} told the rest of the card, which comes after it
 * @param {any[]} categories with their counts in the area, under the filter
 * @param {CardContext} context
 */
export function drawArea(host, found, told, categories, context) {
  const measured = size(found.area_m2);
  const per = told && found.households ? ((1000 * told.open) / found.households).toFixed(1) : '—';
  const most = categories.filter((category) => category.count > 0).sort((a, b) => b.count - a.count).slice(0, 5);
  const held = host.contains(document.activeElement) ? mindful(host) : null;
  const scrolled = host.scrollTop;
  host.replaceChildren(element('section', { class: 'card', 'aria-label': nameOf(found), 'data-area': found.id, 'aria-busy': told ? null : 'true' },
    head(element('span', { class: 'code' }, found.code), context.onClose),
    element('h2', {}, title(found)),
    element('dl', { class: 'facts' },
      fact(t('map.area'), measured.value, t(`map.${measured.unit}`)),
      fact(t('map.households'), found.households === null ? '—' : count(found.households)),
      fact(t('card.residents'), told && told.residents !== null ? count(told.residents) : '—'),
      fact(t('map.open'), told ? count(told.open) : '…', t('map.case_unit')),
      fact(t('map.overdue'), told ? count(told.overdue) : '…', t('map.case_unit')),
      fact(t('map.per_thousand'), per)),
    networkButton(() => context.onNetwork(`${found.level === 'cell' ? 'cell' : 'area'}:${found.id}`), found.level === 'cell' ? reportDoors('cell', found.code) : []),
    told ? drawMonths(told.months) : null,
    told?.roster ? drawRoster(told.roster, found.id, context) : null,
    told ? drawElements(told.elements) : null,
    most.length ? element('div', { class: 'top' }, element('h3', {}, t('map.most')),
      element('ul', {}, ...most.map((category) => element('li', {}, element('span', {}, nameOf(category)), element('span', {}, count(category.count)))))) : null));
  host.scrollTop = scrolled;
  if (held) /** @type {HTMLElement | null} */ (host.querySelector(held))?.focus({ preventScroll: true });
}

/**
 * @param {HTMLElement} host
 * @returns {string | null} how to find again in a card that is drawn anew what has the focus now
 */
function mindful(host) {
  const now = /** @type {HTMLElement} */ (document.activeElement);
  const code = now.closest('[data-code]')?.getAttribute('data-code');
  if (code) return `[data-code="${CSS.escape(code)}"] .dial`;
  const links = [...host.querySelectorAll('button, a')];
  return now.id ? `#${now.id}` : links.indexOf(now) >= 0 && now.className ? `.${[...now.classList].map((name) => CSS.escape(name)).join('.')}` : null;
}

/** @param {any} found */
function title(found) {
  const above = found.path.at(-2);
  return found.level === 'cell' && above && found.path.length > 2 && found.code.length === 15
    ? t('map.cell_title', { community: nameOf(above), number: found.code.slice(12) }) : nameOf(found);
}
