/** Instants and lengths of time in words. */

import { dayFrom } from './due.js';
import { duration } from './format.js';
import { english, lengthOf } from './names.js';
import { hasWord, t } from './words.js';

/** @typedef {{zone: string, locale: string}} Place of the reader */

/**
 * @param {string} instant
 * @param {string} zone
 */
export const clockTime = (instant, zone) => new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(new Date(instant));

/**
 * @param {string} instant
 * @param {number} now
 * @param {Place} place
 * @returns {string} 今天 11:40, 11 月 23 日 14:32; with the year where it is another one
 */
export function when(instant, now, { zone, locale }) {
  const time = clockTime(instant, zone);
  const away = dayFrom(instant, now, zone);
  if (away !== null) return t(away === 0 ? 'sheet.today' : away < 0 ? 'sheet.yesterday' : 'sheet.tomorrow', { time });
  const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, year: 'numeric', month: english() ? 'short' : 'numeric', day: 'numeric' }).formatToParts(new Date(instant));
  const part = (/** @type {string} */ type) => parts.find((one) => one.type === type)?.value ?? '';
  const facts = { year: part('year'), month: part('month'), day: part('day'), time };
  const thisYear = new Intl.DateTimeFormat('en', { timeZone: zone, year: 'numeric' }).format(now) === facts.year;
  return t(thisYear ? 'sheet.on_day' : 'sheet.on_date', facts);
}

/**
 * @param {number} milliseconds
 * @returns {string}
 */
export const lengthIn = (milliseconds) => lengthOf(duration(milliseconds));

/**
 * @param {[string, string]} amount the word for its unit, and how many
 * @returns {string} 4 工时
 */
export const much = ([unit, n]) => (hasWord(`limit_unit.${unit}`) ? t(`limit_unit.${unit}`, { n }) : n);
