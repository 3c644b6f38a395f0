/** A line that says what has moved since the page was made. The page itself stays as it is: somebody may be writing. */

import { useLive } from '../lib/live.js';

export function useNews() {
  const line = /** @type {HTMLElement | null} */ (document.querySelector('[data-news]'));
  if (!line) return;
  const told = /** @type {HTMLElement} */ (line.querySelector('span'));
  const only = Number(line.dataset.case ?? 0);
  const known = Number(line.dataset.version ?? 0);
  const seen = new Set();
  useLive({
    onMoves: (cases) => {
      for (const moved of cases) if (!only || (moved.case_id === only && moved.version > known)) seen.add(moved.case_id);
      if (!seen.size) return;
      told.textContent = (line.dataset.news ?? '').replace('{n}', String(seen.size));
      line.hidden = false;
    },
    onAnew: () => {},
    onState: () => {},
  });
}
