/** Two sounds, made by the browser itself: nothing is loaded for them. */

/** @typedef {{hz: number, at: number, for: number, loud: number}} Tone seconds from now, length in seconds, loudness 0 to 1 */

/** @type {Tone[]} One soft chime. */
export const SOFT = [{ hz: 659.26, at: 0, for: 0.7, loud: 0.09 }, { hz: 880, at: 0.14, for: 0.9, loud: 0.07 }];

/** @type {Tone[]} 特急: the same voice, three times and a little louder. */
export const URGENT = [0, 0.32, 0.64].flatMap((at) => [{ hz: 880, at, for: 0.26, loud: 0.16 }, { hz: 1108.73, at: at + 0.1, for: 0.3, loud: 0.12 }]);

export class Chime {
  /** @param {() => AudioContext} [make] */
  constructor(make = () => new AudioContext()) {
    this.make = make;
    /** @type {AudioContext | null} */ this.context = null;
  }

  /** Browsers make no sound before somebody has touched the page: to be called when they do. */
  wake() {
    if (!('AudioContext' in globalThis)) return;
    this.context ??= this.make();
    if (this.context.state === 'suspended') this.context.resume().catch(() => {});
  }

  /**
   * @param {Tone[]} tones
   * @returns {boolean} whether it is heard
   */
  play(tones) {
    this.wake();
    const { context } = this;
    if (!context || context.state !== 'running') return false;
    for (const tone of tones) ring(context, tone);
    return true;
  }
}

/**
 * @param {AudioContext} context
 * @param {Tone} tone
 */
function ring(context, tone) {
  const voice = context.createOscillator();
  const gain = context.createGain();
  const begins = context.currentTime + tone.at;
  voice.type = 'sine';
  voice.frequency.value = tone.hz;
  gain.gain.setValueAtTime(0.0001, begins);
  gain.gain.exponentialRampToValueAtTime(tone.loud, begins + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, begins + tone.for);
  voice.connect(gain).connect(context.destination);
  voice.start(begins);
  voice.stop(begins + tone.for);
}
