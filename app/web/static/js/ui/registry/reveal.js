/** What is masked of a person: shown for a purpose, for a minute, and masked again. */

import * as api from '../../api/client.js';
import { element, icon } from '../../lib/dom.js';
import { t } from '../../lib/words.js';

/** What the server takes as a purpose. */
const LEAST = 4;
const MOST = 200;

/**
 * @param {import('../../lib/element.js').Listed} own
 * @param {any} person
 * @returns {{node: HTMLElement, hide: () => boolean}} `hide` says whether anything was shown
 */
export function drawMasked({ id, name }, person) {
  const fields = ['name', ...(person.has_identity ? ['identity'] : []), ...(person.has_phone ? ['phone'] : [])];
  const rows = fields.map((field) => new Masked(id, field, (field === 'name' && name) || t('element.hidden'), person.restricted_at !== null));
  const node = element('section', { class: 'el-part el-masked', 'aria-label': t('element.masked') }, element('h3', {}, t('element.masked')), ...rows.map((row) => row.node), element('p', { class: 'hint' }, t('element.masked_hint')));
  return { node, hide: () => rows.filter((row) => row.hide()).length > 0 };
}

class Masked {
  /** @param {number} id @param {string} field @param {string} mask @param {boolean} restricted */
  constructor(id, field, mask, restricted) {
    this.id = id;
    this.field = field;
    this.mask = mask;
    this.timer = 0;
    this.word = t(`element.of_${field}`);
    this.look = element('button', { type: 'button', class: 'button small', 'data-reveal': field, disabled: restricted, 'aria-label': t('element.look_at', { what: this.word }) }, icon('view'), t('element.look'));
    this.look.addEventListener('click', () => (this.timer ? this.hide() : this.ask()));
    this.value = element('span', { class: 'value' }, mask);
    this.left = element('span', { class: 'left' });
    this.told = element('span', { class: 'sr', role: 'status' });
    this.node = element('div', { class: 'el-secret', 'data-field': field }, element('span', {}, this.word), this.value, this.left, this.look, this.told);
  }

  /** Ask what for, in a dialog that goes by Esc. */
  ask() {
    const purpose = /** @type {HTMLInputElement} */ (element('input', { type: 'text', id: 'reveal-purpose', required: true, minlength: LEAST, maxlength: MOST, autocomplete: 'off', 'aria-describedby': 'reveal-hint reveal-says' }));
    const says = element('p', { class: 'trouble', id: 'reveal-says', role: 'alert' });
    const no = element('button', { type: 'button', class: 'button' }, t('element.cancel'));
    const yes = element('button', { type: 'submit', class: 'button primary' }, t('element.look'));
    const form = element('form', { novalidate: true }, element('h2', { id: 'reveal-title' }, t('element.look_at', { what: this.word })),
      element('label', { for: 'reveal-purpose' }, t('element.purpose')), purpose, element('p', { class: 'hint', id: 'reveal-hint' }, t('element.purpose_hint')), says, element('div', { class: 'el-do' }, yes, no));
    const dialog = /** @type {HTMLDialogElement} */ (element('dialog', { class: 'pick reveal', 'aria-labelledby': 'reveal-title' }, form));
    no.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => dialog.remove());
    form.addEventListener('submit', (event) => { event.preventDefault(); this.send(purpose, says, dialog); });
    document.body.append(dialog);
    dialog.showModal();
    purpose.focus();
  }

  /** @param {HTMLInputElement} purpose @param {HTMLElement} says @param {HTMLDialogElement} dialog */
  async send(purpose, says, dialog) {
    const said = purpose.value.trim();
    if (said.length < LEAST) { says.textContent = t('element.purpose_short', { n: LEAST }); purpose.focus(); return; }
    try {
      const { value, seconds } = await api.reveal(this.id, this.field, said);
      const wanted = dialog.open && this.node.isConnected;
      dialog.close();
      if (wanted) this.show(value, seconds);
    } catch (problem) {
      if (!(problem instanceof api.Problem)) throw problem;
      says.textContent = problem.status === 0 ? t('map.server_gone') : problem.message;
    }
  }

  /** @param {string} value @param {number} seconds */
  show(value, seconds) {
    const until = Date.now() + 1000 * seconds;
    this.value.textContent = value;
    this.value.classList.add('is-shown');
    this.look.lastChild?.replaceWith(t('element.mask'));
    this.told.textContent = t('element.shown', { what: this.word, n: seconds });
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      if (left <= 0) this.hide();
      else this.left.textContent = t('element.seconds', { n: left });
    };
    this.timer = window.setInterval(tick, 250);
    tick();
    this.look.focus();
  }

  /** @returns {boolean} whether it was shown */
  hide() {
    if (!this.timer) return false;
    clearInterval(this.timer);
    this.timer = 0;
    this.value.textContent = this.mask;
    this.value.classList.remove('is-shown');
    this.left.textContent = '';
    this.look.lastChild?.replaceWith(t('element.look'));
    this.told.textContent = t('element.masked_again', { what: this.word });
    return true;
  }
}
