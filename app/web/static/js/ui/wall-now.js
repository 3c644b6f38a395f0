/** The figures of the wall, its clock, the weather warning, who is on duty, and whether all that is still so. */

import { byId } from '../lib/dom.js';
import { count } from '../lib/format.js';
import { hasWord, t } from '../lib/words.js';
import { say } from './wall-slots.js';

/** @typedef {import('../lib/wall.js').WallSetting} WallSetting */

/** Of those on duty beside the first so many are named, the others counted. */
const NAMED = 1;

/** @param {Record<string, number>} figures */
export function drawFigures(figures) {
  for (const node of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-figure]'))) {
    const value = figures[node.dataset.figure ?? ''] ?? 0;
    node.classList.toggle('some', value > 0);
    say(/** @type {Element} */ (node.querySelector('dd')), count(value));
  }
}

/** The clock of the district, in the wall's language; its formatters are made once. */
export class Clock {
  /**
   * @param {string} zone
   * @param {string} locale
   */
  constructor(zone, locale) {
    this.time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
    this.seconds = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', second: '2-digit' });
    this.day = new Intl.DateTimeFormat(locale, { timeZone: zone, year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' });
    this.end = new Intl.DateTimeFormat(locale, { timeZone: zone, month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false });
  }

  /**
   * @param {number} now
   * @returns {boolean} whether another minute has begun
   */
  draw(now) {
    const at = this.time.format(now);
    const before = byId('clock').textContent;
    say(byId('clock'), at);
    say(byId('date'), this.day.format(now));
    return before !== at;
  }
}

/**
 * @param {WallSetting} setting
 * @param {Clock} clock
 */
export function drawSetting(setting, clock) {
  say(byId('preset'), t(`wall.preset_${setting.preset}`));
  const { warning } = setting;
  const host = byId('warning');
  if (warning) host.dataset.level = warning.level;
  else delete host.dataset.level;
  say(byId('warning-name'), warning ? [t(`wall.kind_${warning.kind}`), t(`wall.level_${warning.level}`)].join(' · ') : t('wall.no_warning'));
  say(byId('warning-until'), warning ? t('wall.until', { at: clock.end.format(new Date(warning.until_at)) }) : '');
  say(byId('warning-text'), warning?.text ?? '');
}

/** @param {string | null} role */
const roleWord = (role) => (role && hasWord(`role.${role}`) ? t(`role.${role}`) : '');

/** @param {{there: boolean, count: number, roles: {role: string | null, count: number}[], people: {name: string, role: string | null, leads: boolean}[]}} duty */
export function drawDuty(duty) {
  say(byId('h-duty'), duty.there || !duty.count ? t('wall.duty') : t('wall.duty_planned'));
  const roles = duty.roles.map(({ role, count: n }) => t('wall.duty_role', { role: roleWord(role), n })).join(' · ');
  const [first, ...rest] = duty.people;
  const called = (/** @type {{name: string, role: string | null}} */ one) => t('wall.duty_person', { name: one.name, role: roleWord(one.role) });
  if (!duty.count) say(byId('duty-first'), t('wall.duty_none'));
  else say(byId('duty-first'), first ? first.name : t('wall.duty_count', { n: duty.count }));
  const more = rest.length > NAMED ? [t('wall.duty_more', { n: rest.length - NAMED })] : [];
  say(byId('duty-rest'), first ? [roleWord(first.role), ...rest.slice(0, NAMED).map(called), ...more].filter(Boolean).join(' · ') : roles);
}

/**
 * @param {'waiting' | 'live' | 'lost'} state
 * @param {string} at since when nothing was heard
 */
export function drawLine(state, at) {
  byId('wall').dataset.state = state;
  const said = { waiting: t('wall.waiting'), live: t('wall.live'), lost: t('wall.lost', { at }) };
  say(byId('line'), said[state]);
}

/** @param {'locked' | 'ended' | null} why what is shown is put away; null: it is not */
export function drawAway(why) {
  byId('away').hidden = why === null;
  if (why === null) return;
  byId('wall').dataset.state = 'away';
  say(byId('away-what'), why === 'locked' ? t('wall.locked') : t('wall.ended'));
  say(byId('away-why'), why === 'locked' ? t('wall.locked_why') : t('wall.ended_why'));
  byId('away-unlock').hidden = why !== 'locked';
}
