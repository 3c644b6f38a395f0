/** What a role has above its queue: parts that fold, each remembered by the browser as it was left. */

import { element } from '../lib/dom.js';

const FOLDED = 'panlong.first';

/** Parts that are folded until somebody opens them. */
const AWAY = new Set(['duty']);

/**
 * @param {string} name
 * @param {string} word
 * @param {string | number} n beside the word
 * @param {boolean} alarm whether the number is of something late
 * @param {...(Node | null)} children
 * @returns {HTMLElement}
 */
export function part(name, word, n, alarm, ...children) {
  const kept = localStorage.getItem(`${FOLDED}.${name}`);
  const box = /** @type {HTMLDetailsElement} */ (element('details', { class: 'first-part', 'data-part': name, open: kept === null ? !AWAY.has(name) : kept === 'open' },
    element('summary', { id: `first-${name}` }, element('span', { class: 'first-name' }, word), element('b', { class: alarm ? 'some' : null }, String(n))), ...children));
  box.addEventListener('toggle', () => localStorage.setItem(`${FOLDED}.${name}`, box.open ? 'open' : 'away'));
  return box;
}

/**
 * Put parts in their place anew. What had the focus has it again, and each part stays where it was scrolled to.
 * @param {HTMLElement} host
 * @param {HTMLElement[]} parts
 */
export function putParts(host, parts) {
  const focused = host.contains(document.activeElement) ? document.activeElement?.id : '';
  const scrolled = new Map([...host.querySelectorAll('[data-scroll]')].map((one) => [one.getAttribute('data-scroll'), [one.scrollLeft, one.scrollTop]]));
  const top = host.scrollTop;
  host.replaceChildren(...parts);
  for (const one of host.querySelectorAll('[data-scroll]')) [one.scrollLeft, one.scrollTop] = scrolled.get(one.getAttribute('data-scroll')) ?? [0, 0];
  host.scrollTop = top;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}
