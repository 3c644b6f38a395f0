/** Layers of names and marks. Their pictures and letters are drawn in the browser: no glyph server, no sprite file. */

import { token } from './tokens.js';

/** @type {string[]} drawn by the browser itself */
export const FONT = ['Noto Sans CJK SC'];
const byZoom = (/** @type {(number | any)[]} */ ...stops) => ['interpolate', ['linear'], ['zoom'], ...stops];

/** A community is named without the word for it: 社区 stands behind every one. */
const SHORT = ['let', 'n', ['get', 'name'], ['case', ['==', ['slice', ['var', 'n'], -2], '社区'], ['slice', ['var', 'n'], 0, -2], ['var', 'n']]];
const WITHOUT_KIND = ['let', 'n', ['coalesce', ['get', 'name_en'], ['get', 'name']], ['case', ['==', ['slice', ['var', 'n'], -10], ' Community'], ['slice', ['var', 'n'], 0, -10], ['var', 'n']]];
const AROUND = ['center', [0, 0], 'top', [0, 1.1], 'bottom', [0, -1.1], 'left', [1.3, 0], 'right', [-1.3, 0]];

/**
 * @param {import('./style.js').StyleOptions} options
 * @returns {any[]}
 */
export function labels(options) {
  const name = options.english ? ['coalesce', ['get', 'name_en'], ['get', 'name']] : ['get', 'name'];
  const ofLevel = (/** @type {string} */ level) => ['==', ['get', 'level'], level];
  const backed = Boolean(options.basemap) && !options.hidden.has('basemap');
  const nested = options.levels.includes('community');
  const seen = (/** @type {string} */ key) => ({ visibility: options.hidden.has(key) ? 'none' : 'visible' });
  const paint = (/** @type {string} */ color, halo = '--map-halo', width = 1.6) => ({
    'text-color': token(color), 'text-halo-color': token(halo), 'text-halo-width': width, 'text-halo-blur': 0.3,
  });
  const area = (/** @type {string} */ level, /** @type {number[]} */ zoom, /** @type {any} */ size, /** @type {any} */ text, color = '--map-label', spacing = 0.04) => ({
    id: `name-${level}`, type: 'symbol', source: 'areas', 'source-layer': 'labels', minzoom: zoom[0], maxzoom: zoom[1],
    filter: level === 'subdistrict' && options.core ? ['all', ofLevel(level), ['any', ['>=', ['zoom'], 11], ['!', ['within', options.core]]]] : ofLevel(level),
    layout: {
      ...seen('names'), 'text-field': text, 'text-font': FONT, 'text-size': size, 'text-padding': 6, 'text-letter-spacing': spacing,
      'text-max-width': 7, 'text-variable-anchor-offset': AROUND,
    },
    paint: paint(color),
  });
  const along = (/** @type {string} */ id, /** @type {string} */ kind, /** @type {number} */ from, /** @type {any} */ layout, /** @type {any} */ look) => ({
    id, type: 'symbol', source: 'ground', 'source-layer': kind, minzoom: from, filter: ['has', 'name'],
    layout: { ...(backed ? { visibility: 'none' } : seen('ground')), 'text-field': name, 'text-font': FONT, ...layout }, paint: look,
  });
  const line = { 'symbol-placement': 'line', 'text-size': 11, 'text-letter-spacing': options.english ? 0.02 : 0.2, 'symbol-spacing': 340 };
  const digits = ['case', ['==', ['length', ['get', 'code']], 15], ['slice', ['get', 'code'], 12], name];
  return [
    along('name-street', 'street', 13.2, line, paint('--map-label-2', '--map-road', 2)),
    along('name-river', 'river', 11.2, { ...line, 'text-size': 12, 'text-letter-spacing': options.english ? 0.1 : 0.4, 'symbol-spacing': 480 }, paint('--map-water-label')),
    along('name-reservoir', 'reservoir', 10, { 'text-size': 11, 'text-padding': 40, 'text-max-width': 6 }, paint('--map-water-label')),
    along('name-compound', 'compound', 15.2, { 'text-size': 11, 'text-max-width': 7, 'text-variable-anchor-offset': AROUND }, paint('--map-label-2')),
    along('name-landmark', 'landmark', 11, { 'text-size': 11.5, 'text-max-width': 8, 'symbol-sort-key': ['get', 'rank'], 'text-variable-anchor-offset': AROUND }, paint('--el-place')),
    along('name-hill', 'hill', 10, { 'text-size': 11, 'text-max-width': 6 }, paint('--map-label-2')),
    along('name-park', 'park', 12, { 'text-size': 11, 'text-padding': 40, 'text-max-width': 6 }, paint('--step-4')),
    area('cell', [nested ? 14.3 : 0, 24], nested ? 11 : byZoom(9, 11, 14, 14), nested ? digits : name, nested ? '--map-label-2' : '--map-label'),
    area('community', [12.2, 16.5], byZoom(12, 11, 15, 14), options.english ? WITHOUT_KIND : SHORT),
    area('subdistrict', [8, 12.9], byZoom(8, 11, 12, 15), name, '--map-label', options.english ? 0.02 : 0.12),
  ];
}

