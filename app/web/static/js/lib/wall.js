/** What a wall says of its numbers. Pure. */

import { duration } from './format.js';

/** @typedef {{version: number, preset: string, tours: boolean, focus: {id: number, name: string, name_en: string | null, bounds: number[]} | null, warning: {kind: string, level: string, text: string, until_at: string} | null}} WallSetting */
/** @typedef {{category: string, category_en: string | null, due_at: string, place: string | null, cell: string | null, cell_en: string | null, cell_code: string | null, community: string | null, community_en: string | null, unit: string | null, unit_en: string | null, urgent: boolean, first: boolean, lon: number | null, lat: number | null}} Red */
/** @typedef {{lon: number, lat: number, late: number, urgent: number, first: number}} WallMark */

/**
 * @param {number | null} share of one
 * @returns {string} per cent with one place, a dash where there is nothing to take a share of
 */
export const percent = (share) => (share === null ? '—' : (share * 100).toFixed(1));

/**
 * @param {number | null} share
 * @param {number} scale per cent at which a bar ends
 * @returns {number} the part of a bar that is filled; it begins at nothing
 */
export const filled = (share, scale) => (share === null || scale <= 0 ? 0 : Math.min(1, (share * 100) / scale));

/**
 * @param {string} due
 * @param {number} now
 * @returns {['days' | 'hours' | 'minutes', number][]} how long something is overdue, in at most two units
 */
export function overdueBy(due, now) {
  const { days, hours, minutes } = duration(Math.max(0, now - new Date(due).getTime()));
  if (days) return hours ? [['days', days], ['hours', hours]] : [['days', days]];
  if (hours) return minutes ? [['hours', hours], ['minutes', minutes]] : [['hours', hours]];
  return [['minutes', minutes]];
}

/**
 * @param {string} name of a 街道
 * @returns {string} without the word for it, which stands behind every one
 */
export const short = (name) => name.replace(/(?<=..)(街道|镇|乡)$/, '').replace(/ (Subdistrict|Sub-district)$/i, '');

/**
 * @param {number} at where the tour is
 * @param {number} of how many there are now; a list that has become shorter is begun anew
 * @returns {number}
 */
export const following = (at, of) => (of === 0 ? 0 : (at + 1) % of);

/** @typedef {{x: number, y: number, late: number, urgent: number, first: number}} Spot a mark on the screen */

/**
 * Marks that would lie on one another become one, in their middle, with their numbers added up; and so on, until none do.
 * @param {Spot[]} spots
 * @param {number} wide of a mark
 * @param {number} high
 * @returns {Spot[]}
 */
export function gathered(spots, wide, high) {
  /** @type {Map<string, Spot[]>} */ const bins = new Map();
  for (const spot of spots) {
    const bin = `${Math.floor(spot.x / wide)} ${Math.floor(spot.y / high)}`;
    bins.set(bin, [...(bins.get(bin) ?? []), spot]);
  }
  let found = [...bins.values()].map((bin) => bin.reduce(joined));
  for (let pair = touching(found, wide, high); pair; pair = touching(found, wide, high)) {
    const [one, other] = pair;
    found = [...found.filter((spot) => spot !== one && spot !== other), joined(one, other)];
  }
  return found;
}

/**
 * @param {Spot[]} spots
 * @param {number} wide
 * @param {number} high
 * @returns {[Spot, Spot] | null}
 */
function touching(spots, wide, high) {
  for (let i = 0; i < spots.length; i += 1) {
    for (let j = 0; j < i; j += 1) {
      if (Math.abs(spots[i].x - spots[j].x) < wide && Math.abs(spots[i].y - spots[j].y) < high) return [spots[i], spots[j]];
    }
  }
  return null;
}

/**
 * @param {Spot} one
 * @param {Spot} other
 * @returns {Spot}
 */
function joined(one, other) {
  const [a, b] = [one.late + one.urgent, other.late + other.urgent];
  const part = a + b ? b / (a + b) : 0.5;
  return {
    x: one.x + (other.x - one.x) * part, y: one.y + (other.y - one.y) * part,
    late: one.late + other.late, urgent: one.urgent + other.urgent, first: one.first + other.first,
  };
}

/**
 * @template {{lon: number, lat: number}} T
 * @param {T[]} places
 * @param {number[]} box west, south, east, north
 * @param {number} margin share of the box that stays free on each side, so that no name is cut off
 * @returns {T[]} those well inside
 */
export function inside(places, [west, south, east, north], margin) {
  const [dx, dy] = [(east - west) * margin, (north - south) * margin];
  return places.filter(({ lon, lat }) => lon >= west + dx && lon <= east - dx && lat >= south + dy && lat <= north - dy);
}
