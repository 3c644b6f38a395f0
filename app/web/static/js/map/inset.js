/** The complementary inset 互补小图: a canvas beside the map, from tiles and counts that are at hand; no second map. */

import * as api from '../api/client.js';
import { element } from '../lib/dom.js';
import { boundsOf, boxOf, coreOf, fitted, ground, shows, tilesOf } from '../lib/inset.js';
import { readTile } from '../lib/vector-tile.js';
import { t } from '../lib/words.js';
import { paintInset } from './inset-paint.js';

/** @typedef {import('../lib/inset.js').Box} Box */
/** @typedef {{classes: Map<number, number>, ramp: string, blank?: number, late: Map<number, number>}} Content what fills the cells, the class of those of which nothing is told, and how many late cases each has */

const MOST_TILES = 4;
const SIZES = { lens: [206, 222], overview: [108, 150] };
const LENS_ZOOM = 13.6;

export class Inset {
  /**
   * @param {HTMLElement} frame that the map stands in
   * @param {import('./map.js').OneMap} one
   * @param {() => void} onMode what it shows has changed
   */
  constructor(frame, one, onMode) {
    this.one = one;
    this.onMode = onMode;
    this.canvas = /** @type {HTMLCanvasElement} */ (element('canvas', { 'aria-hidden': true }));
    this.view = element('span', { class: 'view', 'aria-hidden': true });
    this.title = element('span', { class: 'title', 'aria-hidden': true });
    this.node = element('button', { type: 'button', class: 'inset', hidden: true }, this.title, element('span', { class: 'sheet', 'aria-hidden': true }, this.canvas, this.view));
    this.node.addEventListener('click', (event) => this.go(event));
    frame.append(this.node);
    /** @type {'lens' | 'overview' | ''} */ this.mode = '';
    /** @type {Content} */ this.content = { classes: new Map(), ramp: 'ramp', late: new Map() };
    /** @type {import('./inset-paint.js').Sheet[]} */ this.sheets = [];
    /** @type {Box | null} */ this.core = null;
    this.whole = /** @type {Box} */ (boxOf(/** @type {any} */ (one.options.bounds)));
    one.map.on('move', () => this.follow());
    one.map.on('resize', () => this.follow());
    new MutationObserver(() => this.paint()).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  }

  /** Fetch the shapes once: the same tiles that the map asks for when it shows the whole. */
  async load() {
    const address = (/** @type {{z: number, x: number, y: number}} */ { z, x, y }) => this.one.options.tiles.areas.replace('{z}', String(z)).replace('{x}', String(x)).replace('{y}', String(y));
    const tiles = tilesOf(this.whole, MOST_TILES);
    const bodies = await Promise.all(tiles.map((tile) => api.tile(address(tile))));
    this.sheets = tiles.map(({ z, x, y }, i) => {
      const side = 1 / 2 ** z;
      const layers = readTile(bodies[i]);
      const labels = (layers.labels?.features ?? []).map(({ id, properties, parts }) => ({
        id, level: String(properties.level), name: String(properties.name ?? ''), english: String(properties.name_en ?? properties.name ?? ''),
        at: /** @type {[number, number]} */ ([(x + parts[0][0][0] / layers.labels.extent) * side, (y + parts[0][0][1] / layers.labels.extent) * side]),
      }));
      return { corner: /** @type {[number, number]} */ ([x * side, y * side]), side, layers, labels };
    });
    this.core = coreOf(this.sheets.flatMap(({ labels }) => labels.filter(({ level }) => level === 'cell').map(({ at }) => at)), this.whole);
    this.follow();
  }

  /** @param {Content} content */
  show(content) {
    this.content = content;
    this.paint();
  }

  /** @returns {Box} what the map shows */
  seen() {
    const bounds = this.one.map.getBounds();
    return boxOf([bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()]);
  }

  /** @returns {Box} what the inset shows */
  shown() {
    return this.mode === 'lens' && this.core ? this.core : this.whole;
  }

  follow() {
    if (!this.sheets.length) return;
    const seen = this.seen();
    const mode = shows(seen, this.core, this.whole);
    if (mode !== this.mode) {
      this.mode = mode;
      this.paint();
      this.onMode();
    }
    this.frameView(seen);
  }

  /** @param {Box} seen the present window, drawn in the overview */
  frameView(seen) {
    this.view.hidden = this.mode !== 'overview';
    if (this.view.hidden) return;
    const { scale, x, y } = this.fit();
    const [width, height] = SIZES.overview;
    const pixel = (/** @type {number} */ value, /** @type {number} */ from, /** @type {number} */ by, /** @type {number} */ most) => Math.min(most, Math.max(0, (value - from) * scale + by));
    const [west, east] = [seen[0], seen[2]].map((value) => pixel(value, this.whole[0], x, width));
    const [north, south] = [seen[1], seen[3]].map((value) => pixel(value, this.whole[1], y, height));
    Object.assign(this.view.style, { left: `${west}px`, top: `${north}px`, width: `${Math.max(5, east - west)}px`, height: `${Math.max(5, south - north)}px` });
  }

  fit() {
    const [width, height] = SIZES[this.mode || 'overview'];
    return fitted(this.shown(), width, height, 4);
  }

  paint() {
    this.node.hidden = this.mode === '' || !this.sheets.length;
    if (this.mode === '' || this.node.hidden) return;
    const lens = this.mode === 'lens';
    this.node.dataset.mode = this.mode;
    this.title.textContent = t(lens ? 'map.inset_core' : 'map.inset_whole');
    const late = [...this.content.late.values()].reduce((sum, n) => sum + n, 0);
    this.node.setAttribute('aria-label', lens ? t('map.inset_core_label', { n: late }) : t('map.inset_whole_label'));
    this.node.title = t(lens ? 'map.inset_core_does' : 'map.inset_whole_does');
    const from = performance.now();
    paintInset(this.canvas, { size: SIZES[this.mode], fit: this.fit(), box: this.shown(), sheets: this.sheets, content: this.content, lens, english: this.one.options.english });
    this.node.dataset.ms = (performance.now() - from).toFixed(1);
  }

  /** @param {MouseEvent} event a press goes to what was pressed, Enter to all that the inset shows */
  go(event) {
    if (event.detail === 0) {
      if (this.mode === 'lens') this.one.goTo(boundsOf(this.shown()));
      else this.one.whole();
      return;
    }
    const { left, top } = this.canvas.getBoundingClientRect();
    const { scale, x, y } = this.fit();
    const [west, north] = this.shown();
    const { lon, lat } = ground([west + (event.clientX - left - x) / scale, north + (event.clientY - top - y) / scale]);
    this.one.goAt(lon, lat, this.mode === 'lens' ? LENS_ZOOM : this.one.map.getZoom());
  }
}
