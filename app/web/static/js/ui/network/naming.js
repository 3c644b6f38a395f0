/** How the elements and relations of a network are called on the page. */

import { count as figure } from '../../lib/format.js';
import { nameOf } from '../../lib/names.js';
import { hasWord, t } from '../../lib/words.js';

/** @typedef {import('../../lib/network.js').NetNode} NetNode */

/**
 * @param {NetNode} node
 * @returns {string} what it is: its type, the level of an area, the duty of somebody, the kind of a unit
 */
export const sortOf = (node) => (node.type ? nameOf(node.type) : hasWord(`network.as_${node.word}`) ? t(`network.as_${node.word}`) : t(`network.kind_${node.kind}`));

/**
 * @param {NetNode} node
 * @returns {string} the one letter in its mark
 */
export const glyphOf = (node) => (hasWord(`network.glyph_${node.word}`) ? t(`network.glyph_${node.word}`) : t(`network.glyph_${node.kind}`));

/**
 * @param {NetNode} node
 * @returns {string} its own name, as short as it is kept
 */
export const nameOfNode = (node) => (node.vacant && node.count === 1 ? t('network.vacant') : nameOf({ name: node.label, name_en: node.label_en }));

/**
 * @param {NetNode} node
 * @returns {string} what is written below its mark
 */
export function labelOf(node) {
  const own = nameOfNode(node);
  if (node.count > 1) {
    const many = t('network.many', { kind: t(`network.kind_${node.kind}`), n: figure(node.count) });
    return own ? `${own} ${many}` : many;
  }
  return node.kind === 'staff' ? `${sortOf(node)} ${own}` : own;
}

/** @param {{relation: string, count: number}} tie */
export const tieOf = ({ relation, count }) => (count > 1 ? `${t(`network.rel_${relation}`)} ×${figure(count)}` : t(`network.rel_${relation}`));
