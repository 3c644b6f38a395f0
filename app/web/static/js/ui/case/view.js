/** What the parts of the panel have in common: the sheet that they draw, the reader's place, and where links lead. */

import { element } from '../../lib/dom.js';
import { t } from '../../lib/words.js';

/**
 * @typedef {object} CaseContext what the page gives
 * @property {() => void} onClose
 * @property {(id: number) => void} onArea
 * @property {(key: string) => void} [onNetwork] the network around something is to be opened
 * @property {string} zone
 * @property {string} locale
 * @property {Map<number, any>} categories
 * @property {(id: number) => string} [begin] the move whose form is to stand open when the case has come, asked for once
 * @property {(id: number) => void} [onCase] another case is to be opened
 * @property {() => void} [onMoved] a move was made here
 * @property {(by: 1 | -1) => void} [onStep] the next or the previous case is to be opened
 * @property {{n: number, total: number} | null} [position] of the case in the list
 * @property {string} [past] the instant that the page looks at: nothing can be done then
 */

/**
 * @typedef {object} View
 * @property {any} sheet as the server told it
 * @property {CaseContext} context
 * @property {() => number} now by the server's clock
 */

/**
 * @param {string} name
 * @param {string} word
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElement} a part of the panel with its heading
 */
export function part(name, word, ...children) {
  const id = `case-${name}`;
  return element('section', { class: `cp-part cp-${name}`, 'aria-labelledby': id }, element('h3', { id }, word), ...children);
}

/**
 * @param {View} view
 * @param {{id: number, number: string | null, ref: string | null}} one
 * @returns {HTMLElement} the way to another case
 */
export function caseLink(view, one) {
  const link = element('a', { href: `/cases/${one.id}`, class: 'number', translate: 'no' }, one.number ?? one.ref ?? `#${one.id}`);
  const { onCase } = view.context;
  if (onCase) link.addEventListener('click', (event) => { if (!event.ctrlKey && !event.metaKey) { event.preventDefault(); onCase(one.id); } });
  return link;
}

/** @param {string} state */
export const stateTag = (state) => element('span', { class: `tag state-${state}` }, t(`state.${state}`));

/** @param {string} text what was written by somebody, in Chinese */
export const written = (text) => element('span', { lang: document.documentElement.lang.startsWith('zh') ? null : 'zh-CN' }, text);
