/** A dialog to choose categories in, by business line, with a word to narrow them by. */

import { element } from '../lib/dom.js';
import { count } from '../lib/format.js';
import { nameOf, wordOf } from '../lib/names.js';
import { t } from '../lib/words.js';

/**
 * @param {any[]} categories
 * @param {number[]} chosen
 * @param {(ids: number[]) => void} onDone
 */
export function pickCategories(categories, chosen, onDone) {
  const picked = new Set(chosen);
  const rows = categories.map((category) => {
    const box = /** @type {HTMLInputElement} */ (element('input', { type: 'checkbox', checked: picked.has(category.id) }));
    box.addEventListener('change', () => (box.checked ? picked.add(category.id) : picked.delete(category.id)));
    const row = element('label', { class: 'check' }, box, element('span', {}, nameOf(category)), element('span', { class: 'n' }, count(category.count)));
    return { row, line: category.line, text: `${category.name} ${category.name_en ?? ''} ${category.code}`.toLowerCase() };
  });
  const lines = [...new Set(rows.map((row) => row.line))];
  const groups = lines.map((line) => element('fieldset', {}, element('legend', {}, line ? wordOf('line', line) : t('map.categories')), ...rows.filter((row) => row.line === line).map((row) => row.row)));
  const narrow = /** @type {HTMLInputElement} */ (element('input', { type: 'search', placeholder: t('map.narrow'), 'aria-label': t('map.narrow') }));
  narrow.addEventListener('input', () => {
    const words = narrow.value.trim().toLowerCase();
    for (const row of rows) row.row.hidden = !row.text.includes(words);
    for (const group of groups) group.hidden = !group.querySelector('label:not([hidden])');
  });
  const button = (/** @type {string} */ word, /** @type {() => void} */ act) => {
    const made = element('button', { type: 'button', class: 'button' }, t(word));
    made.addEventListener('click', () => { act(); dialog.close(); });
    return made;
  };
  const dialog = /** @type {HTMLDialogElement} */ (element('dialog', { class: 'pick', 'aria-label': t('map.category') },
    element('h2', {}, t('map.category')), element('div', { class: 'field' }, narrow), element('div', { class: 'groups' }, ...groups),
    element('div', { class: 'ends' }, button('map.clear', () => onDone([])), button('map.apply', () => onDone([...picked].sort((a, b) => a - b))))));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
