/** Moves as they are committed: one stream for all tabs of a browser, resumed by itself where it was lost. */

import { crowded } from './pace.js';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30000;
const SILENT_MS = 40000;
const MOST_REMEMBERED = 5000;
const NAME = 'panlong-live';

/**
 * @typedef {object} Moved a case after a move, as far as a list shows it
 * @property {number} case_id
 * @property {number} version
 * @property {boolean} [gone] it has left the sight of the one who looks; then there is no more than this
 * @property {string} [state]
 * @property {string} [loop]
 * @property {number | null} [unit_id]
 */

/**
 * @typedef {object} Listener
 * @property {(cases: Moved[]) => void} onMoves each case and version once
 * @property {(first: boolean) => void} onAnew what happened meanwhile is not known: lists have to be read again; `first` where nothing was heard before
 * @property {(state: LiveState) => void} onState
 * @property {(screens: number) => void} [onCrowd] about how many screens are open
 */

/** @typedef {{open: boolean, since: number}} LiveState whether moves are heard, and since when it is so or not */

/** @typedef {{addEventListener: (kind: string, call: (event: any) => void) => void, close: () => void, readyState: number}} Source */

/**
 * @typedef {object} Surroundings what a browser has, so that it can be tried without one
 * @property {(address: string) => Source} open
 * @property {(call: () => void, ms: number) => any} later
 * @property {(timer: any) => void} never
 * @property {() => number} now
 */

/** What was heard of each case, so that nothing is told twice: a stream that is resumed may say a thing again. */
export class Heard {
  constructor(most = MOST_REMEMBERED) {
    this.most = most;
    /** @type {Map<number, number>} */ this.ranks = new Map();
  }

  /**
   * @param {Moved[]} cases
   * @returns {Moved[]} what is new among them
   */
  fresh(cases) {
    return cases.filter((moved) => {
      // Seen goes before gone at one version: who loses a case by one way may keep it by another.
      const rank = moved.version * 2 + (moved.gone ? 0 : 1);
      if (rank <= (this.ranks.get(moved.case_id) ?? -1)) return false;
      this.ranks.delete(moved.case_id);
      this.ranks.set(moved.case_id, rank);
      if (this.ranks.size > this.most) this.ranks.delete(/** @type {number} */ (this.ranks.keys().next().value));
      return true;
    });
  }
}

/** The stream of one browser. */
export class Live {
  /**
   * @param {Listener} listener
   * @param {Surroundings} around
   * @param {string} [since] the last id that was heard
   */
  constructor(listener, around, since = '') {
    this.listener = listener;
    this.around = around;
    this.since = since;
    this.heard = new Heard();
    this.wait = FIRST_WAIT_MS;
    /** @type {Source | null} */ this.source = null;
    /** @type {LiveState | null} */ this.state = null;
    /** @type {any} */ this.timer = null;
    /** @type {any} */ this.silence = null;
  }

  /** Open the stream, now. */
  start() {
    this.around.never(this.timer);
    this.source?.close();
    const source = this.around.open(this.since ? `/live?since=${encodeURIComponent(this.since)}` : '/live');
    this.source = source;
    const on = (/** @type {string} */ kind, /** @type {(data: any) => void} */ call) => source.addEventListener(kind, (event) => {
      if (source !== this.source) return;
      if (event.lastEventId) this.since = event.lastEventId;
      this.listen();
      const data = JSON.parse(event.data);
      if (data.screens) this.listener.onCrowd?.(data.screens);
      call(data);
    });
    on('moves', (cases) => this.tell(cases));
    on('hello', (data) => {
      const first = this.state === null;
      this.stands();
      if (!data.resumed) this.listener.onAnew(first);
    });
    on('resync', () => { this.stands(); this.listener.onAnew(false); });
    on('beat', () => {});
    source.addEventListener('error', () => { if (source === this.source) this.fails(source); });
    this.listen();
  }

  /** Try again at once, if the stream does not stand. */
  again() {
    if (!this.state?.open && this.source?.readyState !== 0) this.start();
  }

  stop() {
    this.around.never(this.timer);
    this.around.never(this.silence);
    this.source?.close();
    this.source = null;
  }

  /** @param {Moved[]} cases */
  tell(cases) {
    const fresh = this.heard.fresh(cases);
    if (fresh.length) this.listener.onMoves(fresh);
  }

  stands() {
    this.wait = FIRST_WAIT_MS;
    this.becomes(true);
  }

  /** @param {Source} source */
  fails(source) {
    this.becomes(false);
    if (source.readyState !== 2) return; // the browser tries again by itself, from the last id
    this.around.never(this.silence);
    this.around.never(this.timer);
    this.timer = this.around.later(() => this.start(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
  }

  /** A line that has died without a word is noticed by its silence: the server beats four times a minute. */
  listen() {
    this.around.never(this.silence);
    this.silence = this.around.later(() => { this.becomes(false); this.start(); }, SILENT_MS);
  }

  /** @param {boolean} open */
  becomes(open) {
    if (this.state?.open === open) return;
    this.state = { open, since: this.around.now() };
    this.listener.onState(this.state);
  }
}

/** @returns {Surroundings} those of a page */
function browser() {
  return {
    open: (address) => new EventSource(address),
    later: (call, ms) => setTimeout(call, ms),
    never: (timer) => clearTimeout(timer),
    now: () => Date.now(),
  };
}

/**
 * Hear of moves in this tab. A browser opens few connections to a server, so the tabs share one stream: one of them
 * listens and passes on what it hears, and when it is closed another takes its place from where it was.
 *
 * @param {Listener} listener
 * @returns {() => void} to be called when the line may stand again
 */
export function useLive(listener) {
  if (!('EventSource' in window)) return () => {};
  const channel = 'BroadcastChannel' in window && navigator.locks ? new BroadcastChannel(NAME) : null;
  /** @type {Live | null} */ let live = null;
  let since = '';
  const pass = (/** @type {string} */ kind, /** @type {any} */ data) => channel?.postMessage({ kind, data, since: live?.since ?? since });
  const lead = () => {
    live = new Live({
      onMoves: (cases) => { listener.onMoves(cases); pass('moves', cases); },
      onAnew: (first) => { listener.onAnew(first); pass('anew', null); },
      onState: (state) => { listener.onState(state); pass('state', state); },
      onCrowd: (screens) => { crowded(screens); pass('crowd', screens); },
    }, browser(), since);
    live.start();
  };
  const again = () => (live ? live.again() : channel?.postMessage({ kind: 'again' }));
  addEventListener('online', again);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) again(); });
  if (!channel) { lead(); return again; }
  channel.addEventListener('message', ({ data }) => {
    if (live && data.kind === 'again') { live.again(); if (live.state) pass('state', live.state); }
    if (live || data.kind === 'again') return;
    since = data.since || since;
    if (data.kind === 'moves') listener.onMoves(data.data);
    else if (data.kind === 'anew') listener.onAnew(false);
    else if (data.kind === 'crowd') crowded(data.data);
    else listener.onState(data.data);
  });
  navigator.locks.request(NAME, () => { lead(); return new Promise(() => {}); });
  again();
  return again;
}
