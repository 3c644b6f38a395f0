/** The legend of the fill: what each class holds and how many cells are in it; a click shows only those. */

import { labels } from '../lib/classes.js';
import { element } from '../lib/dom.js';
import { t } from '../lib/words.js';

/**
 * @param {HTMLElement} host
 * @param {number[]} lows of the classes
 * @param {number[]} cells in each class, the first without cases
 * @param {number | null} pressed
 * @param {(cls: number | null) => void} onPress
 */
export function drawLegend(host, lows, cells, pressed, onPress) {
  const most = Math.max(1, ...cells);
  const rows = labels(lows).map((range, i) => {
    const row = element('button', { type: 'button', 'aria-pressed': String(pressed === i), 'data-class': i },
      element('span', { class: 'swatch', 'data-class': i, 'aria-hidden': true }),
      element('span', { class: 'range' }, range),
      element('meter', { min: 0, max: most, value: cells[i] ?? 0, 'aria-hidden': true }),
      element('span', { class: 'n' }, t('map.cells', { n: cells[i] ?? 0 })));
    row.addEventListener('click', () => onPress(pressed === i ? null : i));
    return row;
  });
  host.replaceChildren(...rows);
}
