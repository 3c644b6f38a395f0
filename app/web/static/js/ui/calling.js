/** 特急 that waits for whoever is on duty, on top of the page until they have taken note of it. */

import { element, icon } from '../lib/dom.js';
import { nameOf } from '../lib/names.js';
import { clockTime } from '../lib/when.js';
import { t } from '../lib/words.js';
import { placeOf } from './queue.js';

/**
 * @param {HTMLElement} host an alert: what is put into it is read out
 * @param {any[]} calling the cases, the pressing first
 * @param {{zone: string, onOpen: (id: number) => void, onNote: (id: number) => void}} acts
 */
export function drawCalling(host, calling, acts) {
  const told = calling.map((item) => item.id).join();
  if (host.dataset.told === told) return;
  host.dataset.told = told;
  const [first] = calling;
  if (!first) { host.replaceChildren(); return; }
  const open = element('button', { type: 'button', class: 'button', id: 'calling-open' }, t('shift.open_case'));
  const note = element('button', { type: 'button', class: 'button primary', id: 'calling-note' }, t('shift.noted'));
  open.addEventListener('click', () => acts.onOpen(first.id));
  note.addEventListener('click', () => acts.onNote(first.id));
  const what = nameOf({ name: first.category, name_en: first.category_en });
  host.replaceChildren(icon('warn'), element('b', { class: 'urgent most' }, t('map.urgency_most')),
    element('span', { class: 'calling-what' }, element('b', {}, what), ` ${first.number ?? first.ref ?? ''} · ${placeOf(first)}`, first.due_at ? ` · ${t('shift.due_by', { at: clockTime(first.due_at, acts.zone) })}` : ''),
    calling.length > 1 ? element('span', { class: 'calling-more' }, t('shift.calling_more', { n: calling.length - 1 })) : '', open, note);
}
