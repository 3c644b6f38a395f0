/** How elements of the registry are called on the page. */

import { nameOf } from '../../lib/names.js';
import { t } from '../../lib/words.js';

/** @typedef {import('../../lib/element.js').Listed} Listed */

/** @param {Listed} own */
export const typeOf = (own) => nameOf({ name: own.type_name, name_en: own.type_name_en });

/**
 * @param {Listed} own
 * @returns {string} its name; of what has none what it is, and of whom one may not read that it is somebody
 */
export const titleOf = (own) => own.name ?? (own.kind === 'person' ? t('element.somebody') : typeOf(own));
