/** 大屏: it asks, shows, and goes on by itself for days. One loop of questions, one clock, one tour; nothing else is left running. */

import { district, wall, wallSetting } from '../api/client.js';
import { byId } from '../lib/dom.js';
import { useLive } from '../lib/live.js';
import { nameOf } from '../lib/names.js';
import { Pace } from '../lib/pace.js';
import { inside, short } from '../lib/wall.js';
import { t, useWords } from '../lib/words.js';
import { WallMap } from '../map/wall-map.js';
import { Clock, drawAway, drawDuty, drawFigures, drawLine, drawSetting } from '../ui/wall-now.js';
import { drawKinds, drawOldest, drawTiles, MOST_TILES, say } from '../ui/wall-slots.js';
import { Tour } from '../ui/wall-tour.js';

const ASK_MS = 1500;
const REFRESH_MS = 20000;
const TICK_MS = 1000;
const HEIGHT = 1080;
const MARGIN = 0.07;

class Wall {
  constructor() {
    this.clock = new Clock(byId('wall').dataset.zone ?? 'UTC', document.documentElement.lang);
    /** @type {any} */ this.shown = null;
    /** @type {any} */ this.district = null;
    /** @type {{core: WallMap | null, whole: WallMap | null}} */ this.maps = { core: null, whole: null };
    this.version = -1;
    this.edition = '';
    this.heardAt = Date.now();
    this.loadedAt = 0;
    this.loading = false;
    this.tour = new Tour((red, at) => {
      this.maps.core?.tell(red);
      this.maps.whole?.tell(red);
      if (this.shown) drawOldest(byId('oldest'), this.shown.reds.items, Date.now(), at);
    });
  }

  start() {
    const pace = new Pace(() => this.attempt(() => this.load()));
    useLive({ onMoves: () => pace.hint(), onAnew: () => { if (this.shown) pace.hint(); }, onState: () => {} });
    setInterval(() => this.tick(), TICK_MS);
    this.tick();
    let resized = 0;
    addEventListener('resize', () => {
      clearTimeout(resized);
      resized = window.setTimeout(() => { for (const map of Object.values(this.maps)) map?.resize(this.unit()); }, 300);
    });
    this.ask();
  }

  /** Ask for the setting, which is also how a lost connection is noticed; then again after a while, for ever. */
  async ask() {
    await this.attempt(async () => {
      const setting = await wallSetting();
      if (this.edition && setting.edition !== this.edition) { location.reload(); return; }
      this.edition = setting.edition;
      const due = setting.version !== this.version || Date.now() - this.loadedAt >= REFRESH_MS || byId('wall').dataset.state !== 'live';
      if (due) await this.load();
      else this.heard();
    });
    setTimeout(() => this.ask(), ASK_MS);
  }

  /** @param {() => Promise<void>} work */
  async attempt(work) {
    try {
      await work();
    } catch (problem) {
      const reason = /** @type {any} */ (problem);
      if (reason.status === undefined) throw problem;
      if (reason.status === 401 || reason.status === 403) drawAway(reason.code === 'session_locked' ? 'locked' : 'ended');
      else drawLine('lost', this.clock.seconds.format(this.heardAt));
    }
  }

  heard() {
    this.heardAt = Date.now();
    drawAway(null);
    drawLine('live', '');
  }

  async load() {
    if (this.loading) return;
    this.loading = true;
    try {
      const shown = await wall();
      this.district ??= await district();
      this.shown = shown;
      this.version = shown.setting.version;
      this.loadedAt = Date.now();
      this.draw();
      this.heard();
      document.body.dataset.page = 'ready';
    } finally {
      this.loading = false;
    }
  }

  draw() {
    const { setting, figures, tiles, scale, kinds, reds, marks, duty } = this.shown;
    const focus = setting.focus?.id ?? null;
    drawFigures(figures);
    drawTiles(byId('tiles'), tiles, scale, focus);
    const some = tiles.length > MOST_TILES ? ` · ${t('wall.centres_some', { shown: MOST_TILES, count: tiles.length })}` : '';
    say(byId('scale'), t('wall.centres_how', { scale }) + some);
    say(byId('kinds-name'), kinds.by === 'category' ? t('wall.kinds_category') : t('wall.kinds_line'));
    drawKinds(byId('kinds'), kinds.items);
    say(byId('elsewhere'), marks.elsewhere ? t('wall.elsewhere', { n: marks.elsewhere }) : '');
    say(byId('h-core'), setting.focus ? nameOf(setting.focus) : t('wall.core'));
    say(byId('h-oldest'), kinds.by === 'category' ? t('wall.oldest_first') : t('wall.oldest'));
    byId('oldest-none').hidden = reds.items.length > 0;
    drawSetting(setting, this.clock);
    drawDuty(duty);
    this.drawMaps(tiles, focus, marks.items.some((/** @type {any} */ one) => one.first > 0));
    this.tour.update(reds.items, reds.of, setting.tours);
  }

  /**
   * @param {any[]} tiles
   * @param {number | null} focus
   * @param {boolean} favours
   */
  drawMaps(tiles, focus, favours) {
    const { bounds } = this.district;
    if (!bounds) return;
    const lens = this.shown.setting.focus?.bounds ?? this.shown.core ?? bounds;
    const core = this.map('core', lens);
    const whole = this.map('whole', bounds);
    const named = tiles.map((tile) => ({ name: short(nameOf(tile)), lon: tile.lon, lat: tile.lat }));
    const near = new Set(inside(named, lens, 0));
    const { items: marks } = this.shown.marks;
    core?.look(lens);
    core?.show(marks, inside(named, lens, MARGIN), favours, focus);
    whole?.show(marks, inside(named, bounds, 0).filter((one) => !near.has(one)), favours, focus);
  }

  /**
   * @param {'core' | 'whole'} which
   * @param {number[]} looks
   * @returns {WallMap | null} made when it is first asked for; none on a machine that draws none
   */
  map(which, looks) {
    if (this.maps[which] || document.body.dataset.map === 'none') return this.maps[which];
    const host = byId(`map-${which}`);
    if (!host.offsetWidth) return null;
    const { bounds, levels, versions } = this.district;
    const tile = (/** @type {string} */ name) => `${location.origin}/tiles/${name}/{z}/{x}/{y}.mvt?v=${versions[name]}`;
    const drawn = levels.filter((/** @type {any} */ level) => level.level !== 'resident_group' && level.count > 0).map((/** @type {any} */ level) => level.level);
    try {
      const made = new WallMap(host, { tiles: { areas: tile('areas'), ground: tile('ground') }, levels: drawn, bounds, unit: this.unit() }, looks, t('wall.mark_urgent'));
      made.map.on('idle', () => { host.dataset.map = 'idle'; });
      this.maps[which] = made;
    } catch {
      document.body.dataset.map = 'none';
      for (const line of document.querySelectorAll('.w-no-map')) /** @type {HTMLElement} */ (line).hidden = false;
    }
    return this.maps[which];
  }

  /** Pixels of the page in a 1080th of the wall's height. */
  unit() {
    return byId('wall').getBoundingClientRect().height / HEIGHT;
  }

  tick() {
    if (!this.clock.draw(Date.now()) || !this.shown) return;
    this.tour.draw(Date.now()); // another minute: all that is overdue is so for longer
  }
}

useWords(JSON.parse(byId('words').textContent ?? '{}'));
const page = new Wall();
/** @type {any} */ (window).wallMaps = page.maps;
page.start();
