// Following along: what a client shows of it, and what sensors become.

import assert from 'node:assert';
import { createRequire } from 'node:module';
import process from 'node:process';
import test from 'node:test';
import motions from '../../exporter/runtime/client/motion.js';
import motionBrowser from '../../exporter/runtime/platform/motion-browser.js';
import motionWx from '../../exporter/runtime/platform/motion-wx.js';
import shipped from '../../exporter/runtime/core/shipped.js';
import { ROUGH, Walker, chance, junctions, piecesOf, walkable } from '../rough_world.mjs';
import { openFolder } from './bundle.mjs';

const require = createRequire(import.meta.url);
const navkitApp = require('../../exporter/runtime/client/app.js');
const words = require('../../examples/miniprogram/runtime/words.js');
const folder = process.env.NAVKIT_BUNDLE;
const skip = folder ? false : 'NAVKIT_BUNDLE names no bundle';
const bundle = folder ? openFolder(folder) : null;

/** Sensors that a test moves. */
function sensors(outcome = 'on') {
  const own = {
    on: null, stops: 0,
    start: (rules, on) => { own.on = on; return Promise.resolve(outcome); },
    stop: () => { own.stops++; },
  };
  return own;
}

/** A client on its way between two floors, with those sensors. */
function walking(motion) {
  const keep = new Map();
  const app = navkitApp.create({
    bundle, words, motion, now: () => '2026-03-02T09:30', phone: ['en'],
    keep: { get: (name) => keep.get(name) || null, set: (name, text) => keep.set(name, text) },
  });
  const lots = chance(3);
  for (;;) {
    const [from, to] = [0, 1].map(() => Math.floor(lots.uniform() * bundle.placeCount));
    if (from === to || !bundle.placeIsPublic(from) || !bundle.placeIsPublic(to)) continue;
    app.startAt(from);
    app.choose(to);
    const { route } = app.state;
    if (route && route.length_cm > 9000 && walkable(bundle, route).legs.length > 1) break;
    app.restart();
  }
  app.go();
  return { app, keep };
}

function felt(route) {
  const own = walkable(bundle, route);
  return new Walker(own, piecesOf(own, [], ROUGH, chance(4)), ROUGH, chance(4)).walk();
}

function feel(motion, event) {
  if (event.k === 'step') motion.on.step(event.t);
  if (event.k === 'turn') motion.on.turn(event.t, event.radians);
}

test('it is off until it is asked for, and offered to those who take steps only', { skip }, () => {
  const { app } = walking(sensors());
  const first = app.view().walk.along;
  app.set('profile', 'wheelchair');
  app.go();

  assert.strictEqual(first.isOn, false);
  assert.strictEqual(app.view().walk.along, null);
  assert.strictEqual(walking(null).app.view().walk.along, null);
});

test('cards turn by themselves, the floor is asked, and a swipe back stays', { skip }, async () => {
  const motion = sensors();
  const { app } = walking(motion);
  app.followAlong();
  await Promise.resolve();
  await Promise.resolve();
  const asked = [];
  let turnedBy = 0;
  for (const event of felt(app.state.route)) {
    if (app.screen !== 'walk') break;
    const before = app.view().walk.number;
    feel(motion, event);
    const { number, along } = app.view().walk;
    assert.ok(number >= before);
    turnedBy += number - before;
    for (const one of along.answers) {
      if (one.id !== 'level') continue;
      asked.push(one.text);
      if (event.truth.s >= app.state.along.follower.ways.legs[1].from_m) app.answer('level');
    }
    assert.ok(!app.view().map.band || app.view().map.band.from_m <= app.view().map.band.to_m);
  }

  assert.ok(turnedBy > 0);
  assert.ok(asked.length > 0);
  app.show(0);
  assert.strictEqual(app.view().walk.number, 0);
  app.arrive();
  assert.strictEqual(app.state.along, null);
  assert.strictEqual(motion.stops, 1);
});

