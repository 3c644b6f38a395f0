/** Every picture that the map asks for by name. */

import { hatch } from './hatch.js';
import { picture } from './marks.js';

/** @param {string} name of a mark or of a hatching */
export const drawing = (name) => picture(name) ?? hatch(name);
