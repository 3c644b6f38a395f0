/** The panel until the server has told the rest: what the list knew, and grey where the rest will be. */

import { element } from '../../lib/dom.js';
import { nameOf } from '../../lib/names.js';
import { timeOf } from '../../lib/urgency.js';
import { mark } from '../mark.js';

/**
 * @param {any} found
 * @param {import('./view.js').CaseContext} context
 * @param {{due: HTMLElement, title: HTMLElement, body: HTMLElement}} panel
 */
export function drawWaiting(found, context, { due, title, body }) {
  const category = context.categories.get(found.category_id);
  const time = timeOf(found, new Date());
  due.className = `cp-due is-${time.urgency}`;
  due.replaceChildren(mark(time.urgency), element('span', {}, time.text));
  title.replaceChildren(element('h2', {}, category ? nameOf(category) : '—'));
  body.replaceChildren(element('p', { class: 'cp-told' }, found.address ?? ''), ...[1, 2, 3, 4].map(() => element('div', { class: 'skeleton' })));
}
