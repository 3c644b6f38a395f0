/** The row of figures: of the same cases as the map's; each is a filter and says how it is counted. The rate is of today's log alone. */

import { element } from '../lib/dom.js';
import { count, day } from '../lib/format.js';
import { t } from '../lib/words.js';
import { mark } from './mark.js';

/** @typedef {import('../lib/state.js').PageState} PageState */

/**
 * @param {HTMLElement} host
 * @param {Record<string, number>} figures
 * @param {{above: number, below: number} | null} onTime what was handled in time, and what was due
 * @param {PageState} state
 * @param {string} zone
 * @param {(patch: Partial<PageState>) => void} onChange
 */
export function drawFigures(host, figures, onTime, state, zone, onChange) {
  const today = day(state.past ? new Date(state.past) : new Date(), zone);
  const ofToday = state.from === today && state.state === 'all';
  const share = figures.open ? (100 * figures.overdue) / figures.open : null;
  const byTab = (/** @type {PageState['tab']} */ tab) => [state.tab === tab && state.state === 'open', { tab: state.tab === tab ? 'all' : tab, state: 'open' }];
  const byState = (/** @type {string} */ name) => [state.state === name, { state: state.state === name ? 'open' : name, tab: 'all' }];
  /** @type {any[][]} */
  const all = [
    ['today', figures.today, ofToday, ofToday ? { state: 'open', from: '', to: '' } : { state: 'all', tab: 'all', from: today, to: '' }, '', t('figure.registered', { n: count(figures.registered_today) })],
    ['open', figures.open, ...[state.state === 'open' && state.tab === 'all', { state: 'open', tab: 'all' }], '', ''],
    ['overdue', figures.overdue, ...byTab('overdue'), 'overdue', share === null ? '—' : t('map.of_open', { percent: share.toFixed(1) })],
    ['near', figures.near, ...byTab('near'), 'near', ''],
    ['to_verify', figures.to_verify, ...byTab('to_verify'), '', ''],
    ['suspended', figures.suspended, ...byState('suspended'), 'paused', ''],
  ];
  host.replaceChildren(...all.map(([key, value, on, patch, shape, beside]) => {
    const alarm = key === 'overdue' && value > 0;
    const button = element('button', { type: 'button', class: `figure${alarm ? ' is-alarm' : ''}`, 'aria-pressed': String(on), 'data-figure': key, title: t(`figure.${key}_is`) },
      element('span', { class: 'name' }, shape && value > 0 ? mark(shape) : null, t(`figure.${key}`)),
      element('span', { class: 'value' }, element('b', {}, count(value)), beside ? element('small', {}, beside) : null));
    button.addEventListener('click', () => onChange(patch));
    return button;
  }), rate(state.past ? { above: 0, below: 0 } : onTime));
}

/**
 * @param {{above: number, below: number} | null} onTime
 * @returns {HTMLElement} 按期处置率 with its arithmetic; a rate of nothing is no rate
 */
function rate(onTime) {
  const value = onTime === null ? '…' : onTime.below ? ((100 * onTime.above) / onTime.below).toFixed(1) : '—';
  return element('details', { class: 'figure rate', 'data-figure': 'on_time' },
    element('summary', {}, element('span', { class: 'name' }, t('figure.on_time'), element('i', { class: 'why', 'aria-hidden': true }, 'ƒ')),
      element('span', { class: 'value' }, element('b', {}, value), onTime?.below ? element('small', {}, `% ${count(onTime.above)}/${count(onTime.below)}`) : null)),
    element('p', { class: 'formula' }, t('figure.on_time_is')));
}
