/** Where somebody stands: asked of the device while it is needed, shown with its accuracy, kept when they moved it themselves. */

import { far, metres } from '../lib/geo.js';
import { t } from '../lib/words.js';

/** @typedef {{lon: number, lat: number, accuracy_m?: number}} Place */

const GOOD_M = 15;
const LONGEST_MS = 45000;

export class Position {
  /**
   * @param {HTMLElement} box with `data-here-word`, `data-here-far`, `data-here-again`
   * @param {(place: Place | null) => void} onChange
   * @param {import('../lib/geo.js').Point | null} of what the distance is told to
   */
  constructor(box, onChange, of = null) {
    this.box = box;
    this.onChange = onChange;
    this.of = of;
    /** @type {Place | null} */ this.place = null;
    this.byHand = false;
    this.watch = 0;
    this.until = 0;
    this.part('again').addEventListener('click', () => { this.byHand = false; this.start(); });
  }

  /** @param {string} name */
  part(name) {
    return /** @type {HTMLElement} */ (this.box.querySelector(`[data-here-${name}]`));
  }

  start() {
    this.stop();
    if (!navigator.geolocation) { this.say(t('phone.no_position')); return; }
    this.say(t('phone.finding'));
    this.watch = navigator.geolocation.watchPosition((found) => this.came(found), (error) => this.failed(error), {
      enableHighAccuracy: true, maximumAge: 5000, timeout: 20000,
    });
    // A receiver that is never switched off empties the battery: what it has found by then is what is used.
    this.until = window.setTimeout(() => this.stop(), LONGEST_MS);
  }

  stop() {
    if (this.watch) navigator.geolocation.clearWatch(this.watch);
    clearTimeout(this.until);
    this.watch = 0;
  }

  /** @param {GeolocationPosition} found */
  came(found) {
    if (this.byHand) return;
    const { longitude, latitude, accuracy } = found.coords;
    const better = this.place?.accuracy_m === undefined || accuracy <= this.place.accuracy_m * 1.5;
    if (better) this.use({ lon: longitude, lat: latitude, accuracy_m: Math.round(accuracy * 10) / 10 });
    if (accuracy <= GOOD_M) this.stop();
  }

  /** @param {GeolocationPositionError} error */
  failed(error) {
    if (this.place) return;
    this.say(t(error.code === error.PERMISSION_DENIED ? 'phone.position_denied' : 'phone.no_position'));
    this.part('again').hidden = false;
  }

  /** @param {import('../lib/geo.js').Point} place chosen on the map, or taken from a picture */
  byOneself(place) {
    this.byHand = true;
    this.stop();
    this.use({ lon: place.lon, lat: place.lat });
  }

  /** @param {Place} place */
  use(place) {
    this.place = place;
    this.say(place.accuracy_m === undefined ? t('phone.by_hand') : t('phone.accuracy', { m: Math.round(place.accuracy_m) }));
    this.part('again').hidden = place.accuracy_m !== undefined && place.accuracy_m <= GOOD_M;
    this.tellFar();
    this.onChange(place);
  }

  tellFar() {
    const line = this.part('far');
    if (!this.of || !this.place) return;
    const { value, unit } = far(metres(this.of, this.place));
    line.textContent = t(`phone.from_case_${unit}`, { n: value });
    line.hidden = false;
  }

  /** @param {string} words */
  say(words) {
    this.part('word').textContent = words;
  }
}