test('off the way is a question: the route stays, and an answer ends it', { skip }, async () => {
  const motion = sensors();
  const { app } = walking(motion);
  const { route } = app.state;
  app.followAlong();
  await Promise.resolve();
  await Promise.resolve();
  const asking = feelUntilAsked(app, motion, route);

  assert.deepStrictEqual(asking.answers.map((one) => one.id), ['on-way']);
  assert.ok(asking.mayScan);
  assert.strictEqual(app.view().map.band, null);
  assert.strictEqual(app.state.route, route);
  app.answer('on-way');
  assert.notStrictEqual(app.view().walk.along.text, asking.text);
});

/** Wrong turn after wrong turn, until one is asked about: half of them are. */
function feelUntilAsked(app, motion, route) {
  const own = walkable(bundle, route);
  const all = junctions(own, ROUGH);
  for (let seed = 1; seed < 20; seed++) {
    const lots = chance(seed);
    const wrong = [all[Math.floor(all.length * lots.uniform())]];
    app.show(0);
    for (const event of new Walker(own, piecesOf(own, wrong, ROUGH, lots), ROUGH, lots).walk()) {
      feel(motion, { ...event, t: event.t + 1e4 * seed });
      const { along } = app.view().walk;
      if (along.answers.some((one) => one.id === 'on-way')) return along;
    }
  }
  return null;
}

test('a gap is said, a refusal too, and nothing is stored', { skip }, async () => {
  const motion = sensors();
  const { app, keep } = walking(motion);
  app.followAlong();
  await Promise.resolve();
  for (let i = 0; i < 8; i++) motion.on.step(i / 2);
  motion.on.gap(4, 40);
  const said = app.view().walk.along.text;
  motion.on.still();
  const refused = walking(sensors('denied')).app;
  refused.followAlong();
  await new Promise((done) => { setTimeout(done, 5); });

  assert.notStrictEqual(said, words.en.along.here);
  assert.strictEqual(app.view().walk.along.note, words.en.along.still);
  assert.strictEqual(refused.view().walk.along.note, words.en.along.denied);
  assert.ok(![...keep.values()].some((text) => /along|s_m|stride/.test(text)));
});

// -- sensors

const G = 9.81;

/** Somebody who walks on the spot, and then stands. */
function sampled(take, { walks_s, stands_s, hz = 50, from = 0 }) {
  for (let i = 0; i < (walks_s + stands_s) * hz; i++) {
    const t = i / hz;
    const swing = t < walks_s ? 2 * Math.sin(2 * Math.PI * 1.8 * t) : 0;
    take(from + t, [0, 0, G + swing], [0, 0, 0.1]);
  }
}

function heard() {
  const all = { steps: 0, turns: 0, gaps: [], stills: 0 };
  const on = {
    step: () => { all.steps++; }, turn: () => { all.turns++; },
    gap: (from, to) => { all.gaps.push([from, to]); }, still: () => { all.stills++; },
  };
  return [all, on];
}

test('gaps are told, and standing for minutes ends it', () => {
  const [all, on] = heard();
  const own = motions.felt(shipped.position, on);
  const take = (t, a, g) => { own.accelerated(t, a); own.rotated(t, g); };
  sampled(take, { walks_s: 10, stands_s: 0 });
  sampled(take, { walks_s: 10, stands_s: 200, from: 30 });

  assert.strictEqual(all.gaps.length, 1);
  assert.ok(all.gaps[0][1] - all.gaps[0][0] > 19);
  assert.ok(all.steps > 30);
  assert.ok(all.turns > 100);
  assert.strictEqual(all.stills, 1);
});

test('of rare samples no heading is made', () => {
  const [all, on] = heard();
  const own = motions.felt(shipped.position, on);
  sampled((t, a, g) => { own.accelerated(t, a); own.rotated(t, g); },
    { walks_s: 30, stands_s: 0, hz: 12 });

  assert.ok(all.turns < 12);
});

/** A window with sensors. */
function fakeWindow(answer) {
  const listeners = new Set();
  const kind = answer === undefined ? {} : { requestPermission: () => Promise.resolve(answer) };
  return {
    DeviceMotionEvent: kind, setTimeout: (act) => setTimeout(act, 5), listeners,
    addEventListener: (_, act) => listeners.add(act),
    removeEventListener: (_, act) => listeners.delete(act),
  };
}

