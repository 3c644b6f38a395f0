/** What the map says of registered elements without being told by their tiles: which is chosen, and which house is drawn already. */

import { ringFilter } from './elements.js';

const RINGS = ['place', 'object', 'organisation', 'far'];

export class Registered {
  /** @param {import('./map.js').OneMap} one */
  constructor(one) {
    this.one = one;
    /** @type {number | null} the building whose outline stands out */ this.said = null;
    const { map } = one;
    map.on('sourcedata', (/** @type {any} */ event) => { if (event.sourceId === 'registered' && event.tile) this.keepUp(); });
    map.on('idle', () => this.keepUp());
  }

  /** @param {Omit<import('./elements.js').Elements, 'chosen'> | null} wanted what is switched on; null for those who may not read the registry */
  show(wanted) {
    const { options } = this.one;
    const before = JSON.stringify({ ...options.elements, chosen: null });
    if (!wanted || before === JSON.stringify({ ...wanted, chosen: null })) return;
    if (options.elements?.marks !== wanted.marks) options.gathered = []; // of other kinds, which are not to be seen for a moment
    options.elements = { ...wanted, chosen: options.elements?.chosen ?? null };
    this.one.restyle();
  }

  /** @param {number | null} id of the element whose card is open */
  choose(id) {
    const { map, options } = this.one;
    if (!options.elements || options.elements.chosen === id) return;
    options.elements.chosen = id;
    for (const of of RINGS) if (map.getLayer(`el-ring-${of}`)) map.setFilter(`el-ring-${of}`, ringFilter(id));
    this.keepUp();
  }

  keepUp() {
    const { map, options } = this.one;
    if (!options.elements || !map.getSource('registered')) { this.said = null; return; }
    const { chosen } = options.elements;
    const say = (/** @type {number | null} */ id, /** @type {boolean} */ on) => { if (id !== null) map.setFeatureState({ source: 'registered', sourceLayer: 'buildings', id }, { chosen: on }); };
    if (this.said !== chosen) { say(this.said, false); say(chosen, true); this.said = chosen; }
    if (!options.solid) return;
    for (const { properties } of map.querySourceFeatures('registered', { sourceLayer: 'buildings' })) {
      if (properties.ground) map.setFeatureState({ source: 'ground', sourceLayer: 'building', id: Number(properties.ground) }, { registered: true });
    }
  }
}
