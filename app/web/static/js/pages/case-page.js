/** One case: files, phrases, one's own position, and how long the last step can be taken back. */

import { byId, element } from '../lib/dom.js';
import { t, useWords } from '../lib/words.js';
import { PrintedOrder } from '../ui/case/order.js';
import { useFiles } from '../ui/files.js';
import { useNews } from '../ui/news.js';
import { sendOnce, showFirst, usePhrases, whereAmI } from '../ui/forms.js';

useWords(JSON.parse(byId('words').textContent ?? '{}'));
useFiles(document);
usePhrases(document);
sendOnce(document);
showFirst();
useNews();
usePlaces();
countDown();
drawOrder();

/** Paper gets the 交办单, as it does from the panel. */
function drawOrder() {
  const { sheet, zone } = JSON.parse(byId('order-facts').textContent ?? '{}');
  const context = { zone, locale: document.documentElement.lang, categories: new Map(), onClose: () => {}, onArea: () => {} };
  new PrintedOrder().draw({ sheet, context, now: () => Date.now() });
}

function usePlaces() {
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('input[data-place]'))) {
    const button = element('button', { type: 'button', class: 'button small' }, t('move.here'));
    input.after(button);
    button.addEventListener('click', () => whereAmI(
      (lon, lat) => { input.value = `${lon.toFixed(6)}, ${lat.toFixed(6)}`; },
      () => { input.focus(); },
    ));
  }
}

function countDown() {
  const form = /** @type {HTMLElement | null} */ (document.querySelector('[data-undo]'));
  if (!form) return;
  const until = Date.now() + Number(form.dataset.undo) * 1000;
  const told = /** @type {HTMLElement} */ (form.querySelector('[data-left]'));
  const tick = () => {
    const left = Math.max(0, Math.round((until - Date.now()) / 1000));
    told.textContent = t('casework.undo_left', { n: left });
    if (!left) form.remove();
    else setTimeout(tick, 1000);
  };
  tick();
}
