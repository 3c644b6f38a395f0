/** The card of an area. */

import { element, icon } from '../lib/dom.js';
import { area as size, count } from '../lib/format.js';
import { nameOf } from '../lib/names.js';
import { t } from '../lib/words.js';
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
