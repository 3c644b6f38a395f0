/** What the marks on the map mean, with their counts; each is a filter. */

import { element, icon } from '../lib/dom.js';
import { count } from '../lib/format.js';
import { t } from '../lib/words.js';
import { mark } from './mark.js';

/**
 * @param {HTMLElement} host
 * @param {Record<string, number>} figures
 * @param {import('../lib/state.js').PageState} state
 * @param {(patch: Partial<import('../lib/state.js').PageState>) => void} onChange
 */
export function drawMarks(host, figures, state, onChange) {
  const row = (/** @type {Node} */ picture, /** @type {string} */ word, /** @type {number} */ n, /** @type {boolean} */ on, /** @type {Partial<import('../lib/state.js').PageState>} */ patch) => {
    const button = element('button', { type: 'button', class: 'row-button', 'aria-pressed': String(on) }, picture, element('span', {}, word), element('span', { class: 'n' }, count(n)));
    button.addEventListener('click', () => onChange(patch));
    return button;
  };
  const byState = (/** @type {string} */ urgency, /** @type {string} */ key, /** @type {string} */ to) => {
    const on = state.state === to;
    return row(mark(urgency), t(`map.${key}`), figures[key] ?? 0, on, { state: on ? 'open' : to });
  };
  const byPlace = (/** @type {string} */ name, /** @type {string} */ where) => {
    const on = state.where === where;
    return row(icon(name), t(`map.${where}`), figures[where] ?? 0, on, { where: on ? '' : where });
  };
  const normal = element('div', { class: 'row-button' }, mark('normal'), element('span', {}, t('map.normal')),
    element('span', { class: 'n' }, count(figures.open - figures.overdue - figures.near - figures.suspended)));
  host.replaceChildren(
    byState('overdue', 'overdue', 'overdue'), byState('near', 'near', 'near'), normal, byState('paused', 'suspended', 'suspended'),
    element('p', { class: 'hint' }, t('map.cluster_hint')), byPlace('pin', 'unlocated'), byPlace('out', 'outside'),
  );
}
