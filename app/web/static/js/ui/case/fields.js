/** The fields of a move's form, drawn from what the server says of each. */

import { element, icon } from '../../lib/dom.js';
import { english, nameOf } from '../../lib/names.js';
import { much } from '../../lib/when.js';
import { hasWord, t } from '../../lib/words.js';
import { whereAmI } from '../forms.js';
import { written } from './view.js';

/**
 * @typedef {object} Choice
 * @property {string} value
 * @property {string} name
 * @property {string | null} name_en
 * @property {boolean} suggested
 * @property {Record<string, any>} note
 */

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {string} kind
 * @property {boolean} needed
 * @property {number | null} list
 * @property {string[]} phrases
 * @property {string} least
 * @property {string} most
 * @property {string} unit
 * @property {string[]} why
 */

const SHORT = new Set(['called', 'promised', 'why']);
const BOXED = new Set(['closing_condition', 'final']);
/** @type {Record<string, string>} */
const TYPES = { date: 'date', instant: 'datetime-local' };

/**
 * @param {Field} field
 * @param {Choice[]} choices
 * @param {string | string[] | undefined} value what was typed before
 * @param {string} closing the closing condition of the case
 * @returns {HTMLElement} with `data-field`, its label, and a line for what is wrong with it
 */
export function drawField(field, choices, value, closing) {
  const id = `ask-${field.name}`;
  const fault = element('p', { class: 'fault', 'data-fault': field.name, id: `${id}-fault`, role: 'alert', hidden: true });
  const about = { 'data-field': field.name, 'data-kind': field.kind, 'data-needed': field.needed };
  const word = [t(`field.${field.name}`), field.needed ? null : element('span', { class: 'fine' }, ` ${t('move.optional')}`)];
  const told = typeof value === 'string' ? value : undefined;
  if (field.kind === 'files') return camera(field, id, word, fault);
  if (field.kind === 'units' || (field.kind === 'yes' && !BOXED.has(field.name))) {
    const several = field.kind === 'units';
    const options = several ? choices.map((one) => ({ value: one.value, word: nameOf(one) })) : ['yes', 'no'].map((one) => ({ value: one, word: t(`move.${one}`) }));
    const chosen = Array.isArray(value) ? value : [told];
    const boxes = options.map((one) => element('label', { class: 'check' }, element('input', { type: several ? 'checkbox' : 'radio', name: field.name, value: one.value, checked: chosen.includes(one.value) }), one.word));
    const many = element('div', { class: several ? 'many' : 'radios' }, ...boxes);
    return element('fieldset', { class: 'ask', ...about, 'aria-describedby': fault.id }, element('legend', {}, ...word),
      several && !chosen.some(Boolean) ? element('details', {}, element('summary', {}, t('move.choose_units')), many) : many, fault);
  }
  if (field.kind === 'yes') {
    return element('div', { class: 'ask', ...about },
      element('label', { class: 'check' }, element('input', { type: 'checkbox', id, name: field.name, value: 'yes', checked: told === 'yes', 'aria-describedby': fault.id }), t(`field.${field.name}`)),
      field.name === 'closing_condition' && closing ? element('p', { class: 'fine' }, written(closing)) : null, fault);
  }
  return element('div', { class: 'ask', ...about }, element('label', { for: id }, ...word), ...control(field, choices, told, id, fault.id), fault);
}

/**
 * @param {Field} field
 * @param {Choice[]} choices
 * @param {string | undefined} value
 * @param {string} id
 * @param {string} fault
 * @returns {(Node | null)[]}
 */
function control(field, choices, value, id, fault) {
  const about = { id, name: field.name, 'aria-describedby': `${fault} ${id}-hint`, 'aria-required': field.needed ? 'true' : null };
  const hint = (/** @type {string} */ text) => element('p', { class: 'fine', id: `${id}-hint` }, text);
  if (['condition', 'unit', 'account'].includes(field.kind)) return picker(field, choices, value, about);
  if (field.kind === 'text') {
    const area = /** @type {HTMLTextAreaElement} */ (element('textarea', { ...about, rows: SHORT.has(field.name) ? '2' : '3', maxlength: '2000' }));
    area.value = value ?? '';
    return [area, field.phrases.length ? phrases(area, field.phrases) : null];
  }
  const input = /** @type {HTMLInputElement} */ (element('input', {
    ...about, type: TYPES[field.kind] ?? 'text', autocomplete: 'off', maxlength: '80', inputmode: field.kind === 'amount' ? 'decimal' : null,
    min: field.kind in TYPES && field.least ? field.least : null, max: field.kind in TYPES && field.most ? field.most : null,
    list: field.kind === 'case' && choices.length ? `${id}-list` : null,
  }));
  input.value = value ?? '';
  if (field.kind === 'case') {
    return [input, element('datalist', { id: `${id}-list` }, ...choices.map((one) => element('option', { value: one.value }, t('move.near_by', { m: Math.round(one.note.distance_m), state: t(`state.${one.name}`) })))),
      hint(t('move.case_hint', { n: choices.length }))];
  }
  if (field.kind === 'amount') return [input, field.unit ? hint(t('move.amount_hint', { limit: much([field.unit, field.most]) })) : null];
  if (field.kind === 'place') return [element('span', { class: 'cp-with-key' }, input, here(input)), hint(t('move.place_hint'))];
  return [input];
}

