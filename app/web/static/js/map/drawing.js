/** Every picture that the map asks for by name. */

import { elementMark } from './element-marks.js';
import { hatch } from './hatch.js';
import { picture } from './marks.js';
import { placeMark } from './place-marks.js';

/** @param {string} name of a mark, of an element, of a campaign's place or of a hatching */
export const drawing = (name) => picture(name) ?? elementMark(name) ?? placeMark(name) ?? hatch(name);
