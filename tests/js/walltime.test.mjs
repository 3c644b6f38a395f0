import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instantOf, wallOf } from '../../app/web/static/js/lib/walltime.js';

test('an instant is shown by the clocks of its zone', () => {
  assert.equal(wallOf(Date.parse('2026-11-23T06:32:00Z'), 'Asia/Shanghai'), '2026-11-23T14:32');
  assert.equal(wallOf(Date.parse('2026-11-23T16:00:00Z'), 'Asia/Shanghai'), '2026-11-24T00:00');
});

test('and read back, also where clocks are changed', () => {
  for (const zone of ['Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns', 'UTC']) {
    for (const at of ['2026-03-28T12:00:00Z', '2026-03-29T03:00:00Z', '2026-10-25T12:30:00Z', '2026-01-01T00:00:00Z']) {
      assert.equal(instantOf(wallOf(Date.parse(at), zone), zone), Date.parse(at), `${zone} ${at}`);
    }
  }
});

test('what is no time is none', () => assert.ok(Number.isNaN(instantOf('morgen', 'UTC'))));
