/** The round of a campaign: the nearest place first, and for each two keys, each sent once. The way that is walked stays here. */

import { visitPlace } from '../api/client.js';
import { byId, element } from '../lib/dom.js';
import { far, metres, nearestFirst } from '../lib/geo.js';
import { t, useWords } from '../lib/words.js';
import { Camera } from '../ui/camera.js';
import { Missing, Sending } from '../ui/sending.js';

useWords(JSON.parse(byId('words').textContent ?? '{}'));

const campaign = Number(byId('round').dataset.campaign);
const near = document.getElementById('near');

/** @param {Element} card */
function placeOf(card) {
  const { lon, lat } = /** @type {HTMLElement} */ (card).dataset;
  return lon && lat ? { lon: Number(lon), lat: Number(lat) } : null;
}

/** @param {GeolocationPosition} found */
function sort(found) {
  const here = { lon: found.coords.longitude, lat: found.coords.latitude };
  for (const list of document.querySelectorAll('.place-list')) {
    const cards = [...list.children];
    for (const card of cards) {
      const place = placeOf(card);
      const told = card.querySelector('.distance');
      if (!place || !told) continue;
      const { value, unit } = far(metres(place, here));
      told.textContent = t(`phone.far_${unit}`, { n: value });
    }
    list.append(...nearestFirst(cards, placeOf, here));
  }
  byId('near-told').textContent = t('phone.sorted', { m: Math.round(found.coords.accuracy) });
  if (near) near.hidden = true;
}

function ask() {
  byId('near-told').textContent = t('phone.finding');
  navigator.geolocation.getCurrentPosition(sort, (error) => {
    byId('near-told').textContent = t(error.code === error.PERMISSION_DENIED ? 'phone.position_denied_list' : 'phone.no_position_list');
  }, { enableHighAccuracy: true, maximumAge: 60000, timeout: 15000 });
}

/** @param {HTMLElement} card */
const idOf = (card) => Number(card.dataset.place);

/**
 * Nothing was found: the card goes to those that were visited, and says so.
 * @param {HTMLElement} card
 */
function visited(card) {
  const wasWaiting = card.parentElement?.id === 'waiting';
  const mark = /** @type {HTMLTemplateElement} */ (byId('marks')).content.cloneNode(true);
  card.querySelector('.place-stands')?.replaceChildren(element('span', { class: 'place-state' }, mark, t('place_state.clear')));
  card.querySelector('.place-keys')?.remove();
  card.querySelector('.found-form')?.remove();
  if (!wasWaiting) return;
  const next = card.nextElementSibling ?? card.previousElementSibling;
  byId('done').prepend(card);
  for (const [name, by] of /** @type {[string, number][]} */ ([['visited', 1], ['waiting', -1], ['done', 1]])) {
    const figure = document.querySelector(`[data-${name}]`);
    if (figure) figure.textContent = String(Number(figure.textContent) + by);
  }
  byId('told').textContent = t('campaign.was_clear', { place: card.querySelector('b')?.textContent ?? '' });
  byId('told').hidden = false;
  /** @type {HTMLElement | null} */ (next?.querySelector('button'))?.focus({ preventScroll: true });
}

/**
 * @param {HTMLElement} card
 * @param {HTMLButtonElement} key
 */
function openForm(card, key) {
  const open = card.querySelector('.found-form');
  if (open) {
    const shown = !open.toggleAttribute('hidden');
    key.setAttribute('aria-expanded', String(shown));
    return;
  }
  const made = /** @type {DocumentFragment} */ (/** @type {HTMLTemplateElement} */ (byId('found-form')).content.cloneNode(true));
  const form = /** @type {HTMLFormElement} */ (made.querySelector('form'));
  form.dataset.client = key.dataset.client;
  for (const node of form.querySelectorAll('[id], [aria-describedby]')) {
    for (const name of ['id', 'aria-describedby']) if (node.hasAttribute(name)) node.setAttribute(name, `${node.getAttribute(name)}-${idOf(card)}`);
  }
  card.append(made);
  key.setAttribute('aria-expanded', 'true');
  const camera = new Camera(/** @type {HTMLElement} */ (form.querySelector('[data-camera]')), () => placeOf(card));
  const words = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem('description'));
  new Sending(form, async (client) => {
    await camera.settled();
    const said = words.value.trim();
    if (camera.failed) throw new Missing([{ field: 'files', reason: 'not_there' }]);
    if (!said && !camera.ids.length) throw new Missing([{ field: 'description', reason: 'missing' }]);
    return visitPlace(campaign, idOf(card), { client_id: client, outcome: 'found', description: said || undefined, files: camera.ids });
  }, (answer) => location.assign(`/m/cases/${answer.case_id}#self_handle`));
  words.focus({ preventScroll: true });
  form.scrollIntoView({ block: 'nearest' });
}

for (const card of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.place-card'))) {
  const clear = /** @type {HTMLFormElement | null} */ (card.querySelector('form[data-outcome=clear]'));
  if (clear) new Sending(clear, (client) => visitPlace(campaign, idOf(card), { client_id: client, outcome: 'clear' }), () => visited(card));
  const found = /** @type {HTMLButtonElement | null} */ (card.querySelector('[data-open]'));
  found?.addEventListener('click', () => openForm(card, found));
}

async function start() {
  if (!near || !navigator.geolocation) return;
  near.hidden = false;
  near.addEventListener('click', ask);
  // Whoever has allowed it before is not asked again.
  const known = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => null);
  if (known?.state === 'granted') ask();
}

start().finally(() => { document.body.dataset.page = 'ready'; });
