/** Layers of names and marks. Their pictures and letters are drawn in the browser: no glyph server, no sprite file. */

import { token } from './tokens.js';

const FONT = ['Noto Sans CJK SC'];
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
  const nested = options.levels.includes('community');
  const seen = (/** @type {string} */ key) => ({ visibility: options.hidden.has(key) ? 'none' : 'visible' });
  const paint = (/** @type {string} */ color, halo = '--map-halo', width = 1.6) => ({
    'text-color': token(color), 'text-halo-color': token(halo), 'text-halo-width': width, 'text-halo-blur': 0.3,
  });
  const area = (/** @type {string} */ level, /** @type {number[]} */ zoom, /** @type {any} */ size, /** @type {any} */ text, color = '--map-label', spacing = 0.04) => ({
    id: `name-${level}`, type: 'symbol', source: 'areas', 'source-layer': 'labels', minzoom: zoom[0], maxzoom: zoom[1],
    filter: ['==', ['get', 'level'], level],
    layout: {
      ...seen('names'), 'text-field': text, 'text-font': FONT, 'text-size': size, 'text-padding': 6, 'text-letter-spacing': spacing,
      'text-max-width': 7, 'text-variable-anchor-offset': AROUND,
    },
    paint: paint(color),
  });
  const along = (/** @type {string} */ id, /** @type {string} */ kind, /** @type {number} */ from, /** @type {any} */ layout, /** @type {any} */ look) => ({
    id, type: 'symbol', source: 'ground', 'source-layer': kind, minzoom: from, filter: ['has', 'name'],
    layout: { ...seen('ground'), 'text-field': name, 'text-font': FONT, ...layout }, paint: look,
  });
  const line = { 'symbol-placement': 'line', 'text-size': 11, 'text-letter-spacing': options.english ? 0.02 : 0.2, 'symbol-spacing': 340 };
  const digits = ['case', ['==', ['length', ['get', 'code']], 15], ['slice', ['get', 'code'], 12], name];
  return [
    along('name-street', 'street', 13.2, line, paint('--map-label-2', '--map-road', 2)),
    along('name-river', 'river', 11.2, { ...line, 'text-size': 12, 'text-letter-spacing': options.english ? 0.1 : 0.4, 'symbol-spacing': 480 }, paint('--map-water-label')),
    along('name-reservoir', 'reservoir', 10, { 'text-size': 11, 'text-max-width': 6 }, paint('--map-water-label')),
    along('name-compound', 'compound', 15.2, { 'text-size': 11, 'text-max-width': 7, 'text-variable-anchor-offset': AROUND }, paint('--map-label-2')),
    along('name-landmark', 'landmark', 11, { 'text-size': 11.5, 'text-max-width': 8, 'symbol-sort-key': ['get', 'rank'], 'text-variable-anchor-offset': AROUND }, paint('--el-place')),
    along('name-hill', 'hill', 10, { 'text-size': 11, 'text-max-width': 6 }, paint('--map-label-2')),
    along('name-park', 'park', 12, { 'text-size': 11, 'text-max-width': 6 }, paint('--step-4')),
    area('cell', [nested ? 14.3 : 0, 24], nested ? 11 : byZoom(9, 11, 14, 14), nested ? digits : name, nested ? '--map-label-2' : '--map-label'),
    area('community', [12.2, 16.5], byZoom(12, 11, 15, 14), options.english ? WITHOUT_KIND : SHORT),
    area('subdistrict', [8, 12.9], byZoom(8, 11, 12, 15), name, '--map-label', options.english ? 0.02 : 0.12),
  ];
}

/** @returns {any[]} clusters and single cases; what is late lies on top and in clusters of its own */
export function caseMarks() {
  const mark = (/** @type {string} */ id, /** @type {any} */ filter, /** @type {any} */ image, /** @type {any} */ extra = {}) => ({
    id, type: 'symbol', source: 'cases', 'source-layer': 'cases', filter,
    layout: { 'icon-image': image, 'icon-allow-overlap': true, 'icon-padding': 0, 'symbol-sort-key': ['get', 'count'], ...extra },
  });
  const several = ['>', ['get', 'count'], 1];
  const late = ['boolean', ['get', 'late'], false];
  return [
    mark('cases', ['all', ['!', late], ['!', several]], ['concat', 'case|', ['get', 'urgency']]),
    mark('clusters', ['all', ['!', late], several], ['concat', 'cluster|', ['get', 'count'], '|', ['get', 'near'], '|', ['get', 'closed']]),
    mark('late', late, ['case', several, ['concat', 'late|', ['get', 'count']], 'case|overdue'], { 'icon-offset': ['case', several, ['literal', [0, -17]], ['literal', [0, 0]]] }),
    {
      id: 'chosen', type: 'symbol', source: 'chosen',
      layout: { 'icon-image': ['concat', 'chosen|', ['get', 'urgency']], 'icon-allow-overlap': true, 'icon-ignore-placement': true },
    },
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
