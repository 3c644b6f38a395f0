/** What can be done with the case: exactly what the server offers, the first as the one filled key, the grave ones behind 更多. */

import { element } from '../../lib/dom.js';
import { t } from '../../lib/words.js';
import { MoveForm } from './move-form.js';

/** @typedef {import('./move-form.js').Round} Round */
/** @typedef {import('./move-form.js').Offer} Offer */

const AT_ONCE = 3;

export class Acts {
  /**
   * @param {HTMLElement} host
   * @param {Round} round
   */
  constructor(host, round) {
    this.host = host;
    this.round = round;
    /** @type {MoveForm | null} */ this.form = null;
    this.version = -1;
  }

  /** Bring keys and form in line with what the server offers now. */
  show() {
    const { forms } = this.round;
    if (this.form) {
      if (this.version !== forms.version && !this.form.busy) this.form.changed(this.version);
    } else {
      this.host.replaceChildren(...this.keys());
    }
    this.version = forms.version;
  }

  /** @returns {HTMLElement[]} */
  keys() {
    const { forms, drafts, view } = this.round;
    const of = (/** @type {string[]} */ ...places) => /** @type {Offer[]} */ (forms.items.filter((/** @type {Offer} */ one) => places.includes(one.place)));
    const first = of('first');
    const begun = drafts.movesOf(view.sheet.id).filter((move) => forms.items.some((/** @type {Offer} */ one) => one.move === move));
    const [comment, ...talk] = of('talk');
    const mild = [...first.slice(AT_ONCE), ...talk];
    const menu = [...mild, ...of('more')];
    const keys = [...first.slice(0, AT_ONCE).map((offer, i) => this.key(offer, i === 0, begun)), comment ? this.key(comment, false, begun) : null];
    const told = first.length ? [] : [element('p', { class: 'fine' }, t(view.context.past ? 'time.past_no_moves' : 'casework.no_moves'))];
    return [...told, element('div', { class: 'cp-keys' }, ...keys, menu.length ? this.more(menu, mild.length, begun) : null)];
  }

  /**
   * @param {Offer} offer
   * @param {boolean} filled
   * @param {string[]} begun moves whose form holds something
   */
  key(offer, filled, begun) {
    const button = element('button', { type: 'button', class: `button${filled ? ' primary' : ''}`, 'data-move': offer.move }, t(`move.${offer.move}`),
      begun.includes(offer.move) ? element('small', {}, t('sheet.begun')) : null);
    button.addEventListener('click', () => this.open(offer));
    return button;
  }

  /**
   * @param {Offer[]} offers
   * @param {number} mild how many of them at the beginning are as good as those outside
   * @param {string[]} begun
   */
  more(offers, mild, begun) {
    const box = /** @type {HTMLDetailsElement} */ (element('details', { class: 'cp-more' },
      element('summary', { class: 'button' }, t('casework.more_moves', { n: offers.length })),
      element('div', { class: 'cp-menu' }, ...offers.flatMap((offer, i) => [i && i === mild ? element('hr') : null, this.key(offer, false, begun)]))));
    box.addEventListener('focusout', (event) => { if (!box.contains(/** @type {Node | null} */ (event.relatedTarget))) box.open = false; });
    return box;
  }

  /** @param {Offer} offer */
  open(offer) {
    this.form = new MoveForm(this.round, offer, () => this.close());
    this.host.replaceChildren(this.form.node);
    const field = /** @type {HTMLElement | null} */ (this.form.node.querySelector('.cp-fields :is(input, select, textarea, summary)'));
    (field ?? this.form.sending.key).focus();
  }

  /** @returns {boolean} whether there was something to close: a form, whose words are kept, or the menu */
  close() {
    const menu = /** @type {HTMLDetailsElement | null} */ (this.host.querySelector('.cp-more[open]'));
    if (menu) {
      menu.open = false;
      menu.querySelector('summary')?.focus();
      return true;
    }
    if (!this.form) return false;
    // What is on its way stays in sight until the server has answered.
    if (this.form.busy) return true;
    const { move } = this.form.offer;
    this.leave();
    this.show();
    const key = /** @type {HTMLElement | null} */ (this.host.querySelector(`.cp-keys > [data-move="${move}"]`) ?? this.host.querySelector('.cp-keys summary'));
    key?.focus();
    return true;
  }

  leave() {
    this.form?.leave();
    this.form = null;
  }
}
