/** The style of the wall's maps: land, water and borders of the one map, and above them what is late and what is 特急. */

import { borders, fills, ground, selection } from './ground.js';
import { token } from './tokens.js';

const FONT = ['Noto Sans CJK SC'];
const GROUND = new Set(['reservoir', 'reservoir-edge', 'river-area', 'river', 'cell-border']);
const NOTHING = { type: 'FeatureCollection', features: [] };

/** Sizes of letters, of a wall 1080 high; none is smaller than 30. */
export const NAME = 34;
export const NUMBER = 32;
const GATHERED = 104;

/**
 * @typedef {object} WallOptions
 * @property {Record<string, string>} tiles addresses of `areas` and `ground`
 * @property {string[]} levels of the district, the widest first
 * @property {[number, number, number, number]} bounds
 * @property {number} unit pixels of the page in a 1080th of the wall's height
 */

/**
 * @param {WallOptions} options
 * @param {any} marks GeoJSON of the cells' marks
 * @param {any} names GeoJSON of the names that are written
 * @returns {any} a MapLibre style
 */
export function wallStyle({ tiles, levels, bounds, unit }, marks, names) {
  const vector = (/** @type {string} */ name) => ({ type: 'vector', tiles: [tiles[name]], minzoom: 0, maxzoom: 16, bounds });
  const sum = (/** @type {string} */ name) => ['+', ['get', name]];
  return {
    version: 8,
    sources: {
      areas: vector('areas'), ground: vector('ground'),
      names: { type: 'geojson', data: names },
      told: { type: 'geojson', data: NOTHING },
      marks: {
        type: 'geojson', data: marks, cluster: true, clusterRadius: Math.round(GATHERED * unit), clusterMaxZoom: 16,
        clusterProperties: { late: sum('late'), urgent: sum('urgent'), first: sum('first') },
      },
    },
    layers: [
      ...fills('').filter((layer) => !layer.id.startsWith('hit-')), ...ground(new Set()).filter((layer) => GROUND.has(layer.id)),
      ...borders(levels, new Set(['community'])), ...selection(levels.includes('subdistrict') ? ['subdistrict'] : []),
      ...written(unit),
    ],
  };
}

/**
 * @param {number} unit
 * @returns {any[]} names below, what is late above them, and around the case that is told of a ring
 */
function written(unit) {
  const shown = { 'icon-allow-overlap': true, 'text-allow-overlap': true, 'text-font': FONT };
  return [
    {
      id: 'names', type: 'symbol', source: 'names',
      layout: { 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': NAME * unit, 'text-padding': 4, 'text-max-width': 9, 'text-variable-anchor-offset': ['center', [0, 0], 'top', [0, 1.8], 'bottom', [0, -1.8], 'left', [1.8, 0], 'right', [-1.8, 0]] },
      paint: { 'text-color': token('--map-label'), 'text-halo-color': token('--map-halo'), 'text-halo-width': 2.4 * unit },
    },
    {
      id: 'late', type: 'symbol', source: 'marks', filter: ['>', ['get', 'late'], 0],
      layout: { ...shown, 'icon-image': 'wall|late', 'text-field': ['to-string', ['get', 'late']], 'text-size': NUMBER * unit, 'text-offset': [0, 0.38] },
      paint: { 'text-color': token('--on-alarm') },
    },
    {
      id: 'urgent', type: 'symbol', source: 'marks', filter: ['>', ['get', 'urgent'], 0],
      layout: { ...shown, 'icon-image': 'wall|box', 'icon-text-fit': 'both', 'icon-text-fit-padding': [2 * unit, 8 * unit, 2 * unit, 8 * unit], 'text-field': ['get', 'urgent'], 'text-size': NUMBER * unit, 'text-offset': [0, -1.9] },
      paint: { 'text-color': token('--canvas') },
    },
    {
      id: 'told', type: 'circle', source: 'told',
      paint: { 'circle-radius': 60 * unit, 'circle-opacity': 0, 'circle-stroke-color': token('--map-select'), 'circle-stroke-width': 5 * unit },
    },
  ];
}

/**
 * @param {boolean} favours whether the preset puts something first
 * @returns {Record<string, any>} how what is late then looks: what is put first stands out, the rest steps back
 */
export function stepping(favours) {
  const behind = ['all', favours, ['==', ['coalesce', ['get', 'first'], 0], 0]];
  return {
    'icon-image': ['case', behind, 'wall|dim', 'wall|late'],
    'text-color': ['case', behind, token('--alarm'), token('--on-alarm')],
  };
}
