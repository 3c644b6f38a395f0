/** Marks of elements: a shape and a letter for each kind, and for several the shape of their kind with their number. */

import { GROUP_SHAPES, INKS, ofSort, shapeOf, SORTS } from '../lib/sorts.js';
import { t } from '../lib/words.js';
import { token } from './tokens.js';

const RATIO = 2;
const SINGLE_PX = 26;

/** @type {[number, number][]} below so many it is drawn so many times as large as one */
const SIZES = [[10, 1.15], [100, 1.4], [1000, 1.7], [10000, 2.05], [Infinity, 2.2]];

/** @param {number} count @returns {number} how many times as large as one mark that of several is */
export const scaleOf = (count) => (SIZES.find(([below]) => count < below) ?? SIZES[SIZES.length - 1])[1];

/** @param {number} size */
function sheet(size) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.ceil(size * RATIO);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));
  pen.scale(RATIO, RATIO);
  pen.translate(size / 2, size / 2);
  pen.lineJoin = 'round';
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  return pen;
}

/**
 * @param {string} outline
 * @param {number} scale
 */
function scaled(outline, scale) {
  const path = new Path2D();
  path.addPath(new Path2D(outline), new DOMMatrix([scale, 0, 0, scale, 0, 0]));
  return path;
}

/** @param {string} sort */
function single(sort) {
  const pen = sheet(SINGLE_PX);
  const path = new Path2D(shapeOf(sort));
  pen.lineWidth = 3;
  pen.strokeStyle = token('--map-dot');
  pen.stroke(path);
  pen.fillStyle = token(INKS[ofSort(sort)]);
  pen.fill(path);
  pen.font = `600 11px ${token('--font')}`;
  pen.fillStyle = token('--map-dot');
  pen.fillText(t(`map.element_glyph_${sort}`), 0, 0.8);
  return pen;
}

/**
 * @param {import('../lib/sorts.js').Of} of
 * @param {number} count
 */
function several(of, count) {
  const scale = scaleOf(count);
  const pen = sheet(20 * scale + 8);
  const path = scaled(GROUP_SHAPES[of], scale);
  pen.lineWidth = 5;
  pen.strokeStyle = token('--map-dot');
  pen.stroke(path);
  pen.fillStyle = token('--map-dot');
  pen.fill(path);
  pen.lineWidth = 2;
  pen.strokeStyle = token(INKS[of]);
  pen.stroke(path);
  const text = count < 10000 ? count.toLocaleString('en-US') : `${Math.round(count / 1000)}k`;
  pen.font = `600 ${text.length > 4 ? 11.5 : 12.5}px ${token('--font')}`;
  pen.fillStyle = token(INKS[of]);
  pen.fillText(text, 0, of === 'organisation' ? 1.6 : 0.8);
  return pen;
}

/**
 * @param {string} name `el|sort`, or `els|kind|count`
 * @returns {{image: ImageData, ratio: number} | null}
 */
export function elementMark(name) {
  const [kind, first, count] = name.split('|');
  let pen;
  if (kind === 'el' && SORTS.includes(first)) pen = single(first);
  else if (kind === 'els' && first in GROUP_SHAPES) pen = several(/** @type {import('../lib/sorts.js').Of} */ (first), Number(count));
  else return null;
  return { image: pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height), ratio: RATIO };
}
