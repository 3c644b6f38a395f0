/** What calls whoever is on duty: a sign for what is new, and 特急 again and again until it was taken note of. Pure. */

/** @typedef {{total: number, ids: number[], urgent: {of: number, items: any[]}}} Waiting what waits for somebody, as the server tells it */

/** How often 特急 is called out. */
export const AGAIN_MS = 8000;

export class Bell {
  /** @param {Iterable<number>} [noted] cases of which note has been taken in this window */
  constructor(noted = []) {
    this.noted = new Set(noted);
    /** @type {Set<number> | null} */ this.known = null;
    this.total = 0;
    this.whole = true;
    /** @type {any[]} */ this.urgent = [];
  }

  /**
   * @param {Waiting} waiting
   * @returns {boolean} whether there is something new in it; what waited already when the duty began is not
   */
  hear({ total, ids, urgent }) {
    const { known } = this;
    const whole = ids.length === total;
    // Of lists that are cut off, only how many there are tells whether something has come.
    const fresh = known !== null && (whole && this.whole ? ids.some((id) => !known.has(id)) : total > this.total);
    Object.assign(this, { known: new Set(ids), total, whole, urgent: urgent.items });
    // A case that comes back after it was done calls again.
    if (urgent.items.length === urgent.of) this.noted = new Set(urgent.items.map((item) => item.id).filter((id) => this.noted.has(id)));
    return fresh;
  }

  /** @returns {any[]} 特急 of which nobody in this window has taken note */
  get calling() {
    return this.urgent.filter((item) => !this.noted.has(item.id));
  }

  /** 知道了. @param {number} id */
  note(id) {
    this.noted.add(id);
  }

  /** Off duty: nothing calls, and what waits then is nothing new when one comes back. */
  rest() {
    this.known = null;
    this.urgent = [];
  }
}
