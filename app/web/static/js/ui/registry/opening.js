/** Opens and closes the card of an element; the card comes when one is opened for the first time. */

import { byId, element } from '../../lib/dom.js';
import { t } from '../../lib/words.js';

/** @typedef {any} Page the map page, as far as the card needs it */

const NARROW = '(max-width: 900px)';
/** @type {Promise<typeof import('./card.js')> | null} */
let module = null;

function load() {
  const sheet = element('link', { rel: 'stylesheet', href: new URL('../../../css/element.css', import.meta.url).href });
  const dressed = new Promise((resolve, reject) => { sheet.addEventListener('load', resolve); sheet.addEventListener('error', reject); });
  document.head.append(sheet);
  return Promise.all([import('./card.js'), dressed]).then(([found]) => found).catch((problem) => { sheet.remove(); throw problem; });
}

export class ElementSwitch {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    /** @type {import('./card.js').ElementCard | null} */ this.card = null;
    /** @type {Element | null} where the keys were */ this.from = null;
  }

  /**
   * Bring the card in line with the address.
   * @param {boolean} [focus] whether the keys go to it
   */
  async sync(focus = false) {
    const { element: id } = this.page.state;
    this.page.map?.chooseElement?.(id);
    if (id === null) { this.shut(); return; }
    module ??= load();
    try {
      const { ElementCard } = await module;
      if (id !== this.page.state.element) return;
      this.from ??= document.activeElement;
      this.card ??= new ElementCard(byId('desk'), this.handlers());
    } catch {
      module = null;
      this.go(null);
      byId('banner').textContent = t('map.server_gone');
      byId('banner').hidden = false;
      return;
    }
    await this.card.show(id, focus);
  }

  /** @returns {import('./card.js').CardHandlers} */
  handlers() {
    const { page } = this;
    const desk = byId('desk');
    return {
      zone: page.zone, locale: page.locale, persons: Boolean(desk.dataset.persons), past: () => page.state.past !== '',
      edits: (kind) => Boolean(desk.dataset.edits) && (kind !== 'person' || desk.dataset.edits === 'all'),
      onClose: () => this.close(),
      onElement: (id) => this.go(id),
      onCase: (id) => page.change({ case: id }),
      onArea: (id) => page.change({ area: id, case: null }),
      onNetwork: (id) => { page.state.element = null; page.network.go({ net: `element:${id}` }); this.shut(); },
      onMap: (lon, lat) => {
        if (matchMedia(NARROW).matches) {
          this.close();
          /** @type {HTMLElement | null} */ (document.querySelector('.switch [data-view=map]'))?.click();
        } else if (desk.dataset.layout === 'list') page.change({ lay: 'map' }); // else the card lies over most of the map
        page.map?.goNear(lon, lat);
      },
    };
  }

  /** @param {number | null} id */
  go(id) {
    this.page.state.element = id;
    this.page.writeAddress(false);
    return this.sync(true);
  }

  shut() {
    if (!this.card) return;
    this.card.leave();
    this.card = null;
    const { from } = this;
    this.from = null;
    if (document.activeElement === document.body) /** @type {HTMLElement} */ (from?.isConnected && from !== document.body ? from : byId('queue')).focus();
  }

  /** @returns {boolean} whether one was open */
  close() {
    if (this.page.state.element === null) return false;
    this.go(null);
    return true;
  }
}