/**
 * @param {Field} field
 * @param {Choice[]} choices
 * @param {string | undefined} value
 * @param {Record<string, any>} about
 * @returns {(Node | null)[]}
 */
function picker(field, choices, value, about) {
  const chosen = value ?? (field.needed ? choices.find((one) => one.suggested)?.value : undefined) ?? '';
  const select = /** @type {HTMLSelectElement} */ (element('select', about,
    element('option', { value: '' }, t(field.needed ? 'move.choose' : 'move.none')),
    ...choices.map((one) => element('option', { value: one.value, selected: one.value === chosen }, `${optionWord(field.kind, one)}${one.suggested ? ` ${t('move.suggested')}` : ''}`))));
  const note = element('p', { class: 'fine', id: `${about.id}-hint` });
  const tell = () => {
    const one = choices.find((choice) => choice.value === select.value);
    if (!choices.length) note.textContent = t(field.kind === 'account' ? 'move.nobody_fits' : 'move.nothing_fits');
    else if (field.kind === 'condition' && one) note.replaceChildren(`${much([one.note.unit, one.note.amount])} · ${t('move.risk', { risk: t(`risk.${one.note.risk}`) })} · ${t('casework.closing')} · `, written(one.note.closing));
    else note.replaceChildren();
  };
  select.addEventListener('change', tell);
  tell();
  return [select, note, field.why.length ? element('details', { class: 'why' }, element('summary', {}, t('move.why_unit')), element('ul', {}, ...field.why.map((line) => element('li', {}, line)))) : null];
}

/**
 * @param {string} kind
 * @param {Choice} one
 */
function optionWord(kind, one) {
  if (kind === 'condition') return `${one.value} ${one.name} · ${much([one.note.unit, one.note.amount])}`;
  if (kind !== 'account') return nameOf(one);
  const seat = !english() && one.note.title ? one.note.title : hasWord(`role.${one.note.role}`) ? t(`role.${one.note.role}`) : '';
  return [one.name, seat, t('move.open_cases', { n: one.note.open_cases }), one.note.away ? t('board.away') : ''].filter(Boolean).join(' · ');
}

/**
 * @param {HTMLTextAreaElement} area
 * @param {string[]} all
 */
function phrases(area, all) {
  return element('div', { class: 'cp-phrases', role: 'group', 'aria-label': t('move.phrases') }, ...all.map((text, i) => {
    const button = element('button', { type: 'button', title: i < 9 ? `${text} (Alt+${i + 1})` : text, 'data-phrase': i + 1, lang: 'zh-CN' }, text);
    button.addEventListener('click', () => {
      area.value = area.value.trim() ? `${area.value.trimEnd()}\n${text}` : text;
      area.dispatchEvent(new Event('input', { bubbles: true }));
      area.focus();
    });
    return button;
  }));
}

/** @param {HTMLInputElement} input */
function here(input) {
  const button = element('button', { type: 'button', class: 'button' }, icon('pin'), t('move.here'));
  button.addEventListener('click', () => whereAmI((lon, lat) => {
    input.value = `${lon.toFixed(6)}, ${lat.toFixed(6)}`;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }, () => input.focus()));
  return button;
}

/**
 * @param {Field} field
 * @param {string} id
 * @param {(Node | string | null)[]} word
 * @param {HTMLElement} fault
 */
function camera(field, id, word, fault) {
  return element('fieldset', { class: 'ask camera', 'data-camera': field.name, 'data-most': '9', 'data-needed': field.needed, 'aria-describedby': `${fault.id} ${id}-hint` },
    element('legend', {}, ...word), element('ul', { class: 'shots', 'aria-live': 'polite' }),
    element('label', { class: 'button camera-key' }, icon('camera'), t('sheet.add_photos'),
      element('input', { type: 'file', id, multiple: true, accept: 'image/jpeg,image/png,image/webp,image/heic,image/heif,video/mp4', 'aria-label': `${t('sheet.add_photos')} · ${t(`field.${field.name}`)}` })),
    element('p', { class: 'fine', id: `${id}-hint` }, t('phone.photo_hint')), fault);
}
