/** What the marks on the map mean, with their counts; each is a filter. */

import { element, icon } from '../lib/dom.js';
import { count } from '../lib/format.js';
import { t } from '../lib/words.js';
import { mark } from './mark.js';

/** @typedef {import('../lib/state.js').PageState} PageState */

/**
 * @param {HTMLElement} host
 * @param {Record<string, number>} marks of the cases that are shown
 * @param {Record<string, number>} figures
 * @param {PageState} state
 * @param {(patch: Partial<PageState>) => void} onChange
 */
export function drawMarks(host, marks, figures, state, onChange) {
  const row = (/** @type {Node} */ picture, /** @type {string} */ word, /** @type {number} */ n, /** @type {boolean} */ on, /** @type {Partial<PageState>} */ patch) => {
    const button = element('button', { type: 'button', class: 'row-button', 'aria-pressed': String(on) }, picture, element('span', {}, word), element('span', { class: 'n' }, count(n)));
    button.addEventListener('click', () => onChange(patch));
    return button;
  };
  const byTab = (/** @type {PageState['tab']} */ tab) => row(mark(tab), t(`map.${tab}`), marks[tab] ?? 0, state.tab === tab, { tab: state.tab === tab ? 'all' : tab, state: 'open' });
  const suspended = state.state === 'suspended';
  const byPlace = (/** @type {string} */ name, /** @type {'unlocated' | 'outside'} */ where) => row(icon(name), t(`map.${where}`), figures[where] ?? 0, state.where === where, { where: state.where === where ? '' : where });
  const normal = element('div', { class: 'row-button' }, mark('normal'), element('span', {}, t('map.normal')), element('span', { class: 'n' }, count(marks.normal ?? 0)));
  host.replaceChildren(
    byTab('overdue'), byTab('near'), normal, row(mark('paused'), t('map.suspended'), marks.paused ?? 0, suspended, { state: suspended ? 'open' : 'suspended' }),
    element('p', { class: 'hint' }, t('map.cluster_hint')), byPlace('pin', 'unlocated'), byPlace('out', 'outside'),
  );
}
