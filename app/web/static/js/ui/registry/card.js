/** The card of an element of the registry: what it says of itself, what it is tied to, its cases, and what it was. */

import * as api from '../../api/client.js';
import { element, icon } from '../../lib/dom.js';
import { t } from '../../lib/words.js';
import { glyph } from '../network/side.js';
import { drawAbout } from './about.js';
import { Building } from './building.js';
import { drawChanges } from './changes.js';
import { drawMasked } from './reveal.js';
import { drawCases, drawTies } from './ties.js';
import { titleOf, typeOf } from './naming.js';

/**
 * @typedef {object} CardHandlers
 * @property {string} zone
 * @property {string} locale
 * @property {boolean} persons whether whoever looks may read persons
 * @property {(kind: string) => boolean} edits whether whoever looks may write elements of a kind
 * @property {() => boolean} past whether the page shows the past, which the registry's cards do not
 * @property {() => void} onClose
 * @property {(id: number) => void} onElement
 * @property {(id: number) => void} onCase
 * @property {(id: number) => void} onArea
 * @property {(id: number) => void} onNetwork
 * @property {(lon: number, lat: number) => void} onMap
 */

const MOST_CASES = 10;

/** @param {string} id @param {string} word @param {string} name @param {() => void} act */
function button(id, word, name, act) {
  const made = element('button', { type: 'button', class: 'button', id }, icon(name), t(word));
  made.addEventListener('click', act);
  return made;
}

export class ElementCard {
  /**
   * @param {HTMLElement} desk
   * @param {CardHandlers} handlers
   */
  constructor(desk, handlers) {
    this.handlers = handlers;
    this.id = 0;
    /** @type {{hide: () => boolean} | null} */ this.masked = null;
    this.gone = new AbortController();
    const close = element('button', { type: 'button', class: 'tool', id: 'element-close', 'aria-label': t('map.close'), title: `${t('map.close')} (Esc)` }, icon('close'));
    close.addEventListener('click', handlers.onClose);
    this.head = element('div', { class: 'el-head' });
    this.body = element('div', { class: 'el-body', tabindex: '0', role: 'region', 'aria-label': t('element.card') });
    this.node = element('aside', { class: 'element-side', id: 'element', 'aria-label': t('element.card') }, element('header', {}, this.head, close), this.body);
    desk.append(this.node);
    document.addEventListener('keydown', (event) => this.key(event), { capture: true, signal: this.gone.signal });
  }

  /**
   * @param {number} id
   * @param {boolean} [focus] whether the keys go to it
   */
  async show(id, focus = false) {
    if (id === this.id) return;
    const held = focus || this.node.contains(document.activeElement);
    this.id = id;
    this.masked?.hide();
    this.node.setAttribute('aria-busy', 'true');
    this.node.removeAttribute('data-element');
    this.head.replaceChildren(element('h2', {}, t('element.loading')));
    this.body.replaceChildren(...[1, 2, 3].map(() => element('div', { class: 'skeleton' })));
    try {
      const found = await this.read(id);
      if (id !== this.id) return;
      this.draw(found);
      if (held) /** @type {HTMLElement | null} */ (this.head.querySelector('h2'))?.focus({ preventScroll: true });
    } catch (problem) {
      if (!(problem instanceof api.Problem)) throw problem;
      if (id === this.id) this.fail(problem);
    } finally {
      if (id === this.id) this.node.removeAttribute('aria-busy');
    }
  }

  /** @param {number} id @returns {Promise<any>} all that the card tells */
  async read(id) {
    const [told, around, history] = await Promise.all([api.oneElement(id), api.elementAround(id), api.elementHistory(id)]);
    const { site_id: site, type } = told.element;
    const cases = around.cases.slice(0, MOST_CASES);
    const within = around.elements.some((/** @type {any} */ one) => one.element.id === site);
    const [found, lies, flats] = await Promise.all([
      Promise.all(cases.map((/** @type {any} */ one) => api.oneCase(one.case_id).catch(outOfSight))),
      site === null || within ? null : api.oneElement(site).catch(outOfSight),
      type === 'building' ? api.elementFlats(id) : null,
    ]);
    return { ...told, around, changes: history, cases: found.filter((one) => one !== null), site: lies?.element ?? null, flats: flats?.items ?? [] };
  }

  /** @param {any} found */
  draw(found) {
    const { handlers, id } = this;
    const { element: own } = found;
    this.node.dataset.element = String(id);
    this.head.replaceChildren(glyph(own.kind, t(`network.glyph_${own.kind}`)),
      element('div', {}, element('h2', { id: 'element-title', tabindex: '-1' }, titleOf(own)),
        element('p', {}, typeOf(own), own.code ? element('span', { class: 'code' }, own.code) : null, own.simulated ? element('span', { class: 'badge-sim', title: t('map.simulated_long') }, t('element.simulated')) : null)));
    const masked = found.person && handlers.persons ? drawMasked(own, found.person) : null;
    this.masked = masked;
    this.body.replaceChildren(...[
      handlers.past() ? element('p', { class: 'el-note' }, t('element.now_only')) : null,
      own.valid_to_on || own.merged ? element('p', { class: 'el-note' }, t(own.merged ? 'element.merged' : 'element.ended', { on: own.valid_to_on ?? '' })) : null,
      element('div', { class: 'el-do' }, button('element-network', 'network.title', 'network', () => handlers.onNetwork(id)),
        own.lon === null ? null : button('element-map', 'element.on_map', 'pin', () => handlers.onMap(own.lon, own.lat)),
        handlers.edits(own.kind) && !own.merged_into ? element('a', { class: 'button', id: 'element-edit', href: `/registry/elements/${id}/edit` }, icon('edit'), t('element.edit')) : null),
      drawAbout(found, handlers),
      masked?.node ?? null,
      found.flats.length ? new Building(found.flats, handlers.persons, handlers.onElement).node : null,
      ...drawTies(found, handlers),
      drawCases(found, handlers),
      drawChanges(found, handlers),
    ].filter((one) => one !== null));
    this.body.scrollTop = 0;
  }

  /** @param {api.Problem} problem */
  fail(problem) {
    const lost = problem.status === 404;
    const again = element('button', { type: 'button', class: 'button' }, t('network.again'));
    again.addEventListener('click', () => { const { id } = this; this.id = 0; this.show(id); });
    this.head.replaceChildren(element('h2', {}, t('element.card')));
    this.body.replaceChildren(element('div', { class: 'empty', role: 'alert' }, element('p', {}, lost ? t('element.out_of_sight') : problem.status === 0 ? t('map.server_gone') : problem.message), lost ? null : again));
  }

  /** @param {KeyboardEvent} event before the page has it: what is shown of somebody is hidden first */
  key(event) {
    if (event.key !== 'Escape' || /** @type {HTMLElement} */ (event.target).closest?.('dialog[open]')) return;
    const inside = this.node.contains(/** @type {Node} */ (event.target));
    if (this.masked?.hide()) { event.preventDefault(); event.stopPropagation(); } else if (inside) { event.preventDefault(); event.stopPropagation(); this.handlers.onClose(); }
  }

  leave() {
    this.id = 0;
    this.masked?.hide();
    this.gone.abort();
    this.node.remove();
  }
}

/** @param {any} problem what is not in sight, or not theirs to read, is left out */
function outOfSight(problem) {
  if (problem.status === 404 || problem.status === 403) return null;
  throw problem;
}
