/** 交办单: the case on paper, for whoever has to deal with it. Marks are words, and it is legible in black and white. */

import { element } from '../../lib/dom.js';
import { english, nameOf, wordOf } from '../../lib/names.js';
import { dated, much } from '../../lib/when.js';
import { t } from '../../lib/words.js';
import { written } from './view.js';

/** @typedef {import('./view.js').View} View */

const MOST_PHOTOS = 4;

/**
 * A part of the page that is only seen on paper, and that is all which is seen there.
 */
export class PrintedOrder {
  constructor() {
    this.node = element('article', { class: 'order', id: 'order', lang: document.documentElement.lang });
  }

  /** @param {View} view */
  draw(view) {
    this.node.replaceChildren(...parts(view));
    if (!this.node.isConnected) document.body.append(this.node);
  }

  remove() {
    this.node.remove();
  }
}

/** @param {View} view */
function parts(view) {
  const { sheet, context } = view;
  const at = (/** @type {string | null} */ instant) => (instant ? dated(instant, context) : '—');
  const row = (/** @type {string} */ name, /** @type {(Node | string)[]} */ ...value) => element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, ...value));
  const unit = sheet.unit ? (english() && sheet.unit_en ? sheet.unit_en : sheet.unit) : '';
  const category = english() && sheet.category_en ? sheet.category_en : sheet.category;
  const running = sheet.clocks.filter((/** @type {any} */ one) => !one.ended);
  const photos = sheet.files.filter((/** @type {any} */ one) => one.kind !== 'mp4' && one.phase === 'before').slice(0, MOST_PHOTOS);
  return [
    element('h1', {}, t('order.title')),
    element('p', { class: 'order-number' }, element('span', {}, t('order.number', { number: sheet.number ?? sheet.ref ?? sheet.id })), element('span', {}, t('order.printed', { at: at(new Date(view.now()).toISOString()) }))),
    sheet.simulated ? element('p', { class: 'order-sim' }, t('map.simulated')) : '',
    element('table', {}, element('tbody', {},
      row(t('order.category'), [category, sheet.major ? wordOf('major', sheet.major) : '', sheet.line ? wordOf('line', sheet.line) : ''].filter(Boolean).join(' · ')),
      row(t('map.state'), `${t(`state.${sheet.state}`)} · ${t(`loop.${sheet.loop}`)}${sheet.risk ? ` · ${t('move.risk', { risk: t(`risk.${sheet.risk}`) })}` : ''} · ${t(`order.is_${sheet.face.mark}`)}`),
      ...(sheet.condition_number ? [row(t('field.condition'), `${sheet.condition_number} `, written(sheet.condition)), row(t('casework.closing'), written(sheet.closing_condition))] : []),
      row(t('casework.place'), sheet.address ?? t('map.no_address'), element('div', {}, sheet.path.map(nameOf).join(' › '), sheet.lon === null ? '' : ` (${sheet.lon.toFixed(5)}, ${sheet.lat.toFixed(5)})`)),
      row(t('casework.what'), written(sheet.description ?? t('casework.no_description'))),
      row(t('order.source'), `${sheet.source ? `${wordOf('case_source', sheet.source)} · ` : ''}${at(sheet.reported_at)}`),
      row(t('order.unit'), `${unit || '—'}${sheet.crew ? ` · ${sheet.crew}` : ''}${sheet.co_units.length ? ` (${t('field.co_units')}: ${sheet.co_units.map(nameOf).join(', ')})` : ''}`),
      row(t('sheet.limits'), running.length ? element('ul', {}, ...running.map((/** @type {any} */ one) => element('li', {}, `${t(`stage.${one.stage}`)}: ${much(one.total)}${one.due_at ? ` · ${t('casework.due', { at: at(one.due_at) })}` : ''}`))) : at(sheet.face.due_at)))),
    photos.length ? element('div', { class: 'order-photos' }, ...photos.map((/** @type {any} */ one) => element('figure', {},
      element('img', { src: `/api/v1/files/${one.id}/thumbnail`, alt: t(`sheet.${one.phase}`) }), element('figcaption', {}, [t(`sheet.${one.phase}`), one.taken_at ? at(one.taken_at) : ''].filter(Boolean).join(' · '))))) : '',
    element('table', { class: 'order-signs' }, element('tbody', {}, element('tr', {}, ...['by', 'received', 'done', 'checked'].map((name) => element('td', {}, t(`order.${name}`), element('span', {}, t('order.sign'))))))),
  ];
}
