/** The one map as a page: the address is the state, everything else follows from it. */

import { byId } from '../lib/dom.js';
import { isShare } from '../lib/fills.js';
import { paint, pressedOf } from '../lib/filling.js';
import { DEFAULT, parse, write } from '../lib/state.js';
import { timeOf } from '../lib/urgency.js';
import { t, useWords } from '../lib/words.js';
import { Batch } from '../ui/batch.js';
import { fillSwitch } from '../ui/fill.js';
import { lock, useLock } from '../ui/lock.js';
import { drawWaiting } from '../ui/queue.js';
import { drawScale } from '../ui/scale.js';
import { NetworkSwitch } from '../ui/network/opening.js';
import { ElementSwitch } from '../ui/registry/opening.js';
import { TimeBar } from '../ui/time-bar.js';
import { Desk } from './desk.js';
import { useFinder } from './finding.js';
import { useFirstScreen } from './first-screen.js';
import { useFrame, useKeys } from './frame.js';
import { Joined } from './joined.js';
import { layOut, layoutOf, useLayouts } from './layout.js';
import { live } from './living.js';
import { makeMap } from './making.js';
import { useShift } from './on-duty.js';
import { caseTiles, loadPanel, show, showCards, showFigures, showQueue } from './showing.js';

/** @typedef {import('../lib/state.js').PageState} PageState */

const RETRY_MS = 5000;
const REFRESH_MS = 60000;
const AHEAD_MS = 4000;
const MERE_LOOKS = new Set(['lang', 'theme']);

export class MapPage {
  constructor() {
    this.zone = byId('desk').dataset.zone ?? 'UTC';
    this.desk = new Desk(this.zone);
    this.staffed = Boolean(byId('desk').dataset.staffing);
    this.fillSwitch = fillSwitch(this.staffed, (patch) => this.change(patch));
    byId('fill-choice').replaceChildren(this.fillSwitch.node);
    this.locale = document.documentElement.lang;
    this.state = this.read();
    this.joined = new Joined(this);
    this.network = new NetworkSwitch(this);
    this.element = new ElementSwitch(this);
    /** @type {import('../map/map.js').OneMap | import('../map/drawn.js').DrawnMap | null} */ this.map = null;
    /** @type {ReturnType<typeof import('./map-tools.js').useMapTools> | null} */ this.tools = null;
    /** @type {import('./element-marks.js').ElementMarks | null} */ this.marked = null;
    this.time = new TimeBar(byId('time'), this.zone, (patch) => this.change(patch));
    /** @type {Set<string>} */ this.hidden = new Set();
    this.batch = new Batch(byId('batch'), { zone: this.zone, attempt: (work) => this.attempt(work), onChange: () => showQueue(this), onDone: () => this.refresh(false) });
    this.finder = useFinder(this);
    /** @type {{id: number, move: string} | null} */ this.wanted = null;
    /** @type {import('./on-duty.js').OnDuty | null} */ this.shift = null;
    /** @type {import('./first-screen.js').FirstScreen | null} */ this.first = null;
    this.retry = 0;
    this.turn = 0;
    this.asked = false;
    /** @type {Promise<void>} what is done first */ this.begun = Promise.resolve();
    /** @type {Promise<void>} what was asked last, answered or not */ this.question = Promise.resolve();
    this.bound = false;
    /** @type {Map<number, number>} */ this.moved = new Map();
  }

  async start() {
    drawWaiting(byId('queue'));
    useFrame(this);
    useLayouts(this);
    useKeys(this);
    layOut(this);
    const again = live(this);
    useLock(() => { this.refresh(false); again(); });
    addEventListener('popstate', () => { this.state = this.read(); this.joined.tell(); layOut(this); this.refresh(true); });
    await (this.begun = this.attempt(async () => {
      this.desk.start();
      this.shift = useShift(this);
      this.first = useFirstScreen(this);
      const said = this.state.at;
      await makeMap(this);
      // A link to a case or an area shows where that is, unless it says itself what to look at.
      this.bound = !said || layoutOf(this) === 'list';
      await this.load();
    }));
    setTimeout(() => loadPanel().catch(() => {}), AHEAD_MS); // whoever opens a case then need not wait for it
    setInterval(() => { if (!document.hidden && !this.state.past) this.refresh(false); }, REFRESH_MS);
  }

