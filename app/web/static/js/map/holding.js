/**
 * Where a frame takes long, since nothing but the processor draws it, frames that would show only a part of what is on its
 * way are left out: each would make the rest wait as long again.
 */

const SLOW_MS = 40;
const HELD_MS = 400;

/**
 * @typedef {object} Drawn what is asked of a map
 * @property {() => void} triggerRepaint
 * @property {() => boolean | void} isStyleLoaded whether nothing that it draws is on its way
 * @property {() => boolean} isMoving
 * @property {(kind: string, call: () => void) => void} on
 */

/**
 * @param {Drawn} map whose frames are held from now on, each for less than half a second
 * @param {{now: () => number, later: (call: () => void, ms: number) => any, never: (timer: any) => void}} [around]
 */
export function holdFrames(map, around = { now: () => performance.now(), later: (call, ms) => setTimeout(call, ms), never: (timer) => clearTimeout(timer) }) {
  const draw = map.triggerRepaint.bind(map);
  let took = 0;
  /** @type {any} */ let timer = null;
  map.on('render', () => {
    // The browser waits for the picture at the end of the frame, so that what comes after it tells how long that was.
    const begun = around.now();
    around.later(() => { took = around.now() - begun; }, 0);
  });
  const decide = () => {
    if (map.isMoving() || map.isStyleLoaded()) {
      around.never(timer);
      timer = null;
      draw();
    } else {
      timer ??= around.later(() => { timer = null; draw(); }, HELD_MS);
    }
  };
  let asked = false;
  map.triggerRepaint = () => {
    if (took < SLOW_MS) { draw(); return; }
    // What is on its way is known only when whoever asked for the frame has come to an end.
    if (!asked) around.later(() => { asked = false; decide(); }, 0);
    asked = true;
  };
}
