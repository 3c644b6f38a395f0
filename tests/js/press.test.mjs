import assert from 'node:assert/strict';
import test from 'node:test';

import { whenLetGo } from '../../app/web/static/js/lib/press.js';

const window = new EventTarget();
globalThis.addEventListener = window.addEventListener.bind(window);
const soon = () => new Promise((resolve) => { setTimeout(resolve, 5); });
const moved = (buttons) => Object.assign(new Event('pointermove'), { buttons });

test('what nobody presses is drawn at once', () => {
  const drawn = [];
  whenLetGo({}, () => drawn.push(1));
  assert.deepEqual(drawn, [1]);
});

test('what is pressed is drawn once it is let go, and only as it is then', async () => {
  const part = {};
  const drawn = [];
  whenLetGo(part, () => drawn.push('first'));
  window.dispatchEvent(new Event('pointerdown'));
  whenLetGo(part, () => drawn.push('early'));
  whenLetGo(part, () => drawn.push('late'));
  assert.deepEqual(drawn, ['first']);
  window.dispatchEvent(new Event('pointerup'));
  assert.deepEqual(drawn, ['first'], 'the click goes first');
  await soon();
  assert.deepEqual(drawn, ['first', 'late']);
  whenLetGo(part, () => drawn.push('after'));
  assert.deepEqual(drawn, ['first', 'late', 'after']);
});

test('a press that ends outside the window ends when the pointer comes back', async () => {
  const part = {};
  const drawn = [];
  whenLetGo(part, () => {});
  window.dispatchEvent(new Event('pointerdown'));
  whenLetGo(part, () => drawn.push(1));
  window.dispatchEvent(moved(1));
  await soon();
  assert.deepEqual(drawn, []);
  window.dispatchEvent(moved(0));
  await soon();
  assert.deepEqual(drawn, [1]);
});

test('every part waits for the press, each with its own drawing', async () => {
  const drawn = [];
  window.dispatchEvent(new Event('pointerdown'));
  whenLetGo({}, () => drawn.push('above'));
  whenLetGo({}, () => drawn.push('below'));
  window.dispatchEvent(new Event('pointerup'));
  await soon();
  assert.deepEqual(drawn, ['above', 'below']);
});

test('a press that begins right after another one is waited for as well', async () => {
  const drawn = [];
  window.dispatchEvent(new Event('pointerdown'));
  whenLetGo({}, () => drawn.push(1));
  window.dispatchEvent(new Event('pointerup'));
  window.dispatchEvent(new Event('pointerdown'));
  await soon();
  assert.deepEqual(drawn, []);
  window.dispatchEvent(new Event('pointerup'));
  await soon();
  assert.deepEqual(drawn, [1]);
});
