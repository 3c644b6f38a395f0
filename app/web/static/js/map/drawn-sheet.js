/** The drawing that the server made: where it stands, what of it is of which colour, what lies where. */

import { square } from '../lib/inset.js';
import { svg } from '../lib/svg.js';

/** @typedef {{zoom: number, lat: number, lon: number}} At */
/** @typedef {{class: number, faded: boolean, outside: boolean}} CellState */
/** @typedef {{id: number, level: string}} Selected */

const WORLD_PX = 512;
const CHOSEN_PX = 18;
const LIT_PX = 12;
const HIDEABLE = ['ground', 'names', 'community', 'subdistrict', 'cell'];

/** @param {number} zoom @returns {number} pixels once around the world */
export const worldAt = (zoom) => WORLD_PX * 2 ** zoom;

export class DrawnSheet {
  /**
   * @param {HTMLElement} container
   * @param {import('./style.js').StyleOptions} options
   */
  constructor(container, options) {
    this.container = container;
    this.options = options;
    /** @type {SVGSVGElement | null} */ this.node = null;
    /** @type {At} */ this.at = { zoom: 0, lat: 0, lon: 0 };
    /** @type {Map<number, CellState>} */ this.states = new Map();
    /** @type {Selected | null} */ this.selected = null;
    /** @type {{lon: number, lat: number} | null} */ this.chosen = null;
    /** @type {import('../lib/network.js').Lit} */ this.lit = { areas: [], points: [] };
  }

  /**
   * @param {string} text the document
   * @param {At} at what it was drawn of
   */
  put(text, at) {
    const node = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (document.importNode(new DOMParser().parseFromString(text, 'image/svg+xml').documentElement, true)));
    node.setAttribute('aria-hidden', 'true');
    for (const size of ['width', 'height']) node.removeAttribute(size);
    if (this.node) this.node.replaceWith(node);
    else this.container.prepend(node);
    this.node = node;
    this.at = at;
    this.dress();
  }

  /** @returns {SVGElement[]} */
  cells() {
    return [...(this.node?.querySelectorAll('.d-cell') ?? [])].map((cell) => /** @type {SVGElement} */ (cell));
  }

  /** Show what there is elsewhere, until the next drawing is there. @param {number} x pixels @param {number} y @param {number} [scale] */
  shift(x, y, scale = 1) {
    const { clientWidth: width, clientHeight: height } = this.container;
    this.node?.setAttribute('viewBox', [(width - width / scale) / 2 - x / scale, (height - height / scale) / 2 - y / scale, width / scale, height / scale].join(' '));
  }

  /** @param {At} at */
  shiftTo(at) {
    const world = worldAt(at.zoom);
    const [[x, y], [oldX, oldY]] = [square(at.lon, at.lat), square(this.at.lon, this.at.lat)];
    this.shift((oldX - x) * world, (oldY - y) * world, 2 ** (at.zoom - this.at.zoom));
  }

  /** @param {Map<number, CellState>} states of the cells that are not plain */
  colour(states) {
    this.states = states;
    this.dress();
  }

  /** @param {Selected | null} selected */
  select(selected) {
    this.selected = selected;
    this.dress();
  }

  /** @param {{lon: number, lat: number} | null} chosen */
  choose(chosen) {
    this.chosen = chosen;
    this.rings();
  }

  /** @param {import('../lib/network.js').Lit} lit */
  light(lit) {
    this.lit = lit;
    this.dress();
  }

  /** Colour what has been drawn by what the page knows. */
  dress() {
    const { node, options } = this;
    if (!node) return;
    node.dataset.layer = options.layer;
    for (const key of HIDEABLE) node.classList.toggle(`no-${key}`, options.hidden.has(key));
    for (const cell of this.cells()) {
      const state = this.states.get(Number(cell.dataset.area));
      cell.dataset.class = String(state?.class ?? 0);
      cell.classList.toggle('is-faded', Boolean(state?.faded));
      cell.classList.toggle('is-outside', Boolean(state?.outside));
    }
    for (const old of node.querySelectorAll('.d-outline')) old.remove();
    for (const { id, level } of this.lit.areas) this.outline(id, `of-${level} is-lit`);
    if (this.selected) this.outline(this.selected.id, `of-${this.selected.level}`);
    this.rings();
  }

  /** @param {number} id @param {string} look */
  outline(id, look) {
    const path = this.node?.querySelector(`[data-area="${id}"]`)?.getAttribute('d');
    if (!path) return;
    const lines = ['d-casing', 'd-line'].map((part) => svg('path', { class: part, d: path }));
    this.node?.querySelector('.d-names')?.before(svg('g', { class: `d-outline ${look}` }, ...lines));
  }

  /** Rings around the case that is opened, and around what is pointed at elsewhere. */
  rings() {
    for (const old of this.node?.querySelectorAll('.d-ring') ?? []) old.remove();
    const world = worldAt(this.at.zoom);
    const middle = square(this.at.lon, this.at.lat);
    const put = (/** @type {number} */ lon, /** @type {number} */ lat, /** @type {number} */ r, /** @type {string} */ look) => {
      const [x, y] = square(lon, lat);
      const place = { cx: (x - middle[0]) * world + this.container.clientWidth / 2, cy: (y - middle[1]) * world + this.container.clientHeight / 2, r };
      this.node?.append(svg('circle', { class: `d-ring d-casing ${look}`, ...place }), svg('circle', { class: `d-ring d-line ${look}`, ...place }));
    };
    for (const [lon, lat] of this.lit.points) put(lon, lat, LIT_PX, 'is-lit');
    if (this.chosen) put(this.chosen.lon, this.chosen.lat, CHOSEN_PX, '');
  }

  /**
   * @param {PointerEvent} event
   * @param {string} chosen a selector
   * @returns {DOMStringMap | null} what the uppermost such thing there says of itself
   */
  under(event, chosen) {
    const found = document.elementsFromPoint(event.clientX, event.clientY).map((node) => node.closest(chosen)).find((node) => node && this.container.contains(node));
    return found ? /** @type {SVGElement} */ (found).dataset : null;
  }
}
