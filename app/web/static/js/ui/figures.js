/** The row of figures above the map: of the same cases as the map's, each a filter. */

import { element } from '../lib/dom.js';
import { count, day } from '../lib/format.js';
import { t } from '../lib/words.js';
import { mark } from './mark.js';

/** @typedef {import('../lib/state.js').PageState} PageState */

/**
 * @param {HTMLElement} host
 * @param {Record<string, number>} figures
 * @param {PageState} state
 * @param {string} zone
 * @param {(patch: Partial<PageState>) => void} onChange
 */
export function drawFigures(host, figures, state, zone, onChange) {
  const today = day(new Date(), zone);
  const reportedToday = state.from === today && state.state === 'all';
  const share = figures.open ? (100 * figures.overdue) / figures.open : null;
  /** @type {[string, number, boolean, Partial<PageState>, string | null, string][]} */
  const all = [
    ['today', figures.today, reportedToday, reportedToday ? { state: 'open', from: '', to: '' } : { state: 'all', from: today, to: '' }, null, ''],
    ['open', figures.open, state.state === 'open', { state: 'open' }, null, ''],
    ['overdue', figures.overdue, state.state === 'overdue', { state: state.state === 'overdue' ? 'open' : 'overdue' }, 'overdue', share === null ? '—' : t('map.of_open', { percent: share.toFixed(1) })],
    ['near', figures.near, state.state === 'near', { state: state.state === 'near' ? 'open' : 'near' }, 'near', t('map.within_90')],
    ['suspended', figures.suspended, state.state === 'suspended', { state: state.state === 'suspended' ? 'open' : 'suspended' }, 'paused', ''],
  ];
  host.replaceChildren(...all.map(([key, value, on, patch, shape, beside]) => {
    const alarm = key === 'overdue' && value > 0;
    const button = element('button', { type: 'button', class: `figure${alarm ? ' is-alarm' : ''}`, 'aria-pressed': String(on), 'data-figure': key },
      element('span', { class: 'name' }, shape && value > 0 ? mark(shape) : null, t(`map.${key}`)),
      element('span', { class: 'value' }, element('b', {}, count(value)), beside ? element('small', {}, beside) : null));
    button.addEventListener('click', () => onChange(patch));
    return button;
  }));
}
