/** Layers of elements: their marks, several as one with their number, and registered buildings by their outlines. */

import { INKS, ofSort } from '../lib/sorts.js';
import { FONT, OFFSET } from './symbols.js';
import { token } from './tokens.js';

/**
 * @typedef {object} Elements
 * @property {string[]} sorts that are switched on
 * @property {string} marks address of their tiles; nothing where none is switched on
 * @property {string} outlines address of the tiles of registered buildings
 * @property {number | null} chosen id of the one whose card is open
 */

/** Layers of marks, and those in which a building is pressed. */
export const ELEMENT_MARKS = ['el-far', 'el-organisation', 'el-object', 'el-place'];
export const OUTLINES = ['el-buildings'];

/** From here on marks stand where they are, and buildings are outlines. */
export const OUTLINED_FROM = 16;
const NAMED_FROM = 17.4;
const SEVERAL = ['>', ['get', 'count'], 1];
const FACE = (/** @type {any} */ of) => ['case', SEVERAL, ['concat', 'els|', of, '|', ['get', 'count']], ['concat', 'el|', ['get', 'sort']]];

/**
 * @param {import('./style.js').StyleOptions} options
 * @returns {boolean} whether the outlines of registered buildings are drawn: flat where they are switched on, raised always
 */
export const outlined = ({ elements, solid, hidden }) => Boolean(elements && (solid ? !hidden.has('buildings') : elements.sorts.includes('building')));

/**
 * @param {import('./style.js').StyleOptions} options
 * @returns {Record<string, any>} what is switched on, and nothing else: what is not drawn is not asked for
 */
export function elementSources(options) {
  const { elements, bounds } = options;
  const vector = (/** @type {string} */ address, /** @type {number} */ minzoom, /** @type {number} */ maxzoom) => ({ type: 'vector', tiles: [address], minzoom, maxzoom, ...(bounds ? { bounds } : {}) });
  return {
    ...(elements?.marks ? { elements: vector(elements.marks, 0, 18), gathered: { type: 'geojson', data: { type: 'FeatureCollection', features: options.gathered ?? [] } } } : {}),
    ...(elements && outlined(options) ? { registered: vector(elements.outlines, 15, 16) } : {}),
  };
}

/** @param {number | null} id @returns {any} the filter of the ring around the open one */
export const ringFilter = (id) => ['==', ['get', 'element_id'], id ?? -1];

/**
 * @param {import('./style.js').StyleOptions} options
 * @returns {any[]}
 */
export function elementLayers(options) {
  const { elements } = options;
  if (!elements) return [];
  const symbol = { 'icon-allow-overlap': true, 'icon-padding': 0, 'symbol-sort-key': ['get', 'count'] };
  const marks = [...new Set(elements.sorts.map(ofSort))].flatMap((of) => {
    const from = { source: 'elements', 'source-layer': of };
    return [
      // Tiles come for what is drawn of them: from far that is nothing, but where it stands is reckoned from them.
      { ...from, id: `el-known-${of}`, type: 'circle', maxzoom: OUTLINED_FROM, paint: { 'circle-radius': 0, 'circle-opacity': 0 } },
      {
        ...from, id: `el-ring-${of}`, type: 'circle', minzoom: OUTLINED_FROM, filter: ringFilter(elements.chosen),
        paint: { 'circle-radius': 16, 'circle-color': token('--map-dot'), 'circle-stroke-color': token('--map-select'), 'circle-stroke-width': 2.6 },
      },
      { ...from, id: `el-${of}`, type: 'symbol', minzoom: OUTLINED_FROM, layout: { ...symbol, 'icon-image': FACE(of) } },
    ];
  });
  const far = (/** @type {string} */ id, /** @type {any} */ image, /** @type {any} */ rest) => ({
    id, type: 'symbol', source: 'gathered', maxzoom: OUTLINED_FROM, layout: { ...symbol, 'icon-image': image, 'icon-offset': OFFSET }, ...rest,
  });
  marks.push(far('el-ring-far', 'chosen|place', { filter: ringFilter(elements.chosen) }), far('el-far', FACE(['get', 'of']), {}));
  return [...(outlined(options) && !options.solid ? flat() : []), ...(elements.marks ? marks : [])];
}

/** @returns {any[]} outlines of registered buildings on the flat map, with their names from near */
function flat() {
  const from = { source: 'registered', 'source-layer': 'buildings', minzoom: OUTLINED_FROM };
  const chosen = ['boolean', ['feature-state', 'chosen'], false];
  const ink = token(INKS.place);
  return [
    { ...from, id: 'el-buildings', type: 'fill', paint: { 'fill-color': ['case', chosen, token('--accent'), ink], 'fill-opacity': ['case', chosen, 0.75, 0.3] } },
    { ...from, id: 'el-buildings-line', type: 'line', layout: { 'line-join': 'round' }, paint: { 'line-color': ['case', chosen, token('--accent-strong'), ink], 'line-width': ['case', chosen, 2.4, 1.3] } },
    {
      ...from, id: 'el-buildings-name', type: 'symbol', minzoom: NAMED_FROM,
      layout: { 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': 11, 'text-max-width': 6, 'text-padding': 4 },
      paint: { 'text-color': token('--map-label'), 'text-halo-color': token('--map-halo'), 'text-halo-width': 1.6 },
    },
  ];
}
