/** One campaign at the desk: its coverage on the map; a mark and its row in the list lead to each other. */

import { campaignPlaces } from '../api/client.js';
import { byId, element } from '../lib/dom.js';
import { t, useWords } from '../lib/words.js';
import { drawCoverage } from '../map/coverage.js';

useWords(JSON.parse(byId('words').textContent ?? '{}'));
const frame = byId('cover-map');
const told = byId('place-told');

async function start() {
  const { items: places } = await campaignPlaces(Number(frame.dataset.campaign));
  const known = new Map(places.map((/** @type {any} */ place) => [place.id, place]));
  const map = await drawCoverage(frame, places, tell);
  byId('no-map').hidden = map !== null;
  if (!map) return;
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('tr[data-place]'))) {
    const place = known.get(Number(row.dataset.place));
    const cell = row.querySelector('td');
    if (!place || !cell) continue;
    const show = element('button', { type: 'button', class: 'as-link' }, cell.textContent ?? '');
    show.addEventListener('click', () => { map.goNear(place.lon, place.lat); tell(place.id); });
    cell.replaceChildren(show);
  }

  /** @param {number} id */
  function tell(id) {
    const place = known.get(id);
    if (!place) return;
    map?.choose({ lon: place.lon, lat: place.lat, urgency: 'place' });
    for (const row of document.querySelectorAll('tr.is-chosen')) row.classList.remove('is-chosen');
    const row = document.getElementById(`place-${id}`);
    row?.classList.add('is-chosen');
    row?.scrollIntoView({ block: 'nearest' });
    told.replaceChildren(`${place.label} · ${t(`place_state.${place.state}`)} `, place.case_id ? element('a', { href: `/cases/${place.case_id}` }, place.case_number ?? String(place.case_id)) : '');
  }
}

start().catch(() => { byId('no-map').hidden = false; document.body.dataset.map = 'none'; }).finally(() => { document.body.dataset.page = 'ready'; });
