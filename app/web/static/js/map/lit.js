/** What lights on the map because it is pointed at elsewhere: outlines of areas, rings around points. */

import { token } from './tokens.js';

/** @typedef {import('../lib/network.js').Lit} Lit */

/** @type {Lit} */
const NOTHING = { areas: [], points: [] };

const ids = (/** @type {Lit} */ lit, /** @type {string} */ level) => /** @type {any} */ (['in', ['id'], ['literal', lit.areas.filter((area) => area.level === level).map((area) => area.id)]]);
const data = (/** @type {Lit} */ lit) => /** @type {any} */ ({
  type: 'FeatureCollection', features: lit.points.map((coordinates) => ({ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates } })),
});

/** @param {Lit} [lit] */
export const litSource = (lit = NOTHING) => ({ type: 'geojson', data: data(lit) });

/**
 * @param {string[]} levels of the district
 * @param {Lit} [lit]
 * @returns {any[]} layers, each line on a casing, so that it is seen on every class
 */
export function litLayers(levels, lit = NOTHING) {
  const lines = levels.flatMap((level) => [['casing', token('--map-halo'), 5.5], ['line', token('--accent-strong'), 2.2]].map(([part, color, width]) => ({
    id: `lit-${level}-${part}`, type: 'line', source: 'areas', 'source-layer': level, filter: ids(lit, level),
    layout: { 'line-join': 'round' }, paint: { 'line-color': color, 'line-width': width },
  })));
  const ring = (/** @type {string} */ id, /** @type {string} */ color, /** @type {number} */ width) => ({
    id, type: 'circle', source: 'lit', paint: { 'circle-radius': 12, 'circle-opacity': 0, 'circle-stroke-color': color, 'circle-stroke-width': width },
  });
  return [...lines, ring('lit-points-casing', token('--map-dot'), 5), ring('lit-points', token('--accent-strong'), 2.4)];
}

/**
 * @param {any} map
 * @param {string[]} levels
 * @param {Lit} lit
 */
export function relight(map, levels, lit) {
  if (!map.getSource('lit')) return; // the style that comes is made with it
  for (const level of levels) for (const part of ['casing', 'line']) map.setFilter(`lit-${level}-${part}`, ids(lit, level));
  map.getSource('lit').setData(data(lit));
}
