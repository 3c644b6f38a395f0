/** What is wrong with a proposal, and how it compares with the cells of today. */

import { element } from '../../lib/dom.js';
import { spread } from '../../lib/proposal.js';
import { hasWord, t } from '../../lib/words.js';

const NS = 'http://www.w3.org/2000/svg';

const FEW = 3;

/**
 * @param {HTMLElement} place
 * @param {{faults: any[], notes: any[]}} found
 * @param {(key: string) => void} show
 */
export function drawFindings(place, found, show) {
  /** @param {string} kind @param {any} one */
  const item = (kind, one) => {
    const said = element('span', {}, sentence(one), ' ');
    if (one.cell) {
      const jump = element('button', { type: 'button', class: 'as-link' }, t('proposal.show', { cell: one.cell }));
      jump.addEventListener('click', () => show(one.cell));
      said.append(jump);
    }
    return element('li', { class: `finding is-${kind}` }, element('b', {}, t(`proposal.${kind}`)), said);
  };
  // Of very many notes of one kind the first stands for all until somebody asks.
  const kinds = /** @type {Map<string, any[]>} */ (new Map());
  for (const one of found.notes) kinds.set(one.code, [...(kinds.get(one.code) ?? []), one]);
  const notes = [...kinds.values()].flatMap((/** @type {any[]} */ alike) => (alike.length <= FEW ? alike.map((one) => item('note', one)) : [
    item('note', alike[0]),
    element('li', {}, element('details', {}, element('summary', {}, t('proposal.alike', { n: alike.length - 1 })), element('ul', { class: 'findings' }, ...alike.slice(1).map((one) => item('note', one))))),
  ]));
  const rows = [...found.faults.map((one) => item('fault', one)), ...notes];
  place.replaceChildren(rows.length ? element('ul', { class: 'findings' }, ...rows) : element('p', { class: 'told' }, t('proposal.holds')));
}

/** @param {any} one @returns {string} */
const sentence = (one) => (hasWord(`fault.${one.code}`) ? t(`fault.${one.code}`, { row: one.row ?? '', value: one.value ?? '', ...one.facts }) : one.code);

/** @param {number | null} value @param {number} digits */
const figure = (value, digits = 0) => (value === null || value === undefined ? '—' : value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: digits }));

/** @param {number | null} value */
const share = (value) => (value === null || value === undefined ? '—' : `${figure(100 * value, 1)} %`);

/** Rows of the comparison: word, how it is read, how it is written, whether less is better. @type {[string, (side: any) => number | null, (value: number | null) => string, boolean | null][]} */
const ROWS = [
  ['cells', (side) => side.cells, figure, null],
  ['households', (side) => side.households, figure, null],
  ['within', (side) => side.within_bounds, share, false],
  ['households_spread', (side) => side.households_spread.variation, (value) => figure(value, 3), true],
  ['cases', (side) => side.cases, figure, null],
  ['cases_spread', (side) => side.cases_spread.variation, (value) => figure(value, 3), true],
  ['home_m', (side) => side.home_m, (value) => (value === null ? '—' : `${figure(value)} m`), true],
  ['case_m', (side) => side.case_m, (value) => (value === null ? '—' : `${figure(value)} m`), true],
  ['compactness', (side) => side.compactness, (value) => figure(value, 3), false],
  ['late', (side) => side.replay.late, figure, true],
  ['mean_wait', (side) => side.replay.mean_wait_hours, (value) => figure(value, 1), true],
  ['use', (side) => side.replay.use, share, null],
];

/**
 * @param {HTMLElement} place
 * @param {any} found
 * @param {{least_households: number, most_households: number}} bounds
 */
export function drawComparison(place, found, bounds) {
  const sides = /** @type {const} */ (['before', 'after']).map((side) => ({ ...found[side], replay: found.replay[side] }));
  const rows = ROWS.map(([name, read, write, less]) => {
    const [was, now] = sides.map(read);
    const turned = less === null || was === null || now === null || write(was) === write(now) ? null : now < was === less ? 'better' : 'worse';
    return element('tr', {}, element('th', { scope: 'row' }, t(`proposal.compare_${name}`)), element('td', { class: 'number' }, write(was)), element('td', { class: `number ${turned ?? ''}` }, write(now), turned ? ` ${t(`proposal.${turned}`)}` : null));
  });
  const top = Math.max(1, ...sides.flatMap((side) => side.per_cell.map((/** @type {any} */ cell) => cell.households)));
  const follows = found.follows.map((/** @type {any} */ one) => element('li', {}, t(one.from ? 'proposal.follows' : 'proposal.follows_none', { to: one.to, from: one.from ?? '', name: one.from_name ?? '' })));
  place.replaceChildren(
    element('p', {}, t('proposal.moved_in_all', { n: figure(found.moved_households), share: share(found.moved_share) })),
    element('div', { class: 'scroll' }, element('table', { class: 'comparison' },
      element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, t('proposal.compared')), element('th', { scope: 'col', class: 'number' }, t('proposal.today')), element('th', { scope: 'col', class: 'number' }, t('proposal.then')))),
      element('tbody', {}, ...rows))),
    ...sides.map((side, at) => strip(side.per_cell, bounds, top, t(at ? 'proposal.then' : 'proposal.today'))),
    element('p', { class: 'fine' }, t('proposal.assumed', { ...found.replay.assumed, cases: found.replay.cases, days: found.days })),
    follows.length ? element('details', {}, element('summary', {}, t('proposal.who_follows', { n: follows.length })), element('ul', {}, ...follows)) : '',
  );
}

/**
 * @param {{households: number}[]} rows
 * @param {{least_households: number, most_households: number}} bounds
 * @param {number} top
 * @param {string} name
 * @returns {HTMLElement} each cell as a mark on the axis of households, squares out of bounds
 */
function strip(rows, { least_households: least, most_households: most }, top, name) {
  const marks = spread(rows, least, most, top);
  const out = marks.filter((mark) => mark.out).length;
  const svg = draw('svg', { viewBox: '0 0 600 54', class: 'spread', role: 'img', 'aria-label': t('proposal.strip', { name, n: rows.length, out, least, most }), preserveAspectRatio: 'none' });
  const x = (/** @type {number} */ value) => 10 + 580 * Math.min(1, value);
  svg.append(draw('rect', { class: 'bound', x: x(least / top), y: 6, width: Math.max(0, x(most / top) - x(least / top)), height: 36 }), draw('path', { class: 'axis', d: 'M10 42H590' }));
  for (const mark of marks) svg.append(mark.out ? draw('rect', { class: 'one is-out', x: x(mark.x) - 5, y: 15, width: 10, height: 18 }) : draw('rect', { class: 'one', x: x(mark.x) - 1.5, y: 12, width: 3, height: 24 }));
  return element('figure', { class: 'spread-of' }, element('figcaption', { class: 'fine' }, t('proposal.strip', { name, n: rows.length, out, least, most })), svg);
}

/** @param {string} tag @param {Record<string, string | number>} attributes */
function draw(tag, attributes) {
  const node = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  return node;
}

/** @param {any} problem @returns {string} why the worker could not, or why it could not take effect */
export function problemOf(problem) {
  const known = [`error.${problem.code}`, `proposal.problem_${problem.code}`].find(hasWord);
  const said = known ? t(known, problem.facts) : problem.code;
  return [said, ...(problem.faults ?? []).map((/** @type {any} */ fault) => sentence(fault))].join(' ');
}

