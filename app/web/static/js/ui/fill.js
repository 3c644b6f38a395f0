/** What fills the cells: the choice, its name and legend, and what the pointer says of a cell. */

import { labels, rangeOf } from '../lib/classes.js';
import { byId, element } from '../lib/dom.js';
import { CountFill, FILLS, GapFill, isShare, NONE, ShareFill, spanOf, valueOf } from '../lib/fills.js';
import { count } from '../lib/format.js';
import { uncovered } from '../lib/gaps.js';
import { t } from '../lib/words.js';
import { drawLegend } from './legend.js';
import { drawGapLegend, gapLines, gapWord } from './staffing.js';

/** @typedef {import('../lib/state.js').PageState} PageState */
/** @typedef {import('../lib/fills.js').Fill} Fill */

/**
 * The choice, made once, so that a refresh takes neither the focus nor a half-typed date.
 *
 * @param {boolean} staffed whether the reader may see who works where
 * @param {(patch: Partial<PageState>) => void} onChange
 * @returns {{node: HTMLElement, sync: (state: PageState, on: string) => void}}
 */
export function fillSwitch(staffed, onChange) {
  const known = FILLS.filter((fill) => staffed || fill !== 'staffing');
  const choice = /** @type {HTMLSelectElement} */ (element('select', { id: 'fill', 'aria-labelledby': 'h-fill', 'aria-describedby': 'fill-name' },
    ...['', ...known].map((fill) => element('option', { value: fill }, t(`map.fill_${fill || 'plain'}`)))));
  choice.addEventListener('change', () => onChange({ layer: choice.value, on: '', cls: null, per: '' }));
  const day = /** @type {HTMLInputElement} */ (element('input', { type: 'date', id: 'staffing-day' }));
  day.addEventListener('change', () => onChange({ on: day.value }));
  const field = element('label', { class: 'field staffing-day', hidden: true }, t('map.staffing_day'), day);
  return {
    node: element('div', { class: 'fill-choice field' }, choice, field),
    sync(state, on) {
      choice.value = state.layer;
      field.hidden = state.layer !== 'staffing';
      if (document.activeElement !== day) day.value = state.on || on;
    },
  };
}

/**
 * @param {Fill} fill
 * @param {number[]} cells in each class, by the class
 * @param {Set<number> | null} scope
 * @param {number | null} cls the class that is shown alone
 * @param {(cls: number | null) => void} onPress
 */
export function drawFill(fill, cells, scope, cls, onPress) {
  const host = byId('legend');
  host.classList.toggle('by-gap', fill instanceof GapFill);
  byId('fill-name').replaceChildren(...named(fill));
  if (fill instanceof GapFill) {
    const away = [...fill.gaps].filter(([id, gap]) => uncovered(gap) && (!scope || scope.has(id))).length;
    drawGapLegend(host, cells, away, fill.on, cls, onPress);
  } else drawLegend(host, fill.ranks().map((rank) => ({ cls: rank, range: rangeWord(fill, rank), cells: cells[rank] ?? 0 })), cls, onPress);
}

/**
 * @param {Fill} fill
 * @returns {(Node | string)[]} what the colours mean: the formula of a share, the unit of a number, the day of the people
 */
function named(fill) {
  if (fill instanceof GapFill) return [t('map.staffing'), ' ', element('small', {}, t(fill.known ? 'map.staffing_on' : 'map.staffing_before', { day: fill.on }))];
  return [element('small', {}, t(`map.fill_${fill.layer || 'plain'}_why`))];
}

/**
 * @param {Fill} fill
 * @param {number} cls
 * @returns {string} what the cells of a class have
 */
function rangeWord(fill, cls) {
  if (fill instanceof CountFill) return labels(fill.lows)[cls] ?? '';
  return cls === NONE ? t(`map.fill_${fill.layer}_none`) : spanOf(fill.bounds(cls) || '0-0');
}

/**
 * @param {Fill} fill
 * @param {number} cls
 * @returns {string} what the cells of a class have in common
 */
export function classWord(fill, cls) {
  if (fill instanceof GapFill) return gapWord(cls);
  return fill instanceof CountFill ? t('map.class_chip', { range: rangeWord(fill, cls) }) : shareWord(fill.layer, fill.bounds(cls) || '0-0');
}

/**
 * @param {PageState} state
 * @returns {string} what the cells have that alone are shown
 */
export function boundsWord({ layer, per }) {
  return isShare(layer) ? shareWord(layer, per) : t('map.class_chip', { range: rangeOf(per) });
}

/** @param {string} layer @param {string} bounds */
function shareWord(layer, bounds) {
  return bounds === 'none' ? t(`map.fill_${layer}_none`) : `${t(`map.fill_${layer}`)} ${spanOf(bounds)}`;
}

/**
 * @param {Fill} fill
 * @param {number} id of a cell
 * @returns {HTMLElement[]} what the pointer says of it, of what fills the cells
 */
export function fillLines(fill, id) {
  if (fill instanceof GapFill) return gapLines(fill.gaps.get(id));
  if (!(fill instanceof ShareFill)) return [];
  const pair = fill.pairs.get(id);
  const said = pair ? `${valueOf(fill.layer, pair).toFixed(1)} (${count(pair[0])} / ${count(pair[1])})` : t(`map.fill_${fill.layer}_none`);
  return [element('span', {}, t(`map.fill_${fill.layer}`), element('i', {}, said))];
}
