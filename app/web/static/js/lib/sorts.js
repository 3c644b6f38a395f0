/** Kinds of elements that the map can show: in which order, of which of the five, in which shape. Pure. */

/** @typedef {'place' | 'object' | 'organisation'} Of */

/** Outlines in a square of 20 about the middle: places are square in their ways, components hexagons, organisations pentagons. */
/** @type {Record<string, {of: Of, shape: string}>} */
const KNOWN = {
  building: { of: 'place', shape: 'M-8 -8H8V8H-8Z' },
  compound: { of: 'place', shape: 'M-9 -3A5 5 0 0 1 -4 -8H4A5 5 0 0 1 9 -3V3A5 5 0 0 1 4 8H-4A5 5 0 0 1 -9 3Z' },
  shop: { of: 'place', shape: 'M-6.4 -8.4H6.4L9.4 -2.6V8H-9.4V-2.6Z' },
  building_site: { of: 'place', shape: 'M-3.8 -9.2H3.8L9.2 -3.8V3.8L3.8 9.2H-3.8L-9.2 3.8V-3.8Z' },
  public_place: { of: 'place', shape: 'M-8 -8.4H8V3.4L0 9.6L-8 3.4Z' },
  other_place: { of: 'place', shape: 'M-8 -8H3L8 -3V8H-8Z' },
  object: { of: 'object', shape: 'M0 -10L8.7 -5V5L0 10L-8.7 5V-5Z' },
  organisation: { of: 'organisation', shape: 'M0 -10L9.8 -2.6L6.2 8.6H-6.2L-9.8 -2.6Z' },
};

/** In the order in which they are listed. */
export const SORTS = Object.keys(KNOWN);

/** @param {string} sort @returns {Of} which of the five it is */
export const ofSort = (sort) => KNOWN[sort].of;

/** @param {string} sort @returns {string} the outline of its mark */
export const shapeOf = (sort) => KNOWN[sort].shape;

/** @type {Record<Of, string>} the outline of the mark of several of a kind: that of the kind */
export const GROUP_SHAPES = { place: KNOWN.building.shape, object: KNOWN.object.shape, organisation: KNOWN.organisation.shape };

/** @type {Record<Of, string>} the token of a kind's colour */
export const INKS = { place: '--el-place', object: '--el-object', organisation: '--el-org' };

/**
 * @param {string} said kinds between commas, as the address has them
 * @returns {string[]} those that there are, once each, in the order of the list
 */
export function sortsOf(said) {
  const asked = new Set(said.split(','));
  return SORTS.filter((sort) => asked.has(sort));
}

/**
 * @param {string} said
 * @param {string} sort
 * @param {boolean} on
 * @returns {string} the address's text with one kind switched
 */
export const switched = (said, sort, on) => SORTS.filter((one) => (one === sort ? on : sortsOf(said).includes(one))).join(',');

/**
 * @param {string} said
 * @param {string | number} version of the registry
 * @param {string} past the instant that is looked at; nothing for now
 * @returns {{marks: string, outlines: string}} the queries of the tiles; no marks where nothing is switched on
 */
export function tileQueries(said, version, past) {
  const rest = `${past ? `as_of=${encodeURIComponent(past)}&` : ''}v=${version}`;
  const sorts = sortsOf(said);
  return { marks: sorts.length ? `kinds=${sorts.join(',')}&${rest}` : '', outlines: rest };
}
