/** Where a proposal stands, what the one who looks can do with it, and the tools that it is drawn with. */

import { byId, element } from '../../lib/dom.js';
import { t } from '../../lib/words.js';

/** @param {string} word @param {() => void} act @param {Record<string, any>} [attributes] */
function press(word, act, attributes = {}) {
  const button = element('button', { type: 'button', class: 'button', ...attributes }, word);
  button.addEventListener('click', act);
  return button;
}

/**
 * @param {any} one
 * @param {(problem: any) => string} problemOf
 */
export function drawState(one, problemOf) {
  const tag = byId('state');
  tag.textContent = t(`proposal.state_${one.state}`);
  tag.className = `tag${['approved', 'in_force'].includes(one.state) ? ' good' : ''}`;
  const told = [];
  if (one.problem) told.push(one.state === 'approved' ? `${t('proposal.impossible', { day: one.tried_on ?? '' })} ${problemOf(one.problem)}` : problemOf(one.problem));
  if (one.touched.length) told.push(t('proposal.touched', { codes: one.touched.join('、') }));
  else if (one.outdated && one.state !== 'in_force') told.push(t('proposal.outdated'));
  if (one.state === 'draft' && one.reason) told.push(t('proposal.sent_back', { reason: one.reason }));
  if (one.state === 'proposed' && one.own) told.push(t('proposal.waits_for_other'));
  if (one.state === 'approved') told.push(t('proposal.waits_for_day', { day: one.effective_on }));
  byId('told').replaceChildren(...told.map((said) => element('p', {}, said)));
}

/**
 * @param {HTMLElement} place
 * @param {any} one
 * @param {{go: (act: string, reason: string) => void, compare: () => void}} told
 */
export function drawActs(place, one, told) {
  const kept = /** @type {HTMLInputElement | null} */ (place.querySelector('input'))?.value ?? '';
  if (one.doing) { place.replaceChildren(); return; }
  const reason = /** @type {HTMLInputElement} */ (element('input', { maxlength: 2000, value: kept, autocomplete: 'off', name: 'reason' }));
  const acts = one.acts.filter((/** @type {string} */ act) => act !== 'draw');
  const main = ['approve', 'propose', 'rebase'].find((act) => acts.includes(act));
  const buttons = acts.map((/** @type {string} */ act) => press(t(`proposal.act_${act}`), () => told.go(act, reason.value), { 'data-act': act, class: act === main ? 'button primary' : 'button' }));
  const wantsReason = acts.some((/** @type {string} */ act) => ['send_back', 'withdraw'].includes(act));
  place.replaceChildren(...buttons, one.ready ? press(t('proposal.act_compare'), told.compare, { 'data-act': 'compare' }) : '', wantsReason ? element('label', { class: 'field' }, element('span', {}, t('proposal.reason')), reason) : '');
}

/**
 * @param {HTMLElement} place
 * @param {{one: any, tool: string, drawable: boolean, hasMap: boolean, shown: string}} now
 * @param {{use: (tool: any) => void, edit: (what: string, said: any) => void, show: (which: string) => void}} told
 */
export function drawTools(place, { one, tool, drawable, hasMap, shown }, told) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.tool;
  const tools = drawable && hasMap ? ['choose', 'give', 'line'].map((name) => press(t(`proposal.tool_${name}`), () => told.use(name), { 'aria-pressed': String(tool === name), 'data-tool': name })) : [];
  const steps = drawable ? ['undo', 'redo'].filter((name) => one[name]).map((name) => press(t(`proposal.${name}`), () => told.edit(name, {}), { 'data-tool': name })) : [];
  const views = hasMap ? ['both', 'present', 'drawn'].map((name) => press(t(`proposal.view_${name}`), () => told.show(name), { 'aria-pressed': String(shown === name), 'data-tool': `view-${name}` })) : [];
  const apart = () => element('span', { class: 'apart', 'aria-hidden': 'true' });
  place.replaceChildren(...tools, ...(tools.length && steps.length ? [apart()] : []), ...steps, ...((tools.length || steps.length) && views.length ? [apart()] : []), ...views);
  if (focused) /** @type {HTMLElement | null} */ (place.querySelector(`[data-tool="${focused}"]`))?.focus();
}
