/** The panel in which a case is worked. `drawCase` draws it, and brings it up to date where it stands already. */

import * as api from '../../api/client.js';
import { element } from '../../lib/dom.js';
import { Drafts } from '../../lib/drafts.js';
import { newId } from '../../lib/ids.js';
import { t } from '../../lib/words.js';
import { Acts } from './acts.js';
import { drawClocks } from './clocks.js';
import { drawBar, drawDue, drawTitle } from './head.js';
import { drawNear } from './near.js';
import { PrintedOrder } from './order.js';
import { drawPictures } from './pictures.js';
import { drawPlace } from './place.js';
import { drawStory } from './story.js';
import { drawUndo } from './undo.js';
import { drawWaiting } from './waiting.js';

/** @typedef {import('./view.js').CaseContext} CaseContext */

const FRESH_MS = 60000;
const drafts = new Drafts(sessionStorage, newId);

/** @type {WeakMap<HTMLElement, CasePanel>} */
const panels = new WeakMap();

/**
 * Draw a case, or bring its panel up to date. A form that is half filled in stays as it is.
 * @param {HTMLElement} host
 * @param {any} found the case, as `GET /api/v1/cases/…` tells it
 * @param {any[]} path of the areas that it lies in; the panel reads its own
 * @param {CaseContext} context
 */
export function drawCase(host, found, path, context) {
  const before = panels.get(host);
  if (before && before.id === found.id && before.node.isConnected) {
    before.update(found, context);
    return;
  }
  const focused = document.activeElement !== document.body;
  before?.leave();
  const panel = new CasePanel(found, context);
  panels.set(host, panel);
  host.replaceChildren(panel.node);
  panel.start();
  // Where the focus was is gone: the last case, or a row that has made room.
  if (focused) requestAnimationFrame(() => setTimeout(() => { if (document.activeElement === document.body) panel.body.focus({ preventScroll: true }); }));
}

class CasePanel {
  /** @param {any} found @param {CaseContext} context */
  constructor(found, context) {
    this.id = found.id;
    this.found = found;
    this.context = context;
    /** @type {any} */ this.sheet = null;
    /** @type {any} */ this.forms = { version: found.version, items: [], lists: [] };
    this.drafts = drafts;
    this.skew = 0;
    this.now = () => Date.now() + this.skew;
    this.readAt = 0;
    this.turn = 0;
    this.moves = false;
    this.past = '';
    this.gone = new AbortController();
    this.order = new PrintedOrder();
    this.bar = element('div');
    this.due = element('p');
    this.title = element('div', { class: 'cp-title' });
    this.news = element('div', { class: 'cp-news', role: 'status' });
    this.body = element('div', { class: 'cp-body', tabindex: '0', role: 'region', 'aria-label': t('map.case') });
    this.foot = element('footer', { class: 'cp-acts' });
    this.acts = new Acts(this.foot, /** @type {any} */ (this));
    this.node = element('section', { class: 'card case-panel', 'aria-label': t('map.case'), 'data-case': found.id, 'aria-busy': 'true' }, this.bar, this.due, this.title, this.news, this.body, this.foot);
  }

  get view() {
    return this;
  }

  start() {
    this.bar.replaceChildren(drawBar(this.found, this.context));
    drawWaiting(this.found, this.context, this);
    document.addEventListener('keydown', (event) => this.key(event), { capture: true, signal: this.gone.signal });
    this.timer = setInterval(() => this.tick(), 1000);
    this.reload();
  }

  /** @param {any} found @param {CaseContext} context */
  update(found, context) {
    this.context = context;
    this.found = found;
    this.bar.replaceChildren(drawBar(found, context));
    if (!this.sheet || this.past !== (context.past ?? '') || found.version !== this.sheet.version || Date.now() - this.readAt > FRESH_MS) this.reload();
    else this.begin();
  }

  /** Read all of it anew: two requests, beside each other. */
  async reload() {
    this.turn += 1;
    const { turn } = this;
    try {
      const { past } = this.context;
      const [sheet, forms] = await Promise.all([api.caseSheet(this.id), past ? null : api.caseForms(this.id).catch(notTheirs)]);
      if (turn !== this.turn || this.gone.signal.aborted) return;
      this.sheet = sheet;
      this.forms = forms ?? { ...this.forms, version: sheet.version, items: [], lists: [] };
      this.moves = forms !== null;
      this.past = past ?? '';
      this.drafts.account = this.forms.account_id ?? 0;
      this.readAt = Date.now();
      this.skew = Date.parse(sheet.now) - this.readAt;
      this.show();
    } catch (problem) {
      if (!(problem instanceof api.Problem)) throw problem;
      if (turn === this.turn) this.fail(problem);
    }
  }

  show() {
    const at = this.body.scrollTop;
    this.node.removeAttribute('aria-busy');
    drawDue(this, this.due);
    this.title.replaceChildren(...drawTitle(this));
    this.news.replaceChildren(...drawUndo(this));
    this.body.replaceChildren(...[drawPictures(this), drawPlace(this, Boolean(this.moves)), drawClocks(this), drawStory(this), ...drawNear(this),
      element('p', { class: 'cp-rest' }, element('a', { href: `/cases/${this.id}` }, t('sheet.full_page')))].filter((one) => one !== null));
    this.body.scrollTop = at;
    this.acts.show();
    this.order.draw(this);
    this.begin();
  }

  /** Open the form that is wanted with the case, where the server offers it; one that is being filled in stays. */
  begin() {
    const move = this.context.begin?.(this.id);
    const offer = move && !this.acts.form ? this.forms.items.find((/** @type {any} */ one) => one.move === move) : null;
    if (offer) this.acts.open(offer);
  }

  /** @param {api.Problem} problem */
  fail(problem) {
    const gone = problem.status === 404;
    const again = element('button', { type: 'button', class: 'button' }, t('phone.again'));
    again.addEventListener('click', () => this.reload());
    this.node.removeAttribute('aria-busy');
    this.news.replaceChildren(element('div', { class: 'cp-trouble is-lost' },
      element('p', {}, gone ? t('sheet.out_of_sight') : problem.status === 0 ? t('map.server_gone') : problem.message), gone ? null : again));
    if (!this.sheet) this.body.replaceChildren();
  }

  /** @param {any} answer */
  async moved(answer) {
    this.acts.leave();
    this.foot.replaceChildren();
    await this.reload();
    /** @type {HTMLElement | null} */ (this.node.querySelector('#case-title'))?.focus({ preventScroll: true });
    this.context.onMoved?.();
    if (answer.split_id) this.context.onCase?.(answer.split_id);
  }

  tick() {
    if (!this.node.isConnected) this.leave();
    else if (this.sheet) drawDue(this, this.due);
  }

  /** @param {KeyboardEvent} event before the page has it: what lies on top closes first */
  key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!this.node.isConnected || event.ctrlKey || event.metaKey || event.altKey || target.closest?.('dialog[open]')) return;
    if (event.key === 'Escape' && (this.node.contains(target) || target === document.body) && this.acts.close()) {
      event.preventDefault();
      event.stopPropagation();
    } else if ((event.key === 'j' || event.key === 'k') && this.context.onStep && !target.closest?.('input, select, textarea')) {
      event.preventDefault();
      event.stopPropagation();
      this.context.onStep(event.key === 'j' ? 1 : -1);
    }
  }

  leave() {
    clearInterval(this.timer);
    this.gone.abort();
    this.acts.leave();
    this.order.remove();
  }
}

/** @param {any} problem who may not move cases is offered nothing */
function notTheirs(problem) {
  if (problem.status === 403) return null;
  throw problem;
}
