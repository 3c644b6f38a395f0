/** Many cases at once: rows are ticked, one move with one reason is made with each, and each has a result of its own. */

import * as api from '../api/client.js';
import { element, icon } from '../lib/dom.js';
import { count } from '../lib/format.js';
import { t } from '../lib/words.js';
import { drawField } from './case/fields.js';
import { given, typed } from './case/reading.js';
import { Missing, Sending } from './sending.js';

/** @typedef {{id: number, version: number, name: string}} Picked */

const AT_ONCE = ['accept', 'dispatch', 'acknowledge', 'assign_inside', 'remind'];
const MOST = 100;

export class Batch {
  /**
   * @param {HTMLElement} host
   * @param {{zone: string, attempt: (work: () => Promise<void>) => Promise<void>, onChange: () => void, onDone: () => void}} page
   */
  constructor(host, page) {
    this.host = host;
    this.page = page;
    this.on = false;
    /** @type {Map<number, Picked>} */ this.picked = new Map();
    /** @type {any[]} */ this.items = [];
  }

  toggle() {
    this.on = !this.on;
    this.picked.clear();
    this.page.onChange();
  }

  /** @param {any} item @param {boolean} yes */
  pick(item, yes) {
    if (yes && this.picked.size < MOST) this.picked.set(item.id, { id: item.id, version: item.version, name: item.number ?? item.ref ?? `#${item.id}` });
    else this.picked.delete(item.id);
    this.page.onChange();
  }

  /** @param {any[]} items rows of the list, as they are now: who moves a case sees which version it is at */
  show(items) {
    this.items = items;
    for (const item of items) if (this.picked.has(item.id)) this.picked.set(item.id, { .../** @type {Picked} */ (this.picked.get(item.id)), version: item.version });
    this.host.hidden = !this.on;
    if (!this.on) { this.host.replaceChildren(); return; }
    const all = element('button', { type: 'button', class: 'button small', id: 'batch-all' }, t('batch.all', { n: Math.min(MOST, items.length) }));
    all.addEventListener('click', () => { for (const item of items.slice(0, MOST)) this.picked.set(item.id, { id: item.id, version: item.version, name: item.number ?? item.ref ?? `#${item.id}` }); this.page.onChange(); });
    const move = element('button', { type: 'button', class: 'button small primary', id: 'batch-move', hidden: !this.picked.size }, t('batch.move'));
    move.addEventListener('click', () => this.page.attempt(() => this.open()));
    const close = element('button', { type: 'button', class: 'tool', 'aria-label': t('batch.end'), title: t('batch.end') }, icon('close'));
    close.addEventListener('click', () => this.toggle());
    const held = document.activeElement?.id;
    this.host.replaceChildren(element('span', { role: 'status' }, t('batch.picked', { n: count(this.picked.size) })), all, move, close);
    if (held && this.host.contains(document.getElementById(held))) document.getElementById(held)?.focus();
  }

  /** Ask what to do with them: what the first of them may have done, of what can be done with many. */
  async open() {
    const [first] = this.picked.values();
    const forms = await api.caseForms(first.id);
    const offers = forms.items.filter((/** @type {any} */ offer) => AT_ONCE.includes(offer.move));
    const dialog = /** @type {HTMLDialogElement} */ (element('dialog', { class: 'pick batch', 'aria-labelledby': 'batch-title' }));
    const close = element('button', { type: 'button', class: 'button' }, t('map.close'));
    close.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => dialog.remove());
    const body = element('div', { class: 'batch-body' });
    const tabs = element('div', { class: 'tab-row', role: 'group', 'aria-label': t('batch.move') }, ...offers.map((/** @type {any} */ offer) => {
      const button = element('button', { type: 'button', class: 'tab', 'aria-pressed': 'false' }, t(`move.${offer.move}`));
      button.addEventListener('click', () => { tabs.querySelectorAll('button').forEach((one) => one.setAttribute('aria-pressed', String(one === button))); this.form(body, forms, offer, dialog); });
      return button;
    }));
    dialog.append(element('h2', { id: 'batch-title' }, t('batch.title', { n: count(this.picked.size) })),
      offers.length ? tabs : element('p', {}, t('batch.nothing', { name: first.name })), body, element('div', { class: 'ends' }, close));
    document.body.append(dialog);
    dialog.showModal();
    /** @type {HTMLElement | null} */ (tabs.querySelector('button'))?.click();
  }

  /** @param {HTMLElement} body @param {any} forms @param {any} offer @param {HTMLDialogElement} dialog */
  form(body, forms, offer, dialog) {
    const choices = (/** @type {any} */ field) => (field.list === null ? [] : forms.lists[field.list]);
    const fields = offer.fields.filter((/** @type {any} */ field) => field.kind !== 'files' || field.needed);
    const form = /** @type {HTMLFormElement} */ (element('form', { class: 'cp-form', novalidate: true, 'data-client': crypto.randomUUID() },
      ...fields.map((/** @type {any} */ field) => drawField(field, choices(field), undefined, '')),
      element('p', { class: 'send-told', role: 'status' }),
      element('div', { class: 'cp-send' }, element('button', { type: 'submit', class: 'button primary' }, t('batch.go', { move: t(`move.${offer.move}`), n: this.picked.size })))));
    body.replaceChildren(form);
    const keys = new Map([...this.picked.keys()].map((id) => [id, crypto.randomUUID()]));
    const sent = [...this.picked.values()];
    const send = async () => {
      const read = await given(fields, typed(form), {}, choices, this.page.zone);
      if (read.faults.length) throw new Missing(read.faults);
      return api.moves({ moves: sent.map(({ id, version }) => ({ case_id: id, version, move: offer.move, client_id: keys.get(id), given: read.given })) });
    };
    new Sending(form, send, (answer) => this.told(body, dialog, sent, answer.results));
  }

  /** @param {HTMLElement} body @param {HTMLDialogElement} dialog @param {Picked[]} sent @param {any[]} results */
  told(body, dialog, sent, results) {
    const good = results.filter((one) => one.status === 200).length;
    const rows = results.map((one, i) => element('tr', { class: one.status === 200 ? '' : 'is-refused' }, element('th', { scope: 'row' }, sent[i].name), element('td', {}, one.status === 200 ? t(`state.${one.answer.state}`) : one.title)));
    body.replaceChildren(element('p', { role: 'status' }, t('batch.done', { good, bad: results.length - good })), element('table', { class: 'batch-results' }, element('tbody', {}, ...rows)));
    // What was refused stays ticked, so that it can be looked at.
    for (const one of results) if (one.status === 200) this.picked.delete(one.case_id);
    dialog.addEventListener('close', () => this.page.onDone());
    this.page.onDone();
  }
}
