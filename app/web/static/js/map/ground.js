/** Layers of what lies below the marks: fills, water, roads, borders, the selection. */

import { NONE } from '../lib/fills.js';
import { token } from './tokens.js';

/** @typedef {any} Layer */

const byZoom = (/** @type {(number | any)[]} */ ...stops) => ['interpolate', ['linear'], ['zoom'], ...stops];
const roadWidth = (/** @type {number} */ extra) => [
  'interpolate', ['exponential', 1.5], ['zoom'],
  10, ['match', ['get', 'class'], 'arterial', 0.9 + extra * 0.4, 0.3],
  14, ['match', ['get', 'class'], 'arterial', 4 + extra, 'secondary', 2.2 + extra, 1 + extra],
  17, ['match', ['get', 'class'], 'arterial', 18 + extra * 2, 'secondary', 11 + extra * 2, 6 + extra * 2],
];

/** Where areas meet they would be edged twice, and whatever parts them is drawn as a line: their fills need no soft edge. */
const HARD = { 'fill-antialias': false };

/** A cell's state: its class by what fills it, which arrives apart from the shapes; of a share nothing is known until then. */
const classBy = (/** @type {string} */ layer) => /** @type {any} */ (['coalesce', ['feature-state', 'class'], layer === 'share' ? NONE : 0]);
const FADED = ['boolean', ['feature-state', 'faded'], false];
const OUTSIDE = ['boolean', ['feature-state', 'outside'], false];

/**
 * How much of a cell's colour is seen: less where something else is to be read.
 * @param {import('./style.js').StyleOptions} options
 * @param {boolean} backed whether another map lies below
 */
function strength({ marks, solid }, backed) {
  if (marks === 'heat') return 0;
  const [far, near] = backed ? [0.5, 0.4] : solid ? [0.55, 0.55] : [0.92, 0.72];
  const but = (/** @type {number} */ full) => ['case', FADED, Math.min(full, 0.12), full];
  return byZoom(15, but(far), 15.8, but(near));
}

/**
 * @param {import('./style.js').StyleOptions} options
 * @param {Layer[]} behind what lies below the cells
 * @returns {Layer[]}
 */
export function fills(options, behind) {
  const [ramp, steps] = options.layer === 'staffing' ? ['gap', 3] : ['ramp', 5];
  const shade = ['match', classBy(options.layer)];
  for (let i = 1; i <= steps; i += 1) shade.push(/** @type {any} */ (i), token(`--${ramp}-${i}`));
  if (options.layer === 'share') shade.push(/** @type {any} */ (NONE), token('--ramp-none'));
  const level = (/** @type {string} */ name) => ({
    id: `hit-${name}`, type: 'fill', source: 'areas', 'source-layer': name, paint: { ...HARD, 'fill-color': token('--map-land'), 'fill-opacity': 0 },
  });
  return [
    { id: 'outside', type: 'background', paint: { 'background-color': token('--map-out') } },
    { id: 'land', type: 'fill', source: 'areas', 'source-layer': 'district', paint: { ...HARD, 'fill-color': token('--map-land') } },
    ...behind, level('subdistrict'), level('community'),
    {
      id: 'cells', type: 'fill', source: 'areas', 'source-layer': 'cell',
      paint: { ...HARD, 'fill-color': [...shade, token('--ramp-0')], 'fill-opacity': strength(options, behind.length > 0) },
    },
    ...(options.layer === 'staffing' ? [1, 2, 3] : options.layer === 'share' ? [NONE] : []).map((cls) => hatching(options, cls)),
  ];
}

/**
 * One layer for each hatched class, since a pattern cannot follow a cell's state but its opacity can.
 * @param {import('./style.js').StyleOptions} options
 * @param {number} cls
 * @returns {Layer}
 */
function hatching({ layer, marks }, cls) {
  return {
    id: `gap-${cls}`, type: 'fill', source: 'areas', 'source-layer': 'cell',
    paint: { ...HARD, 'fill-pattern': `${layer === 'share' ? 'share' : 'gap'}|${cls}`, 'fill-opacity': ['case', ['all', ['!', FADED], ['==', classBy(layer), cls]], layer === 'share' && marks === 'heat' ? 0 : 1, 0] },
  };
}

/**
 * @param {Set<string>} hidden
 * @param {boolean} backed whether another map lies below, which has streets and waters of its own
 * @returns {Layer[]}
 */
