/** Where a choice decides what the rest of a page offers, it is taken at once; without this module a button does it. */

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll('form[data-at-once]'))) {
  const button = form.querySelector('button');
  if (button) button.hidden = true;
  form.addEventListener('change', () => form.requestSubmit());
}
