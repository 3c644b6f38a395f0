/** The search box of the page, and where each thing that is found leads. */

import { byId, element } from '../lib/dom.js';
import { whereabouts } from '../lib/found.js';
import { Finder } from '../ui/search.js';

/** @typedef {import('./map-page.js').MapPage} MapPage */

/** @param {MapPage} page */
export const useFinder = (page) => new Finder(/** @type {HTMLInputElement} */ (byId('search')), byId('found'), byId('found-told'), {
  onOpen: ({ group, item }) => LEADS[group](page, item), calls: Boolean(byId('desk').dataset.phones), persons: Boolean(byId('desk').dataset.persons), path: () => page.desk.area?.path ?? [],
});

const unit = (/** @type {number} */ id) => location.assign(`/units/${id}`);

/** @param {MapPage} page @param {{id: number}} item */
const registered = (page, item) => { page.element.go(item.id); };

/**
 * The question with what was typed, for its purpose to be said there: in a form, since an address is kept.
 * @param {{said: string, by: string}} sought
 */
function seek({ said, by }) {
  const token = document.querySelector('meta[name=csrf-token]')?.getAttribute('content') ?? '';
  const fields = Object.entries({ csrf_token: token, by, said }).map(([name, value]) => element('input', { type: 'hidden', name, value }));
  const form = /** @type {HTMLFormElement} */ (element('form', { method: 'post', action: '/registry/persons', hidden: true }, ...fields));
  document.body.append(form);
  form.submit();
}

/** @type {Record<string, (page: MapPage, item: any) => void>} */
const LEADS = {
  areas: (page, item) => page.change({ area: item.id, case: null }),
  cases: (page, item) => page.change({ case: item.id }),
  sites: (page, item) => registered(page, item),
  organisations: (page, item) => registered(page, item),
  objects: (page, item) => registered(page, item),
  places: (page, item) => page.map?.goNear(item.lon, item.lat),
  residents: (_, item) => seek(item),
  units: (_, item) => unit(item.id),
  staff(page, item) {
    const at = whereabouts(item);
    if (at && 'area' in at) page.change({ area: at.area, case: null });
    else if (at) unit(at.unit);
  },
};
