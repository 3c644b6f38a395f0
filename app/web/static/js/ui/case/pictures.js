/** Photos before and after, side by side; each opens larger. */

import { element, icon } from '../../lib/dom.js';
import { when } from '../../lib/when.js';
import { t } from '../../lib/words.js';
import { part } from './view.js';

/** @typedef {import('./view.js').View} View */

/**
 * @param {View} view
 * @returns {HTMLElement}
 */
export function drawPictures(view) {
  const { files } = view.sheet;
  const of = (/** @type {string} */ phase) => files.filter((/** @type {any} */ one) => one.phase === phase);
  const column = (/** @type {string} */ phase) => {
    // What was taken last shows how it stands.
    const shown = phase === 'after' ? of(phase).reverse() : of(phase);
    return element('div', { class: 'cp-shots' },
      element('h4', {}, t(`sheet.${phase}`), element('span', { class: 'n' }, shown.length ? String(shown.length) : '')),
      shown.length ? element('ul', {}, ...shown.map((/** @type {any} */ one, /** @type {number} */ i) => element('li', {}, thumb(view, one, i === 0))))
        : element('p', { class: 'cp-no-shot' }, icon('camera'), t(phase === 'before' ? 'sheet.no_before' : 'sheet.no_after')));
  };
  const checks = of('check');
  return part('photos', t('sheet.photos'),
    element('div', { class: 'cp-pair' }, column('before'), column('after')),
    checks.length ? element('div', { class: 'cp-shots is-check' }, element('h4', {}, t('sheet.check'), element('span', { class: 'n' }, String(checks.length))),
      element('ul', {}, ...checks.map((/** @type {any} */ one) => element('li', {}, thumb(view, one, false))))) : null);
}

/**
 * @param {View} view
 * @param {any} file
 */
function caption(view, file) {
  return [t(`sheet.${file.phase}`), ...facts(view, file)].join(' · ');
}

/**
 * @param {View} view
 * @param {any} file
 * @returns {string[]} when and how far from the case it was taken, where that is known
 */
function facts(view, file) {
  return [file.taken_at ? when(file.taken_at, view.now(), view.context) : '',
    file.distance_m === null ? '' : t('casework.away', { m: Math.round(file.distance_m) })].filter(Boolean);
}

/**
 * @param {View} view
 * @param {any} file
 * @param {boolean} large
 */
function thumb(view, file, large) {
  const told = caption(view, file);
  const picture = file.kind === 'mp4'
    ? element('span', { class: 'cp-film' }, t('casework.film', { s: Math.round(file.duration_s ?? 0) }))
    : element('img', { src: `/api/v1/files/${file.id}/thumbnail`, alt: '', loading: 'lazy', width: '320', height: '240' });
  picture.addEventListener('error', () => picture.replaceWith(element('span', { class: 'cp-film' }, t('sheet.no_picture'))));
  const button = element('button', { type: 'button', class: `cp-shot${large ? ' is-large' : ''}`, title: told }, element('span', { class: 'sr' }, t('sheet.open_photo', { photo: told })), picture);
  button.addEventListener('click', () => openViewer(view, file, button));
  return large ? element('figure', {}, button, element('figcaption', {}, facts(view, file).join(' · '))) : button;
}

/**
 * @param {View} view
 * @param {any} first the file that it begins with
 * @param {HTMLElement} opener where the focus goes back to
 */
function openViewer(view, first, opener) {
  const { files } = view.sheet;
  let at = files.indexOf(first);
  const frame = element('div', { class: 'viewer-frame' });
  const told = element('p', { class: 'viewer-told', role: 'status' });
  const key = (/** @type {string} */ name, /** @type {string} */ word, /** @type {() => void} */ act) => {
    const button = element('button', { type: 'button', class: 'tool', 'aria-label': word, title: word }, icon(name));
    button.addEventListener('click', act);
    return button;
  };
  const dialog = /** @type {HTMLDialogElement} */ (element('dialog', { class: 'viewer', 'aria-label': t('sheet.photos') }));
  const show = (/** @type {number} */ by) => {
    at = (at + by + files.length) % files.length;
    const file = files[at];
    frame.replaceChildren(file.kind === 'mp4'
      ? element('video', { src: `/api/v1/files/${file.id}`, controls: true })
      : element('img', { src: `/api/v1/files/${file.id}/preview`, alt: caption(view, file) }));
    told.textContent = `${at + 1} / ${files.length} · ${caption(view, file)}`;
  };
  dialog.append(frame, element('div', { class: 'viewer-bar' }, told, element('span', { class: 'end' },
    ...(files.length > 1 ? [key('back', t('sheet.photo_before'), () => show(-1)), key('next', t('sheet.photo_after'), () => show(1))] : []),
    element('a', { class: 'tool', href: `/api/v1/files/${first.id}`, target: '_blank', rel: 'noopener', 'aria-label': t('sheet.whole_file'), title: t('sheet.whole_file') }, icon('out')),
    key('close', t('map.close'), () => dialog.close()))));
  dialog.querySelector('a')?.addEventListener('click', (event) => { /** @type {HTMLAnchorElement} */ (event.currentTarget).href = `/api/v1/files/${files[at].id}`; });
  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowLeft') show(-1);
    else if (event.key === 'ArrowRight') show(1);
    event.stopPropagation();
  });
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener('close', () => { dialog.remove(); opener.focus(); });
  document.body.append(dialog);
  show(0);
  dialog.showModal();
}
