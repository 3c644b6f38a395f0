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
export function when(instant, now, place) {
  const time = clockTime(instant, place.zone);
  const away = dayFrom(instant, now, place.zone);
  if (away !== null) return t(away === 0 ? 'sheet.today' : away < 0 ? 'sheet.yesterday' : 'sheet.tomorrow', { time });
  const facts = date(instant, place);
  return t(facts.year === date(new Date(now).toISOString(), place).year ? 'sheet.on_day' : 'sheet.on_date', { ...facts, time });
}

/**
 * @param {string} instant
 * @param {Place} place
 * @returns {string} as it is written where it has to be understood on any day: on paper
 */
export const dated = (instant, place) => t('sheet.on_date', { ...date(instant, place), time: clockTime(instant, place.zone) });

/**
 * @param {string} instant
 * @param {Place} place
 */
function date(instant, { zone, locale }) {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, year: 'numeric', month: english() ? 'short' : 'numeric', day: 'numeric' }).formatToParts(new Date(instant));
  const part = (/** @type {string} */ type) => parts.find((one) => one.type === type)?.value ?? '';
  return { year: part('year'), month: part('month').replace('月', ''), day: part('day').replace('日', '') };
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
