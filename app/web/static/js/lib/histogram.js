/** Days as the bars of a time strip, and a span of them that is chosen. Pure: days are texts like 2026-11-23. */

/** @typedef {{first: string, reported: number[], overdue: number[]}} Days of each day from the first how many were reported, and are late */
/** @typedef {{from: string, to: string, reported: number, overdue: number, n: number}} Bar of one day, or of several */

const DAY_MS = 86400000;

/**
 * @param {string} day
 * @param {number} by
 * @returns {string} so many days later
 */
export const plusDays = (day, by) => new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY_MS).toISOString().slice(0, 10);

/**
 * @param {string} from
 * @param {string} to
 * @returns {number} days from the one to the other
 */
export const daysBetween = (from, to) => Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);

/**
 * @param {Days} days
 * @param {number} most bars that there is room for
 * @returns {Bar[]} the days, or as many of them together as there is room for, the last bar ending today
 */
export function bars(days, most) {
  const n = days.reported.length;
  const each = [1, 7, 14, 28, 56, 91].find((size) => Math.ceil(n / size) <= most) ?? Math.ceil(n / most);
  /** @type {Bar[]} */
  const found = [];
  for (let end = n; end > 0; end -= each) {
    const begin = Math.max(0, end - each);
    const sum = (/** @type {number[]} */ values) => values.slice(begin, end).reduce((total, value) => total + value, 0);
    found.unshift({ from: plusDays(days.first, begin), to: plusDays(days.first, end - 1), reported: sum(days.reported), overdue: sum(days.overdue), n: end - begin });
  }
  return found;
}

/**
 * @param {Days} days
 * @param {string} from
 * @param {string} to
 * @returns {number} how many were reported from the one day to the other, both of them with it
 */
export function reportedWithin({ first, reported }, from, to) {
  const [begin, end] = [daysBetween(first, from), daysBetween(first, to) + 1];
  return reported.slice(Math.max(0, begin), Math.max(0, end)).reduce((total, n) => total + n, 0);
}

/**
 * @param {Bar[]} all
 * @param {string} from nothing for the beginning
 * @param {string} to nothing for today
 * @returns {[number, number]} the first and the last bar of a span
 */
export function spanned(all, from, to) {
  const first = from ? all.findIndex((bar) => bar.to >= from) : 0;
  let last = all.length - 1;
  if (to) while (last > 0 && all[last].from > to) last -= 1;
  const begin = first < 0 ? all.length - 1 : first;
  return [begin, Math.max(begin, last)];
}

/**
 * @param {Bar[]} all
 * @param {number} one index of a bar
 * @param {number} other index of a bar
 * @returns {{from: string, to: string}} the days of a span; open where it reaches an end of what there is
 */
export function spanOf(all, one, other) {
  const [first, last] = [Math.max(0, Math.min(one, other)), Math.min(all.length - 1, Math.max(one, other))];
  return { from: first === 0 ? '' : all[first].from, to: last === all.length - 1 ? '' : all[last].to };
}

/**
 * @param {number} most the longest bar
 * @returns {number} the round number that the scale ends at
 */
export function roundUp(most) {
  if (most <= 5) return 5;
  const scale = 10 ** Math.floor(Math.log10(most));
  return ([1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((step) => step * scale >= most) ?? 10) * scale;
}
