/** The staffing layer on the page: its legend, and what the pointer says of a cell. */

import { element } from '../lib/dom.js';
import { count } from '../lib/format.js';
import { GAP_CLASSES, PARTS, lacking, uncovered } from '../lib/gaps.js';
import { english } from '../lib/names.js';
import { t } from '../lib/words.js';

/** @typedef {import('../lib/gaps.js').Gap} Gap */

/**
 * @param {HTMLElement} host
 * @param {number[]} cells in each class of `GAP_CLASSES`, by the class
 * @param {number} away cells whose officer is on leave with nobody standing in
 * @param {string} on
 * @param {number | null} pressed
 * @param {(cls: number | null) => void} onPress
 */
export function drawGapLegend(host, cells, away, on, pressed, onPress) {
  const focused = host.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.class : undefined;
  const rows = GAP_CLASSES.flatMap((cls) => {
    const row = element('button', { type: 'button', 'aria-pressed': String(pressed === cls), 'data-class': cls },
      element('span', { class: 'swatch gap-swatch', 'data-gap': cls, 'aria-hidden': true }),
      element('span', { class: 'range' }, gapWord(cls)),
      element('span', { class: 'n' }, t('map.cells', { n: count(cells[cls] ?? 0) })));
    row.addEventListener('click', () => onPress(pressed === cls ? null : cls));
    return cls === 3 && away ? [row, element('p', { class: 'hint gap-away' }, t('map.gap_away_count', { n: count(away) }))] : [row];
  });
  const list = element('a', { class: 'gap-list', href: `/staffing?on=${on}` }, t('map.staffing_list'));
  host.replaceChildren(...rows, list);
  if (focused !== undefined) /** @type {HTMLElement | null} */ (host.querySelector(`[data-class="${focused}"]`))?.focus();
}

/**
 * @param {number} cls
 * @returns {string} what the cells of a class lack
 */
export const gapWord = (cls) => (GAP_CLASSES.includes(cls) ? t(`map.gap_${cls}`) : '');

/**
 * @param {Gap | undefined} gap of a cell, none where it has all it needs
 * @returns {HTMLElement[]} what the pointer says of it
 */
export function gapLines(gap) {
  const parts = lacking(gap?.missing ?? []);
  const line = (/** @type {string} */ name, /** @type {string} */ value) => element('span', { class: 'gap-line' }, name, element('i', {}, value));
  if (!gap || !parts.length) return [line(t('map.staffing'), t('map.gap_0'))];
  const words = parts.map((part) => t(`board.part_${part}`)).join(english() ? ', ' : '、');
  return [
    line(t('map.gap_lacks', { n: parts.length, of: PARTS.length }), words),
    ...(uncovered(gap) ? [element('span', { class: 'gap-line gap-alone' }, t('map.gap_away'))] : []),
  ];
}
