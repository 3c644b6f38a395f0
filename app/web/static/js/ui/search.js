/**
 * The search box: areas, cases, units, people at work and places by name, number or code; and the way to go straight to what
 * a code is of. A combobox: the box keeps the focus, arrows mark a line, Enter takes it.
 */

import { find as ask, Problem } from '../api/client.js';
import { element } from '../lib/dom.js';
import { goal, listed, nearBy, RESIDENTS, soughtBy } from '../lib/found.js';
import { t } from '../lib/words.js';
import { SHOWN_MS, workPhone } from './dial.js';
import { drawFound } from './found.js';

/** @typedef {import('../lib/found.js').Line} Line */
/** @typedef {import('../lib/found.js').Answer} Answer */
/**
 * @typedef {object} Handlers
 * @property {(line: Line) => void} onOpen
 * @property {boolean} calls whether work telephones are shown at all
 * @property {boolean} persons whether residents may be looked for
 * @property {() => {level: string, code: string}[]} path of the area that one is in
 */

const WAIT_MS = 140;

/** The box and its list. */
export class Finder {
  /**
   * @param {HTMLInputElement} box
   * @param {HTMLElement} list
   * @param {HTMLElement} told what is read out
   * @param {Handlers} handlers
   */
  constructor(box, list, told, handlers) {
    /** @type {HTMLInputElement} */ this.box = box;
    /** @type {HTMLElement} */ this.list = list;
    /** @type {HTMLElement} */ this.told = told;
    /** @type {Handlers} */ this.handlers = handlers;
    /** @type {Line[]} */ this.lines = [];
    /** @type {{words: string, answer: Answer} | null} */ this.known = null;
    this.at = -1;
    this.going = false;
    this.timer = 0;
    this.running = new AbortController();
    box.addEventListener('input', () => this.later());
    box.addEventListener('focus', () => this.offer());
    box.addEventListener('keydown', (event) => this.key(event));
    // An answer that comes after one has left would lie over the page, with nothing to close it.
    box.addEventListener('blur', () => { this.stop(); this.close(); this.use('search'); });
  }

  /** @param {'search' | 'go'} mode of which `go` leads straight to what a code is of */
  open(mode) {
    this.use(mode);
    this.box.focus();
    this.box.select();
  }

  /** @param {'search' | 'go'} mode */
  use(mode) {
    this.going = mode === 'go';
    const words = t(this.going ? 'find.go' : 'map.search');
    this.box.placeholder = words;
    this.box.setAttribute('aria-label', words);
    const frame = /** @type {HTMLElement} */ (this.box.parentElement);
    frame.toggleAttribute('data-going', this.going);
    for (const key of frame.querySelectorAll('kbd')) key.textContent = this.going ? 'G' : '/';
  }

  close() {
    this.list.hidden = true;
    this.at = -1;
    this.box.setAttribute('aria-expanded', 'false');
    this.box.removeAttribute('aria-activedescendant');
  }

  stop() {
    clearTimeout(this.timer);
    this.running.abort();
  }

  later() {
    this.stop();
    const words = this.box.value.trim();
    if (!words) { this.offer(); return; }
    // A person's own number goes into no address of a request.
    if (soughtBy(words) !== 'name') { this.draw([], t('find.not_by_words')); return; }
    this.timer = window.setTimeout(() => this.ask(), WAIT_MS);
  }

  /** @param {string} [words] @returns {Promise<Answer | null>} null where a later question has taken its place, or it could not be asked */
  async ask(words = this.box.value.trim()) {
    this.stop();
    this.running = new AbortController();
    try {
      const answer = await ask(words, this.running.signal);
      this.known = { words, answer };
      this.draw(listed(answer, this.handlers.calls), t('map.nothing_found'));
      return answer;
    } catch (problem) {
      if (problem instanceof Problem) this.tell(problem.status === 0 ? t('map.server_gone') : problem.message);
      return null;
    }
  }

  /** Before anything is typed: the way to a resident, for whoever may take it. */
  offer() {
    if (this.box.value.trim() || this.going) return;
    if (this.handlers.persons) this.draw([], '');
    else this.close();
  }

