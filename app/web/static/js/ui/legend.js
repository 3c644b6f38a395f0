/** The legend of the fill: what each class holds and how many cells are in it; a click shows only those. */

import { element } from '../lib/dom.js';
import { count } from '../lib/format.js';
import { t } from '../lib/words.js';

/** @typedef {{cls: number, range: string, cells: number}} Row */

/**
 * @param {HTMLElement} host
 * @param {Row[]} rows
 * @param {number | null} pressed
 * @param {(cls: number | null) => void} onPress
 */
export function drawLegend(host, rows, pressed, onPress) {
  const focused = host.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.class : undefined;
  const most = Math.max(1, ...rows.map(({ cells }) => cells));
  host.replaceChildren(...rows.map(({ cls, range, cells }) => {
    const row = element('button', { type: 'button', 'aria-pressed': String(pressed === cls), 'data-class': cls },
      element('span', { class: 'swatch', 'data-class': cls, 'aria-hidden': true }),
      element('span', { class: 'range' }, range),
      element('meter', { min: 0, max: most, value: cells, 'aria-hidden': true }),
      element('span', { class: 'n' }, t('map.cells', { n: count(cells) })));
    row.addEventListener('click', () => onPress(pressed === cls ? null : cls));
    return row;
  }));
  if (focused !== undefined) /** @type {HTMLElement | null} */ (host.querySelector(`[data-class="${focused}"]`))?.focus();
}
