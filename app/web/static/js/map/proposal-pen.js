/** What a hand does on the map of a proposal: it chooses a cell, gives blocks one by one or by a brush, draws a line. */

/** @typedef {'choose' | 'give' | 'line'} Tool */

const CORNER_PX = 6;

export class ProposalPen {
  /**
   * @param {import('./proposal-map.js').ProposalMap} plan
   * @param {{onCell: (key: string) => void, onBlocks: (numbers: number[]) => void, onLine: (line: [number, number][]) => void, cellOf: (no: number) => string}} told
   */
  constructor(plan, told) {
    this.plan = plan;
    this.told = told;
    /** @type {Tool} */ this.tool = 'choose';
    /** @type {Set<number> | null} */ this.given = null;
    /** @type {[number, number][] | null} */ this.line = null;
    /** @type {number | null} */ this.near = null;
    const { map } = plan;
    map.on('click', (/** @type {any} */ event) => { if (this.tool === 'choose') this.choose(event.point); });
    map.on('mousemove', (/** @type {any} */ event) => this.point(event.point));
    const canvas = map.getCanvasContainer();
    canvas.addEventListener('pointerdown', (/** @type {PointerEvent} */ event) => this.begin(event), { capture: true });
    canvas.addEventListener('pointermove', (/** @type {PointerEvent} */ event) => this.go(event));
    for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, (/** @type {Event} */ event) => this.end(event.type === 'pointerup'));
  }

  /** @param {Tool} tool */
  use(tool) {
    this.tool = tool;
    const { map } = this.plan;
    map.dragPan[tool === 'choose' ? 'enable' : 'disable']();
    map.getCanvas().style.cursor = tool === 'choose' ? '' : 'crosshair';
  }

  /** @param {PointerEvent} event @returns {[number, number]} in pixels */
  at(event) {
    const { left, top } = this.plan.map.getCanvas().getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  /** @param {any} pixel @returns {number | null} the block there */
  block(pixel) {
    const found = this.plan.map.getLayer('plan-blocks') ? this.plan.map.queryRenderedFeatures(pixel, { layers: ['plan-blocks'] }) : [];
    return found.length ? Number(found[0].id) : null;
  }

  /** @param {any} pixel */
  choose(pixel) {
    const no = this.block(pixel);
    if (no !== null) this.told.onCell(this.told.cellOf(no));
  }

  /** @param {any} pixel */
  point(pixel) {
    const no = this.tool === 'give' ? this.block(pixel) : null;
    if (no === this.near) return;
    if (this.near !== null) this.plan.mark([this.near], 'near', false);
    if (no !== null) this.plan.mark([no], 'near', true);
    this.near = no;
  }

  /** @param {PointerEvent} event */
  begin(event) {
    if (this.tool === 'choose' || !event.isPrimary || event.button !== 0) return;
    /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
    if (this.tool === 'give') this.given = new Set();
    else this.line = [];
    this.go(event);
  }

  /** @param {PointerEvent} event */
  go(event) {
    const pixel = this.at(event);
    if (this.given) {
      const no = this.block(pixel);
      if (no !== null && !this.given.has(no)) { this.given.add(no); this.plan.mark([no], 'given', true); }
    } else if (this.line) {
      const { lng, lat } = this.plan.map.unproject(pixel);
      const last = this.line.at(-1);
      const before = last && this.plan.map.project(last);
      if (!before || Math.hypot(before.x - pixel[0], before.y - pixel[1]) >= CORNER_PX) this.line.push([Number(lng.toFixed(7)), Number(lat.toFixed(7))]);
      this.plan.put('pen', { type: 'FeatureCollection', features: [{ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: this.line } }] });
    }
  }

  /** @param {boolean} done */
  end(done) {
    const { given, line } = this;
    this.given = this.line = null;
    this.plan.put('pen', { type: 'FeatureCollection', features: [] });
    if (given) {
      this.plan.mark([...given], 'given', false);
      if (done && given.size) this.told.onBlocks([...given]);
    }
    if (line && done && line.length > 1) this.told.onLine(line);
  }
}
