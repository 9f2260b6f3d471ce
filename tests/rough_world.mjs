// A rough world for people who walk a route with a phone in the hand: what the phone feels, and where
// they truly are. `rough_world.json` has its numbers with their sources; docs/position.md says what no
// simulator can. It knows the network and the route, and nothing of how they are followed, but for
// `Ways`, which measures both.

import fs from 'node:fs';
import ways from '../exporter/runtime/core/position/ways.js';
import chances from '../exporter/runtime/core/position/chance.js';

const { Ways, wrapped, ON_FLOOR, ON_STAIRS, BY_LIFT, DEG } = ways;

const rows = JSON.parse(fs.readFileSync(new URL('./rough_world.json', import.meta.url), 'utf8'));
export const ROUGH = Object.fromEntries(
  Object.entries(rows).map(([name, row]) => [name, row.value]));

export const { chance } = chances;

/** Pieces of way under the feet: of darts, each with how far along the route it is at both ends. */
function pieceOf(own, dart, isOn, from_m, to_m) {
  const n = own.network;
  const [a, b] = [n.endOf(dart ^ 1), n.endOf(dart)];
  return {
    x: n.x[a] / 100, y: n.y[a] / 100,
    dx: (n.x[b] - n.x[a]) / 100, dy: (n.y[b] - n.y[a]) / 100,
    length: own.length[dart], bearing: own.bearing[dart], how: own.how[dart],
    isWide: own.spread[dart] > 0 && ['hall', 'outdoor', 'footway'].includes(own.kindName(dart)),
    isBoard: own.kindName(dart) === 'board', treads: Math.abs(n.rise[dart >> 1]) / 100,
    isOn, from_m, to_m, level: n.level[b],
  };
}

/** A route with all that a walk on it needs. */
export function walkable(bundle, route) {
  const own = new Ways(route, bundle.rules.position);
  own.kindName = (dart) => bundle.kindOf(dart);
  return own;
}

/** Side ways at the nodes of a route that lead far enough away: `[node's number, dart]`. */
export function junctions(own, world) {
  const n = own.network;
  const onRoute = new Set(own.route.nodes);
  const found = [];
  own.route.nodes.slice(1, -1).forEach((node, k) => {
    for (let e = n.edgesFrom[node]; e < n.edgesFrom[node + 1]; e++) {
      const edge = n.edgesAt[e];
      const dart = 2 * edge + (n.a[edge] === node ? 0 : 1);
      if (own.how[dart] !== ON_FLOOR || onRoute.has(n.endOf(dart))) continue;
      if (leadsAway(own, dart, world.wrong_apart_m)) found.push([k + 1, dart]);
    }
  });
  return found;
}

function leadsAway(own, first, apart_m) {
  const seen = new Set([own.network.endOf(first)]);
  const open = [...seen];
  while (open.length) {
    const node = open.pop();
    if (own.apart[node] > apart_m) return true;
    for (const dart of sideDarts(own, node)) {
      const other = own.network.endOf(dart);
      if (!seen.has(other)) { seen.add(other); open.push(other); }
    }
  }
  return false;
}

/** Darts on the floor from a node off the route, not onto the route. */
function sideDarts(own, node) {
  const n = own.network;
  const found = [];
  for (let e = n.edgesFrom[node]; e < n.edgesFrom[node + 1]; e++) {
    const edge = n.edgesAt[e];
    const dart = 2 * edge + (n.a[edge] === node ? 0 : 1);
    const apart = own.apart[n.endOf(dart)];
    if (apart > 0 && apart < Infinity && own.how[dart] === ON_FLOOR) found.push(dart);
  }
  return found;
}

/** There and back, as pieces: by what is straight on, and away from the route. */
function detour(own, first, at_m, world, lots) {
  const [least, most] = world.wrong_m;
  let left = least + (most - least) * lots.uniform();
  const there = [];
  let dart = first;
  while (left > 0) {
    const piece = pieceOf(own, dart, false, at_m, at_m);
    const share = Math.min(1, left / piece.length);
    left -= piece.length;
    there.push({ ...piece, length: piece.length * share, dx: piece.dx * share, dy: piece.dy * share });
    const on = sideDarts(own, own.network.endOf(dart)).filter((one) => one >> 1 !== dart >> 1);
    if (!on.length) break;
    const turns = on.map((one) => Math.abs(wrapped(own.bearing[one] - own.bearing[dart])));
    dart = on[turns.indexOf(Math.min(...turns))];
  }
  const back = there.toReversed().map((piece) => ({
    ...piece, x: piece.x + piece.dx, y: piece.y + piece.dy, dx: -piece.dx, dy: -piece.dy,
    bearing: wrapped(piece.bearing + Math.PI),
  }));
  return [...there, ...back];
}

