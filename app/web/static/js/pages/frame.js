/** The frame around the map: clock, theme, keys, and which of its parts a phone shows. */

import { byId } from '../lib/dom.js';
import { layTo, switchRail, switchTime } from './layout.js';

/** @typedef {any} Page the map page, as far as the frame needs it */

/** @param {Page} page */
export function useFrame(page) {
  const clock = byId('clock');
  const tick = () => {
    clock.textContent = new Intl.DateTimeFormat('en-GB', { timeZone: page.zone, hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date());
  };
  tick();
  setInterval(tick, 1000);
  byId('theme').addEventListener('click', () => switchTheme(page));
  byId('keys').addEventListener('click', () => /** @type {HTMLDialogElement} */ (byId('help')).showModal());
  byId('zoom-in').addEventListener('click', () => page.map?.zoom(1));
  byId('zoom-out').addEventListener('click', () => page.map?.zoom(-1));
  byId('whole').addEventListener('click', () => page.map?.whole());
  document.getElementById('language')?.addEventListener('click', (event) => {
    const link = /** @type {HTMLAnchorElement} */ (event.currentTarget);
    const query = new URLSearchParams(location.search);
    query.set('lang', link.hreflang);
    link.href = `?${query}`;
  });
  for (const button of document.querySelectorAll('.switch button')) {
    button.addEventListener('click', () => {
      const view = /** @type {HTMLElement} */ (button).dataset.view ?? 'list';
      byId('desk').dataset.view = view;
      document.querySelectorAll('.switch button').forEach((other) => other.setAttribute('aria-pressed', String(other === button)));
      if (view === 'map') page.map?.resize();
    });
  }
}

/**
 * Say something that does not change while one works: once a window, until it is put away.
 * @param {HTMLElement} note with a button in it
 */
export function sayOnce(note) {
  const key = `panlong.said.${note.id}`;
  note.hidden = sessionStorage.getItem(key) !== null;
  note.querySelector('button')?.addEventListener('click', () => { sessionStorage.setItem(key, 'yes'); note.hidden = true; });
}

/** @param {Page} page */
function switchTheme(page) {
  const root = document.documentElement;
  const dark = root.dataset.theme !== 'dark';
  if (dark) root.dataset.theme = 'dark';
  else delete root.dataset.theme;
  page.state.theme = dark ? 'dark' : 'light';
  page.writeAddress(true);
  page.restyle();
}

/** @param {Page} page */
export function useKeys(page) {
  document.addEventListener('keydown', (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, select, textarea, dialog[open]')) return;
    const act = {
      '/': () => byId('search').focus(), '?': () => byId('keys').click(), Escape: () => page.close(),
      j: () => walk(1), k: () => walk(-1), '+': () => page.map?.zoom(1), '=': () => page.map?.zoom(1), '-': () => page.map?.zoom(-1),
      0: () => page.map?.whole(), f: () => byId('filter-state').focus(), d: () => switchTheme(page), n: () => page.network.toggle(), x: () => page.batch.toggle(),
      m: () => layTo(page, 'map'), l: () => layTo(page, 'list'), '[': () => switchRail(page), w: () => page.joined.popOther(), t: () => switchTime(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/** @param {number} step */
function walk(step) {
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.queue .case[data-case]')]);
  const now = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  const from = now >= 0 ? now : rows.findIndex((row) => row.hasAttribute('aria-current'));
  rows[Math.min(rows.length - 1, Math.max(0, from + step))]?.focus();
}
