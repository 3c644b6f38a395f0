/** The two desks of a community as tabs over its queue: 工作站 for services, 综治站 for all else. */

import { element } from '../lib/dom.js';
import { STATIONS } from '../lib/state.js';
import { t } from '../lib/words.js';

/**
 * @param {HTMLElement} host
 * @param {string} station that is shown alone; nothing for both
 * @param {(patch: {station: string, case: null}) => void} onChange
 */
export function drawStations(host, station, onChange) {
  host.replaceChildren(...['', ...STATIONS].map((name) => {
    const button = element('button', { type: 'button', class: 'station', 'data-station': name, 'aria-pressed': String(station === name), title: name ? t(`station.${name}_is`) : null }, t(name ? `station.${name}` : 'station.both'));
    button.addEventListener('click', () => onChange({ station: name, case: null }));
    return button;
  }));
}
