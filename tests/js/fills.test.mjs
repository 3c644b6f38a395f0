import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nice } from '../../app/web/static/js/lib/classes.js';
import { boundsOf, CountFill, GapFill, isShare, lowsOf, NONE, PLAIN, ShareFill, spanOf, valueOf } from '../../app/web/static/js/lib/fills.js';
import { histogram, paint, pressedOf, pressing } from '../../app/web/static/js/lib/filling.js';
import { DEFAULT, filterQuery, narrowed, parse, viewQuery, write } from '../../app/web/static/js/lib/state.js';

test('a round number lies below, however small the value is', () => {
  for (const [value, round] of [[0.3, 0.3], [0.034, 0.03], [1, 1], [7, 6], [33.33, 30], [99, 80], [0.00171, 0.0015], [640, 600]]) assert.equal(nice(value), round, value);
  for (let i = 1; i < 2000; i += 1) assert.ok(nice(i / 7) <= i / 7);
});

test('a value is per thousand households or per cent', () => {
  assert.equal(valueOf('rate', [3, 600]), 5);
  assert.equal(valueOf('late', [1, 4]), 25);
  assert.ok(isShare('late') && !isShare('cases') && !isShare(''));
});

test('every cell with something is in a class above zero, and the classes follow each other', () => {
  const values = Array.from({ length: 97 }, (_, i) => i / 9);
  const lows = lowsOf(values);
  assert.equal(lows.length, 5);
  assert.deepEqual([...lows].sort((a, b) => a - b), lows);
  for (const value of values.slice(1)) assert.ok(value >= lows[0], value);
  assert.deepEqual(lowsOf([0, 0]), []);
  assert.deepEqual(lowsOf([]), []);
});

test('a cell without households or without cases is of no class, and never zero', () => {
  const fill = new ShareFill('rate', { 4: [0, 500], 5: [1, 500], 6: [9, 500] });
  const classes = fill.classes();
  assert.equal(classes.get(4), 0);
  assert.ok(/** @type {number} */ (classes.get(6)) > /** @type {number} */ (classes.get(5)));
  assert.equal(classes.has(7), false);
  assert.equal(fill.ranks().at(-1), NONE);
  assert.deepEqual(histogram(fill, null, 10), [1, 1, 1, 0, 0, 0, 7]);
  assert.deepEqual(histogram(fill, new Set([4, 7]), 2), [1, 0, 0, 0, 0, 0, 1]);
});

test('what is painted is what is not plain, and a class alone fades the others', () => {
  const fill = new ShareFill('late', { 4: [0, 5], 5: [1, 5] });
  assert.deepEqual([...paint(fill, null, null, [4, 5, 6])].map(([id, state]) => [id, state.class]), [[4, 0], [5, 1]]);
  const alone = paint(fill, new Set([4, 5]), 1, [4, 5, 6]);
  assert.deepEqual([4, 5, 6].map((id) => alone.get(id)?.faded), [true, false, true]);
  assert.deepEqual([4, 6].map((id) => alone.get(id)?.outside), [false, true]);
  assert.equal(paint(PLAIN, null, null, [4]).size, 0);
});

test('a class that is pressed narrows the cases where it can, else it fades the map', () => {
  const counted = new CountFill(new Map([[1, 1], [2, 9]]));
  assert.deepEqual(pressing(counted, 0), { per: '', cls: 0 });
  const last = Math.max(...counted.ranks());
  const pressed = pressing(counted, last);
  assert.match(pressed.per, /^\d+-$/);
  assert.equal(pressedOf(counted, pressed), last);
  assert.deepEqual(pressing(counted, null), { per: '', cls: null });
  const late = new ShareFill('late', { 4: [0, 5], 5: [1, 5] });
  assert.deepEqual(pressing(late, 0), { per: '0-0', cls: null });
  assert.deepEqual(pressing(new ShareFill('rate', { 4: [0, 5] }), 0), { per: '', cls: 0 });
  assert.equal(pressedOf(late, { per: '3-5', cls: null }), null);
  const gaps = new GapFill({ cells: new Map([[1, { missing: ['officer'], away: 0 }]]), on: '2026-01-01', known: 3 });
  assert.deepEqual(pressing(gaps, 3), { per: '', cls: 3 });
  assert.deepEqual(histogram(gaps, null, 99), [2, 0, 0, 1]);
  assert.deepEqual(histogram(new GapFill({ cells: new Map(), on: '1990-01-01', known: 0 }), null, 99), [0, 0, 0, 0]);
});

test('a class is written as the server reads it, and as people read it', () => {
  const lows = [0.5, 2, 10];
  assert.deepEqual([0, 1, 3, NONE].map((cls) => boundsOf(cls, lows)), ['0-0', '0.5-2', '10-', 'none']);
  assert.deepEqual(['0-0', '0.5-2', '10-', 'none'].map(spanOf), ['0', '0.5–2', '≥ 10', '']);
});

test('the fill is in the address, its class filters, and alone it narrows nothing', () => {
  const state = { ...DEFAULT, layer: 'late', per: '0.5-20' };
  assert.equal(write(state), '?per=0.5-20&layer=late');
  assert.deepEqual(parse(write(state)), state);
  assert.deepEqual(parse('?layer=late&per=none').per, 'none');
  assert.deepEqual(parse('?layer=cases&per=0.5-20').per, '');
  assert.deepEqual(parse('?layer=heat&per=3-5'), { ...DEFAULT, per: '3-5' });
  assert.equal(filterQuery(state), 'state=open&fill=late&within=0.5-20');
  assert.equal(filterQuery({ ...state, per: '' }), 'state=open');
  assert.equal(viewQuery({ ...state, per: '' }), 'state=open&fill=late');
  assert.equal(viewQuery({ ...DEFAULT, layer: 'cases', per: '3-5' }), 'state=open&per_cell=3-5');
  assert.equal(narrowed({ ...DEFAULT, layer: 'rate' }), false);
  assert.equal(narrowed(state), true);
});
