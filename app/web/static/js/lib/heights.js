/** How high a building is taken to be where only its class is known. Said on the screen wherever it is drawn. Pure. */

/** Metres: two floors, six, eighteen, of three metres each. @type {Record<string, number>} */
export const HEIGHTS = { low_rise: 6, multi_storey: 18, high_rise: 54 };

/** Metres of a building of whose class nothing is known: three floors. */
export const OTHER_M = 9;
