/** The head of the panel: who must do what by when, what the case is, how far it has come. */

import { follow } from '../../api/client.js';
import { element, icon } from '../../lib/dom.js';
import { standing } from '../../lib/due.js';
import { english, nameOf } from '../../lib/names.js';
import { clockTime, lengthIn, when } from '../../lib/when.js';
import { t } from '../../lib/words.js';
import { mark } from '../mark.js';
import { stateTag } from './view.js';

/** @typedef {import('./view.js').View} View */
/** @typedef {import('./view.js').CaseContext} CaseContext */

/**
 * @param {string} name of an icon
 * @param {string} word
 * @param {string} key
 * @param {() => void} act
 */
function tool(name, word, key, act) {
  const button = element('button', { type: 'button', class: 'tool', 'aria-label': word, title: key ? `${word} (${key})` : word }, icon(name));
  button.addEventListener('click', act);
  return button;
}

/**
 * @param {any} found number and id of the case
 * @param {CaseContext} context
 * @returns {HTMLElement} number, place in the list, and what can be done with the panel itself
 */
export function drawBar(found, context) {
  const copied = element('span', { class: 'cp-copied', role: 'status' });
  const copy = async () => {
    await navigator.clipboard?.writeText(`${location.origin}/?case=${found.id}`);
    copied.textContent = t('map.copied');
    setTimeout(() => { copied.textContent = ''; }, 2000);
  };
  const close = tool('close', t('map.close'), 'Esc', context.onClose);
  close.id = 'card-close';
  const { onStep, position } = context;
  return element('header', { class: 'cp-bar' },
    element('span', { class: 'code', translate: 'no' }, found.number ?? found.ref ?? `#${found.id}`),
    found.simulated ? element('span', { class: 'badge-sim' }, t('map.simulated')) : null,
    element('span', { class: 'end' },
      copied,
      position ? element('span', { class: 'cp-position' }, t('sheet.position', position)) : null,
      onStep ? tool('up', t('sheet.previous'), 'K', () => onStep(-1)) : null,
      onStep ? tool('down', t('sheet.next'), 'J', () => onStep(1)) : null,
      star(found, context.onMoved),
      context.onNetwork ? tool('network', t('network.title'), 'N', () => context.onNetwork?.(`case:${found.id}`)) : null,
      tool('link', t('map.copy_link'), '', copy),
      tool('print', t('sheet.print'), 'Ctrl+P', () => print()),
      close));
}

/**
 * @param {any} found
 * @param {(() => void) | undefined} onChange
 * @returns {HTMLElement} 关注, for oneself
 */
function star(found, onChange) {
  const button = tool('star', t('sheet.follow'), '', async () => {
    try {
      found.followed = (await follow(found.id, !found.followed)).followed;
    } catch (problem) {
      button.title = /** @type {Error} */ (problem).message || t('map.server_gone');
      return;
    }
    button.setAttribute('aria-pressed', String(found.followed));
    onChange?.();
  });
  button.id = 'case-follow';
  button.setAttribute('aria-pressed', String(Boolean(found.followed)));
  return button;
}

/**
 * The first line. Its own clock goes on: call what it gives each second.
 * @param {View} view
 * @param {HTMLElement} line
 */
export function drawDue(view, line) {
  const { sheet } = view;
  const { mark: shape, left } = standing(sheet.face, view.now());
  const told = `${shape}|${left === null ? '' : lengthIn(left)}|${sheet.version}`;
  if (line.dataset.told === told) return;
  line.dataset.told = told;
  line.className = `cp-due is-${shape}`;
  line.replaceChildren(mark(shape), element('span', {}, ...sentence(view, left)));
}

/**
 * @param {View} view
 * @param {number | null} left
 * @returns {(Node | string)[]}
 */
