import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdFrames } from '../../app/web/static/js/map/holding.js';

/** A map whose frames take `cost` each; `pass` lets time go by. */
function held(cost) {
  let now = 0;
  let timers = [];
  const frames = [];
  const calls = [];
  const map = {
    loaded: true, moving: false,
    triggerRepaint() { frames.push(now); calls.forEach((call) => call()); now += cost; pass(0); },
    isStyleLoaded() { return this.loaded; }, isMoving() { return this.moving; },
    on(kind, call) { assert.equal(kind, 'render'); calls.push(call); },
  };
  const pass = (ms) => {
    now += ms;
    const due = timers.filter((timer) => timer.at <= now);
    timers = timers.filter((timer) => timer.at > now);
    due.forEach((timer) => timer.call());
  };
  const around = { now: () => now, later: (call, ms) => { const timer = { call, at: now + ms }; timers.push(timer); return timer; }, never: (timer) => { timers = timers.filter((one) => one !== timer); } };
  holdFrames(map, around);
  map.triggerRepaint();
  frames.length = 0;
  return { map, frames, pass };
}

test('where frames are quick each is drawn', () => {
  const { map, frames } = held(5);
  map.loaded = false;
  for (let n = 0; n < 3; n += 1) map.triggerRepaint();
  assert.equal(frames.length, 3);
});

test('where they are slow one waits for all that is on its way', () => {
  const { map, frames, pass } = held(100);
  map.loaded = false;
  map.triggerRepaint();
  map.triggerRepaint();
  pass(60);
  assert.equal(frames.length, 0);
  map.loaded = true;
  map.triggerRepaint();
  pass(0);
  assert.equal(frames.length, 1);
  pass(1000);
  assert.equal(frames.length, 1);
});

test('it does not wait for what never comes', () => {
  const { map, frames, pass } = held(100);
  map.loaded = false;
  map.triggerRepaint();
  pass(0);
  pass(399);
  assert.equal(frames.length, 0);
  pass(1);
  assert.equal(frames.length, 1);
});

test('who moves the map sees each frame', () => {
  const { map, frames, pass } = held(100);
  map.loaded = false;
  map.moving = true;
  map.triggerRepaint();
  pass(0);
  assert.equal(frames.length, 1);
});

test('what is on its way may begin only after the frame was asked for', () => {
  const { map, frames, pass } = held(100);
  map.triggerRepaint();
  map.loaded = false;
  pass(0);
  assert.equal(frames.length, 0);
  map.loaded = true;
  map.triggerRepaint();
  pass(0);
  assert.equal(frames.length, 1);
});
