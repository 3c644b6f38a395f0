/** The map's style, built from the page's tokens, so that map and page cannot drift apart. */

import { borders, fills, ground, selection } from './ground.js';
import { litLayers, litSource } from './lit.js';
import { caseMarks, labels, placeMarks } from './symbols.js';

/**
 * @typedef {object} StyleOptions
 * @property {boolean} english
 * @property {string[]} levels of the district, the widest first
 * @property {number} cells how many there are
 * @property {Record<string, string>} tiles address of each tile set
 * @property {[number, number, number, number] | null} bounds west, south, east, north in degrees
 * @property {Set<string>} hidden layers that somebody has switched off
 * @property {number} areasVersion
 * @property {string} layer what fills the cells: `staffing`, or nothing for the cases
 * @property {import('../lib/network.js').Lit} [lit] what is pointed at elsewhere
 * @property {boolean} [noCases] whether only the chosen place is marked
 * @property {any} [places] of a campaign, as GeoJSON points with their `state`
 */

/**
 * @param {StyleOptions} options
 * @returns {any} a MapLibre style
 */
export function style(options) {
  const vector = (/** @type {string} */ name) => ({
    type: 'vector', tiles: [options.tiles[name]], minzoom: 0, maxzoom: 16, ...(options.bounds ? { bounds: options.bounds } : {}),
  });
  const empty = { type: 'geojson', data: { type: 'FeatureCollection', features: [] } };
  return {
    version: 8,
    sources: { areas: vector('areas'), ground: vector('ground'), cases: vector('cases'), chosen: empty, lit: litSource(options.lit), ...(options.places ? { places: { type: 'geojson', data: options.places } } : {}) },
    layers: [
      ...fills(options.layer), ...ground(options.hidden), ...borders(options.levels, options.hidden), ...selection(options.levels), ...litLayers(options.levels, options.lit),
      ...labels(options), ...(options.places ? placeMarks() : []), ...caseMarks().filter((mark) => !options.noCases || mark.source === 'chosen'),
    ],
  };
}
