/** The places of the wall that are filled again and again: made once, then only their words and numbers change. */

import { element } from '../lib/dom.js';
import { count } from '../lib/format.js';
import { nameOf } from '../lib/names.js';
import { filled, overdueBy, percent, short } from '../lib/wall.js';
import { t } from '../lib/words.js';
import { mark } from './mark.js';

/** @typedef {import('../lib/wall.js').Red} Red */

export const MOST_TILES = 12;
export const OLDEST = 5;

/**
 * @param {Element} node
 * @param {string} text written into the one text node that it has
 */
export function say(node, text) {
  const held = node.firstChild;
  if (!held) node.append(text);
  else if (held.nodeValue !== text) held.nodeValue = text;
}

/**
 * @param {HTMLElement} host
 * @param {number} n
 * @param {() => HTMLElement} make
 * @returns {HTMLElement[]} the first so many children, the others hidden; none is ever taken away
 */
export function slots(host, n, make) {
  while (host.childElementCount < n) host.append(make());
  const all = /** @type {HTMLElement[]} */ ([...host.children]);
  all.forEach((slot, i) => { slot.hidden = i >= n; });
  return all.slice(0, n);
}

/**
 * @param {Element} within
 * @param {string} name
 * @returns {HTMLElement}
 */
const part = (within, name) => /** @type {HTMLElement} */ (within.querySelector(`[data-part=${name}]`));
const wordMark = (/** @type {string} */ name) => { const svg = mark(name); svg.setAttribute('class', 'w-mark'); return svg; };

const tile = () => element('li', { class: 'w-tile' },
  element('span', { class: 'name', 'data-part': 'name' }), element('span', { class: 'open', 'data-part': 'open' }),
  element('span', { class: 'share' }, element('span', { 'data-part': 'share', 'data-number': true }), element('small', { 'data-part': 'unit' })),
  element('span', { class: 'late', 'data-part': 'late' }, wordMark('overdue'), element('span', { 'data-part': 'n', 'data-number': true })),
  element('span', { class: 'w-bar', 'aria-hidden': 'true' }, element('i', { 'data-part': 'bar' })));

/**
 * @param {HTMLElement} host
 * @param {any[]} tiles of the sub-centres, the greatest share first
 * @param {number} scale
 * @param {number | null} focus
 */
export function drawTiles(host, tiles, scale, focus) {
  const shown = tiles.slice(0, MOST_TILES);
  slots(host, shown.length, tile).forEach((slot, i) => {
    const one = shown[i];
    slot.classList.toggle('is-focus', one.id === focus);
    say(part(slot, 'name'), short(nameOf(one)));
    say(part(slot, 'open'), t('wall.open_n', { n: count(one.open) }));
    say(part(slot, 'share'), percent(one.share));
    say(part(slot, 'unit'), one.share === null ? '' : ' %');
    part(slot, 'late').classList.toggle('some', one.overdue > 0);
    part(slot, 'late').setAttribute('aria-label', t('wall.late_n', { n: one.overdue }));
    say(part(slot, 'n'), count(one.overdue));
    part(slot, 'bar').style.transform = `scaleX(${filled(one.share, scale)})`;
  });
}

const kind = () => element('li', { class: 'w-kind' },
  element('span', { class: 'name', 'data-part': 'name' }), element('b', { 'data-part': 'open', 'data-number': true }), element('span', { class: 'late', 'data-part': 'late' }));

/**
 * @param {HTMLElement} host
 * @param {any[]} kinds
 */
export function drawKinds(host, kinds) {
  slots(host, kinds.length, kind).forEach((slot, i) => {
    const one = kinds[i];
    say(part(slot, 'name'), one.name ? nameOf(one) : '—');
    say(part(slot, 'open'), count(one.open));
    say(part(slot, 'late'), t('wall.late_n', { n: count(one.overdue) }));
    part(slot, 'late').classList.toggle('some', one.overdue > 0);
  });
}

const UNITS = /** @type {const} */ ({ days: 'map.days', hours: 'map.hours', minutes: 'map.minutes' });

/** @param {HTMLElement} host two numbers, each with its unit */
function pairs(host) {
  if (!host.childElementCount) for (let i = 0; i < 2; i += 1) host.append(element('b', { 'data-number': true }), element('i'));
  return /** @type {HTMLElement[]} */ ([...host.children]);
}

/**
 * @param {HTMLElement} host
 * @param {string} due
 * @param {number} now
 */
export function drawLong(host, due, now) {
  const held = pairs(host);
  const found = overdueBy(due, now);
  for (let i = 0; i < 2; i += 1) {
    const [unit, n] = found[i] ?? ['minutes', 0];
    say(held[2 * i], found[i] ? String(n) : '');
    say(held[2 * i + 1], found[i] ? t(UNITS[unit], { n: '' }).trim() : '');
  }
}

/**
 * @param {Red} red
 * @returns {string} community, cell, and as much of the place as the preset gives
 */
export function placeOf(red) {
  const community = red.community ? nameOf({ name: red.community, name_en: red.community_en }) : '';
  const cell = red.cell_code?.length === 15 ? t('wall.cell_no', { n: red.cell_code.slice(12) }) : red.cell ? nameOf({ name: red.cell, name_en: red.cell_en }) : '';
  return [community, cell, red.place ?? ''].filter(Boolean).join(' · ');
}

const row = () => element('li', { class: 'w-row' }, wordMark('overdue'),
  element('span', { class: 'what', 'data-part': 'what' }), element('span', { class: 'where', 'data-part': 'where' }), element('span', { class: 'long', 'data-part': 'long' }));

/**
 * @param {HTMLElement} host
 * @param {Red[]} reds
 * @param {number} now
 * @param {number} told which of them the tour tells of
 */
export function drawOldest(host, reds, now, told) {
  const shown = reds.slice(0, OLDEST);
  slots(host, shown.length, row).forEach((slot, i) => {
    slot.classList.toggle('is-told', i === told);
    say(part(slot, 'what'), nameOf({ name: shown[i].category, name_en: shown[i].category_en }));
    say(part(slot, 'where'), placeOf(shown[i]));
    drawLong(part(slot, 'long'), shown[i].due_at, now);
  });
}
