/** What it is about: searched, or one of those used lately; then, if one likes, the condition that it meets. */

import { byId, element } from '../lib/dom.js';
import { found, remembered } from '../lib/finding.js';
import { nameOf } from '../lib/names.js';
import { t } from '../lib/words.js';

/** @typedef {import('../lib/finding.js').Category} Category */

const KEPT = 'phone.categories';
const MOST = 8;

/**
 * @param {HTMLElement} search
 * @param {HTMLElement} list
 * @param {HTMLElement} told
 * @param {HTMLElement} conditions
 * @returns {{category: string, condition: string, remember: () => void}} what is chosen
 */
export function useCategories(search, list, told, conditions) {
  const all = /** @type {Category[]} */ (JSON.parse(byId('categories').textContent ?? '[]'));
  const field = /** @type {HTMLInputElement} */ (search);
  const chosen = { category: '', condition: '', remember: () => keep(remembered(recent(), chosen.category)) };

  const draw = () => {
    const shown = found(all, field.value, recent(), MOST);
    const mine = all.find((one) => one.code === chosen.category);
    // What was chosen stays in sight, whatever is searched for next.
    const rows = mine && !shown.includes(mine) ? [mine, ...shown] : shown;
    list.replaceChildren(...rows.map((one) => row('category', one.code, nameOf(one), one.code === chosen.category, () => pick(one))));
    told.textContent = field.value.trim() ? t(shown.length ? 'phone.found' : 'phone.found_none', { n: shown.length }) : '';
  };
  const pick = (/** @type {Category} */ one) => {
    chosen.category = one.code;
    chosen.condition = '';
    drawConditions(one);
  };
  const drawConditions = (/** @type {Category} */ one) => {
    conditions.hidden = !one.conditions.length;
    conditions.replaceChildren(
      element('p', { class: 'fine' }, t('phone.condition')),
      ...one.conditions.map((rule) => row('condition', rule.number, rule.condition, false, () => { chosen.condition = rule.number; },
        `${t(`limit_unit.${rule.unit}`, { n: Number(rule.amount) })}${rule.self ? ` · ${t('phone.self_possible')}` : ''}`)),
      row('condition', '', t('phone.condition_open'), true, () => { chosen.condition = ''; }),
    );
  };
  field.addEventListener('input', draw);
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    /** @type {HTMLElement | null} */ (list.querySelector('input'))?.focus();
  });
  draw();
  return chosen;
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string} words
 * @param {boolean} checked
 * @param {() => void} onPick
 * @param {string} [more]
 */
function row(name, value, words, checked, onPick, more) {
  const input = element('input', { type: 'radio', name, value, checked });
  input.addEventListener('change', onPick);
  return element('label', { class: 'choice-row' }, input, element('span', {}, words, more ? element('small', {}, more) : null));
}

/** @returns {string[]} */
function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? '[]');
    return Array.isArray(kept) ? kept.map(String) : [];
  } catch {
    return [];
  }
}

/** @param {string[]} codes */
function keep(codes) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(codes));
  } catch {
    // A telephone that keeps nothing has no list of what was used lately.
  }
}
