/** Numbers, times and durations as people read them. Pure: the words and the zone are given. */

/**
 * @param {number} value
 * @returns {string} with commas between thousands
 */
export function count(value) {
  return value.toLocaleString('en-US');
}

/**
 * @param {number} metres2
 * @returns {{value: string, unit: 'm2' | 'ha' | 'km2'}}
 */
export function area(metres2) {
  if (metres2 >= 1e6) return { value: (metres2 / 1e6).toFixed(metres2 >= 1e7 ? 1 : 2), unit: 'km2' };
  if (metres2 >= 1e4) return { value: (metres2 / 1e4).toFixed(1), unit: 'ha' };
  return { value: metres2.toFixed(0), unit: 'm2' };
}

/**
 * @param {number} milliseconds
 * @returns {{days: number, hours: number, minutes: number}} at most two of them are not 0
 */
export function duration(milliseconds) {
  const minutes = Math.floor(Math.abs(milliseconds) / 60000);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  return { days, hours, minutes: days ? 0 : minutes % 60 };
}

/**
 * @param {string} instant ISO 8601
 * @param {string} zone
 * @param {string} locale
 * @returns {string} day and time in the district's zone
 */
export function moment(instant, zone, locale) {
  return new Intl.DateTimeFormat(locale, {
    timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false,
  }).format(new Date(instant));
}

/**
 * @param {Date} now
 * @param {string} zone
 * @param {number} [daysBack]
 * @returns {string} a day in the zone as 2026-11-23
 */
export function day(now, zone, daysBack = 0) {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(now.getTime() - daysBack * 86400000));
}

/** 临期 of what has no clock of its own. */
const NEAR_MS = 90 * 60000;

/**
 * @param {{state: string, due_at: string | null, near_at?: string | null}} item
 * @param {boolean} open
 * @param {Date} now
 * @returns {'overdue' | 'near' | 'paused' | 'normal' | 'closed'}
 */
export function urgency(item, open, now) {
  if (!open) return 'closed';
  if (item.state === 'suspended') return 'paused';
  if (!item.due_at) return 'normal';
  const due = new Date(item.due_at).getTime();
  const near = item.near_at ? new Date(item.near_at).getTime() : due - NEAR_MS;
  return due < now.getTime() ? 'overdue' : near <= now.getTime() ? 'near' : 'normal';
}
