/** The overdue tour: one case after the other in one card, with a bar that says when the next one comes. */

import { byId } from '../lib/dom.js';
import { nameOf } from '../lib/names.js';
import { following } from '../lib/wall.js';
import { t } from '../lib/words.js';
import { drawLong, placeOf, say } from './wall-slots.js';

/** @typedef {import('../lib/wall.js').Red} Red */

const STEP_MS = 12000;

export class Tour {
  /** @param {(told: Red | null, at: number) => void} onTell */
  constructor(onTell) {
    this.onTell = onTell;
    /** @type {Red[]} */ this.reds = [];
    this.of = 0;
    this.at = 0;
    this.goes = false;
    this.timer = 0;
    byId('tour-bar').style.setProperty('--step', `${STEP_MS}ms`);
  }

  /**
   * @param {Red[]} reds
   * @param {number} of how many there are altogether
   * @param {boolean} goes whether it goes on by itself
   */
  update(reds, of, goes) {
    this.reds = reds;
    this.of = of;
    if (this.at >= reds.length) this.at = 0;
    const moves = goes && reds.length > 1;
    if (moves !== this.goes) {
      this.goes = moves;
      clearTimeout(this.timer);
      if (moves) this.run();
      else { this.at = 0; this.stand(); }
    }
    this.draw(Date.now());
  }

  /** The bar begins anew, and at its end comes the next case. */
  run() {
    this.stand();
    void byId('tour-bar').offsetWidth; // or the browser would take both states for one
    byId('tour-bar').classList.add('runs');
    this.timer = window.setTimeout(() => {
      this.at = following(this.at, this.reds.length);
      this.draw(Date.now());
      this.run();
    }, STEP_MS);
  }

  stand() {
    byId('tour-bar').classList.remove('runs');
  }

  /** @param {number} now */
  draw(now) {
    const red = this.reds[this.at] ?? null;
    byId('tour').hidden = red === null;
    this.onTell(red, red ? this.at : -1);
    if (!red) return;
    say(byId('h-tour'), this.goes ? t('wall.tour') : t('wall.tour_off'));
    say(byId('tour-at'), t('wall.tour_at', { n: this.at + 1, of: this.of }));
    say(byId('tour-what'), nameOf({ name: red.category, name_en: red.category_en }));
    byId('tour-urgent').hidden = !red.urgent;
    drawLong(byId('tour-long'), red.due_at, now);
    say(byId('tour-where'), placeOf(red));
    say(byId('tour-whose'), red.unit ? nameOf({ name: red.unit, name_en: red.unit_en }) : t('wall.no_unit'));
    byId('tour-bar').style.setProperty('--part', String((this.at + 1) / this.reds.length));
  }
}
