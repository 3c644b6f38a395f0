/** Which borders and names are drawn. */

import { element } from '../lib/dom.js';
import { count } from '../lib/format.js';
import { t } from '../lib/words.js';

/**
 * @param {HTMLElement} host
 * @param {{level: string, count: number}[]} levels
 * @param {Set<string>} hidden
 * @param {() => void} onChange
 */
export function drawLayers(host, levels, hidden, onChange) {
  const row = (/** @type {string} */ key, /** @type {string} */ word, /** @type {Node | null} */ picture, /** @type {string} */ n) => {
    const box = /** @type {HTMLInputElement} */ (element('input', { type: 'checkbox', checked: !hidden.has(key) }));
    box.addEventListener('change', () => { hidden[box.checked ? 'delete' : 'add'](key); onChange(); });
    return element('label', { class: 'check' }, box, picture, element('span', {}, word), element('span', { class: 'n' }, n));
  };
  const drawn = levels.filter((level) => level.level !== 'resident_group' && level.count > 0);
  host.replaceChildren(
    ...drawn.map((level) => row(level.level, t(`map.border_${level.level}`), element('span', { class: `line line-${level.level}`, 'aria-hidden': true }), level.level === 'district' ? '' : count(level.count))),
    row('names', t('map.names'), null, ''), row('ground', t('map.ground'), null, ''),
  );
}
