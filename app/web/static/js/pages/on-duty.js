/** The shift of whoever sits before the page: on and off duty, and what calls them while they are on. */

import * as api from '../api/client.js';
import { AGAIN_MS, Bell } from '../lib/bell.js';
import { Chime, SOFT, URGENT } from '../lib/chime.js';
import { byId } from '../lib/dom.js';
import { Pace } from '../lib/pace.js';
import { drawCalling } from '../ui/calling.js';
import { drawShift } from '../ui/shift.js';
import { quietly } from './quietly.js';

const REFRESH_MS = 60000;
const MUTED = 'panlong.muted';
const NOTED = 'panlong.noted';

export class OnDuty {
  /**
   * @param {any} page the map page
   * @param {HTMLElement} host
   * @param {HTMLElement} alert
   */
  constructor(page, host, alert) {
    this.page = page;
    this.host = host;
    this.alert = alert;
    this.bell = new Bell(JSON.parse(sessionStorage.getItem(NOTED) ?? '[]'));
    this.chime = new Chime();
    /** @type {any} */ this.shift = null;
    this.pace = new Pace(() => this.look());
    this.problem = '';
    /** @type {Promise<unknown>} told, or refused */ this.told = Promise.resolve();
  }

  start() {
    for (const event of ['pointerdown', 'keydown']) addEventListener(event, () => { if (this.shift?.on) this.chime.wake(); }, { capture: true, passive: true });
    this.told = this.load();
    setInterval(() => { if (!document.hidden) this.load(); }, REFRESH_MS);
    // A page that nobody looks at calls all the same: that is what it is on duty for.
    setInterval(() => this.ring(), AGAIN_MS);
  }

  /** Cases have moved: something may wait now. */
  hint() {
    if (this.shift?.on) this.pace.hint();
  }

  load() {
    return quietly(async () => this.stands(await api.shift()));
  }

  /** @param {any} shift */
  stands(shift) {
    const turned = Boolean(this.shift?.on) !== Boolean(shift.on);
    const read = this.shift && !turned && !this.problem && this.host.querySelector('details[open]');
    this.shift = shift;
    this.page.first?.draw();
    // What somebody reads, or a number that they are about to call, stays as it is.
    if (!read) this.draw();
    if (shift.on) this.pace.hint();
    else { this.bell.rest(); this.call(); }
  }

  /** @param {() => Promise<any>} ask */
  async turn(ask) {
    const problem = await quietly(async () => { this.problem = ''; this.stands(await ask()); });
    if (!problem) return;
    this.problem = problem.message;
    this.draw();
  }

  draw() {
    drawShift(this.host, this.shift, {
      zone: this.page.zone, simulated: Boolean(byId('desk').dataset.simulated), muted: this.muted,
      problem: this.problem,
      onBegin: (unit) => { this.chime.wake(); this.turn(() => api.goOnDuty(unit)); },
      onEnd: () => this.turn(api.goOffDuty),
      onMute: (muted) => localStorage.setItem(MUTED, muted ? 'yes' : ''),
    });
  }

  get muted() {
    return localStorage.getItem(MUTED) === 'yes';
  }

  look() {
    return quietly(async () => {
      const waiting = await api.waiting();
      if (!this.shift?.on) return;
      const before = this.bell.calling.map((item) => item.id).join();
      const fresh = this.bell.hear(waiting);
      const { calling } = this.bell;
      this.call();
      if (calling.length && calling.map((item) => item.id).join() !== before) this.ring();
      else if (fresh) this.sound(SOFT);
    });
  }

  call() {
    sessionStorage.setItem(NOTED, JSON.stringify([...this.bell.noted]));
    drawCalling(this.alert, this.bell.calling, {
      zone: this.page.zone,
      onOpen: (id) => this.page.change({ case: id }),
      onNote: (id) => {
        this.bell.note(id);
        this.call();
        (document.getElementById('calling-note') ?? document.getElementById('queue'))?.focus();
      },
    });
  }

  ring() {
    if (this.shift?.on && this.bell.calling.length) this.sound(URGENT);
  }

  /** @param {import('../lib/chime.js').Tone[]} tones */
  sound(tones) {
    // Of two joined windows the one that opened the other is heard.
    const { state, joined } = this.page;
    if (!this.muted && !(state.part && joined.others.has(''))) this.chime.play(tones);
  }
}

/**
 * @param {any} page the map page
 * @returns {OnDuty | null} for those who keep duty
 */
export function useShift(page) {
  const host = document.getElementById('shift');
  const alert = document.getElementById('calling');
  if (!host || !alert) return null;
  const found = new OnDuty(page, host, alert);
  found.start();
  return found;
}
