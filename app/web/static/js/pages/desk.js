/** What the page knows: the answers of the server under the present filter, fetched together, shown together. */

import * as api from '../api/client.js';
import { breaks, classOf } from '../lib/classes.js';
import { GAP_CLASSES, gapClasses } from '../lib/gaps.js';
import { filterQuery } from '../lib/state.js';
import { fetchGaps } from './gaps.js';

/** @typedef {import('../lib/state.js').PageState} PageState */

/** The page's data. */
export class Desk {
  constructor() {
    /** @type {any} */ this.district = null;
    /** @type {any} */ this.area = null;
    /** @type {any} */ this.case = null;
    /** @type {any[]} */ this.casePath = [];
    /** @type {any} */ this.figures = { open: 0, overdue: 0, near: 0, suspended: 0, today: 0, unlocated: 0, outside: 0 };
    /** @type {any} */ this.everywhere = this.figures;
    /** @type {any[]} */ this.categories = [];
    /** @type {Map<number, any>} */ this.categoryOf = new Map();
    /** @type {Map<number, number>} */ this.counts = new Map();
    /** @type {number[]} */ this.lows = [1];
    /** @type {Map<number, import('../lib/gaps.js').Gap> | null} */ this.gaps = null;
    this.gapsOn = '';
    this.audited = 0;
    /** @type {any} */ this.page = { items: [], next: null, order: 'due' };
    this.turn = 0;
  }

  async start() {
    this.district = await api.district();
    return this.district;
  }

  /**
   * @param {PageState} state
   * @returns {Promise<boolean>} false where a later question has overtaken this one
   */
  async load(state) {
    this.turn += 1;
    const turn = this.turn;
    const filter = filterQuery(state);
    const scoped = state.area === null ? filter : `${filter}&area=${state.area}`;
    const [figures, counts, categories, page, area, found, everywhere, gaps] = await Promise.all([
      api.figures(scoped), api.counts(filter), api.categories(scoped), api.cases(this.listQuery(state)),
      state.area === null ? null : this.areaOf(state.area),
      state.case === null ? null : api.oneCase(state.case).catch(ifMissing),
      state.area === null ? null : api.figures(filter),
      state.layer === 'staffing' ? fetchGaps(state.on) : null,
    ]);
    if (turn !== this.turn) return false;
    this.figures = figures;
    this.everywhere = everywhere ?? figures;
    this.categories = categories.items;
    this.categoryOf = new Map(this.categories.map((category) => [category.id, category]));
    this.counts = new Map(Object.entries(counts.counts).map(([id, n]) => [Number(id), Number(n)]));
    this.lows = breaks([...this.counts.values()]);
    this.gaps = gaps?.cells ?? null;
    this.gapsOn = gaps?.on ?? '';
    this.audited = gaps?.known ?? 0;
    this.page = page;
    this.area = area;
    this.case = found;
    this.casePath = found?.cell_id ? (await this.areaOf(found.cell_id))?.path ?? [] : [];
    return turn === this.turn;
  }

  /** @param {number} id */
  async areaOf(id) {
    if (this.area?.id === id) return this.area;
    return api.area(id).catch(ifMissing);
  }

  /**
   * @param {PageState} state
   * @param {string} [after]
   */
  listQuery(state, after) {
    const query = new URLSearchParams(filterQuery(state));
    if (state.area !== null && !state.where) query.set('area', String(state.area));
    if (state.where) query.set('where', state.where);
    if (after) query.set('after', after);
    return query.toString();
  }

  /** @param {PageState} state */
  async more(state) {
    const turn = this.turn;
    const page = await api.cases(this.listQuery(state, this.page.next));
    if (turn === this.turn) this.page = { ...page, items: [...this.page.items, ...page.items] };
  }

  /**
   * @param {import('../lib/live.js').Moved[]} cases
   * @returns {boolean} whether one of them is in the list, which says at once how it stands now
   */
  moved(cases) {
    const byId = new Map(cases.map((moved) => [moved.case_id, moved]));
    const touched = this.page.items.filter((/** @type {any} */ item) => byId.has(item.id));
    for (const item of touched) item.state = byId.get(item.id)?.state ?? item.state;
    this.page.items = this.page.items.filter((/** @type {any} */ item) => !byId.get(item.id)?.gone);
    return touched.length > 0;
  }

  /** Cells in the present scope. */
  scope() {
    return this.area && this.area.path.length > 1 ? new Set(this.area.cells) : null;
  }

  /** @returns {number} how many cells there are in the scope */
  cellCount() {
    return this.scope()?.size ?? this.district.levels.find((/** @type {any} */ level) => level.level === 'cell')?.count ?? 0;
  }

  /** @returns {number} cases on the map's cells, in the scope */
  shown() {
    const scope = this.scope();
    let sum = 0;
    for (const [id, n] of this.counts) if (!scope || scope.has(id)) sum += n;
    return sum;
  }

  /** @returns {Map<number, number>} the class of each cell that is not plain, of what fills the cells */
  classes() {
    if (this.gaps) return gapClasses(this.gaps);
    return new Map([...this.counts].map(([id, n]) => [id, classOf(n, this.lows)]));
  }

  /** @returns {number[]} cells of the scope in each class */
  histogram() {
    const scope = this.scope();
    const found = new Array(this.gaps ? GAP_CLASSES.length : this.lows.length + 1).fill(0);
    let busy = 0;
    for (const [id, own] of this.classes()) {
      if (scope && !scope.has(id)) continue;
      found[own] += 1;
      busy += 1;
    }
    const all = !this.gaps ? this.cellCount() : this.audited ? scope?.size ?? this.audited : 0;
    found[0] = all - busy;
    return found;
  }

  /** @returns {number | null} cells of the scope that lack somebody, where that is what fills them */
  lackingCells() {
    return this.gaps && this.histogram().slice(1).reduce((sum, n) => sum + n, 0);
  }

  /**
   * @param {number | null} cls the class that is shown alone
   * @param {Iterable<number>} cells all that are drawn
   * @returns {Map<number, {class: number, faded: boolean, outside: boolean}>}
   */
  paint(cls, cells) {
    const scope = this.scope();
    const states = new Map();
    const classes = this.classes();
    for (const id of new Set([...cells, ...classes.keys()])) {
      const own = classes.get(id) ?? 0;
      const state = { class: own, faded: cls !== null && own !== cls, outside: scope !== null && !scope.has(id) };
      if (own || state.faded || state.outside) states.set(id, state);
    }
    return states;
  }
}

/** @param {any} problem */
function ifMissing(problem) {
  if (problem.status === 404) return null;
  throw problem;
}
