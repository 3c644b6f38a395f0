/** 上岗 and 下岗 in the bar, and beside it who is on duty now, with their telephones. */

import { element, icon } from '../lib/dom.js';
import { nameOf, wordOf } from '../lib/names.js';
import { clockTime } from '../lib/when.js';
import { t } from '../lib/words.js';
import { SHOWN_MS, workPhone } from './dial.js';

/**
 * @typedef {object} ShiftContext
 * @property {string} zone
 * @property {boolean} simulated whether the page says already that all of it is simulated
 * @property {boolean} muted
 * @property {string} problem why the last press came to nothing
 * @property {(unit: number | null) => void} onBegin
 * @property {() => void} onEnd
 * @property {(muted: boolean) => void} onMute
 */


/**
 * @param {HTMLElement} host says in its data where the pages of duty and hand-over are, and whether telephones may be read
 * @param {any} shift as `GET /api/v1/duty` tells it
 * @param {ShiftContext} context
 */
export function drawShift(host, shift, context) {
  const open = Boolean(host.querySelector('details[open]')) || Boolean(context.problem);
  const focused = host.contains(document.activeElement) ? document.activeElement?.id : '';
  const there = shift.units.reduce((/** @type {number} */ sum, /** @type {any} */ unit) => sum + unit.people.filter((/** @type {any} */ one) => one.there).length, shift.more);
  const menu = /** @type {HTMLDetailsElement} */ (element('details', { class: 'menu shift-menu', id: 'shift-menu', open },
    element('summary', { class: 'tool', id: 'shift-who', 'aria-label': t('shift.who_n', { n: there }), title: t('shift.who_n', { n: there }) }, icon('duty'), element('b', {}, String(there))),
    body(host, shift, context)));
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector('summary')?.focus();
  });
  menu.addEventListener('focusout', (event) => { if (event.relatedTarget && !menu.contains(/** @type {Node} */ (event.relatedTarget))) menu.open = false; });
  const turn = turnKey(shift, context, menu);
  host.replaceChildren(...(turn ? [turn, menu] : [menu]));
  if (focused) document.getElementById(focused)?.focus();
}

/**
 * @param {any} shift
 * @param {ShiftContext} context
 * @param {HTMLDetailsElement} menu
 * @returns {HTMLElement | null} one press, for those who have a desk
 */
function turnKey(shift, context, menu) {
  if (shift.on) {
    const from = t('shift.go_off_from', { unit: nameOf(shift.on), at: clockTime(shift.on.since, context.zone) });
    return key('shift-turn', 'tool shift-turn is-on', t('shift.go_off'), from, context.onEnd);
  }
  if (!shift.desks.length) return null;
  const several = shift.desks.length > 1;
  return key('shift-turn', 'tool shift-turn', t('shift.go_on'), several ? t('shift.choose_desk') : t('duty.go_on', { unit: nameOf(shift.desks[0]) }), () => {
    if (!several) { context.onBegin(shift.desks[0].id); return; }
    menu.open = true;
    /** @type {HTMLElement | null} */ (menu.querySelector('[data-desk]'))?.focus();
  });
}

/**
 * @param {string} id
 * @param {string} kind
 * @param {string} word
 * @param {string} title
 * @param {() => void} press
 */
function key(id, kind, word, title, press) {
  const button = element('button', { type: 'button', class: kind, id, title: title || null, 'aria-label': title || null }, word);
  button.addEventListener('click', press);
  return button;
}

/**
 * @param {HTMLElement} host
 * @param {any} shift
 * @param {ShiftContext} context
 */
function body(host, shift, context) {
  const { hands, page, phones } = host.dataset;
  const mine = shift.on ? element('p', { class: 'shift-mine' }, element('span', { class: 'tag good' }, t('duty.is_on')), ` ${t('shift.on_since', { unit: nameOf(shift.on), at: clockTime(shift.on.since, context.zone) })}`)
    : element('p', { class: 'shift-mine' }, element('span', { class: 'tag' }, t('duty.is_off')), shift.desks.length ? ` ${t('shift.quiet')}` : ` ${t('duty.no_desk')}`);
  const desks = shift.on || shift.desks.length < 2 ? [] : shift.desks.map((/** @type {any} */ desk) => {
    const button = key(`shift-desk-${desk.id}`, 'button', t('duty.go_on', { unit: nameOf(desk) }), '', () => context.onBegin(desk.id));
    button.dataset.desk = desk.id;
    return button;
  });
  const mute = /** @type {HTMLInputElement} */ (element('input', { type: 'checkbox', id: 'shift-mute', checked: context.muted }));
  mute.addEventListener('change', () => context.onMute(mute.checked));
  return element('div', { class: 'menu-body shift-body' },
    context.problem ? element('p', { class: 'wrong', role: 'alert' }, context.problem) : null, mine, ...desks,
    element('label', { class: 'check' }, mute, t('shift.mute'), element('small', {}, t('shift.mute_why'))),
    element('p', { class: 'shift-links' }, hands ? element('a', { href: hands }, t('shift.hand_over')) : null, element('a', { href: page ?? '/duty' }, t('shift.page'))),
    element('h2', {}, t('shift.who')),
    ...(shift.units.length ? shift.units.map((/** @type {any} */ unit) => unitPart(unit, phones === 'yes', context)) : [element('p', { class: 'none' }, t('shift.nobody'))]),
    shift.more ? element('p', { class: 'none' }, t('shift.more', { n: shift.more })) : null);
}

/**
 * @param {any} unit
 * @param {boolean} phones whether the one who looks may read the telephones of people
 * @param {ShiftContext} context
 */
function unitPart(unit, phones, { zone, simulated }) {
  return element('section', { class: 'shift-unit' },
    element('h3', {}, nameOf(unit), unit.phone ? tel(unit.phone) : null),
    element('ul', {}, ...unit.people.map((/** @type {any} */ one) => element('li', {},
      element('span', { class: 'shift-name' }, one.name, one.simulated && !simulated ? element('small', { class: 'sim' }, t('map.simulated')) : null),
      one.leads ? element('span', { class: 'tag' }, t('duty.leads')) : null,
      element('small', {}, [wordOf('role', one.role), one.there ? t('duty.since_time', { at: clockTime(one.began_at, zone) }) : t('shift.planned')].filter(Boolean).join(' · ')),
      phones && one.has_phone ? caller(one) : null))));
}

/** @param {string} number */
const tel = (number) => element('a', { class: 'shift-tel', href: `tel:${number.replace(/[^0-9+]/g, '')}` }, icon('phone'), number);

/**
 * @param {any} one
 * @returns {HTMLElement} 拨打: a person's number is shown for a call, for a minute, and that is logged
 */
function caller(one) {
  const button = element('button', { type: 'button', class: 'button small', 'aria-label': t('shift.call_name', { name: one.name }) }, icon('phone'), t('shift.call'));
  button.addEventListener('click', async () => {
    const { phone, said } = await workPhone(one.code);
    if (!phone) { button.replaceWith(element('small', { class: 'wrong', role: 'alert' }, said)); return; }
    const link = tel(phone);
    button.replaceWith(link);
    link.focus();
    setTimeout(() => link.replaceWith(button), SHOWN_MS);
  });
  return button;
}
