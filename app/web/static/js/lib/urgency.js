/** What is said of a case's time: mark, word, length. */

import { duration, urgency } from './format.js';
import { lengthOf } from './names.js';
import { t } from './words.js';

const ENDED = new Set(['closed', 'archived', 'declined', 'void', 'merged']);

/**
 * @param {{state: string, due_at: string | null, near_at?: string | null}} item
 * @param {Date} now
 * @returns {{urgency: 'overdue' | 'near' | 'paused' | 'normal' | 'closed', text: string}}
 */
export function timeOf(item, now) {
  const found = urgency(item, !ENDED.has(item.state), now);
  if (found === 'closed') return { urgency: found, text: t(`state.${item.state}`) };
  if (found === 'paused') return { urgency: found, text: t('map.paused') };
  if (!item.due_at) return { urgency: found, text: t('map.no_limit') };
  const length = lengthOf(duration(new Date(item.due_at).getTime() - now.getTime()));
  return { urgency: found, text: t(found === 'overdue' ? 'map.overdue_by' : 'map.left', { length }) };
}
