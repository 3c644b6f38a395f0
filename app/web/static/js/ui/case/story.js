/** The log of a case, the newest first; a switch leaves only the rows with which it went a step on. */

import { element } from '../../lib/dom.js';
import { english, nameOf, wordOf } from '../../lib/names.js';
import { when } from '../../lib/when.js';
import { hasWord, t } from '../../lib/words.js';
import { part, written } from './view.js';

/** @typedef {import('./view.js').View} View */

const NODES = 'panlong-only-nodes';

/**
 * @param {View} view
 * @returns {HTMLElement}
 */
export function drawStory(view) {
  const { log, more, id } = view.sheet;
  const list = element('ol', { class: 'cp-log' }, ...log.slice().reverse().map((/** @type {any} */ row) => drawRow(view, row)));
  const box = /** @type {HTMLInputElement} */ (element('input', { type: 'checkbox', role: 'switch' }));
  box.checked = sessionStorage.getItem(NODES) === 'yes';
  const show = () => list.classList.toggle('is-nodes', box.checked);
  box.addEventListener('change', () => { sessionStorage.setItem(NODES, box.checked ? 'yes' : 'no'); show(); });
  show();
  const found = part('story', t('casework.log'), element('label', { class: 'cp-nodes' }, box, t('sheet.only_nodes')), list,
    more ? element('p', {}, element('a', { href: `/cases/${id}` }, t('sheet.whole_log'))) : null);
  return found;
}

/** @param {any} row */
export const who = (row) => row.person ?? (row.somebody ? (row.seat ? t(`seat.${row.seat}`) : t('whose.somebody'))
  : row.move === 'report' ? wordOf('case_source', row.origin) : row.move === 'imported' ? '' : t('whose.platform'));

/** @param {any} row */
export const done = (row) => (hasWord(`done.${row.move}`) ? t(`done.${row.move}`) : row.move);

/**
 * @param {View} view
 * @param {any} row
 */
function drawRow(view, row) {
  const node = row.source === null || row.source !== row.target;
  const seat = [row.role ? t(`role.${row.role}`) : '', row.of_unit ?? ''].filter(Boolean).join(' · ');
  const route = row.route ? [row.route.by ? t(`casework.route_${row.route.by}`) : '', row.route.followed ? '' : t('casework.not_followed')].filter(Boolean).join(' ') : '';
  return element('li', { class: `${node ? 'is-node' : 'is-aside'}${row.taken_back ? ' is-back' : ''}`, 'data-version': row.version },
    element('time', { datetime: row.at }, when(row.at, view.now(), view.context)),
    element('div', {},
      element('p', {}, element('strong', {}, done(row)), node && row.source ? element('span', { class: 'fine' }, ` → ${t(`state.${row.target}`)}`) : null,
        row.taken_back ? element('span', { class: 'tag' }, t('casework.taken_back')) : null, row.late_entry ? element('span', { class: 'tag' }, t('casework.late_entry')) : null),
      element('p', { class: 'fine' }, who(row), seat ? ` · ${seat}` : ''),
      row.said.length ? element('dl', { class: 'said' }, ...row.said.flatMap((/** @type {any} */ line) => [element('dt', {}, t(`field.${line.field}`)), element('dd', {}, ...said(view, line))])) : null,
      route ? element('p', { class: 'fine' }, route) : null));
}

/**
 * @param {View} view
 * @param {any} line
 * @returns {(Node | string)[]} what was given, as people read it
 */
function said(view, line) {
  const { kind, value, names, unit } = line;
  const named = (/** @type {string} */ nobody) => [names.map((/** @type {any} */ one) => (one ? nameOf(one) : t(nobody))).join(english() ? ', ' : '、')];
  if (kind === 'text') return [value === null ? '—' : written(value)];
  if (kind === 'unit' || kind === 'units') return named('whose.unit');
  if (kind === 'account') return named('whose.somebody');
  if (kind === 'condition') return [`${value} `, names[0] ? written(names[0].name) : ''];
  if (kind === 'case') return [element('a', { href: `/cases/${value}` }, names[0]?.name ?? String(value))];
  if (kind === 'yes') return [t(value ? 'move.yes' : 'move.no')];
  if (kind === 'instant') return [when(value, view.now(), view.context)];
  if (kind === 'files') return [t('sheet.n_files', { n: value.length })];
  if (kind === 'amount' && unit) return [t(`limit_unit.${unit}`, { n: value })];
  return [Array.isArray(value) ? value.join(', ') : String(value)];
}
