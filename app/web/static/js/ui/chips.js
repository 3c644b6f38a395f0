/** What the map shows now, and a × for each thing that narrows it. */

import { element, icon } from '../lib/dom.js';
import { count } from '../lib/format.js';
import { nameOf } from '../lib/names.js';
import { hasWord, t } from '../lib/words.js';

/** @typedef {import('../lib/state.js').PageState} PageState */

/**
 * @param {HTMLElement} host
 * @param {PageState} state
 * @param {{area: any, categories: Map<number, any>, classWord: string, gaps: number | null, total: number, cells: number}} known
 * @param {(patch: Partial<PageState>) => void} onChange
 */
export function drawChips(host, state, known, onChange) {
  const chip = (/** @type {string} */ text, /** @type {Partial<PageState>} */ patch) => {
    const close = element('button', { type: 'button', 'aria-label': t('map.remove', { what: text }) }, icon('close'));
    close.addEventListener('click', () => onChange(patch));
    return element('span', { class: 'chip' }, text, close);
  };
  const chips = [element('span', { class: 'chip' }, stateWord(state.state), element('b', {}, count(known.total)), t('map.case_unit'), '·', element('b', {}, count(known.cells)), t('map.cell_unit'))];
  if (known.area && known.area.path.length > 1) chips.push(chip(t('map.scope', { name: nameOf(known.area) }), { area: null }));
  if (state.state !== 'open') chips.push(chip(stateWord(state.state), { state: 'open' }));
  for (const id of state.category.slice(0, 3)) {
    const category = known.categories.get(id);
    if (category) chips.push(chip(nameOf(category), { category: state.category.filter((other) => other !== id) }));
  }
  if (state.category.length > 3) chips.push(chip(t('map.n_categories', { n: state.category.length }), { category: [] }));
  if (state.from || state.to) chips.push(chip(`${state.from || '…'} – ${state.to || '…'}`, { from: '', to: '' }));
  if (state.tab !== 'all') chips.push(chip(t(`tab.${state.tab}`), { tab: 'all' }));
  if (state.station) chips.push(chip(t(`station.${state.station}`), { station: '' }));
  if (state.step !== null) chips.push(chip(t('map.at_step', { step: t(`map.step_${state.step}`) }), { step: null }));
  if (state.ring) chips.push(chip(t('map.in_ring'), { ring: '' }));
  if (state.q) chips.push(chip(`“${state.q}”`, { q: '' }));
  if (state.where) chips.push(chip(t(`map.${state.where}`), { where: '' }));
  if (known.gaps !== null) chips.push(chip(`${t('map.staffing')} ${count(known.gaps)} ${t('map.cell_unit')}`, { layer: '', on: '', cls: null }));
  if (known.classWord) chips.push(chip(known.classWord, { cls: null, per: '' }));
  host.replaceChildren(...chips);
}

/** @param {string} state */
function stateWord(state) {
  return hasWord(`map.state_${state}`) ? t(`map.state_${state}`) : hasWord(`map.${state}`) ? t(`map.${state}`) : t(`state.${state}`);
}
