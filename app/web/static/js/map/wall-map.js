/** A map of the wall: it is looked at and never touched, its sources are filled in place. */

import { headers } from '../api/client.js';
import { gathered } from '../lib/wall.js';
import { simpleMap } from './map.js';
import { wallMark } from './wall-marks.js';
import { NAME, ROOM, stepping, wallStyle } from './wall-style.js';

/** How wide a letter is beside a Chinese character, on the large side. */
const LETTER = 0.62;
const NOTHING = { type: 'FeatureCollection', features: [] };
const point = (/** @type {number[]} */ at, /** @type {any} */ properties) => ({ type: 'Feature', properties, geometry: { type: 'Point', coordinates: at } });

/** @typedef {{name: string, lon: number, lat: number}} Name */

/** One of the two maps, whole or lens. */
export class WallMap {
  /**
   * @param {HTMLElement} container
   * @param {import('./wall-style.js').WallOptions} options
   * @param {number[]} bounds what it looks at
   * @param {string} urgent the word before a number of 特急
   */
  constructor(container, options, bounds, urgent) {
    this.options = options;
    this.urgent = urgent;
    this.bounds = bounds;
    /** @type {import('../lib/wall.js').WallMark[]} */ this.marks = [];
    /** @type {Name[]} */ this.names = [];
    /** @type {import('../lib/wall.js').Spot[]} */ this.gathered = [];
    /** @type {{lon: number | null, lat: number | null} | null} */ this.red = null;
    /** @type {Record<string, string>} */ this.held = {};
    this.favours = false;
    /** @type {number | null} */ this.focus = null;
    this.ready = false;
    this.map = simpleMap(container, this.style(), {
      bounds, fitBoundsOptions: { padding: this.padding() }, interactive: false,
      transformRequest: (/** @type {string} */ url) => ({ url, headers: headers() }),
    });
    this.map.setMissingStyleImageResolver((/** @type {string} */ id) => this.draw(id));
    this.map.on('error', () => {}); // tiles that do not come are asked for again when the map is drawn anew
    this.map.on('style.load', () => this.dress());
  }

  padding() {
    return Math.round(64 * this.options.unit);
  }

  style() {
    return wallStyle(this.options);
  }

  /** @param {string} id */
  draw(id) {
    const drawn = wallMark(id, this.options.unit);
    if (drawn && !this.map.hasImage(id)) this.map.addImage(id, drawn);
  }

  /** What hangs on the style, after it has come or come anew. */
  dress() {
    this.ready = true;
    this.fill();
    const { 'icon-image': image, 'text-color': color } = stepping(this.favours);
    this.map.setLayoutProperty('late', 'icon-image', image);
    this.map.setPaintProperty('late', 'text-color', color);
    this.map.setLayoutProperty('urgent', 'text-field', ['concat', `${this.urgent} `, ['to-string', ['get', 'urgent']]]);
    for (const part of ['casing', 'line']) {
      const id = `select-subdistrict-${part}`;
      if (this.map.getLayer(id)) this.map.setFilter(id, ['==', ['id'], this.focus ?? -1]);
    }
  }

  fill() {
    this.put('marks', this.spots());
    this.put('names', this.named());
    this.put('told', this.told());
  }

  /** @returns {any} GeoJSON of the marks that lie whole on the map, gathered where they would lie on one another */
  spots() {
    const { unit } = this.options;
    const there = this.marks.map((one) => ({ ...one, ...this.map.project([one.lon, one.lat]) })).filter(({ x, y }) => this.fits(x, y));
    this.gathered = gathered(there, ROOM.wide * unit, ROOM.high * unit);
    return { type: 'FeatureCollection', features: this.gathered.map((spot) => this.at(spot, { late: spot.late, urgent: spot.urgent, first: spot.first })) };
  }

  /** @returns {any} GeoJSON of the names whose place is on the map, moved off its edges, so that each is whole */
  named() {
    const { clientWidth: wide, clientHeight: high } = this.map.getContainer();
    const size = NAME * this.options.unit;
    const within = (/** @type {number} */ value, /** @type {number} */ least, /** @type {number} */ most) => Math.min(Math.max(value, least), most);
    const features = this.names.flatMap(({ name, lon, lat }) => {
      const { x, y } = this.map.project([lon, lat]);
      if (x < 0 || y < 0 || x > wide || y > high) return [];
      const half = ([...name].reduce((sum, letter) => sum + (letter > '\u2e7f' ? 1 : LETTER), 0) * size) / 2 + size / 2;
      const edge = x < 2 * half + 2 * size || x > wide - 2 * half - 2 * size;
      return [this.at({ x: within(x, half, wide - half), y: within(y, size, high - size) }, { name, edge })];
    });
    return { type: 'FeatureCollection', features };
  }

  /**
   * @param {string} source
   * @param {any} data put into the map only where it is another than before
   */
  put(source, data) {
    const text = JSON.stringify(data);
    if (!this.ready || this.held[source] === text) return;
    this.held[source] = text;
    /** @type {any} */ (this.map.getSource(source)).setData(data);
  }

  /**
   * @param {import('../lib/wall.js').WallMark[]} marks
   * @param {Name[]} names
   * @param {boolean} favours
   * @param {number | null} focus id of the area that is looked at
   */
  show(marks, names, favours, focus) {
    this.marks = marks;
    this.names = names;
    this.fill();
    if (this.favours === favours && this.focus === focus) return;
    this.favours = favours;
    this.focus = focus;
    if (this.ready) this.dress();
  }

  /** @param {{lon: number | null, lat: number | null} | null} red the case of which the tour tells */
  tell(red) {
    this.red = red;
    if (this.ready) this.put('told', this.told());
  }

  /** @returns {any} GeoJSON: the mark in which the case is, where it is on this map */
  told() {
    if (!this.red || this.red.lon === null || this.red.lat === null) return NOTHING;
    const { x, y } = this.map.project([this.red.lon, this.red.lat]);
    if (!this.fits(x, y)) return NOTHING;
    const far = (/** @type {any} */ spot) => Math.hypot(spot.x - x, spot.y - y);
    const [nearest] = this.gathered.filter((spot) => spot.late > 0).sort((a, b) => far(a) - far(b));
    return nearest ? { type: 'FeatureCollection', features: [this.at(nearest, {})] } : NOTHING;
  }

  /**
   * @param {{x: number, y: number}} spot
   * @param {any} properties
   */
  at({ x, y }, properties) {
    const { lng, lat } = this.map.unproject([x, y]);
    return point([lng, lat], properties);
  }

  /**
   * @param {number} x
   * @param {number} y
   * @returns {boolean} whether a mark there lies whole on the map
   */
  fits(x, y) {
    const { unit } = this.options;
    const { clientWidth: wide, clientHeight: high } = this.map.getContainer();
    return x >= ROOM.beside * unit && x <= wide - ROOM.beside * unit && y >= ROOM.above * unit && y <= high - ROOM.below * unit;
  }

  /** @param {number[]} bounds */
  look(bounds) {
    if (String(bounds) === String(this.bounds)) return;
    this.bounds = bounds;
    this.fit();
  }

  fit() {
    this.map.fitBounds(/** @type {[number, number, number, number]} */ (this.bounds), { padding: this.padding(), duration: 0 });
    this.fill();
  }

  /** @param {number} unit the wall has another size now */
  resize(unit) {
    this.options.unit = unit;
    this.ready = false;
    this.held = {};
    for (const id of this.map.listImages()) this.map.removeImage(id);
    this.map.setStyle(this.style(), { diff: false });
    this.map.resize();
    this.fit();
  }
}
