/** What the map page does when cases move: the rows that are there at once, all else by reading it again. */

import { byId } from '../lib/dom.js';
import { useLive } from '../lib/live.js';
import { Pace } from '../lib/pace.js';
import { t } from '../lib/words.js';
import { showQueue } from './showing.js';

const SHOWN_MS = 4000;

/**
 * @param {any} page the map page
 * @returns {() => void} to be called when the line may stand again
 */
export function live(page) {
  // What stands above the list costs as much as the list: it comes after what everybody waits for.
  const pace = new Pace(async () => {
    page.turn += 1;
    await page.refresh(false);
    page.first?.hint();
  });
  return useLive({
    onMoves: (cases) => {
      if (page.state.past) return;
      for (const moved of cases) page.moved.set(moved.case_id, Date.now());
      if (page.desk.moved(cases)) showQueue(page);
      pace.hint();
      page.shift?.hint();
      setTimeout(() => { for (const [id, at] of page.moved) if (Date.now() - at >= SHOWN_MS) page.moved.delete(id); }, SHOWN_MS);
    },
    onAnew: (first) => {
      // What moved between the first answer and the first word is hardly ever anything: then nothing is drawn again.
      if (page.asked && first) page.lookAgain();
      else if (page.asked) pace.hint();
      page.shift?.hint();
    },
    onState: (state) => drawLight(state, page.zone),
  });
}

/**
 * @param {import('../lib/live.js').LiveState} state
 * @param {string} zone
 */
function drawLight(state, zone) {
  const light = byId('live');
  const at = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(new Date(state.since));
  light.dataset.open = state.open ? 'yes' : 'no';
  light.textContent = state.open ? t('map.live') : t('map.live_lost', { at });
  light.title = state.open ? t('map.live_why') : t('map.live_lost_why');
}