  /**
   * @param {{group: import('../lib/found.js').Group, rows: Line[][]}[]} groups
   * @param {string} none what is said where there are none
   */
  draw(groups, none) {
    const seeks = this.handlers.persons && !this.going;
    if (!groups.length && !seeks) { this.tell(none); return; }
    this.lines = drawFound(this.list, seeks ? [...groups, RESIDENTS] : groups, (line, option) => this.choose(line, option));
    if (!groups.length && none) this.list.prepend(element('div', { class: 'none', role: 'presentation' }, none));
    this.show();
    const n = this.lines.filter((line) => line.does === 'open').length;
    this.told.textContent = n ? t('find.told', { n }) : none;
    if (groups.length) this.mark(0);
    else this.unmark();
  }

  /** @param {string} words that stand where lines would */
  tell(words) {
    this.lines = [];
    this.list.replaceChildren(element('div', { class: 'none', role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' }, words));
    this.told.textContent = words;
    this.show();
    this.mark(-1);
  }

  show() {
    this.list.hidden = false;
    this.box.setAttribute('aria-expanded', 'true');
  }

  /** Enter takes nothing until an arrow has marked it. */
  unmark() {
    this.at = -1;
    this.box.removeAttribute('aria-activedescendant');
  }

  /** @param {number} next */
  mark(next) {
    this.at = this.lines.length ? (next + this.lines.length) % this.lines.length : -1;
    const options = [...this.list.querySelectorAll('[role=option]')];
    options.forEach((option, i) => option.setAttribute('aria-selected', String(i === this.at)));
    if (this.at < 0) { this.unmark(); return; }
    this.box.setAttribute('aria-activedescendant', options[this.at].id);
    options[this.at].scrollIntoView({ block: 'nearest' });
  }

  /**
   * @param {Line} line
   * @param {HTMLElement} option
   */
  choose(line, option) {
    if (line.does === 'call') { this.call(line, option); return; }
    if (line.does !== 'open' && line.does !== 'seek') return; // the link dials
    const said = this.box.value.trim();
    this.close();
    this.box.blur();
    this.handlers.onOpen(line.does === 'seek' ? { ...line, item: { said, by: soughtBy(said) } } : line);
  }

  /**
   * The number takes the place of the key for a minute, and dials.
   * @param {Line} line
   * @param {HTMLElement} option
   */
  async call(line, option) {
    if (option instanceof HTMLAnchorElement) return;
    const { phone, said } = await workPhone(line.item.code);
    this.told.textContent = `${phone} ${said}`;
    if (!phone) { option.replaceChildren(said); return; }
    const dial = element('a', { class: 'dial', id: option.id, role: 'option', 'aria-selected': option.getAttribute('aria-selected'), href: `tel:${phone}`, tabindex: -1, title: said }, phone);
    dial.addEventListener('mousedown', (event) => event.preventDefault());
    option.replaceWith(dial);
    setTimeout(() => dial.replaceWith(option), SHOWN_MS);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.isComposing) return; // Enter ends a Chinese word that is being written
    if (event.key === 'ArrowDown') this.mark(this.at + 1);
    else if (event.key === 'ArrowUp') this.mark(this.at <= 0 ? this.lines.length - 1 : this.at - 1);
    else if (event.key === 'Enter') this.enter();
    else if (event.key === 'Escape') { this.box.value = ''; this.close(); this.box.blur(); } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  enter() {
    if (this.going) this.go();
    else if (this.at >= 0) /** @type {HTMLElement} */ (this.list.querySelectorAll('[role=option]')[this.at]).click();
  }

  /** Straight to what the code is of; a line that was marked by hand is meant instead. */
  async go() {
    const words = this.box.value.trim();
    if (!words || soughtBy(words) !== 'name') return;
    if (this.at > 0) { /** @type {HTMLElement} */ (this.list.querySelectorAll('[role=option]')[this.at]).click(); return; }
    const code = nearBy(words, this.handlers.path()) || words;
    const answer = this.known?.words === code ? this.known.answer : await this.ask(code);
    if (!answer || words !== this.box.value.trim()) return;
    const found = goal(answer, code);
    if (found) { this.close(); this.box.blur(); this.handlers.onOpen(found); return; }
    this.unknown(words);
  }

  /** @param {string} code that nothing has; what begins or ends with it stays listed */
  unknown(code) {
    const words = t('find.unknown', { code });
    if (!this.lines.length) { this.tell(words); return; }
    this.list.querySelector('.unknown')?.remove();
    this.list.prepend(element('div', { class: 'found-head unknown', role: 'presentation' }, words));
    this.told.textContent = words;
  }
}
