/** Buildings 楼栋: flat outlines from near, or raised 立体 in two paper tones with lighter roofs; registered ones by their own height. */

import { HEIGHTS, OTHER_M } from '../lib/heights.js';
import { outlined } from './elements.js';
import { token } from './tokens.js';

const FROM = 15;
const ROOF_M = 0.4;

/** Flat light from the upper left. */
export const LIGHT = { anchor: 'viewport', color: 'white', intensity: 0.15, position: [1.4, 315, 42] };

/** A height that the ground itself says, else what is assumed for the class. @type {any} */
const HEIGHT = ['coalesce', ['get', 'height'], ['match', ['get', 'class'], ...Object.entries(HEIGHTS).flat(), OTHER_M]];
/** A height that the registry says, or reckons of the floors. @type {any} */
const REGISTERED = ['coalesce', ['get', 'height'], OTHER_M];
/** What is registered is drawn once, and not by the map too. */
const TWICE = ['boolean', ['feature-state', 'registered'], false];
const CHOSEN = ['boolean', ['feature-state', 'chosen'], false];
const BUSY = ['boolean', ['feature-state', 'busy'], false];

/**
 * @param {string} plain the tone of those with nothing about them
 * @returns {any} the chosen building in the colour of acting, those with an open case in gold
 */
const tone = (plain) => ['case', CHOSEN, token('--accent'), BUSY, token('--warn-fill'), plain];

/**
 * @param {import('./style.js').StyleOptions} options
 * @returns {any[]}
 */
export function buildings(options) {
  const { solid, hidden, basemap, noCases } = options;
  if (hidden.has('buildings')) return [];
  const from = { source: 'ground', 'source-layer': 'building', minzoom: FROM };
  const paper = token('--map-building');
  if (!solid) {
    if (basemap && !hidden.has('basemap')) return [];
    return [{ ...from, id: 'buildings', type: 'fill', paint: { 'fill-color': noCases ? paper : tone(paper), 'fill-outline-color': token('--map-road-case'), 'fill-opacity': ['interpolate', ['linear'], ['zoom'], FROM, 0, FROM + 0.5, 0.9] } }];
  }
  return [
    ...raised('', from, ['case', TWICE, 0, HEIGHT], ['case', TWICE, 0, ROOF_M]),
    ...(outlined(options) ? raised('registered-', { ...from, source: 'registered', 'source-layer': 'buildings' }, REGISTERED, ROOF_M) : []),
  ];
}

/**
 * @param {string} name before the ids of the layers
 * @param {any} from where they come from
 * @param {any} height
 * @param {any} roof how much higher the roof reaches
 * @returns {any[]} walls and roofs
 */
function raised(name, from, height, roof) {
  const tall = /** @type {any} */ (['interpolate', ['linear'], height, 18, token('--map-building'), 54, token('--map-building-tall')]);
  const layer = (/** @type {string} */ id, /** @type {any} */ color, /** @type {any} */ base, /** @type {any} */ top) => ({
    ...from, id: `${name}${id}`, type: 'fill-extrusion',
    paint: { 'fill-extrusion-color': color, 'fill-extrusion-base': base, 'fill-extrusion-height': top, 'fill-extrusion-opacity': 1 },
  });
  return [layer('buildings', tone(tall), 0, height), layer('roofs', tone(token('--map-building-top')), height, ['+', height, roof])];
}
