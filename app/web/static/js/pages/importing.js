/** The page of an import while a worker is at it: how far that is, and the page anew when it is over. */

import { Problem, get } from '../api/client.js';
import { byId } from '../lib/dom.js';
import { t, useWords } from '../lib/words.js';

const EVERY_MS = 700;
const AWAY_MS = 5000;

useWords(JSON.parse(byId('words').textContent ?? '{}'));
const run = /** @type {HTMLElement} */ (document.querySelector('[data-import]'));
const bar = /** @type {HTMLProgressElement} */ (run.querySelector('progress'));

/** @param {any} told */
const words = (told) => (told.stopping ? t('imports.stopping') : told.begun ? t('imports.rows_so_far', { n: told.rows_read }) : t('imports.waits'));

async function look() {
  try {
    const told = await get(`/api/v1/imports/${run.dataset.import}`);
    if (told.doing === null) { location.replace(location.pathname); return; }
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

byId('run-look').hidden = true;
window.setTimeout(look, EVERY_MS);
