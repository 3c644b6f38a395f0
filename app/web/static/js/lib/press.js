/** What is pressed stays where it is until it is let go: a press on something that is drawn anew or moved in between is none. */

/** @type {Map<object, () => void>} the drawings that wait, the last one of each part */ const waiting = new Map();
let pressed = false;
let watching = false;

/**
 * Draw a part of the page now, or as soon as nobody presses on anything; of several drawings of it that wait the last one is done.
 * @param {object} part
 * @param {() => void} work
 */
export function whenLetGo(part, work) {
  watch();
  if (pressed) waiting.set(part, work);
  else work();
}

/** A part above what is pressed moves it as well: so the whole page is watched. */
function watch() {
  if (watching) return;
  watching = true;
  addEventListener('pointerdown', () => { pressed = true; }, true);
  for (const name of ['pointerup', 'pointercancel', 'blur']) addEventListener(name, letGo);
  // Where it was let go outside the window, nobody was told.
  addEventListener('pointermove', (event) => { if (event.buttons === 0) letGo(); });
}

function letGo() {
  pressed = false;
  // The click comes right after the key is up.
  if (waiting.size) setTimeout(drawWaiting);
}

function drawWaiting() {
  if (pressed) return;
  const works = [...waiting.values()];
  waiting.clear();
  for (const work of works) work();
}
