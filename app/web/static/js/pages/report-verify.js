/** A file is hashed where it lies, and only its hash is asked about. Where the browser cannot, the form sends the file. */

import { byId } from '../lib/dom.js';
import { t, useWords } from '../lib/words.js';

/** A browser holds a file whole to hash it. */
const MOST_BYTES = 1 << 29;

useWords(JSON.parse(byId('words').textContent ?? '{}'));
const form = /** @type {HTMLFormElement} */ (byId('verify'));
const input = /** @type {HTMLInputElement} */ (form.querySelector('input[type=file]'));

/** @param {ArrayBuffer} hash */
const written = (hash) => [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** @param {File} file */
async function check(file) {
  byId('verify-told').textContent = t('reports.verify_hashing');
  try {
    const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    location.assign(`${location.pathname}?sha256=${written(hash)}`);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    // Moved or changed since it was chosen.
    byId('verify-told').textContent = t('reports.verify_unreadable');
  }
}

form.addEventListener('submit', (event) => {
  const file = input.files?.[0];
  if (!file || !window.crypto?.subtle || file.size > MOST_BYTES) return;
  event.preventDefault();
  check(file);
});
