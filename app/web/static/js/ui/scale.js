/** The scale bar. */

import { element } from '../lib/dom.js';

const STEPS = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000];

/**
 * @param {HTMLElement} host
 * @param {number} metresPerPixel
 */
export function drawScale(host, metresPerPixel) {
  const metres = STEPS.filter((step) => step / metresPerPixel <= 92).pop() ?? STEPS[0];
  const bar = element('i');
  bar.style.width = `${Math.round(metres / metresPerPixel)}px`;
  host.replaceChildren(bar, metres < 1000 ? `${metres} m` : `${metres / 1000} km`);
}
