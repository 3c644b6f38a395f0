/** The queue and the desk: all rows of a table are ticked at once, and it is said how many are. */

import { useNews } from '../ui/news.js';
import { sendOnce, showFirst } from '../ui/forms.js';

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll('form[method=post]'))) {
  const boxes = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll('input[name=case]')]);
  const told = form.querySelector('[data-count]');
  const count = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    if (told) told.textContent = `(${ticked})`;
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (form.querySelectorAll('.batch-bar button'))) button.disabled = !ticked;
  };
  for (const all of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll('[data-all]'))) {
    all.hidden = false;
    all.addEventListener('change', () => {
      const table = all.closest('table');
      for (const box of boxes) if (table?.contains(box)) box.checked = all.checked;
      count();
    });
  }
  form.addEventListener('change', count);
  if (boxes.length) count();
}
addEventListener('pageshow', () => document.querySelectorAll('form').forEach((form) => form.dispatchEvent(new Event('change'))));
sendOnce(document);
showFirst();
useNews();
