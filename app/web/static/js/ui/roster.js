/** Who looks after an area: of a cell the four parts of the 1+1+1+N with what is vacant, of a wider area how many cells are complete. */

import { element, icon } from '../lib/dom.js';
import { count } from '../lib/format.js';
import { hasWord, t } from '../lib/words.js';
import { SHOWN_MS, shownPhone, workPhone } from './dial.js';

/** @typedef {{code: string, name: string, simulated: boolean, role: string | null, duty: string | null, kind: string, place: string | null, away: boolean, has_phone: boolean}} Person */
/** @typedef {{part: string, missing: boolean, people: Person[], more: number}} Part */
/** @typedef {{on: string, parts: Part[] | null, sums: Record<string, any> | null}} Roster */

const PARTS = ['inspector', 'supervisor', 'officer', 'part_time'];

/**
 * @param {Roster} roster
 * @param {number} area
 * @param {{calls: boolean, simulated: boolean}} context whether whoever looks may be shown work telephones; whether the page says already that all is simulated
 * @returns {HTMLElement | null} nothing of an area that is not whole in the reader's territory
 */
export function drawRoster(roster, area, context) {
  const { parts, sums } = roster;
  if (!parts && !sums) return null;
  const link = element('a', { href: `/staffing/areas/${area}?on=${roster.on}` }, t('board.roster'));
  return element('section', { class: 'roster' }, element('h3', {}, t('card.roster'), link),
    parts ? element('ul', {}, ...parts.map((part) => drawPart(part, context))) : drawSums(/** @type {Record<string, any>} */ (sums)));
}

/** @param {Part} part @param {{calls: boolean, simulated: boolean}} context */
function drawPart({ part, missing, people, more }, context) {
  const gap = missing ? element('span', { class: 'vacant' }, gapWord(part, people)) : null;
  return element('li', { 'data-part': part, class: missing ? 'missing' : null },
    element('span', { class: 'part' }, element('b', { 'aria-hidden': true }, part === 'part_time' ? 'N' : '1'), t(`board.part_${part}`)),
    element('span', { class: 'people' }, gap, ...people.map((one) => drawPerson(one, context)), more ? element('small', {}, t('card.more', { n: count(more) })) : null));
}

/** @param {string} part @param {Person[]} people @returns {string} nobody is there, all are away, or they are too few */
function gapWord(part, people) {
  if (!people.length) return t('card.vacant');
  return t(people.every(({ away }) => away) ? 'map.gap_away' : `board.no_${part}`);
}

/** @param {Person} one @param {{calls: boolean, simulated: boolean}} context */
function drawPerson(one, { calls, simulated }) {
  const tags = [
    one.kind === 'stand_in' ? t('board.kind_stand_in') : '', one.away ? t('board.away') : '',
    one.kind === 'part_time' && one.duty && hasWord(`board.duty_${one.duty}`) ? t(`board.duty_${one.duty}`) : '', one.place ?? '',
  ].filter(Boolean).join(' · ');
  return element('span', { class: 'person', 'data-code': one.code }, element('span', {}, one.name, one.simulated && !simulated ? t('map.simulated_mark') : ''), tags ? element('small', {}, tags) : null,
    calls && one.has_phone && one.kind !== 'part_time' ? dial(one) : null);
}

/** @param {Person} one @returns {HTMLElement} a key that asks for the number, or the number for a minute after that */
function dial(one) {
  const key = /** @type {HTMLButtonElement} */ (element('button', { type: 'button', class: 'dial', 'aria-label': t('card.call', { name: one.name }) }, icon('phone'), t('casework.call')));
  const shown = (/** @type {string} */ phone, /** @type {number} */ left) => {
    const link = number(phone);
    setTimeout(() => { key.disabled = false; link.replaceWith(key); }, left);
    return link;
  };
  key.addEventListener('click', async () => {
    key.disabled = true;
    const { phone, said } = await workPhone(one.code);
    if (!phone) { key.replaceWith(element('small', { role: 'alert' }, said)); return; }
    const link = shown(phone, SHOWN_MS);
    key.replaceWith(link);
    link.focus();
  });
  const known = shownPhone(one.code);
  return known ? shown(known.phone, known.left) : key;
}

/** @param {string} phone */
const number = (phone) => element('a', { class: 'dial', href: `tel:${phone}`, title: t('sheet.call_logged') }, icon('phone'), phone);

/** @param {Record<string, any>} sums */
function drawSums(sums) {
  const lacking = PARTS.filter((part) => sums[part] > 0);
  return element('ul', {},
    element('li', {}, element('span', { class: 'part' }, t('board.complete')), element('span', {}, t('card.complete', { n: count(sums.complete), of: count(sums.cells) }))),
    ...lacking.map((part) => element('li', { class: 'missing', 'data-part': part }, element('span', { class: 'part' }, t(`board.no_${part}`)), element('span', { class: 'vacant' }, t('map.cells', { n: count(sums[part]) })))));
}
