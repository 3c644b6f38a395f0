/** The style of the wall's maps: land, water and borders of the one map, and above them what is late and what is 特急. */

import { borders, fills, ground, selection } from './ground.js';
import { token } from './tokens.js';

const FONT = ['Noto Sans CJK SC'];
const GROUND = new Set(['reservoir', 'reservoir-edge', 'river-area', 'river', 'cell-border']);
const NOTHING = { type: 'FeatureCollection', features: [] };

/** Where a name may stand that a mark is in the way of; beside it only where it would not leave the map. */
const OVER = ['center', [0, 0], 'top', [0, 1.8], 'bottom', [0, -1.8]];
const BESIDE = ['left', [1.8, 0], 'right', [-1.8, 0]];

/** Sizes of letters, of a wall 1080 high; none is smaller than 30. */
export const NAME = 34;
export const NUMBER = 32;

/** Room that a mark takes: its triangle, and above it the words of what is 特急. */
export const ROOM = { wide: 150, high: 150, above: 100, below: 56, beside: 78 };

/**
 * @typedef {object} WallOptions
 * @property {Record<string, string>} tiles addresses of `areas` and `ground`
 * @property {string[]} levels of the district, the widest first
 * @property {[number, number, number, number]} bounds
 * @property {number} unit pixels of the page in a 1080th of the wall's height
 */

/**
 * @param {WallOptions} options
 * @returns {any} a MapLibre style
 */
export function wallStyle({ tiles, levels, bounds, unit }) {
  const vector = (/** @type {string} */ name) => ({ type: 'vector', tiles: [tiles[name]], minzoom: 0, maxzoom: 16, bounds });
  const sum = (/** @type {string} */ name) => ['+', ['get', name]];
  return {
    version: 8,
    sources: {
      areas: vector('areas'), ground: vector('ground'),
      names: { type: 'geojson', data: NOTHING },
      told: { type: 'geojson', data: NOTHING },
      marks: { type: 'geojson', data: NOTHING },
    },
    layers: [
      ...fills(/** @type {any} */ ({ layer: '' }), []).filter((layer) => !layer.id.startsWith('hit-')), ...ground(new Set(), false).filter((layer) => GROUND.has(layer.id)),
      ...borders(levels, new Set(['community'])), ...selection(levels.includes('subdistrict') ? ['subdistrict'] : []),
      ...written(unit),
    ],
  };
}

/**
 * @param {number} unit
 * @returns {any[]} names below, above them what is late, with a white edge where a case is told of
 */
function written(unit) {
  const shown = { 'icon-allow-overlap': true, 'text-allow-overlap': true, 'text-font': FONT };
  return [
    {
      id: 'names', type: 'symbol', source: 'names',
      layout: { 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': NAME * unit, 'text-padding': 4, 'text-max-width': 9, 'text-variable-anchor-offset': ['case', ['get', 'edge'], ['literal', OVER], ['literal', [...OVER, ...BESIDE]]] },
      paint: { 'text-color': token('--map-label'), 'text-halo-color': token('--map-halo'), 'text-halo-width': 2.4 * unit },
    },
    { id: 'told', type: 'symbol', source: 'told', layout: { 'icon-image': 'wall|told', 'icon-allow-overlap': true, 'icon-ignore-placement': true } },
    {
      id: 'late', type: 'symbol', source: 'marks', filter: ['>', ['get', 'late'], 0],
      layout: { ...shown, 'icon-image': 'wall|late', 'text-field': ['to-string', ['get', 'late']], 'text-size': NUMBER * unit, 'text-offset': [0, 0.38] },
      paint: { 'text-color': token('--on-alarm') },
    },
    {
      id: 'urgent', type: 'symbol', source: 'marks', filter: ['>', ['get', 'urgent'], 0],
      layout: { ...shown, 'icon-image': 'wall|box', 'icon-text-fit': 'both', 'icon-text-fit-padding': [2 * unit, 8 * unit, 2 * unit, 8 * unit], 'text-field': ['get', 'urgent'], 'text-size': NUMBER * unit, 'text-offset': ['case', ['>', ['get', 'late'], 0], ['literal', [0, -1.95]], ['literal', [0, 0]]] },
      paint: { 'text-color': token('--canvas') },
    },
  ];
}

/**
 * @param {boolean} favours whether the preset puts something first
 * @returns {Record<string, any>} how what is late then looks: what is put first stands out, the rest steps back
 */
export function stepping(favours) {
  const behind = ['all', favours, ['==', ['get', 'first'], 0]];
  return {
    'icon-image': ['case', behind, 'wall|dim', 'wall|late'],
    'text-color': ['case', behind, token('--alarm'), token('--on-alarm')],
  };
}
