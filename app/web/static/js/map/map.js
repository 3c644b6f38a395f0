/** The map itself: the only module that knows MapLibre. */

import { Map as MapLibre, prewarm } from '../../vendor/maplibre-gl/maplibre-gl.mjs';
import { headers } from '../api/client.js';
import { boundsOf, boxOf, margins } from '../lib/inset.js';
import { drawing } from './drawing.js';
import { flight } from './flight.js';
import { keepBeside } from './gathered.js';
import { holdFrames } from './holding.js';
import { keepApart } from './late.js';
import { relight } from './lit.js';
import { Pointing } from './pointing.js';
import { Registered } from './registered.js';
import { Selecting } from './selecting.js';
import { PITCH, Solid } from './solid.js';
import { caseTiles, style } from './style.js';
import { labels } from './symbols.js';

const SETTLE_MS = 500;

prewarm(); // what reads tiles gets ready while the page still asks what the map is of

/**
 * @typedef {object} Handlers
 * @property {(id: number, level: string) => void} onArea
 * @property {(id: number) => void} onCase
 * @property {(at: {zoom: number, lat: number, lon: number}) => void} onMove
 * @property {(id: number | null, x: number, y: number, properties: Record<string, any>, caseId: number | null) => void} onHover
 * @property {() => void} onFailure
 * @property {() => void} [onReady] the map can be dressed
 * @property {() => void} [onCells] more cells have come, without their colours
 * @property {(id: number) => void} [onElement]
 * @property {(at: {lon: number, lat: number}, of: string) => void} [onTogether] several elements of a kind that stand at one and the same place
 * @property {(ring: [number, number][] | null) => void} [onSelect] a ring was drawn, or taken away
 */

/** The one map. */
export class OneMap {
  /**
   * @param {HTMLElement} container
   * @param {import('./style.js').StyleOptions} options
   * @param {Handlers} handlers
   * @param {{zoom: number, lat: number, lon: number} | null} at
   */
  constructor(container, options, handlers, at) {
    this.container = container;
    this.options = options;
    this.handlers = handlers;
    this.cells = /** @type {Map<number, number>} */ (new Map());
    this.known = /** @type {Set<number>} */ (new Set());
    this.chosen = 'null';
    const place = at ? { center: /** @type {[number, number]} */ ([at.lon, at.lat]), zoom: at.zoom } : this.everything();
    this.map = new MapLibre({
      container, style: style(options), attributionControl: false, fadeDuration: 0, dragRotate: false, pitchWithRotate: false,
      maxZoom: 19, maxPitch: 60, boxZoom: false, ...place, ...(options.solid ? { pitch: PITCH, bearing: options.bearing ?? 0 } : {}),
      // Another server is told nothing of the reader, not even the language.
      transformRequest: (/** @type {string} */ url) => (url.startsWith(`${location.origin}/`) ? { url, headers: headers() } : { url }),
    });
    holdFrames(this.map);
    this.solid = new Solid(this);
    this.registered = new Registered(this);
    this.selecting = new Selecting(this);
    this.pointing = new Pointing(this);
    this.map.setMissingStyleImageResolver((/** @type {string} */ id) => this.draw(id));
    this.listen();
  }

  /** @returns {import('../../vendor/maplibre-gl/maplibre-gl.mjs').MapOptions | {}} the whole territory */
  everything() {
    return this.options.bounds ? { bounds: this.options.bounds, fitBoundsOptions: { padding: this.margins() } } : { center: [0, 0], zoom: 1 };
  }

  /** The whole lies beside the inset, where there is one. */
  margins() {
    const { bounds, noCases } = this.options;
    return noCases || !bounds ? 28 : margins(boxOf(bounds), this.container.clientWidth, this.container.clientHeight);
  }

  /** @param {string} id */
  draw(id) {
    const drawn = drawing(id);
    if (drawn && !this.map.hasImage(id)) this.map.addImage(id, drawn.image, { pixelRatio: drawn.ratio });
  }

  listen() {
    const { map, handlers } = this;
    map.on('moveend', () => {
      const { lng, lat } = map.getCenter();
      handlers.onMove({ zoom: map.getZoom(), lat, lon: lng });
    });
    map.on('click', (/** @type {any} */ event) => this.pointing.click(event.point));
    map.on('mousemove', (/** @type {any} */ event) => this.pointing.hover(event.point));
    map.on('mouseout', () => handlers.onHover(null, 0, 0, {}, null));
    map.on('error', (/** @type {any} */ event) => {
      // What another server lacks or refuses is no fault of ours: our own map is drawn without it.
      if (event.error?.name !== 'AbortError' && event.sourceId !== 'basemap') handlers.onFailure();
    });
    if (!this.options.noCases) { keepApart(map, this.options); keepBeside(map, this.options); }
    map.on('load', () => handlers.onReady?.());
    map.on('sourcedata', (/** @type {any} */ event) => { if (event.sourceId === 'areas' && event.tile) handlers.onCells?.(); });
    map.on('render', () => this.settle());
    map.on('idle', () => { clearTimeout(this.settling); document.body.dataset.map = 'idle'; });
  }

  resize() { this.map.resize(); }

  /** @returns {boolean} whether colours can be set */
  isReady() { return Boolean(this.map.isStyleLoaded()); }

  /** @returns {number[]} ids of the cells that the map has */
  drawnCells() {
    return this.map.querySourceFeatures('areas', { sourceLayer: 'cell' }).map((/** @type {any} */ cell) => Number(cell.id));
  }

