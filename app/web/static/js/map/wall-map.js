/** A map of the wall: it is looked at and never touched, its sources are filled in place. */

import { headers } from '../api/client.js';
import { simpleMap } from './map.js';
import { wallMark } from './wall-marks.js';
import { stepping, wallStyle } from './wall-style.js';

const NOTHING = { type: 'FeatureCollection', features: [] };
const point = (/** @type {number[]} */ at, /** @type {any} */ properties) => ({ type: 'Feature', properties, geometry: { type: 'Point', coordinates: at } });

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
    /** @type {any} */ this.marks = NOTHING;
    /** @type {any} */ this.names = NOTHING;
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
    return wallStyle(this.options, this.marks, this.names);
  }

  /** @param {string} id */
  draw(id) {
    const drawn = wallMark(id, this.options.unit);
    if (drawn && !this.map.hasImage(id)) this.map.addImage(id, drawn);
  }

  /** What hangs on the style, after it has come or come anew. */
  dress() {
    this.ready = true;
    const { 'icon-image': image, 'text-color': color } = stepping(this.favours);
    this.map.setLayoutProperty('late', 'icon-image', image);
    this.map.setPaintProperty('late', 'text-color', color);
    this.map.setLayoutProperty('urgent', 'text-field', ['concat', `${this.urgent} `, ['to-string', ['get', 'urgent']]]);
    for (const part of ['casing', 'line']) {
      const id = `select-subdistrict-${part}`;
      if (this.map.getLayer(id)) this.map.setFilter(id, ['==', ['id'], this.focus ?? -1]);
    }
  }

  /**
   * @param {string} source
   * @param {any} data put into the map only where it is another than before
   */
  put(source, data) {
    const text = JSON.stringify(data);
    if (this.held[source] === text) return;
    this.held[source] = text;
    /** @type {any} */ (this.map.getSource(source))?.setData(data);
  }

  /**
   * @param {any} marks GeoJSON
   * @param {{name: string, lon: number, lat: number}[]} names
   * @param {boolean} favours
   * @param {number | null} focus id of the area that is looked at
   */
  show(marks, names, favours, focus) {
    this.marks = marks;
    this.names = { type: 'FeatureCollection', features: names.map(({ name, lon, lat }) => point([lon, lat], { name })) };
    this.put('marks', this.marks);
    this.put('names', this.names);
    if (this.favours === favours && this.focus === focus) return;
    this.favours = favours;
    this.focus = focus;
    if (this.ready) this.dress();
  }

  /** @param {{lon: number | null, lat: number | null} | null} told the case of which the tour tells */
  tell(told) {
    const there = told && told.lon !== null && told.lat !== null;
    this.put('told', { type: 'FeatureCollection', features: there ? [point([/** @type {number} */ (told.lon), /** @type {number} */ (told.lat)], {})] : [] });
  }

  /** @param {number[]} bounds */
  look(bounds) {
    if (String(bounds) === String(this.bounds)) return;
    this.bounds = bounds;
    this.fit();
  }

  fit() {
    this.map.fitBounds(/** @type {[number, number, number, number]} */ (this.bounds), { padding: this.padding(), duration: 0 });
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
