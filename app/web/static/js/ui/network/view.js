/** The network view: the picture between the map and the list, all three of one network. */

import * as api from '../../api/client.js';
import { at, besides, places, without } from '../../lib/network.js';
import { timeOf } from '../../lib/urgency.js';
import { t } from '../../lib/words.js';
import { Graph } from './graph.js';
import { glyphOf, labelOf, tieOf } from './naming.js';
import { parts } from './parts.js';
import { drawChosen, drawKinds, useArrows } from './side.js';

/** @typedef {import('../../lib/network.js').Network} Network */
/** @typedef {import('../../lib/network.js').NetNode} NetNode */
/** @typedef {{net: string, hops: string, off: string}} Asked */
/**
 * @typedef {object} ViewHandlers
 * @property {(patch: Partial<Asked>) => Promise<void>} onChange
 * @property {() => void} onClose
 * @property {(key: string) => void} onOpen
 * @property {(lit: import('../../lib/network.js').Lit) => void} onLight
 * @property {(node: NetNode) => void} onMiddle a new network is there: the map goes to its middle
 */

const FRESH_MS = 30000;
const NONE = /** @type {Network} */ ({ of: '', nodes: [], edges: [], totals: {}, elements: 0, folded: null });

export class NetworkView {
  /**
   * @param {HTMLElement} desk
   * @param {ViewHandlers} handlers
   */
  constructor(desk, handlers) {
    this.handlers = handlers;
    this.asked = /** @type {Asked} */ ({ net: '', hops: '', off: '' });
    this.found = NONE;
    this.shown = NONE;
    this.chosen = '';
    /** @type {string[]} */ this.trail = [];
    this.loadedAt = 0;
    this.parts = parts(handlers, () => this.graph.fit());
    desk.append(this.parts.middle, this.parts.side);
    desk.querySelector('.map-frame')?.append(this.parts.chip);
    this.graph = new Graph(this.parts.picture, { onPick: (key) => this.choose(key), onEnter: (key) => this.enter(key), onHover: (key) => this.point(key) });
    this.acts = {
      onSwitch: (/** @type {string} */ word) => this.flip(word), onChoose: (/** @type {string} */ key) => this.choose(key, true), onEnter: (/** @type {string} */ key) => this.enter(key),
      onBack: () => this.back(), onPoint: (/** @type {string | null} */ key) => this.point(key), onOpen: handlers.onOpen,
    };
    useArrows(this.parts.side, this.acts);
    this.theme = new MutationObserver(() => this.graph.restyle());
    this.theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  }

  /** @param {Asked} asked what the address says */
  async show({ net, hops, off }) {
    const known = net === this.asked.net && hops === this.asked.hops;
    const changed = off !== this.asked.off;
    this.asked = { net, hops, off };
    this.parts.hop(hops);
    if (!known || (Date.now() - this.loadedAt > FRESH_MS && !this.waiting)) await this.load(known);
    else if (changed && this.found.of) this.draw();
  }

  /** @param {boolean} again whether it is the same question */
  async load(again) {
    const asked = this.asked;
    this.waiting = true;
    this.parts.middle.setAttribute('aria-busy', 'true');
    if (!again) this.parts.say(t('network.loading'));
    try {
      const found = await api.network(`of=${encodeURIComponent(asked.net)}&depth=${asked.hops || 2}`);
      if (asked.net !== this.asked.net || asked.hops !== this.asked.hops) return;
      const moved = found.of !== this.found.of;
      this.found = found;
      this.loadedAt = Date.now();
      this.parts.say(null);
      if (moved) { this.chosen = found.of; this.trail = []; this.handlers.onMiddle(found.nodes[0]); }
      this.draw(!again);
    } catch (problem) {
      const { message = '', status } = /** @type {any} */ (problem);
      if (status === undefined) throw problem;
      if (asked.net === this.asked.net && !again) this.parts.say(status === 0 ? t('map.server_gone') : message, () => this.load(false));
    } finally {
      this.waiting = false;
      this.parts.middle.removeAttribute('aria-busy');
    }
  }