export function ground(hidden, backed) {
  const seen = { visibility: hidden.has('ground') || backed ? 'none' : 'visible' };
  const from = (/** @type {string} */ id, /** @type {string} */ kind, /** @type {string} */ type, /** @type {Layer} */ rest) => ({
    id, type, source: 'ground', 'source-layer': kind, ...rest, layout: { ...seen, ...(rest.layout ?? {}) },
  });
  const round = { 'line-cap': 'round', 'line-join': 'round' };
  const water = { 'fill-color': token('--map-water') };
  const edge = { 'line-color': token('--map-water-line'), 'line-width': 0.7 };
  const polygon = ['==', ['geometry-type'], 'Polygon'];
  const line = ['==', ['geometry-type'], 'LineString'];
  return [
    from('park', 'park', 'fill', { filter: polygon, minzoom: 12, paint: { 'fill-color': token('--map-park'), 'fill-opacity': 0.5 } }),
    from('reservoir', 'reservoir', 'fill', { filter: polygon, paint: water }),
    from('reservoir-edge', 'reservoir', 'line', { paint: edge }),
    from('river-area', 'river', 'fill', { filter: polygon, paint: water }),
    from('river', 'river', 'line', {
      filter: line, layout: round,
      paint: { 'line-color': token('--map-water'), 'line-width': byZoom(9, ['match', ['get', 'class'], 'main', 1.6, 0.5], 13, ['match', ['get', 'class'], 'main', 4.5, 1.6], 17, ['match', ['get', 'class'], 'main', 22, 8]) },
    }),
    {
      id: 'cell-border', type: 'line', source: 'areas', 'source-layer': 'borders', filter: ['==', ['get', 'level'], 'cell'],
      layout: { visibility: hidden.has('cell') ? 'none' : 'visible', ...round },
      paint: { 'line-color': token('--map-b-cell'), 'line-opacity': byZoom(9, 0.35, 12, 0.75, 15, 1), 'line-width': byZoom(9, 0.3, 12, 0.6, 14, 1.3, 16, 2.2) },
    },
    from('road-case', 'street', 'line', { layout: round, paint: { 'line-color': token('--map-road-case'), 'line-width': roadWidth(1.4), 'line-opacity': byZoom(10, 0, 12, 1) } }),
    from('road', 'street', 'line', { layout: round, paint: { 'line-color': token('--map-road'), 'line-width': roadWidth(0) } }),
  ];
}

/**
 * @param {string[]} levels
 * @param {Set<string>} hidden
 * @returns {Layer[]}
 */
export function borders(levels, hidden) {
  const lines = {
    community: { 'line-color': token('--map-b-com'), 'line-width': byZoom(10.5, 0.4, 13, 1, 16, 1.8), 'line-dasharray': [4, 2.2] },
    subdistrict: { 'line-color': token('--map-b-sub'), 'line-width': byZoom(9, 0.9, 13, 1.6, 16, 2.4), 'line-opacity': 0.9 },
    district: { 'line-color': token('--map-b-district'), 'line-width': 1.8 },
  };
  const layer = (/** @type {keyof typeof lines} */ level) => ({
    id: `${level}-border`, type: 'line', source: 'areas', 'source-layer': 'borders', minzoom: level === 'community' ? 10.5 : 0,
    filter: ['==', ['get', 'level'], level],
    layout: { visibility: hidden.has(level) ? 'none' : 'visible', 'line-join': 'round' }, paint: lines[level],
  });
  const veil = {
    id: 'veil', type: 'fill', source: 'areas', 'source-layer': 'cell',
    paint: { ...HARD, 'fill-color': token('--map-veil'), 'fill-opacity': ['case', OUTSIDE, 0.62, 0] },
  };
  const wide = /** @type {(keyof typeof lines)[]} */ (['subdistrict', 'district']).filter((level) => levels.includes(level));
  return [...(levels.includes('community') ? [layer('community')] : []), veil, ...wide.map(layer)];
}

/**
 * @param {string[]} levels
 * @returns {Layer[]} the outline of the chosen area, on a casing, so that it is seen on every class: a scope in the colour of acting, a cell in ink
 */
export function selection(levels) {
  const outline = (/** @type {string} */ level) => [['casing', token('--map-halo'), 6.5], ['line', token(level === 'cell' ? '--map-select' : '--accent-strong'), level === 'cell' ? 2.6 : 2.4]];
  return levels.flatMap((level) => outline(level).map(([part, color, width]) => ({
    id: `select-${level}-${part}`, type: 'line', source: 'areas', 'source-layer': level, filter: ['==', ['id'], -1],
    layout: { 'line-join': 'round' }, paint: { 'line-color': color, 'line-width': width },
  })));
}
