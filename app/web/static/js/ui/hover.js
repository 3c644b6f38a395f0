/** What is under the pointer, beside it. */

import { element } from '../lib/dom.js';
import { count } from '../lib/format.js';
import { nameOf } from '../lib/names.js';
import { t } from '../lib/words.js';

/**
 * @param {HTMLElement} host
 * @param {any | null} cell name, code
 * @param {number} cases
 * @param {number} x
 * @param {number} y
 * @param {HTMLElement[]} more lines of the layer that is on
 */
export function drawHover(host, cell, cases, x, y, more) {
  host.hidden = cell === null;
  if (cell === null) return;
  const line = (/** @type {string} */ name, /** @type {string} */ value) => element('span', {}, name, element('i', {}, value));
  host.replaceChildren(element('b', {}, nameOf(cell)), ...more, line(t('map.shown_cases'), `${count(cases)} ${t('map.case_unit')}`), line(t('map.code'), cell.code));
  const frame = /** @type {HTMLElement} */ (host.parentElement).getBoundingClientRect();
  const own = host.getBoundingClientRect();
  const left = x + 16 + own.width > frame.width ? x - own.width - 12 : x + 16;
  const top = Math.min(y + 14, frame.height - own.height - 8);
  host.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}
