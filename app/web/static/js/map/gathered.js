/** Marks of elements from far, moved beside those of cases and beside each other: the tiles say where they are, this where they stand. */

import { radiusOf } from '../lib/apart.js';
import { beside } from '../lib/beside.js';
import { pixel, WORLD } from '../lib/geo.js';
import { scaleOf } from './element-marks.js';
import { OUTLINED_FROM } from './elements.js';

const SOON_MS = 40;
const EDGE_PX = 3;
const SINGLE_PX = 12;
const KINDS = ['place', 'object', 'organisation'];

/** @param {number} count */
const halfOf = (count) => (count > 1 ? 10 * scaleOf(count) : 9) + EDGE_PX;

/**
 * Keep the source `gathered` in line with the tiles that are there, with the marks of cases and with the zoom.
 * @param {any} map
 * @param {import('./style.js').StyleOptions} options where the features are kept, so that a new style has them too
 */
export function keepBeside(map, options) {
  let timer = 0;
  const arrange = () => {
    clearTimeout(timer);
    if (!map.getSource('gathered') || !map.getSource('elements') || map.getZoom() >= OUTLINED_FROM) return;
    const size = WORLD * 2 ** map.getZoom();
    const at = (/** @type {[number, number]} */ [lon, lat]) => pixel(lon, lat, size);
    const found = KINDS.flatMap((of) => map.querySourceFeatures('elements', { sourceLayer: of }).map((/** @type {any} */ { geometry, properties }) => {
      const half = halfOf(properties.count);
      return { ...at(geometry.coordinates), w: half, h: half, at: geometry.coordinates, properties: { ...properties, of } };
    }));
    found.sort((a, b) => b.properties.count - a.properties.count || a.y - b.y || a.x - b.x);
    const moved = beside(found, cases(map, options, at));
    const features = found.map(({ at: coordinates, properties }, i) => ({ type: 'Feature', properties: { ...properties, offset: moved[i] }, geometry: { type: 'Point', coordinates } }));
    if (JSON.stringify(features) === JSON.stringify(options.gathered ?? [])) return;
    options.gathered = features;
    map.getSource('gathered').setData({ type: 'FeatureCollection', features });
  };
  map.on('sourcedata', (/** @type {any} */ event) => {
    if (!['elements', 'cases', 'late'].includes(event.sourceId)) return;
    clearTimeout(timer);
    timer = window.setTimeout(arrange, SOON_MS);
  });
  for (const event of ['zoomend', 'moveend', 'idle']) map.on(event, arrange);
}

/**
 * @param {any} map
 * @param {import('./style.js').StyleOptions} options
 * @param {(at: [number, number]) => {x: number, y: number}} at
 * @returns {import('../lib/beside.js').Box[]} what cases take of the map, dots and heat nothing
 */
function cases(map, options, at) {
  if (options.marks) return [];
  const discs = map.querySourceFeatures('cases', { sourceLayer: 'cases' }).filter((/** @type {any} */ { properties }) => !properties.late).map((/** @type {any} */ { geometry, properties }) => {
    const half = properties.count > 1 ? radiusOf(properties.count) : SINGLE_PX - EDGE_PX;
    return { ...at(geometry.coordinates), w: half, h: half };
  });
  const late = (options.late ?? []).map(({ geometry, properties }) => {
    const { x, y } = at(geometry.coordinates);
    return { x: x + properties.offset[0], y: y + properties.offset[1], w: SINGLE_PX, h: SINGLE_PX };
  });
  return [...discs, ...late];
}
