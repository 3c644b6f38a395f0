/** One case out of doors: its small map, and its keys, each with the pictures and the place that go along. */

import { move } from '../api/client.js';
import { byId } from '../lib/dom.js';
import { useWords } from '../lib/words.js';
import { PinMap } from '../map/pin.js';
import { Camera } from '../ui/camera.js';
import { Position } from '../ui/position.js';
import { Missing, Sending } from '../ui/sending.js';

useWords(JSON.parse(byId('words').textContent ?? '{}'));

const { case: id, version, lon, lat } = byId('case').dataset;
const of = lon && lat ? { lon: Number(lon), lat: Number(lat) } : null;

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
    new Sending(form, (client) => this.send(client), (answer) => location.assign(`/m/cases/${id}?done=${answer.move}`));
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
    return move(Number(id), { move: this.form.dataset.move ?? '', version: Number(version), client_id: client, given });
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
