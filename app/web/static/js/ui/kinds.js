/** The list of categories, narrowed by what is looked for; and the conditions of the one that is chosen. */

import { t } from '../lib/words.js';

/** @param {HTMLElement} field */
export function useKinds(field) {
  const search = /** @type {HTMLInputElement} */ (field.querySelector('[data-kind-search]'));
  const list = /** @type {HTMLSelectElement} */ (field.querySelector('select'));
  const told = /** @type {HTMLElement} */ (field.querySelector('.fine[aria-live]'));
  const hint = told.textContent ?? '';
  const groups = [...list.querySelectorAll('optgroup')];
  search.hidden = false;
  search.addEventListener('input', () => {
    const words = search.value.trim().toLowerCase();
    let found = 0;
    for (const group of groups) {
      const whole = group.label.toLowerCase().includes(words);
      let some = false;
      for (const option of group.querySelectorAll('option')) {
        option.hidden = !(whole || option.text.toLowerCase().includes(words) || option.value.toLowerCase() === words);
        if (!option.hidden) { some = true; found += 1; }
      }
      group.hidden = !some;
    }
    if (words) list.size = Math.min(8, Math.max(2, found + 1));
    else list.removeAttribute('size');
    told.textContent = words ? t('casework.found_kinds', { n: found }) : hint;
  });
  search.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    const first = [...list.options].find((option) => option.value && !option.hidden && !(/** @type {HTMLElement} */ (option.parentElement)).hidden);
    if (!first) return;
    list.value = first.value;
    list.focus();
    list.dispatchEvent(new Event('change', { bubbles: true }));
  });
  list.addEventListener('change', () => { list.removeAttribute('size'); });
}

/**
 * @param {HTMLSelectElement} kinds
 * @param {HTMLSelectElement} conditions
 */
export function useConditions(kinds, conditions) {
  const groups = [...conditions.querySelectorAll('optgroup')];
  const narrow = () => {
    for (const group of groups) {
      const fits = group.dataset.of === kinds.value;
      group.hidden = !fits;
      group.disabled = !fits;
      if (!fits && group.contains(conditions.selectedOptions[0] ?? null)) conditions.value = '';
    }
  };
  kinds.addEventListener('change', narrow);
  narrow();
}
