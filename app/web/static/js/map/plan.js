/** A plan of one thing: its shape and its reach on streets, waters and borders that the page brings as GeoJSON, without tiles. */

import { simpleMap } from './map.js';
import { token } from './tokens.js';

const FONT = ['Noto Sans CJK SC'];
const ROUND = { 'line-cap': 'round', 'line-join': 'round' };

/**
 * @typedef {object} Drawing
 * @property {any} shape a GeoJSON geometry
 * @property {any} reach a GeoJSON geometry
 * @property {[number, number, number, number]} bounds west, south, east, north in degrees
 * @property {any[]} around GeoJSON features with `kind`, `class`, `name` and `name_en`
 */

/**
 * @param {HTMLElement} container
 * @param {Drawing} drawing
 * @param {boolean} english
 */
export function drawPlan(container, drawing, english) {
  const feature = (/** @type {any} */ geometry) => ({ type: 'geojson', data: { type: 'Feature', properties: {}, geometry } });
  const style = {
    version: 8,
    sources: {
      around: { type: 'geojson', data: { type: 'FeatureCollection', features: drawing.around } },
      shape: feature(drawing.shape), reach: feature(drawing.reach),
    },
    layers: [{ id: 'land', type: 'background', paint: { 'background-color': token('--map-land') } }, ...around(english), ...thing()],
  };
  return simpleMap(container, style, { bounds: drawing.bounds, fitBoundsOptions: { padding: 36, maxZoom: 17 } });
}

/**
 * @param {boolean} english
 * @returns {any[]}
 */
function around(english) {
  const of = (/** @type {string} */ id, /** @type {string} */ kind, /** @type {string} */ type, /** @type {any} */ rest) => ({
    id, type, source: 'around', filter: ['==', ['get', 'kind'], kind], ...rest,
  });
  const polygon = (/** @type {string} */ kind) => ['all', ['==', ['get', 'kind'], kind], ['==', ['geometry-type'], 'Polygon']];
  const width = (/** @type {number} */ more) => ['match', ['get', 'class'], 'arterial', 6 + more, 'secondary', 4 + more, 2.2 + more];
  const name = english ? ['coalesce', ['get', 'name_en'], ['get', 'name']] : ['get', 'name'];
  return [
    of('park', 'park', 'fill', { filter: polygon('park'), paint: { 'fill-color': token('--map-park'), 'fill-opacity': 0.5 } }),
    of('reservoir', 'reservoir', 'fill', { filter: polygon('reservoir'), paint: { 'fill-color': token('--map-water') } }),
    of('river-area', 'river', 'fill', { filter: polygon('river'), paint: { 'fill-color': token('--map-water') } }),
    of('river', 'river', 'line', { layout: ROUND, paint: { 'line-color': token('--map-water'), 'line-width': 3 } }),
    of('cell', 'cell', 'line', { paint: { 'line-color': token('--map-b-cell'), 'line-width': 1 } }),
    of('street-case', 'street', 'line', { layout: ROUND, paint: { 'line-color': token('--map-road-case'), 'line-width': width(1.6) } }),
    of('street', 'street', 'line', { layout: ROUND, paint: { 'line-color': token('--map-road'), 'line-width': width(0) } }),
    of('community', 'community', 'line', { paint: { 'line-color': token('--map-b-com'), 'line-width': 1.4, 'line-dasharray': [4, 2.2] } }),
    of('street-name', 'street', 'symbol', {
      filter: ['all', ['==', ['get', 'kind'], 'street'], ['has', 'name']],
      layout: { 'text-field': name, 'text-font': FONT, 'text-size': 11, 'symbol-placement': 'line', 'text-letter-spacing': english ? 0.02 : 0.2 },
      paint: { 'text-color': token('--map-label-2'), 'text-halo-color': token('--map-road'), 'text-halo-width': 2 },
    }),
  ];
}

/** @returns {any[]} what is looked after, on the reach within which a place belongs to it */
function thing() {
  const accent = token('--accent');
  const is = (/** @type {string} */ type) => ['==', ['geometry-type'], type];
  return [
    { id: 'reach', type: 'fill', source: 'reach', paint: { 'fill-color': accent, 'fill-opacity': 0.16 } },
    { id: 'reach-edge', type: 'line', source: 'reach', paint: { 'line-color': accent, 'line-width': 1, 'line-dasharray': [3, 2] } },
    { id: 'shape-area', type: 'fill', source: 'shape', filter: is('Polygon'), paint: { 'fill-color': accent, 'fill-opacity': 0.25 } },
    { id: 'shape-line', type: 'line', source: 'shape', layout: ROUND, paint: { 'line-color': accent, 'line-width': 3.5 } },
    { id: 'shape-point', type: 'circle', source: 'shape', filter: is('Point'), paint: { 'circle-color': accent, 'circle-radius': 6, 'circle-stroke-color': token('--map-halo'), 'circle-stroke-width': 2 } },
  ];
}
