/** What every form of a case has in common: phrases go into their text, a form is sent once, a fault is shown first. */

/** @param {ParentNode} root */
export function usePhrases(root) {
  for (const list of /** @type {NodeListOf<HTMLSelectElement>} */ (root.querySelectorAll('select[data-phrases]'))) {
    list.addEventListener('change', () => {
      const text = /** @type {HTMLTextAreaElement | null} */ (document.getElementById(list.dataset.phrases ?? ''));
      if (!text || !list.value) return;
      text.value = text.value.trim() ? `${text.value.trimEnd()}\n${list.value}` : list.value;
      list.value = '';
      text.focus();
      text.dispatchEvent(new Event('input', { bubbles: true }));
    });
  }
}

/** @param {ParentNode} root */
export function sendOnce(root) {
  for (const form of root.querySelectorAll('form[method=post]')) {
    form.addEventListener('submit', (event) => {
      if (form.hasAttribute('data-sent') || form.hasAttribute('data-sending')) event.preventDefault();
      else form.setAttribute('data-sent', 'yes');
    });
  }
  // Coming back by the browser's history, the form can be sent again.
  addEventListener('pageshow', () => root.querySelectorAll('form[data-sent]').forEach((form) => form.removeAttribute('data-sent')));
}

/** What went wrong, or what came of it, is read out first; the box that a link leads to is opened. */
export function showFirst() {
  const first = /** @type {HTMLElement | null} */ (document.querySelector('[data-focus], #results'));
  first?.focus();
  for (const link of document.querySelectorAll('#trouble a[href^="#"]')) {
    link.addEventListener('click', (event) => {
      const field = document.getElementById((link.getAttribute('href') ?? '').slice(1));
      if (!field) return;
      event.preventDefault();
      const box = field.closest('details');
      if (box) box.open = true;
      field.focus();
    });
  }
}

/**
 * @param {(lon: number, lat: number) => void} onFound
 * @param {() => void} onFailure
 */
export function whereAmI(onFound, onFailure) {
  if (!navigator.geolocation) { onFailure(); return; }
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => onFound(coords.longitude, coords.latitude), onFailure, { enableHighAccuracy: true, timeout: 15000, maximumAge: 10000 },
  );
}
