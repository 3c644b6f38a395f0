import assert from 'node:assert/strict';
import { test } from 'node:test';
import { area, count, day, duration, moment, urgency } from '../../app/web/static/js/lib/format.js';

const MINUTE = 60_000;
const NOW = new Date('2026-11-23T17:30:00Z');

test('large numbers have commas', () => assert.equal(count(1234567), '1,234,567'));

test('areas are said in the unit that fits them', () => {
  assert.deepEqual(area(950), { value: '950', unit: 'm2' });
  assert.deepEqual(area(89_000), { value: '8.9', unit: 'ha' });
  assert.deepEqual(area(861_040_000), { value: '861.0', unit: 'km2' });
});

test('a length of time has at most two parts, whichever its sign', () => {
  assert.deepEqual(duration(-(26 * 60 + 5) * MINUTE), { days: 1, hours: 2, minutes: 0 });
  assert.deepEqual(duration(65 * MINUTE), { days: 0, hours: 1, minutes: 5 });
});

test('a day is a day in the district', () => {
  assert.equal(day(NOW, 'Asia/Shanghai'), '2026-11-24');
  assert.equal(day(NOW, 'America/New_York'), '2026-11-23');
  assert.equal(day(NOW, 'Asia/Shanghai', 1), '2026-11-23');
  assert.match(moment(NOW.toISOString(), 'Asia/Shanghai', 'zh-CN'), /2026\D11\D24\D+01:30/);
});

test('the marks of time', () => {
  const due = (minutes) => ({ state: 'handling', due_at: new Date(NOW.getTime() + minutes * MINUTE).toISOString() });
  assert.equal(urgency(due(-1), true, NOW), 'overdue');
  assert.equal(urgency(due(0), true, NOW), 'near');
  assert.equal(urgency(due(89), true, NOW), 'near');
  assert.equal(urgency(due(90), true, NOW), 'near');
  assert.equal(urgency(due(91), true, NOW), 'normal');
  assert.equal(urgency({ ...due(300), near_at: NOW.toISOString() }, true, NOW), 'near');
  assert.equal(urgency({ ...due(5), near_at: new Date(NOW.getTime() + 1).toISOString() }, true, NOW), 'normal');
  assert.equal(urgency({ state: 'handling', due_at: null }, true, NOW), 'normal');
  assert.equal(urgency({ ...due(-1), state: 'suspended' }, true, NOW), 'paused');
  assert.equal(urgency(due(-1), false, NOW), 'closed');
});
