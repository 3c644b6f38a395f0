import assert from 'node:assert/strict';
import test from 'node:test';
import { found, remembered } from '../../app/web/static/js/lib/finding.js';

const of = (code, name, name_en, ...conditions) => ({ code, name, name_en, line: null, major: null, conditions: conditions.map((condition) => ({ number: code, condition, amount: 1, unit: 'working_days', self: false })) });
const ALL = [
  of('C01', '暴露垃圾', 'Exposed litter', '街巷、空地有散落或成堆生活垃圾'), of('C02', '垃圾容器满溢', 'Overflowing bins', '收集点桶满外溢'),
  of('C34', '井盖缺失移位', 'Missing manhole cover', '盖缺、移位、沉陷，人车可能掉入'), of('M16', '咨询建议', null, '政策咨询、意见建议'),
];
const codes = (words, recent = [], most = 9) => found(ALL, words, recent, most).map(({ code }) => code);

test('without words those used lately come first', () => {
  assert.deepEqual(codes(''), ['C01', 'C02', 'C34', 'M16']);
  assert.deepEqual(codes(' ', ['M16', 'C34']), ['M16', 'C34', 'C01', 'C02']);
  assert.deepEqual(codes('', [], 2), ['C01', 'C02']);
});

test('a name is found by part, by code, in English, and by what its condition says', () => {
  assert.deepEqual(codes('井盖'), ['C34']);
  assert.deepEqual(codes('c02'), ['C02']);
  assert.deepEqual(codes('manhole'), ['C34']);
  assert.deepEqual(codes('沉陷'), ['C34']);
  assert.deepEqual(codes('垃圾'), ['C02', 'C01'], 'what begins with the word comes first');
});

test('what people say and the list does not is still found; nonsense is not', () => {
  assert.ok(codes('垃圾堆').includes('C01'));
  assert.deepEqual(codes('zzz'), []);
  assert.deepEqual(codes('垃圾 zzz'), [], 'every word has to fit');
});

test('what was used last comes first, once', () => {
  assert.deepEqual(remembered(['A', 'B', 'C'], 'B'), ['B', 'A', 'C']);
  assert.deepEqual(remembered(['A', 'B'], 'C', 2), ['C', 'A']);
});
