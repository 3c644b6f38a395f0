/** The same tools as forms: whatever a hand does on the map, keys do here. */

import { element } from '../../lib/dom.js';
import { blocksOf, byCommunity, short } from '../../lib/proposal.js';
import { t } from '../../lib/words.js';
import { calledOf, familyOf } from './cells.js';

/** @typedef {import('../../lib/proposal.js').Cell} Cell */
/** @typedef {(what: string, said: Record<string, any>) => void} Edit */

/** @param {string} label @param {HTMLElement} control */
const field = (label, control) => element('label', { class: 'field' }, element('span', {}, label), control);

/** @param {string} name @param {[string, string][]} options value and word @param {string} [picked] */
function list(name, options, picked) {
  const select = /** @type {HTMLSelectElement} */ (element('select', { name }));
  for (const [value, word] of options) select.append(element('option', { value, selected: value === picked }, word));
  return select;
}

/** @param {string} legend @param {boolean} wide @param {...(HTMLElement | null)} parts */
const group = (legend, wide, ...parts) => element('fieldset', { class: wide ? 'is-wide' : null }, element('legend', {}, legend), ...parts);

/** @param {string} word @param {() => void} act @param {string} [id] */
function press(word, act, id) {
  const button = element('button', { type: 'button', class: 'button small', id });
  button.textContent = word;
  button.addEventListener('click', act);
  return button;
}

/**
 * @param {HTMLElement} place
 * @param {{cells: Cell[], of_block: string[], suggestion: any}} one
 * @param {any[]} blocks their properties, by number
 * @param {string[]} chosen keys of cells
 * @param {{edit: Edit, work: Edit, mark: (numbers: number[]) => void}} told
 */
export function drawForms(place, one, blocks, chosen, told) {
  const cells = [...one.cells].sort((a, b) => (a.key < b.key ? -1 : 1));
  const words = new Map(cells.map((cell) => [cell.key, `${short(cell.key, cell.community)} ${calledOf(cell)}`]));
  const options = /** @type {[string, string][]} */ (cells.map((cell) => [cell.key, `${familyOf(cell)} · ${words.get(cell.key)}`]));
  const first = chosen[0] ?? cells[0]?.key;
  place.replaceChildren(
    giving(cells, one.of_block, blocks, options, first, chosen[1], told),
    group(t('proposal.split'), false, splitting(options, first, told)),
    group(t('proposal.merge'), false, element('p', { class: 'fine' }, chosen.length > 1 ? chosen.map((key) => words.get(key)).join('、') : t('proposal.merge_hint')), press(t('proposal.merge'), () => told.edit('merge', { cells: chosen }), 'merge')),
    group(t('proposal.naming'), false, naming(options, first, told)),
    group(t('proposal.balance'), false, balancing(one, cells, told)),
  );
}

/**
 * @param {Cell[]} cells @param {string[]} ofBlock @param {any[]} blocks @param {[string, string][]} options
 * @param {string | undefined} from @param {string | undefined} to @param {{edit: Edit, mark: (numbers: number[]) => void}} told
 */
function giving(cells, ofBlock, blocks, options, from, to, told) {
  const source = list('from', options, from);
  const target = list('to', options, to);
  const many = /** @type {HTMLSelectElement} */ (element('select', { multiple: true, name: 'blocks', 'aria-label': t('proposal.blocks') }));
  const fill = () => {
    const community = cells.find((cell) => cell.key === source.value)?.community;
    const beside = new Set(cells.filter((cell) => cell.community === community && cell.key !== source.value).map((cell) => cell.key));
    many.replaceChildren(...blocksOf(ofBlock, source.value).map((no) => element('option', { value: no }, t('proposal.block', { name: short(blocks[no].name, blocks[no].community), households: blocks[no].households, cases: blocks[no].cases }))));
    for (const option of target.options) option.hidden = option.disabled = !beside.has(option.value);
    if (target.selectedOptions[0]?.disabled !== false) target.value = [...target.options].find((option) => !option.disabled)?.value ?? '';
  };
  source.addEventListener('change', fill);
  many.addEventListener('change', () => told.mark([...many.selectedOptions].map((option) => Number(option.value))));
  fill();
  const give = press(t('proposal.give'), () => {
    const names = [...many.selectedOptions].map((option) => blocks[Number(option.value)].name);
    told.edit('give', { blocks: names, to: target.value });
  }, 'give');
  return group(t('proposal.giving'), true, element('div', { class: 'row' }, field(t('proposal.from_cell'), source), field(t('proposal.to_cell'), target)), field(t('proposal.blocks'), many), give);
}

/** @param {[string, string][]} options @param {string | undefined} first @param {{edit: Edit}} told */
function splitting(options, first, told) {
  const cell = list('cell', options, first);
  const parts = /** @type {HTMLInputElement} */ (element('input', { type: 'number', min: 2, max: 20, value: 2 }));
  return element('div', {}, field(t('proposal.cell'), cell), field(t('proposal.parts'), parts), press(t('proposal.split'), () => told.edit('split', { cell: cell.value, parts: Number(parts.value) }), 'split'));
}

/** @param {[string, string][]} options @param {string | undefined} first @param {{edit: Edit}} told */
function naming(options, first, told) {
  const cell = list('cell', options, first);
  const name = /** @type {HTMLInputElement} */ (element('input', { maxlength: 120, autocomplete: 'off' }));
  const code = /** @type {HTMLInputElement} */ (element('input', { maxlength: 60, autocomplete: 'off' }));
  return element('div', {}, field(t('proposal.cell'), cell), field(t('proposal.name'), name), field(t('proposal.code'), code), press(t('proposal.name_it'), () => told.edit('name', { cell: cell.value, name: name.value, code: code.value })));
}

/** @param {any} one @param {Cell[]} cells @param {{edit: Edit, work: Edit}} told */
function balancing(one, cells, told) {
  const community = list('community', [...byCommunity(cells)].map(([code, family]) => [code, t('proposal.community', { code, name: familyOf(family[0]), n: family.length })]));
  const found = one.suggestion;
  return element('div', {}, field(t('proposal.which_community'), community),
    press(t('proposal.balance_it'), () => told.work('balance', { community: community.value }), 'balance'),
    found ? element('p', { class: 'fine', id: 'suggestion' }, t('proposal.suggested', { community: found.community, n: found.figures.length, least: Math.min(...found.figures.map((/** @type {any} */ cell) => cell.households)), most: Math.max(...found.figures.map((/** @type {any} */ cell) => cell.households)), moved: found.figures.reduce((/** @type {number} */ sum, /** @type {any} */ cell) => sum + cell.moved, 0), broken: found.broken })) : null,
    found ? press(t('proposal.take'), () => told.edit('take', {}), 'take') : null);
}
