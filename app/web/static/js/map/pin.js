/** A small map under a pin that stands still in its middle: whoever moves the map moves the place. Without WebGL there is none. */

import { district } from '../api/client.js';
import { english } from '../lib/names.js';
import { OneMap } from './map.js';

/** @typedef {import('../lib/geo.js').Point} Point */

const ZOOM = 16.6;

export class PinMap {
  /**
   * @param {HTMLElement} frame with a `.pin-ground`; shown when there is a map
   * @param {((at: Point) => void) | null} onMove somebody has moved it; null for a map that stands still
   */
  constructor(frame, onMove) {
    this.frame = frame;
    this.onMove = onMove;
    /** @type {OneMap | null} */ this.map = null;
    /** @type {Point | null} */ this.at = null;
  }

  /** @param {Point | null} at where it begins; the whole district where nothing is known yet */
  async draw(at) {
    this.at = at ?? this.at;
    try {
      const here = await district();
      const levels = here.levels.filter((/** @type {any} */ one) => one.level !== 'resident_group' && one.count > 0).map((/** @type {any} */ one) => one.level);
      const tile = (/** @type {string} */ name) => `${location.origin}/tiles/${name}/{z}/{x}/{y}.mvt?v=${here.versions[name]}`;
      this.frame.hidden = false;
      const ground = /** @type {HTMLElement} */ (this.frame.querySelector('.pin-ground'));
      this.map = new OneMap(ground, {
        english: english(), levels, cells: 1, bounds: here.bounds, hidden: new Set(), areasVersion: here.versions.areas, layer: '', noCases: true,
        tiles: { areas: tile('areas'), ground: tile('ground'), cases: tile('cases') },
      }, { onArea() {}, onCase() {}, onMove() {}, onHover() {}, onFailure() {} }, this.at && { ...this.at, zoom: ZOOM });
    } catch {
      this.frame.hidden = true;
      return;
    }
    const { map } = this.map;
    if (!this.onMove) {
      for (const way of /** @type {const} */ (['dragPan', 'scrollZoom', 'doubleClickZoom', 'touchZoomRotate', 'keyboard', 'boxZoom'])) map[way].disable();
      map.getCanvas().setAttribute('tabindex', '-1');
      map.getCanvas().setAttribute('aria-hidden', 'true');
      return;
    }
    // One finger scrolls the page only beside the map: on it, it moves the place.
    map.on('moveend', (/** @type {any} */ event) => {
      if (!event.originalEvent && !event.keyboard) return;
      const { lng, lat } = map.getCenter();
      this.at = { lon: lng, lat };
      this.onMove?.(this.at);
    });
  }

  /** @param {Point} at the place has become known, or was moved otherwise */
  show(at) {
    this.at = at;
    this.map?.map.jumpTo({ center: [at.lon, at.lat], zoom: Math.max(this.map.map.getZoom(), ZOOM) });
  }
}
