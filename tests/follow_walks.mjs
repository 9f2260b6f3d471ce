// Walks in a rough world, followed: how far the follower errs.
//
//   node tests/follow_walks.mjs BUNDLE WALKS SEED none|few|one [SKIP-FLOORS]
//
// Prints JSON: `rows` of [error_m, seconds] and sums; `tests/following.py` makes the table of it.

import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import navkit from '../exporter/runtime/core/navkit.js';
import position from '../exporter/runtime/core/position.js';
import { ROUGH, Walker, chance, junctions, piecesOf, walkable } from './rough_world.mjs';

const SHORTEST_M = 60;
const LONGEST_M = 600;
/** A card may be shown so much too early and too late, in metres. */
const EARLY_M = 6;
const LATE_M = 4;
/** A wrong turn is found if it is asked about within so many metres. */
const FOUND_M = 45;
/** Share of junctions at which a few go wrong. */
const FEW = 0.02;

/** A route between public places; every second one changes floors, where there are such. */
function drawRoute(bundle, lots, changes) {
  for (let tries = 0; ; tries++) {
    const [from, to] = [0, 1].map(() => Math.floor(lots.uniform() * bundle.placeCount));
    if (!bundle.placeIsPublic(from) || !bundle.placeIsPublic(to) || from === to) continue;
    let route = null;
    try {
      route = bundle.route({ places: [from], anchor: -1 }, { places: [to], anchor: -1 }, {});
    } catch (error) {
      if (!error.code) throw error;
      continue;
    }
    const metres = route.length_cm / 100;
    if (metres < SHORTEST_M || metres > LONGEST_M) continue;
    const own = walkable(bundle, route);
    if ((own.legs.length > 1) === changes || tries > 60) return own;
  }
}

/** Where a walker goes wrong: `none`, a `few`, or just `one` in each walk. */
function wrongTurns(own, how, lots) {
  if (how === 'none') return [];
  const all = junctions(own, ROUGH);
  if (how === 'few') return all.filter(() => lots.uniform() < FEW);
  return all.length ? [all[Math.floor(lots.uniform() * all.length)]] : null;
}

class Measured {
  constructor() {
    this.rows = [];
    Object.assign(this, {
      seconds: 0, right: 0, early: 0, sure: 0, rightSure: 0, sureAstray: 0,
      metres: 0, alarms: 0, wrong: 0, found: 0,
    });
    this.foundAt = [];
  }

  /** One moment: what is shown, against the truth. */
  moment(shown, truth, cards, total) {
    const { counts_s: seconds, s } = truth;
    if (!seconds) return;
    if (truth.isOn) this.rows.push([Math.abs(shown.s_m - s), seconds]);
    const end = shown.card + 1 < cards.length ? cards[shown.card + 1] : total;
    const isEarly = s < cards[shown.card] - EARLY_M;
    const isRight = !isEarly && s <= end + LATE_M;
    this.seconds += seconds;
    this.right += isRight ? seconds : 0;
    this.early += isEarly ? seconds : 0;
    this.sure += shown.sure ? seconds : 0;
    this.rightSure += shown.sure && isRight ? seconds : 0;
    this.sureAstray += shown.sure && truth.astray_m > 12 ? seconds : 0;
  }

  /** Alarms, true and false. */
  alarm(truth) {
    if (truth.isOn) this.alarms++;
    else if (truth.astray_m <= FOUND_M && !this.isFound) {
      this.found++;
      this.foundAt.push(truth.astray_m);
      this.isFound = true;
    }
  }
}

function follow(bundle, own, events, seed, into) {
  const told = bundle.tell(own.route, bundle.languages[0]);
  const firsts = told.instructions.map((one) => one.first);
  const cards = firsts.map((node) => own.along[node]);
  const follower = position.begin(bundle, own.route, { profile: 'walk', seed, cards: firsts });
  let wasOff = false;
  for (const event of events) {
    if (event.k === 'step') follower.step(event.t);
    else if (event.k === 'turn') follower.turn(event.t, event.radians);
    else if (event.k === 'told') follower.told(event.t, { level: event.level });
    const shown = follower.state();
    if (shown.off && !wasOff) into.alarm(event.truth);
    wasOff = shown.off;
    into.moment(shown, event.truth, cards, own.total);
  }
  into.metres += own.total;
}

function main([folder, walks, seed, how]) {
  const bundle = navkit.open((file) => fs.readFileSync(path.join(folder, file), 'utf8'));
  const into = new Measured();
  for (let walk = 0; walk < Number(walks); walk++) {
    const lots = chance(1000 * Number(seed) + walk);
    for (let k = 0; k < 20; k++) lots.uniform();
    let own = null;
    let wrong = null;
    while (!wrong) {
      own = drawRoute(bundle, lots, walk % 2 === 0);
      wrong = wrongTurns(own, how, lots);
    }
    into.wrong += wrong.length;
    into.isFound = false;
    const events = new Walker(own, piecesOf(own, wrong, ROUGH, lots), ROUGH, lots).walk();
    follow(bundle, own, events, walk + 1, into);
  }
  return into;
}

process.stdout.write(JSON.stringify(main(process.argv.slice(2))));
