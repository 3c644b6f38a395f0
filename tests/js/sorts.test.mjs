import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ofSort, shapeOf, SORTS, sortsOf, switched, tileQueries } from '../../app/web/static/js/lib/sorts.js';
import { parse, write } from '../../app/web/static/js/lib/state.js';

test('what the address says is read in the order of the list, and what is none is left out', () => {
  assert.deepEqual(sortsOf('object,person,building,object'), ['building', 'object']);
  assert.deepEqual(sortsOf(''), []);
});

test('one kind is switched and the others stay', () => {
  assert.equal(switched('object,building', 'shop', true), 'building,shop,object');
  assert.equal(switched('building,shop', 'shop', false), 'building');
  assert.equal(switched('building', 'building', false), '');
});

test('people are no kind, and every kind has a shape of its own', () => {
  assert.ok(!SORTS.some((sort) => /person|resident|dwelling/.test(sort)));
  assert.equal(new Set(SORTS.map(shapeOf)).size, SORTS.length);
  assert.deepEqual(new Set(SORTS.map(ofSort)), new Set(['place', 'object', 'organisation']));
});

test('nothing is asked for where nothing is on, and the past asks for its own day', () => {
  assert.deepEqual(tileQueries('', 3, ''), { marks: '', outlines: 'v=3' });
  assert.deepEqual(tileQueries('object', 3, '2026-11-01T00:00:00Z'), {
    marks: 'kinds=object&as_of=2026-11-01T00%3A00%3A00Z&v=3', outlines: 'as_of=2026-11-01T00%3A00%3A00Z&v=3',
  });
});

test('a link says which kinds are drawn', () => {
  assert.equal(parse('?els=object,nobody,building').els, 'building,object');
  assert.match(write(parse('?els=building,object')), /els=building,object/);
  assert.ok(!write(parse('')).includes('els'));
});
