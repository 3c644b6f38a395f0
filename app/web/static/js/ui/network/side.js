/** The list beside the picture: kinds of relation and of element, what is chosen, what it is tied to. */

import { element } from '../../lib/dom.js';
import { count } from '../../lib/format.js';
import { KINDS, neighbours, relationCounts } from '../../lib/network.js';
import { timeOf } from '../../lib/urgency.js';
import { t } from '../../lib/words.js';
import { mark } from '../mark.js';
import { glyphOf, nameOfNode, labelOf, sortOf, tieOf } from './naming.js';

/** @typedef {import('../../lib/network.js').Network} Network */
/** @typedef {import('../../lib/network.js').NetNode} NetNode */
/**
 * @typedef {object} SideHandlers
 * @property {(word: string) => void} onSwitch a relation or a kind
 * @property {(key: string) => void} onChoose
 * @property {(key: string) => void} onEnter
 * @property {() => void} onBack
 * @property {(key: string | null) => void} onPoint
 * @property {(key: string) => void} onOpen the thing itself, on the map page
 */

const ENDED = 'closed';
const WITH_CODE = new Set(['case', 'place']); // of which many have one name

/** @param {string} kind @param {string} letter @param {boolean} [vacant] */
export const glyph = (kind, letter, vacant = false) => element('span', { class: 'glyph', 'data-kind': kind, 'data-vacant': vacant, 'data-letter': letter, 'aria-hidden': 'true' });

const section = (/** @type {string} */ id, /** @type {string} */ title, /** @type {(Node | string | null)[]} */ ...children) => element('section', { 'aria-labelledby': id }, element('h3', { id }, title), ...children);

/**
 * @param {HTMLElement} host
 * @param {Network} found all of it
 * @param {Set<string>} off
 * @param {SideHandlers} handlers
 */
export function drawKinds(host, found, off, handlers) {
  const rows = relationCounts(found).map(([relation, n]) => {
    const box = element('input', { type: 'checkbox', 'data-relation': relation });
    /** @type {HTMLInputElement} */ (box).checked = !off.has(relation);
    box.addEventListener('change', () => handlers.onSwitch(relation));
    return element('label', { class: 'check' }, box, element('span', { class: 'tie', 'aria-hidden': 'true' }), t(`network.rel_${relation}`), element('span', { class: 'n' }, count(n)));
  });
  const tiles = KINDS.filter((kind) => found.totals[kind]).map((kind) => {
    const tile = element('button', { type: 'button', class: 'kind', 'data-kind': kind, 'aria-pressed': !off.has(kind) ? 'true' : 'false' },
      glyph(kind, t(`network.glyph_${kind}`)), element('span', {}, t(`network.kind_${kind}`)), element('b', {}, count(found.totals[kind])));
    tile.addEventListener('click', () => handlers.onSwitch(kind));
    return tile;
  });
  host.replaceChildren(section('net-relations', t('network.relations'), ...rows, rows.length ? null : element('p', { class: 'hint' }, t('network.alone'))),
    section('net-kinds', t('network.elements'), element('div', { class: 'kinds' }, ...tiles)));
}

/** @param {NetNode} node */
function time(node) {
  if (node.state === null) return null;
  const { urgency, text } = timeOf({ state: node.state, due_at: node.due_at }, new Date());
  return element('span', { class: `due ${urgency}` }, mark(urgency), urgency === ENDED ? t(`state.${node.state}`) : text);
}

/**
 * @param {HTMLElement} host
 * @param {Network} shown what is not switched off
 * @param {NetNode} node what is chosen
 * @param {boolean} canGoBack
 * @param {SideHandlers} handlers
 */
export function drawChosen(host, shown, node, canGoBack, handlers) {
  const rows = neighbours(shown, node.key).map((neighbour) => row(neighbour, handlers));
  const button = (/** @type {string} */ id, /** @type {string} */ word, /** @type {() => void} */ act) => {
    const made = element('button', { type: 'button', class: 'button small', id }, word);
    made.addEventListener('click', act);
    return made;
  };
  const own = /^(case|cell|area|element):\d+$/.test(node.key);
  host.replaceChildren(section('net-chosen', t('network.chosen'),
    element('div', { class: 'chosen-name', 'data-key': node.key }, glyph(node.kind, glyphOf(node), node.vacant > 0 && node.count === 1), element('b', {}, node.count > 1 ? labelOf(node) : nameOfNode(node))),
    element('p', { class: 'chosen-what' }, [sortOf(node), node.count > 1 || node.kind === 'organisation' ? '' : node.code ?? ''].filter(Boolean).join(' · '), node.vacant && node.count > 1 ? ` · ${t('network.vacancies', { n: node.vacant })}` : null),
    time(node),
    element('div', { class: 'chosen-do' },
      node.opens && node.opens !== shown.of ? button('net-enter', t(node.count > 1 ? 'network.unfold' : 'network.enter'), () => handlers.onEnter(node.key)) : null,
      own ? button('net-open', t(`network.open_${node.key.split(':')[0]}`), () => handlers.onOpen(node.key)) : null,
      canGoBack ? button('net-back', t('network.back'), () => handlers.onBack()) : null)),
  section('net-neighbours', t('network.neighbours', { n: rows.length }),
    rows.length ? element('ul', { class: 'beside', id: 'net-list' }, ...rows) : element('p', { class: 'hint' }, t('network.no_neighbours')),
    element('p', { class: 'hint keys' }, t('network.keys'))));
}

/**
 * @param {import('../../lib/network.js').Neighbour} neighbour
 * @param {SideHandlers} handlers
 */
function row({ node, relations }, handlers) {
  const vacant = node.vacant > 0 && node.count === 1;
  const made = element('button', { type: 'button', 'data-key': node.key, class: vacant ? 'vacant' : '' },
    glyph(node.kind, glyphOf(node), vacant),
    element('span', { class: 'who' }, element('b', {}, node.count > 1 ? labelOf(node) : nameOfNode(node)),
      element('small', {}, WITH_CODE.has(node.kind) && node.code && node.count === 1 ? node.code : sortOf(node)), time(node)),
    element('span', { class: 'how' }, relations.map(tieOf).join(' · ')));
  made.addEventListener('click', () => handlers.onChoose(node.key));
  made.addEventListener('focus', () => handlers.onPoint(node.key));
  made.addEventListener('blur', () => handlers.onPoint(null));
  made.addEventListener('pointerenter', () => handlers.onPoint(node.key));
  made.addEventListener('pointerleave', () => handlers.onPoint(null));
  return element('li', {}, made);
}

/**
 * Up and down walk the neighbours, right goes to one and left comes back, Enter puts it in the middle.
 * @param {HTMLElement} host
 * @param {SideHandlers} handlers
 */
export function useArrows(host, handlers) {
  host.addEventListener('keydown', (event) => {
    const now = /** @type {HTMLElement} */ (event.target).closest?.('#net-list button');
    if (!now || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = /** @type {HTMLElement[]} */ ([...host.querySelectorAll('#net-list button')]);
    const key = /** @type {HTMLElement} */ (now).dataset.key ?? '';
    const to = (/** @type {number} */ i) => rows[Math.max(0, Math.min(rows.length - 1, i))].focus();
    const at = rows.indexOf(/** @type {HTMLElement} */ (now));
    const act = {
      ArrowDown: () => to(at + 1), ArrowUp: () => to(at - 1), Home: () => to(0), End: () => to(rows.length - 1),
      ArrowRight: () => handlers.onChoose(key), ArrowLeft: () => handlers.onBack(), Enter: () => handlers.onEnter(key),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
