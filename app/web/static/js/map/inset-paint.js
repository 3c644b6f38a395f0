/** How the inset is painted: cells by class, borders, and in the lens triangles of what is late and the names of subdistricts. */

import { NONE } from '../lib/fills.js';
import { token } from './tokens.js';

const RATIO = 2;

/**
 * @typedef {object} Sheet
 * @property {[number, number]} corner north-west of a tile in the Mercator square
 * @property {number} side
 * @property {Record<string, import('../lib/vector-tile.js').TileLayer>} layers
 * @property {{id: number, level: string, name: string, english: string, at: [number, number]}[]} labels
 */

/**
 * @typedef {object} Picture
 * @property {number[]} size width and height in pixels of the page
 * @property {{scale: number, x: number, y: number}} fit
 * @property {import('../lib/inset.js').Box} box
 * @property {Sheet[]} sheets
 * @property {import('./inset.js').Content} content
 * @property {boolean} lens
 * @property {boolean} english
 */

/** @param {HTMLCanvasElement} canvas @param {Picture} picture */
export function paintInset(canvas, picture) {
  const [width, height] = picture.size;
  if (canvas.width !== width * RATIO || canvas.height !== height * RATIO) [canvas.width, canvas.height] = [width * RATIO, height * RATIO];
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  pen.setTransform(RATIO, 0, 0, RATIO, 0, 0);
  pen.clearRect(0, 0, width, height);
  for (const sheet of picture.sheets) paintSheet(pen, sheet, picture);
  if (!picture.lens) return;
  const spots = picture.sheets.flatMap((sheet) => sheet.labels.map((label) => ({ ...label, spot: pixelOf(label.at, picture) })));
  for (const { id, level, spot: [x, y] } of spots) if (level === 'cell' && picture.content.late.has(id)) triangle(pen, x, y);
  names(pen, spots.filter(({ level }) => level === 'subdistrict'), picture);
}

/** @param {[number, number]} place @param {Picture} picture @returns {[number, number]} */
function pixelOf([px, py], { fit: { scale, x, y }, box: [west, north] }) {
  return [(px - west) * scale + x, (py - north) * scale + y];
}

/** @param {CanvasRenderingContext2D} pen @param {Sheet} sheet @param {Picture} picture */
function paintSheet(pen, { corner, side, layers }, picture) {
  const [left, top] = pixelOf(corner, picture);
  const span = side * picture.fit.scale;
  pen.save();
  pen.beginPath();
  pen.rect(left, top, span, span);
  pen.clip();
  const path = (/** @type {[number, number][][]} */ parts, /** @type {number} */ extent, /** @type {boolean} */ closed) => {
    const by = span / extent;
    for (const part of parts) {
      part.forEach(([x, y], i) => pen[i ? 'lineTo' : 'moveTo'](left + x * by, top + y * by));
      if (closed) pen.closePath();
    }
  };
  const { district, cell, borders } = layers;
  const ground = token('--ramp-0');
  /** @type {Map<number, import('../lib/vector-tile.js').TileFeature[]>} */ const byClass = new Map();
  for (const feature of cell?.features ?? district?.features ?? []) {
    const cls = picture.content.classes.get(feature.id) ?? picture.content.blank ?? 0;
    byClass.set(cls, [...(byClass.get(cls) ?? []), feature]);
  }
  for (const [cls, features] of byClass) {
    pen.fillStyle = cls === NONE ? token('--ramp-none') : cls ? token(`--${picture.content.ramp}-${cls}`) : ground;
    pen.beginPath();
    for (const feature of features) path(feature.parts, (cell ?? district).extent, true);
    pen.fill();
  }
  for (const [level, color, width] of /** @type {[string, string, number][]} */ ([['cell', '--map-b-cell', picture.lens ? 0.6 : 0], ['subdistrict', '--map-b-sub', picture.lens ? 1 : 0.5], ['district', '--map-b-district', 1]])) {
    if (!width || !borders) continue;
    pen.strokeStyle = token(color);
    pen.lineWidth = width;
    pen.beginPath();
    for (const feature of borders.features) if (feature.properties.level === level) path(feature.parts, borders.extent, false);
    pen.stroke();
  }
  pen.restore();
}

/** @param {CanvasRenderingContext2D} pen @param {number} x @param {number} y */
function triangle(pen, x, y) {
  pen.beginPath();
  pen.moveTo(x, y - 4.5);
  pen.lineTo(x + 4.4, y + 3.4);
  pen.lineTo(x - 4.4, y + 3.4);
  pen.closePath();
  pen.lineWidth = 1.6;
  pen.lineJoin = 'round';
  pen.strokeStyle = token('--map-dot');
  pen.stroke();
  pen.fillStyle = token('--alarm');
  pen.fill();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{name: string, english: string, spot: [number, number]}[]} labels
 * @param {Picture} picture
 */
function names(pen, labels, { size: [width, height], english }) {
  pen.font = `500 11px ${token('--font')}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.lineJoin = 'round';
  pen.lineWidth = 3;
  pen.strokeStyle = token('--map-halo');
  pen.fillStyle = token('--map-label');
  /** @type {number[][]} */ const taken = [];
  for (const { name, english: other, spot: [x, y] } of labels) {
    const text = english ? other.replace(/ Subdistrict$/, '') : name.replace(/街道$/, '');
    const half = pen.measureText(text).width / 2 + 2;
    if (x - half < 0 || x + half > width || y < 6 || y > height - 6) continue;
    if (taken.some(([tx, ty, th]) => Math.abs(tx - x) < th + half && Math.abs(ty - y) < 13)) continue;
    taken.push([x, y, half]);
    pen.strokeText(text, x, y);
    pen.fillText(text, x, y);
  }
}
