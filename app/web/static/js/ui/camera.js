/** Pictures of a form: taken or chosen, sent at once with progress, tried again, each with how far away it was taken. */

import { Problem, upload } from '../api/client.js';
import { element } from '../lib/dom.js';
import { far, metres } from '../lib/geo.js';
import { t } from '../lib/words.js';

/**
 * @typedef {object} Shot
 * @property {File | null} file none of one that was taken in before
 * @property {HTMLElement} node
 * @property {'sending' | 'failed' | 'refused' | 'there'} state
 * @property {number | null} id
 * @property {import('../lib/geo.js').Point | null} at where its own data say that it was taken
 */

export class Camera {
  /**
   * @param {HTMLElement} box a `[data-camera]`
   * @param {() => import('../lib/geo.js').Point | null} where the place that pictures are compared with
   * @param {(at: import('../lib/geo.js').Point) => void} [onPlace] somebody wants to use the place of a picture
   */
  constructor(box, where, onPlace) {
    this.box = box;
    this.name = box.dataset.camera ?? '';
    this.most = Number(box.dataset.most ?? 9);
    this.where = where;
    this.onPlace = onPlace;
    /** @type {Shot[]} */ this.shots = [];
    /** @type {(() => void)[]} */ this.waiting = [];
    this.list = /** @type {HTMLElement} */ (box.querySelector('.shots'));
    for (const input of box.querySelectorAll('input')) {
      input.addEventListener('change', () => { this.take([...(input.files ?? [])]); input.value = ''; });
    }
    addEventListener('online', () => this.shots.filter((shot) => shot.state === 'failed').forEach((shot) => this.send(shot)));
  }

  /** @param {File[]} files */
  take(files) {
    for (const file of files.slice(0, this.most - this.shots.length)) {
      const shot = /** @type {Shot} */ ({ file, node: element('li', { class: 'shot' }), state: 'sending', id: null, at: null });
      this.shots.push(shot);
      this.list.append(shot.node);
      this.send(shot);
    }
  }

  /** @param {number[]} ids of pictures that were taken in before */
  restore(ids) {
    for (const id of ids) {
      const shot = /** @type {Shot} */ ({ file: null, node: element('li', { class: 'shot' }), state: 'there', id, at: null });
      this.shots.push(shot);
      this.list.append(shot.node);
      this.draw(shot, element('span', {}, t('phone.photo_there')));
    }
  }

  /** Say to the form that there is another picture, or one less. */
  changed() {
    this.box.dispatchEvent(new Event('change', { bubbles: true }));
  }

  /** @param {Shot} shot */
  async send(shot) {
    if (!shot.file) return;
    shot.state = 'sending';
    const progress = /** @type {HTMLProgressElement} */ (element('progress', { max: '1', value: '0', 'aria-label': t('phone.sending_photo') }));
    this.draw(shot, progress);
    try {
      const told = await upload(shot.file, (part) => { progress.value = part; });
      shot.state = 'there';
      shot.id = told.id;
      shot.at = told.position ? { lon: told.position.lon, lat: told.position.lat } : null;
      this.draw(shot, element('span', {}, t('phone.photo_there')));
      this.changed();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      // What the server has looked at and refused will not become good by sending it again.
      const refused = problem.status >= 400 && problem.status < 500 && ![401, 403, 408, 429].includes(problem.status);
      shot.state = refused ? 'refused' : 'failed';
      const said = element('span', { class: 'fault', role: 'alert' }, problem.status === 0 ? t('phone.photo_lost') : problem.message);
      const again = element('button', { class: 'button small', type: 'button' }, t('phone.again'));
      again.addEventListener('click', () => this.send(shot));
      this.draw(shot, said, refused ? null : again);
    }
    if (!this.shots.some((one) => one.state === 'sending')) this.waiting.splice(0).forEach((go) => go());
  }

  /**
   * @param {Shot} shot
   * @param {...(HTMLElement | null)} parts
   */
  draw(shot, ...parts) {
    const number = this.shots.indexOf(shot) + 1;
    const url = shot.file ? URL.createObjectURL(shot.file) : `/api/v1/files/${shot.id}/thumbnail`;
    const picture = shot.file?.type.startsWith('video/')
      ? element('span', { class: 'film' }, t('phone.film'))
      : element('img', { src: url, alt: t('phone.photo_no', { n: number }), width: '104', height: '104' });
    picture.addEventListener('load', () => URL.revokeObjectURL(url));
    picture.addEventListener('error', () => picture.replaceWith(element('span', { class: 'film' }, t('phone.photo_no', { n: number }))));
    const remove = element('button', { class: 'remove', type: 'button', 'aria-label': t('phone.remove_photo', { n: number }) }, '×');
    remove.addEventListener('click', () => { this.shots = this.shots.filter((other) => other !== shot); shot.node.remove(); this.changed(); });
    shot.node.dataset.state = shot.state;
    shot.node.replaceChildren(picture, remove, element('div', { class: 'shot-told' }, ...parts, ...this.place(shot)));
  }

  /**
   * @param {Shot} shot
   * @returns {HTMLElement[]} how far from here it was taken; shown, whatever it is
   */
  place(shot) {
    const here = this.where();
    if (shot.state !== 'there') return [];
    if (!shot.at && shot.file) return [element('span', { class: 'fine' }, t('phone.photo_no_place'))];
    if (!here || !shot.at) return [];
    const m = metres(shot.at, here);
    const { value, unit } = far(m);
    const said = element('span', { class: m > 50 ? 'far' : 'fine' }, t(`phone.photo_far_${unit}`, { n: value }));
    if (!this.onPlace || m <= 50) return [said];
    const use = element('button', { class: 'button small', type: 'button' }, t('phone.use_photo_place'));
    use.addEventListener('click', () => { if (shot.at && this.onPlace) this.onPlace(shot.at); });
    return [said, use];
  }

  /** The place has changed: say anew how far away each was taken. */
  compare() {
    for (const shot of this.shots.filter((one) => one.state === 'there')) this.draw(shot, element('span', {}, t('phone.photo_there')));
  }

  /** @returns {Promise<void>} when nothing is on its way any more */
  settled() {
    return this.shots.some((shot) => shot.state === 'sending') ? new Promise((go) => { this.waiting.push(go); }) : Promise.resolve();
  }

  get ids() {
    return this.shots.flatMap((shot) => (shot.id === null ? [] : [shot.id]));
  }

  get failed() {
    return this.shots.some((shot) => shot.state === 'failed' || shot.state === 'refused');
  }
}
