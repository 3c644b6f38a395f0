import assert from 'node:assert/strict';
import { test } from 'node:test';

import { dayFrom, standing, zoned } from '../../app/web/static/js/lib/due.js';

const KUNMING = 'Asia/Shanghai';
const at = (time) => Date.parse(`2026-11-23T${time}:00+08:00`);
const face = { lamp: 'green', mark: 'normal', due_at: '2026-11-23T11:40:00+08:00', near_at: '2026-11-23T10:30:00+08:00' };

test('a case goes from in time to nearly due to overdue by itself', () => {
  assert.deepEqual(standing(face, at('10:20')), { mark: 'normal', left: 80 * 60000 });
  assert.equal(standing(face, at('10:30')).mark, 'near');
  assert.equal(standing(face, at('11:40')).mark, 'near');
  assert.deepEqual(standing(face, at('11:41')), { mark: 'overdue', left: -60000 });
});

test('a clock that stands or has ended counts nothing', () => {
  assert.deepEqual(standing({ ...face, mark: 'paused' }, at('12:00')), { mark: 'paused', left: null });
  assert.deepEqual(standing({ ...face, mark: 'closed' }, at('12:00')), { mark: 'closed', left: null });
  assert.deepEqual(standing({ ...face, due_at: null, near_at: null }, at('12:00')), { mark: 'normal', left: null });
});

test('a local time gets the offset of its zone', () => {
  assert.equal(zoned('2026-11-23T14:32', KUNMING), '2026-11-23T14:32+08:00');
  assert.equal(zoned('2026-07-01T14:32', 'Europe/Berlin'), '2026-07-01T14:32+02:00');
  assert.equal(Date.parse(zoned('2026-11-23T14:32', 'UTC')), Date.parse('2026-11-23T14:32Z'));
  assert.equal(zoned('soon', KUNMING), 'soon');
});

test('a day is a day of the district', () => {
  assert.equal(dayFrom('2026-11-22T16:30:00Z', at('09:00'), KUNMING), 0);
  assert.equal(dayFrom('2026-11-22T15:30:00Z', at('09:00'), KUNMING), -1);
  assert.equal(dayFrom('2026-11-23T16:30:00Z', at('09:00'), KUNMING), 1);
  assert.equal(dayFrom('2026-12-23T16:30:00Z', at('09:00'), KUNMING), null);
});