  /**
   * MapLibre says `idle` only in a frame, and no frame follows where the last thing it waited for is a tile given up for
   * one of newer content. So after the last frame one more is asked for, as soon as all is there.
   */
  settle() {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => (this.map.loaded() && !this.map.isMoving() ? this.map.triggerRepaint() : this.settle()), SETTLE_MS);
  }

  /**
   * @param {Map<number, {class: number, faded: boolean, outside: boolean}>} states of the cells that are not plain
   */
  paint(states) {
    for (const id of this.known) if (!states.has(id)) this.map.removeFeatureState({ source: 'areas', sourceLayer: 'cell', id });
    for (const [id, state] of states) this.map.setFeatureState({ source: 'areas', sourceLayer: 'cell', id }, state);
    this.known = new Set(states.keys());
  }

  /** @param {string} layer what fills the cells: `staffing`, `share`, or nothing for the cases and for plain ones */
  fillBy(layer) {
    if (this.options.layer !== layer) { this.options.layer = layer; this.restyle(); }
  }

  /** @param {import('../lib/inset.js').Box | null} core where the names of subdistricts crowd, and wait until one is near */
  nameCore(core) {
    if (!core) return;
    const [west, south, east, north] = boundsOf(core);
    this.options.core = { type: 'Polygon', coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] };
    for (const { id, filter } of labels(this.options)) if (filter && this.map.getLayer(id)) this.map.setFilter(id, filter);
  }

  /** @param {string} marks how cases are drawn: `points`, `heat`, or nothing for clusters */
  showAs(marks) {
    if ((this.options.marks ?? '') !== marks) { this.options.marks = marks; this.restyle(); }
  }

  /** @param {Omit<import('./elements.js').Elements, 'chosen'> | null} wanted */
  showElements(wanted) { this.registered.show(wanted); }

  /** @param {number | null} id of the element whose card is open */
  chooseElement(id) { this.registered.choose(id); }

  /** @param {string} address of the case tiles under another filter */
  showCases(address) {
    if (this.options.tiles.cases === address) return;
    this.options.tiles.cases = address;
    /** @type {any} */ (this.map.getSource('cases'))?.setTiles([caseTiles(this.options)]);
  }

  /** @param {{id: number, level: string} | null} chosen else the outline is that of the reader's own territory */
  select(chosen) {
    const area = chosen ?? this.options.home ?? null;
    for (const level of this.options.levels) {
      for (const part of ['casing', 'line']) {
        this.map.setFilter(`select-${level}-${part}`, ['==', ['id'], area && area.level === level ? area.id : -1]);
      }
    }
  }

  /** @param {import('../lib/network.js').Lit} lit what is pointed at elsewhere */
  light(lit) {
    this.options.lit = lit;
    relight(this.map, this.options.levels, lit);
  }

  /** @param {{lon: number, lat: number, urgency: string} | null} item */
  choose(item) {
    const key = JSON.stringify(item);
    if (this.chosen === key) return;
    this.chosen = key;
    const features = item ? [{ type: 'Feature', properties: { urgency: item.urgency }, geometry: { type: 'Point', coordinates: [item.lon, item.lat] } }] : [];
    /** @type {any} */ (this.map.getSource('chosen'))?.setData({ type: 'FeatureCollection', features });
  }

  /** @param {[number, number, number, number]} bounds west, south, east, north in degrees */
  goTo(bounds) {
    this.map.fitBounds(bounds, { padding: 48, maxZoom: 16.5, ...flight() });
  }

  /**
   * @param {number} lon
   * @param {number} lat
   */
  goNear(lon, lat) {
    this.map.easeTo({ center: [lon, lat], zoom: Math.max(this.map.getZoom(), 15.2), ...flight() });
  }

  /**
   * @param {number} lon
   * @param {number} lat
   * @param {number} zoom
   */
  goAt(lon, lat, zoom) {
    this.map.easeTo({ center: [lon, lat], zoom, ...flight() });
  }

  whole() {
    if (this.options.bounds) this.map.fitBounds(this.options.bounds, { padding: this.margins(), ...flight() });
  }

  /** @param {number} by */
  zoom(by) {
    this.map.easeTo({ zoom: this.map.getZoom() + by, ...flight() });
  }

  /** Draw everything anew: the theme or what is shown has changed. */
  restyle() {
    this.map.setStyle(style(this.options));
    this.chosen = '';
    for (const id of this.map.listImages()) {
      const drawn = drawing(id);
      if (drawn) this.map.updateImage(id, drawn.image);
    }
  }

  /** Metres that a pixel spans in the middle of the map. */
  metresPerPixel() {
    return (78271.517 * Math.cos((this.map.getCenter().lat * Math.PI) / 180)) / 2 ** this.map.getZoom();
  }
}

/**
 * A map of what its style holds, to be looked at and moved, and nothing else.
 * @param {HTMLElement} container
 * @param {any} look a MapLibre style
 * @param {any} place bounds and how they are fitted
 */
export function simpleMap(container, look, place) {
  const map = new MapLibre({ container, style: look, attributionControl: false, fadeDuration: 0, dragRotate: false, pitchWithRotate: false, maxZoom: 19, ...place });
  map.touchZoomRotate.disableRotation();
  map.scrollZoom.disable(); // whoever scrolls the page goes past it
  return map;
}
