/** 抽查: the cases that were drawn for whoever looks again at what others have handled, and how they were. */

import { element } from '../lib/dom.js';
import { count } from '../lib/format.js';
import { nameOf } from '../lib/names.js';
import { timeOf } from '../lib/urgency.js';
import { t } from '../lib/words.js';
import { part } from './first-parts.js';
import { mark } from './mark.js';
import { placeOf } from './queue.js';

/**
 * @param {any} drawn as `GET /api/v1/screens/spot-check` tells it
 * @param {(id: number) => void} onCase
 * @returns {HTMLElement}
 */
export function spotCheckPart(drawn, onCase) {
  const { items, of, on, most } = drawn;
  return part('spot', t('spot.title'), `${count(items.length)}/${count(of)}`, false,
    items.length ? element('ol', { class: 'first-rows', 'data-scroll': 'spot', 'aria-labelledby': 'first-spot' }, ...items.map((/** @type {any} */ item) => {
      const time = timeOf(item, new Date());
      const row = element('button', { type: 'button', class: 'first-row', id: `spot-${item.id}`, title: item.number ?? item.ref ?? '' }, mark(time.urgency),
        element('span', { class: 'first-what' }, element('b', {}, nameOf({ name: item.category, name_en: item.category_en }))), element('span', { class: `when ${time.urgency}` }, time.text),
        element('span', { class: 'first-where' }, [placeOf(item), item.unit && nameOf({ name: item.unit, name_en: item.unit_en })].filter(Boolean).join(' · ')));
      row.addEventListener('click', () => onCase(item.id));
      return element('li', { 'data-case': item.id }, row);
    })) : element('p', { class: 'first-none' }, t('spot.none')),
    element('p', { class: 'first-how' }, t('spot.how', { on, of: count(of), most })));
}
