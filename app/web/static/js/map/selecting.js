/** Drawing a ring on the map, by a box or by hand, with mouse, pen or finger; what it encloses is for others to say. */

import { box, ring, thinned } from '../lib/ring.js';

/** @typedef {import('../lib/ring.js').Pair} Pair */
/** @typedef {'box' | 'lasso'} Way */

const NEAR_PX = 1.5;
const LEAST_PX = 6;

/**
 * @param {Pair[] | null} corners
 * @returns {any[]} GeoJSON features of the source `drawn`
 */
export const drawnRing = (corners) => (corners ? [{ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: corners } }] : []);

export class Selecting {
  /** @param {import('./map.js').OneMap} one */
  constructor(one) {
    this.one = one;
    /** @type {Way | null} */ this.way = null;
    /** @type {Pair[] | null} */ this.line = null;
    /** @type {(way: Way | null) => void} */ this.onWay = () => {};
    this.used = false;
    const canvas = one.map.getCanvasContainer();
    canvas.addEventListener('pointerdown', (/** @type {PointerEvent} */ event) => this.begin(event), { capture: true });
    canvas.addEventListener('pointermove', (/** @type {PointerEvent} */ event) => this.go(event));
    for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, (/** @type {Event} */ event) => this.end(event.type === 'pointerup'));
    // The click that ends a drag is no click on what lies below.
    canvas.addEventListener('click', (/** @type {Event} */ event) => { if (this.used) event.stopPropagation(); this.used = false; }, { capture: true });
  }

  /** @returns {Pair[] | null} the ring that is drawn, in degrees */
  get ring() {
    return this.one.options.drawn ?? null;
  }

  /** @param {Way | null} way how the next drag draws; null: it moves the map again */
  use(way) {
    this.way = way;
    const { map } = this.one;
    for (const hand of [map.dragPan, map.touchZoomRotate]) hand[way ? 'disable' : 'enable']();
    map.getContainer().classList.toggle('drawing', way !== null);
    this.onWay(way);
  }

  /** @param {PointerEvent} event */
  at(event) {
    const { left, top } = this.one.map.getCanvas().getBoundingClientRect();
    return /** @type {Pair} */ ([event.clientX - left, event.clientY - top]);
  }

  /** @param {PointerEvent} event */
  begin(event) {
    this.used = false;
    if (!event.isPrimary || event.button !== 0 || !(this.way || event.shiftKey)) return;
    this.drag = this.way ?? 'box';
    this.one.map.dragPan.disable();
    this.line = [this.at(event)];
    /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  go(event) {
    if (!this.line) return;
    this.line.push(this.at(event));
    const corners = this.corners();
    if (corners.length > 1) this.draw([...corners, corners[0]].map((pixel) => this.ground(pixel)));
  }

  /** @param {boolean} done */
  end(done) {
    if (!this.line) return;
    const corners = thinned(this.corners(), NEAR_PX);
    const spans = [0, 1].map((i) => Math.max(...corners.map((p) => p[i])) - Math.min(...corners.map((p) => p[i])));
    this.line = null;
    this.used = true;
    this.use(null);
    if (done && Math.min(...spans) >= LEAST_PX) this.set(ring(corners.map((pixel) => this.ground(pixel))));
    else this.set(null);
  }

  /** @returns {Pair[]} in pixels */
  corners() {
    const line = /** @type {Pair[]} */ (this.line ?? []);
    return this.drag === 'box' ? box(line[0], line[line.length - 1]) : line;
  }

  /** @param {Pair} pixel @returns {Pair} */
  ground(pixel) {
    const { lng, lat } = this.one.map.unproject(pixel);
    return [Number(lng.toFixed(7)), Number(lat.toFixed(7))];
  }

  /** All that is seen now: the way to select without a hand that draws. */
  window() {
    const { clientWidth: width, clientHeight: height } = this.one.map.getCanvas();
    this.set(ring(box([0, 0], [width, height]).map((pixel) => this.ground(/** @type {Pair} */ (pixel)))));
  }

  /** @param {Pair[] | null} closed */
  set(closed) {
    const had = this.ring !== null;
    this.draw(closed);
    if (had || closed) this.one.handlers.onSelect?.(closed);
  }

  /** @param {Pair[] | null} closed */
  draw(closed) {
    this.one.options.drawn = closed;
    /** @type {any} */ (this.one.map.getSource('drawn'))?.setData({ type: 'FeatureCollection', features: drawnRing(closed) });
  }
}
