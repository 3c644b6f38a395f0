/** What an element says of itself. */

import { element } from '../../lib/dom.js';
import { nameOf, wordOf } from '../../lib/names.js';
import { moment } from '../../lib/format.js';
import { t } from '../../lib/words.js';
import { titleOf } from './naming.js';

/** @typedef {import('./card.js').CardHandlers} CardHandlers */

/**
 * @param {string} word
 * @param {Node | string | number | null | undefined} value nothing is not told
 */
const fact = (word, value) => (value === null || value === undefined || value === '' ? [] : [element('dt', {}, t(`element.${word}`)), element('dd', {}, typeof value === 'number' ? String(value) : value)]);

/**
 * @param {string} words
 * @param {() => void} act
 */
export function link(words, act) {
  const made = element('button', { type: 'button', class: 'el-link' }, words);
  made.addEventListener('click', act);
  return made;
}

/**
 * @param {any} found
 * @param {CardHandlers} handlers
 */
export function drawAbout(found, handlers) {
  const { element: own, site } = found;
  const { area, unit } = own;
  return element('section', { class: 'el-part', 'aria-label': t('element.about') }, element('dl', { class: 'about' },
    ...fact('address', own.address),
    ...fact('site', site && link(titleOf(site), () => handlers.onElement(site.id))),
    ...fact('area', area && link(`${nameOf(area)} ${area.code}`, () => handlers.onArea(area.id))),
    ...fact('unit', unit && nameOf(unit)),
    ...(OF_KIND[own.kind]?.(found[own.kind] ?? {}, handlers) ?? []),
    ...fact('valid', own.valid_to_on ? t('element.from_to', { from: own.valid_from_on, to: own.valid_to_on }) : t('element.from', { from: own.valid_from_on })),
    ...fact('source', own.source)));
}

/** @type {Record<string, (said: any, handlers: CardHandlers) => HTMLElement[]>} */
const OF_KIND = {
  place: (said) => [...fact('floors', said.floors), ...fact('floors_below', said.floors_below), ...fact('height_m', said.height_m === null || said.height_m === undefined ? null : t('element.metres', { n: said.height_m })),
    ...fact('entrance', said.entrance), ...fact('floor', said.floor), ...fact('room', said.room)],
  object: (said) => [...fact('state', wordOf('element_state', said.state)), ...fact('department', [said.department, said.department_code].filter(Boolean).join(' ')), ...fact('owner', said.owner), ...fact('custodian', said.custodian)],
  organisation: (said) => [...fact('filed_on', said.filed_on), ...fact('registered_on', said.registered_on), ...fact('phone', said.has_phone === undefined ? null : t(said.has_phone ? 'element.kept_sealed' : 'element.not_kept'))],
  person: (said, { zone, locale }) => [...fact('born_on', said.born_on), ...fact('household_relation', wordOf('household', said.household_relation ?? null)),
    ...fact('needs', said.needs?.length ? element('ul', {}, ...said.needs.map(need)) : null),
    ...fact('legal_basis', said.legal_basis), ...fact('retain_until_on', said.retain_until_on),
    ...fact('restricted_at', said.restricted_at ? `${moment(said.restricted_at, zone, locale)} ${said.restriction ?? ''}` : null)],
};

/** @param {any} said */
const need = (said) => element('li', {}, nameOf(said), element('small', {}, t('element.need_until', { basis: said.legal_basis, on: said.retain_until_on })));
