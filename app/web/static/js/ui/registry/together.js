/** Several elements at one and the same place: which of them is meant. */

import * as api from '../../api/client.js';
import { element } from '../../lib/dom.js';
import { t } from '../../lib/words.js';
import { titleOf, typeOf } from './naming.js';

/** Half the side of the square that is looked in, in degrees: half a metre, finer than a mark can be placed. */
const NEAR = 5e-6;

/**
 * @param {{lon: number, lat: number}} at
 * @param {string} of the kind
 * @param {(id: number) => void} onPick
 */
export async function chooseAt({ lon, lat }, of, onPick) {
  const box = [lon - NEAR, lat - NEAR, lon + NEAR, lat + NEAR].map((side) => side.toFixed(7)).join(',');
  const { items } = await api.elements(`kind=${of}&bbox=${box}&limit=100`);
  const dialog = /** @type {HTMLDialogElement} */ (element('dialog', { class: 'pick el-together', 'aria-labelledby': 'together-title' }));
  const rows = items.map((/** @type {any} */ one) => {
    const row = element('button', { type: 'button', 'data-id': one.id }, titleOf(one), element('small', {}, [typeOf(one), one.code].filter(Boolean).join(' · ')));
    row.addEventListener('click', () => { dialog.close(); onPick(one.id); });
    return element('li', {}, row);
  });
  const close = element('button', { type: 'button', class: 'button' }, t('map.close'));
  close.addEventListener('click', () => dialog.close());
  dialog.append(element('h2', { id: 'together-title' }, t('map.elements_together', { n: items.length })), element('ul', {}, ...rows), element('div', { class: 'ends' }, close));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
