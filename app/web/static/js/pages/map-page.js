/** The one map as a page: the address is the state, everything else follows from it. */

import { byId } from '../lib/dom.js';
import { english } from '../lib/names.js';
import { filterQuery, parse, write } from '../lib/state.js';
import { timeOf } from '../lib/urgency.js';
import { t, useWords } from '../lib/words.js';
import { OneMap } from '../map/map.js';
import { drawArea } from '../ui/card.js';
import { drawCase } from '../ui/case/panel.js';
import { drawChips } from '../ui/chips.js';
import { drawCrumbs } from '../ui/crumbs.js';
import { drawFigures } from '../ui/figures.js';
import { classWord, drawFill } from '../ui/fill.js';
import { drawFilters } from '../ui/filters.js';
import { drawHover } from '../ui/hover.js';
import { drawLayers } from '../ui/layers.js';
import { lock, useLock } from '../ui/lock.js';
import { drawMarks } from '../ui/marks.js';
import { drawQueue, drawWaiting } from '../ui/queue.js';
import { drawScale } from '../ui/scale.js';
import { useSearch } from '../ui/search.js';
import { gapLines, staffingSwitch } from '../ui/staffing.js';
import { Desk } from './desk.js';
import { useFrame, useKeys } from './frame.js';
import { live } from './living.js';
import { walking } from './walking.js';

/** @typedef {import('../lib/state.js').PageState} PageState */

const RETRY_MS = 5000;
const REFRESH_MS = 60000;

class MapPage {
  constructor() {
    this.desk = new Desk();
    this.staffing = byId('desk').dataset.staffing ? staffingSwitch((patch) => this.change(patch)) : null;
    this.state = this.read();
    /** @type {OneMap | null} */ this.map = null;
    /** @type {Set<string>} */ this.hidden = new Set();
    this.zone = byId('desk').dataset.zone ?? 'UTC';
    this.locale = document.documentElement.lang;
    this.retry = 0;
    this.turn = 0;
    this.asked = false;
    /** @type {Map<number, number>} */ this.moved = new Map();
  }

  async start() {
    drawWaiting(byId('queue'));
    useFrame(this);
    useKeys(this);
    const again = live(this);
    useLock(() => { this.refresh(false); again(); });
    useSearch(/** @type {HTMLInputElement} */ (byId('search')), byId('found'), (item) => this.found(item));
    addEventListener('popstate', () => { this.state = this.read(); this.refresh(true); });
    await this.attempt(async () => {
      await this.desk.start();
      this.draw();
      await this.load();
    });
    setInterval(() => { if (!document.hidden) this.refresh(false); }, REFRESH_MS);
  }

  /** @returns {PageState} what the address asks, without the layer that is not for this reader */
  read() {
    const state = parse(location.search);
    return this.staffing ? state : { ...state, layer: '', on: '' };
  }

  /** @param {() => Promise<void>} work */
  async attempt(work) {
    clearTimeout(this.retry);
    try {
      await work();
      byId('banner').hidden = true;
    } catch (problem) {
      const reason = /** @type {any} */ (problem);
      if (reason.status === undefined) throw problem;
      if (reason.code === 'session_locked') { lock(); return; }
      if (reason.status === 401) { location.reload(); return; }
      byId('banner').textContent = reason.status === 0 ? t('map.server_gone') : t('map.server_says', { reason: reason.message });
      byId('banner').hidden = false;
      this.retry = window.setTimeout(() => (this.map || this.desk.district ? this.refresh(false) : location.reload()), RETRY_MS);
    }
  }

  /** Make the map; a machine without WebGL keeps the list. */
  draw() {
    const { district } = this.desk;
    const levels = district.levels.filter((/** @type {any} */ level) => level.level !== 'resident_group' && level.count > 0).map((/** @type {any} */ level) => level.level);
    const tile = (/** @type {string} */ name) => `${location.origin}/tiles/${name}/{z}/{x}/{y}.mvt?v=${district.versions[name]}`;
    const options = {
      english: english(), levels, cells: this.desk.cellCount(), bounds: district.bounds, hidden: this.hidden, areasVersion: district.versions.areas, layer: '',
      tiles: { areas: tile('areas'), ground: tile('ground'), cases: this.caseTiles() },
    };
    try {
      this.map = new OneMap(byId('map'), options, {
        onArea: (id) => this.change({ area: id, case: null }),
        onCase: (id) => this.change({ case: id }),
        onMove: (at) => { this.state.at = at; this.writeAddress(true); this.scale(); },
        onHover: (id, x, y, cell) => drawHover(byId('hover'), id === null ? null : cell, this.desk.counts.get(id ?? 0) ?? 0, x, y, this.desk.gaps ? gapLines(this.desk.gaps.get(id ?? 0)) : []),
        onFailure: () => this.refresh(false),
      }, this.state.at);
      this.map.map.on('load', () => { this.dress(); this.scale(); });
      this.map.map.on('sourcedata', (/** @type {any} */ event) => { if (event.sourceId === 'areas' && event.tile) this.dressSoon(); });
      this.map.map.on('idle', () => { document.body.dataset.map = 'idle'; });
      /** @type {any} */ (window).oneMap = this.map.map;
    } catch {
      byId('no-map').hidden = false;
      document.body.dataset.map = 'none';
    }
    drawLayers(byId('layers'), district.levels, this.hidden, () => this.restyle(), this.staffing?.node ?? null);
  }

  caseTiles() {
    return `${location.origin}/tiles/cases/{z}/{x}/{y}.mvt?${filterQuery(this.state)}&v=${this.desk.district.versions.cases}.${this.turn}`;
  }

