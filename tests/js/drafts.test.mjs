import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Drafts, isEmpty } from '../../app/web/static/js/lib/drafts.js';

/** A shelf as a browser has one, that takes no more than `most` things. */
function shelf(most = Infinity) {
  const kept = new Map();
  return {
    get length() { return kept.size; },
    key: (n) => [...kept.keys()][n] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => { if (kept.size >= most) throw new Error('full'); kept.set(key, value); },
    removeItem: (key) => { kept.delete(key); },
  };
}

let last = 0;
const made = (on = shelf()) => new Drafts(on, () => `id-${last += 1}`);
const typed = { client: 'a', values: { opinion: '写了一半' }, files: { evidence: [4] } };

test('what was typed is there again, with the id of its request', () => {
  const drafts = made();
  drafts.keep(7, 'comment', typed);
  assert.deepEqual(drafts.of(7, 'comment'), typed);
  assert.deepEqual(drafts.movesOf(7), ['comment']);
  assert.deepEqual(drafts.movesOf(70), []);
  drafts.drop(7, 'comment');
  assert.ok(isEmpty(drafts.of(7, 'comment')));
});

test('another account at the same desk sees none of it', () => {
  const drafts = made();
  drafts.account = 1;
  drafts.keep(7, 'comment', typed);
  drafts.account = 2;
  assert.ok(isEmpty(drafts.of(7, 'comment')));
  assert.deepEqual(drafts.movesOf(7), []);
});

test('an emptied form leaves nothing behind', () => {
  const drafts = made();
  drafts.keep(7, 'comment', typed);
  drafts.keep(7, 'comment', { client: 'a', values: {}, files: { evidence: [] } });
  assert.deepEqual(drafts.movesOf(7), []);
});

test('a full shelf and a spoiled draft do no harm', () => {
  made(shelf(0)).keep(7, 'comment', typed);
  const on = shelf();
  on.setItem('panlong-draft:0:7:comment', '{"cut');
  assert.ok(isEmpty(made(on).of(7, 'comment')));
});

test('there are never more than sixty', () => {
  const drafts = made();
  for (let id = 1; id <= 70; id += 1) drafts.keep(id, 'comment', typed);
  assert.equal(drafts.keys().length, 60);
  assert.deepEqual(drafts.of(70, 'comment'), typed);
});
