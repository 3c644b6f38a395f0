/** How the dwellings of a building stand: floors from the top, entrances beside each other. Pure. */

/** @typedef {{id: number, name: string, entrance: string | null, floor: number | null, room: string | null, persons: number}} Flat */
/** @typedef {{floor: number | null, cells: (Flat | null)[]}} Floor */
/** @typedef {{entrances: {entrance: string | null, columns: number}[], floors: Floor[]}} Plan */

const ORDER = new Intl.Collator('en', { numeric: true });

/**
 * @param {Flat} flat
 * @returns {string} what its room is called on every floor: 01 of 301 on the third
 */
function placeOf({ floor, room }) {
  if (room === null) return '';
  const front = floor === null ? '' : String(floor);
  return front && room.length > front.length && room.startsWith(front) ? room.slice(front.length) : room;
}

/**
 * @param {Flat[]} flats
 * @returns {Plan} one column for each room of an entrance, so that rooms above each other stand above each other
 */
export function plan(flats) {
  const entrances = [...new Set(flats.map(({ entrance }) => entrance))].sort((a, b) => ORDER.compare(a ?? '', b ?? ''));
  const floors = [...new Set(flats.map(({ floor }) => floor))].sort((a, b) => (b ?? -Infinity) - (a ?? -Infinity));
  const on = (/** @type {number | null} */ floor, /** @type {string | null} */ entrance) => flats.filter((flat) => flat.floor === floor && flat.entrance === entrance);
  const columns = entrances.map((entrance) => columnsOf(floors.map((floor) => on(floor, entrance))));
  return {
    entrances: entrances.map((entrance, i) => ({ entrance, columns: columns[i].length })),
    floors: floors.map((floor) => ({ floor, cells: entrances.flatMap((entrance, i) => columns[i].map(([place, nth]) => on(floor, entrance).filter((flat) => placeOf(flat) === place)[nth] ?? null)) })),
  };
}

/**
 * @param {Flat[][]} floors dwellings of one entrance, floor by floor
 * @returns {[string, number][]} its columns: a place, and the how manieth dwelling of a floor that is there
 */
function columnsOf(floors) {
  /** @type {Map<string, number>} */
  const most = new Map();
  for (const flats of floors) {
    for (const flat of flats) {
      const place = placeOf(flat);
      most.set(place, Math.max(most.get(place) ?? 0, flats.filter((other) => placeOf(other) === place).length));
    }
  }
  return [...most].sort(([a], [b]) => ORDER.compare(a, b)).flatMap(([place, n]) => Array.from({ length: n }, (_, nth) => /** @type {[string, number]} */ ([place, nth])));
}

const TURNS = /** @type {Record<string, [number, number]>} */ ({ ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] });

/**
 * @param {Plan} of
 * @param {[number, number]} from row and column
 * @param {string} key
 * @returns {[number, number] | null} the next dwelling that way, past gaps; null where there is none, or for other keys
 */
export function step({ floors }, [row, column], key) {
  if (key === 'Home' || key === 'End') {
    const there = floors[row].cells.map((flat, i) => (flat ? i : -1)).filter((i) => i >= 0);
    return [row, key === 'Home' ? there[0] : there[there.length - 1]];
  }
  if (!(key in TURNS)) return null;
  const [down, right] = TURNS[key];
  for (let r = row + down, c = column + right; floors[r] && c >= 0 && c < floors[r].cells.length; r += down, c += right) {
    if (floors[r].cells[c]) return [r, c];
  }
  return null;
}
