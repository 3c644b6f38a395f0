/** What lies under the pointer, and what a press on it means. */

import { ELEMENT_MARKS, OUTLINES } from './elements.js';
import { flight } from './flight.js';

const CASES = ['late', 'clusters', 'cases', 'dots'];

/** Layers of marks, the uppermost first. */
export const MARKS = [...CASES, ...ELEMENT_MARKS];

const NEAREST = 19;

/**
 * @param {string[]} levels of the district
 * @param {number} zoom
 * @returns {'subdistrict' | 'community' | 'cell'} the level that a press means: it follows the zoom
 */
export function levelAt(levels, zoom) {
  if (levels.includes('subdistrict') && zoom < 11.2) return 'subdistrict';
  return levels.includes('community') && zoom < 13 ? 'community' : 'cell';
}

export class Pointing {
  /** @param {import('./map.js').OneMap} one */
  constructor(one) {
    this.one = one;
  }

  /**
   * @param {any} point
   * @param {string[]} layers
   */
  under(point, layers) {
    const there = layers.filter((id) => this.one.map.getLayer(id));
    return there.length ? this.one.map.queryRenderedFeatures(point, { layers: there }) : [];
  }

  /** @param {any} point */
  click(point) {
    const [mark] = this.under(point, MARKS);
    if (mark && ['elements', 'gathered'].includes(mark.source)) { this.pressElement(mark); return; }
    if (mark) {
      const { case_id: id, count } = mark.properties;
      if (count === 1) this.one.handlers.onCase(Number(id));
      else this.one.map.easeTo({ center: mark.geometry.coordinates, zoom: Math.min(this.one.map.getZoom() + 2, 18), ...flight() });
      return;
    }
    if (this.one.solid.press(this.under(point, ['registered-roofs', 'registered-buildings', 'buildings', 'roofs'])[0])) return;
    const [outline] = this.under(point, OUTLINES);
    if (outline) { this.one.handlers.onElement?.(Number(outline.id)); return; }
    const [area] = this.under(point, [this.clickLayer()]);
    if (area) this.one.handlers.onArea(Number(area.id), area.sourceLayer ?? '');
  }

  /** @param {any} mark one opens its card, as does the place that several lie in; else one comes nearer until they part */
  pressElement({ geometry: { coordinates }, properties, sourceLayer = properties.of }) {
    const { map, handlers } = this.one;
    const { count, element_id: one, site_id: site, together } = properties;
    if (count === 1 || site) handlers.onElement?.(Number(count === 1 ? one : site));
    else if (together) handlers.onTogether?.({ lon: coordinates[0], lat: coordinates[1] }, sourceLayer);
    else map.easeTo({ center: coordinates, zoom: Math.min(map.getZoom() + 2, NEAREST), ...flight() });
  }

  /** @returns {string} the layer of the level that a press means */
  clickLayer() {
    const level = levelAt(this.one.options.levels, this.one.map.getZoom());
    return level === 'cell' ? 'cells' : `hit-${level}`;
  }

  /** @param {any} point */
  hover(point) {
    const marks = this.under(point, CASES);
    this.one.map.getCanvas().style.cursor = marks.length || this.under(point, [...ELEMENT_MARKS, ...OUTLINES]).length ? 'pointer' : '';
    const [cell] = this.under(point, ['cells']);
    this.one.handlers.onHover(cell ? Number(cell.id) : null, point.x, point.y, cell?.properties ?? {}, Number(marks[0]?.properties.case_id) || null);
  }
}
