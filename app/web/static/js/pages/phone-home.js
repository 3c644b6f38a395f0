/** Today's tasks: within each lamp the nearest first, once the telephone may say where it is. The place stays on it. */

import { byId } from '../lib/dom.js';
import { far, metres, nearestFirst } from '../lib/geo.js';
import { t, useWords } from '../lib/words.js';

useWords(JSON.parse(byId('words').textContent ?? '{}'));

const button = document.getElementById('near');

/**
 * @param {Element} row
 * @returns {import('../lib/geo.js').Point | null}
 */
const placeOf = (row) => {
  const { lon, lat } = /** @type {HTMLElement} */ (row).dataset;
  return lon && lat ? { lon: Number(lon), lat: Number(lat) } : null;
};

/** @param {GeolocationPosition} found */
function sort(found) {
  const here = { lon: found.coords.longitude, lat: found.coords.latitude };
  for (const list of document.querySelectorAll('.lamp-group .task-list')) {
    const rows = [...list.children];
    for (const row of rows) {
      const place = placeOf(row);
      const told = row.querySelector('.distance');
      if (!place || !told) continue;
      const { value, unit } = far(metres(place, here));
      told.textContent = t(`phone.far_${unit}`, { n: value });
    }
    list.append(...nearestFirst(rows, placeOf, here));
  }
  byId('near-told').textContent = t('phone.sorted', { m: Math.round(found.coords.accuracy) });
  if (button) button.hidden = true;
}

function ask() {
  byId('near-told').textContent = t('phone.finding');
  navigator.geolocation.getCurrentPosition(sort, (error) => {
    byId('near-told').textContent = t(error.code === error.PERMISSION_DENIED ? 'phone.position_denied_list' : 'phone.no_position_list');
  }, { enableHighAccuracy: true, maximumAge: 60000, timeout: 15000 });
}

async function start() {
  if (!button || !navigator.geolocation) return;
  button.hidden = false;
  button.addEventListener('click', ask);
  // Whoever has allowed it before is not asked again.
  const known = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => null);
  if (known?.state === 'granted') ask();
}

start().finally(() => { document.body.dataset.page = 'ready'; });
