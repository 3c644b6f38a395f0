/** The page's tokens as the map needs them, read anew on every change of theme. */

/**
 * @param {string} name such as `--map-land`
 * @returns {string}
 */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
