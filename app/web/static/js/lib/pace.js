/** How often a page reads its lists again while cases move: at once after a rest, less and less often in a crowd. */

/** What one reading takes of a server with two cores that is half at work for it. */
const EACH_MS = 16;
const QUICKEST_MS = 400;
const SHORTEST_MS = 1000;
const LONGEST_MS = 16000;
const SPREAD_MS = 150;

/** How many screens are open; until the server has said so it may be a thousand. */
let screens = 1000;

/** @param {number} open how many screens are open, this one among them */
export function crowded(open) { screens = Math.max(1, open); }

/** @param {number} most */
const shared = (most) => Math.max(QUICKEST_MS, Math.min(most, screens * EACH_MS));

export class Pace {
  /**
   * @param {() => void} work
   * @param {{later: (call: () => void, ms: number) => any, now: () => number, chance: () => number}} [around]
   */
  constructor(work, around = { later: (call, ms) => setTimeout(call, ms), now: () => performance.now(), chance: Math.random }) {
    this.work = work;
    this.around = around;
    this.gap = 0;
    this.done = -Infinity;
    this.waiting = false;
  }

  /** Something has changed: the work is due. Many pages hear of it at one moment, so each waits a little of its own. */
  hint() {
    if (this.waiting) return;
    this.waiting = true;
    const shortest = shared(SHORTEST_MS);
    const rested = this.around.now() - this.done;
    this.gap = rested >= this.gap * 2 ? shortest : Math.max(shortest, this.gap);
    const spread = Math.min(SPREAD_MS, screens * EACH_MS);
    const wait = rested >= this.gap ? this.around.chance() * spread : this.gap - rested + this.around.chance() * this.gap * 0.2;
    if (rested < this.gap) this.gap = Math.min(this.gap * 2, shared(LONGEST_MS));
    this.around.later(() => {
      this.waiting = false;
      this.done = this.around.now();
      this.work();
    }, wait);
  }
}
