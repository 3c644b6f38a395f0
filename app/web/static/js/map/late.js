/** Triangles of late cases, moved apart from the numbers below them: the tiles say where they are, this where they stand. */

import { apart } from '../lib/apart.js';
import { pixel, WORLD } from '../lib/geo.js';

const SOON_MS = 40;

/**
 * Keep the source `late` in line with the case tiles that are there and with the zoom.
 * @param {any} map
 * @param {import('./style.js').StyleOptions} options where the features are kept, so that a new style has them too
 */
export function keepApart(map, options) {
  let timer = 0;
  const arrange = () => {
    clearTimeout(timer);
    const source = map.getSource('late');
    if (!source || !map.getSource('cases')) return;
    const size = WORLD * 2 ** map.getZoom();
    const found = map.querySourceFeatures('cases', { sourceLayer: 'cases' }).map((/** @type {any} */ feature) => {
      const [lon, lat] = feature.geometry.coordinates;
      return { ...pixel(lon, lat, size), at: [lon, lat], count: Number(feature.properties.count), properties: feature.properties };
    });
    const late = found.filter((/** @type {any} */ mark) => mark.properties.late);
    const numbered = options.marks ? [] : found.filter((/** @type {any} */ mark) => !mark.properties.late);
    const offsets = apart(late, numbered);
    const features = late.map((/** @type {any} */ mark, /** @type {number} */ i) => ({
      type: 'Feature', properties: { ...mark.properties, offset: offsets[i] }, geometry: { type: 'Point', coordinates: mark.at },
    }));
    if (JSON.stringify(features) === JSON.stringify(options.late ?? [])) return;
    options.late = features;
    source.setData({ type: 'FeatureCollection', features });
  };
  map.on('sourcedata', (/** @type {any} */ event) => {
    if (event.sourceId !== 'cases') return;
    clearTimeout(timer);
    // With the last tile there, so that one frame shows both.
    timer = window.setTimeout(arrange, event.tile && map.isSourceLoaded('cases') ? 0 : SOON_MS);
  });
  for (const event of ['zoomend', 'moveend', 'idle']) map.on(event, arrange);
}
