/** One proposal: drawn on the map or in forms; every step is stored at once, so that nothing is lost. */

import { Problem, get, send } from '../api/client.js';
import { byId } from '../lib/dom.js';
import { t, useWords } from '../lib/words.js';
import { ProposalMap } from '../map/proposal-map.js';
import { ProposalPen } from '../map/proposal-pen.js';
import { drawCells, drawSums, labelOf } from '../ui/proposal/cells.js';
import { drawForms } from '../ui/proposal/forms.js';
import { drawComparison, drawFindings, problemOf } from '../ui/proposal/judging.js';
import { drawActs, drawState, drawTools } from '../ui/proposal/acting.js';

useWords(JSON.parse(byId('words').textContent ?? '{}'));
const EVERY_MS = 800;
const address = `/api/v1/grid/proposals/${byId('proposal').dataset.id}`;
const plan = new ProposalMap(byId('map-frame'));
/** @type {ProposalPen | null} */ let pen = null;
/** @type {any} */ let one = null;
/** @type {any[]} */ let blocks = [];
let chosen = /** @type {string[]} */ ([]);
/** @type {import('../map/proposal-pen.js').Tool} */ let tool = 'choose';
/** What was asked for, one after the other: each on the version that the one before has left. */
let line = Promise.resolve();
let judged = 0;

/** @param {unknown} problem */
function wrong(problem) {
  const box = byId('wrong');
  const said = problem instanceof Problem ? [problem.message, ...(problem.facts.faults ?? []).filter((/** @type {any} */ fault) => fault.code).map((/** @type {any} */ fault) => t(`fault.${fault.code}`, { row: fault.row ?? '', value: fault.value ?? '', ...fault.facts }))].join(' ') : problem === null ? '' : String(problem);
  box.hidden = !said;
  box.firstElementChild?.replaceChildren(said);
  if (problem && !(problem instanceof Problem)) throw problem;
}

/** @param {() => Promise<any>} ask @returns {Promise<void>} */
function act(ask) {
  line = line.then(() => done(ask));
  return line;
}

/** @param {() => Promise<any>} ask */
async function done(ask) {
  document.body.dataset.busy = 'yes';
  wrong(null);
  try {
    const before = one?.ready;
    one = await ask();
    await drawn(before !== one.ready);
  } catch (problem) {
    wrong(problem);
    if (problem instanceof Problem && problem.status === 409) { one = await get(address); await drawn(false); }
  } finally {
    document.body.dataset.busy = 'no';
  }
}

const edit = (/** @type {string} */ what, /** @type {Record<string, any>} */ said) => act(() => send(`${address}/edits`, { version: one.version, do: what, ...said }));
const work = (/** @type {string} */ what, /** @type {Record<string, any>} */ said) => act(() => send(`${address}/work`, { version: one.version, do: what, ...said }));
const go = (/** @type {string} */ what, /** @type {string} */ reason) => act(() => send(`${address}/acts`, { version: one.version, act: what, reason }));

/** @param {string} key @param {boolean} on */
function choose(key, on) {
  chosen = on ? [...chosen.filter((one) => one !== key), key] : chosen.filter((one) => one !== key);
  picture();
}

/** @param {string} key */
function show(key) {
  const cell = one.cells.find((/** @type {any} */ each) => each.key === key);
  if (!cell) return;
  chosen = [key];
  picture();
  plan.goTo(cell.lon, cell.lat);
}

/** @param {import('../map/proposal-pen.js').Tool} wanted */
function use(wanted) {
  tool = wanted;
  pen?.use(wanted);
  byId('tool-hint').textContent = t(`proposal.hint_${wanted}`);
  picture();
}

/** All that follows from what is chosen. */
function picture() {
  const there = new Set(one.cells.map((/** @type {any} */ cell) => cell.key));
  chosen = chosen.filter((key) => there.has(key));
  plan.choose(chosen);
  drawCells(byId('cells'), one.cells, chosen, { choose, show: (cell) => show(cell.key) });
  const drawable = one.acts.includes('draw') && one.doing === null;
  drawTools(byId('tools'), { one, tool, drawable, hasMap: pen !== null, shown: plan.shown }, { use, edit, show: (which) => { plan.show(which); picture(); } });
  byId('forms').hidden = !drawable;
  if (drawable) drawForms(byId('forms'), one, blocks, chosen, { edit, work, mark: (numbers) => { plan.mark(blocks.map((_, no) => no), 'given', false); plan.mark(numbers, 'given', true); } });
}

/** @param {boolean} anew whether its blocks are other ones than before */
async function drawn(anew) {
  drawState(one, problemOf);
  drawActs(byId('acts'), one, { go, compare: () => work('compare', {}) });
  byId('working').hidden = one.doing === null;
  if (one.doing) {
    /** @type {HTMLProgressElement} */ (byId('working').querySelector('progress')).value = one.part;
    byId('working').querySelector('span')?.replaceChildren(t(`proposal.doing_${one.doing}`));
    window.setTimeout(() => look(), EVERY_MS);
  }
  byId('body').hidden = !one.ready;
  if (!one.ready) { document.body.dataset.page = 'ready'; return; }
  if (anew || !blocks.length) await begin();
  drawSums(byId('sums'), one.cells);
  plan.putCells(one.cells, await get(`${address}/cells`), labelOf);
  picture();
  byId('comparison-part').hidden = !one.comparison;
  if (one.comparison) drawComparison(byId('comparison'), one.comparison, one);
  judge();
}

async function begin() {
  const found = await get(`${address}/blocks`);
  blocks = found.features.map((/** @type {any} */ feature) => feature.properties);
  if (!plan.one && !(await plan.draw())) byId('no-map').hidden = false;
  if (plan.one && !pen) {
    pen = new ProposalPen(plan, {
      onCell: (key) => choose(key, !chosen.includes(key)),
      onBlocks: (numbers) => (chosen.length ? edit('give', { blocks: numbers.map((no) => blocks[no].name), to: chosen.at(-1) }) : wrong(t('proposal.choose_first'))),
      onLine: (line) => (chosen.length ? edit('split', { cell: chosen.at(-1), line }) : wrong(t('proposal.choose_first'))),
      cellOf: (no) => one.of_block[no],
    });
  }
  plan.put('blocks', found);
  plan.put('present', await get(`${address}/present`));
  plan.fit(found);
}

/** What is wrong with it, once nothing more is drawn for a moment. */
function judge() {
  clearTimeout(judged);
  judged = window.setTimeout(async () => {
    byId('findings-part').hidden = false;
    try { drawFindings(byId('findings'), await get(`${address}/findings`), show); } catch (problem) { wrong(problem); }
    document.body.dataset.page = 'ready';
  }, 250);
}

async function look() {
  try {
    const had = { doing: one.doing, ready: one.ready, base: one.base_edition };
    const told = await get(address);
    if (told.doing === had.doing && told.doing !== null) { one.part = told.part; /** @type {HTMLProgressElement} */ (byId('working').querySelector('progress')).value = told.part; window.setTimeout(look, EVERY_MS); return; }
    one = told;
    await drawn(had.ready !== told.ready || had.doing === 'rebase');
  } catch (problem) { wrong(problem); window.setTimeout(look, EVERY_MS * 6); }
}

act(() => get(address)).then(() => { byId('tool-hint').textContent = t('proposal.hint_choose'); });
