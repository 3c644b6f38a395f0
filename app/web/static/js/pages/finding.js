/** The search box of the page, and where each thing that is found leads. */

import { byId } from '../lib/dom.js';
import { whereabouts } from '../lib/found.js';
import { Finder } from '../ui/search.js';

/** @typedef {import('./map-page.js').MapPage} MapPage */

/** @param {MapPage} page */
export const useFinder = (page) => new Finder(/** @type {HTMLInputElement} */ (byId('search')), byId('found'), byId('found-told'), {
  onOpen: ({ group, item }) => LEADS[group](page, item), calls: Boolean(byId('desk').dataset.phones), path: () => page.desk.area?.path ?? [],
});

const unit = (/** @type {number} */ id) => location.assign(`/units/${id}`);

/** @param {MapPage} page @param {{id: number}} item */
const element = (page, item) => { page.element.go(item.id); };

/** @type {Record<string, (page: MapPage, item: any) => void>} */
const LEADS = {
  areas: (page, item) => page.change({ area: item.id, case: null }),
  cases: (page, item) => page.change({ case: item.id }),
  sites: (page, item) => element(page, item),
  organisations: (page, item) => element(page, item),
  objects: (page, item) => element(page, item),
  places: (page, item) => page.map?.goNear(item.lon, item.lat),
  units: (_, item) => unit(item.id),
  staff(page, item) {
    const at = whereabouts(item);
    if (at && 'area' in at) page.change({ area: at.area, case: null });
    else if (at) unit(at.unit);
  },
};
