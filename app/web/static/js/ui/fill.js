/** What the cells' fill says: its name and legend, of the open cases or of the staffing. */

import { labels } from '../lib/classes.js';
import { byId, element } from '../lib/dom.js';
import { uncovered } from '../lib/gaps.js';
import { t } from '../lib/words.js';
import { drawLegend } from './legend.js';
import { drawGapLegend, gapWord } from './staffing.js';

/** @typedef {import('../lib/gaps.js').Gap} Gap */
/** @typedef {{gaps: Map<number, Gap> | null, gapsOn: string, audited: number, lows: number[], histogram: () => number[], scope: () => Set<number> | null}} Desk what the page knows, as far as the fill needs it */

/**
 * @param {Desk} desk
 * @param {number | null} cls the class that is shown alone
 * @param {(cls: number | null) => void} onPress
 */
export function drawFill(desk, cls, onPress) {
  const host = byId('legend');
  host.classList.toggle('by-gap', desk.gaps !== null);
  const day = t(desk.audited ? 'map.staffing_on' : 'map.staffing_before', { day: desk.gapsOn });
  const [name, unit] = desk.gaps ? [t('map.staffing'), day] : [t('map.fill_open'), t('map.per_cell')];
  byId('fill-name').replaceChildren(name, ' ', element('small', {}, unit));
  if (!desk.gaps) {
    drawLegend(host, desk.lows, desk.histogram(), cls, onPress);
    return;
  }
  const scope = desk.scope();
  const away = [...desk.gaps].filter(([id, gap]) => uncovered(gap) && (!scope || scope.has(id))).length;
  drawGapLegend(host, desk.histogram(), away, desk.gapsOn, cls, onPress);
}

/**
 * @param {Desk} desk
 * @param {number} cls
 * @returns {string} what the cells of a class have in common
 */
export function classWord(desk, cls) {
  return desk.gaps ? gapWord(cls) : t('map.class_chip', { range: labels(desk.lows)[cls] ?? '' });
}
