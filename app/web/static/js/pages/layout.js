/** The two layouts of one state: the map first, or the list first; and what is folded away. */

import { byId } from '../lib/dom.js';

/** @typedef {import('./map-page.js').MapPage} MapPage */

const NARROW = matchMedia('(max-width: 1280px)');
const FOLDED = 'panlong.rail';
const STRIP = 'panlong.time';

/** @param {MapPage} page */
export const layoutOf = (page) => page.joined.only || page.state.lay || /** @type {'map' | 'list'} */ (byId('desk').dataset.first || 'map');

/**
 * Put the parts where the state says: layout and open case.
 * @param {MapPage} page
 */
export function layOut(page) {
  const desk = byId('desk');
  const lay = layoutOf(page);
  desk.dataset.layout = lay;
  desk.dataset.only = page.joined.only;
  desk.dataset.open = page.state.case === null ? '' : 'case';
  for (const name of ['map', 'list']) byId(`lay-${name}`).setAttribute('aria-pressed', String(lay === name));
  fold(folded(lay));
  page.map?.resize();
}

/** @param {MapPage} page */
export function useLayouts(page) {
  for (const lay of /** @type {const} */ (['map', 'list'])) byId(`lay-${lay}`).addEventListener('click', () => layTo(page, lay));
  byId('pop').addEventListener('click', () => page.joined.popOther());
  byId('rail-switch').addEventListener('click', () => switchRail(page));
  NARROW.addEventListener('change', () => layOut(page));
  byId('desk').dataset.time = localStorage.getItem(STRIP) ?? '';
  new ResizeObserver(() => page.map?.resize()).observe(byId('map'));
}

/**
 * @param {MapPage} page
 * @param {'map' | 'list'} lay
 */
export function layTo(page, lay) {
  page.change({ lay });
}

/** @param {string} lay */
function folded(lay) {
  const kept = sessionStorage.getItem(`${FOLDED}.${lay}`);
  return kept ? kept === 'yes' : NARROW.matches || lay === 'list';
}

/** @param {boolean} away */
function fold(away) {
  byId('desk').dataset.rail = away ? 'away' : '';
  byId('rail-switch').setAttribute('aria-expanded', String(!away));
}

/** @param {MapPage} page */
export function switchRail(page) {
  const away = byId('desk').dataset.rail !== 'away';
  sessionStorage.setItem(`${FOLDED}.${layoutOf(page)}`, away ? 'yes' : 'no');
  fold(away);
}

/** Open the strip of time, or fold it to one line. */
export function switchTime() {
  const desk = byId('desk');
  desk.dataset.time = desk.dataset.time === 'away' ? '' : 'away';
  localStorage.setItem(STRIP, desk.dataset.time);
}
