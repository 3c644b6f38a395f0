/** Pictures of another map below all that is ours, where whoever runs the server has named one. */

/** @typedef {{tiles: string, attribution: string, last_zoom: number}} Basemap */

/**
 * @param {import('./style.js').StyleOptions} options
 * @returns {{sources: Record<string, any>, layers: any[]}} nothing where there is none or it is switched off
 */
export function backdrop({ basemap, hidden }) {
  if (!basemap || hidden.has('basemap')) return { sources: {}, layers: [] };
  const { tiles, attribution, last_zoom: maxzoom } = basemap;
  const address = tiles.startsWith('/') ? `${location.origin}${tiles}` : tiles;
  return {
    sources: { basemap: { type: 'raster', tiles: [address], tileSize: 256, maxzoom, attribution } },
    layers: [{ id: 'basemap', type: 'raster', source: 'basemap', paint: { 'raster-fade-duration': 0, 'raster-saturation': -0.35 } }],
  };
}
