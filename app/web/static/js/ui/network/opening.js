/** Opens and closes the network view of the map page; view and library come when it is opened for the first time. */

import * as api from '../../api/client.js';
import { byId, element, icon } from '../../lib/dom.js';
import { t } from '../../lib/words.js';

/** @typedef {any} Page the map page, as far as the view needs it */

/** @type {Promise<typeof import('./view.js')> | null} */
let module = null;

/** Cytoscape.js would add a sheet of its own, which the policy refuses; it does not where one of this name is there. */
const SHEET = '__________cytoscape_stylesheet';

function load() {
  const sheet = element('link', { rel: 'stylesheet', id: SHEET, href: new URL('../../../css/network.css', import.meta.url).href });
  const dressed = new Promise((resolve, reject) => { sheet.addEventListener('load', resolve); sheet.addEventListener('error', reject); });
  if (document.getElementById(SHEET)) return import('./view.js');
  document.head.append(sheet);
  return Promise.all([import('./view.js'), dressed]).then(([found]) => found).catch((problem) => { sheet.remove(); throw problem; });
}

export class NetworkSwitch {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    /** @type {import('./view.js').NetworkView | null} */ this.view = null;
  }

  /** Bring the view in line with the address. */
  async sync() {
    const { state } = this.page;
    const desk = byId('desk');
    desk.toggleAttribute('data-network', state.net !== '');
    if (!state.net) { this.shut(); return; }
    module ??= load();
    try {
      const { NetworkView } = await module;
      if (!state.net || state !== this.page.state) return;
      this.view ??= new NetworkView(desk, this.handlers());
    } catch {
      module = null;
      this.go({ net: '' });
      byId('banner').textContent = t('map.server_gone');
      byId('banner').hidden = false;
      return;
    }
    await this.view.show(state);
  }

  /** @returns {import('./view.js').ViewHandlers} */
  handlers() {
    const { page } = this;
    return {
      onChange: (patch) => this.go(patch),
      onClose: () => this.close(),
      onOpen: (key) => {
        const [sort, id] = key.split(':');
        Object.assign(page.state, { net: '', hops: '', off: '' });
        if (sort === 'element') { page.element.go(Number(id)); this.sync(); return; }
        page.change(sort === 'case' ? { case: Number(id) } : { area: Number(id), case: null });
      },
      onLight: (lit) => page.map?.light(lit),
      onMiddle: (node) => this.goTo(node),
    };
  }

  /** @param {import('../../lib/network.js').NetNode} node */
  async goTo(node) {
    const { map } = this.page;
    if (!map) return;
    if (node.lon !== null && node.lat !== null) map.goNear(node.lon, node.lat);
    else if (node.cell) map.goTo((await api.area(node.cell.id)).bounds);
  }

  /** @param {Partial<{net: string, hops: string, off: string}>} patch */
  go(patch) {
    Object.assign(this.page.state, patch, patch.net === '' ? { hops: '', off: '' } : {});
    this.page.writeAddress(false);
    return this.sync();
  }

  shut() {
    if (!this.view) return;
    this.view.close();
    this.view = null;
    this.page.map?.light({ areas: [], points: [] });
    (document.getElementById('card-network') ?? byId('queue')).focus();
  }

  /** @returns {boolean} whether it was open */
  close() {
    if (!this.page.state.net) return false;
    this.go({ net: '' });
    return true;
  }

  /** Open it around the case or the area that is chosen, else around the territory; or close it. */
  async toggle() {
    if (this.close()) return;
    const { page } = this;
    const { state, desk } = page;
    const { id } = desk.area ?? desk.district?.territory?.at(-1) ?? (await api.areas()).items[0] ?? {};
    const level = desk.area?.level ?? desk.district?.territory?.at(-1)?.level;
    if (state.element !== null) { const { element: own } = state; state.element = null; page.element.shut(); this.go({ net: `element:${own}` }); } else if (state.case !== null) this.go({ net: `case:${state.case}` });
    else if (id) this.go({ net: `${level === 'cell' ? 'cell' : 'area'}:${id}` });
  }

  /**
   * @param {number | null} area under the pointer on the map
   * @param {number | null} caseId
   */
  hover(area, caseId) {
    this.view?.hover({ area, case: caseId });
  }

  /**
   * @param {string} key of what was clicked on the map
   * @returns {boolean} whether the view is open and has taken it
   */
  pick(key) {
    if (!this.page.state.net) return false;
    if (this.view?.node(key)) this.view.choose(key);
    else this.go({ net: key });
    return true;
  }
}

/**
 * @param {() => void} onOpen
 * @param {HTMLElement[]} [beside] what else can be done from the card
 * @returns {HTMLElement} what opens the view, on a card
 */
export function networkButton(onOpen, beside = []) {
  const made = element('button', { type: 'button', class: 'button', id: 'card-network', title: `${t('network.title')} (N)` }, icon('network'), t('network.title'));
  made.addEventListener('click', onOpen);
  return element('div', { class: 'card-do' }, made, ...beside);
}
