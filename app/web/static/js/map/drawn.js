/** The one map where there is no WebGL: the server draws it, the browser colours it, moves it and reads what lies where. */

import { picture } from '../api/client.js';
import { boxOf, ground, margins, square } from '../lib/inset.js';
import { DrawnSheet, worldAt } from './drawn-sheet.js';
import { levelAt } from './pointing.js';

const LAST_ZOOM = 18;
const SOON_MS = 80;
const WHEEL_STEP = 0.5;
const DRAG_PX = 4;
const STEPS = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-0.25, 0], ArrowRight: [0.25, 0], ArrowUp: [0, -0.25], ArrowDown: [0, 0.25] });

/** @typedef {import('./drawn-sheet.js').At} At */

/** Stands where `OneMap` stands, with what it has of its ways. */
export class DrawnMap {
  /**
   * @param {HTMLElement} container
   * @param {import('./style.js').StyleOptions} options
   * @param {import('./map.js').Handlers} handlers
   * @param {At | null} at
   */
  constructor(container, options, handlers, at) {
    this.container = container;
    this.options = options;
    this.handlers = handlers;
    /** @type {At} */ this.at = at ?? { zoom: 1, lat: 0, lon: 0 };
    this.sheet = new DrawnSheet(container, options);
    this.turn = 0;
    if (!at) this.fit(options.bounds, this.margins());
    container.classList.add('drawn');
    container.tabIndex = 0;
    this.listen();
    this.soon();
  }

  margins() {
    const { bounds } = this.options;
    return bounds ? margins(boxOf(bounds), this.container.clientWidth, this.container.clientHeight) : { top: 28, bottom: 28, left: 28, right: 28 };
  }

  listen() {
    const { container } = this;
    container.addEventListener('wheel', (event) => {
      event.preventDefault();
      const { left, top, width, height } = container.getBoundingClientRect();
      const by = event.deltaY < 0 ? WHEEL_STEP : -WHEEL_STEP;
      // What lies under the pointer stays there.
      const part = 1 - 2 ** -by;
      this.move((event.clientX - left - width / 2) * part, (event.clientY - top - height / 2) * part, by);
    }, { passive: false });
    container.addEventListener('pointerdown', (event) => this.drag(event));
    container.addEventListener('pointermove', (event) => this.hover(event));
    container.addEventListener('pointerleave', () => this.handlers.onHover(null, 0, 0, {}, null));
    container.addEventListener('keydown', (event) => {
      const step = STEPS[event.key];
      if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      this.move(step[0] * container.clientWidth, step[1] * container.clientHeight);
    });
  }

  /** @param {PointerEvent} start */
  drag(start) {
    if (start.button !== 0) return;
    const { container } = this;
    const away = (/** @type {PointerEvent} */ event) => /** @type {const} */ ([event.clientX - start.clientX, event.clientY - start.clientY]);
    const move = (/** @type {PointerEvent} */ event) => this.sheet.shift(...away(event));
    const stop = (/** @type {PointerEvent} */ event) => {
      container.removeEventListener('pointermove', move);
      const [x, y] = away(event);
      if (Math.hypot(x, y) < DRAG_PX) { this.sheet.shift(0, 0); this.click(start); return; }
      this.move(-x, -y);
    };
    container.setPointerCapture(start.pointerId);
    container.addEventListener('pointermove', move);
    container.addEventListener('pointerup', stop, { once: true });
    container.addEventListener('pointercancel', () => { container.removeEventListener('pointermove', move); container.removeEventListener('pointerup', stop); this.sheet.shift(0, 0); }, { once: true });
  }

  /**
   * @param {number} x pixels to the east
   * @param {number} y pixels to the south
   * @param {number} [by] zoom
   */
  move(x, y, by = 0) {
    const world = worldAt(this.at.zoom);
    const [east, south] = square(this.at.lon, this.at.lat);
    const zoom = Math.min(LAST_ZOOM, Math.max(0, this.at.zoom + by));
    this.go({ ...ground([east + x / world, south + y / world]), zoom });
  }

