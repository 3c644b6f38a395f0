/** 弹出: list and map in windows of their own, on a second screen, which go on being one place to work. */

import { byId } from '../lib/dom.js';
import { parse, write } from '../lib/state.js';
import { t } from '../lib/words.js';
import { layOut } from './layout.js';

/** @typedef {import('./map-page.js').MapPage} MapPage */
/** @typedef {import('../lib/state.js').PageState} PageState */
/** @typedef {'' | 'map' | 'list'} Part what a window has been opened for; nothing for the one that opened it */

/** What each window has of its own; all else they share. */
const OWN = /** @type {const} */ (['at', 'lay', 'part', 'join', 'theme', 'lang', 'solid']);
const OTHER = /** @type {const} */ ({ map: 'list', list: 'map' });

export class Joined {
  /** @param {MapPage} page */
  constructor(page) {
    this.page = page;
    /** @type {Set<Part>} */ this.others = new Set();
    /** @type {BroadcastChannel | null} */ this.channel = null;
    addEventListener('pagehide', () => this.say({ kind: 'gone' }));
    addEventListener('pageshow', (event) => { if (event.persisted) this.say({ kind: 'hello' }); });
    this.join();
  }

  /** @returns {'map' | 'list' | ''} the one part that this window shows, while another window shows the other */
  get only() {
    const { part } = this.page.state;
    if (part && this.others.size) return part;
    for (const other of /** @type {const} */ (['map', 'list'])) if (!part && this.others.has(other)) return OTHER[other];
    return '';
  }

  join() {
    const { join } = this.page.state;
    if (!join) return;
    this.channel = new BroadcastChannel(`panlong.desk.${join}`);
    this.channel.onmessage = ({ data }) => this.hear(data);
    this.say({ kind: 'hello' });
  }

  /** @param {{kind: 'hello' | 'here' | 'gone' | 'state', query?: string}} message */
  say(message) {
    this.channel?.postMessage({ ...message, part: this.page.state.part });
  }

  /** Tell the other windows what is looked at now. */
  tell() {
    this.say({ kind: 'state', query: write(this.page.state) });
  }

  /** @param {{kind: string, part: Part, query?: string}} message */
  hear({ kind, part, query }) {
    if (kind === 'state') { this.follow(parse(query ?? '')); return; }
    if (kind === 'gone') this.others.delete(part);
    else this.others.add(part);
    if (kind === 'hello') this.say({ kind: 'here' });
    layOut(this.page);
  }

  /** @param {PageState} next what another window looks at */
  follow(next) {
    const { page } = this;
    const kept = Object.fromEntries(OWN.map((name) => [name, page.state[name]]));
    const before = page.state;
    const state = /** @type {PageState} */ ({ ...next, ...kept });
    if (write(state) === write(before)) return;
    page.state = state;
    page.writeAddress(true);
    layOut(page);
    page.refresh(state.case !== before.case || state.area !== before.area);
  }

  /** @param {'map' | 'list'} part to be given a window of its own */
  pop(part) {
    const { page } = this;
    if (!page.state.join) {
      page.state.join = crypto.randomUUID().slice(0, 8);
      page.writeAddress(true);
      this.join();
    }
    const address = `${location.pathname}${write({ ...page.state, part, lay: part })}`;
    const opened = open(address, `panlong-${page.state.join}-${part}`, `popup,width=${Math.min(screen.availWidth, 1600)},height=${screen.availHeight}`);
    byId('banner').hidden = opened !== null;
    if (!opened) byId('banner').textContent = t('map.popup_refused');
  }

  /** Give a window of its own to what lies beside what this one is for. */
  popOther() {
    this.pop(byId('desk').dataset.layout === 'list' ? 'map' : 'list');
  }
}
