/** 撤销: one's own last move can be taken back for as long as the line counts down. */

import { move as makeMove } from '../../api/client.js';
import { element, icon } from '../../lib/dom.js';
import { t } from '../../lib/words.js';
import { Sending } from '../sending.js';
import { done } from './story.js';

/**
 * @param {any} panel
 * @returns {HTMLElement[]} nothing where nothing can be taken back
 */
export function drawUndo(panel) {
  const { sheet, forms } = panel;
  const last = sheet.log.at(-1);
  if (!sheet.undo_seconds || !last || !forms.items.some((/** @type {any} */ one) => one.place === 'undo')) return [];
  const until = Date.now() + sheet.undo_seconds * 1000;
  const left = element('span', { class: 'fine' });
  const form = /** @type {HTMLFormElement} */ (element('form', { class: 'cp-undo', 'data-client': panel.drafts.newId() },
    element('span', {}, t('sheet.just', { done: done(last) })),
    element('button', { type: 'submit', class: 'button small' }, icon('undo'), t('move.undo')), left, element('span', { class: 'send-told', role: 'status' })));
  const over = new AbortController();
  const sending = new Sending(form, (client) => makeMove(panel.id, { move: 'undo', version: forms.version, client_id: client, given: {} }), (answer) => { over.abort(); panel.moved(answer); }, undefined, over.signal);
  const tick = () => {
    const n = Math.max(0, Math.round((until - Date.now()) / 1000));
    left.textContent = t('casework.undo_left', { n });
    if (form.isConnected && (n || sending.busy)) return;
    clearInterval(timer);
    over.abort();
    form.remove();
  };
  const timer = setInterval(tick, 1000);
  left.textContent = t('casework.undo_left', { n: sheet.undo_seconds });
  return [form];
}
