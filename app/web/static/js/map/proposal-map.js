/** A proposal on the map: blocks, present borders, proposed ones, and each cell's figures. Without WebGL there is none; lists say the same. */

import { district } from '../api/client.js';
import { english } from '../lib/names.js';
import { OneMap } from './map.js';
import { FONT } from './symbols.js';
import { token } from './tokens.js';

/** @typedef {import('../lib/proposal.js').Cell} Cell */

const NONE = { type: 'FeatureCollection', features: /** @type {any[]} */ ([]) };
const FROM_NEAR = 13.2;

/** @returns {any[]} layers, bottom to top */
const layers = () => [
  { id: 'plan-changed', type: 'fill', source: 'plan-drawn', filter: ['==', ['get', 'same'], false], paint: { 'fill-color': token('--accent-soft'), 'fill-opacity': 0.55 } },
  { id: 'plan-out', type: 'fill', source: 'plan-drawn', filter: ['!=', ['get', 'fits'], 'within'], paint: { 'fill-color': token('--warn-fill'), 'fill-opacity': 0.16 } },
  { id: 'plan-blocks', type: 'fill', source: 'plan-blocks', paint: { 'fill-color': token('--accent'), 'fill-opacity': ['case', ['boolean', ['feature-state', 'given'], false], 0.5, ['boolean', ['feature-state', 'near'], false], 0.22, 0] } },
  { id: 'plan-edges', type: 'line', source: 'plan-blocks', minzoom: FROM_NEAR, paint: { 'line-color': token('--map-b-com'), 'line-width': 0.6, 'line-opacity': 0.55 } },
  { id: 'plan-present', type: 'line', source: 'plan-present', layout: { 'line-join': 'round' }, paint: { 'line-color': token('--map-b-sub'), 'line-width': 2, 'line-dasharray': [3, 2] } },
  { id: 'plan-halo', type: 'line', source: 'plan-drawn', layout: { 'line-join': 'round' }, paint: { 'line-color': token('--map-halo'), 'line-width': 5 } },
  { id: 'plan-drawn', type: 'line', source: 'plan-drawn', layout: { 'line-join': 'round' }, paint: { 'line-color': token('--accent-strong'), 'line-width': 2.4 } },
  { id: 'plan-chosen-halo', type: 'line', source: 'plan-drawn', filter: ['in', ['get', 'key'], ['literal', []]], paint: { 'line-color': token('--map-halo'), 'line-width': 7.5 } },
  { id: 'plan-chosen', type: 'line', source: 'plan-drawn', filter: ['in', ['get', 'key'], ['literal', []]], layout: { 'line-join': 'round' }, paint: { 'line-color': token('--map-select'), 'line-width': 3.4 } },
  { id: 'plan-pen', type: 'line', source: 'plan-pen', layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': token('--focus'), 'line-width': 3, 'line-dasharray': [2, 1.4] } },
  {
    id: 'plan-labels', type: 'symbol', source: 'plan-labels',
    layout: { 'text-field': ['get', 'said'], 'text-font': FONT, 'text-size': 12, 'text-line-height': 1.25, 'text-allow-overlap': false },
    paint: { 'text-color': ['case', ['==', ['get', 'fits'], 'within'], token('--map-label'), token('--warn')], 'text-halo-color': token('--map-halo'), 'text-halo-width': 1.8 },
  },
];

export class ProposalMap {
  /** @param {HTMLElement} frame with a `.map`; shown when there is a map */
  constructor(frame) {
    this.frame = frame;
    this.data = /** @type {Record<string, any>} */ ({ blocks: NONE, present: NONE, drawn: NONE, labels: NONE, pen: NONE });
    this.chosen = /** @type {string[]} */ ([]);
    this.shown = 'both';
    /** @type {OneMap | null} */ this.one = null;
  }

  /** @returns {Promise<boolean>} whether there is a map */
  async draw() {
    try {
      const here = await district();
      const levels = here.levels.filter((/** @type {any} */ one) => one.level !== 'resident_group' && one.count > 0).map((/** @type {any} */ one) => one.level);
      const tile = (/** @type {string} */ name) => `${location.origin}/tiles/${name}/{z}/{x}/{y}.mvt?v=${here.versions[name]}`;
      this.frame.hidden = false;
      const ground = /** @type {HTMLElement} */ (this.frame.querySelector('.map'));
      this.one = new OneMap(ground, {
        english: english(), levels, cells: 1, bounds: here.bounds, hidden: new Set(), areasVersion: here.versions.areas, layer: '', noCases: true,
        tiles: { areas: tile('areas'), ground: tile('ground'), cases: tile('cases') },
      }, { onArea() {}, onCase() {}, onMove() {}, onHover() {}, onFailure() {} }, null);
      this.one.map.on('style.load', () => this.dress());
      if (this.one.map.isStyleLoaded()) this.dress();
      return true;
    } catch {
      this.frame.hidden = true;
      document.body.dataset.map = 'none';
      return false;
    }
  }

  /** @returns {any} MapLibre's map */
  get map() { return this.one?.map; }

  dress() {
    const { map } = this;
    if (!map || map.getSource('plan-blocks')) return;
    for (const [name, data] of Object.entries(this.data)) map.addSource(`plan-${name}`, { type: 'geojson', data, ...(name === 'blocks' ? { promoteId: 'no' } : {}) });
    for (const layer of layers()) map.addLayer(layer);
    // Each cell has its own words here.
    if (map.getLayer('name-cell')) map.setLayoutProperty('name-cell', 'visibility', 'none');
    this.choose(this.chosen);
    this.show(this.shown);
  }

  /** @param {string} name @param {any} data GeoJSON */
  put(name, data) {
    this.data[name] = data;
    this.map?.getSource(`plan-${name}`)?.setData(data);
  }

  /** @param {Cell[]} cells @param {any} drawn GeoJSON of the cells @param {(cell: Cell) => string} said */
  putCells(cells, drawn, said) {
    const known = new Map(cells.map((cell) => [cell.key, cell]));
    for (const feature of drawn.features) feature.properties.fits = known.get(feature.properties.key)?.fits ?? 'within';
    this.put('drawn', drawn);
    this.put('labels', {
      type: 'FeatureCollection',
      features: cells.map((cell) => ({ type: 'Feature', properties: { said: said(cell), fits: cell.fits }, geometry: { type: 'Point', coordinates: [cell.lon, cell.lat] } })),
    });
  }

  /** @param {any} collection GeoJSON by which the window is set */
  fit(collection) {
    let [west, south, east, north] = [180, 90, -180, -90];
    const see = (/** @type {any} */ part) => {
      if (typeof part[0] === 'number') [west, south, east, north] = [Math.min(west, part[0]), Math.min(south, part[1]), Math.max(east, part[0]), Math.max(north, part[1])];
      else part.forEach(see);
    };
    collection.features.forEach((/** @type {any} */ one) => see(one.geometry.coordinates));
    if (west < east) this.map?.fitBounds([west, south, east, north], { padding: 28, duration: 0 });
  }

  /** @param {string[]} keys of the cells that are chosen */
  choose(keys) {
    this.chosen = keys;
    for (const id of ['plan-chosen', 'plan-chosen-halo']) if (this.map?.getLayer(id)) this.map.setFilter(id, ['in', ['get', 'key'], ['literal', keys]]);
  }

  /** @param {string} which borders: `present`, `drawn` or `both` */
  show(which) {
    this.shown = which;
    const seen = { 'plan-present': which !== 'drawn', 'plan-drawn': which !== 'present', 'plan-halo': which !== 'present', 'plan-changed': which !== 'present', 'plan-out': which !== 'present', 'plan-labels': which !== 'present' };
    for (const [id, on] of Object.entries(seen)) if (this.map?.getLayer(id)) this.map.setLayoutProperty(id, 'visibility', on ? 'visible' : 'none');
  }

  /** @param {number[]} numbers of blocks @param {string} state @param {boolean} on */
  mark(numbers, state, on) {
    for (const id of numbers) this.map?.setFeatureState({ source: 'plan-blocks', id }, { [state]: on });
  }

  /** @param {number} lon @param {number} lat */
  goTo(lon, lat) {
    this.one?.goNear(lon, lat);
    this.frame.scrollIntoView({ block: 'nearest' });
  }
}
