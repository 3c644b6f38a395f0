/** What stands in the form of a move: as it was typed, for its draft; and as the server takes it, with all that is missing. */

import { cases } from '../../api/client.js';
import { zoned } from '../../lib/due.js';

/** @typedef {import('./fields.js').Field} Field */
/** @typedef {import('./fields.js').Choice} Choice */
/** @typedef {{field: string, reason: string}} Fault */

/**
 * @param {HTMLFormElement} form
 * @returns {Record<string, string | string[]>} by field; what is empty is left out
 */
export function typed(form) {
  /** @type {Record<string, string | string[]>} */ const found = {};
  for (const box of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll('[data-field]'))) {
    const name = box.dataset.field ?? '';
    const fields = /** @type {HTMLInputElement[]} */ ([...box.querySelectorAll(`[name="${CSS.escape(name)}"]`)]);
    const told = fields.filter((one) => !['radio', 'checkbox'].includes(one.type) || one.checked).map((one) => one.value.trim()).filter(Boolean);
    if (told.length) found[name] = box.dataset.kind === 'units' ? told : told[0];
  }
  return found;
}

/**
 * @param {Field[]} fields
 * @param {Record<string, string | string[]>} values
 * @param {Record<string, number[]>} files
 * @param {(field: Field) => Choice[]} choicesOf
 * @param {string} zone
 * @returns {Promise<{given: Record<string, any>, faults: Fault[]}>}
 */
export async function given(fields, values, files, choicesOf, zone) {
  /** @type {Record<string, any>} */ const found = {};
  /** @type {Fault[]} */ const faults = [];
  for (const field of fields) {
    const value = field.kind === 'files' ? files[field.name] : values[field.name];
    if (!value?.length) {
      if (field.needed) faults.push({ field: field.name, reason: 'missing' });
      continue;
    }
    found[field.name] = typeof value === 'string' ? await read(field, value, choicesOf, zone) : value;
  }
  return { given: found, faults };
}

/**
 * What cannot be read goes as it is: the server says what is wrong with it, as with all else.
 * @param {Field} field
 * @param {string} value
 * @param {(field: Field) => Choice[]} choicesOf
 * @param {string} zone
 */
async function read(field, value, choicesOf, zone) {
  if (field.kind === 'instant') return zoned(value, zone);
  if (field.kind === 'place') {
    const [lon, lat] = value.split(/[,，]/).map(Number);
    return Number.isFinite(lon) && Number.isFinite(lat) ? { lon, lat } : value;
  }
  if (field.kind !== 'case') return value;
  const near = choicesOf(field).find((one) => one.value === value);
  if (near) return near.note.id;
  const page = await cases(new URLSearchParams({ q: value, state: 'all', limit: '10' }).toString());
  return page.items.find((/** @type {any} */ one) => one.number === value || one.ref === value)?.id ?? value;
}
