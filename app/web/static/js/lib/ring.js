/** Rings that somebody draws on the map: closed, thinned out, measured. Positions are [lon, lat]; pixels are [x, y]. Pure. */

/** @typedef {[number, number]} Pair */

const EARTH_M = 6371008.8;
const RADIANS = Math.PI / 180;

/**
 * Leave out what lies nearer to the line than the tolerance (Douglas and Peucker, 1973), in O(n log n) on common lines.
 * @param {Pair[]} line
 * @param {number} tolerance in the line's own unit
 * @returns {Pair[]}
 */
export function thinned(line, tolerance) {
  const kept = new Set([0, line.length - 1]);
  const waiting = [[0, line.length - 1]];
  while (waiting.length) {
    const [from, to] = /** @type {number[]} */ (waiting.pop());
    let [far, at] = [tolerance, -1];
    for (let i = from + 1; i < to; i += 1) {
      const d = distance(line[i], line[from], line[to]);
      if (d > far) [far, at] = [d, i];
    }
    if (at < 0) continue;
    kept.add(at);
    waiting.push([from, at], [at, to]);
  }
  return line.filter((_, i) => kept.has(i));
}

/** @param {Pair} p @param {Pair} a @param {Pair} b @returns {number} from a point to a stretch */
function distance([px, py], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = dx || dy ? Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy))) : 0;
  return Math.hypot(px - ax - along * dx, py - ay - along * dy);
}

/** @param {Pair} one @param {Pair} other @returns {Pair[]} the corners of the box between two corners */
export const box = ([x1, y1], [x2, y2]) => [[x1, y1], [x2, y1], [x2, y2], [x1, y2]];

/**
 * @param {Pair[]} corners
 * @returns {Pair[] | null} the ring, its last position its first and counter-clockwise as GeoJSON has it; null where it encloses nothing
 */
export function ring(corners) {
  if (corners.length < 3) return null;
  const turn = corners.reduce((sum, [x, y], i) => { const [nx, ny] = corners[(i + 1) % corners.length]; return sum + x * ny - nx * y; }, 0);
  if (Math.abs(turn) < 1e-14) return null;
  const round = turn > 0 ? corners : [...corners].reverse();
  return [...round, round[0]];
}

/** @param {Pair[]} closed a ring in degrees @returns {number} its area on the sphere, in square metres */
export function area(closed) {
  let sum = 0;
  for (let i = 0; i + 1 < closed.length; i += 1) {
    const [[lon1, lat1], [lon2, lat2]] = [closed[i], closed[i + 1]];
    sum += (lon2 - lon1) * RADIANS * (2 + Math.sin(lat1 * RADIANS) + Math.sin(lat2 * RADIANS));
  }
  return Math.abs((sum * EARTH_M * EARTH_M) / 2);
}

/** @param {Pair[]} closed @param {Pair} point @returns {boolean} whether it lies inside (even-odd rule) */
export function inside(closed, [x, y]) {
  let within = false;
  for (let i = 0, j = closed.length - 1; i < closed.length; j = i, i += 1) {
    const [[xi, yi], [xj, yj]] = [closed[i], closed[j]];
    if ((yi > y) !== (yj > y) && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within;
  }
  return within;
}

const MOST = 199;
const PLACES = 6;

/**
 * @param {Pair[] | null} closed
 * @returns {string} its corners as an address carries them, without the first again at the end; no more than a server reads
 */
export function ringText(closed) {
  if (!closed) return '';
  let corners = closed.slice(0, -1);
  for (let tolerance = 1e-5; corners.length > MOST; tolerance *= 2) corners = thinned(closed, tolerance).slice(0, -1);
  return corners.map((corner) => corner.map((degrees) => String(Number(degrees.toFixed(PLACES)))).join(',')).join(';');
}

/**
 * @param {string} text
 * @returns {Pair[] | null} the ring, closed
 */
export function ringOf(text) {
  if (!text) return null;
  const corners = text.split(';').map((corner) => /** @type {Pair} */ (corner.split(',').map(Number)));
  return [...corners, corners[0]];
}
