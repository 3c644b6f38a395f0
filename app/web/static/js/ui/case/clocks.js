/** The clocks of a case: each a bar coloured by whose time it was; the one that runs is thick and says so in words. */

import { element } from '../../lib/dom.js';
import { standing } from '../../lib/due.js';
import { nameOf } from '../../lib/names.js';
import { lengthIn, much, when } from '../../lib/when.js';
import { t } from '../../lib/words.js';
import { mark } from '../mark.js';
import { part } from './view.js';

/** @typedef {import('./view.js').View} View */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @param {View} view
 * @returns {HTMLElement}
 */
export function drawClocks(view) {
  const { clocks } = view.sheet;
  return part('clocks', t('sheet.limits'), clocks.length
    ? element('ul', { class: 'cp-clocks' }, ...clocks.map((/** @type {any} */ clock) => drawClock(view, clock)))
    : element('p', { class: 'fine' }, t('clock.none')));
}

/**
 * @param {View} view
 * @param {any} clock
 */
function drawClock(view, clock) {
  const { context } = view;
  if (clock.ended) {
    return element('li', { class: 'is-over', title: t('clock.used', { used: much(clock.used), total: much(clock.total) }) },
      element('b', { class: 'cp-stage' }, t(`stage.${clock.stage}`)), bar(clock), element('span', { class: `cp-lamp is-${clock.mark}` }, mark(clock.mark), `${word(view, clock)} ${t('sheet.of', { used: much(clock.used), total: much(clock.total) })}`));
  }
  const amounts = t('clock.used', { used: much(clock.used), total: much(clock.total) });
  const extra = [clock.extensions ? t('casework.extended', { n: clock.extensions }) : '', clock.provisional ? t('lamp.provisional') : ''].filter(Boolean).join(' · ');
  const due = clock.due_at ? t('casework.due', { at: when(clock.due_at, view.now(), context) }) : '';
  return element('li', { class: 'is-running' },
    element('b', { class: 'cp-stage' }, t(`stage.${clock.stage}`)), bar(clock),
    element('span', { class: `cp-lamp is-${clock.mark}` }, mark(clock.mark), word(view, clock)),
    element('small', {}, [amounts, due, extra].filter(Boolean).join(' · ')),
    element('ul', { class: 'segments' }, ...clock.shares.map(drawShare)));
}

/**
 * @param {View} view
 * @param {any} clock
 */
function word(view, clock) {
  if (clock.ended) return t(clock.overdue ? 'clock.ended_late' : 'clock.ended_in_time');
  const { left } = standing({ ...clock, near_at: null }, view.now());
  return left === null ? t('lamp.stands') : t(left < 0 ? 'lamp.late' : 'lamp.left', { length: lengthIn(left) });
}

/** @param {any} clock */
function bar(clock) {
  const svg = document.createElementNS(SVG, 'svg');
  const rect = (/** @type {string} */ name, /** @type {number} */ x, /** @type {number} */ width) => {
    const node = document.createElementNS(SVG, 'rect');
    for (const [key, value] of Object.entries({ class: name, x, width, height: 12 })) node.setAttribute(key, String(value));
    svg.append(node);
  };
  for (const [key, value] of [['class', 'clock-bar'], ['viewBox', '0 0 1000 12'], ['preserveAspectRatio', 'none'], ['aria-hidden', 'true']]) svg.setAttribute(key, value);
  rect('ground', 0, 1000);
  for (const one of clock.segments) rect(`of-${one.who} is-${one.counting}`, one.x, one.width);
  if (clock.due_x !== null) rect('due', Math.max(clock.due_x - 3, 0), 3);
  return svg;
}

/** @param {any} share whose it was, and how long that was in words */
function drawShare(share) {
  const who = share.unit ? nameOf(share.unit) : share.who === 'desk' ? t(`casework.desk_${share.which}`) : t(`whose.${share.who}`);
  const told = share.counting === 'running' ? much(share.used) : t(`counting.${share.counting}`);
  return element('li', {}, element('i', { class: `swatch of-${share.who} is-${share.counting}` }), `${who} ${told}`);
}
