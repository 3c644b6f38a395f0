/** The crumbs: where one is in the tree; each step leads back, and opens what lies beside it. */

import { element, icon } from '../lib/dom.js';
import { nameOf } from '../lib/names.js';
import { t } from '../lib/words.js';

/** @typedef {{id: number | null, name: string, name_en: string | null, level: string, code?: string, under?: number}} Crumb `under` is the area itself where choosing it is choosing nothing */

const CELL_CODE = 15;

/** @param {Crumb} area */
const called = (area) => (area.level === 'cell' && area.code?.length === CELL_CODE ? t('map.cell_number', { number: area.code.slice(12) }) : nameOf(area));

/**
 * @param {HTMLElement} host
 * @param {Crumb[]} path the root first
 * @param {(id: number | null) => void} onGo
 * @param {(parent: number) => Promise<Crumb[]>} below asks what lies right below an area
 */
export function drawCrumbs(host, path, onGo, below) {
  // A list that is open stays open while what is around it is drawn again.
  const key = JSON.stringify(path.map((area) => [area.id, called(area)]));
  if (host.dataset.path === key) return;
  host.dataset.path = key;
  host.replaceChildren(...path.flatMap((area, i) => {
    const last = i === path.length - 1;
    const crumb = element('button', { type: 'button', class: 'crumb', 'aria-current': last ? 'location' : null }, called(area));
    crumb.addEventListener('click', () => onGo(i ? area.id : null));
    const more = area.level === 'cell' ? [] : siblings(area, path[i + 1]?.id ?? null, onGo, below);
    return [crumb, ...more];
  }));
}

/**
 * @param {Crumb} parent
 * @param {number | null} current of those below it the one that one is in
 * @param {(id: number | null) => void} onGo
 * @param {(parent: number) => Promise<Crumb[]>} below
 * @returns {HTMLElement[]} the step to what lies below an area: pressed, it lists them all
 */
function siblings(parent, current, onGo, below) {
  const list = element('ul', { class: 'siblings', popover: 'auto' });
  const label = t('map.siblings', { name: called(parent) });
  const button = element('button', { type: 'button', class: 'crumb-step', 'aria-haspopup': 'true', 'aria-expanded': 'false', 'aria-label': label, title: label }, icon('next'));
  button.addEventListener('click', async () => {
    const items = await below(/** @type {number} */ (parent.under ?? parent.id)).catch(() => []);
    list.replaceChildren(...items.map((area) => {
      const row = element('button', { type: 'button', 'aria-current': area.id === current ? 'true' : null }, called(area));
      row.addEventListener('click', () => { list.hidePopover(); onGo(area.id); });
      return element('li', {}, row);
    }));
    const { left, bottom } = button.getBoundingClientRect();
    Object.assign(list.style, { left: `${left}px`, top: `${bottom + 4}px` });
    list.showPopover();
    /** @type {HTMLElement | null} */ (list.querySelector('[aria-current]') ?? list.querySelector('button'))?.focus();
  });
  list.addEventListener('toggle', (event) => button.setAttribute('aria-expanded', String(/** @type {any} */ (event).newState === 'open')));
  list.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const rows = [...list.querySelectorAll('button')];
    rows[Math.min(rows.length - 1, Math.max(0, rows.indexOf(/** @type {any} */ (document.activeElement)) + step))]?.focus();
  });
  return [button, list];
}
