/** The lock that falls when nobody has touched the page for a while: over the page, so that nothing typed is lost. */

import { unlock } from '../api/client.js';
import { byId } from '../lib/dom.js';
import { t } from '../lib/words.js';

/** @param {() => void} onOpen called when the person has shown who they are */
export function useLock(onOpen) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('lock'));
  const password = /** @type {HTMLInputElement} */ (byId('unlock-password'));
  const wrong = byId('unlock-wrong');
  dialog.addEventListener('cancel', (event) => event.preventDefault());
  byId('unlock').addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      await unlock(password.value);
      wrong.hidden = true;
      dialog.close();
      onOpen();
    } catch (problem) {
      const reason = /** @type {import('../api/client.js').Problem} */ (problem);
      if (reason.code === 'sign_in_needed') location.reload();
      wrong.textContent = reason.code === 'sign_in_refused' ? t('session.wrong') : reason.message;
      wrong.hidden = false;
    }
    password.value = '';
  });
}

/** Cover the page. */
export function lock() {
  const dialog = /** @type {HTMLDialogElement} */ (byId('lock'));
  if (dialog.open) return;
  dialog.showModal();
  byId('unlock-password').focus();
}
