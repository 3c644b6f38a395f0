/**
 * What was typed for a move and is not sent yet, kept for each account, case and move as long as the tab is there: it
 * outlives a reload, and no other account that signs in at the same desk is shown it.
 */

const MOST = 60;
const NAME = 'panlong-draft';

/**
 * @typedef {object} Draft
 * @property {string} client the id of the request, so that what is sent again is carried out once
 * @property {Record<string, string | string[]>} values by field
 * @property {Record<string, number[]>} files ids of what was taken in, by field
 */

/** @typedef {{length: number, key: (n: number) => string | null, getItem: (key: string) => string | null, setItem: (key: string, value: string) => void, removeItem: (key: string) => void}} Shelf */

export class Drafts {
  /**
   * @param {Shelf} shelf
   * @param {() => string} newId
   */
  constructor(shelf, newId) {
    this.shelf = shelf;
    this.newId = newId;
    this.account = 0;
  }

  /** @param {number} id @param {string} move */
  key(id, move) {
    return `${NAME}:${this.account}:${id}:${move}`;
  }

  /**
   * @param {number} id of the case
   * @param {string} move
   * @returns {Draft} an empty one where nothing was typed
   */
  of(id, move) {
    try {
      const kept = JSON.parse(this.shelf.getItem(this.key(id, move)) ?? 'null');
      if (kept?.client) return kept;
    } catch { /* not ours, or cut short: as if there were none */ }
    return { client: this.newId(), values: {}, files: {} };
  }

  /**
   * @param {number} id
   * @param {string} move
   * @param {Draft} draft
   */
  keep(id, move, draft) {
    const key = this.key(id, move);
    this.shelf.removeItem(key);
    if (isEmpty(draft)) return;
    const mine = this.keys();
    while (mine.length >= MOST) this.shelf.removeItem(/** @type {string} */ (mine.shift()));
    try {
      this.shelf.setItem(key, JSON.stringify(draft));
    } catch { /* the shelf is full or closed: the form itself still holds it */ }
  }

  /** @param {number} id @param {string} move */
  drop(id, move) {
    this.shelf.removeItem(this.key(id, move));
  }

  /**
   * @param {number} id
   * @returns {string[]} moves of a case for which something was typed
   */
  movesOf(id) {
    const start = this.key(id, '');
    return this.keys().filter((key) => key.startsWith(start)).map((key) => key.slice(start.length));
  }

  /** @returns {string[]} */
  keys() {
    const all = Array.from({ length: this.shelf.length }, (_, n) => this.shelf.key(n) ?? '');
    return all.filter((key) => key.startsWith(`${NAME}:`));
  }
}

/** @param {Draft} draft */
export const isEmpty = (draft) => !Object.values(draft.values).some((value) => value.length) && !Object.values(draft.files).some((ids) => ids.length);
