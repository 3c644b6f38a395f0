/** 人 地 事 物 组织 of an area, counted; what nobody has registered, or is not for the reader, is said to be so, and is no zero. */

import { element } from '../lib/dom.js';
import { count } from '../lib/format.js';
import { t } from '../lib/words.js';

/** @typedef {{element: string, count: number | null, of: Record<string, number>, untold: string | null}} Counted */

/**
 * @param {Counted[]} elements
 * @returns {HTMLElement}
 */
export function drawElements(elements) {
  return element('section', { class: 'elements' }, element('h3', {}, t('card.elements')), element('ul', {}, ...elements.map(row)));
}

/** @param {Counted} counted */
function row({ element: kind, count: n, of, untold }) {
  const parts = Object.entries(of).filter(([, some]) => some > 0).map(([word, some]) => `${t(`card.of_${word}`)} ${count(some)}`);
  return element('li', { 'data-element': kind, class: n === null ? 'unkept' : null },
    element('span', { class: 'glyph', 'data-kind': kind, 'data-letter': t(`network.glyph_${kind}`), 'aria-hidden': true }),
    element('span', { class: 'name' }, t(`card.element_${kind}`)),
    element('b', {}, n === null ? '—' : count(n)),
    element('small', {}, untold !== null ? t(`card.${untold}`) : parts.join(' · ')));
}
