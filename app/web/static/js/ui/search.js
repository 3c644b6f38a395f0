/** The search box: areas and places by name or code. */

import { search as ask } from '../api/client.js';
import { element } from '../lib/dom.js';
import { nameOf } from '../lib/names.js';
import { t } from '../lib/words.js';

const WAIT_MS = 140;

/**
 * @param {HTMLInputElement} box
 * @param {HTMLElement} list
 * @param {(item: any) => void} onChoose
 */
export function useSearch(box, list, onChoose) {
  /** @type {any[]} */
  let items = [];
  let at = -1;
  let timer = 0;
  let running = new AbortController();

  const close = () => {
    list.hidden = true;
    at = -1;
    box.setAttribute('aria-expanded', 'false');
    box.removeAttribute('aria-activedescendant');
  };
  const mark = (/** @type {number} */ next) => {
    at = items.length ? (next + items.length) % items.length : -1;
    list.querySelectorAll('li').forEach((row, i) => row.setAttribute('aria-selected', String(i === at)));
    if (at >= 0) {
      box.setAttribute('aria-activedescendant', `found-${at}`);
      list.children[at].scrollIntoView({ block: 'nearest' });
    }
  };
  const choose = (/** @type {number} */ i) => {
    close();
    box.blur();
    onChoose(items[i]);
  };
  const draw = () => {
    const rows = items.map((item, i) => {
      const row = element('li', { role: 'option', id: `found-${i}`, 'aria-selected': 'false' },
        element('span', { class: 'kind' }, t(`map.kind_${item.kind}`)), element('span', {}, nameOf(item)), element('span', { class: 'of' }, item.code ?? item.path ?? ''));
      row.addEventListener('mousedown', (event) => { event.preventDefault(); choose(i); });
      return row;
    });
    list.replaceChildren(...(rows.length ? rows : [element('li', { class: 'none' }, t('map.nothing_found'))]));
    list.hidden = false;
    box.setAttribute('aria-expanded', 'true');
    mark(0);
  };

  const stop = () => {
    clearTimeout(timer);
    running.abort();
  };

  box.addEventListener('input', () => {
    stop();
    const words = box.value.trim();
    if (!words) { close(); return; }
    timer = window.setTimeout(async () => {
      running = new AbortController();
      try {
        ({ items } = await ask(words, running.signal));
        draw();
      } catch { /* a later search has taken its place, or the banner tells */ }
    }, WAIT_MS);
  });
  box.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') mark(at + 1);
    else if (event.key === 'ArrowUp') mark(at - 1);
    else if (event.key === 'Enter' && at >= 0) choose(at);
    else if (event.key === 'Escape') { box.value = ''; close(); box.blur(); } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  // An answer that comes after one has left would lie over the page, with nothing to close it.
  box.addEventListener('blur', () => { stop(); close(); });
}