  /** @returns {PageState} what the address asks; where it asks nothing, what one's role begins with */
  read() {
    const state = parse(location.search);
    if (![...new URLSearchParams(location.search).keys()].some((name) => !MERE_LOOKS.has(name))) state.tab = /** @type {PageState['tab']} */ (byId('desk').dataset.tab || DEFAULT.tab);
    return this.staffed || state.layer !== 'staffing' ? state : { ...state, layer: '', on: '' };
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

  /** @param {Partial<PageState>} patch */
  change(patch) {
    if ('case' in patch && patch.case !== this.wanted?.id) this.wanted = null;
    // What else is opened takes the place of an element's card.
    if ('case' in patch || 'area' in patch) this.state.element = null;
    Object.assign(this.state, patch);
    this.writeAddress(false);
    this.joined.tell();
    if ('case' in patch || 'lay' in patch) layOut(this);
    this.refresh('area' in patch || 'case' in patch);
  }

  /**
   * Open a case, with the form of a move.
   * @param {number} id
   * @param {string} move nothing for the case alone
   */
  open(id, move) {
    this.wanted = move ? { id, move } : null;
    this.change({ case: id });
  }

  /**
   * @param {number} id of the case that is open
   * @returns {string} the move whose form is wanted with it; it is asked for once
   */
  begin(id) {
    const { wanted } = this;
    if (wanted?.id !== id) return '';
    this.wanted = null;
    return wanted.move;
  }

  /** @param {boolean} replace */
  writeAddress(replace) {
    // The layout is always said: whoever gets the link may begin with the other one, and with another tab.
    history[replace ? 'replaceState' : 'pushState'](null, '', `${location.pathname}${write({ ...this.state, lay: layoutOf(this) })}`);
  }

  /** @param {boolean} fly whether the map goes to what was chosen */
  refresh(fly) {
    if (fly) this.bound = true;
    return this.attempt(() => this.load());
  }

  /** Read again what was read before moves were heard of; the map is drawn again only where something has moved. */
  async lookAgain() {
    await this.begun;
    // It would overtake what somebody has asked for meanwhile, and leave that undrawn.
    for (let last = null; last !== this.question;) await (last = this.question);
    const before = this.desk.said;
    await this.attempt(async () => {
      if (!(await this.desk.load(this.state)) || this.desk.said === before) return;
      this.turn += 1;
      show(this);
      this.first?.hint();
    });
  }

  load() {
    const asking = this.ask();
    this.question = asking.catch(() => {});
    return asking;
  }

  async ask() {
    this.asked = true;
    this.busy(true);
    // The tiles are on their way while the figures are reckoned.
    if (this.map?.isReady()) this.map.showCases(caseTiles(this));
    const [newest] = await Promise.all([this.desk.load(this.state), this.state.case === null ? null : loadPanel(), this.first?.told]);
    if (!newest) return;
    show(this);
    this.busy(false);
    // An answer that another question has overtaken leaves the way to that one's.
    if (this.bound) { this.bound = false; this.fly(); }
    if (await this.desk.tell(this.state)) showCards(this);
    if (!this.state.past && await this.desk.rate(this.state).catch(() => false)) showFigures(this);
  }

  /** @param {boolean} waiting whether what is shown answers an older question than the address asks */
  busy(waiting) {
    byId('desk').setAttribute('aria-busy', String(waiting));
    document.body.dataset.page = waiting ? 'loading' : 'ready';
  }

  more() {
    return this.attempt(async () => { await this.desk.more(this.state); showQueue(this); });
  }

  /** Bring the map's colours, outline and open case in line with the page. */
  dress() {
    if (!this.map?.isReady()) { this.dressSoon(); return; }
    const { desk, state } = this;
    this.map.fillBy(desk.fill.layer === 'staffing' ? 'staffing' : isShare(desk.fill.layer) ? 'share' : '');
    this.map.showCases(caseTiles(this));
    const pressed = pressedOf(desk.fill, state);
    const drawn = pressed === null && !desk.scope() ? [] : this.map.drawnCells();
    this.map.paint(paint(desk.fill, desk.scope(), pressed, drawn));
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
    if (this.element.close() || this.network.close()) return;
    if (this.state.case !== null) this.change({ case: null });
    else if (this.state.area !== null) this.change({ area: this.desk.area?.path.at(-2)?.level === 'district' ? null : this.desk.area?.path.at(-2)?.id ?? null });
  }

  scale() {
    if (this.map) drawScale(byId('scale'), this.map.metresPerPixel());
  }
}

useWords(JSON.parse(byId('words').textContent ?? '{}'));
if (document.getElementById('desk')) new MapPage().start();
