/** Runs before the first paint, so that a dark page never flashes white: the address decides, else the system. */
(() => {
  const asked = new URLSearchParams(location.search).get('theme');
  const dark = asked ? asked === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  if (dark) document.documentElement.dataset.theme = 'dark';
})();
