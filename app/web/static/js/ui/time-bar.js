/** The strip of time: a bar a day, a brush that narrows map, list and figures alike, and 截至, the view as of an instant. */

import { element, icon } from '../lib/dom.js';
import { count } from '../lib/format.js';
import { bars, daysBetween, reportedWithin, roundUp, spanned, spanOf } from '../lib/histogram.js';
import { svg } from '../lib/svg.js';
import { instantOf, wallOf } from '../lib/walltime.js';
import { t } from '../lib/words.js';

/** @typedef {import('../lib/state.js').PageState} PageState */
/** @typedef {import('../lib/histogram.js').Days} Days */
/** @typedef {import('../lib/histogram.js').Bar} Bar */

const HIGH = 56;
const MOST_BARS = 92;
const PLAY_MS = 700;

/** The strip; it keeps what is being drawn while the answers come. */
export class TimeBar {
  /**
   * @param {HTMLElement} host
   * @param {string} zone
   * @param {(patch: Partial<PageState>) => void} onChange
   */
  constructor(host, zone, onChange) {
    this.host = host;
    this.zone = zone;
    this.onChange = onChange;
    this.timer = 0;
    /** @type {Bar[]} */ this.all = [];
    /** @type {[number, number]} */ this.span = [0, 0];
    this.begun = -1;
  }

  /**
   * @param {Days} days
   * @param {PageState} state
   */
  draw(days, state) {
    if (this.begun >= 0) return;
    this.all = bars(days, MOST_BARS);
    this.span = spanned(this.all, state.from, state.to);
    const held = this.host.contains(document.activeElement) ? document.activeElement?.id : '';
    this.host.replaceChildren(this.head(days, state), this.strip(Boolean(state.past)));
    if (held) document.getElementById(held)?.focus({ preventScroll: true });
  }

  /**
   * @param {Days} days
   * @param {PageState} state
   */
  head(days, state) {
    // A bar may stand for more days than are asked for: what is said is of the days.
    const from = state.from || this.all[0].from;
    const to = [from, state.to || this.all[this.all.length - 1].to].sort()[1];
    const sum = reportedWithin(days, from, to);
    const play = element('button', { type: 'button', class: 'tool', id: 'time-play', 'aria-pressed': String(Boolean(this.timer)), title: t('time.play'), 'aria-label': t('time.play') }, icon(this.timer ? 'pause' : 'play'));
    play.addEventListener('click', () => this.play());
    const whole = !state.from && !state.to;
    const clear = element('button', { type: 'button', class: 'tool', id: 'time-clear', hidden: whole }, t('time.clear'));
    clear.addEventListener('click', () => this.onChange({ from: '', to: '' }));
    return element('div', { class: 'time-head' }, play,
      element('b', {}, `${from} – ${to}`), element('span', {}, t('time.sum', { n: count(sum), days: daysBetween(from, to) + 1 })), clear,
      element('span', { class: 'time-key' }, element('i', { class: 'key-reported', 'aria-hidden': true }), t('time.reported'), element('i', { class: 'key-overdue', 'aria-hidden': true }), t('time.overdue')),
      this.past(state));
  }

  /** @param {PageState} state */
  past(state) {
    const input = /** @type {HTMLInputElement} */ (element('input', { type: 'datetime-local', id: 'time-past', 'aria-label': t('time.as_of'), value: state.past ? wallOf(Date.parse(state.past), this.zone) : '', max: wallOf(Date.now(), this.zone) }));
    input.addEventListener('change', () => {
      const at = input.value ? instantOf(input.value, this.zone) : Number.NaN;
      if (Number.isNaN(at)) this.onChange({ past: '' });
      else if (at < Date.now()) this.onChange({ past: `${new Date(at).toISOString().slice(0, 19)}Z`, case: null });
    });
    const now = element('button', { type: 'button', class: 'tool', id: 'time-now', hidden: !state.past }, t('time.back_to_now'));
    now.addEventListener('click', () => this.onChange({ past: '' }));
    return element('span', { class: 'time-past' }, element('label', { for: 'time-past' }, t('time.as_of')), input, now);
  }

