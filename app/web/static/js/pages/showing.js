/** Draws what the page knows, each part in its place: all of them of one answer. */

import * as api from '../api/client.js';
import { byId, saveAs } from '../lib/dom.js';
import { GapFill } from '../lib/fills.js';
import { histogram, pressedOf, pressing } from '../lib/filling.js';
import { moment } from '../lib/format.js';
import { whenLetGo } from '../lib/press.js';
import { DEFAULT, filterQuery, narrowed } from '../lib/state.js';
import { t } from '../lib/words.js';
import { drawArea } from '../ui/card.js';
import { drawChips } from '../ui/chips.js';
import { drawCrumbs } from '../ui/crumbs.js';
import { drawFigures } from '../ui/figures.js';
import { boundsWord, classWord, drawFill } from '../ui/fill.js';
import { drawFilters } from '../ui/filters.js';
import { drawMarks } from '../ui/marks.js';
import { drawQueue } from '../ui/queue.js';
import { drawStations } from '../ui/stations.js';
import { drawSteps, drawTabs } from '../ui/steps.js';
import { walking } from './walking.js';

/** @typedef {import('./map-page.js').MapPage} MapPage */
/** @typedef {import('../lib/state.js').PageState} PageState */

/** @type {typeof import('../ui/case/panel.js') | null} */ let panel = null;

/** What an open case takes, which nobody waits for before one is opened. */
export async function loadPanel() {
  panel ??= await import('../ui/case/panel.js').catch(() => { throw new api.Problem(0, 'unreachable', ''); });
}

/**
 * @param {MapPage} page
 * @returns {string} address of the tiles of the cases that are shown
 */
export function caseTiles(page) {
  return `${location.origin}/tiles/cases/{z}/{x}/{y}.mvt?${filterQuery(page.state)}&v=${page.desk.district.versions.cases}.${page.turn}`;
}

/** @param {MapPage} page */
export function show(page) {
  const { desk, state } = page;
  const { view } = desk;
  const change = (/** @type {Partial<PageState>} */ patch) => page.change(patch);
  const { fill } = desk;
  const pressed = pressedOf(fill, state);
  const cells = histogram(fill, desk.scope(), desk.cellCount());
  drawFill(fill, cells, desk.scope(), pressed, (cls) => change(pressing(fill, cls)));
  page.fillSwitch.sync(state, fill instanceof GapFill ? fill.on : '');
  drawMarks(byId('marks'), view.marks, view.figures, state, change);
  drawFilters(byId('filters'), state, desk.categories, page.zone, change);
  showFigures(page);
  drawSteps(byId('steps'), view.steps, state, change);
  drawTabs(byId('tabs'), view.tabs, state, change);
  const stations = document.getElementById('stations');
  if (stations) drawStations(stations, state.station, change);
  page.first?.draw();
  drawChips(byId('chips'), state, { area: desk.area, categories: desk.categoryOf, classWord: state.per ? boundsWord(state) : pressed === null ? '' : classWord(fill, pressed), gaps: fill instanceof GapFill ? cells.slice(1).reduce((sum, n) => sum + n, 0) : null, total: view.queue.total, cells: desk.cellCount() }, change);
  drawCrumbs(byId('crumbs'), desk.area?.path ?? home(page), (id) => change({ area: id, case: null }), async (parent) => (await api.areas(parent)).items);
  page.time.draw(view.days, state);
  showPast(page);
  showCards(page);
  showQueue(page);
  page.tools?.show();
  page.dress();
  page.marked?.sync();
  page.network.sync();
  page.element.sync();
}

/** @param {MapPage} page */
export function showFigures(page) {
  drawFigures(byId('figures'), page.desk.view.figures, page.desk.onTime, page.state, page.zone, (patch) => page.change(patch));
}

/**
 * Where one is with nothing chosen: the district, and in it the area that one answers for.
 * @param {MapPage} page
 */
function home(page) {
  const { district } = page.desk;
  const path = district.territory ?? [{ ...district, level: 'district' }];
  return path.map((/** @type {any} */ area, /** @type {number} */ i) => (i === path.length - 1 ? { ...area, id: null, under: area.id } : area));
}

/**
 * The past looks like the present: that it is the past has to be plain.
 * @param {MapPage} page
 */
function showPast(page) {
  const banner = byId('past-banner');
  banner.hidden = !page.state.past;
  document.body.classList.toggle('is-past', Boolean(page.state.past));
  if (page.state.past) banner.textContent = t('time.past_banner', { at: moment(page.state.past, page.zone, page.locale) });
}

/** @param {MapPage} page */
export function showCards(page) {
  const { desk } = page;
  const context = {
    onClose: () => page.close(), onNetwork: (/** @type {string} */ key) => page.network.go({ net: key }), onArea: (/** @type {number} */ id) => page.change({ area: id, case: null }),
    zone: page.zone, locale: page.locale, past: page.state.past, categories: desk.categoryOf, simulated: desk.district.simulated,
    calls: Boolean(byId('desk').dataset.phones),
    begin: (/** @type {number} */ id) => page.begin(id),
  };
  if (desk.case && panel) panel.drawCase(byId('card'), desk.case, desk.casePath, { ...context, ...walking(page) });
  else byId('card').replaceChildren();
  if (desk.area && !desk.case) drawArea(byId('area-card'), desk.area, desk.card && desk.card.of === desk.area.id ? desk.card.told : null, desk.categories, context);
  else byId('area-card').replaceChildren();
}

/** @param {MapPage} page */
export function showQueue(page) {
  whenLetGo(byId('queue'), () => showRows(page));
}

/** @param {MapPage} page */
function showRows(page) {
  const { desk, state } = page;
  drawQueue(byId('queue'), desk.view.queue, {
    zone: page.zone, locale: page.locale, current: state.case, moved: page.moved, marks: desk.view.marks, narrowed: narrowed(state),
    now: state.past ? new Date(state.past) : new Date(),
    batch: page.batch,
    onOpen: (item) => page.change({ case: item.id }),
    onMore: () => page.more(),
    selection: filterQuery(state),
    onExport: () => page.attempt(async () => saveAs(await api.casesTable(filterQuery(state)), 'cases.csv')),
    onWiden: () => page.change({ ...DEFAULT, at: state.at, area: state.area, past: state.past, lay: state.lay, theme: state.theme, lang: state.lang }),
  });
  page.batch.show(desk.view.queue.items);
}
