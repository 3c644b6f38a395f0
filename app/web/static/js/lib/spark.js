/** A small chart of bars, one a month: where each bar stands, and what is said of all of them. Pure. */

/** @typedef {{month: string, reported: number}} Month `month` is its first day */

/**
 * @param {Month[]} months
 * @param {number} width
 * @param {number} height
 * @param {number} [gap]
 * @returns {{x: number, y: number, width: number, height: number}[]} each at least a line high where there is anything
 */
export function bars(months, width, height, gap = 3) {
  const most = Math.max(1, ...months.map(({ reported }) => reported));
  const step = (width + gap) / Math.max(1, months.length);
  return months.map(({ reported }, i) => {
    const high = reported ? Math.max(1, Math.round((height * reported) / most)) : 0;
    return { x: Math.round(i * step * 10) / 10, y: height - high, width: Math.round((step - gap) * 10) / 10, height: high };
  });
}

/**
 * @param {Month[]} months
 * @returns {{sum: number, most: Month | null}} all of them, and the month with the most; none where there is nothing
 */
export function summed(months) {
  const sum = months.reduce((total, { reported }) => total + reported, 0);
  const most = months.reduce((/** @type {Month | null} */ best, one) => (one.reported > (best?.reported ?? 0) ? one : best), null);
  return { sum, most };
}