  /** @param {boolean} [focus] whether the list is where the keys go */
  draw(focus = false) {
    const { found } = this;
    this.off = new Set(this.asked.off ? this.asked.off.split(',') : []);
    this.shown = without(found, this.off);
    const keys = new Set(this.shown.nodes.map((node) => node.key));
    if (!keys.has(this.chosen)) this.chosen = found.of;
    const drawn = (/** @type {Network} */ { edges }) => edges.map((edge) => ({ source: edge.source, target: edge.target, label: tieOf(edge) }));
    this.graph.chosen = this.chosen;
    this.graph.show(found.nodes.map((node) => ({
      key: node.key, kind: node.kind, ring: node.ring, label: labelOf(node), glyph: glyphOf(node), vacant: node.vacant > 0 && node.count === 1, many: node.count > 1,
      urgency: node.state === null ? '' : timeOf({ state: node.state, due_at: node.due_at }, new Date()).urgency,
    })), drawn(found), keys, drawn(this.shown));
    this.parts.count(found, this.shown);
    drawKinds(this.parts.kinds, found, this.off, this.acts);
    this.detailed(focus);
  }

  /** @param {boolean} focus */
  detailed(focus) {
    const node = this.node(this.chosen);
    if (!node) return;
    const had = focus || this.parts.detail.contains(document.activeElement);
    drawChosen(this.parts.detail, this.shown, node, this.trail.length > 0, this.acts);
    this.point(null);
    if (had) /** @type {HTMLElement | null} */ (this.parts.detail.querySelector('#net-list button') ?? this.parts.detail.querySelector('button'))?.focus();
  }

  /** @param {string} key */
  node(key) {
    return this.shown.nodes.find((node) => node.key === key);
  }

  /**
   * @param {string} key
   * @param {boolean} [focus]
   */
  choose(key, focus = false) {
    if (key === this.chosen || !this.node(key)) return;
    this.trail.push(this.chosen);
    this.chosen = key;
    this.graph.choose(key);
    this.detailed(focus);
  }

  back() {
    const before = this.trail.pop();
    if (before === undefined || !this.node(before)) return;
    const from = this.chosen;
    this.chosen = before;
    this.graph.choose(before);
    this.detailed(true);
    /** @type {HTMLElement | null} */ (this.parts.detail.querySelector(`[data-key="${CSS.escape(from)}"]`))?.focus();
  }

  /** @param {string} key put in the middle */
  enter(key) {
    const opens = this.node(key)?.opens;
    if (opens && opens !== this.asked.net) this.handlers.onChange({ net: opens });
    else this.choose(key, true);
  }

  /** @param {string} word a relation or a kind, switched on or off */
  async flip(word) {
    const off = new Set(this.off);
    if (!off.delete(word)) off.add(word);
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset;
    await this.handlers.onChange({ off: [...off].sort().join(',') });
    const again = focused?.relation ? `[data-relation="${focused.relation}"]` : focused?.kind ? `.kind[data-kind="${focused.kind}"]` : null;
    if (again) /** @type {HTMLElement | null} */ (this.parts.kinds.querySelector(again))?.focus();
  }

  /** @param {string | null} key what is pointed at; null: what is chosen, with what it is tied to, lights on the map */
  point(key) {
    const beside = besides(this.shown.edges).get(this.chosen) ?? new Set();
    const nodes = this.shown.nodes.filter((node) => (key === null ? node.key === this.chosen || beside.has(node.key) : node.key === key));
    const lit = places(nodes);
    this.graph.light(key === null ? [] : [key]);
    this.handlers.onLight(lit);
    this.parts.lit(lit.areas.length + lit.points.length);
  }

  /** @param {{area: number | null, case: number | null}} under the pointer on the map */
  hover(under) {
    this.graph.light(at(this.shown.nodes, under));
  }

  close() {
    // What has been asked and arrives later finds that nobody asks any more.
    this.asked = { net: '', hops: '', off: '' };
    this.theme.disconnect();
    this.graph.close();
    this.parts.remove();
  }
}
