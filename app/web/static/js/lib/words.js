/** The page's words, delivered with it: the same catalogue as the server's. */

/** @type {Record<string, string>} */
let words = {};

/** @param {Record<string, string>} delivered */
export function useWords(delivered) {
  words = delivered;
}

/**
 * @param {string} id
 * @param {Record<string, string | number>} [facts]
 * @returns {string} the sentence with its places filled; the id where it is missing, so that a gap is seen
 */
export function t(id, facts = {}) {
  return (words[id] ?? id).replace(/\{(\w+)\}/g, (place, name) => String(facts[name] ?? place));
}

/**
 * @param {string} id
 * @returns {boolean}
 */
export function hasWord(id) {
  return id in words;
}
