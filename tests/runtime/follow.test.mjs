// When a phone looks for news, and from what age on it says so.

import assert from 'node:assert';
import { createRequire } from 'node:module';
import test from 'node:test';

const require = createRequire(import.meta.url);
const navkitFollow = require('../../exporter/runtime/client/follow.js');

const MINUTE = 60000;
const DAY = 86400000;

/** A clock that is moved by hand; `looks` are the times of the looks. */
function phone({ chance = 0, answers = () => true } = {}) {
  const timers = new Set();
  const own = { now: 0, looks: [] };
  own.watch = navkitFollow.watch({
    look: async () => {
      own.looks.push(own.now);
      return answers(own.looks.length);
    },
    later: (ms, act) => {
      const timer = { at: own.now + ms, act };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    chance: () => chance,
    now: () => own.now,
  });
  own.pass = async (ms) => {
    const end = own.now + ms;
    for (;;) {
      const [next] = [...timers].filter((one) => one.at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      timers.delete(next);
      own.now = Math.max(own.now, next.at);
      next.act();
      await new Promise((resolve) => { setImmediate(resolve); });
    }
    own.now = end;
  };
  return own;
}

test('who watches is told within a minute, again and again', async () => {
  for (const [chance, every] of [[0, MINUTE], [1, 0.75 * MINUTE]]) {
    const own = phone({ chance });

    own.watch.wake();
    await own.pass(10 * MINUTE);

    const apart = own.looks.map((at, i) => at - (own.looks[i - 1] || 0));
    assert.deepStrictEqual([...new Set(apart)], [every]);
    assert.ok(own.looks.length >= 10);
  }
});

test('nobody is asked while nobody watches; who comes back is told at once, once', async () => {
  const own = phone();
  own.watch.wake();
  await own.pass(90000);
  own.watch.rest();
  await own.pass(60 * MINUTE);
  assert.strictEqual(own.looks.length, 1);

  own.watch.wake();
  await own.pass(0);
  own.watch.rest();
  own.watch.wake();
  own.watch.wake();
  await own.pass(59000);

  assert.deepStrictEqual(own.looks, [MINUTE, 90000 + 60 * MINUTE]);
});

test('after failures it asks more and more rarely, down to ten minutes; an answer ends that', async () => {
  const own = phone({ answers: (count) => count > 8 });

  own.watch.wake();
  await own.pass(100 * MINUTE);

  const apart = own.looks.map((at, i) => (at - (own.looks[i - 1] || 0)) / MINUTE);
  assert.deepStrictEqual(apart.slice(0, 10), [1, 2, 4, 8, 10, 10, 10, 10, 10, 1]);
});

test('a network that comes back is asked at once, but not more often than every minute', async () => {
  const own = phone({ answers: (count) => count > 3 });
  own.watch.wake();
  await own.pass(8 * MINUTE);
  const before = own.looks.length;

  own.watch.hurry();
  await own.pass(0);
  own.watch.hurry();
  await own.pass(0);

  assert.strictEqual(own.looks.length, before + 1);
});

test('a look that breaks is a failure, and the next one comes', async () => {
  const own = phone({ answers: () => { throw new Error('broken'); } });

  own.watch.wake();
  await own.pass(4 * MINUTE);

  assert.deepStrictEqual(own.looks, [MINUTE, 3 * MINUTE]);
});

test('an age is said from a day on, and louder from a week and from a month on', () => {
  const at = 1000 * DAY;
  const level = (days, more) => navkitFollow.age(
    { checked_ms: at, seen_ms: at, ...more }, at + days * DAY).level;

  assert.deepStrictEqual(
    [0, 1, 1.01, 7, 7.01, 30, 30.01, 3000].map((days) => level(days)),
    ['', '', 'changed', 'changed', 'amber', 'amber', 'red', 'red']);
  assert.strictEqual(navkitFollow.age({ checked_ms: at, seen_ms: at }, at + 8.9 * DAY).days, 8);
});

test('a map that was never looked for is as old as the day it was made', () => {
  const never = { checked_ms: 0, seen_ms: 0 };
  const now = Date.parse('2026-03-12T09:30:00Z');

  for (const told of [never, null]) {
    assert.deepStrictEqual(navkitFollow.age(told, now, '2026-03-02'), { level: 'amber', days: 10 });
  }
  assert.strictEqual(navkitFollow.age(null, now, ''), null);
  assert.strictEqual(navkitFollow.age(never, now, ''), null);
  assert.strictEqual(navkitFollow.age(never, now), null);
});

test('with a clock that was put back nobody can say how old it is: it may have changed', () => {
  const told = { checked_ms: 1000 * DAY, seen_ms: 1000 * DAY };

  assert.strictEqual(navkitFollow.age(told, 0).level, 'changed');
  assert.strictEqual(navkitFollow.age(told, 1000 * DAY - 60000).level, '', 'clocks are set by minutes');
});

test('the clock ticks on waking and when a minute begins, and only as long as that is needed', () => {
  const timers = new Set();
  const ticks = [];
  let now = 90000;
  let isNeeded = false;
  const clock = navkitFollow.clock({
    tick: () => ticks.push(now), isNeeded: () => isNeeded, now: () => now,
    later: (ms, act) => {
      const timer = { at: now + ms, act };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  });
  const pass = (to) => {
    for (;;) {
      const [next] = [...timers].filter((one) => one.at <= to);
      if (!next) break;
      timers.delete(next);
      now = next.at;
      next.act();
    }
    now = to;
  };

  clock.plan();
  assert.strictEqual(timers.size, 0, 'nobody watches');
  clock.wake();
  assert.deepStrictEqual([ticks, timers.size], [[90000], 0], 'nothing to wait for');
  isNeeded = true;
  clock.plan();
  clock.plan();
  assert.strictEqual(timers.size, 1);
  pass(250000);
  assert.deepStrictEqual(ticks, [90000, 120000, 180000, 240000]);
  clock.rest();
  assert.strictEqual(timers.size, 0);
  pass(999000);
  clock.wake();
  assert.deepStrictEqual(ticks.slice(4), [999000], 'at once, who comes back');
  isNeeded = false;
  pass(1100000);
  assert.strictEqual(timers.size, 0);
});

test('an emergency is as old as the last time that it was confirmed, and one may go on after hours', () => {
  const told = { emergency: { since: '2026-03-02T09:12' }, heard_ms: 5 * DAY, seen_ms: 5 * DAY };
  const at = (ms) => {
    const { minutes, isOld, mayGoOn } = navkitFollow.emergency(told, 5 * DAY + ms);
    return [minutes, isOld, mayGoOn];
  };

  assert.strictEqual(navkitFollow.emergency(null, 0), null);
  assert.strictEqual(navkitFollow.emergency({ ...told, emergency: null }, 0), null);
  assert.strictEqual(navkitFollow.emergency(told, 5 * DAY).since, '2026-03-02T09:12');
  assert.deepStrictEqual(at(0), [0, false, false]);
  assert.deepStrictEqual(at(-59 * MINUTE), [0, false, false], 'a clock that is a little behind');
  assert.deepStrictEqual(at(4.5 * MINUTE), [4, false, false]);
  assert.deepStrictEqual(at(5 * MINUTE), [5, true, false]);
  assert.deepStrictEqual(at(239 * MINUTE), [239, true, false]);
  assert.deepStrictEqual(at(240 * MINUTE), [240, true, true]);
  assert.deepStrictEqual(at(-DAY), [null, true, true], 'nobody can say: the clock was put back');
});
