/** Pictures of cases and clusters, drawn on demand from the tokens; what they mean is in their name. */

import { token } from './tokens.js';

const RATIO = 2;
const TURN = Math.PI * 2;

/**
 * @param {number} size in pixels of the page
 * @returns {{context: CanvasRenderingContext2D, middle: number}}
 */
function sheet(size) {
  const canvas = document.createElement('canvas');
  canvas.width = size * RATIO;
  canvas.height = size * RATIO;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));
  context.scale(RATIO, RATIO);
  context.lineJoin = 'round';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  return { context, middle: size / 2 };
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} corners
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function polygon(pen, corners, x, y, radius) {
  pen.beginPath();
  for (let i = 0; i < corners; i += 1) {
    const angle = (i / corners) * TURN - Math.PI / 2;
    pen[i ? 'lineTo' : 'moveTo'](x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  pen.closePath();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {string} ring
 * @param {string} fill
 * @param {string} [edge]
 */
function ringed(pen, ring, fill, edge) {
  pen.lineWidth = 3;
  pen.strokeStyle = token(ring);
  pen.stroke();
  pen.fillStyle = token(fill);
  pen.fill();
  if (!edge) return;
  pen.lineWidth = 1.2;
  pen.strokeStyle = token(edge);
  pen.stroke();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {string} color
 */
function write(pen, text, x, y, size, color) {
  pen.font = `600 ${size}px ${token('--font')}`;
  pen.fillStyle = token(color);
  pen.fillText(text, x, y);
}

/** @type {Record<string, (pen: CanvasRenderingContext2D, c: number) => void>} */
const SINGLE = {
  overdue(pen, c) {
    polygon(pen, 3, c, c + 2, 11);
    ringed(pen, '--map-dot', '--alarm');
    write(pen, '!', c, c + 3, 10, '--on-alarm');
  },
  near(pen, c) {
    polygon(pen, 4, c, c, 8.5);
    ringed(pen, '--map-dot', '--warn-fill', '--warn');
  },
  paused(pen, c) {
    pen.beginPath();
    pen.roundRect(c - 7, c - 7, 14, 14, 2.5);
    ringed(pen, '--map-dot', '--pause');
    pen.fillStyle = token('--map-dot');
    pen.fillRect(c - 3.2, c - 3.2, 2, 6.4);
    pen.fillRect(c + 1.2, c - 3.2, 2, 6.4);
  },
  normal(pen, c) { ring(pen, c, '--accent'); },
  closed(pen, c) { ring(pen, c, '--line-control'); },
  // A place that is chosen keeps its own mark: only the halo is drawn around it.
  place() {},
};

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} c
 * @param {string} color
 */
function ring(pen, c, color) {
  pen.beginPath();
  pen.arc(c, c, 6.8, 0, TURN);
  pen.fillStyle = token('--map-dot');
  pen.fill();
  pen.beginPath();
  pen.arc(c, c, 4.4, 0, TURN);
  pen.lineWidth = 2.4;
  pen.strokeStyle = token(color);
  pen.stroke();
}

/**
 * @param {number} count
 * @param {number} near
 * @param {number} closed
 */
function cluster(count, near, closed) {
  const text = count < 10000 ? count.toLocaleString('en-US') : `${Math.round(count / 1000)}k`;
  const radius = count < 6 ? 13 : count < 15 ? 16 : count < 40 ? 19.5 : count < 1000 ? 23 : 28;
  const { context: pen, middle: c } = sheet(2 * radius + 8);
  pen.beginPath();
  pen.arc(c, c, radius + 1.5, 0, TURN);
  pen.fillStyle = token('--map-dot');
  pen.fill();
  let from = -Math.PI / 2;
  const arc = (/** @type {number} */ share, /** @type {string} */ color, /** @type {number} */ width) => {
    if (share <= 0) return;
    pen.beginPath();
    pen.arc(c, c, radius - 1.5, from, from + share * TURN);
    pen.lineWidth = width;
    pen.strokeStyle = token(color);
    pen.stroke();
    from += share * TURN;
  };
  arc(near / count, '--warn-fill', 4);
  arc((count - near - closed) / count, '--map-dot-ink', 2.2);
  arc(closed / count, '--line-control', 2.2);
  write(pen, text, c, c + 0.8, count < 6 ? 12 : count < 40 ? 13 : 14, '--text');
  return pen;
}

/**
 * @param {string} name `case|urgency`, `chosen|urgency`, `late|count`, `cluster|count|near|closed`
 * @returns {{image: ImageData, ratio: number} | null}
 */
export function picture(name) {
  const [kind, first, ...rest] = name.split('|');
  let pen;
  if (kind === 'cluster') {
    pen = cluster(Number(first), Number(rest[0]), Number(rest[1]));
  } else if (kind === 'late') {
    const drawn = sheet(36);
    pen = drawn.context;
    polygon(pen, 3, drawn.middle, drawn.middle + 3.5, 16);
    ringed(pen, '--map-dot', '--alarm');
    write(pen, first, drawn.middle, drawn.middle + 6.5, first.length > 2 ? 9 : 11.5, '--on-alarm');
  } else if ((kind === 'case' || kind === 'chosen') && SINGLE[first]) {
    const drawn = sheet(kind === 'chosen' ? 50 : 26);
    pen = drawn.context;
    if (kind === 'chosen') halo(pen, drawn.middle);
    SINGLE[first](pen, drawn.middle);
  } else {
    return null;
  }
  return { image: pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height), ratio: RATIO };
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} c
 */
function halo(pen, c) {
  pen.beginPath();
  pen.arc(c, c, 18, 0, TURN);
  for (const [width, color] of /** @type {[number, string][]} */ ([[6.5, '--map-dot'], [2.8, '--map-select']])) {
    pen.lineWidth = width;
    pen.strokeStyle = token(color);
    pen.stroke();
  }
}
