/** 楼栋图: the dwellings of a building as they stand, walked by arrows. */

import { element } from '../../lib/dom.js';
import { plan, step } from '../../lib/flats.js';
import { count } from '../../lib/format.js';
import { t } from '../../lib/words.js';

/** @typedef {import('../../lib/flats.js').Flat} Flat */

export class Building {
  /**
   * @param {Flat[]} flats
   * @param {boolean} persons whether whoever looks may know how many live where
   * @param {(id: number) => void} onOpen
   */
  constructor(flats, persons, onOpen) {
    this.plan = plan(flats);
    this.persons = persons;
    this.onOpen = onOpen;
    /** @type {Map<string, HTMLElement>} by row and column */ this.cells = new Map();
    const grid = element('div', { role: 'grid', class: 'flats', 'aria-labelledby': 'flats-title', 'aria-describedby': 'flats-keys' }, this.entrances(), ...this.plan.floors.map((_, row) => this.floor(row)));
    grid.addEventListener('keydown', (event) => this.key(event));
    grid.addEventListener('click', (event) => this.open(/** @type {HTMLElement} */ (event.target).closest('[data-flat]')));
    this.cells.values().next().value?.setAttribute('tabindex', '0');
    const living = flats.reduce((sum, flat) => sum + flat.persons, 0);
    this.node = element('section', { class: 'el-part', id: 'element-flats' },
      element('h3', { id: 'flats-title' }, t('element.flats'), element('span', {}, t(persons ? 'element.flats_people' : 'element.flats_only', { flats: count(flats.length), people: count(living) }))),
      element('div', { class: 'flats-frame' }, grid), element('p', { class: 'hint', id: 'flats-keys' }, t('element.flats_keys')));
  }

  entrances() {
    return element('div', { role: 'row', class: 'flats-head' }, element('span', { role: 'columnheader', class: 'of-floor' }, t('element.floor')),
      ...this.plan.entrances.map(({ entrance, columns }) => {
        const made = element('span', { role: 'columnheader', 'aria-colspan': columns }, entrance === null ? t('element.no_entrance') : t('element.entrance_no', { n: entrance }));
        made.style.setProperty('--columns', String(columns));
        return made;
      }));
  }

  /** @param {number} row */
  floor(row) {
    const { floor, cells } = this.plan.floors[row];
    const starts = new Set();
    this.plan.entrances.reduce((at, { columns }) => { starts.add(at); return at + columns; }, 0);
    return element('div', { role: 'row' }, element('span', { role: 'rowheader', class: 'of-floor' }, floor === null ? t('element.no_floor') : t('element.floor_no', { n: floor })),
      ...cells.map((flat, column) => this.cell(flat, row, column, starts.has(column))));
  }

  /** @param {Flat | null} flat @param {number} row @param {number} column @param {boolean} first of its entrance */
  cell(flat, row, column, first) {
    if (!flat) return element('span', { role: 'gridcell', class: `flat is-none${first ? ' is-first' : ''}` });
    const room = flat.room ?? flat.name;
    const known = this.persons && flat.persons > 0;
    const made = element('span', {
      role: 'gridcell', tabindex: '-1', class: `flat${first ? ' is-first' : ''}${known ? ' is-lived' : ''}`, 'data-flat': flat.id, 'data-at': `${row}:${column}`,
    }, element('b', {}, room), ' ', this.persons ? element('small', {}, ...this.people(flat.persons)) : null);
    this.cells.set(`${row}:${column}`, made);
    return made;
  }

  /** @param {number} n */
  people(n) {
    const said = t('element.people', { n });
    return n ? [said] : [element('span', { 'aria-hidden': 'true' }, '—'), element('span', { class: 'sr' }, said)];
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const now = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest('[data-flat]'));
    if (!now || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); this.open(now); return; }
    const [row, column] = (now.dataset.at ?? '').split(':').map(Number);
    const next = step(this.plan, [row, column], event.key);
    const to = next && this.cells.get(next.join(':'));
    if (event.key.startsWith('Arrow') || to) event.preventDefault();
    if (!to) return;
    now.setAttribute('tabindex', '-1');
    to.setAttribute('tabindex', '0');
    to.focus();
  }

  /** @param {HTMLElement | null} cell */
  open(cell) {
    if (cell) this.onOpen(Number(cell.dataset.flat));
  }
}
