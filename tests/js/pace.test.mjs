import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crowded, Pace } from '../../app/web/static/js/lib/pace.js';

function paced(screens = 1000) {
  crowded(screens);
  let now = 0;
  let timers = [];
  const runs = [];
  const pace = new Pace(() => runs.push(now), { later: (call, ms) => timers.push({ call, at: now + ms }), now: () => now, chance: () => 0.5 });
  const pass = (ms) => {
    now += ms;
    const due = timers.filter((timer) => timer.at <= now);
    timers = timers.filter((timer) => timer.at > now);
    due.forEach((timer) => timer.call());
  };
  return { pace, pass, runs };
}

test('one move after a rest is followed at once', () => {
  const { pace, pass, runs } = paced();
  pace.hint();
  pass(149);
  assert.equal(runs.length, 1);
});

test('in a stream of moves the page reads less and less often, and never stops', () => {
  const { pace, pass, runs } = paced();
  for (let ms = 0; ms < 120_000; ms += 100) { pace.hint(); pass(100); }
  const gaps = runs.slice(1).map((at, i) => at - runs[i]);
  assert.ok(gaps.every((gap, i) => i === 0 || gap >= gaps[i - 1]), gaps.join());
  assert.ok(gaps[0] < 1500 && gaps.at(-1) <= 20_000 && runs.length < 15, gaps.join());
});

test('the last move is never left unread', () => {
  const { pace, pass, runs } = paced();
  for (let i = 0; i < 20; i += 1) { pace.hint(); pass(50); }
  pace.hint();
  pass(20_000);
  const count = runs.length;
  assert.ok(runs.at(-1) >= 1000);
  pace.hint();
  pass(20_000);
  assert.equal(runs.length, count + 1);
});

test('after a rest it is quick again', () => {
  const { pace, pass, runs } = paced();
  for (let ms = 0; ms < 60_000; ms += 100) { pace.hint(); pass(100); }
  pass(20_000); // what was due is done
  pass(40_000);
  const count = runs.length;
  pace.hint();
  pass(200);
  assert.equal(runs.length, count + 1);
});

test('with few screens a page keeps up with every move', () => {
  const { pace, pass, runs } = paced(10);
  for (let ms = 0; ms < 20_000; ms += 100) { pace.hint(); pass(100); }
  const gaps = runs.slice(1).map((at, i) => at - runs[i]);
  assert.ok(gaps.every((gap) => gap >= 400 && gap <= 600), gaps.join());
});

test('who comes into a crowd slows down', () => {
  const { pace, pass, runs } = paced(10);
  for (let ms = 0; ms < 5_000; ms += 100) { pace.hint(); pass(100); }
  crowded(1000);
  const before = runs.length;
  for (let ms = 0; ms < 60_000; ms += 100) { pace.hint(); pass(100); }
  assert.ok(runs.length - before < 12, String(runs.length - before));
});
