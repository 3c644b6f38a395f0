/** How a case stands at an instant, and a local time as an instant. Pure. */

/** @typedef {'overdue' | 'near' | 'paused' | 'normal' | 'closed'} Mark */
/** @typedef {{lamp: string, mark: Mark, due_at: string | null, near_at: string | null}} Face the lamp of a case, as the server last saw it */

/**
 * @param {Face} face
 * @param {number} now
 * @returns {{mark: Mark, left: number | null}} milliseconds until it is due, negative after that; null where nothing runs
 */
export function standing(face, now) {
  if (face.mark === 'closed' || face.mark === 'paused' || !face.due_at) return { mark: face.mark, left: null };
  const left = Date.parse(face.due_at) - now;
  const near = face.near_at !== null && now >= Date.parse(face.near_at);
  return { mark: left < 0 ? 'overdue' : near ? 'near' : 'normal', left };
}

/**
 * @param {string} written a local time as a time field writes it: 2026-11-23T14:32
 * @param {string} zone
 * @returns {string} with the zone's offset at that time; what is no time comes back as it is
 */
export function zoned(written, zone) {
  const utc = Date.parse(`${written}Z`);
  if (Number.isNaN(utc)) return written;
  const part = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(utc).find((one) => one.type === 'timeZoneName');
  return `${written}${part?.value.replace('GMT', '') || 'Z'}`;
}

/**
 * @param {string} instant
 * @param {number} now
 * @param {string} zone
 * @returns {-1 | 0 | 1 | null} yesterday, today or tomorrow in the zone; null for any other day
 */
export function dayFrom(instant, now, zone) {
  const days = (/** @type {number} */ at) => Math.round(Date.parse(new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(at)) / 86400000);
  const away = days(Date.parse(instant)) - days(now);
  return away === 0 || away === 1 || away === -1 ? away : null;
}
