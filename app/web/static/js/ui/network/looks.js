/** The look of the picture: a mark for each kind by shape, colour and letter, drawn from the page's tokens. */

import { token } from '../../map/tokens.js';

const COLOR = {
  person: '--el-person', place: '--el-place', case: '--el-case', object: '--el-object', organisation: '--el-org', staff: '--el-staff', cell: '--el-staff',
};
const SIZE = 44;

/** @param {number} corners @param {number} radius */
function polygon(corners, radius) {
  const point = (/** @type {number} */ i) => [Math.sin((i / corners) * 2 * Math.PI), -Math.cos((i / corners) * 2 * Math.PI)].map((part) => (part * radius).toFixed(2)).join(',');
  return `<polygon points="${Array.from({ length: corners }, (_, i) => point(i)).join(' ')}" stroke-linejoin="round"/>`;
}

/** @type {Record<string, string>} */
const SHAPE = {
  person: '<circle r="14"/>', staff: '<circle r="14"/>', place: '<rect x="-13" y="-13" width="26" height="26" rx="3"/>', case: polygon(4, 17), object: polygon(6, 15.5),
  organisation: polygon(5, 16), cell: '<rect x="-15" y="-15" width="30" height="30" rx="6"/>',
};

/** @type {Record<string, () => string>} */
const BADGE = {
  overdue: () => `<path d="M12-20 18.5-8.5H5.5z" fill="${token('--alarm')}" stroke="${token('--surface')}" stroke-width="1.5"/><path d="M12-16v3.2m0 1.8v.1" stroke="${token('--on-alarm')}" stroke-width="1.5" stroke-linecap="round"/>`,
  near: () => `<path d="M12-20 18-14 12-8 6-14z" fill="${token('--warn-fill')}" stroke="${token('--warn')}" stroke-width="1.2"/>`,
  paused: () => `<rect x="6" y="-20" width="12" height="12" rx="2" fill="${token('--pause')}" stroke="${token('--surface')}" stroke-width="1.5"/><path d="M10.2-16.5v5m3.6-5v5" stroke="${token('--surface')}" stroke-width="1.5"/>`,
};

const plain = (/** @type {string} */ text) => text.replace(/[<>&"']/g, '');

/**
 * @param {{kind: string, glyph: string, filled: boolean, vacant: boolean, many: boolean, urgency: string}} what
 * @returns {string} the address of a picture
 */
export function markOf(what) {
  const color = token(what.vacant ? '--alarm' : /** @type {Record<string, string>} */ (COLOR)[what.kind] ?? '--text-2');
  const ground = what.filled && !what.vacant ? color : token('--surface');
  const ink = what.filled && !what.vacant ? token('--on-accent') : color;
  const shape = SHAPE[what.kind] ?? SHAPE.place;
  const behind = what.many ? `<g transform="translate(3.5 -3.5)" fill="${token('--surface')}" stroke="${color}" stroke-width="1.4">${shape}</g>` : '';
  const dash = what.vacant ? ' stroke-dasharray="3.4 2.6"' : '';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE * 2}" height="${SIZE * 2}" viewBox="-22 -22 44 44">${behind}`
    + `<g fill="${ground}" stroke="${color}" stroke-width="1.8"${dash}>${shape}</g>`
    + `<text y="4.6" text-anchor="middle" font-family="${plain(token('--font'))}" font-size="13" font-weight="600" fill="${ink}">${plain(what.glyph)}</text>`
    + `${BADGE[what.urgency]?.() ?? ''}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/**
 * Sizes that stay the same on the screen however near one looks: a mark may shrink a little, words never.
 * @param {() => number} zoom
 * @param {number} smallest to which part of its size a mark shrinks
 * @returns {any[]} a style sheet of Cytoscape.js
 */
export function looks(zoom, smallest) {
  const on = (/** @type {number} */ pixels) => () => pixels / zoom();
  const mark = () => (SIZE * Math.max(Math.min(1, zoom()), smallest)) / zoom();
  const color = Object.fromEntries(['surface-2', 'surface-3', 'text', 'text-2', 'alarm', 'line-2', 'line-control', 'accent', 'focus'].map((name) => [name, token(`--${name}`)]));
  const halo = { 'text-outline-color': color['surface-2'], 'text-outline-width': on(2), 'text-outline-opacity': 1 };
  return [
    { selector: 'node', style: {
      width: mark, height: mark, shape: 'ellipse', 'background-opacity': 0, 'background-image': 'data(mark)', 'background-fit': 'contain', 'background-clip': 'none',
      label: (/** @type {any} */ node) => (node.data('written') ? node.data('label') : ''), color: color['text-2'], 'font-family': token('--font'), 'font-size': on(12),
      'text-valign': 'bottom', 'text-margin-y': on(1), 'text-wrap': 'ellipsis', 'text-max-width': on(128), ...halo,
    } },
    { selector: 'node.vacant', style: { color: color.alarm } },
    { selector: 'node.near', style: { color: color.text, 'font-weight': 500, 'z-index': 5 } },
    { selector: 'node.chosen', style: {
      color: color.text, 'font-weight': 600, 'background-color': color['surface-3'], 'background-opacity': 1, 'border-width': on(2), 'border-color': color.text, 'z-index': 9,
    } },
    { selector: 'node.lit', style: { 'underlay-color': color.focus, 'underlay-opacity': 0.28, 'underlay-padding': on(3), 'underlay-shape': 'ellipse' } },
    { selector: 'edge', style: { width: on(1), 'line-color': color['line-control'], 'line-opacity': 0.55, 'curve-style': 'haystack' } },
    { selector: 'edge.own', style: {
      width: on(2), 'line-color': color['text-2'], 'line-opacity': 1, 'curve-style': 'straight', label: (/** @type {any} */ tie) => (tie.data('written') ? tie.data('label') : ''), color: color['text-2'], 'font-family': token('--font'),
      'font-size': on(12), 'text-background-color': color['surface-2'], 'text-background-opacity': 1, 'text-background-padding': on(2), 'z-index': 4,
    } },
  ];
}
