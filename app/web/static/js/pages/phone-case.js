/** One case out of doors: its small map, and its keys, each with the pictures and the place that go along. */

import { move } from '../api/client.js';
import { byId } from '../lib/dom.js';
import { hasWord, t, useWords } from '../lib/words.js';
import { PinMap } from '../map/pin.js';
import { Camera } from '../ui/camera.js';
import { Position } from '../ui/position.js';
import { Missing, Sending } from '../ui/sending.js';

useWords(JSON.parse(byId('words').textContent ?? '{}'));

const { case: id, lon, lat } = byId('case').dataset;
let version = Number(byId('case').dataset.version);
const of = lon && lat ? { lon: Number(lon), lat: Number(lat) } : null;

/**
 * Somebody was quicker: what they did is told, what was typed stays, and pressing again is meant for the case as it is now.
 * @param {import('../api/client.js').Problem} problem
 * @returns {string | null}
 */
function changed(problem) {
  if (problem.code !== 'case_changed') return null;
  version = Number(problem.facts.version);
  const since = /** @type {{move: string}[]} */ (problem.facts.since ?? []);
  const moves = since.map((row) => (hasWord(`done.${row.move}`) ? t(`done.${row.move}`) : row.move));
  return t('phone.changed', { moves: moves.join(', ') });
}

/** One key with its form. */
class Key {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    const box = /** @type {HTMLElement | null} */ (form.querySelector('[data-here]'));
    /** @type {Camera[]} */ this.cameras = [];
    this.position = box ? new Position(box, () => this.cameras.forEach((camera) => camera.compare()), of) : null;
    this.cameras = [...form.querySelectorAll('[data-camera]')].map((camera) => new Camera(/** @type {HTMLElement} */ (camera), () => of ?? this.position?.place ?? null));
    for (const list of form.querySelectorAll('select[data-phrases]')) this.usePhrases(/** @type {HTMLSelectElement} */ (list));
    new Sending(form, (client) => this.send(client), (answer) => location.assign(`/m/cases/${id}?done=${answer.move}`), changed);
    const act = /** @type {HTMLDetailsElement} */ (form.closest('details'));
    act.addEventListener('toggle', () => (act.open ? this.position?.start() : this.position?.stop()));
    if (location.hash === `#${act.id}`) act.open = true;
  }

  /** @param {HTMLSelectElement} list */
  usePhrases(list) {
    list.addEventListener('change', () => {
      const field = /** @type {HTMLTextAreaElement} */ (this.form.querySelector(`#${CSS.escape(list.dataset.phrases ?? '')}`));
      field.value = [field.value.trim(), list.value].filter(Boolean).join(' ');
      list.value = '';
      field.focus();
    });
  }

  /** @param {string} client */
  async send(client) {
    await Promise.all(this.cameras.map((camera) => camera.settled()));
    const { given, faults } = this.read();
    if (faults.length) throw new Missing(faults);
    return move(Number(id), { move: this.form.dataset.move ?? '', version, client_id: client, given });
  }

  read() {
    /** @type {Record<string, any>} */ const given = {};
    const faults = [];
    for (const camera of this.cameras) {
      if (camera.ids.length) given[camera.name] = camera.ids;
      if (camera.failed) faults.push({ field: camera.name, reason: 'not_there' });
      else if (camera.box.dataset.needed !== undefined && !camera.ids.length) faults.push({ field: camera.name, reason: 'missing' });
    }
    for (const box of this.form.querySelectorAll('[data-field]')) {
      const { field, needed } = /** @type {HTMLElement} */ (box).dataset;
      const value = valueOf(/** @type {HTMLElement} */ (box), field ?? '');
      if (value) given[field ?? ''] = value;
      else if (needed !== undefined) faults.push({ field: field ?? '', reason: 'missing' });
    }
    if (this.position?.place) given.place = this.position.place;
    return { given, faults };
  }
}

/**
 * @param {HTMLElement} box
 * @param {string} name
 * @returns {string}
 */
function valueOf(box, name) {
  const fields = /** @type {HTMLInputElement[]} */ ([...box.querySelectorAll(`[name="${CSS.escape(name)}"]`)]);
  const one = fields.find((field) => !['radio', 'checkbox'].includes(field.type) || field.checked);
  return one?.value.trim() ?? '';
}

for (const form of document.querySelectorAll('form.move')) new Key(/** @type {HTMLFormElement} */ (form));
const frame = document.getElementById('pin-map');
const drawn = frame ? new PinMap(frame, null).draw(of) : Promise.resolve();
drawn.finally(() => { document.body.dataset.page = 'ready'; });
