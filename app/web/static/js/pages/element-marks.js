/** Elements on the map of the page: what the address switches on, and which card is open. */

import * as api from '../api/client.js';
import { byId } from '../lib/dom.js';
import { sortsOf, tileQueries } from '../lib/sorts.js';
import { ElementLayers } from '../ui/element-layers.js';
import { chooseAt } from '../ui/registry/together.js';

/** @typedef {import('./map-page.js').MapPage} MapPage */

/**
 * @param {MapPage} page
 * @returns {import('../map/elements.js').Elements | null} what the map draws; null for those who may not read the registry
 */
export function elementsOf({ desk, state }) {
  if (!byId('desk').dataset.floor) return null;
  const { marks, outlines } = tileQueries(state.els, desk.district.versions.registry, state.past);
  const address = (/** @type {string} */ name, /** @type {string} */ query) => `${location.origin}/tiles/${name}/{z}/{x}/{y}.mvt?${query}`;
  return { sorts: sortsOf(state.els), marks: marks && address('elements', marks), outlines: address('buildings', outlines), chosen: state.element };
}

/** @param {MapPage} page @returns {Pick<import('../map/map.js').Handlers, 'onElement' | 'onTogether'>} */
export const elementHandlers = (page) => {
  const onElement = (/** @type {number} */ id) => { if (!page.network.pick(`element:${id}`)) page.element.go(id); };
  return { onElement, onTogether: (at, of) => { page.attempt(() => chooseAt(at, of, onElement)); } };
};

export class ElementMarks {
  /** @param {MapPage} page */
  constructor(page) {
    this.page = page;
    const host = /** @type {HTMLDetailsElement | null} */ (document.getElementById('elements'));
    this.switches = host && new ElementLayers(host, {
      drawn: page.map !== null && 'showElements' in page.map,
      ask: () => api.elementCounts(page.state.past),
      onChange: (els) => { page.state.els = els; page.writeAddress(false); page.joined.tell(); this.sync(); },
    });
  }

  /** Bring map and switches in line with the address. */
  sync() {
    const { page } = this;
    const wanted = elementsOf(page);
    if (!wanted) return;
    if (page.map && 'showElements' in page.map) {
      const before = page.map.options.elements;
      page.map.showElements(wanted);
      page.map.chooseElement(wanted.chosen);
      if (before !== page.map.options.elements) page.dressSoon();
    }
    this.switches?.sync(page.state.els, `${page.desk.district.versions.registry}/${page.state.past}`);
  }
}
