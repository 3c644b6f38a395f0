/** 值班长: what they have to decide, 特急 that is open, how it stands in the parts of their territory, who is on duty. */

import { element } from '../lib/dom.js';
import { count } from '../lib/format.js';
import { nameOf } from '../lib/names.js';
import { timeOf } from '../lib/urgency.js';
import { t } from '../lib/words.js';
import { part } from './first-parts.js';
import { mark } from './mark.js';
import { placeOf } from './queue.js';

/**
 * @typedef {object} CommandActs
 * @property {(id: number, move?: string) => void} onCase a case is to be opened, with the form of a move
 * @property {(id: number) => void} onArea
 */

const what = (/** @type {any} */ item) => nameOf({ name: item.category, name_en: item.category_en });

/**
 * @param {any} screen as `GET /api/v1/screens/command` tells it
 * @param {any} shift as `GET /api/v1/duty` tells it, null while it is not known
 * @param {number | null} area that is looked at
 * @param {CommandActs} acts
 * @returns {HTMLElement[]}
 */
export function commandParts(screen, shift, area, acts) {
  return [decisions(screen.decisions, acts), urgent(screen.urgent, acts), tiles(screen.parts, area, acts), ...(shift ? [onDuty(shift)] : [])];
}

/**
 * @param {any} told
 * @param {CommandActs} acts
 */
function decisions({ counts, items, whole }, acts) {
  const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const kinds = Object.entries(counts).filter(([, n]) => n);
  return part('decisions', t('decide.title'), whole ? count(total) : `${count(total)}+`, false,
    kinds.length > 1 ? element('p', { class: 'first-kinds' }, ...kinds.map(([matter, n]) => element('span', {}, t(`decide.${matter}`), element('b', {}, count(n))))) : null,
    total ? element('ul', { class: 'first-rows', 'data-scroll': 'decisions', 'aria-labelledby': 'first-decisions' }, ...items.map((/** @type {any} */ item) => decision(item, acts)))
      : element('p', { class: 'first-none' }, t('decide.none')),
    total > items.length ? element('p', { class: 'first-none' }, t('decide.more', { n: total - items.length })) : null);
}

/**
 * @param {any} item
 * @param {CommandActs} acts
 */
function decision(item, acts) {
  const time = timeOf(item, new Date());
  const id = `decide-${item.matter}-${item.id}`;
  const row = element('button', { type: 'button', class: 'first-row', id, title: item.number ?? item.ref ?? '' }, mark(time.urgency),
    element('span', { class: 'first-what' }, element('em', {}, t(`decide.${item.matter}`)), element('b', {}, what(item))), element('span', { class: `when ${time.urgency}` }, time.text),
    element('span', { class: 'first-where' }, [placeOf(item), item.unit && nameOf({ name: item.unit, name_en: item.unit_en })].filter(Boolean).join(' · ')));
  row.addEventListener('click', () => acts.onCase(item.id, item.moves[0]));
  // Where there is one way to decide, the row is its key.
  if (item.moves.length < 2) return element('li', { 'data-case': item.id, 'data-matter': item.matter }, row);
  return element('li', { 'data-case': item.id, 'data-matter': item.matter }, row, element('span', { class: 'first-moves' }, ...item.moves.map((/** @type {string} */ move) => {
    const key = element('button', { type: 'button', class: 'button small', id: `${id}-${move}`, 'data-move': move, 'aria-describedby': id }, t(`move.${move}`));
    key.addEventListener('click', () => acts.onCase(item.id, move));
    return key;
  })));
}

/**
 * @param {any} told
 * @param {CommandActs} acts
 */
function urgent({ of, items }, acts) {
  return part('urgent', t('decide.urgent'), count(of), of > 0,
    items.length ? element('ul', { class: 'first-ticker', 'data-scroll': 'urgent', 'aria-labelledby': 'first-urgent' }, ...items.map((/** @type {any} */ item) => {
      const time = timeOf(item, new Date());
      const chip = element('button', { type: 'button', class: 'first-chip', id: `urgent-${item.id}`, title: `${item.number ?? item.ref ?? ''} ${item.address ?? ''}` }, mark(time.urgency),
        element('b', {}, what(item)), element('span', {}, placeOf(item)), element('span', { class: `when ${time.urgency}` }, time.text));
      chip.addEventListener('click', () => acts.onCase(item.id));
      return element('li', {}, chip);
    })) : element('p', { class: 'first-none' }, t('decide.no_urgent')));
}

/**
 * @param {any} told
 * @param {number | null} area
 * @param {CommandActs} acts
 */
function tiles({ level, items }, area, acts) {
  const late = items.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.overdue, 0);
  return part('tiles', t(`decide.tiles_${level}`), count(items.length), false,
    element('ul', { class: 'first-tiles', 'data-scroll': 'tiles', 'aria-labelledby': 'first-tiles', 'data-late': late }, ...items.map((/** @type {any} */ one) => {
      const tile = element('button', { type: 'button', class: `first-tile${one.overdue ? ' is-late' : ''}`, id: `tile-${one.id}`, 'data-area': one.id, 'aria-pressed': String(one.id === area), title: nameOf(one) },
        element('span', {}, short(nameOf(one))), element('i', { class: 'sr' }, t('decide.tile', { open: one.open, late: one.overdue })), element('b', { 'aria-hidden': 'true' }, one.overdue ? mark('overdue') : null, count(one.overdue), element('small', {}, `/${count(one.open)}`)));
      tile.addEventListener('click', () => acts.onArea(one.id));
      return element('li', {}, tile);
    })));
}

/** @param {any} shift */
function onDuty({ units, more }) {
  const n = units.reduce((/** @type {number} */ sum, /** @type {any} */ unit) => sum + unit.people.length, more);
  return part('duty', t('shift.who'), count(n), false,
    n ? element('ul', { class: 'first-duty', 'data-scroll': 'duty', 'aria-labelledby': 'first-duty' }, ...units.map((/** @type {any} */ unit) => element('li', {},
      element('b', {}, nameOf(unit)), ...unit.people.map((/** @type {any} */ one) => element('span', { class: one.there ? null : 'planned', title: one.there ? null : t('shift.planned') }, one.name, one.leads ? element('small', {}, t('duty.leads')) : null)),
      unit.phone ? element('a', { href: `tel:${unit.phone.replace(/[^0-9+]/g, '')}` }, unit.phone) : null)))
      : element('p', { class: 'first-none' }, t('shift.nobody')));
}

/** @param {string} name of an area, without the word for its level */
const short = (name) => name.replace(/(街道|社区)$/, '').replace(/ (Subdistrict|Community)$/, '');
