import assert from 'node:assert/strict';
import test from 'node:test';

import { whenLetGo } from '../../app/web/static/js/lib/press.js';

const window = new EventTarget();
globalThis.addEventListener = window.addEventListener.bind(window);
const soon = () => new Promise((resolve) => { setTimeout(resolve, 5); });
const moved = (buttons) => Object.assign(new Event('pointermove'), { buttons });

test('what nobody presses is drawn at once', () => {
  const drawn = [];
  whenLetGo(new EventTarget(), () => drawn.push(1));
  assert.deepEqual(drawn, [1]);
});

test('what is pressed is drawn once it is let go, and only as it is then', async () => {
  const host = new EventTarget();
  const drawn = [];
  whenLetGo(host, () => drawn.push('first'));
  host.dispatchEvent(new Event('pointerdown'));
  whenLetGo(host, () => drawn.push('early'));
  whenLetGo(host, () => drawn.push('late'));
  assert.deepEqual(drawn, ['first']);
  window.dispatchEvent(new Event('pointerup'));
  assert.deepEqual(drawn, ['first'], 'the click goes first');
  await soon();
  assert.deepEqual(drawn, ['first', 'late']);
  whenLetGo(host, () => drawn.push('after'));
  assert.deepEqual(drawn, ['first', 'late', 'after']);
});

test('a press that ends outside the window ends when the pointer comes back', async () => {
  const host = new EventTarget();
  const drawn = [];
  whenLetGo(host, () => {});
  host.dispatchEvent(new Event('pointerdown'));
  whenLetGo(host, () => drawn.push(1));
  window.dispatchEvent(moved(1));
  await soon();
  assert.deepEqual(drawn, []);
  window.dispatchEvent(moved(0));
  await soon();
  assert.deepEqual(drawn, [1]);
});

test('who presses here does not keep anything else', () => {
  const host = new EventTarget();
  const drawn = [];
  whenLetGo(host, () => {});
  host.dispatchEvent(new Event('pointerdown'));
  whenLetGo(new EventTarget(), () => drawn.push(1));
  assert.deepEqual(drawn, [1]);
});