  /** @param {At} at */
  go(at) {
    this.at = at;
    this.sheet.shiftTo(at);
    this.handlers.onMove(at);
    this.soon();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.draw(), SOON_MS);
  }

  /** Ask for the drawing of what is to be seen. */
  async draw() {
    const { clientWidth: width, clientHeight: height } = this.container;
    if (width < 10 || height < 10) return;
    const turn = (this.turn += 1);
    document.body.dataset.map = 'drawing';
    this.asking?.abort();
    this.asking = new AbortController();
    const { zoom, lat, lon } = this.at;
    const filter = this.options.tiles.cases.split('?')[1] ?? '';
    const place = `at=${zoom.toFixed(4)}/${lat.toFixed(6)}/${lon.toFixed(6)}&size=${Math.min(width, 4096)}x${Math.min(height, 2400)}`;
    try {
      const text = await picture(`/tiles/picture.svg?${place}&${filter}`, this.asking.signal);
      if (turn !== this.turn) return;
      this.sheet.put(text, { zoom, lat, lon });
      document.body.dataset.map = 'idle';
      this.handlers.onReady?.();
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError') && turn === this.turn) this.handlers.onFailure();
    }
  }

  /** @param {PointerEvent} event */
  click(event) {
    const mark = this.sheet.under(event, '.d-mark');
    if (mark?.case) { this.handlers.onCase(Number(mark.case)); return; }
    if (mark) {
      const { left, top, width, height } = this.container.getBoundingClientRect();
      const part = 0.75;
      this.move((event.clientX - left - width / 2) * part, (event.clientY - top - height / 2) * part, 2);
      return;
    }
    const area = this.sheet.under(event, `[data-level="${levelAt(this.options.levels, this.at.zoom)}"]`);
    if (area) this.handlers.onArea(Number(area.area), area.level ?? '');
  }

  /** @param {PointerEvent} event */
  hover(event) {
    const { left, top } = this.container.getBoundingClientRect();
    const cell = this.sheet.under(event, '.d-cell');
    const mark = this.sheet.under(event, '.d-mark');
    this.container.classList.toggle('on-mark', mark !== null);
    const said = cell ? { code: cell.code, name: cell.name, name_en: cell.nameEn } : {};
    this.handlers.onHover(cell ? Number(cell.area) : null, event.clientX - left, event.clientY - top, said, Number(mark?.case) || null);
  }

  isReady() { return this.sheet.node !== null; }

  drawnCells() { return this.sheet.cells().map((cell) => Number(cell.dataset.area)); }

  /** @param {Map<number, import('./drawn-sheet.js').CellState>} states of the cells that are not plain */
  paint(states) { this.sheet.colour(states); }

  /** @param {string} layer */
  fillBy(layer) { this.options.layer = layer; }

  /** @param {import('./drawn-sheet.js').Selected | null} chosen else the outline is that of the reader's own territory */
  select(chosen) { this.sheet.select(chosen ?? this.options.home ?? null); }

  /** @param {{lon: number, lat: number} | null} item */
  choose(item) { this.sheet.choose(item); }

  /** @param {import('../lib/network.js').Lit} lit */
  light(lit) { this.sheet.light(lit); }

  /** @param {string} address of the case tiles: its filter is the drawing's too */
  showCases(address) {
    if (this.options.tiles.cases === address) return;
    this.options.tiles.cases = address;
    this.soon();
  }

  /**
   * @param {[number, number, number, number] | null} bounds west, south, east, north in degrees
   * @param {{top: number, bottom: number, left: number, right: number}} edge
   */
  fit(bounds, edge) {
    if (!bounds) return;
    const [west, north, east, south] = boxOf(bounds);
    const { clientWidth, clientHeight } = this.container;
    const room = [Math.max(50, clientWidth - edge.left - edge.right), Math.max(50, clientHeight - edge.top - edge.bottom)];
    const zoom = Math.min(16.5, Math.log2(Math.min(room[0] / (east - west), room[1] / (south - north)) / worldAt(0)));
    const world = worldAt(zoom);
    this.at = { ...ground([(west + east) / 2 + (edge.right - edge.left) / 2 / world, (north + south) / 2 + (edge.bottom - edge.top) / 2 / world]), zoom };
  }

  /** @param {[number, number, number, number]} bounds west, south, east, north in degrees */
  goTo(bounds) {
    this.fit(bounds, { top: 48, bottom: 48, left: 48, right: 48 });
    this.go(this.at);
  }

  /** @param {number} lon @param {number} lat */
  goNear(lon, lat) { this.go({ lon, lat, zoom: Math.max(this.at.zoom, 15.2) }); }

  /** @param {number} lon @param {number} lat @param {number} zoom */
  goAt(lon, lat, zoom) { this.go({ lon, lat, zoom }); }

  whole() {
    this.fit(this.options.bounds, this.margins());
    this.go(this.at);
  }

  /** @param {number} by */
  zoom(by) { this.move(0, 0, by); }

  restyle() { this.sheet.dress(); }

  resize() { this.soon(); }

  metresPerPixel() { return (78271.517 * Math.cos((this.at.lat * Math.PI) / 180)) / 2 ** this.at.zoom; }
}
