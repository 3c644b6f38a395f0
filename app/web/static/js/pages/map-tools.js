/** Tools of the one map beyond moving and choosing: inset, raised buildings, kinds of marks, selecting, keys. */

import * as api from '../api/client.js';
import { byId, element } from '../lib/dom.js';
import { square } from '../lib/inset.js';
import { inside, ringOf, ringText } from '../lib/ring.js';
import { filterQuery } from '../lib/state.js';
import { Crosshair } from '../map/crosshair.js';
import { Inset } from '../map/inset.js';
import { addKeys, layerRows, marksSwitch, Notes, wayButtons } from '../ui/map-ways.js';

const LATE_STATES = new Set(['open', 'all', 'overdue']);

/**
 * What the map is made with, of what the address and the district say.
 * @param {import('../lib/state.js').PageState} state
 * @param {any} district
 */
export const lookOf = (state, district) => ({
  marks: state.marks, solid: state.solid !== null, bearing: state.solid ?? 0,
  home: district.territory?.at(-1) ?? null, basemap: district.basemap ?? null,
});

/**
 * @param {any} page the map page
 * @param {import('../map/map.js').OneMap} one its map; nothing comes of it where there is no ground to work on
 * @returns {MapTools | null}
 */
export const useMapTools = (page, one) => (page.desk.district.bounds ? new MapTools(page, one) : null);

export class MapTools {
  /** @param {any} page @param {import('../map/map.js').OneMap} one */
  constructor(page, one) {
    this.page = page;
    this.one = one;
    const frame = /** @type {HTMLElement} */ (document.querySelector('.map-frame'));
    this.notes = new Notes(frame, Number(byId('desk').dataset.floor), { clear: () => this.one.selecting.set(null) });
    this.ways = wayButtons(frame, { solid: () => this.turn(), box: () => this.draw('box'), lasso: () => this.draw('lasso'), view: () => this.one.selecting.window() });
    this.marks = marksSwitch(byId('h-marks'), (marks) => this.put({ marks }));
    const { basemap } = this.one.options;
    const credit = basemap ? element('span', { class: 'basemap-credit' }, basemap.attribution) : null;
    if (credit) document.querySelector('.credit')?.append(credit);
    layerRows(byId('layers'), page.hidden, basemap !== null, () => { if (credit) credit.hidden = page.hidden.has('basemap'); page.restyle(); });
    this.inset = new Inset(frame, this.one, () => this.show());
    this.crosshair = new Crosshair(frame, this.one);
    this.lateOf = '';
    addKeys(byId('help'));
    this.listen();
    this.one.map.once('idle', () => this.inset.load().then(() => { this.one.nameCore(this.inset.core); this.page.dressSoon(); this.show(); }, () => {}));
  }

  listen() {
    const { one, page } = this;
    one.handlers.onSelect = (ring) => { this.select(ring); page.change({ ring: ringText(ring) }); };
    one.selecting.onWay = (way) => this.ways.press('box', way === 'box', 'lasso', way === 'lasso');
    one.map.on('rotateend', () => { if (this.one.solid.on) this.put({ solid: Math.round(one.map.getBearing()) }, true); });
    addEventListener('keydown', (event) => this.key(event), { capture: true });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest?.('input, select, textarea, dialog[open]')) return;
    const { selecting } = this.one;
    if (event.key === 'Escape' && (selecting.way || selecting.ring)) {
      event.stopPropagation();
      if (selecting.way) selecting.use(null);
      else selecting.set(null);
      return;
    }
    const act = { 3: () => this.turn(), b: () => this.draw('box'), o: () => this.draw('lasso'), v: () => selecting.window() }[event.key.toLowerCase()];
    if (act) act();
  }

  /** @param {Partial<import('../lib/state.js').PageState>} patch @param {boolean} [replace] */
  put(patch, replace = false) {
    Object.assign(this.page.state, patch);
    this.page.writeAddress(replace);
    this.show();
  }

  turn() {
    this.put({ solid: this.page.state.solid === null ? 0 : null });
  }

  /** @param {'box' | 'lasso'} way */
  draw(way) {
    this.one.selecting.use(this.one.selecting.way === way ? null : way);
  }

  /** Bring all in line with the address and with what the page knows. */
  show() {
    const { page, one } = this;
    const { state, desk } = page;
    byId('desk').dataset.marks = state.marks;
    this.marks.sync(state.marks);
    this.ways.press('solid', state.solid !== null);
    this.notes.solid(state.solid !== null);
    const before = [one.options.marks, one.options.solid].join();
    one.showAs(state.marks);
    one.solid.show(state.solid);
    const said = ringOf(state.ring);
    if (ringText(one.selecting.ring) !== state.ring) { one.selecting.draw(said); this.select(said); }
    if (before !== [one.options.marks, one.options.solid].join()) page.dressSoon();
    const filter = filterQuery({ ...state, state: 'overdue', tab: 'all', per: '' });
    const key = `${filter}|${page.turn}`;
    const late = this.inset.mode === 'lens' && LATE_STATES.has(state.state);
    this.inset.show({ classes: desk.fill.classes(), ramp: desk.fill.layer === 'staffing' ? 'gap' : 'ramp', blank: desk.fill.blank, late: late && key === this.lateOf ? this.inset.content.late : new Map() });
    if (late && key !== this.lateOf) this.askLate(filter, key);
  }

  /** @param {string} filter @param {string} key */
  async askLate(filter, key) {
    this.lateOf = key;
    const found = await api.view(`${filter}&limit=1`).catch(() => null);
    if (!found || this.lateOf !== key) return;
    this.inset.show({ ...this.inset.content, late: new Map(Object.entries(found.cells).map(([id, n]) => [Number(id), Number(n)])) });
  }

  /** @param {[number, number][] | null} ring */
  select(ring) {
    const cells = this.inset.sheets.flatMap(({ labels }) => labels.filter(({ level }) => level === 'cell').map(({ at }) => at));
    const corners = ring?.map(([lon, lat]) => square(lon, lat));
    this.notes.ring(ring, corners ? cells.filter((at) => inside(corners, at)).length : 0);
  }
}
