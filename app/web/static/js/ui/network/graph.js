/** The picture of a network: the only module that knows Cytoscape.js. What it shows is in the list too. */

import cytoscape from '../../../vendor/cytoscape/cytoscape.esm.min.mjs';
import { declutter } from '../../lib/declutter.js';
import { rings } from '../../lib/rings.js';
import { looks, markOf } from './looks.js';

const MARGIN = 46;
const NEAREST = 1.25;
const SMALLEST = 0.62;
const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** @typedef {{key: string, kind: string, ring: number, label: string, glyph: string, vacant: boolean, many: boolean, urgency: string}} Drawn */
/** @typedef {{source: string, target: string, label: string}} DrawnTie */

export class Graph {
  /**
   * @param {HTMLElement} host
   * @param {{onPick: (key: string) => void, onEnter: (key: string) => void, onHover: (key: string | null) => void}} handlers
   */
  constructor(host, handlers) {
    this.host = host;
    /** @type {cytoscape.Core} */ this.cy = cytoscape({ container: host, elements: [], style: looks(() => this.zoom(), SMALLEST), layout: { name: 'preset' }, minZoom: 0.08, maxZoom: 3, boxSelectionEnabled: false, autounselectify: true, autoungrabify: true });
    this.chosen = '';
    this.cy.on('tap', 'node', (/** @type {any} */ event) => handlers.onPick(event.target.id()));
    this.cy.on('dbltap', 'node', (/** @type {any} */ event) => handlers.onEnter(event.target.id()));
    this.cy.on('mouseover', 'node', (/** @type {any} */ event) => { host.style.cursor = 'pointer'; handlers.onHover(event.target.id()); });
    this.cy.on('mouseout', 'node', () => { host.style.cursor = ''; handlers.onHover(null); });
    this.cy.on('zoom', () => this.rescale());
    this.sized = new ResizeObserver(() => { this.cy.resize(); if (!this.moved) this.fit(); });
    this.sized.observe(host);
    this.cy.on('scrollzoom dragpan pinchzoom', () => { this.moved = true; });
  }

  /** @returns {number} */
  zoom() {
    return this.cy?.zoom() || 1;
  }

  /**
   * @param {Drawn[]} all of the network, by which it is laid out, so that nothing jumps when some of it is hidden
   * @param {DrawnTie[]} ties of all
   * @param {Set<string>} shown
   * @param {DrawnTie[]} shownTies
   */
  show(all, ties, shown, shownTies) {
    const places = rings(all, ties, this.host.clientHeight / Math.max(1, this.host.clientWidth));
    const elements = [
      ...all.filter(({ key }) => shown.has(key)).map((node) => ({
        group: 'nodes', data: { ...node, id: node.key }, position: { ...places.get(node.key) }, classes: node.vacant ? 'vacant' : '',
      })),
      ...shownTies.map((tie, i) => ({ group: 'edges', data: { id: `tie:${i}`, ...tie } })),
    ];
    this.cy.batch(() => {
      this.cy.elements().remove();
      this.cy.add(/** @type {any} */ (elements));
    });
    this.moved = false;
    this.choose(shown.has(this.chosen) ? this.chosen : '');
    this.fit();
  }

  fit() {
    if (!this.cy.elements().length || !this.host.clientWidth) return;
    this.cy.fit(undefined, MARGIN);
    if (this.cy.zoom() > NEAREST) { this.cy.zoom(NEAREST); this.cy.center(); }
    this.rescale();
  }

  /** @param {number} by */
  closer(by) {
    const middle = { x: this.host.clientWidth / 2, y: this.host.clientHeight / 2 };
    this.moved = true;
    this.cy.zoom({ level: this.cy.zoom() * by, renderedPosition: middle });
  }

  /** @param {string} key what is chosen: it and what it is tied to are filled, its ties say what they are */
  choose(key) {
    this.chosen = key;
    const { cy } = this;
    cy.batch(() => {
      cy.elements().removeClass('chosen near own');
      const node = cy.getElementById(key);
      node.addClass('chosen');
      node.connectedEdges().addClass('own');
      node.neighborhood('node').addClass('near');
    });
    this.repaint();
    this.inSight(key);
  }

  /** @param {string} key brought into sight where it lies outside */
  inSight(key) {
    const node = this.cy.getElementById(key);
    if (!this.moved || !node.length) return;
    const { x, y } = node.renderedPosition();
    if (x > MARGIN && y > MARGIN && x < this.host.clientWidth - MARGIN && y < this.host.clientHeight - MARGIN) return;
    if (calm.matches) this.cy.center(node);
    else this.cy.animate({ center: { eles: node }, duration: 160 });
  }

  /** @param {string[]} keys */
  light(keys) {
    this.cy.batch(() => {
      this.cy.nodes('.lit').removeClass('lit');
      for (const key of keys) this.cy.getElementById(key).addClass('lit');
    });
  }

  /** Marks anew: what is chosen has changed, or the theme. */
  repaint() {
    this.cy.batch(() => this.cy.nodes().forEach((/** @type {any} */ node) => {
      const { kind, glyph, vacant, many, urgency } = node.data();
      node.data('mark', markOf({ kind, glyph, vacant, many, urgency, filled: node.hasClass('chosen') || node.hasClass('near') }));
    }));
    this.rescale();
  }

  restyle() {
    this.cy.style(looks(() => this.zoom(), SMALLEST));
    this.repaint();
  }

  /** Sizes follow the zoom, and with them which words find room. */
  rescale() {
    cancelAnimationFrame(this.frame ?? 0);
    this.frame = requestAnimationFrame(() => {
      this.write();
      this.cy.style().update();
    });
  }

  write() {
    const zoom = this.zoom();
    const half = 15 * Math.max(Math.min(1, zoom), SMALLEST);
    const nodes = this.cy.nodes().toArray();
    const marks = nodes.map((/** @type {any} */ node) => {
      const { x, y } = node.renderedPosition();
      return { key: node.id(), box: { left: x - half, top: y - half, right: x + half, bottom: y + half } };
    });
    const labels = nodes.map((/** @type {any} */ node, i) => {
      const { left, right, bottom } = marks[i].box;
      const wide = Math.min(64, width(node.data('label')) / 2);
      const rank = node.hasClass('chosen') ? 0 : node.hasClass('near') ? 1 : node.data('ring') + 1;
      const middle = (left + right) / 2;
      return { key: node.id(), rank, box: { left: middle - wide, right: middle + wide, top: bottom + 4, bottom: bottom + 20 } };
    });
    const ties = this.cy.edges('.own').toArray();
    const written = declutter([...labels, ...ties.map(wordOfTie)], marks);
    this.cy.batch(() => [...nodes, ...ties].forEach((/** @type {any} */ one) => one.data('written', written.has(one.id()))));
  }

  close() {
    cancelAnimationFrame(this.frame ?? 0);
    this.sized.disconnect();
    this.cy.destroy();
  }
}

/** @param {any} tie @returns {import('../../lib/declutter.js').Label} the word in its middle, written after all names that matter */
function wordOfTie(tie) {
  const { x, y } = tie.renderedMidpoint();
  const half = width(tie.data('label')) / 2 + 2;
  return { key: tie.id(), rank: 1.5, box: { left: x - half, right: x + half, top: y - 9, bottom: y + 9 } };
}

/** @param {string} label of twelve pixels: what is not Latin is square */
const width = (label) => [...label].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x2e80 ? 12 : 6.6), 4);