function sentence(view, left) {
  const { sheet, context } = view;
  if (!sheet.is_open) return [element('b', {}, t(`state.${sheet.state}`)), sheet.closed_at ? ` ${t('casework.ended', { at: when(sheet.closed_at, view.now(), context) })}` : ''];
  const who = element('b', {}, sheet.holder.kind === 'desk' ? t(`casework.desk_${sheet.holder.name}`) : nameOf(sheet.holder));
  const state = sheet.state === 'handled' && sheet.verified ? 'verified' : sheet.state;
  if (!sheet.face.due_at) return [who, ' ', t(`sheet.waits_${state}`)];
  const due = when(sheet.face.due_at, view.now(), context);
  // Between a Chinese character and a digit stands a space.
  const must = t(`sheet.must_${state}`, { due: !english() && /^\d/.test(due) ? ` ${due}` : due });
  if (left === null) return [who, ' ', must];
  return [who, ' ', must, t('sheet.comma'), element('b', { class: 'cp-left' }, t(left < 0 ? 'sheet.late' : 'sheet.left', { length: lengthIn(left) })),
    sheet.face.provisional ? element('span', { class: 'tag', title: t('lamp.provisional') }, t('lamp.provisional')) : ''];
}

/**
 * @param {View} view
 * @returns {HTMLElement[]} the title with its words, and the steps
 */
export function drawTitle(view) {
  const { sheet } = view;
  const name = english() && sheet.category_en ? sheet.category_en : sheet.category;
  const tags = [
    stateTag(sheet.state), element('span', { class: 'tag' }, t(`loop.${sheet.loop}`)),
    ...(sheet.risk ? [risk(sheet.risk)] : []),
    ...(sheet.returns ? [element('span', { class: 'tag' }, t('casework.returned', { n: sheet.returns }))] : []),
    ...(sheet.extensions ? [element('span', { class: 'tag' }, t('casework.extended', { n: sheet.extensions }))] : []),
    ...sheet.pending.map((/** @type {string} */ asked) => element('span', { class: 'tag is-asked' }, t(`asked.${asked}`))),
    ...(sheet.state === 'handled' && sheet.verified ? [element('span', { class: 'tag' }, t('casework.verified'))] : []),
    ...(sheet.restricted ? [element('span', { class: 'tag is-asked' }, t('casework.restricted'))] : []),
  ];
  return [element('h2', { id: 'case-title', tabindex: '-1' }, name), element('p', { class: 'cp-tags' }, ...tags), drawSteps(view)];
}

/** @param {string} code */
function risk(code) {
  const flag = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [name, value] of [['class', 'flag'], ['viewBox', '0 0 12 14'], ['aria-hidden', 'true']]) flag.setAttribute(name, value);
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', 'M2.5 13V1.5h8L8.6 4.6l1.9 3.1h-8');
  flag.append(path);
  return element('span', { class: `risk is-${code}` }, flag, t(`risk.${code}`));
}

/** @param {View} view */
function drawSteps(view) {
  const { sheet, context } = view;
  const at = new Map(sheet.reached.map((/** @type {any} */ one) => [one.step, one.at]));
  if (sheet.ratings.length) at.set(6, sheet.ratings[0].at);
  const now = sheet.step;
  return element('ol', { class: 'cp-steps', 'aria-label': t('casework.steps') }, ...[1, 2, 3, 4, 5, 6].map((n) => {
    const past = now === null ? at.has(n) : n < now || (n === 6 && at.has(6));
    const reached = /** @type {string | undefined} */ (at.get(n));
    return element('li', { class: `step-${n}${past ? ' is-past' : ''}`, 'aria-current': n === now ? 'step' : null },
      element('i', { 'aria-hidden': 'true' }, past ? '✓' : String(n)), element('span', {}, t(`map.step_${n}`)),
      reached && (past || n === now) ? element('time', { datetime: reached, title: when(reached, view.now(), context) }, shortly(reached, view)) : null);
  }));
}

/**
 * @param {string} instant
 * @param {View} view
 * @returns {string} the time of today, the day of any other one
 */
function shortly(instant, { context, now }) {
  const day = (/** @type {number | Date} */ at) => new Intl.DateTimeFormat('en-CA', { timeZone: context.zone }).format(at);
  const date = new Date(instant);
  return day(date) === day(now()) ? clockTime(instant, context.zone) : day(date).slice(5).replace(/^0/, '').replace(/-0?/, '-');
}