/** How much a mark weighs in the heat: several that the tile has put together weigh as many, to a limit. */
const WEIGHT = ['min', ['get', 'count'], 40];
const LATE = ['boolean', ['get', 'late'], false];
/** By how far a triangle is moved; a feature that was asked for anew brings it as text. */
export const OFFSET = ['case', ['==', ['typeof', ['get', 'offset']], 'string'], ['literal', [0, 0]], ['array', 'number', 2, ['get', 'offset']]];
const SEVERAL = ['>', ['get', 'count'], 1];

/**
 * @param {import('./style.js').StyleOptions} options
 * @returns {any[]} the density of all cases, from bare ground to the deepest class; names lie above it
 */
export function heat({ marks, noCases }) {
  if (marks !== 'heat' || noCases) return [];
  const shade = ['interpolate', ['linear'], ['heatmap-density'], 0, `${token('--ramp-2')}00`];
  [[0.12, 2], [0.35, 3], [0.65, 4], [1, 5]].forEach(([at, cls]) => shade.push(/** @type {any} */ (at), token(`--ramp-${cls}`)));
  return [{
    id: 'heat', type: 'heatmap', source: 'cases', 'source-layer': 'cases',
    paint: {
      'heatmap-weight': WEIGHT, 'heatmap-color': shade, 'heatmap-opacity': 0.85,
      'heatmap-radius': byZoom(9, 11, 13, 24, 16, 46), 'heatmap-intensity': byZoom(9, 0.22, 13, 0.42, 16, 0.8),
    },
  }];
}

/** From near, a dot that is one case becomes its mark. */
const MARKS_FROM = 14;

/** @returns {any[]} a dot for each case, or for the few that one dot's width holds; those nearly due on top */
function dots() {
  const near = ['any', ['>', ['get', 'near'], 0], ['==', ['get', 'urgency'], 'near']];
  return [{
    id: 'dots', type: 'circle', source: 'cases', 'source-layer': 'cases', filter: ['all', ['!', LATE], ['any', SEVERAL, ['<', ['zoom'], MARKS_FROM]]], layout: { 'circle-sort-key': ['case', near, 1, 0] },
    paint: {
      'circle-radius': byZoom(9, 2.4, 13, 3.6, 16, 5), 'circle-color': ['case', near, token('--warn-fill'), token('--accent')],
      'circle-stroke-color': token('--map-dot'), 'circle-stroke-width': byZoom(9, 0.6, 14, 1.4),
    },
  }];
}

/**
 * @param {import('./style.js').StyleOptions} options
 * @returns {any[]} clusters and single cases, or dots, or heat; what is late lies on top and in clusters of its own
 */
export function caseLayers({ noCases, marks, solid }) {
  const mark = (/** @type {string} */ id, /** @type {any} */ filter, /** @type {any} */ image) => ({
    id, type: 'symbol', source: 'cases', 'source-layer': 'cases', filter,
    layout: { 'icon-image': image, 'icon-allow-overlap': true, 'icon-padding': 0, 'symbol-sort-key': ['get', 'count'] },
  });
  // On the raised map only what presses stands.
  const gathered = () => [
    mark('cases', ['all', ['!', LATE], ['!', SEVERAL], ...(solid ? [['==', ['get', 'urgency'], 'near']] : [])], ['concat', 'case|', ['get', 'urgency']]),
    mark('clusters', ['all', ['!', LATE], SEVERAL, ...(solid ? [['>', ['get', 'near'], 0]] : [])], ['concat', 'cluster|', ['get', 'count'], '|', ['get', 'near'], '|', ['get', 'closed']]),
  ];
  const late = {
    id: 'late', type: 'symbol', source: 'late',
    layout: {
      'icon-image': ['case', SEVERAL, ['concat', 'late|', ['get', 'count']], 'case|overdue'], 'icon-allow-overlap': true, 'icon-padding': 0,
      'symbol-sort-key': ['get', 'count'], 'icon-offset': OFFSET, 'icon-size': marks ? 0.8 : 1,
    },
  };
  const chosen = {
    id: 'chosen', type: 'symbol', source: 'chosen',
    layout: { 'icon-image': ['concat', 'chosen|', ['get', 'urgency']], 'icon-allow-overlap': true, 'icon-ignore-placement': true },
  };
  if (noCases) return [chosen];
  const shown = { heat: () => [], points: () => [...dots(), { ...gathered()[0], minzoom: MARKS_FROM }] }[marks ?? ''] ?? gathered;
  return [...shown(), late, chosen];
}

/** @returns {any[]} the ring that somebody has drawn, below names and numbers; it has no fill, which would change the classes that are read */
export function drawn() {
  const line = { source: 'drawn', type: 'line', layout: { 'line-join': 'round', 'line-cap': 'round' } };
  return [
    { ...line, id: 'drawn-casing', paint: { 'line-color': token('--map-halo'), 'line-width': 6.5 } },
    { ...line, id: 'drawn-line', paint: { 'line-color': token('--map-select'), 'line-width': 2, 'line-dasharray': [2.4, 2] } },
  ];
}

/** @returns {any[]} the places of a campaign; those where something waits lie on top */
export function placeMarks() {
  return [{
    id: 'places', type: 'symbol', source: 'places',
    layout: {
      'icon-image': ['concat', 'place|', ['get', 'state']], 'icon-allow-overlap': true, 'icon-padding': 0,
      'symbol-sort-key': ['match', ['get', 'state'], 'found', 2, 'unvisited', 1, 0],
    },
  }];
}
