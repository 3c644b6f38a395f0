/** What the complementary inset 互补小图 shows beside the map, and where. Positions are of the Mercator square, 0 to 1, north up. Pure. */

/** @typedef {[number, number]} Place */
/** @typedef {[number, number, number, number]} Box west, north, east, south in the square */

/** Of the cells that lie closest together this share is the core. */
const CORE_SHARE = 0.72;
/** A core that takes up more of the district than this needs no lens. */
const CORE_MOST = 0.3;

/** @param {number} lon @param {number} lat @returns {Place} */
export function square(lon, lat) {
  const sin = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
}

/** @param {Place} place @returns {{lon: number, lat: number}} */
export const ground = ([x, y]) => ({ lon: (x - 0.5) * 360, lat: (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI });

/** @param {[number, number, number, number]} bounds west, south, east, north in degrees @returns {Box} */
export const boxOf = ([west, south, east, north]) => [...square(west, north), ...square(east, south)];

/** @param {Box} box @returns {[number, number, number, number]} west, south, east, north in degrees */
export function boundsOf([west, north, east, south]) {
  const [a, b] = [ground([west, south]), ground([east, north])];
  return [a.lon, a.lat, b.lon, b.lat];
}

/** @param {Box} box */
const sides = ([west, north, east, south]) => [Math.max(0, east - west), Math.max(0, south - north)];
/** @param {Box} box */
const size = (box) => sides(box)[0] * sides(box)[1];
/** @param {Box} a @param {Box} b @returns {Box} */
const common = (a, b) => [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];

/**
 * The box around the cells that crowd together; none where a district's cells are all of a size.
 * @param {Place[]} cells middles of all
 * @param {Box} whole
 * @returns {Box | null}
 */
export function coreOf(cells, whole) {
  if (cells.length < 20) return null;
  const middle = [0, 1].map((i) => cells.map((cell) => cell[i]).sort((a, b) => a - b)[Math.floor(cells.length / 2)]);
  const near = [...cells].sort((a, b) => Math.hypot(a[0] - middle[0], a[1] - middle[1]) - Math.hypot(b[0] - middle[0], b[1] - middle[1])).slice(0, Math.ceil(cells.length * CORE_SHARE));
  const [xs, ys] = [near.map(([x]) => x), near.map(([, y]) => y)];
  const edge = 0.04 * (Math.max(...ys) - Math.min(...ys));
  const core = common([Math.min(...xs) - edge, Math.min(...ys) - edge, Math.max(...xs) + edge, Math.max(...ys) + edge], whole);
  return size(core) < CORE_MOST * size(whole) ? core : null;
}

/**
 * @param {Box} view what the map shows
 * @param {Box | null} core
 * @param {Box} whole
 * @returns {'lens' | 'overview' | ''} what the map does not; nothing where it shows all there is
 */
export function shows(view, core, whole) {
  if (core && size(common(view, core)) > 0.6 * size(core) && sides(view)[1] > 2.2 * sides(core)[1]) return 'lens';
  return size(common(view, whole)) < 0.8 * size(whole) ? 'overview' : '';
}

/**
 * @param {Box} box
 * @param {number} width in pixels
 * @param {number} height
 * @param {number} edge
 * @returns {{scale: number, x: number, y: number}} by which a place becomes a pixel: (place − box's corner) · scale + x, y
 */
export function fitted(box, width, height, edge) {
  const [w, h] = sides(box);
  const scale = Math.min((width - 2 * edge) / w, (height - 2 * edge) / h);
  return { scale, x: (width - w * scale) / 2, y: (height - h * scale) / 2 };
}

/**
 * @param {Box} whole
 * @param {number} most
 * @returns {{z: number, x: number, y: number}[]} the finest tiles of which no more than `most` hold the whole; from zoom 8, where tiles have cells
 */
export function tilesOf(whole, most) {
  /** @type {{z: number, x: number, y: number}[]} */ let found = [];
  for (let z = 8; z <= 12; z += 1) {
    const [west, north, east, south] = whole.map((side) => Math.floor(side * 2 ** z));
    if (z > 8 && (east - west + 1) * (south - north + 1) > most) break;
    found = [];
    for (let x = west; x <= east; x += 1) for (let y = north; y <= south; y += 1) found.push({ z, x, y });
  }
  return found;
}

/** Room that the lens takes, with its frame and its distance from the edge. */
const LENS_PX = 214;
const EDGE_PX = 28;
/** Room that the tools take at the right. */
const TOOLS_PX = 56;

/**
 * How far the whole is kept from the map's edges, so that the inset lies beside it and not on it, where there is room.
 * @param {Box} whole
 * @param {number} width of the map in pixels
 * @param {number} height
 * @returns {{top: number, bottom: number, left: number, right: number}}
 */
export function margins(whole, width, height) {
  const [w, h] = sides(whole);
  const drawn = Math.min(width - EDGE_PX - TOOLS_PX, ((height - 2 * EDGE_PX) * w) / h);
  const free = Math.max(0, width - EDGE_PX - TOOLS_PX - drawn);
  return { top: EDGE_PX, bottom: EDGE_PX, right: TOOLS_PX, left: EDGE_PX + Math.min(LENS_PX, free) };
}
