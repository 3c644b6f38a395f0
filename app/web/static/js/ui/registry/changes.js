/** What an element said before it was changed, and when. */

import { element } from '../../lib/dom.js';
import { changed } from '../../lib/element.js';
import { moment } from '../../lib/format.js';
import { wordOf } from '../../lib/names.js';
import { t } from '../../lib/words.js';

/** Fields whose values are words of the platform. */
const WORDS = /** @type {Record<string, string>} */ ({ state: 'element_state', household_relation: 'household' });

/**
 * @param {any} found
 * @param {import('./card.js').CardHandlers} handlers
 */
export function drawChanges(found, { zone, locale }) {
  const { element: own, changes } = found;
  const now = { ...own, ...(found[own.kind] ?? {}) };
  const value = (/** @type {string} */ field, /** @type {string | null} */ said) => (said === null ? t('element.nothing') : field in WORDS ? wordOf(WORDS[field], said) : said);
  return element('section', { class: 'el-part', id: 'element-changes' }, element('h3', {}, t('element.history')),
    changes.items.length ? element('ol', { class: 'el-changes' }, ...changed(changes.items, now).map(({ change, fields }) => element('li', {},
      element('time', { datetime: change.at }, moment(change.at, zone, locale)), ' ', element('b', {}, t(`element.reason_${change.reason}`)), change.note ? ` · ${change.note}` : '',
      ...fields.map(({ field, before, after }) => element('p', {}, t('element.was', { field: t(`element.${field}`), before: value(field, before), after: value(field, after) })))))) : element('p', { class: 'hint' }, t('element.no_history')),
    changes.next === null ? null : element('p', { class: 'hint' }, t('element.older')));
}