  /** @param {Partial<PageState>} patch */
  change(patch) {
    Object.assign(this.state, patch);
    this.writeAddress(false);
    this.refresh('area' in patch || 'case' in patch);
  }

  /** @param {boolean} replace */
  writeAddress(replace) {
    history[replace ? 'replaceState' : 'pushState'](null, '', `${location.pathname}${write(this.state)}`);
  }

  /** @param {boolean} fly whether the map goes to what was chosen */
  refresh(fly) {
    return this.attempt(async () => {
      await this.load();
      if (fly) this.fly();
    });
  }

  async load() {
    this.asked = true;
    this.busy(true);
    if (!(await this.desk.load(this.state))) return;
    this.show();
    this.busy(false);
  }

  /** @param {boolean} waiting whether what is shown answers an older question than the address asks */
  busy(waiting) {
    byId('desk').setAttribute('aria-busy', String(waiting));
    document.body.dataset.page = waiting ? 'loading' : 'ready';
  }

  show() {
    const { desk, state } = this;
    const change = (/** @type {Partial<PageState>} */ patch) => this.change(patch);
    drawFill(desk, state.cls, (cls) => this.change({ cls }));
    this.staffing?.sync(state, desk.gapsOn);
    drawMarks(byId('marks'), { ...desk.figures, unlocated: desk.everywhere.unlocated, outside: desk.everywhere.outside }, state, change);
    drawFilters(byId('filters'), state, desk.categories, this.zone, change);
    drawFigures(byId('figures'), desk.figures, state, this.zone, change);
    drawChips(byId('chips'), state, { area: desk.area, categories: desk.categoryOf, classWord: state.cls === null ? '' : classWord(desk, state.cls), gaps: desk.lackingCells(), total: desk.shown(), cells: desk.cellCount() }, change);
    drawCrumbs(byId('crumbs'), desk.area?.path ?? this.home(), (id) => this.change({ area: id, case: null }));
    this.showCard();
    this.showQueue();
    this.dress();
  }

  /** Where one is with nothing chosen: the district, and in it the area that one answers for. */
  home() {
    const { district } = this.desk;
    const path = district.territory ?? [{ ...district, level: 'district' }];
    return path.map((/** @type {any} */ area, /** @type {number} */ i) => (i === path.length - 1 ? { ...area, id: null } : area));
  }

  showCard() {
    const { desk } = this;
    const context = { onClose: () => this.close(), onArea: (/** @type {number} */ id) => this.change({ area: id, case: null }), zone: this.zone, locale: this.locale, categories: desk.categoryOf, simulated: desk.district.simulated };
    if (desk.case) drawCase(byId('card'), desk.case, desk.casePath, { ...context, ...walking(this) });
    else if (desk.area) drawArea(byId('card'), desk.area, desk.figures, desk.categories, context);
    else byId('card').replaceChildren();
  }

  showQueue() {
    const { desk, state } = this;
    const total = state.where ? null : { open: desk.figures.open, overdue: desk.figures.overdue, near: desk.figures.near, suspended: desk.figures.suspended }[state.state] ?? null;
    drawQueue(byId('queue'), desk.page, {
      categories: desk.categoryOf, zone: this.zone, locale: this.locale, current: state.case, moved: this.moved, figures: state.where ? /** @type {any} */ (null) : desk.figures, total,
      onOpen: (item) => this.change({ case: item.id }),
      onMore: () => this.attempt(async () => { await desk.more(state); this.showQueue(); }),
    });
  }

  /** Bring the map's colours, outline and open case in line with the page. */
  dress() {
    if (!this.map?.map.isStyleLoaded()) { this.dressSoon(); return; }
    const { desk, state } = this;
    this.map.fillBy(desk.gaps ? 'staffing' : '');
    this.map.showCases(this.caseTiles());
    const drawn = state.cls === null && !desk.scope() ? [] : this.map.map.querySourceFeatures('areas', { sourceLayer: 'cell' }).map((/** @type {any} */ cell) => Number(cell.id));
    this.map.paint(desk.paint(state.cls, drawn));
    this.map.select(desk.area && desk.area.path.length > 1 ? desk.area : null);
    const found = desk.case;
    this.map.choose(found && found.lon !== null ? { lon: found.lon, lat: found.lat, urgency: timeOf(found, new Date()).urgency } : null);
  }

  dressSoon() {
    clearTimeout(this.soon);
    this.soon = window.setTimeout(() => this.dress(), 60);
  }

  restyle() {
    this.map?.restyle();
    this.dressSoon();
  }

  fly() {
    const { desk } = this;
    if (!this.map) return;
    if (desk.case && desk.case.lon !== null) this.map.goNear(desk.case.lon, desk.case.lat);
    else if (this.state.case === null && desk.area) this.map.goTo(desk.area.bounds);
    else if (this.state.case === null && this.state.area === null) this.map.whole();
  }

  /** Close what lies on top: the case, else the area. */
  close() {
    if (this.state.case !== null) this.change({ case: null });
    else if (this.state.area !== null) this.change({ area: this.desk.area?.path.at(-2)?.level === 'district' ? null : this.desk.area?.path.at(-2)?.id ?? null });
  }

  /** @param {any} item of the search */
  found(item) {
    if (item.code) this.change({ area: item.id, case: null });
    else this.map?.goNear(item.lon, item.lat);
  }

  scale() {
    if (this.map) drawScale(byId('scale'), this.map.metresPerPixel());
  }
}

useWords(JSON.parse(byId('words').textContent ?? '{}'));
if (document.getElementById('desk')) new MapPage().start();
