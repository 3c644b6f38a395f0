/** What was told and where: text, place, condition, who has it, and whoever reported with one key to call them back. */

import { callReporter, Problem } from '../../api/client.js';
import { element, icon } from '../../lib/dom.js';
import { english, nameOf, wordOf } from '../../lib/names.js';
import { when } from '../../lib/when.js';
import { t } from '../../lib/words.js';
import { part, written } from './view.js';

/** @typedef {import('./view.js').View} View */

const SHOWN_MS = 60000;

/**
 * @param {View} view
 * @param {boolean} calls whether whoever looks may call back
 * @returns {HTMLElement}
 */
export function drawPlace(view, calls) {
  const { sheet, context } = view;
  const row = (/** @type {string} */ name, /** @type {(Node | string | null)[]} */ ...value) => [element('dt', {}, name), element('dd', {}, ...value)];
  const unit = sheet.unit && (english() && sheet.unit_en ? sheet.unit_en : sheet.unit);
  const co = sheet.co_units.map(nameOf).join(english() ? ', ' : '、');
  return part('place', t('casework.what'),
    element('p', { class: 'cp-told' }, sheet.description ? written(sheet.description) : t('casework.no_description')),
    element('dl', { class: 'about' },
      ...row(t('casework.place'), sheet.address ? element('b', {}, written(sheet.address)) : t('map.no_address'), crumbs(view)),
      ...(sheet.condition_number ? row(t('field.condition'), `${sheet.condition_number} `, written(sheet.condition),
        element('small', {}, `${t('casework.closing')} · `, written(sheet.closing_condition))) : []),
      ...(unit ? row(t('field.unit'), unit, sheet.crew ? ` · ${sheet.crew}` : null, co ? element('small', {}, `${t('field.co_units')} · ${co}`) : null) : []),
      ...row(t('casework.reported'), `${when(sheet.reported_at, view.now(), context)}${sheet.source ? ` · ${wordOf('case_source', sheet.source)}` : ''}`),
      ...(sheet.contact ? row(t('field.contact'), ...contact(view, calls)) : []),
      ...(sheet.ref && sheet.number ? row(t('casework.ref'), sheet.ref) : []),
      ...(sheet.file_name ? row(t('sheet.import'), sheet.file_name) : [])));
}

/** @param {View} view */
function crumbs({ sheet, context }) {
  if (!sheet.path.length) return element('small', {}, t(sheet.lon === null ? 'map.unlocated' : 'map.outside'));
  return element('span', { class: 'path' }, ...sheet.path.flatMap((/** @type {any} */ area, /** @type {number} */ i) => {
    const short = area.level === 'cell' && area.code.length === 15 ? t('map.cell_number', { number: area.code.slice(12) }) : nameOf(area);
    const button = element('button', { type: 'button', title: area.code }, short);
    button.addEventListener('click', () => context.onArea(area.id));
    return i ? [element('span', { 'aria-hidden': 'true' }, '›'), button] : [button];
  }));
}

/**
 * @param {View} view
 * @param {boolean} calls
 * @returns {HTMLElement[]}
 */
function contact(view, calls) {
  const { contact: masked, id } = view.sheet;
  const number = element('span', { class: 'number', translate: 'no' }, masked.phone);
  const told = element('small', { role: 'status', class: 'cp-call-told' });
  const name = masked.name ? [element('span', {}, `${masked.name} `)] : [];
  if (!calls) return [...name, number];
  const key = /** @type {HTMLButtonElement} */ (element('button', { type: 'button', class: 'button small' }, icon('phone'), t('casework.call')));
  const hide = () => { number.replaceChildren(masked.phone); told.textContent = ''; key.hidden = false; };
  key.addEventListener('click', async () => {
    key.disabled = true;
    try {
      const found = await callReporter(id);
      number.replaceChildren(element('a', { href: `tel:${found.phone}` }, found.phone));
      told.textContent = t('sheet.call_logged');
      key.hidden = true;
      setTimeout(hide, SHOWN_MS);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      told.textContent = problem.status === 0 ? t('map.server_gone') : problem.message;
    } finally {
      key.disabled = false;
    }
  });
  return [...name, number, key, told];
}
