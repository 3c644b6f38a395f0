/** What is like the case near by, whether it has come again, what it is tied to, and what whoever reported says of it. */

import { element } from '../../lib/dom.js';
import { nameOf } from '../../lib/names.js';
import { when } from '../../lib/when.js';
import { t } from '../../lib/words.js';
import { caseLink, part, stateTag } from './view.js';

/** @typedef {import('./view.js').View} View */

/**
 * @param {View} view
 * @returns {(HTMLElement | null)[]}
 */
export function drawNear(view) {
  const { links, similar, ratings } = view.sheet;
  return [
    links.length ? part('links', t('sheet.again'), element('ul', { class: 'cp-list' }, ...links.map((/** @type {any} */ one) => element('li', {},
      element('span', {}, t(`link.${one.kind}${one.outgoing ? '' : '_by'}`)), caseLink(view, one), stateTag(one.state))))) : null,
    part('similar', t('casework.similar'), similar.length
      ? element('ul', { class: 'cp-list' }, ...similar.map((/** @type {any} */ one) => drawSimilar(view, one)))
      : element('p', { class: 'fine' }, t('casework.none_similar'))),
    ratings.length ? part('ratings', t('receipt.ratings'), element('ul', { class: 'cp-list' }, ...ratings.map((/** @type {any} */ one) => element('li', {},
      element('b', {}, t(`receipt.${one.solved ? 'yes' : 'no'}`)), element('span', {}, t('receipt.of_five', { n: one.satisfied })),
      element('small', {}, when(one.at, view.now(), view.context)), one.remark ? element('p', { class: 'cp-told' }, one.remark) : null)))) : null,
  ];
}

/**
 * @param {View} view
 * @param {any} one
 */
function drawSimilar(view, one) {
  const category = view.context.categories.get(one.category_id);
  return element('li', {},
    caseLink(view, one), stateTag(one.state), one.same_category ? element('span', { class: 'tag' }, t('casework.same_category')) : category ? element('span', {}, nameOf(category)) : null,
    element('small', {}, `${t('casework.away', { m: Math.round(one.distance_m) })} · ${when(one.reported_at, view.now(), view.context)}`));
}
