/** How the map moves: briefly, and not at all where the system asks for no motion. */

const FLIGHT_MS = 400;
const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** @returns {{duration: number}} */
export const flight = () => ({ duration: calm.matches ? 0 : FLIGHT_MS });