/** The pieces of a walk along a route, with wrong turns into those side ways. */
export function piecesOf(own, wrong, world, lots) {
  const pieces = [];
  own.route.darts.forEach((dart, i) => {
    wrong.filter(([at]) => at === i).forEach(([, side]) => {
      pieces.push(...detour(own, side, own.along[i], world, lots));
    });
    pieces.push(pieceOf(own, dart, true, own.along[i], own.along[i + 1]));
  });
  return pieces;
}

/** One person with one phone on one walk. `events` are what the phone feels and the person says; each
 * carries the truth: how far along the route, whether on the way, metres since they left it. */
export class Walker {
  constructor(own, pieces, world, lots) {
    Object.assign(this, { own, pieces, world, lots });
    this.events = [];
    this.t = 0;
    this.piece = 0;
    this.at = 0;
    this.stride = world.stride_m * (1 + world.person * lots.normal());
    this.wander = 0;
    this.deviation = 0;
    this.turned = 0;
    this.direction = null;
    this.bias = world.drift_deg_min * DEG / 60 * lots.normal();
    this.scale = world.scale * lots.normal();
    this.noise = 2 * Math.PI * lots.uniform();
    this.held = world.held_deg * DEG * lots.normal();
    this.toPause = this.exponential(world.pause_m);
    this.toRegrip = this.exponential(world.held_m);
    this.astray_m = 0;
    this.flight = lots.uniform() < 0.5 ? 1 : -1;
    this.leg = 0;
    this.tapIn = -1;
  }

  exponential(mean) {
    return -mean * Math.log(1 - this.lots.uniform());
  }

  between([least, most]) {
    return least + (most - least) * this.lots.uniform();
  }

  get now() { return this.pieces[this.piece]; }

  s() {
    const { now } = this;
    return now.from_m + (now.to_m - now.from_m) * Math.min(1, this.at / now.length);
  }

  push(event, counts_s) {
    this.events.push({ t: this.t, ...event, truth: {
      s: this.s(), isOn: this.now.isOn, astray_m: this.astray_m, counts_s, level: this.now.level,
    } });
  }

  /** All events of the walk. */
  walk() {
    while (this.piece < this.pieces.length) this.stepOnce();
    this.piece = this.pieces.length - 1;
    this.at = this.now.length;
    return this.events;
  }

  stepOnce() {
    const { world, lots, now } = this;
    if (now.how >= BY_LIFT) { this.ride(); return; }
    this.t += world.pace_s;
    let metres = this.pace();
    this.toPause -= metres;
    this.toRegrip -= metres;
    if (this.toRegrip < 0) {
      this.held = world.held_deg * DEG * lots.normal();
      this.toRegrip = this.exponential(world.held_m);
    }
    this.face();
    this.astray_m = now.isOn ? 0 : this.astray_m + metres;
    metres *= Math.cos(this.deviation);
    this.goOn(now.how === ON_STAIRS ? now.length * world.tread_m / now.treads : metres);
    if (this.piece >= this.pieces.length) return;
    this.feel();
    this.tap();
    if (this.toPause < 0) {
      this.stand(this.between(world.pause_s), true);
      this.toPause = this.exponential(world.pause_m);
    }
  }

  pace() {
    const { world, lots } = this;
    const keeps = Math.exp(-this.stride / world.wander_m);
    this.wander = keeps * this.wander + Math.sqrt(1 - keeps * keeps) * world.wander * lots.normal();
    const keptWay = Math.exp(-this.stride / world.deviation_m);
    const deg = this.now.isWide ? world.deviation_open_deg : world.deviation_deg;
    this.deviation = keptWay * this.deviation
      + Math.sqrt(1 - keptWay * keptWay) * deg * DEG * lots.normal();
    return this.stride * Math.max(0.3, 1 + this.wander + world.step * lots.normal());
  }

