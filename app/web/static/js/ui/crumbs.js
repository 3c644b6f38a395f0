/** The crumbs: where one is in the tree, each step a way back. */

import { element, icon } from '../lib/dom.js';
import { nameOf } from '../lib/names.js';
import { t } from '../lib/words.js';

/**
 * @param {HTMLElement} host
 * @param {{id: number | null, name: string, name_en: string | null, level: string, code?: string}[]} path the root first
 * @param {(id: number | null) => void} onGo
 */
export function drawCrumbs(host, path, onGo) {
  host.replaceChildren(...path.flatMap((area, i) => {
    const last = i === path.length - 1;
    const short = area.level === 'cell' && area.code?.length === 15 ? t('map.cell_number', { number: area.code.slice(12) }) : nameOf(area);
    const crumb = element('button', { type: 'button', class: 'crumb', 'aria-current': last ? 'location' : null }, short);
    crumb.addEventListener('click', () => onGo(i ? area.id : null));
    return i ? [icon('next'), crumb] : [crumb];
  }));
}
