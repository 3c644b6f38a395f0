/** Fields of files: each is sent as soon as it is chosen, and the form carries its id. Without a script the form carries the files. */

import { takeFile } from '../api/client.js';
import { element } from '../lib/dom.js';
import { t } from '../lib/words.js';

const MOST = 9;

/**
 * @param {ParentNode} root
 * @param {(taken: any) => void} [onTaken] told of each file that was taken in
 */
export function useFiles(root, onTaken = () => {}) {
  for (const field of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[data-files]'))) {
    const input = /** @type {HTMLInputElement} */ (field.querySelector('input[type=file]'));
    input.addEventListener('change', async () => {
      const files = [...(input.files ?? [])];
      input.value = '';
      for (const file of files) await send(field, file, onTaken);
    });
  }
}

/**
 * @param {HTMLElement} field
 * @param {File} file
 * @param {(taken: any) => void} onTaken
 */
async function send(field, file, onTaken) {
  const list = /** @type {HTMLElement} */ (field.querySelector('.file-list'));
  if (list.querySelectorAll('.file').length >= MOST) return;
  const waiting = element('li', { class: 'fine' }, t('move.file_sending', { name: file.name }));
  list.append(waiting);
  const form = field.closest('form');
  form?.setAttribute('data-sending', 'yes');
  try {
    const taken = await takeFile(file);
    waiting.replaceWith(shown(field.dataset.files ?? '', taken.id, list.querySelectorAll('.file').length + 1));
    onTaken(taken);
  } catch (problem) {
    waiting.className = 'is-wrong';
    waiting.textContent = t('move.file_failed', { name: file.name, why: /** @type {Error} */ (problem).message });
  } finally {
    form?.removeAttribute('data-sending');
  }
}

/**
 * @param {string} name
 * @param {number} id
 * @param {number} n
 */
function shown(name, id, n) {
  const word = t('move.file_no', { n });
  return element('li', { class: 'file' },
    element('img', { src: `/api/v1/files/${id}/thumbnail`, alt: word, width: 64, height: 64 }),
    element('label', { class: 'check' }, element('input', { type: 'checkbox', name, value: id, checked: true }), ` ${word}`));
}
