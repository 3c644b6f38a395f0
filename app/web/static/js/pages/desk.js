/** What the page knows: the answer of the server under the present filter, fetched and shown together. */

import * as api from '../api/client.js';
import { byId } from '../lib/dom.js';
import { CountFill, GapFill, PLAIN, ShareFill } from '../lib/fills.js';
import { filterQuery, viewQuery } from '../lib/state.js';
import { wallOf } from '../lib/walltime.js';
import { fetchGaps } from './gaps.js';

/** @typedef {import('../lib/state.js').PageState} PageState */

const RATE_KEPT_MS = 60000;

const NOTHING = {
  at: '', past: false, figures: { today: 0, registered_today: 0, open: 0, overdue: 0, near: 0, suspended: 0, to_verify: 0, unlocated: 0, outside: 0 },
  tabs: {}, steps: [0, 0, 0, 0, 0], marks: {}, cells: {}, categories: {}, days: { first: '2026-01-01', reported: [0], overdue: [0] },
  queue: { items: [], next: null, order: 'due', total: 0 },
};

/** The page's data. */
export class Desk {
  /** @param {string} zone of the district */
  constructor(zone) {
    this.zone = zone;
    /** @type {any} */ this.district = null;
    /** @type {any} */ this.area = null;
    /** @type {any} */ this.case = null;
    /** @type {any[]} */ this.casePath = [];
    /** @type {any} */ this.view = NOTHING;
    /** @type {any[]} */ this.categories = [];
    /** @type {Map<number, any>} */ this.categoryOf = new Map();
    /** @type {Map<number, number>} */ this.counts = new Map();
    /** @type {import('../lib/fills.js').Fill} */ this.fill = PLAIN;
    /** @type {{of: number, told: any} | null} */ this.card = null;
    this.turn = 0;
    /** @type {{above: number, below: number} | null} */ this.onTime = null;
    this.rated = { area: /** @type {number | null} */ (-1), at: 0 };
  }

  /** The page brings the district along: a map can be drawn before anything is asked. */
  start() {
    this.district = JSON.parse(byId('district').textContent ?? '{}');
  }

  async knowCategories() {
    const { items } = await api.categories('state=open');
    this.categories = items;
    this.categoryOf = new Map(this.categories.map((category) => [category.id, category]));
  }

  /**
   * @param {PageState} state
   * @returns {Promise<boolean>} false where a later question has overtaken this one
   */
  async load(state) {
    this.turn += 1;
    const turn = this.turn;
    const [view, area, found, gaps] = await Promise.all([
      api.view(viewQuery(state)),
      state.area === null ? null : this.areaOf(state.area),
      state.case === null ? null : api.oneCase(state.case).catch(ifMissing),
      state.layer === 'staffing' ? fetchGaps(this.staffingDay(state)) : null,
      this.categories.length ? null : this.knowCategories(),
    ]);
    if (turn !== this.turn) return false;
    const items = this.view.queue.items;
    this.view = view;
    // Pages that somebody has asked for stay, as far as they follow on the first one still.
    if (items.length > view.queue.items.length && view.queue.next && this.asked === filterQuery(state)) await this.refill(state, items.length);
    this.asked = filterQuery(state);
    this.categories = this.categories.map((category) => ({ ...category, count: view.categories[category.id] ?? 0 }));
    this.counts = new Map(Object.entries(view.cells).map(([id, n]) => [Number(id), Number(n)]));
    this.fill = view.fill ? new ShareFill(view.fill.of, view.fill.cells) : gaps ? new GapFill(gaps) : state.layer ? new CountFill(this.counts) : PLAIN;
    this.area = area;
    this.case = found;
    this.casePath = found?.cell_id ? (await this.areaOf(found.cell_id))?.path ?? [] : [];
    return turn === this.turn;
  }

  /**
   * The day whose staffing is shown: the chosen one, else that of the instant looked at, else today.
   * @param {PageState} state
   */
  staffingDay(state) {
    return state.on || (state.past ? wallOf(Date.parse(state.past), this.zone).slice(0, 10) : '');
  }

  /** @param {number} id */
  async areaOf(id) {
    if (this.area?.id === id) return this.area;
    return api.area(id).catch(ifMissing);
  }

  /**
   * @param {PageState} state
   * @param {number} wanted how many rows at least
   */
  async refill(state, wanted) {
    const page = await api.viewQueue(`${filterQuery(state)}&limit=${Math.min(200, wanted)}`);
    this.view.queue = page;
  }

  /** @param {PageState} state */
  async more(state) {
    const turn = this.turn;
    const page = await api.viewQueue(`${filterQuery(state)}&after=${encodeURIComponent(this.view.queue.next)}`);
    if (turn === this.turn) this.view.queue = { ...page, items: [...this.view.queue.items, ...page.items] };
  }

  /**
   * 按期处置率 of the last thirty days, kept for a minute: it is of the log and not of the cases that are shown.
   * @param {PageState} state
   * @returns {Promise<boolean>} whether it is another one now
   */
  async rate(state) {
    if (this.rated.area === state.area && Date.now() - this.rated.at < RATE_KEPT_MS) return false;
    // The rate of another area is none of this one, and what failed is asked for again the next time.
    if (this.rated.area !== state.area) this.onTime = null;
    this.rated = { area: state.area, at: 0 };
    const { items } = await api.period(state.area === null ? 'of=district' : `of=district&area=${state.area}`);
    if (this.rated.area !== state.area) return false;
    this.rated.at = Date.now();
    const sum = (/** @type {string} */ name) => items.reduce((/** @type {number} */ total, /** @type {any} */ row) => total + row.counts[name], 0);
    this.onTime = { above: sum('handled_in_time'), below: sum('handled') + sum('late_open') };
    return true;
  }

  /**
   * The rest of an area's card, which nothing else waits for.
   * @param {PageState} state
   * @returns {Promise<boolean>} whether it is there now
   */
  async tell(state) {
    if (state.area === null || state.case !== null || !this.area) return false;
    const turn = this.turn;
    const told = await api.areaCard(state.area, state.past).catch(ifMissing);
    if (turn !== this.turn || !told) return false;
    this.card = { of: state.area, told };
    return true;
  }

  /**
   * @param {import('../lib/live.js').Moved[]} cases
   * @returns {boolean} whether one of them is in the list, which says at once how it stands now
   */
  moved(cases) {
    const byId = new Map(cases.map((moved) => [moved.case_id, moved]));
    const { queue } = this.view;
    const touched = queue.items.filter((/** @type {any} */ item) => byId.has(item.id));
    for (const item of touched) item.state = byId.get(item.id)?.state ?? item.state;
    queue.items = queue.items.filter((/** @type {any} */ item) => !byId.get(item.id)?.gone);
    return touched.length > 0;
  }

  /** All that an answer says of cases, as a text. */
  get said() {
    const { figures, marks, cells, categories, queue } = this.view;
    return JSON.stringify([figures, marks, cells, categories, queue]);
  }

  /** Cells in the present scope. */
  scope() {
    return this.area && this.area.path.length > 1 ? new Set(this.area.cells) : null;
  }

  /** @returns {number} how many cells there are in the scope */
  cellCount() {
    return this.scope()?.size ?? this.district.levels.find((/** @type {any} */ level) => level.level === 'cell')?.count ?? 0;
  }
}

/** @param {any} problem */
function ifMissing(problem) {
  if (problem.status === 404) return null;
  throw problem;
}
