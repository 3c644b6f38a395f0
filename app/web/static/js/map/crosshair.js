/** The map without a mouse: a crosshair while it has the keyboard, what lies under it in words, and keys from mark to mark. */

import { element } from '../lib/dom.js';
import { nameOf } from '../lib/names.js';
import { t } from '../lib/words.js';
import { MARKS } from './pointing.js';

const CALM_MS = 250;
const REACH_PX = 9;

/** @typedef {{x: number, y: number, properties: Record<string, any>}} Spot */

export class Crosshair {
  /**
   * @param {HTMLElement} frame that the map stands in
   * @param {import('./map.js').OneMap} one
   */
  constructor(frame, one) {
    this.one = one;
    /** @type {Spot | null} */ this.mark = null;
    this.cross = element('span', { class: 'crosshair', 'aria-hidden': true, hidden: true });
    this.says = element('p', { class: 'cross-says', role: 'status', hidden: true });
    frame.append(this.cross, this.says);
    const { map } = one;
    const canvas = map.getCanvas();
    canvas.setAttribute('aria-label', t('map.canvas'));
    canvas.setAttribute('aria-roledescription', t('map.map'));
    canvas.addEventListener('focus', () => { if (canvas.matches(':focus-visible')) this.show(true); });
    canvas.addEventListener('blur', () => this.show(false));
    map.getContainer().addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => this.key(event));
    map.on('movestart', () => { this.mark = null; });
    map.on('moveend', () => this.soon());
  }

  /** @param {boolean} on */
  show(on) {
    this.mark = null;
    for (const node of [this.cross, this.says]) node.hidden = !on;
    if (on) this.tell();
  }

  /** @returns {{x: number, y: number}} where the crosshair stands: on a mark, else in the middle */
  spot() {
    const canvas = this.one.map.getCanvas();
    return this.mark ?? { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 };
  }

  /** @param {KeyboardEvent} event of the map; what it uses up goes no further */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = { Enter: () => this.press(), n: () => this.step(1), N: () => this.step(-1), p: () => this.step(-1), '+': () => {}, '=': () => {}, '-': () => {} }[event.key];
    if (!act) return;
    event.stopPropagation(); // the page's own keys would come nearer a second time
    if (event.key !== '+' && event.key !== '=' && event.key !== '-') event.preventDefault();
    if (this.cross.hidden) this.show(true);
    act();
  }

  /** @returns {Spot[]} the marks in view, as one reads: from the top, then from the left */
  marks() {
    const { map } = this.one;
    const seen = new Map();
    for (const mark of this.one.pointing.under(undefined, MARKS)) {
      const { geometry, properties } = told(mark);
      const { x, y } = map.project(geometry.coordinates);
      const [dx, dy] = offset(properties.offset);
      const spot = { x: x + dx, y: y + dy, properties };
      seen.set(`${Math.round(spot.x)}/${Math.round(spot.y)}`, spot);
    }
    const { clientWidth, clientHeight } = map.getCanvas();
    return [...seen.values()].filter(({ x, y }) => x >= 0 && y >= 0 && x <= clientWidth && y <= clientHeight).sort((a, b) => Math.round((a.y - b.y) / 24) || a.x - b.x);
  }

  /** @param {number} by */
  step(by) {
    const marks = this.marks();
    const at = marks.findIndex(({ x, y }) => this.mark && Math.hypot(x - this.mark.x, y - this.mark.y) < 2);
    this.mark = marks.length ? marks[at < 0 ? (by > 0 ? 0 : marks.length - 1) : (at + by + marks.length) % marks.length] : null;
    this.tell();
  }

  press() {
    this.one.pointing.click(this.spot());
  }

  soon() {
    clearTimeout(this.timer);
    if (!this.cross.hidden) this.timer = setTimeout(() => this.tell(), CALM_MS);
  }

  tell() {
    const { x, y } = this.spot();
    this.cross.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
    this.cross.classList.toggle('on-mark', this.mark !== null);
    const [under] = this.one.pointing.under([[x - REACH_PX, y - REACH_PX], [x + REACH_PX, y + REACH_PX]], MARKS);
    const mark = this.mark?.properties ?? (under && told(under).properties);
    const [cell] = this.one.pointing.under([x, y], ['cells']);
    const words = [mark ? wordsOf(mark) : '', cell ? nameOf(/** @type {any} */ (cell.properties)) : t('map.cross_outside')].filter(Boolean).join(' · ');
    this.says.replaceChildren(element('b', {}, words), element('span', {}, t('map.cross_keys')));
  }
}

/** @param {any} mark @returns {{geometry: any, properties: Record<string, any>}} with what it is of, where it is none of cases */
const told = ({ geometry, properties, source, sourceLayer }) => ({ geometry, properties: source === 'elements' ? { ...properties, of: sourceLayer } : properties });

/** @param {Record<string, any>} mark @returns {string} */
function wordsOf({ late, count, near, urgency, of, sort }) {
  if (of) return count > 1 ? t('map.cross_elements', { n: count, kind: t(`map.elements_of_${of}`) }) : t(`map.element_sort_${sort}`);
  if (late) return t('map.cross_late', { n: count });
  if (count > 1) return near ? t('map.cross_several_near', { n: count, near }) : t('map.cross_several', { n: count });
  return t('map.cross_one', { urgency: t(`map.urgency_${urgency}`) });
}

/** @param {any} value as the map gives a property back: a list, or the text of one */
const offset = (value) => /** @type {number[]} */ (typeof value === 'string' ? JSON.parse(value) : value ?? [0, 0]);
