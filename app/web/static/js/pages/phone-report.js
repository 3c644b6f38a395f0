/** 上报: a picture, a place, what it is, a few words; sent once. What was typed stays until the server has it. */

import { report } from '../api/client.js';
import { byId } from '../lib/dom.js';
import { moved } from '../lib/geo.js';
import { useWords } from '../lib/words.js';
import { PinMap } from '../map/pin.js';
import { Camera } from '../ui/camera.js';
import { useCategories } from '../ui/category-picker.js';
import { Position } from '../ui/position.js';
import { Missing, Sending } from '../ui/sending.js';

useWords(JSON.parse(byId('words').textContent ?? '{}'));

const form = /** @type {HTMLFormElement} */ (byId('report'));
const NUDGE_M = 10;

const camera = new Camera(/** @type {HTMLElement} */ (form.querySelector('[data-camera]')), () => position.place, (at) => choose(at));
const map = new PinMap(byId('pin-map'), (at) => position.byOneself(at));
const position = new Position(/** @type {HTMLElement} */ (form.querySelector('[data-here]')), (place) => {
  camera.compare();
  if (place && !position.byHand) map.show(place);
});
const picked = useCategories(byId('category-search'), byId('category-list'), byId('category-told'), byId('condition-list'));

/** @param {import('../lib/geo.js').Point} at chosen other than on the map */
function choose(at) {
  position.byOneself(at);
  map.show(at);
}

for (const button of form.querySelectorAll('[data-nudge]')) {
  button.addEventListener('click', () => {
    const from = position.place ?? map.at;
    if (from) choose(moved(from, /** @type {any} */ (/** @type {HTMLElement} */ (button).dataset.nudge), NUDGE_M));
  });
}

/** @param {string} name */
const typed = (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value.trim();

function missing() {
  const faults = [];
  if (!picked.category) faults.push({ field: 'category', reason: 'missing' });
  if (!position.place) faults.push({ field: 'position', reason: 'missing' });
  if (!camera.ids.length && !typed('description')) faults.push({ field: 'description', reason: 'missing' });
  if (camera.failed) faults.push({ field: 'files', reason: 'not_there' });
  return faults;
}

/** @param {string} client */
async function send(client) {
  await camera.settled();
  const faults = missing();
  if (faults.length || !position.place) throw new Missing(faults);
  const { lon, lat } = position.place;
  const phone = typed('phone');
  return report({
    client_id: client, category: picked.category, condition: picked.condition || undefined, position: { lon, lat },
    description: typed('description') || undefined, address: typed('address') || undefined, files: camera.ids,
    contact: phone ? { phone, name: typed('name') || undefined } : undefined,
  });
}

new Sending(form, send, (answer) => {
  picked.remember();
  location.assign(`/m/reported/${answer.case_id}${typed('phone') ? '?receipt=1' : ''}`);
});
position.start();
map.draw(position.place).then(() => {
  byId('pin-hint').hidden = byId('pin-map').hidden;
  if (position.place) map.show(position.place);
  document.body.dataset.page = 'ready';
});
