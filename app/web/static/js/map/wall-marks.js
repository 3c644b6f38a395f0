/** Pictures of the wall's marks, as large as they are read from across a room. Their numbers are written by the map. */

import { token } from './tokens.js';

/** Sides of the triangle of what is late, of the one behind it that says which is told of, and of the box behind 特急; of a wall 1080 high. */
const SIDES = /** @type {Record<string, number>} */ ({ late: 96, dim: 96, told: 136, box: 40 });

/**
 * @param {string} name `wall|late`, `wall|dim`, `wall|told`, `wall|box`
 * @param {number} unit pixels of the page in a 1080th of the wall's height
 * @returns {ImageData | null}
 */
export function wallMark(name, unit) {
  const [kind, which] = name.split('|');
  if (kind !== 'wall' || !SIDES[which]) return null;
  const side = Math.max(2, Math.round(SIDES[which] * unit));
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));
  pen.lineJoin = 'round';
  pen.beginPath();
  if (which === 'box') {
    pen.roundRect(0, 0, side, side, side * 0.16);
    pen.fillStyle = token('--map-select');
    pen.fill();
  } else {
    const edge = side * 0.06;
    pen.moveTo(side / 2, edge);
    pen.lineTo(side - edge, side - edge * 2);
    pen.lineTo(edge, side - edge * 2);
    pen.closePath();
    pen.lineWidth = side * 0.1;
    pen.strokeStyle = token(which === 'told' ? '--map-select' : '--map-dot');
    pen.stroke();
    if (which === 'told') return pen.getImageData(0, 0, side, side);
    pen.lineWidth = side * 0.03;
    // What a preset does not put first keeps its shape and its number, and only steps back.
    pen.fillStyle = token(which === 'dim' ? '--alarm-soft' : '--alarm');
    pen.strokeStyle = token('--alarm');
    pen.fill();
    pen.stroke();
  }
  return pen.getImageData(0, 0, side, side);
}
