/** The map of the page: drawn by the browser, or where it has no WebGL by the server. */

import { byId } from '../lib/dom.js';
import { english } from '../lib/names.js';
import { OneMap } from '../map/map.js';
import { fillLines } from '../ui/fill.js';
import { drawHover } from '../ui/hover.js';
import { drawLayers } from '../ui/layers.js';
import { ElementMarks, elementHandlers, elementsOf } from './element-marks.js';
import { sayOnce } from './frame.js';
import { lookOf, useMapTools } from './map-tools.js';
import { caseTiles } from './showing.js';

/** @param {import('./map-page.js').MapPage} page */
export async function makeMap(page) {
  const { district } = page.desk;
  const levels = district.levels.filter((/** @type {any} */ level) => level.level !== 'resident_group' && level.count > 0).map((/** @type {any} */ level) => level.level);
  const tile = (/** @type {string} */ name) => `${location.origin}/tiles/${name}/{z}/{x}/{y}.mvt?v=${district.versions[name]}`;
  const options = {
    english: english(), levels, cells: page.desk.cellCount(), bounds: district.bounds, hidden: page.hidden, areasVersion: district.versions.areas, layer: '',
    tiles: { areas: tile('areas'), ground: tile('ground'), cases: caseTiles(page) }, elements: elementsOf(page), ...lookOf(page.state, district),
  };
  /** @type {import('../map/map.js').Handlers} */
  const handlers = {
    onArea: (id, level) => page.network.pick(`${level === 'cell' ? 'cell' : 'area'}:${id}`) || page.change({ area: id, case: null }),
    onCase: (id) => page.network.pick(`case:${id}`) || page.change({ case: id }),
    onMove: (at) => { page.state.at = at; page.writeAddress(true); page.scale(); },
    onHover: (id, x, y, cell, caseId) => { page.network.hover(id, caseId); drawHover(byId('hover'), id === null ? null : cell, page.desk.counts.get(id ?? 0) ?? 0, x, y, fillLines(page.desk.fill, id ?? 0)); },
    onFailure: () => page.refresh(false),
    onReady: () => { page.dress(); page.scale(); },
    onCells: () => page.dressSoon(),
    ...elementHandlers(page),
  };
  try {
    const one = new OneMap(byId('map'), options, handlers, page.state.at);
    page.map = one;
    page.tools = useMapTools(page, one);
    /** @type {any} */ (window).oneMap = one.map;
  } catch {
    byId('map').replaceChildren();
    const { DrawnMap } = await import('../map/drawn.js');
    page.map = new DrawnMap(byId('map'), options, handlers, page.state.at);
    sayOnce(byId('no-map'));
  }
  page.marked = new ElementMarks(page);
  page.marked.sync();
  drawLayers(byId('layers'), district.levels, page.hidden, () => page.restyle());
}
