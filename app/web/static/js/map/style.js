/** The map's style, built from the page's tokens, so that map and page cannot drift apart. */

import { backdrop } from './backdrop.js';
import { buildings, LIGHT } from './buildings.js';
import { elementLayers, elementSources } from './elements.js';
import { borders, fills, ground, selection } from './ground.js';
import { litLayers, litSource } from './lit.js';
import { drawnRing } from './selecting.js';
import { caseLayers, drawn, heat, labels, placeMarks } from './symbols.js';

/**
 * @typedef {object} StyleOptions
 * @property {boolean} english
 * @property {string[]} levels of the district, the widest first
 * @property {number} cells how many there are
 * @property {Record<string, string>} tiles address of each tile set
 * @property {[number, number, number, number] | null} bounds west, south, east, north in degrees
 * @property {Set<string>} hidden layers that somebody has switched off
 * @property {number} areasVersion
 * @property {string} layer what fills the cells: `staffing`, `share`, or nothing for the cases and for plain ones
 * @property {import('../lib/network.js').Lit} [lit] what is pointed at elsewhere
 * @property {boolean} [noCases] whether only the chosen place is marked
 * @property {any} [places] of a campaign, as GeoJSON points with their `state`
 * @property {string} [marks] how cases are drawn: `points`, `heat`, or nothing for clusters
 * @property {boolean} [solid] whether buildings are raised
 * @property {number} [bearing] how far it is turned at first, in degrees
 * @property {{id: number, level: string} | null} [home] the area that the reader's territory is
 * @property {import('./backdrop.js').Basemap | null} [basemap] pictures of another map that lie below all
 * @property {[number, number][] | null} [drawn] the ring that somebody has drawn
 * @property {any[]} [late] late cases as they stand, see `keepApart`
 * @property {import('./elements.js').Elements | null} [elements] of the registry, for those who may read it
 * @property {any[]} [gathered] their marks from far as they stand, see `keepBeside`
 * @property {any} [core] a GeoJSON polygon, where the names of subdistricts wait until one is near
 */

/**
 * @param {StyleOptions} options
 * @returns {string} address of the case tiles: dots and heat want cases hardly put together
 */
export const caseTiles = ({ tiles, marks }) => (marks ? `${tiles.cases}&grain=fine` : tiles.cases);

/**
 * @param {StyleOptions} options
 * @returns {any} a MapLibre style
 */
export function style(options) {
  const vector = (/** @type {string} */ address) => ({
    type: 'vector', tiles: [address], minzoom: 0, maxzoom: 16, ...(options.bounds ? { bounds: options.bounds } : {}),
  });
  const geojson = (/** @type {any[]} */ features) => ({ type: 'geojson', data: { type: 'FeatureCollection', features } });
  const { tiles, levels, hidden } = options;
  const behind = backdrop(options);
  return {
    version: 8,
    light: LIGHT,
    sources: {
      areas: vector(tiles.areas), ground: vector(tiles.ground), cases: vector(caseTiles(options)), chosen: geojson([]), late: geojson(options.late ?? []),
      drawn: geojson(drawnRing(options.drawn ?? null)), lit: litSource(options.lit), ...elementSources(options), ...behind.sources,
      ...(options.places ? { places: { type: 'geojson', data: options.places } } : {}),
    },
    layers: [
      ...fills(options, behind.layers), ...ground(hidden, behind.layers.length > 0), ...borders(levels, hidden), ...selection(levels), ...litLayers(levels, options.lit),
      ...buildings(options), ...heat(options), ...(options.noCases ? [] : drawn()), ...labels(options), ...elementLayers(options), ...(options.places ? placeMarks() : []), ...caseLayers(options),
    ],
  };
}
