/** Twelve months of an area's cases as bars, with the same in words. */

import { element } from '../lib/dom.js';
import { count } from '../lib/format.js';
import { bars, summed } from '../lib/spark.js';
import { svg } from '../lib/svg.js';
import { t } from '../lib/words.js';

const WIDTH = 336;
const HEIGHT = 40;

/**
 * @param {import('../lib/spark.js').Month[]} months
 * @returns {HTMLElement}
 */
export function drawMonths(months) {
  const { sum, most } = summed(months);
  const name = (/** @type {string} */ day) => day.slice(0, 7);
  const told = months.map(({ month, reported }) => `${name(month)} ${count(reported)}`).join(', ');
  const chart = svg('svg', { class: 'spark', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': t('card.months_told', { n: count(sum), months: told }) },
    ...bars(months, WIDTH, HEIGHT).map((bar, i) => svg('rect', { ...bar, class: i === months.length - 1 ? 'now' : 'then' },
      svg('title', {}, document.createTextNode(`${name(months[i].month)} · ${t('map.n_cases', { n: count(months[i].reported) })}`)))));
  const said = most ? t('card.months_most', { n: count(sum), month: name(most.month), most: count(most.reported) }) : t('card.months_nothing');
  return element('section', { class: 'months' }, element('h3', {}, t('card.months'), element('small', {}, said)), chart,
    element('p', { class: 'ends', 'aria-hidden': true }, element('span', {}, name(months[0].month)), element('span', {}, name(months[months.length - 1].month))));
}
