/** Places on the ground and on the map. Pure. */

/** @typedef {{lon: number, lat: number}} Point */

const EARTH_M = 6371008.8;
const METRE_LAT = 1 / 111195;

/**
 * @param {Point} one
 * @param {Point} other
 * @returns {number} metres between them, along the sphere
 */
export function metres(one, other) {
  const rad = Math.PI / 180;
  const dLat = (other.lat - one.lat) * rad;
  const dLon = (other.lon - one.lon) * rad;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(one.lat * rad) * Math.cos(other.lat * rad) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/**
 * @param {Point} at
 * @param {'north' | 'south' | 'east' | 'west'} way
 * @param {number} by metres
 * @returns {Point}
 */
export function moved(at, way, by) {
  const lat = by * METRE_LAT;
  const lon = lat / Math.max(Math.cos((at.lat * Math.PI) / 180), 0.01);
  const [dLon, dLat] = { north: [0, lat], south: [0, -lat], east: [lon, 0], west: [-lon, 0] }[way];
  return { lon: at.lon + dLon, lat: at.lat + dLat };
}

/**
 * @param {number} value metres
 * @returns {{value: string, unit: 'm' | 'km'}} two figures are enough to walk by
 */
export function far(value) {
  if (value < 1000) return { value: String(Math.round(value)), unit: 'm' };
  return { value: (value / 1000).toFixed(value < 10000 ? 1 : 0), unit: 'km' };
}

/**
 * @template T
 * @param {T[]} things
 * @param {(thing: T) => Point | null} where
 * @param {Point} at
 * @returns {T[]} the nearest first, those that are nowhere at the end in their order
 */
export function nearestFirst(things, where, at) {
  const known = things.map((thing, i) => { const place = where(thing); return { thing, i, m: place ? metres(place, at) : Infinity }; });
  return known.sort((a, b) => a.m - b.m || a.i - b.i).map(({ thing }) => thing);
}

/** Pixels that the world is wide at zoom 0. */
export const WORLD = 512;

/**
 * @param {number} lon
 * @param {number} lat
 * @param {number} size of the world in pixels
 */
export function pixel(lon, lat, size) {
  const sin = Math.sin((lat * Math.PI) / 180);
  return { x: (lon / 360 + 0.5) * size, y: (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * size };
}
