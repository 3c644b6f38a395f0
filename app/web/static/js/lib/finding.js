/** Finds a category by what somebody types: its name, its code, the words of its conditions. Pure. */

/**
 * @typedef {object} Category
 * @property {string} code
 * @property {string} name
 * @property {string | null} name_en
 * @property {string | null} line
 * @property {string | null} major
 * @property {{number: string, condition: string, amount: number, unit: string, self: boolean}[]} conditions
 */

/**
 * @param {Category} one
 * @param {string} words
 * @returns {number} how well it fits, 0 for not at all
 */
export function fit(one, words) {
  const asked = words.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (!asked.length) return 0;
  const names = [one.name, one.name_en ?? '', one.code].map((name) => name.toLowerCase());
  const said = one.conditions.map((condition) => condition.condition).join(' ').toLowerCase();
  let sum = 0;
  for (const word of asked) {
    if (names.some((name) => name === word)) sum += 8;
    else if (names.some((name) => name.startsWith(word))) sum += 4;
    else if (names.some((name) => name.includes(word))) sum += 3;
    else if (said.includes(word)) sum += 1;
    // People do not always write a word as the list does: 垃圾堆 finds 暴露垃圾.
    else if (word.length > 2 && [...word].some((_, i) => i < word.length - 1 && names[0].includes(word.slice(i, i + 2)))) sum += 1;
    else return 0;
  }
  return sum;
}

/**
 * @param {Category[]} all
 * @param {string} words
 * @param {string[]} recent codes, the last one used first
 * @param {number} most
 * @returns {Category[]} those that fit best; without words those used lately, then the others in their order
 */
export function found(all, words, recent, most) {
  const late = (/** @type {Category} */ one) => (recent.includes(one.code) ? recent.length - recent.indexOf(one.code) : 0);
  if (!words.trim()) return [...all].sort((a, b) => late(b) - late(a)).slice(0, most);
  return all.map((one) => ({ one, score: fit(one, words) })).filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || late(b.one) - late(a.one)).slice(0, most).map(({ one }) => one);
}

/**
 * @param {string[]} recent
 * @param {string} code
 * @param {number} [most]
 * @returns {string[]} with this one first
 */
export function remembered(recent, code, most = 6) {
  return [code, ...recent.filter((other) => other !== code)].slice(0, most);
}
