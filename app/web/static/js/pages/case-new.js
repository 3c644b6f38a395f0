/** The form of a report: a pin on the map and the typed coordinates are one and the same; what is open near by is shown. */

import * as api from '../api/client.js';
import { byId, element } from '../lib/dom.js';
import { english } from '../lib/names.js';
import { t, useWords } from '../lib/words.js';
import { OneMap } from '../map/map.js';
import { useFiles } from '../ui/files.js';
import { sendOnce, showFirst, usePhrases, whereAmI } from '../ui/forms.js';
import { useConditions, useKinds } from '../ui/kinds.js';

const NEAR_DEGREES = 0.0006;

useWords(JSON.parse(byId('words').textContent ?? '{}'));
const form = /** @type {HTMLFormElement} */ (document.querySelector('.report-form'));
const lon = /** @type {HTMLInputElement} */ (byId('report-position'));
const lat = /** @type {HTMLInputElement} */ (byId('report-lat'));
const told = /** @type {HTMLElement} */ (form.querySelector('[data-pin-told]'));
/** @type {OneMap | null} */ let map = null;
let asked = 0;

usePhrases(document);
useFiles(form, (taken) => { if (taken.position && !position()) mark(taken.position.lon, taken.position.lat, true); });
sendOnce(document);
showFirst();
useKinds(/** @type {HTMLElement} */ (form.querySelector('[data-kinds]')));
useConditions(/** @type {HTMLSelectElement} */ (byId('report-category')), /** @type {HTMLSelectElement} */ (byId('report-condition')));
useHere();
for (const input of [lon, lat]) input.addEventListener('change', () => show(true));
draw();

/** @returns {[number, number] | null} what is typed, where it is a position */
function position() {
  const [x, y] = [lon, lat].map((input) => (input.value.trim() ? Number(input.value) : NaN));
  return Number.isFinite(x) && Number.isFinite(y) && Math.abs(x) <= 180 && Math.abs(y) <= 90 ? [x, y] : null;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {boolean} fly
 */
function mark(x, y, fly) {
  lon.value = x.toFixed(6);
  lat.value = y.toFixed(6);
  show(fly);
}

/** @param {boolean} fly */
function show(fly) {
  const at = position();
  map?.choose(at && { lon: at[0], lat: at[1], urgency: 'normal' });
  if (at && fly) map?.goNear(...at);
  told.textContent = at ? t('casework.pin_at', { at: `${at[0].toFixed(5)}, ${at[1].toFixed(5)}` }) : '';
  near(at);
}

function useHere() {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector('[data-here]'));
  button.hidden = false;
  button.addEventListener('click', () => whereAmI((x, y) => mark(x, y, true), () => { told.textContent = t('casework.no_position'); }));
}

async function draw() {
  const frame = /** @type {HTMLElement} */ (form.querySelector('[data-pin-map]'));
  const without = /** @type {HTMLElement} */ (form.querySelector('[data-no-map]'));
  try {
    const district = await api.district();
    const levels = district.levels.filter((/** @type {any} */ one) => one.level !== 'resident_group' && one.count > 0).map((/** @type {any} */ one) => one.level);
    const tile = (/** @type {string} */ name) => `${location.origin}/tiles/${name}/{z}/{x}/{y}.mvt?v=${district.versions[name]}`;
    frame.hidden = false;
    /** @type {HTMLElement} */ (form.querySelector('[data-pin-hint]')).hidden = false;
    map = new OneMap(byId('pin-map'), {
      english: english(), levels, cells: 1, bounds: district.bounds, hidden: new Set(), areasVersion: district.versions.areas, layer: '', noCases: true,
      tiles: { areas: tile('areas'), ground: tile('ground'), cases: tile('cases') },
    }, { onArea() {}, onCase() {}, onMove() {}, onHover() {}, onFailure() {} }, null);
    map.map.on('click', (/** @type {any} */ event) => mark(event.lngLat.lng, event.lngLat.lat, false));
    map.map.getCanvas().addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Enter' || !map) return;
      event.preventDefault();
      const { lng, lat: y } = map.map.getCenter();
      mark(lng, y, false);
    });
    map.map.on('load', () => show(true));
  } catch {
    frame.hidden = true;
    /** @type {HTMLElement} */ (form.querySelector('[data-pin-hint]')).hidden = true;
    without.hidden = false;
    document.body.dataset.map = 'none';
    show(false);
  }
}

/** @param {[number, number] | null} at */
async function near(at) {
  const box = /** @type {HTMLElement} */ (form.querySelector('[data-near]'));
  const mine = ++asked;
  if (!at || !form.dataset.cases) { box.hidden = true; return; }
  const [x, y] = at;
  const found = await api.cases(new URLSearchParams({
    bbox: [x - NEAR_DEGREES, y - NEAR_DEGREES, x + NEAR_DEGREES, y + NEAR_DEGREES].map((n) => n.toFixed(6)).join(','), state: 'open', limit: '8',
  }).toString()).catch(() => null);
  if (mine !== asked || !found) return;
  box.hidden = false;
  box.classList.toggle('is-none', !found.items.length);
  const kinds = new Map([...byId('report-category').querySelectorAll('option')].map((option) => [option.dataset.id, option.text]));
  box.replaceChildren(
    element('p', {}, found.items.length ? t('casework.near_by', { n: found.items.length }) : t('casework.none_near')),
    element('ul', {}, ...found.items.map((/** @type {any} */ one) => element('li', {},
      element('a', { href: `/cases/${one.id}`, target: '_blank', rel: 'noopener' }, `${kinds.get(String(one.category_id)) ?? ''} ${one.number ?? one.ref ?? one.id}`), one.address ? ` ${one.address}` : ''))),
  );
}
