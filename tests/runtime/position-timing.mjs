// How long a step of following takes, in milliseconds of the processor, so that other programs do not
// count: the median and the slowest twentieth over steps of long walks.
//
//   node --jitless tests/runtime/position-timing.mjs BUNDLE

import process from 'node:process';
import position from '../../exporter/runtime/core/position.js';
import { ROUGH, Walker, chance, piecesOf, walkable } from '../rough_world.mjs';
import { openFolder } from './bundle.mjs';

const now = () => process.cpuUsage().user / 1000;
const LONG_CM = 6000;
const TRIES = 500;
const bundle = openFolder(process.argv[2]);
const lots = chance(9);
const took = [];
let begins = 0;
for (let walks = 0, tries = 0; walks < 6 && tries < TRIES; tries++) {
  const [from, to] = [0, 1].map(() => (
    { places: [Math.floor(lots.uniform() * bundle.placeCount)], anchor: -1 }));
  let route = null;
  try {
    route = bundle.route(from, to, {});
  } catch (error) {
    continue;
  }
  if (route.length_cm < LONG_CM) continue;
  walks++;
  const cards = bundle.tell(route, bundle.languages[0]).instructions.map((one) => one.first);
  const own = walkable(bundle, route);
  const start = now();
  const follower = position.begin(bundle, route, { profile: 'walk', seed: walks, cards });
  begins = Math.max(begins, now() - start);
  for (const event of new Walker(own, piecesOf(own, [], ROUGH, lots), ROUGH, lots).walk()) {
    if (event.k === 'turn') follower.turn(event.t, event.radians);
    if (event.k !== 'step') continue;
    const before = now();
    follower.step(event.t);
    follower.state();
    took.push(now() - before);
  }
}
took.sort((a, b) => a - b);
process.stdout.write(JSON.stringify({
  step_ms: took[took.length >> 1], slow_step_ms: took[Math.floor(0.95 * took.length)], begin_ms: begins,
}));
