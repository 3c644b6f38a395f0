/** Marks of a campaign's places: each state has a shape of its own, the same as in lists and legend, so that colour is not alone. */

import { token } from './tokens.js';

const RATIO = 2;
const SIZE = 22;

/** Outline and sign of each state in a square of 16, with its colour. @type {Record<string, {shape: string, sign: string, fill: string, ink: string}>} */
const MARKS = {
  unvisited: { shape: 'M13 8a5 5 0 1 1-10 0a5 5 0 1 1 10 0z', sign: '', fill: '--map-dot', ink: '--line-control' },
  clear: { shape: 'M14.4 8a6.4 6.4 0 1 1-12.8 0a6.4 6.4 0 1 1 12.8 0z', sign: 'm5 8.2 2.1 2.1L11 6', fill: '--accent', ink: '--on-accent' },
  found: { shape: 'M8 1.2 14.8 8 8 14.8 1.2 8z', sign: 'M8 4.6v4M8 10.8v.6', fill: '--warn-fill', ink: '--on-warn' },
  on_the_spot: { shape: 'M4 2h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2z', sign: 'm4.8 8.2 2.2 2.2 4.3-4.6', fill: '--step-4', ink: '--map-dot' },
  handed_on: { shape: 'M1.6 3h7.6l5.2 5-5.2 5H1.6z', sign: 'M4.4 8h5M7.4 5.8 9.6 8l-2.2 2.2', fill: '--step-2', ink: '--map-dot' },
};

/**
 * @param {string} name `place|state`
 * @returns {{image: ImageData, ratio: number} | null}
 */
export function placeMark(name) {
  const [kind, state] = name.split('|');
  if (kind !== 'place' || !MARKS[state]) return null;
  const { shape, sign, fill, ink } = MARKS[state];
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIZE * RATIO;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));
  pen.scale(RATIO, RATIO);
  pen.translate((SIZE - 16) / 2, (SIZE - 16) / 2);
  pen.lineJoin = pen.lineCap = 'round';
  const outline = new Path2D(shape);
  pen.lineWidth = 3.4;
  pen.strokeStyle = token('--map-dot');
  pen.stroke(outline);
  pen.fillStyle = token(fill);
  pen.fill(outline);
  pen.lineWidth = 1.9;
  pen.strokeStyle = token(ink);
  pen.stroke(sign ? new Path2D(sign) : outline);
  return { image: pen.getImageData(0, 0, canvas.width, canvas.height), ratio: RATIO };
}
