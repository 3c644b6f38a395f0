import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Heard, Live } from '../../app/web/static/js/lib/live.js';

const moved = (id, version, gone) => ({ case_id: id, version, ...(gone ? { gone } : { state: 'handling' }) });

/** A browser without a network: sources that the test speaks for, a clock that it moves. */
function stage(since) {
  const told = { moves: [], anew: 0, states: [] };
  const sources = [];
  const timers = new Map();
  let now = 0;
  const around = {
    open: (address) => {
      const calls = {};
      const source = {
        address, readyState: 0, closed: false,
        addEventListener: (kind, call) => { calls[kind] = call; },
        close: () => { source.closed = true; source.readyState = 2; },
        say: (kind, data, id = '') => { source.readyState = 1; calls[kind]({ data: JSON.stringify(data), lastEventId: id }); },
        fail: (readyState) => { source.readyState = readyState; calls.error({}); },
      };
      sources.push(source);
      return source;
    },
    later: (call, ms) => { const key = {}; timers.set(key, { call, at: now + ms }); return key; },
    never: (key) => timers.delete(key),
    now: () => now,
  };
  const pass = (ms) => {
    now += ms;
    for (const [key, timer] of [...timers]) if (timer.at <= now) { timers.delete(key); timer.call(); }
  };
  const live = new Live({
    onMoves: (cases) => told.moves.push(...cases), onAnew: () => { told.anew += 1; }, onState: (state) => told.states.push(state),
  }, around, since);
  live.start();
  return { live, told, sources, pass, last: () => sources.at(-1) };
}

test('a version that is known is not told again, nor an older one', () => {
  const heard = new Heard();
  assert.equal(heard.fresh([moved(7, 2), moved(8, 1)]).length, 2);
  assert.deepEqual(heard.fresh([moved(7, 2), moved(7, 1), moved(8, 2)]), [moved(8, 2)]);
  assert.deepEqual(heard.fresh([moved(7, 2, true)]), []);
  assert.deepEqual(heard.fresh([moved(7, 3, true), moved(7, 3)]), [moved(7, 3, true), moved(7, 3)]);
});

test('what is remembered is bounded, and the oldest goes first', () => {
  const heard = new Heard(2);
  heard.fresh([moved(1, 1), moved(2, 1), moved(1, 2), moved(3, 1)]);
  assert.deepEqual([...heard.ranks.keys()], [1, 3]);
});

test('the first time everything has to be read, a resumed stream tells what was missed', () => {
  const { told, sources, last, pass } = stage();
  assert.equal(sources[0].address, '/live');
  last().say('hello', {}, 'a~1');
  assert.equal(told.anew, 1);
  last().say('moves', [moved(7, 2)], 'a~2');
  last().fail(2);
  pass(1000);
  assert.equal(last().address, '/live?since=a~2');
  last().say('moves', [moved(7, 2), moved(7, 3)]);
  last().say('hello', { resumed: true }, 'a~3');
  assert.equal(told.anew, 1);
  assert.deepEqual(told.moves, [moved(7, 2), moved(7, 3)]);
});

test('too much was missed: lists are read again', () => {
  const { told, last } = stage('a~1');
  last().say('resync', {}, 'a~9');
  assert.deepEqual([told.anew, told.states], [1, [{ open: true, since: 0 }]]);
});

test('it says since when the line is lost, once, and when it stands again', () => {
  const { told, last, pass } = stage();
  last().say('hello', {}, 'a~1');
  pass(5000);
  last().fail(0);
  last().fail(0);
  pass(1000);
  last().say('hello', { resumed: true }, 'a~1');
  assert.deepEqual(told.states, [{ open: true, since: 0 }, { open: false, since: 5000 }, { open: true, since: 6000 }]);
});

test('a refused stream is tried less and less often, and at once when asked', () => {
  const { live, sources, last, pass } = stage();
  for (const wait of [1000, 2000, 4000, 8000, 16000, 30000, 30000]) {
    const count = sources.length;
    last().fail(2);
    pass(wait - 1);
    assert.equal(sources.length, count);
    pass(1);
    assert.equal(sources.length, count + 1);
  }
  last().fail(2);
  const count = sources.length;
  live.again();
  assert.equal(sources.length, count + 1);
  last().say('hello', {}, 'a~1');
  live.again();
  assert.equal(sources.length, count + 1);
});

test('a line that has died without a word is opened anew', () => {
  const { told, sources, last, pass } = stage();
  last().say('hello', {}, 'a~1');
  for (let beat = 0; beat < 4; beat += 1) { pass(15000); last().say('beat', {}, `a~${beat}`); }
  assert.equal(sources.length, 1);
  pass(40000);
  assert.equal(sources.length, 2);
  assert.ok(sources[0].closed);
  assert.equal(last().address, '/live?since=a~3');
  assert.equal(told.states.at(-1).open, false);
});

test('a stream that was left says no more', () => {
  const { live, told, sources } = stage();
  live.start();
  sources[0].say('moves', [moved(7, 2)]);
  assert.deepEqual(told.moves, []);
});
