/** Hatchings of cells that lack somebody, and of those of which nothing is known: told by a pattern too, not by colour alone. */

import { NONE } from '../lib/fills.js';
import { token } from './tokens.js';

const SIZE = 16;
const RATIO = 2;

/** @type {Record<string, (pen: CanvasRenderingContext2D) => void>} */
const PATTERN = {
  3(pen) {
    for (const shift of [-SIZE, -SIZE / 2, 0, SIZE / 2, SIZE]) {
      pen.moveTo(shift - 2, SIZE + 2);
      pen.lineTo(shift + SIZE + 2, -2);
    }
    pen.stroke();
  },
  2(pen) {
    for (const y of [SIZE / 4, (3 * SIZE) / 4]) {
      pen.moveTo(0, y);
      pen.lineTo(SIZE, y);
    }
    pen.stroke();
  },
  [NONE](pen) {
    pen.moveTo(-2, -2);
    pen.lineTo(SIZE + 2, SIZE + 2);
    pen.stroke();
  },
  1(pen) {
    for (const [x, y] of [[SIZE / 4, SIZE / 4], [(3 * SIZE) / 4, (3 * SIZE) / 4]]) {
      pen.moveTo(x, y);
      pen.arc(x, y, 1.3, 0, Math.PI * 2);
    }
    pen.fill();
  },
};

/**
 * @param {string} name `gap|class` or `share|class`
 * @returns {{image: ImageData, ratio: number} | null}
 */
export function hatch(name) {
  const [kind, cls] = name.split('|');
  if (!['gap', 'share'].includes(kind) || !PATTERN[cls]) return null;
  const ink = token(kind === 'gap' ? `--gap-ink-${cls}` : '--line-2');
  const canvas = document.createElement('canvas');
  canvas.width = SIZE * RATIO;
  canvas.height = SIZE * RATIO;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));
  pen.scale(RATIO, RATIO);
  pen.lineWidth = kind === 'gap' ? 1.4 : 0.8;
  pen.strokeStyle = ink;
  pen.fillStyle = ink;
  pen.beginPath();
  PATTERN[cls](pen);
  return { image: pen.getImageData(0, 0, canvas.width, canvas.height), ratio: RATIO };
}
