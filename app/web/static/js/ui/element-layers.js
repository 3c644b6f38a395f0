/** 要素: which kinds of elements are drawn, with their marks and numbers; it is the legend of them too. */

import { element } from '../lib/dom.js';
import { count } from '../lib/format.js';
import { INKS, ofSort, shapeOf, SORTS, sortsOf, switched } from '../lib/sorts.js';
import { svg } from '../lib/svg.js';
import { t } from '../lib/words.js';

/** @typedef {{kind: string, count: number, unplaced: number}} Counted */

/** @param {string} sort the mark as the map has it */
function picture(sort) {
  const letter = svg('text', { y: 3.9, 'text-anchor': 'middle' });
  letter.textContent = t(`map.element_glyph_${sort}`);
  return svg('svg', { class: 'el-key', viewBox: '-11 -11 22 22', 'aria-hidden': 'true' }, svg('path', { d: shapeOf(sort), fill: `var(${INKS[ofSort(sort)]})` }), letter);
}

export class ElementLayers {
  /**
   * @param {HTMLDetailsElement} host
   * @param {{drawn: boolean, ask: () => Promise<{items: Counted[]}>, onChange: (els: string) => void}} given
   *   `drawn`: whether this browser can draw them at all
   */
  constructor(host, { drawn, ask, onChange }) {
    this.host = host;
    this.ask = ask;
    this.said = '';
    this.asked = '';
    /** @type {string | undefined} */ this.state = undefined;
    /** @type {Map<string, HTMLElement>} */ this.numbers = new Map();
    /** @type {Map<string, HTMLInputElement>} */ this.boxes = new Map();
    this.unplaced = element('p', { class: 'hint', hidden: true });
    const body = drawn
      ? [element('div', { class: 'el-switches', role: 'group', 'aria-label': t('map.elements') }, ...SORTS.map((sort) => this.row(sort, onChange))), this.unplaced, element('p', { class: 'hint' }, t('map.elements_hint'))]
      : [element('p', { class: 'hint', id: 'elements-no-webgl' }, t('map.elements_no_webgl'))];
    host.append(...body);
    if (drawn) host.addEventListener('toggle', () => this.load());
  }

  /** @param {string} sort @param {(els: string) => void} onChange */
  row(sort, onChange) {
    const box = /** @type {HTMLInputElement} */ (element('input', { type: 'checkbox', 'data-sort': sort }));
    const number = element('span', { class: 'n' });
    box.addEventListener('change', () => onChange(switched(this.said, sort, box.checked)));
    this.boxes.set(sort, box);
    this.numbers.set(sort, number);
    return element('label', { class: 'check' }, box, picture(sort), element('span', {}, t(`map.element_sort_${sort}`)), number);
  }

  /**
   * Bring the switches in line with the address.
   * @param {string} els kinds that are on
   * @param {string} state of what is counted: the registry's version and the instant that is looked at
   */
  sync(els, state) {
    const on = new Set(sortsOf(els));
    if (on.size && !this.said) this.host.open = true;
    this.said = els;
    for (const [sort, box] of this.boxes) box.checked = on.has(sort);
    if (this.state !== state) { this.state = state; this.load(); }
  }

  /** Ask for the numbers, as soon as somebody looks at them. */
  async load() {
    const { state } = this;
    if (!this.host.open || state === undefined || this.asked === state) return;
    this.asked = state;
    const found = await this.ask().catch(() => null);
    if (!found) { this.asked = ''; return; }
    if (this.state !== state) return;
    let lost = 0;
    for (const { kind, count: n, unplaced } of found.items) {
      const number = this.numbers.get(kind);
      if (number) number.textContent = count(n);
      lost += unplaced;
    }
    this.unplaced.hidden = lost === 0;
    this.unplaced.textContent = t('map.elements_unplaced', { n: count(lost) });
  }
}
