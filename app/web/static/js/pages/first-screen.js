/** What a role begins with above its queue: asked for by itself, for it is of all that one sees and not of the filter. */

import * as api from '../api/client.js';
import { byId } from '../lib/dom.js';
import { Pace } from '../lib/pace.js';
import { whenLetGo } from '../lib/press.js';
import { commandParts } from '../ui/command.js';
import { putParts } from '../ui/first-parts.js';
import { spotCheckPart } from '../ui/spot-check.js';
import { quietly } from './quietly.js';

const REFRESH_MS = 60000;
/** How long the list waits for what stands above it, so that it does not move once it is drawn. */
const TOGETHER_MS = 5000;

export class FirstScreen {
  /**
   * @param {any} page the map page
   * @param {HTMLElement} host
   */
  constructor(page, host) {
    this.page = page;
    this.host = host;
    const { decides, draws } = byId('desk').dataset;
    this.wants = { command: Boolean(decides), spot: Boolean(draws) };
    /** @type {any} */ this.command = null;
    /** @type {any} */ this.spot = null;
    this.pace = new Pace(() => this.load());
    /** @type {Promise<unknown>} told, or not told in time */ this.told = Promise.resolve();
  }

  start() {
    this.told = Promise.race([Promise.all([this.load(), this.page.shift?.told]), new Promise((resolve) => { setTimeout(resolve, TOGETHER_MS); })]);
    setInterval(() => { if (!document.hidden) this.load(); }, REFRESH_MS);
  }

  /** Cases have moved. */
  hint() {
    this.pace.hint();
  }

  load() {
    return quietly(async () => {
      [this.command, this.spot] = await Promise.all([this.wants.command ? api.command() : null, this.wants.spot ? api.spotCheck() : null]);
      this.draw();
    });
  }

  draw() {
    whenLetGo(this.host, () => this.put());
  }

  put() {
    // The past is not decided any more.
    this.host.hidden = Boolean(this.page.state.past);
    const acts = {
      onCase: (/** @type {number} */ id, /** @type {string} */ move = '') => this.page.open(id, move),
      onArea: (/** @type {number} */ id) => this.page.change({ area: id === this.page.state.area ? null : id, case: null }),
    };
    putParts(this.host, [
      ...(this.command ? commandParts(this.command, this.page.shift?.shift ?? null, this.page.state.area, acts) : []),
      ...(this.spot ? [spotCheckPart(this.spot, acts.onCase)] : []),
    ]);
  }
}

/**
 * @param {any} page the map page
 * @returns {FirstScreen | null} for those whose role has something there
 */
export function useFirstScreen(page) {
  const host = document.getElementById('first');
  if (!host) return null;
  const found = new FirstScreen(page, host);
  found.start();
  return found;
}
