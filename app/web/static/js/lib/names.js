/** Names in the page's language. */

import { hasWord, t } from './words.js';

/** @returns {boolean} */
export const english = () => document.documentElement.lang.startsWith('en');

/**
 * @param {{name: string, name_en?: string | null}} thing
 * @returns {string}
 */
export const nameOf = (thing) => (english() && thing.name_en ? thing.name_en : thing.name);

/**
 * @param {string} domain
 * @param {string | null} code
 * @returns {string} the word for a stored code, the code itself where it is somebody else's word
 */
export const wordOf = (domain, code) => (!code ? '' : hasWord(`${domain}.${code}`) ? t(`${domain}.${code}`) : code);

/** @param {{days: number, hours: number, minutes: number}} length */
export function lengthOf({ days, hours, minutes }) {
  const parts = [];
  if (days) parts.push(t('map.days', { n: days }));
  if (hours) parts.push(t('map.hours', { n: hours }));
  if (minutes || !parts.length) parts.push(t('map.minutes', { n: minutes }));
  return parts.join(' ');
}
