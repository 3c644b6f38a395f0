/** Reports that can be asked for in one step from what somebody looks at: each a form, so that its page is opened. */

import { element } from '../lib/dom.js';
import { newId } from '../lib/ids.js';

/** @typedef {[string, string][]} Doors codes of definitions, and how they are called */

/** @type {Record<string, Doors> | null} */
let known = null;

/** @param {string} lookedAt @returns {Doors} */
function doorsOf(lookedAt) {
  known ??= /** @type {Record<string, Doors>} */ (JSON.parse(document.getElementById('report-doors')?.textContent ?? '{}'));
  return known[lookedAt] ?? [];
}

const token = () => document.querySelector('meta[name=csrf-token]')?.getAttribute('content') ?? '';

/**
 * @param {string} lookedAt cell or selection
 * @param {string} scope code of the cell, or the question of the selection
 * @param {string} [look] class of the buttons
 * @returns {HTMLElement[]} nothing where there is no such report for whoever looks
 */
export function reportDoors(lookedAt, scope, look = 'button') {
  return doorsOf(lookedAt).map(([definition, word]) => {
    const fields = { csrf_token: token(), client_id: newId(), definition, scope };
    const form = element('form', { class: 'report-door', method: 'post', action: '/reports', target: '_blank' },
      ...Object.entries(fields).map(([name, value]) => element('input', { type: 'hidden', name, value })),
      element('button', { type: 'submit', class: look, title: word }, word));
    // Pressed once more it is another report: the form stays on the map.
    form.addEventListener('submit', () => setTimeout(() => { /** @type {HTMLInputElement} */ (form.querySelector('[name=client_id]')).value = newId(); }));
    return form;
  });
}
