/** 拨打: the work telephone of somebody, asked for with one logged key and shown for a minute. */

import { callStaff, Problem } from '../api/client.js';
import { t } from '../lib/words.js';

export const SHOWN_MS = 60000;

/** Numbers that were asked for, as long as they are shown: whatever is drawn anew does not take them away. @type {Map<string, {phone: string, until: number}>} */
const shown = new Map();

/** @param {string} code of somebody at work @returns {{phone: string, left: number} | null} the number and for how long it is still shown */
export function shownPhone(code) {
  const known = shown.get(code);
  return known && known.until > Date.now() ? { phone: known.phone, left: known.until - Date.now() } : null;
}

/**
 * @param {string} code
 * @returns {Promise<{phone: string, said: string}>} without a number it is said why
 */
export async function workPhone(code) {
  try {
    const { phone } = await callStaff(code);
    shown.set(code, { phone, until: Date.now() + SHOWN_MS });
    return { phone, said: t('sheet.call_logged') };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return { phone: '', said: problem.status === 0 ? t('map.server_gone') : problem.message };
  }
}
