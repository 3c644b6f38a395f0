/** The cells of a proposal as a table: figures, marks of what is out of bounds, and a way to choose them by key. */

import { element } from '../../lib/dom.js';
import { MARKS, byCommunity, short, sums } from '../../lib/proposal.js';
import { nameOf } from '../../lib/names.js';
import { t } from '../../lib/words.js';

/** @typedef {import('../../lib/proposal.js').Cell} Cell */

/** @param {Cell} cell @returns {string} */
export const calledOf = (cell) => nameOf({ name: cell.name ?? '', name_en: cell.name_en }) || t('proposal.new_cell');

/** @param {Cell} cell @returns {string} the name of its community */
export const familyOf = (cell) => nameOf({ name: cell.community_name, name_en: cell.community_name_en });

/**
 * @param {Cell} cell
 * @returns {string} what stands on the map at a cell
 */
export const labelOf = (cell) => `${short(cell.key, cell.community)}${cell.same ? '' : '*'}\n${t('proposal.label', { n: cell.households })}${cell.fits === 'within' ? '' : ` ${MARKS[cell.fits]}${t(`proposal.${cell.fits}`)}`}`;

/** @param {Cell} cell @returns {string} */
const changeOf = (cell) => {
  if (cell.same) return t('proposal.unchanged');
  const come = cell.moved ? `${t('proposal.and')}${t('proposal.come', { n: cell.moved })}` : '';
  return (!cell.was ? t('proposal.new_cell') : cell.was === cell.key ? t('proposal.moved') : t('proposal.from', { was: short(cell.was, cell.community) })) + come;
};

/**
 * @param {HTMLElement} body of the table
 * @param {Cell[]} cells
 * @param {string[]} chosen keys
 * @param {{choose: (key: string, on: boolean) => void, show: (cell: Cell) => void}} told
 */
export function drawCells(body, cells, chosen, told) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.key;
  const rows = [];
  for (const [community, family] of byCommunity(cells)) {
    rows.push(element('tr', { class: 'is-community' }, element('th', { colspan: 5, scope: 'rowgroup' }, t('proposal.community', { code: community, name: familyOf(family[0]), n: family.length }))));
    for (const cell of family) rows.push(row(cell, chosen.includes(cell.key), told));
  }
  body.replaceChildren(...rows);
  if (focused) /** @type {HTMLElement | null} */ (body.querySelector(`input[data-key="${CSS.escape(focused)}"]`))?.focus();
}

/**
 * @param {Cell} cell
 * @param {boolean} chosen
 * @param {{choose: (key: string, on: boolean) => void, show: (cell: Cell) => void}} told
 */
function row(cell, chosen, told) {
  const box = /** @type {HTMLInputElement} */ (element('input', { type: 'checkbox', 'data-key': cell.key, 'aria-label': t('proposal.choose_cell', { cell: cell.key }), checked: chosen }));
  box.addEventListener('change', () => told.choose(cell.key, box.checked));
  const show = element('button', { type: 'button', class: 'as-link' }, short(cell.key, cell.community));
  show.addEventListener('click', () => told.show(cell));
  const word = cell.fits === 'within' ? null : element('div', { class: `mark-${cell.fits}` }, `${MARKS[cell.fits]} ${t(`proposal.${cell.fits}`)}`);
  return element('tr', { class: chosen ? 'is-chosen' : null, 'data-cell': cell.key },
    element('td', {}, box),
    element('td', {}, show, element('div', { class: 'fine' }, calledOf(cell), cell.code ? ` · ${cell.code}` : null)),
    element('td', { class: 'number' }, String(cell.households), word),
    element('td', { class: 'number' }, String(cell.cases)),
    element('td', { class: 'fine' }, changeOf(cell)));
}

/**
 * @param {HTMLElement} place
 * @param {Cell[]} cells
 */
export function drawSums(place, cells) {
  const found = sums(cells);
  const parts = /** @type {const} */ (['cells', 'changed', 'households', 'cases', 'outside', 'moved']).flatMap((name) => [`${t(`proposal.sum_${name}`)} `, element('b', {}, String(found[name])), '　']);
  place.replaceChildren(...parts, t('proposal.sum_range', { least: found.least, most: found.most }));
}
