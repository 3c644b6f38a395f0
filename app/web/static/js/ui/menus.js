/** A menu of the navigation closes when somebody goes on elsewhere, or presses Escape. */

/** @returns {HTMLDetailsElement | null} */
const opened = () => document.querySelector('.nav-menu[open]');

addEventListener('pointerdown', (event) => {
  const menu = opened();
  if (menu && event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
});
addEventListener('keydown', (event) => {
  const menu = opened();
  if (event.key !== 'Escape' || !menu) return;
  menu.open = false;
  menu.querySelector('summary')?.focus();
});
