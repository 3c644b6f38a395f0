/** The places of a campaign on a map. Without WebGL there is none, and the list beside it says the same. */

import { district } from '../api/client.js';
import { english } from '../lib/names.js';
import { OneMap } from './map.js';

const MARGIN = 0.0006;

/** @typedef {{id: number, label: string, state: string, lon: number, lat: number}} Place */

/**
 * @param {HTMLElement} frame with a `.map`; shown when there is a map
 * @param {Place[]} places
 * @param {(id: number) => void} onPlace somebody has pressed a mark
 * @returns {Promise<OneMap | null>}
 */
export async function drawCoverage(frame, places, onPlace) {
  const features = places.map(({ id, label, state, lon, lat }) => ({ type: 'Feature', id, properties: { label, state }, geometry: { type: 'Point', coordinates: [lon, lat] } }));
  try {
    const here = await district();
    const levels = here.levels.filter((/** @type {any} */ one) => one.level !== 'resident_group' && one.count > 0).map((/** @type {any} */ one) => one.level);
    const tile = (/** @type {string} */ name) => `${location.origin}/tiles/${name}/{z}/{x}/{y}.mvt?v=${here.versions[name]}`;
    frame.hidden = false;
    const ground = /** @type {HTMLElement} */ (frame.querySelector('.map'));
    const drawn = new OneMap(ground, {
      english: english(), levels, cells: 1, bounds: here.bounds, hidden: new Set(), areasVersion: here.versions.areas, layer: '', noCases: true,
      tiles: { areas: tile('areas'), ground: tile('ground'), cases: tile('cases') }, places: { type: 'FeatureCollection', features },
    }, { onArea() {}, onCase() {}, onMove() {}, onHover() {}, onFailure() {} }, null);
    const { map } = drawn;
    map.on('click', 'places', (/** @type {any} */ event) => onPlace(Number(event.features[0].id)));
    if (places.length) {
      const [lons, lats] = [places.map((place) => place.lon), places.map((place) => place.lat)];
      map.fitBounds([Math.min(...lons) - MARGIN, Math.min(...lats) - MARGIN, Math.max(...lons) + MARGIN, Math.max(...lats) + MARGIN], { padding: 40, maxZoom: 17, duration: 0 });
    }
    return drawn;
  } catch {
    frame.hidden = true;
    document.body.dataset.map = 'none';
    return null;
  }
}
