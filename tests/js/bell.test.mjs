import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bell } from '../../app/web/static/js/lib/bell.js';

const waiting = (ids, urgent = [], total = ids.length, of = urgent.length) => ({ total, ids, urgent: { of, items: urgent.map((id) => ({ id })) } });
const calling = (bell) => bell.calling.map((item) => item.id);

test('what waited before the duty began is nothing new, what comes after it is', () => {
  const bell = new Bell();
  assert.equal(bell.hear(waiting([1, 2])), false);
  assert.equal(bell.hear(waiting([1, 2])), false);
  assert.equal(bell.hear(waiting([2])), false, 'one was done');
  assert.equal(bell.hear(waiting([2, 3])), true);
  assert.equal(bell.hear(waiting([4])), true, 'one has come, though there are fewer');
});

test('of a list that is cut off, its length tells whether something has come', () => {
  const bell = new Bell();
  bell.hear(waiting([1, 2], [], 9));
  assert.equal(bell.hear(waiting([2, 3], [], 8)), false, 'another one has moved up');
  assert.equal(bell.hear(waiting([2, 3], [], 9)), true);
});

test('the most urgent calls from the first moment on, until note is taken of it', () => {
  const bell = new Bell();
  bell.hear(waiting([1, 2], [2]));
  assert.deepEqual(calling(bell), [2]);
  bell.note(2);
  assert.deepEqual(calling(bell), []);
  bell.hear(waiting([1, 2, 3], [2, 3]));
  assert.deepEqual(calling(bell), [3], 'note was taken of one case, not of the next');
});

test('a window that is loaded again remembers of what note was taken', () => {
  const bell = new Bell();
  bell.hear(waiting([2], [2]));
  bell.note(2);
  const again = new Bell(JSON.parse(JSON.stringify([...bell.noted])));
  again.hear(waiting([2], [2]));
  assert.deepEqual(calling(again), []);
});

test('a case that comes back after it was done calls again', () => {
  const bell = new Bell([2]);
  bell.hear(waiting([2], [2]));
  bell.hear(waiting([1]));
  bell.hear(waiting([1, 2], [2]));
  assert.deepEqual(calling(bell), [2]);
});

test('what is beyond the end of the list is not forgotten', () => {
  const bell = new Bell([7]);
  bell.hear(waiting([1], [1], 1, 5));
  assert.ok(bell.noted.has(7));
});

test('off duty nothing calls, and what has come meanwhile is nothing new', () => {
  const bell = new Bell();
  bell.hear(waiting([1], [1]));
  bell.rest();
  assert.deepEqual(calling(bell), []);
  assert.equal(bell.hear(waiting([1, 2], [1])), false);
  assert.deepEqual(calling(bell), [1]);
});
