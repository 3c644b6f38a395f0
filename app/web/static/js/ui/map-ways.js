/** Buttons, switches and notes of the map's further tools. */

import { element, icon } from '../lib/dom.js';
import { HEIGHTS } from '../lib/heights.js';
import { area } from '../lib/ring.js';
import { t } from '../lib/words.js';

const WAYS = /** @type {const} */ ([['solid', 'cube', '3'], ['box', 'box', 'B'], ['lasso', 'lasso', 'O'], ['view', 'view', 'V']]);
const MARKS = ['', 'points', 'heat'];
const HA = 10000;
const KM2 = 1000000;

/**
 * @param {HTMLElement} frame
 * @param {Record<'solid' | 'box' | 'lasso' | 'view', () => void>} acts
 */
export function wayButtons(frame, acts) {
  const buttons = WAYS.map(([name, picture, key]) => {
    const word = t(`map.way_${name}`);
    const button = element('button', { type: 'button', 'data-way': name, 'aria-label': word, title: `${word} (${key})`, 'aria-pressed': name === 'view' ? null : 'false' }, icon(picture));
    button.addEventListener('click', acts[name]);
    return button;
  });
  frame.append(element('div', { class: 'map-tools map-ways', role: 'group', 'aria-label': t('map.ways') }, ...buttons));
  return {
    /** @param {...any} pairs name and whether it is pressed */
    press(...pairs) {
      for (let i = 0; i < pairs.length; i += 2) buttons[WAYS.findIndex(([name]) => name === pairs[i])].setAttribute('aria-pressed', String(pairs[i + 1]));
    },
  };
}

/**
 * @param {HTMLElement} heading after which it stands
 * @param {(marks: string) => void} onPick
 */
export function marksSwitch(heading, onPick) {
  const buttons = MARKS.map((marks) => {
    const button = element('button', { type: 'button', 'data-marks': marks, 'aria-pressed': 'false' }, t(`map.marks_${marks || 'clusters'}`));
    button.addEventListener('click', () => onPick(marks));
    return button;
  });
  const bar = element('span', { class: 'heat-bar', 'aria-hidden': true });
  const heat = element('p', { class: 'heat-key', hidden: true }, t('map.heat_few'), bar, t('map.heat_many'));
  const unfilled = element('p', { class: 'hint', hidden: true }, t('map.heat_why'));
  document.getElementById('legend')?.after(unfilled);
  const points = element('p', { class: 'hint', hidden: true }, t('map.points_why'));
  heading.after(element('div', { class: 'segments', role: 'group', 'aria-labelledby': heading.id }, ...buttons), heat, points);
  return {
    /** @param {string} marks */
    sync(marks) {
      for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.marks === marks));
      heat.hidden = unfilled.hidden = marks !== 'heat';
      points.hidden = marks !== 'points';
    },
  };
}

/**
 * @param {HTMLElement} host after which they stand
 * @param {Set<string>} hidden
 * @param {boolean} backed whether another map can lie below
 * @param {() => void} onChange
 */
export function layerRows(host, hidden, backed, onChange) {
  const row = (/** @type {string} */ key, /** @type {string} */ word) => {
    const box = /** @type {HTMLInputElement} */ (element('input', { type: 'checkbox', checked: !hidden.has(key) }));
    box.addEventListener('change', () => { hidden[box.checked ? 'delete' : 'add'](key); onChange(); });
    return element('label', { class: 'check' }, box, element('span', {}, word));
  };
  host.after(element('div', {}, row('buildings', t('map.buildings')), ...(backed ? [row('basemap', t('map.basemap'))] : [])));
}

/** @param {HTMLElement} help the dialog that lists the keys */
export function addKeys(help) {
  const list = help.querySelector('dl');
  for (const key of ['solid', 'select', 'window', 'pan', 'marks']) list?.append(element('dt', {}, t(`map.key_${key}`)), element('dd', {}, t(`map.key_${key}_does`)));
}

/** @param {number} m2 @returns {string} */
const measured = (m2) => (m2 < KM2 ? `${(m2 / HA).toFixed(1)} ha` : `${(m2 / KM2).toFixed(2)} km²`);

/** What is said on the map about what is drawn on it. */
export class Notes {
  /**
   * @param {HTMLElement} frame
   * @param {number} floor metres that a floor of a registered building is taken for; 0 where the registry is not read
   * @param {{clear: () => void}} acts
   */
  constructor(frame, floor, { clear }) {
    const swatch = (/** @type {string} */ kind, /** @type {string} */ word) => element('span', { class: 'note-key' }, element('i', { class: `tone-${kind}`, 'aria-hidden': true }), word);
    const assumed = t('map.heights_assumed', { low: HEIGHTS.low_rise, middle: HEIGHTS.multi_storey, high: HEIGHTS.high_rise });
    this.raised = element('p', { class: 'note', hidden: true }, icon('cube'), t('map.solid_note'), swatch('chosen', t('map.building_chosen')), swatch('busy', t('map.building_busy')), floor ? element('small', {}, t('map.heights_registered', { metres: floor })) : null, element('small', {}, assumed));
    this.said = element('span', {});
    const close = element('button', { type: 'button', 'aria-label': t('map.selection_clear'), title: `${t('map.selection_clear')} (Esc)` }, icon('close'));
    close.addEventListener('click', clear);
    this.selected = element('p', { class: 'note', hidden: true }, icon('lasso'), this.said, close);
    frame.append(element('div', { class: 'map-notes', role: 'status' }, this.raised, this.selected));
  }

  /** @param {boolean} on */
  solid(on) {
    this.raised.hidden = !on;
  }

  /** @param {[number, number][] | null} ring @param {number} cells whose middle lies in it */
  ring(ring, cells) {
    this.selected.hidden = ring === null;
    this.said.textContent = ring ? t('map.selection', { area: measured(area(ring)), n: cells }) : '';
  }
}
