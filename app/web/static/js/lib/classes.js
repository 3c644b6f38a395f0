/** Classes of a choropleth: five steps above zero, at round numbers near the quintiles of what is there. Pure. */

const ROUND = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80];

/**
 * @param {number} value at least 1
 * @returns {number} the round number next to it from below
 */
export function roundDown(value) {
  let scale = 1;
  while (value / scale >= 100) scale *= 10;
  let best = scale;
  for (const step of ROUND) if (step * scale <= value) best = step * scale;
  return best;
}

/**
 * @param {number} value above zero, however small
 * @returns {number} the round number next to it from below
 */
export function nice(value) {
  let scale = 1;
  while (value / scale < 10) scale /= 10;
  // Tenths have no exact binary form: six figures say what is meant.
  return Number((roundDown(Number((value / scale).toPrecision(12))) * scale).toPrecision(6));
}

/**
 * @param {number[]} counts of the cells that have any
 * @param {number} [steps]
 * @returns {number[]} the lowest count of each class above zero, ascending, the first 1; at most `steps` of them
 */
export function breaks(counts, steps = 5) {
  const sorted = counts.filter((n) => n > 0).sort((a, b) => a - b);
  const found = [1];
  for (let i = 1; i < steps; i += 1) {
    const at = sorted[Math.floor((sorted.length * i) / steps)];
    if (at === undefined) continue;
    const low = roundDown(at);
    if (low > found[found.length - 1]) found.push(low);
  }
  // Few small counts: the classes are the counts themselves, or one colour would say everything.
  const top = sorted[sorted.length - 1] ?? 1;
  for (let n = 2; found.length < steps && n <= top; n += 1) if (!found.includes(n) && n <= steps) found.push(n);
  return found.sort((a, b) => a - b);
}

/**
 * @param {number} value
 * @param {number[]} lows as of `breaks`
 * @returns {number} 0 for none, else the class from 1
 */
export function classOf(value, lows) {
  return lows.filter((low) => value >= low).length;
}

/**
 * @param {string} bounds as a filter writes them: `3-5`, `12-`
 * @returns {string} as people write them
 */
export function rangeOf(bounds) {
  const [least, most] = bounds.split('-');
  return !most ? `≥ ${least}` : least === most ? least : `${least}–${most}`;
}

/**
 * @param {number[]} lows
 * @returns {string[]} what each class holds, the first being 0: "0", "1–2", …, "≥ 12"
 */
export function labels(lows) {
  const of = lows.map((low, i) => {
    const next = lows[i + 1];
    if (next === undefined) return `≥ ${low.toLocaleString('en-US')}`;
    return next - 1 === low ? `${low}` : `${low.toLocaleString('en-US')}–${(next - 1).toLocaleString('en-US')}`;
  });
  return ['0', ...of];
}
