import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chime, SOFT, URGENT } from '../../app/web/static/js/lib/chime.js';

/** A context that notes what is played. */
function context(state) {
  const made = { state, currentTime: 5, destination: {}, voices: [], asked: 0, resume: async () => { made.asked += 1; } };
  made.createOscillator = () => {
    const voice = { frequency: { value: 0 }, connect: (to) => to, start: (at) => { voice.from = at; }, stop: (at) => { voice.to = at; } };
    made.voices.push(voice);
    return voice;
  };
  made.createGain = () => ({ gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: (to) => to });
  return made;
}

globalThis.AudioContext ??= class {};

test('a chime is soft, short and of its own making', () => {
  for (const tones of [SOFT, URGENT]) for (const tone of tones) assert.ok(tone.loud <= 0.2 && tone.at + tone.for < 2);
  const made = context('running');
  assert.equal(new Chime(() => made).play(SOFT), true);
  assert.deepEqual(made.voices.map((voice) => voice.frequency.value), SOFT.map((tone) => tone.hz));
  assert.ok(made.voices.every((voice) => voice.from >= 5 && voice.to > voice.from));
});

test('before somebody has touched the page nothing is played, and it says so', () => {
  const made = context('suspended');
  const chime = new Chime(() => made);
  assert.equal(chime.play(URGENT), false);
  assert.equal(made.voices.length, 0);
  made.state = 'running';
  assert.equal(chime.play(URGENT), true);
  assert.equal(made.asked, 1);
});
