/** What an element is tied to, kind by kind, and the cases that concern it. */

import { element } from '../../lib/dom.js';
import { count } from '../../lib/format.js';
import { tied } from '../../lib/element.js';
import { nameOf } from '../../lib/names.js';
import { timeOf } from '../../lib/urgency.js';
import { t } from '../../lib/words.js';
import { mark } from '../mark.js';
import { glyph } from '../network/side.js';
import { titleOf, typeOf } from './naming.js';

/** @typedef {import('./card.js').CardHandlers} CardHandlers */

const FIRST = 8;

/**
 * @param {any} found
 * @param {CardHandlers} handlers
 * @returns {HTMLElement[]}
 */
export function drawTies(found, handlers) {
  const groups = tied(found.around, found.element.id);
  const drawn = groups.map(({ kind, inward, elements }) => element('section', { class: 'el-part', 'data-tie': `${kind}${inward ? '-in' : ''}` },
    element('h3', {}, t(`element.${inward ? 'in' : 'out'}_${kind}`), element('span', {}, count(elements.length))),
    ...rows(elements.map((one) => row(one, handlers)))));
  return found.around.cut ? [...drawn, element('p', { class: 'el-note' }, t('element.cut'))] : drawn;
}

/**
 * @param {any} one
 * @param {CardHandlers} handlers
 */
function row(one, { onElement }) {
  const named = titleOf(one);
  const made = element('button', { type: 'button', 'data-id': one.id }, glyph(one.kind, t(`network.glyph_${one.kind}`)),
    element('span', {}, named, one.code ? element('small', {}, one.code) : null), named === typeOf(one) ? null : element('small', {}, typeOf(one)));
  made.addEventListener('click', () => onElement(one.id));
  return element('li', {}, made);
}

/**
 * @param {HTMLElement[]} lines
 * @returns {HTMLElement[]} the first of them, and the rest when they are asked for
 */
function rows(lines) {
  const list = element('ul', { class: 'el-list' }, ...lines.slice(0, FIRST));
  if (lines.length <= FIRST) return [list];
  const more = element('button', { type: 'button', class: 'el-link' }, t('element.more', { n: count(lines.length - FIRST) }));
  more.addEventListener('click', () => {
    list.append(...lines.slice(FIRST));
    more.remove();
    lines[FIRST].querySelector('button')?.focus();
  });
  return [list, more];
}

/**
 * @param {any} found
 * @param {CardHandlers} handlers
 */
export function drawCases({ cases, around }, { onCase }) {
  const left = around.cases.length - cases.length;
  const lines = cases.map((/** @type {any} */ item) => {
    const made = element('button', { type: 'button', 'data-case': item.id }, mark(timeOf(item, new Date()).urgency),
      element('span', {}, nameOf({ name: item.category?.name ?? item.category, name_en: item.category?.name_en ?? item.category_en ?? null }), element('small', {}, item.number ?? item.ref ?? '')), element('small', {}, t(`state.${item.state}`)));
    made.addEventListener('click', () => onCase(item.id));
    return element('li', {}, made);
  });
  return element('section', { class: 'el-part', id: 'element-cases' }, element('h3', {}, t('element.cases'), element('span', {}, count(around.cases.length))),
    lines.length ? element('ul', { class: 'el-list' }, ...lines) : element('p', { class: 'hint' }, t('element.no_cases')),
    left > 0 ? element('p', { class: 'hint' }, t('element.more_cases', { n: count(left) })) : null);
}
