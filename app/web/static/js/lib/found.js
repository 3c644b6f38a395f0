/** What a search has found: its groups in order, the lines that can be chosen, and where a code leads straight. Pure. */

/** Groups in the order in which they are listed: what is worked with first. */
export const GROUPS = /** @type {const} */ (['areas', 'cases', 'units', 'staff', 'sites', 'organisations', 'objects', 'places']);

/** @typedef {typeof GROUPS[number]} Found */
/** @typedef {Found | 'residents'} Group of which residents are never found by words, only led to */
/** @typedef {Record<Found, any[]>} Answer */
/**
 * @typedef {object} Line
 * @property {Group} group
 * @property {any} item
 * @property {'open' | 'day' | 'night' | 'call' | 'seek'} does go there, dial by day or by night, ask for a work telephone first, or look for a resident
 */

/** @type {{group: Group, rows: Line[][]}} the way to a resident, which takes a purpose */
export const RESIDENTS = { group: 'residents', rows: [[{ group: 'residents', item: {}, does: 'seek' }]] };

const IDENTITY = /^[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]$/;
const MOBILE = /^(?:\+?86)?1[3-9]\d{9}$/;

/**
 * @param {string} said
 * @returns {'name' | 'identity' | 'phone'} what a resident would be looked for by with these words
 */
export function soughtBy(said) {
  const plain = said.normalize('NFKC').toUpperCase().replace(/[\s-]/g, '');
  return IDENTITY.test(plain) ? 'identity' : MOBILE.test(plain) ? 'phone' : 'name';
}

const LAST_DIGITS = /^\d{4}$/;

/**
 * @param {Answer} answer
 * @param {boolean} calls whether whoever looks may be shown work telephones
 * @returns {{group: Found, rows: Line[][]}[]} groups that have something; of each thing its own line first, its telephones after it
 */
export function listed(answer, calls) {
  return GROUPS.filter((group) => answer[group].length).map((group) => ({
    group,
    rows: answer[group].map((item) => {
      /** @type {Line['does'][]} */ const does = ['open'];
      if (item.day_phone) does.push('day');
      if (item.night_phone) does.push('night');
      if (item.work_phone && calls) does.push('call');
      return does.map((one) => ({ group, item, does: one }));
    }),
  }));
}

/**
 * @param {Answer} answer
 * @param {string} said a code of an area, a number of a case or its last four digits
 * @returns {Line | null} what it is the code of, and of nothing else
 */
export function goal(answer, said) {
  const code = said.trim().toLowerCase();
  const is = (/** @type {string | null} */ own) => own !== null && own.toLowerCase() === code;
  const area = answer.areas.find((item) => is(item.code));
  if (area) return { group: 'areas', item: area, does: 'open' };
  let cases = answer.cases.filter((item) => is(item.number) || is(item.ref));
  if (!cases.length && LAST_DIGITS.test(code)) cases = answer.cases.filter((item) => (item.number ?? item.ref ?? '').endsWith(code));
  return cases.length === 1 ? { group: 'cases', item: cases[0], does: 'open' } : null;
}

/**
 * @param {any} person
 * @returns {{area: number} | {unit: number} | null} where somebody is found: the cell or the area of what they do first, else their unit
 */
export function whereabouts(person) {
  const placed = person.posts.find((/** @type {any} */ post) => post.area_id !== null && post.level !== 'district');
  if (placed) return { area: placed.area_id };
  const employed = person.posts.find((/** @type {any} */ post) => post.unit_id !== null);
  return employed ? { unit: employed.unit_id } : null;
}

/**
 * @param {string} said
 * @param {{level: string, code: string}[]} path of the area that one is in, the widest first
 * @returns {string} the whole code, where a cell of the same community is called by its number; else nothing
 */
export function nearBy(said, path) {
  const around = path.filter(({ level }) => level !== 'cell').at(-1);
  return /^\d{1,3}$/.test(said) && around?.level === 'community' ? around.code + said.padStart(3, '0') : '';
}
