/** The page of a maintenance area: where it lies and how far it reaches, drawn from what the page brings itself. */

import { byId } from '../lib/dom.js';
import { english } from '../lib/names.js';
import { drawPlan } from '../map/plan.js';

const frame = /** @type {HTMLElement} */ (document.querySelector('[data-drawn]'));
frame.hidden = false;
try {
  const map = drawPlan(/** @type {HTMLElement} */ (frame.querySelector('.map')), JSON.parse(byId('drawn').textContent ?? '{}'), english());
  map.on('idle', () => { document.body.dataset.map = 'idle'; });
} catch {
  frame.hidden = true; // without WebGL the row is told in words alone
}
