// Following a walker: laws that hold whatever is felt, and steps and turns out of sensors.

import assert from 'node:assert';
import process from 'node:process';
import test from 'node:test';
import position from '../../exporter/runtime/core/position.js';
import shipped from '../../exporter/runtime/core/shipped.js';
import steppings from '../../exporter/runtime/core/position/stepping.js';
import trace from '../../exporter/runtime/core/position/trace.js';
import { openFolder } from './bundle.mjs';
import { ROUGH, Walker, chance, piecesOf, walkable } from '../rough_world.mjs';

const folder = process.env.NAVKIT_BUNDLE;
const skip = folder ? false : 'NAVKIT_BUNDLE names no bundle';
const hospital = folder ? openFolder(folder) : null;

/** Routes between public places, with their names, longer than a minute. */
const ways = folder ? drawWays(6) : [];

function drawWays(count) {
  const lots = chance(5);
  const found = [];
  while (found.length < count) {
    const [start, goal] = [0, 1].map(() => (
      hospital.placeIds[Math.floor(lots.uniform() * hospital.placeCount)]));
    let route = null;
    try {
      route = hospital.route(start, goal, {});
      hospital.route(goal, start, {});
    } catch (error) {
      continue;
    }
    if (route.length_cm > 8000) found.push({ start, goal, route });
  }
  return found;
}

function begun(route) {
  const cards = hospital.tell(route, 'en').instructions.map((one) => one.first);
  return position.begin(hospital, route, { profile: 'walk', seed: 3, cards });
}

/** What a phone feels on a route, in this direction or the other. */
function felt(route, seed) {
  const own = walkable(hospital, route);
  return new Walker(own, piecesOf(own, [], ROUGH, chance(seed)), ROUGH, chance(seed)).walk();
}

function put(follower, event) {
  if (event.k === 'step') follower.step(event.t);
  else if (event.k === 'turn') follower.turn(event.t, event.radians);
  else if (event.k === 'told') follower.told(event.t, { level: event.level });
}

test('a code on the way never makes less sure', { skip }, () => {
  for (const { route } of ways) {
    const follower = begun(route);
    const own = walkable(hospital, route);
    felt(route, 1).forEach((event, i) => {
      put(follower, event);
      if (i % 40 !== 39) return;
      const near = own.along.findIndex((along) => along >= event.truth.s);
      const before = follower.state().sure;
      follower.fix(event.t, { node: route.nodes[near] });

      assert.ok(follower.state().sure >= before);
      assert.ok(Math.abs(follower.state().s_m - own.along[near]) < 4);
    });
  }
});

test('without steps nobody moves', { skip }, () => {
  const follower = begun(ways[0].route);
  for (let i = 0; i < 30; i++) follower.step(i);
  const before = follower.state();
  for (let i = 0; i < 300; i++) follower.turn(30 + i / 10, Math.sin(i));

  assert.deepStrictEqual(follower.state(), before);
});

test('weights sum to one', { skip }, () => {
  for (const { route } of ways) {
    const follower = begun(route);
    for (const event of felt(route, 2)) {
      put(follower, event);
      const sum = follower.crowd.weight.reduce((all, one) => all + one, 0);
      assert.ok(Math.abs(sum - 1) < 1e-9);
    }
  }
});

test('who walks the way back is asked', { skip }, () => {
  // Forth and back are told apart by what is on the way: not by every route, but by most.
  const asked = ways.filter(({ route, start, goal }) => {
    const follower = begun(route);
    const back = hospital.route(goal, start, {});
    return felt(back, 4).some((event) => {
      if (event.k !== 'told') put(follower, event);
      return follower.state().off;
    });
  });

  assert.ok(asked.length >= ways.length - 1, `${asked.length} of ${ways.length}`);
});

test('a card never goes back by itself, and a swipe wins', { skip }, () => {
  for (const { route } of ways) {
    const follower = begun(route);
    let card = 0;
    for (const event of felt(route, 6)) {
      put(follower, event);
      assert.ok(follower.state().card >= card);
      card = follower.state().card;
    }
    follower.told(1e6, { card: 0 });

    assert.strictEqual(follower.state().card, 0);
  }
});

test('no card goes past a shaft before the floor is told', { skip }, () => {
  const own = ways.map(({ route }) => walkable(hospital, route)).find((one) => one.legs.length > 1);
  const follower = begun(own.route);
  for (const event of felt(own.route, 7)) if (event.k !== 'told') put(follower, event);
  const { card } = follower.state();

  assert.ok(follower.cards[card] < own.legs[1].from_m);
  assert.strictEqual(follower.state().sure, false);
});

test('what cannot be an event is ignored', { skip }, () => {
  const follower = begun(ways[0].route);
  for (let i = 0; i < 20; i++) follower.step(i / 2);
  const before = JSON.stringify(follower.state());
  for (const bad of [NaN, Infinity, undefined, null, '5', {}]) {
    follower.step(bad);
    follower.turn(bad, 1);
    follower.turn(11, bad);
    follower.fix(11, bad);
    follower.fix(11, { node: bad });
    follower.told(11, bad);
    follower.told(11, { level: bad, card: bad, onWay: bad });
    follower.beacon(11, { id: bad, rssi: bad });
    follower.gap(bad, bad);
    follower.gap(12, 11);
  }
  follower.fix(11, { node: 1e9 });

  assert.strictEqual(JSON.stringify(follower.state()), before);
});

