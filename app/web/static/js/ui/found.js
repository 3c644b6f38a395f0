/** The lines of what a search has found, group by group. */

import { element, icon } from '../lib/dom.js';
import { nameOf } from '../lib/names.js';
import { timeOf } from '../lib/urgency.js';
import { hasWord, t } from '../lib/words.js';
import { mark } from './mark.js';
import { placeOf } from './queue.js';

/** @typedef {import('../lib/found.js').Line} Line */

const LAST_DIGITS = 4;

/**
 * @param {HTMLElement} list
 * @param {{group: string, rows: Line[][]}[]} groups
 * @param {(line: Line, option: HTMLElement) => void} onChoose
 * @returns {Line[]} in the order of the options, which are `found-0` and so on
 */
export function drawFound(list, groups, onChoose) {
  /** @type {Line[]} */ const lines = [];
  const option = (/** @type {Line} */ line) => {
    const node = drawn(line);
    node.id = `found-${lines.length}`;
    node.setAttribute('role', 'option');
    node.setAttribute('aria-selected', 'false');
    node.tabIndex = -1;
    // The box keeps the focus, so that what is typed next goes there.
    node.addEventListener('mousedown', (event) => event.preventDefault());
    node.addEventListener('click', () => onChoose(line, node));
    lines.push(line);
    return node;
  };
  list.replaceChildren(...groups.map(({ group, rows }) => {
    const head = element('div', { class: 'found-head', id: `found-${group}`, role: 'presentation' }, t(`find.${group}`));
    return element('div', { role: 'group', 'aria-labelledby': head.id }, head, ...rows.map((row) => element('div', { class: 'found-row', role: 'presentation' }, ...row.map(option))));
  }));
  return lines;
}

/** @param {Line} line */
function drawn({ group, item, does }) {
  if (does === 'day' || does === 'night') {
    const number = item[`${does}_phone`];
    return element('a', { class: 'dial', href: `tel:${number}`, title: t(`find.dial_${does}`) }, icon('phone'), element('span', { class: 'sr' }, t(`find.dial_${does}`)), number);
  }
  if (does === 'call') return element('button', { type: 'button', class: 'dial', 'data-call': item.code }, icon('phone'), t('casework.call'));
  return element('div', { class: 'one', 'data-group': group }, ...LINES[group](item));
}

/** @type {Record<string, (item: any) => (Node | null)[]>} */
const LINES = {
  areas: (item) => named(t(`map.kind_${item.kind}`), nameOf(item), item.path ? nameOf({ name: item.path, name_en: item.path_en }) : '', item.code),
  sites: (item) => registered(item),
  organisations: (item) => registered(item),
  objects: (item) => registered(item),
  places: (item) => named(t(`map.kind_${item.kind}`), nameOf(item)),
  units: (item) => named(t(`units.kind_${item.kind}`), nameOf(item)),
  staff: (item) => named(item.posts.length ? postWord(item.posts[0]) : '', item.simulated ? `${item.name}${t('map.simulated_mark')}` : item.name, item.posts.map(postPlace).filter(Boolean).join(' · '), item.code),
  residents: () => [icon('search'), element('span', { class: 'name' }, t('find.resident'), element('small', {}, t('find.resident_hint')))],
  cases(item) {
    const said = item.number ?? item.ref ?? '';
    const where = [placeOf(item), item.address].filter(Boolean).join(' · ');
    return [
      mark(timeOf(item, new Date()).urgency),
      element('span', { class: 'digits', title: said }, element('span', { class: 'sr' }, said.slice(0, -LAST_DIGITS)), said.slice(-LAST_DIGITS)),
      element('span', { class: 'name' }, nameOf({ name: item.category, name_en: item.category_en }), element('small', {}, where)),
      element('span', { class: 'of' }, t(`state.${item.state}`)),
    ];
  },
};

/**
 * @param {string} kind
 * @param {string} name
 * @param {string} [below] where it lies, or what it does
 * @param {string} [code]
 */
const named = (kind, name, below = '', code = '') => [
  element('span', { class: 'kind' }, kind),
  element('span', { class: 'name' }, name, below ? element('small', {}, below) : null),
  code ? element('span', { class: 'of' }, code) : null,
];

/** @param {any} item of the registry */
function registered(item) {
  const sort = nameOf({ name: item.type_name, name_en: item.type_name_en });
  const own = item.name ?? sort;
  return named(sort, item.simulated ? `${own}${t('map.simulated_mark')}` : own, [item.address, item.area && nameOf(item.area)].filter(Boolean).join(' · '), item.code ?? '');
}

/** @param {any} post @returns {string} what somebody is, by role or by duty */
const postWord = (post) => (hasWord(`board.duty_${post.word}`) ? t(`board.duty_${post.word}`) : hasWord(`role.${post.word}`) ? t(`role.${post.word}`) : post.title ?? '');

/** @param {any} post */
const postPlace = (post) => [post.unit && nameOf({ name: post.unit, name_en: post.unit_en }), post.area && nameOf({ name: post.area, name_en: post.area_en })].filter(Boolean).join(' ');
