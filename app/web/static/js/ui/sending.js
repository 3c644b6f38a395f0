/**
 * A form is sent once: however often its key is pressed, and whatever becomes of the connection. It keeps the id of its
 * request until the server has answered; nothing is called done that the server has not acknowledged.
 */

import { Problem, renew } from '../api/client.js';
import { t } from '../lib/words.js';

const FIRST_MS = 2000;
const LONGEST_MS = 30000;

export class Sending {
  /**
   * @param {HTMLFormElement} form with `data-client`, a `.send-told` and `[data-fault]` of its fields
   * @param {(client: string) => Promise<any>} send asks the server, the same each time that it is called for one press
   * @param {(answer: any) => void} done
   * @param {(problem: Problem) => string | null} [explain] what to say of a refusal, where the form knows more of it
   * @param {AbortSignal} [signal] the form is gone: nothing is listened for any longer
   */
  constructor(form, send, done, explain = () => null, signal = undefined) {
    this.form = form;
    this.send = send;
    this.done = done;
    this.explain = explain;
    this.stale = false;
    this.busy = false;
    this.wait = FIRST_MS;
    this.timer = 0;
    this.told = /** @type {HTMLElement} */ (form.querySelector('.send-told'));
    this.key = /** @type {HTMLButtonElement} */ (form.querySelector('button[type=submit]'));
    form.addEventListener('submit', (event) => { event.preventDefault(); this.press(); });
    // What is being mended is not called wrong any longer.
    for (const kind of ['input', 'change']) form.addEventListener(kind, () => { if (!this.busy) this.clear(); });
    addEventListener('online', () => { if (this.timer) this.attempt(); }, { signal });
    addEventListener('beforeunload', (event) => { if (this.busy) event.preventDefault(); }, { signal });
  }

  get client() {
    return this.form.dataset.client ?? '';
  }

  press() {
    if (this.busy) {
      if (this.timer) this.attempt();
      return;
    }
    this.busy = true;
    this.wait = FIRST_MS;
    this.key.setAttribute('aria-disabled', 'true');
    this.clear();
    this.attempt();
  }

  async attempt() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.say('sending', t('phone.sending'));
    try {
      if (this.stale) await renew();
      this.stale = false;
      const answer = await this.send(this.client);
      this.say('done', t('phone.arrived'));
      this.busy = false;
      this.done(answer);
    } catch (problem) {
      if (!(problem instanceof Problem)) { this.rest(); throw problem; }
      // No answer says nothing about whether it arrived: it is asked again under the same id.
      if (problem.status === 0 || problem.status >= 500) this.again(problem);
      else this.refused(problem);
    }
  }

  /** @param {Problem} problem */
  again(problem) {
    this.say('lost', t(problem.status === 0 ? 'phone.lost' : 'phone.server_troubled', { s: Math.round(this.wait / 1000) }));
    this.timer = window.setTimeout(() => this.attempt(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_MS);
  }

  /** @param {Problem} problem */
  refused(problem) {
    this.rest();
    // Whoever signs in again in another window has another token: it is asked for before the next sending.
    this.stale = problem.status === 401 || problem.code === 'csrf_missing';
    const faults = /** @type {{field: string, reason: string, value: string}[]} */ (problem.facts.faults ?? []);
    const shown = faults.filter((fault) => this.mark(fault));
    const left = faults.filter((fault) => !shown.includes(fault)).map((fault) => `${fault.field}: ${t(`wrong.${fault.reason}`)}`);
    this.say('refused', [this.stale ? t('phone.signed_out') : this.explain(problem) ?? problem.message, ...left].join(' '));
    const first = /** @type {HTMLElement | null} */ (this.form.querySelector('.fault:not([hidden])'));
    first?.scrollIntoView({ block: 'center' });
  }

  /**
   * @param {{field: string, reason: string, value?: string}} fault
   * @returns {boolean} whether the form has a line for it
   */
  mark(fault) {
    const line = /** @type {HTMLElement | null} */ (this.form.querySelector(`[data-fault="${CSS.escape(fault.field)}"]`));
    if (!line) return false;
    line.textContent = t(`wrong.${fault.reason}`);
    line.hidden = false;
    return true;
  }

  clear() {
    for (const line of this.form.querySelectorAll('[data-fault]')) /** @type {HTMLElement} */ (line).hidden = true;
    this.say('', '');
  }

  rest() {
    this.busy = false;
    this.key.removeAttribute('aria-disabled');
  }

  /**
   * @param {string} state
   * @param {string} words
   */
  say(state, words) {
    this.told.dataset.state = state;
    this.told.textContent = words;
    if (state === 'lost' || state === 'refused') this.told.scrollIntoView({ block: 'nearest' });
  }
}

/** Thrown by a `send` that has found something missing. */
export class Missing extends Problem {
  /** @param {{field: string, reason: string}[]} faults */
  constructor(faults) {
    super(400, 'fields_missing', t('phone.missing'), { faults });
  }
}