  /** Along the pieces; a lift is waited for before its door. */
  goOn(metres) {
    this.at += metres;
    while (this.piece < this.pieces.length && this.at >= this.now.length && this.now.how < BY_LIFT) {
      this.at -= this.now.length;
      const before = this.now;
      this.piece++;
      const { now } = this;
      if (now && now.how >= BY_LIFT) this.at = 0;
      if (now && now.isBoard && !before.isBoard && before.how !== BY_LIFT) this.awaitLift();
    }
  }

  awaitLift() {
    const [least, mean] = this.world.lift_wait_s;
    const rides = this.pieces.slice(this.piece).findIndex((piece) => !piece.isBoard);
    if (rides > 0 && this.pieces[this.piece + rides].how === BY_LIFT) {
      this.stand(least + this.exponential(mean), false);
    }
  }

  ride() {
    const { world } = this;
    const { how } = this.now;
    let seconds = how === BY_LIFT ? this.between(world.ride_s) : 0;
    while (this.piece < this.pieces.length && this.now.how === how) {
      seconds += how === BY_LIFT ? world.ride_s[2] : this.now.length / world.escalator_mps;
      if (this.piece + 1 === this.pieces.length) { this.piece++; return; }
      this.piece++;
    }
    this.at = 0;
    this.stand(seconds, false);
  }

  stand(seconds, mayTread) {
    const { world, lots } = this;
    for (let s = 1; s < seconds; s++) {
      this.t++;
      if (lots.uniform() < world.false_step) this.push({ k: 'step' }, 0);
    }
    if (mayTread && lots.uniform() < world.on_the_spot) {
      const treads = 4 + Math.floor(5 * lots.uniform());
      for (let k = 0; k < treads; k++) {
        this.t += world.pace_s;
        this.push({ k: 'step' }, 0);
      }
    }
    this.push({ k: 'still' }, Math.min(seconds, world.pause_counts_s));
  }

  /** Turn towards where the way leads, corners rounded. */
  face() {
    const before = this.point(-this.world.cut_m / 2);
    const after = this.point(this.world.cut_m / 2);
    const [dx, dy] = [after[0] - before[0], after[1] - before[1]];
    let way = dx * dx + dy * dy > 0.01 ? Math.atan2(dy, dx) : this.now.bearing;
    if (this.now.how === ON_STAIRS) {
      // Flights turn round at the landing between two floors.
      const isUpper = this.at > this.now.length / 2;
      way = this.entered + (isUpper ? this.flight * Math.PI : 0);
    } else {
      this.entered = way;
    }
    if (this.direction === null) this.direction = way;
    this.turned += wrapped(way - this.direction - this.turned);
  }

  /** A point of the way ahead or behind, on this floor. */
  point(metres) {
    let { piece, at } = this;
    at += metres;
    const isNear = (k) => k >= 0 && k < this.pieces.length && this.pieces[k].how === ON_FLOOR;
    while (at < 0 && isNear(piece - 1)) at += this.pieces[--piece].length;
    while (at > this.pieces[piece].length && isNear(piece + 1)) at -= this.pieces[piece++].length;
    const own = this.pieces[piece];
    const share = Math.min(1, Math.max(0, at / own.length));
    return [own.x + share * own.dx, own.y + share * own.dy];
  }

  /** What the phone feels of a step. */
  feel() {
    const { world, lots } = this;
    this.noise += world.walk_deg * DEG * lots.normal() + this.bias * world.pace_s;
    const heading = this.noise + this.held + this.deviation + world.sway_deg * DEG * lots.normal()
      + this.direction + this.turned * (1 + this.scale);
    this.push({ k: 'turn', radians: heading }, 0);
    const lot = lots.uniform();
    if (lot < world.missed) this.push({ k: 'none' }, world.pace_s);
    else this.push({ k: 'step' }, world.pace_s);
    if (lot > 1 - world.invented) this.push({ k: 'step' }, 0);
  }

  /** They say on which floor they are, a few steps behind the shaft. */
  tap() {
    const leg = this.own.legAt(this.s());
    if (leg > this.leg && this.now.isOn) {
      this.leg = leg;
      this.tapIn = Math.floor((this.world.tap_steps + 1) * this.lots.uniform());
    }
    if (this.tapIn === 0) this.push({ k: 'told', level: this.now.level }, 0);
    this.tapIn--;
  }
}
