/** What is pressed stays where it is until it is let go: a press on something that is drawn anew in between is none. */

/** @type {WeakMap<EventTarget, {pressed: boolean, work: (() => void) | null}>} */
const hosts = new WeakMap();

/**
 * Draw something now, or as soon as nobody presses on it; of several drawings that wait the last one is done.
 * @param {EventTarget} host
 * @param {() => void} work
 */
export function whenLetGo(host, work) {
  const known = hosts.get(host) ?? watch(host);
  if (known.pressed) known.work = work;
  else work();
}

/** @param {EventTarget} host */
function watch(host) {
  /** @type {{pressed: boolean, work: (() => void) | null}} */
  const known = { pressed: false, work: null };
  hosts.set(host, known);
  const letGo = () => {
    if (!known.pressed) return;
    known.pressed = false;
    const { work } = known;
    known.work = null;
    // The click comes right after the key is up.
    if (work) setTimeout(() => whenLetGo(host, work));
  };
  host.addEventListener('pointerdown', () => { known.pressed = true; });
  for (const name of ['pointerup', 'pointercancel', 'blur']) globalThis.addEventListener(name, letGo);
  // Where it was let go outside the window, nobody was told.
  globalThis.addEventListener('pointermove', (event) => { if (/** @type {PointerEvent} */ (event).buttons === 0) letGo(); });
  return known;
}
