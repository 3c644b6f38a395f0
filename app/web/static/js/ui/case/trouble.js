/** What is said when a move was not made: what was kept, what did not happen, what to do; or who was quicker. */

import { element, icon } from '../../lib/dom.js';
import { clockTime, when } from '../../lib/when.js';
import { t } from '../../lib/words.js';
import { done, who } from './story.js';

/** @typedef {import('./view.js').View} View */

/**
 * @param {Record<string, string | string[]>} values
 * @param {Record<string, number[]>} files
 * @returns {string} what of a form is kept, in words
 */
function kept(values, files) {
  const parts = Object.entries(values).map(([name, value]) => (typeof value === 'string' && value.length > 12 ? t('sheet.letters', { field: t(`field.${name}`), n: value.length }) : t(`field.${name}`)));
  const n = Object.values(files).reduce((sum, ids) => sum + ids.length, 0);
  return [...parts, ...(n ? [t('sheet.n_files', { n })] : [])].join(' · ') || t('sheet.kept_nothing');
}

/**
 * The server has not answered: nobody knows whether it arrived, so it is asked again under the same id.
 * @param {View} view
 * @param {string} move
 * @param {{values: Record<string, string | string[]>, files: Record<string, number[]>}} draft
 * @param {import('../../api/client.js').Problem} problem
 * @param {() => void} again
 * @returns {HTMLElement}
 */
export function drawLost(view, move, draft, problem, again) {
  const key = element('button', { type: 'button', class: 'button primary' }, t('sheet.send_again'));
  key.addEventListener('click', again);
  const row = (/** @type {string} */ name, /** @type {string} */ text) => [element('dt', {}, t(name)), element('dd', {}, text)];
  return element('section', { class: 'cp-trouble is-lost' },
    element('h4', {}, icon('warn'), t('sheet.not_sent')),
    element('p', {}, t('sheet.not_sent_why', { time: clockTime(new Date(view.now()).toISOString(), view.context.zone), move: t(`move.${move}`) })),
    element('dl', {}, ...row('sheet.was_kept', kept(draft.values, draft.files)), ...row('sheet.not_confirmed', t('sheet.still', { state: t(`state.${view.sheet.state}`) })), ...row('sheet.what_to_do', t('sheet.sends_itself'))),
    key, element('p', { class: 'fine' }, t('sheet.error_number', { number: problem.facts.number ?? (problem.status ? `HTTP-${problem.status}` : 'NET-0') })));
}

/**
 * Somebody was quicker: gold, who did what, and what was typed is kept.
 * @param {View} view with the case as it is now
 * @param {number} seen the version that the form was filled in for
 * @param {string} why
 * @param {boolean} offered whether the move can still be made
 * @returns {HTMLElement}
 */
export function drawConflict(view, seen, why, offered) {
  const since = view.sheet.log.filter((/** @type {any} */ row) => row.version > seen);
  return element('section', { class: 'cp-trouble is-conflict' },
    element('h4', {}, icon('undo'), t(since.length ? 'sheet.was_changed' : 'sheet.not_now')),
    ...(since.length ? [element('ul', {}, ...since.map((/** @type {any} */ row) => element('li', {},
      element('time', { datetime: row.at }, when(row.at, view.now(), view.context)), ' ', element('b', {}, who(row)), ` ${done(row)} → ${t(`state.${row.target}`)}`,
      texts(row))))] : [element('p', {}, why)]),
    element('p', {}, t(offered ? 'sheet.words_kept' : 'sheet.words_kept_no_move')));
}

/** @param {any} row */
const texts = (row) => row.said.filter((/** @type {any} */ line) => line.kind === 'text' && line.value).map((/** @type {any} */ line) => `「${line.value}」`).join('');