test('a browser asks when it must, and says if it may not or cannot', async () => {
  const [, on] = heard();
  assert.strictEqual(motionBrowser.motion({}), null);
  for (const [answer, outcome] of [['denied', 'denied'], ['granted', 'absent'], [undefined, 'absent']]) {
    const own = fakeWindow(answer);
    assert.strictEqual(
      await motionBrowser.motion(own).start(shipped.position, on), outcome);
  }
});

test('samples of a browser are felt until it is stopped', async () => {
  const [all, on] = heard();
  const own = fakeWindow();
  const motion = motionBrowser.motion(own);
  const begun = motion.start(shipped.position, on);
  sampled((t, [x, y, z], [beta, gamma, alpha]) => own.listeners.forEach((take) => take({
    timeStamp: 1000 * t, accelerationIncludingGravity: { x, y, z }, rotationRate: { alpha, beta, gamma },
  })), { walks_s: 10, stands_s: 0 });

  assert.strictEqual(await begun, 'on');
  assert.ok(all.steps >= 16 && all.steps <= 19);
  motion.stop();
  assert.strictEqual(own.listeners.size, 0);
});

/** WeChat with sensors, and a clock that a test moves; `refusal` is its message for both. */
function fakeWx(refusal = '') {
  const own = { ms: 0, takes: {}, begun: [], stopped: [] };
  ['Accelerometer', 'Gyroscope'].forEach((name) => {
    own[`on${name}Change`] = (take) => { own.takes[name] = take; };
    own[`off${name}Change`] = (take) => { if (own.takes[name] === take) delete own.takes[name]; };
    own[`start${name}`] = ({ interval, fail }) => {
      own.begun.push(`${name} ${interval}`);
      if (refusal) fail({ errMsg: refusal });
    };
    own[`stop${name}`] = () => { own.stopped.push(name); };
  });
  return own;
}

const clockOf = (own) => ({ now: () => own.ms, later: (act) => setTimeout(act, 5) });

test('WeChat is asked for both sensors, and says if they may not or cannot be used', async () => {
  const [, on] = heard();
  assert.strictEqual(motionWx.motion({}), null);
  for (const [refusal, outcome] of [
    ['startAccelerometer:fail auth deny', 'denied'], ['startAccelerometer:fail', 'absent'], ['', 'absent'],
  ]) {
    const own = fakeWx(refusal);
    assert.strictEqual(
      await motionWx.motion(own, clockOf(own)).start(shipped.position, on), outcome);
    assert.deepStrictEqual(own.begun, ['Accelerometer game', 'Gyroscope game']);
  }
});

test('samples of WeChat are felt in g or in m/s², without a gyroscope, too, until it is stopped', async () => {
  for (const [unit, hasGyroscope] of [[G, true], [1, true], [G, false]]) {
    const [all, on] = heard();
    const own = fakeWx();
    if (!hasGyroscope) delete own.startGyroscope;
    const motion = motionWx.motion(own, clockOf(own));
    const begun = motion.start(shipped.position, on);
    sampled((t, [x, y, z], [beta, gamma, alpha]) => {
      own.ms = 1000 * t;
      own.takes.Accelerometer({ x: x / unit, y: y / unit, z: z / unit });
      if (own.takes.Gyroscope) own.takes.Gyroscope({ x: beta, y: gamma, z: alpha });
    }, { walks_s: 10, stands_s: 0 });

    assert.strictEqual(await begun, 'on');
    assert.ok(all.steps >= 16 && all.steps <= 19, String(all.steps));
    assert.strictEqual(all.turns > 20, hasGyroscope);
    motion.stop();
    assert.deepStrictEqual(own.takes, {});
    assert.deepStrictEqual(own.stopped, hasGyroscope ? ['Accelerometer', 'Gyroscope'] : ['Accelerometer']);
  }
});
