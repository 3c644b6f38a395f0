/** 立体: the map tilted, its buildings raised; and back to the flat view that it was raised from. */

import { inside } from '../lib/ring.js';
import { flight } from './flight.js';

export const PITCH = 58;
const NEAREST = 15.8;
const MOVED = 1e-6;

/** Where houses come from, and what their layer in the tiles is called. @type {Record<string, string>} */
const HOUSES = { ground: 'building', registered: 'buildings' };

export class Solid {
  /** @param {import('./map.js').OneMap} one */
  constructor(one) {
    this.one = one;
    /** @type {{center: any, zoom: number} | null} */ this.flat = null;
    /** @type {{center: any, zoom: number} | null} */ this.landed = null;
    /** @type {number | null} */ this.chosen = null;
    this.busy = /** @type {Record<string, Set<number>>} */ ({});
    this.turning(false);
    one.map.on('idle', () => this.markBusy());
  }

  get on() {
    return Boolean(this.one.options.solid);
  }

  /** @param {boolean} free whether the map may be turned */
  turning(free) {
    const { map } = this.one;
    map.dragRotate[free ? 'enable' : 'disable']();
    map.touchZoomRotate[free ? 'enableRotation' : 'disableRotation']();
    map.keyboard[free ? 'enableRotation' : 'disableRotation']();
  }

  /**
   * @param {number | null} bearing how far the map is turned, in degrees; null for the flat map
   * @param {boolean} [fly] whether it may come nearer, so that buildings are seen
   */
  show(bearing, fly = true) {
    const { map, options } = this.one;
    if (bearing === null ? !this.on : this.on && Math.round(map.getBearing()) === bearing) return;
    const raised = this.on;
    options.solid = bearing !== null;
    this.turning(this.on);
    if (raised !== this.on) this.one.restyle();
    if (bearing === null) this.lower();
    else this.raise(bearing, !raised, fly);
  }

  /** @param {number} bearing @param {boolean} first @param {boolean} fly */
  raise(bearing, first, fly) {
    const { map } = this.one;
    if (first) this.flat = { center: map.getCenter(), zoom: map.getZoom() };
    const zoom = fly ? Math.max(map.getZoom(), NEAREST) : map.getZoom();
    this.landed = { center: map.getCenter(), zoom };
    map.easeTo({ pitch: PITCH, bearing, zoom, ...flight() });
  }

  /** Whoever has not gone elsewhere meanwhile is taken back to where they were. */
  lower() {
    const { map } = this.one;
    this.choose(null);
    const stayed = this.flat && this.landed && far(map.getCenter(), this.landed.center) < MOVED && Math.abs(map.getZoom() - this.landed.zoom) < 0.01;
    map.easeTo({ pitch: 0, bearing: 0, ...(stayed && this.flat ? this.flat : {}), ...flight() });
    this.flat = null;
  }

  /**
   * @param {any} building that was pressed, if one was
   * @returns {boolean} whether the press is used up: a registered building opens its card
   */
  press(building) {
    if (!this.on || !building?.id) return false;
    if (building.source === 'registered') this.one.handlers.onElement?.(Number(building.id));
    else this.choose(Number(building.id) === this.chosen ? null : Number(building.id));
    return true;
  }

  /** @param {number | null} id */
  choose(id) {
    if (this.chosen === id) return;
    if (this.chosen !== null) this.say(this.chosen, { chosen: false });
    this.chosen = id;
    if (id !== null) this.say(id, { chosen: true });
  }

  /** @param {number} id @param {any} state @param {string} [source] */
  say(id, state, source = 'ground') {
    if (this.one.map.getSource(source)) this.one.map.setFeatureState({ source, sourceLayer: HOUSES[source], id }, state);
  }

  /** Buildings in which an open case lies are gold. */
  markBusy() {
    if (!this.on || !this.one.map.getLayer('buildings')) return;
    const { map } = this.one;
    const points = map.querySourceFeatures('cases', { sourceLayer: 'cases' }).filter((/** @type {any} */ mark) => mark.properties.count === 1 && mark.properties.urgency !== 'closed').map((/** @type {any} */ mark) => mark.geometry.coordinates);
    for (const [source, sourceLayer] of Object.entries(HOUSES)) {
      const before = this.busy[source] ?? new Set();
      const found = new Set(map.querySourceFeatures(source, { sourceLayer })
        .filter((/** @type {any} */ house) => points.some((/** @type {any} */ point) => holds(house.geometry, point))).map((/** @type {any} */ house) => Number(house.id)));
      for (const id of before) if (!found.has(id)) this.say(id, { busy: false }, source);
      for (const id of found) if (!before.has(id)) this.say(id, { busy: true }, source);
      this.busy[source] = found;
    }
  }
}

/** @param {any} a @param {any} b */
const far = (a, b) => Math.hypot(a.lng - b.lng, a.lat - b.lat);

/** @param {any} geometry @param {[number, number]} point */
function holds(geometry, point) {
  const rings = geometry.type === 'Polygon' ? [geometry.coordinates[0]] : geometry.type === 'MultiPolygon' ? geometry.coordinates.map((/** @type {any} */ part) => part[0]) : [];
  return rings.some((/** @type {any} */ outer) => inside(outer, point));
}