  /** @param {boolean} past */
  strip(past) {
    const most = roundUp(Math.max(1, ...this.all.map((bar) => bar.reported)));
    const wide = 100 / this.all.length;
    const drawing = svg('svg', { class: 'time-bars', viewBox: `0 0 100 ${HIGH}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
    this.all.forEach((bar, n) => {
      const tall = (/** @type {number} */ value) => (HIGH * value) / most;
      const outside = n < this.span[0] || n > this.span[1];
      const at = { x: n * wide + wide * 0.12, width: wide * 0.76 };
      drawing.append(svg('rect', { ...at, y: HIGH - tall(bar.reported), height: tall(bar.reported), class: outside ? 'day out' : 'day' }));
      if (bar.overdue) drawing.append(svg('rect', { ...at, y: HIGH - tall(bar.reported), height: Math.max(1, tall(bar.overdue)), class: outside ? 'day late out' : 'day late' }));
    });
    const frame = element('div', { class: 'time-strip' }, element('span', { class: 'time-most' }, count(most)), drawing, this.handle(0), this.handle(1), this.days(past));
    this.brush(frame, drawing);
    return frame;
  }

  /** @param {boolean} past whether the last day is another one than today */
  days(past) {
    const n = this.all.length;
    const marks = [0, 0.25, 0.5, 0.75].map((part) => Math.floor(part * n)).filter((at, i, list) => list.indexOf(at) === i);
    return element('div', { class: 'time-days', 'aria-hidden': true }, ...marks.map((at) => element('span', {}, this.all[at].from)), element('span', {}, past ? this.all[n - 1].to : t('time.today')));
  }

  /**
   * @param {0 | 1} end
   * @returns {HTMLElement} an end of the brush, moved by keys or by the pointer
   */
  handle(end) {
    const at = this.span[end];
    const node = element('div', {
      class: 'time-handle', id: `time-${end}`, role: 'slider', tabindex: 0, 'aria-label': t(end ? 'time.to' : 'time.from'),
      'aria-valuemin': 0, 'aria-valuemax': this.all.length - 1, 'aria-valuenow': at, 'aria-valuetext': end ? this.all[at].to : this.all[at].from,
    });
    node.style.insetInlineStart = `${((at + end) * 100) / this.all.length}%`;
    node.addEventListener('keydown', (event) => {
      const by = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -7, PageUp: 7, Home: -9999, End: 9999 })[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      const moved = Math.max(0, Math.min(this.all.length - 1, at + by));
      const [first, last] = end ? [Math.min(this.span[0], moved), moved] : [moved, Math.max(this.span[1], moved)];
      this.onChange(spanOf(this.all, first, last));
    });
    return node;
  }

  /**
   * @param {HTMLElement} frame
   * @param {Element} drawing
   */
  brush(frame, drawing) {
    const at = (/** @type {PointerEvent} */ event) => {
      const box = drawing.getBoundingClientRect();
      return Math.max(0, Math.min(this.all.length - 1, Math.floor(((event.clientX - box.left) / box.width) * this.all.length)));
    };
    const shade = element('div', { class: 'time-shade' });
    const show = (/** @type {number} */ one, /** @type {number} */ other) => {
      shade.style.insetInlineStart = `${(Math.min(one, other) * 100) / this.all.length}%`;
      shade.style.width = `${((Math.abs(other - one) + 1) * 100) / this.all.length}%`;
    };
    show(...this.span);
    frame.append(shade);
    frame.addEventListener('pointerdown', (event) => {
      const handle = /** @type {HTMLElement} */ (event.target).closest('.time-handle');
      this.begun = handle ? this.span[handle.id === 'time-0' ? 1 : 0] : at(event);
      frame.setPointerCapture(event.pointerId);
      show(this.begun, at(event));
    });
    frame.addEventListener('pointermove', (event) => { if (this.begun >= 0) show(this.begun, at(event)); });
    frame.addEventListener('pointerup', (event) => {
      if (this.begun < 0) return;
      const span = spanOf(this.all, this.begun, at(event));
      this.begun = -1;
      this.onChange(span);
    });
    frame.addEventListener('pointercancel', () => { this.begun = -1; });
  }

  /** Let the chosen span wander to today, a bar at a time. */
  play() {
    if (this.timer) { clearInterval(this.timer); this.timer = 0; this.onChange({}); return; }
    const wide = this.span[1] - this.span[0] + 1 < this.all.length ? this.span[1] - this.span[0] : Math.min(6, this.all.length - 1);
    let first = this.span[0] > 0 && this.span[1] < this.all.length - 1 ? this.span[0] : 0;
    const step = () => {
      this.onChange(spanOf(this.all, first, first + wide));
      first += 1;
      if (first + wide >= this.all.length) { clearInterval(this.timer); this.timer = 0; this.onChange({ from: '', to: '' }); }
    };
    this.timer = window.setInterval(step, PLAY_MS);
    step();
  }
}
