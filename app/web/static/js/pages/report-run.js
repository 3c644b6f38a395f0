/** The page of a report while a worker is at it: how far that is, and the page anew when it is over. */

import { Problem, get } from '../api/client.js';
import { byId } from '../lib/dom.js';
import { t, useWords } from '../lib/words.js';

const EVERY_MS = 1000;
const AWAY_MS = 5000;

useWords(JSON.parse(byId('words').textContent ?? '{}'));
const run = /** @type {HTMLElement} */ (document.querySelector('[data-run]'));
const bar = /** @type {HTMLProgressElement} */ (run.querySelector('progress'));

/** @param {any} told */
function words(told) {
  if (told.stopping) return t('reports.state_stopping');
  return told.doing ? t('reports.doing', { part: Math.round(told.part * 100), doing: told.doing }) : t('reports.waits');
}

/** @param {any} told */
const over = (told) => !['waiting', 'making'].includes(told.state) && !told.rewording;

async function look() {
  try {
    const told = await get(`/api/v1/reports/${run.dataset.run}`);
    if (over(told)) { location.replace(location.pathname); return; }
    bar.value = told.part;
    if (byId('run-told').textContent !== words(told)) byId('run-told').textContent = words(told);
    window.setTimeout(look, EVERY_MS);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    // Signed out, or gone: the page itself says so. A server that is away comes back.
    if (problem.status >= 400 && problem.status < 500) location.replace(location.pathname);
    else window.setTimeout(look, AWAY_MS);
  }
}

window.setTimeout(look, EVERY_MS);
