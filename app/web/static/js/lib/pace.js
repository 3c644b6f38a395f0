/** How often a page reads its lists again while cases move: at once after a rest, less and less often in a crowd. */

const SHORTEST_MS = 1000;
const LONGEST_MS = 16000;

export class Pace {
  /**
   * @param {() => void} work
   * @param {{later: (call: () => void, ms: number) => any, now: () => number, chance: () => number}} [around]
   */
  constructor(work, around = { later: (call, ms) => setTimeout(call, ms), now: () => performance.now(), chance: Math.random }) {
    this.work = work;
    this.around = around;
    this.gap = SHORTEST_MS;
    this.done = -Infinity;
    this.waiting = false;
  }

  /** Something has changed: the work is due. Many pages hear of it at one moment, so each waits a little of its own. */
  hint() {
    if (this.waiting) return;
    this.waiting = true;
    const rested = this.around.now() - this.done;
    if (rested >= this.gap * 2) this.gap = SHORTEST_MS;
    const wait = rested >= this.gap ? this.around.chance() * 150 : this.gap - rested + this.around.chance() * this.gap * 0.2;
    if (rested < this.gap) this.gap = Math.min(this.gap * 2, LONGEST_MS);
    this.around.later(() => {
      this.waiting = false;
      this.done = this.around.now();
      this.work();
    }, wait);
  }
}
