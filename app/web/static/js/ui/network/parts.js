/** What the network view is made of: the head with its counts, the ground of the picture, the list, the chip on the map. */

import { element, icon } from '../../lib/dom.js';
import { count as figure } from '../../lib/format.js';
import { t } from '../../lib/words.js';
import { nameOfNode } from './naming.js';

/** @typedef {import('../../lib/network.js').Network} Network */

/**
 * @param {string} name
 * @param {string} word
 * @param {() => void} act
 */
function tool(name, word, act) {
  const made = element('button', { type: 'button', class: 'tool', id: `net-${name}`, 'aria-label': word, title: word }, icon(name));
  made.addEventListener('click', act);
  return made;
}

/**
 * @param {{onChange: (patch: {hops: string}) => void, onClose: () => void}} handlers
 * @param {() => void} onFit
 */
export function parts({ onChange, onClose }, onFit) {
  const says = element('span', { class: 'net-says', role: 'status' });
  const hops = ['1', ''].map((value) => {
    const made = element('button', { type: 'button', 'data-hops': value || '2' }, t(value ? 'network.hops_1' : 'network.hops_2'));
    made.addEventListener('click', () => onChange({ hops: value }));
    return made;
  });
  const picture = element('div', { class: 'net-picture', 'aria-hidden': 'true' });
  const message = element('div', { class: 'net-message', hidden: true });
  const chip = element('p', { class: 'chip net-lit', hidden: true });
  const kinds = element('div', {});
  const detail = element('div', {});
  const middle = element('section', { class: 'net', id: 'net', 'aria-labelledby': 'net-title' },
    element('header', {}, icon('network'), element('h2', { id: 'net-title' }, t('network.title')), says,
      element('span', { class: 'end' }, element('span', { class: 'hops', role: 'group', 'aria-label': t('network.depth') }, ...hops),
        tool('whole', t('network.fit'), onFit), tool('close', `${t('map.close')} (Esc)`, onClose))),
    element('div', { class: 'net-ground' }, picture, message));
  const side = element('aside', { class: 'net-side', id: 'net-side', 'aria-label': t('network.list') }, kinds, detail);
  side.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && /** @type {HTMLElement} */ (event.target).closest('input')) onClose(); // the page leaves keys to fields
  });
  return {
    middle, side, picture, chip, kinds, detail,

    /** @param {string} value of the address */
    hop: (value) => hops.forEach((button, i) => button.setAttribute('aria-pressed', String((i === 0) === (value === '1')))),

    /** @param {number} n of places on the map */
    lit: (n) => { chip.hidden = false; chip.replaceChildren(icon('map'), t('network.lit', { n })); },

    /**
     * @param {string | null} words instead of picture and list
     * @param {() => void} [retry]
     */
    say: (words, retry) => {
      message.hidden = words === null;
      side.hidden = words !== null;
      message.setAttribute('role', retry ? 'alert' : 'status');
      const again = retry ? element('button', { type: 'button', class: 'button' }, t('network.again')) : null;
      again?.addEventListener('click', () => retry?.());
      message.replaceChildren(element('p', {}, words ?? ''), again ?? '');
    },

    /**
     * @param {Network} found
     * @param {Network} shown what of it is not switched off
     */
    count: (found, shown) => {
      const sum = (/** @type {{count: number}[]} */ things) => things.reduce((all, { count }) => all + count, 0);
      const unread = found.elements - sum(found.nodes);
      says.replaceChildren(element('b', {}, nameOfNode(found.nodes[0])), ' ',
        [t('network.size', { elements: figure(sum(shown.nodes)), relations: figure(sum(shown.edges)) }),
          found.folded ? t(`network.folded_${found.folded}`) : '', unread > 0 ? t('network.unread', { n: figure(unread) }) : ''].filter(Boolean).join(' · '));
    },

    remove: () => { for (const part of [middle, side, chip]) part.remove(); },
  };
}