test('a gap makes the band wider, and forward', { skip }, () => {
  const follower = begun(ways[0].route);
  for (let i = 0; i < 8; i++) follower.step(i / 2);
  const before = follower.state();
  follower.gap(4, 24);
  const after = follower.state();

  assert.ok(after.to_m - after.from_m > before.to_m - before.from_m);
  assert.ok(after.s_m >= before.s_m);
  assert.ok(after.to_m <= before.to_m + 1.2 * 20 + 1);
});

test('a beacon draws the guesses towards it', { skip }, () => {
  const { route } = ways[0];
  const own = walkable(hospital, route);
  const far = own.along.findIndex((along) => along > 12);
  const beacons = [{ id: 'b', node: route.nodes[far] }];
  const follower = position.begin(hospital, route, { profile: 'walk', seed: 1, beacons });
  for (let i = 0; i < 12; i++) follower.step(i / 2);
  const before = Math.abs(follower.state().s_m - own.along[far]);
  for (let i = 0; i < 20; i++) follower.beacon(6 + i / 10, { id: 'b', rssi: -60 });
  follower.beacon(9, { id: 'unknown', rssi: -60 });

  assert.ok(Math.abs(follower.state().s_m - own.along[far]) < before);
});

test('only those who take steps are followed, and nothing is left at the end', { skip }, () => {
  for (const profile of Object.keys(hospital.profiles)) {
    const takesSteps = ['walk', 'elderly', 'low-vision'].includes(profile);
    assert.strictEqual(position.canFollow(hospital, profile), takesSteps);
    assert.strictEqual(
      Boolean(position.begin(hospital, ways[0].route, { profile, seed: 1 })), takesSteps);
  }
  const follower = begun(ways[0].route);
  follower.end();
  follower.step(1);

  assert.strictEqual(follower.state(), null);
});

test('a trace is walked again to the letter', { skip }, () => {
  const { start, goal, route } = ways[0];
  const lines = [];
  const head = { start, goal, profile: 'walk', seed: 3 };
  const recorded = trace.recorder(begun(route), head, (line) => lines.push(line));
  const states = [];
  for (const event of felt(route, 8)) {
    put(recorded, event);
    if (['step', 'turn', 'told'].includes(event.k)) states.push(recorded.state());
  }
  recorded.fix(1e4, { node: route.nodes[5] });
  recorded.gap(1e4, 1e4 + 9);
  recorded.mark(1e4 + 9, route.nodes[5]);
  const last = recorded.state();
  const again = trace.replay(hospital, lines.join('\n') + '\nno line\n');

  assert.deepStrictEqual(again.slice(0, states.length).map((one) => one.state), states);
  assert.deepStrictEqual(again[again.length - 1].state, last);
  assert.strictEqual(trace.replay(hospital, 'no trace'), null);
});

// -- steps and turns out of sensors

/** Samples of a phone that is tilted by 40°, 50 a second; `side` is the sign of gravity. */
function sensed(seconds, { hz = 1.8, swing = 2, rate = 0, side = 1 }) {
  const stepping = steppings.stepping(shipped.position);
  const tilt = 40 * Math.PI / 180;
  const up = [0, Math.sin(tilt), Math.cos(tilt)];
  const lots = chance(1);
  const steps = [];
  let heading = null;
  for (let i = 0; i < seconds * 50; i++) {
    const t = i / 50;
    const own = 9.81 + swing * Math.sin(2 * Math.PI * hz * t);
    const accelerated = up.map((one) => side * (one * own + 0.15 * lots.normal()));
    steps.push(...stepping.accelerated(t, accelerated));
    const told = stepping.rotated(t, up.map((one) => one * rate));
    if (told !== null) heading = told;
  }
  return { steps, heading };
}

test('steps are counted, slow and quick, and none are made of standing', () => {
  for (const hz of [0.9, 1.4, 1.8, 2.3]) {
    const { steps } = sensed(60, { hz });
    assert.ok(Math.abs(steps.length / (60 * hz) - 1) < 0.04, `${hz}: ${steps.length}`);
    assert.ok(steps.every((t, i) => i === 0 || t > steps[i - 1]));
  }
  assert.strictEqual(sensed(60, { swing: 0 }).steps.length, 0);
  assert.strictEqual(sensed(60, { hz: 7, swing: 1 }).steps.length, 0);
});

test('a turn to the left is positive, whichever sign a phone gives to gravity', () => {
  for (const side of [1, -1]) {
    const { heading } = sensed(10, { rate: Math.PI / 20, side });
    assert.ok(Math.abs(heading - Math.PI / 2) < 0.05, `${side}: ${heading}`);
  }
});

test('sensors that say nothing are ignored', () => {
  const stepping = steppings.stepping(shipped.position);
  for (const bad of [NaN, null, undefined, [1], [NaN, 0, 1], 'a', {}]) {
    assert.deepStrictEqual(stepping.accelerated(1, bad), []);
    assert.strictEqual(stepping.rotated(1, bad), null);
  }
});
