/** The form of one move: drawn from its fields, kept as it is typed, sent once whatever becomes of the connection. */

import { move as makeMove } from '../../api/client.js';
import { element, icon } from '../../lib/dom.js';
import { t } from '../../lib/words.js';
import { Camera } from '../camera.js';
import { Missing, Sending } from '../sending.js';
import { drawField } from './fields.js';
import { given, typed } from './reading.js';
import { drawConflict, drawLost } from './trouble.js';

/** @typedef {import('./view.js').View} View */
/** @typedef {import('./fields.js').Field} Field */
/** @typedef {import('../../lib/drafts.js').Drafts} Drafts */
/** @typedef {{move: string, target: string | null, place: string, fields: Field[]}} Offer */

/**
 * @typedef {object} Round what the form works in
 * @property {View} view
 * @property {any} forms as the server told them last
 * @property {Drafts} drafts
 * @property {(answer: any) => void} moved
 * @property {() => Promise<void>} reload
 */

/** Says more than one line of what went wrong. */
class MoveSending extends Sending {
  /** @param {MoveForm} own @param {(client: string) => Promise<any>} send @param {(answer: any) => void} done @param {AbortSignal} signal */
  constructor(own, send, done, signal) {
    super(own.node, send, done, undefined, signal);
    this.own = own;
  }

  /** @param {import('../../api/client.js').Problem} problem */
  again(problem) {
    super.again(problem);
    this.own.lost(problem);
  }

  /** @param {import('../../api/client.js').Problem} problem */
  refused(problem) {
    super.refused(problem);
    if (problem.status === 409) this.own.conflict(problem);
  }

  /** @param {string} state @param {string} words */
  say(state, words) {
    if (state !== 'lost') this.own?.trouble.replaceChildren();
    super.say(state, words);
  }
}

export class MoveForm {
  /**
   * @param {Round} round
   * @param {Offer} offer
   * @param {() => void} onClose
   */
  constructor(round, offer, onClose) {
    this.round = round;
    this.offer = offer;
    this.onClose = onClose;
    this.gone = new AbortController();
    this.draft = round.drafts.of(this.id, offer.move);
    this.trouble = element('div', { class: 'cp-troubles', role: 'alert' });
    this.node = this.draw();
    /** @type {Camera[]} */ this.cameras = [...this.node.querySelectorAll('[data-camera]')].map((box) => this.camera(/** @type {HTMLElement} */ (box)));
    for (const kind of ['input', 'change']) this.node.addEventListener(kind, () => this.keep());
    this.node.addEventListener('keydown', (event) => this.phrase(event));
    this.sending = new MoveSending(this, (client) => this.send(client), (answer) => this.sent(answer), this.gone.signal);
  }

  get id() {
    return this.round.view.sheet.id;
  }

  /** @param {Field} field */
  choices(field) {
    return field.list === null ? [] : this.round.forms.lists[field.list];
  }

  draw() {
    const { offer, draft } = this;
    const close = element('button', { type: 'button', class: 'tool', 'aria-label': t('sheet.put_away'), title: `${t('sheet.put_away')} (Esc)` }, icon('close'));
    close.addEventListener('click', () => this.onClose());
    const form = /** @type {HTMLFormElement} */ (element('form', { class: 'cp-form', novalidate: true, 'aria-label': t(`move.${offer.move}`), 'data-move': offer.move, 'data-client': draft.client },
      element('header', {}, element('h3', {}, t(`move.${offer.move}`), offer.target ? element('span', { class: 'fine' }, ` → ${t(`state.${offer.target}`)}`) : null), close),
      element('div', { class: 'cp-fields' }, this.trouble,
        ...offer.fields.map((field) => drawField(field, this.choices(field), draft.values[field.name], this.round.view.sheet.closing_condition ?? ''))),
      element('p', { class: 'send-told', role: 'status' }),
      element('div', { class: 'cp-send' }, element('button', { type: 'submit', class: 'button primary' }, t(`move.${offer.move}`)))));
    return form;
  }

  /** @param {HTMLElement} box */
  camera(box) {
    const { lon, lat } = this.round.view.sheet;
    const camera = new Camera(box, () => (lon === null ? null : { lon, lat }));
    camera.restore(this.draft.files[camera.name] ?? []);
    return camera;
  }

  /** Keep what stands in the form. */
  keep() {
    this.draft.values = typed(this.node);
    this.draft.files = Object.fromEntries(this.cameras.map((camera) => [camera.name, camera.ids]));
    this.round.drafts.keep(this.id, this.offer.move, this.draft);
  }

  /** @param {KeyboardEvent} event Alt with a digit says a phrase */
  phrase(event) {
    if (!event.altKey || event.ctrlKey || !/^Digit[1-9]$/.test(event.code)) return;
    const box = /** @type {HTMLElement} */ (event.target).closest('.ask') ?? this.node;
    const key = `[data-phrase="${event.code.slice(5)}"]`;
    const button = /** @type {HTMLElement | null} */ (box.querySelector(key) ?? this.node.querySelector(key));
    if (!button) return;
    event.preventDefault();
    button.click();
  }

  /** @param {string} client */
  async send(client) {
    await Promise.all(this.cameras.map((camera) => camera.settled()));
    this.keep();
    const { view, forms } = this.round;
    const read = await given(this.offer.fields, this.draft.values, this.draft.files, (field) => this.choices(field), view.context.zone);
    const failed = this.cameras.filter((camera) => camera.failed).map((camera) => ({ field: camera.name, reason: 'not_there' }));
    const faults = [...failed, ...read.faults.filter((fault) => !failed.some((one) => one.field === fault.field))];
    if (faults.length) throw new Missing(faults);
    return makeMove(this.id, { move: this.offer.move, version: forms.version, client_id: client, given: read.given });
  }

  /** @param {any} answer */
  sent(answer) {
    this.round.drafts.drop(this.id, this.offer.move);
    this.leave();
    this.round.moved(answer);
  }

  /** @param {import('../../api/client.js').Problem} problem */
  lost(problem) {
    this.trouble.replaceChildren(drawLost(this.round.view, this.offer.move, this.draft, problem, () => this.sending.press()));
  }

  /** @param {import('../../api/client.js').Problem} problem */
  async conflict(problem) {
    const seen = Number(problem.facts.seen ?? this.round.forms.version);
    this.sending.told.dataset.state = 'conflict';
    await this.round.reload();
    this.changed(seen, problem.message);
    this.trouble.scrollIntoView({ block: 'nearest' });
  }

  /**
   * The case has gone on while the form was open: its words stay, and what happened is said above them.
   * @param {number} seen
   * @param {string} why
   */
  changed(seen, why = '') {
    const offered = this.round.forms.items.some((/** @type {Offer} */ one) => one.move === this.offer.move);
    this.trouble.replaceChildren(drawConflict(this.round.view, seen, why, offered));
    this.sending.key.hidden = !offered;
  }

  get busy() {
    return this.sending.busy;
  }

  leave() {
    clearTimeout(this.sending.timer);
    this.gone.abort();
  }
}
