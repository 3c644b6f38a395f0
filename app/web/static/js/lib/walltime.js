/** Instants as the clocks of a zone show them, and back. Pure. */

/**
 * @param {number} ms since 1970
 * @param {string} zone
 * @returns {string} as fields for day and time write it: 2026-11-23T14:32
 */
export function wallOf(ms, zone) {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(ms);
  const of = (/** @type {string} */ type) => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`;
}

/**
 * @param {string} wall 2026-11-23T14:32
 * @param {string} zone
 * @returns {number} ms since 1970, NaN where it is no day and time; of an hour that clocks show twice the first
 */
export function instantOf(wall, zone) {
  const plain = Date.parse(`${wall}Z`);
  if (Number.isNaN(plain)) return Number.NaN;
  const away = (/** @type {number} */ ms) => Date.parse(`${wallOf(ms, zone)}Z`) - Math.floor(ms / 60000) * 60000;
  const near = plain - away(plain);
  return plain - away(near);
}
