/* A route as steps of cues, as `navkit/guidance/wayfinding.py` cuts it. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./columns.js'), require('./network.js'));
  } else {
    root.navkitWayfinding = make(root.navkitColumns, root.navkitNetwork);
  }
})(this, function (columns, network) {
  'use strict';

  const { undelta } = columns;
  const { SPACE_KINDS, DOOR_KINDS, CORRIDOR, DOOR, STAIRS, RIDE, ESCALATOR, RAMP } = network;

  const STRAIGHT_DEG = 25;
  const BACK_DEG = 135;
  const AHEAD_DEG = 30;
  const WOBBLE_CM = 35;
  const ONE_TURN_CM = 250;
  const BEND_DEG = 60;
  const NOWHERE = -2;
  const ASIDE_CM = 100;
  const DRIFT_CM = 60;
  const SPUR_CM = 200;
  const SLIGHT_DEG = 45;
  const TOWARDS_DEG = 45;
  const JOG_CM = 500;
  const EXIT_CM = 600;
  const SOON_CM = 500;
  const NEAR_CM = 250;
  const TOLD_CM = 1000;
  const LONG_CM = 2500;
  const TOO_FAR_CM = 1500;
  const MOST_COUNTED = 3;

  const HALL_SPACE = SPACE_KINDS.indexOf('hall');
  const ROOM_SPACE = SPACE_KINDS.indexOf('room');
  const CORRIDOR_SPACE = SPACE_KINDS.indexOf('corridor');
  const RAMP_SPACE = SPACE_KINDS.indexOf('ramp');
  const OPEN_DOOR = DOOR_KINDS.indexOf('open');
  const AUTOMATIC_DOOR = DOOR_KINDS.indexOf('automatic');
  const ENTRANCE = 1;
  const GUESSED = 2;

  /** One thing to say: a kind, and numbers or names to put in. */
  function cue(kind, slots) {
    return { kind: kind, slots: slots || {} };
  }

  /** What guidance asks of a network again and again, looked up once. */
  class Surroundings {
    constructor(bundle, landmarks) {
      const network = bundle.network;
      this.network = network;
      this.venue = bundle;
      // Of each node that stands at a door, 2 * door + side; else -1.
      this.doorOfNode = new Int32Array(network.nodeCount).fill(-1);
      for (let i = 0; i < network.doorNodes.length; i++) {
        if (network.doorNodes[i] >= 0) this.doorOfNode[network.doorNodes[i]] = i;
      }
      // Of each space, the first public place that stands there; else -1.
      this.placeOfSpace = new Int32Array(network.firstDoor).fill(-1);
      for (let place = 0; place < bundle.placeCount; place++) {
        if (!bundle.placeIsPublic(place)) continue;
        bundle.placeSpaces(place).forEach((space) => {
          if (this.placeOfSpace[space] < 0) this.placeOfSpace[space] = place;
        });
      }
      const node = undelta(landmarks.node);
      const place = undelta(landmarks.place);
      this._landmarks = new Map();
      for (let i = 0; i < node.length; i++) {
        const key = node[i] * network.nodeCount + node[i] + landmarks.before[i];
        const mark = { place: place[i], side: landmarks.side[i] };
        const known = this._landmarks.get(key);
        if (known) known.push(mark);
        else this._landmarks.set(key, [mark]);
      }
    }

    /** Landmarks seen at `node` by one who comes from `before`, the nearest first. */
    landmarks(node, before) {
      return this._landmarks.get(node * this.network.nodeCount + before) || [];
    }

    /** The space on the other side of a door, -1 where that is outside. */
    spaceBeyond(doorSide) {
      const node = this.network.doorNodes[doorSide ^ 1];
      return node < 0 ? -1 : this.network.spaceOfNode[node];
    }

    /** The first public place at a space, or -1. */
    placeAt(space) {
      return space < 0 ? -1 : this.placeOfSpace[space];
    }

    /** Direction from node a to node b in radians, as atan2 gives it. */
    heading(a, b) {
      const n = this.network;
      return Math.atan2(n.y[b] - n.y[a], n.x[b] - n.x[a]);
    }

    distanceCm(a, b) {
      const n = this.network;
      const dx = n.x[b] - n.x[a];
      const dy = n.y[b] - n.y[a];
      return Math.sqrt(dx * dx + dy * dy);
    }
  }

  /** Whole degrees turned from one heading to another: right positive, back is 180. */
  function turnBetween(before, after) {
    let degrees = (before - after) * 180 / Math.PI;
    while (degrees <= -180) degrees += 360;
    while (degrees > 180) degrees -= 360;
    const whole = Math.floor(degrees + 0.5);
    return whole === -180 ? 180 : whole;
  }

  /** -1 left, 1 right, 0 straight on. */
  function sideOf(turnDeg, straightDeg) {
    return Math.abs(turnDeg) < straightDeg ? 0 : (turnDeg > 0 ? 1 : -1);
  }

  function sideName(turnDeg, straightDeg) {
    return ['left', 'ahead', 'right'][sideOf(turnDeg, straightDeg) + 1];
  }

  /** The steps of a route, in walking order; they cover it without gaps. */
  function stepsOf(route, around) {
    const told = [];
    const legs = legsOf(route);
    let carried = startCues(route, around);
    let entered = '';
    let begin = 0;
    for (let number = 0; number < legs.length; number++) {
      const leg = legs[number];
      const walk = new Walk(route, around, leg);
      const ends = walk.turns;
      if (number === 0) {
        const out = walk.settingOut();
        carried = carried.concat(out.cues);
        if (out.deg) {
          told.push(step(carried, 0, out.until, out.deg));
          carried = [];
          begin = out.until;
        }
      }
      for (let i = 0; i < ends.length; i++) {
        const turn = ends[i];
        const since = i ? ends[i - 1].until : leg.first;
        const exitSoon = i === 0 && walk.metresCm(leg.first, turn.at) <= EXIT_CM;
        let cues;
        if (exitSoon && entered) cues = [cue('leave-' + entered)];
        else if (exitSoon && number === 0 && walk.leavesDoor(leg.first, turn.at)) {
          cues = [cue(walk.leaving())];
        } else {
          cues = walk.at(since, turn);
          if (entered) {
            // The first turn is far: say that one walks straight on till then (R7).
            if (!saysToWalk(cues)) cues.unshift(cue('straight'));
            cues.unshift(cue('leave-' + entered));
          }
        }
        cues.push(turnCue(turn.deg));
        if (!(exitSoon && entered)) cues = cues.concat(walk.tooFar(turn));
        told.push(step(carried.concat(cues), begin, turn.until, turn.deg));
        carried = [];
        begin = turn.until;
        entered = '';
      }
      const since = ends.length ? ends[ends.length - 1].until : leg.first;
      const isLast = number === legs.length - 1;
      const end = isLast ? walk.arrival(since) : walk.toTransfer(since);
      if (entered && carried.length) {
        // Nothing to turn at after the lift: say so, people look for a direction there.
        carried = carried.concat(cue('leave-' + entered));
        if (!saysToWalk(end.cues)) {
          end.cues.unshift(cue('straight'));
        }
      }
      if (isLast) {
        told.push(step(carried.concat(end.cues), begin, leg.last, end.deg));
        return told;
      }
      if (end.cues.length || carried.length) {
        const isThere = !number && walk.end === leg.first;
        const cues = end.cues.length || isThere ? end.cues : [cue('straight')];
        told.push(step(carried.concat(cues), begin, leg.last, end.deg));
        begin = leg.last;
      }
      carried = [walk.transfer()];
      entered = ['lift', 'stairs', 'escalator', 'ramp'].includes(leg.how) ? leg.how : '';
    }
    return told;
  }

  /** Cues that say to walk on themselves. */
  const WALKING = [
    'go-distance', 'go-short', 'on-distance', 'on-passing', 'at-distance', 'at-short',
  ];

  function saysToWalk(cues) {
    return cues.some((one) => WALKING.includes(one.kind));
  }

  /** How far: no metres below ten (M6). */
  function distanceCue(kind, cm) {
    return cm < TOLD_CM ? cue(kind + '-short') : cue(kind + '-distance', { cm: cm });
  }

  function step(cues, first, last, turnDeg) {
    return { cues: cues, first: first, last: last, turn_deg: turnDeg };
  }

  function turnCue(deg) {
    if (Math.abs(deg) > BACK_DEG) return cue('turn-back');
    const how = Math.abs(deg) >= SLIGHT_DEG ? 'turn' : 'keep';
    return cue(how + '-' + sideName(deg, STRAIGHT_DEG));
  }

  function startCues(route, around) {
    if (route.start.node >= 0) return [];
    if (route.start.anchor >= 0) return [cue('start-anchor', { anchor: route.start.anchor })];
    const place = route.start.places.find(
      (p) => around.venue.placeNodes(p).includes(route.nodes[0]));
    const kind = around.venue.placeDoor(place) >= 0 ? 'start-entrance' : 'start';
    return [cue(kind, { place: place })];
  }

  const HOW = { [RIDE]: 'lift', [STAIRS]: 'stairs', [ESCALATOR]: 'escalator', [RAMP]: 'ramp' };

  /** Cut a route where it changes level. */
  function legsOf(route) {
    const network = route.network;
    const legs = [];
    const count = route.darts.length;
    let first = 0;
    let i = 0;
    while (i < count) {
      if (network.level[route.nodes[i]] === network.level[route.nodes[i + 1]]) {
        i++;
        continue;
      }
      const edge = route.darts[i] >> 1;
      const how = HOW[network.kind[edge]] || 'cross';
      let end = i + 1;
      while (end < count && how !== 'cross') {
        const following = route.darts[end] >> 1;
        if (network.thing[following] !== network.thing[edge]) break;
        if (network.kind[following] !== network.kind[edge]) break;
        end++;
      }
      legs.push({ first: first, last: i, how: how, thing: network.thing[edge], after: end });
      first = i = end;
    }
    legs.push({ first: first, last: count, how: '', thing: -1, after: count });
    return legs;
  }

  /** One leg of a route and the questions asked about it. */
  class Walk {
    constructor(route, around, leg) {
      this.route = route;
      this.around = around;
      this.network = route.network;
      this.leg = leg;
      this.nodes = route.nodes;
      this.kinds = route.darts.map((dart) => this.network.kind[dart >> 1]);
      this._endsOfRoute = new Set(route.start.places.concat(route.goal.places));
      this._spacesWalked = new Set(route.nodes.map((node) => this.network.spaceOfNode[node]));
      this.end = this._end();
      this._corners = this._withoutSpurs(
        straightened(this.network, this.nodes, leg.first, this.end));
      this._allTurns = this._turns();
      this.lastTurn = this._lastTurn();
      this.turns = this.lastTurn ? this._allTurns.slice(0, -1) : this._allTurns;
    }

    /** The last node before the door of the goal or of the shaft, where the way along ends. */
    _end() {
      const leg = this.leg;
      if (leg.how === 'cross') return leg.last;
      const inside = this._inside();
      if (inside === NOWHERE) return leg.last;
      for (let i = leg.last; i > leg.first; i--) {
        if (this.network.spaceOfNode[this.nodes[i - 1]] !== inside) return i - 1;
      }
      return leg.last;
    }

    /** The space that is the leg's aim, `NOWHERE` where there is none. */
    _inside() {
      const network = this.network;
      const space = network.spaceOfNode[this.nodes[this.leg.last]];
      if (this.leg.how || space < 0) return space;
      if (this.route.wayIn >= 0) return NOWHERE;
      const venue = this.around.venue;
      if (this.route.goal.places.some((place) => venue.placeDoor(place) >= 0)) return NOWHERE;
      const kind = network.spaceKind[space];
      if (kind !== CORRIDOR_SPACE && kind !== RAMP_SPACE) {
        return network.spaceOfNode[this.nodes[this.leg.first]] !== space ? space : NOWHERE;
      }
      return NOWHERE;
    }

    /** Length of the route between its nodes i and j in centimetres. */
    metresCm(i, j) {
      let total = 0;
      for (let k = i; k < j; k++) total += this.network.length[this.route.darts[k] >> 1];
      return total;
    }

    /** Turns between the leg's first node and `end`, bends of one turn taken together. */
    _turns() {
      const corners = this._corners;
      const aimless = this._aimless();
      const raw = [];
      for (let k = 0; k + 2 < corners.length; k++) {
        const here = corners[k + 1];
        if (here <= aimless) continue;
        const deg = turnBetween(
          this.around.heading(this.nodes[corners[k]], this.nodes[here]),
          this.around.heading(this.nodes[here], this.nodes[corners[k + 2]]));
        const last = raw.length ? raw[raw.length - 1] : null;
        const apartCm = last ? this.metresCm(last.until, here) : 0;
        if (last &&
            (isOne(last.deg, deg, apartCm) || this._isDrift(last, deg, here, apartCm))) {
          raw[raw.length - 1] = { at: last.at, until: here, deg: last.deg + deg };
        } else {
          raw.push({ at: here, until: here, deg: deg });
        }
      }
      return raw.filter((turn) => Math.abs(turn.deg) >= STRAIGHT_DEG);
    }

    /** The node up to which the direction means nothing: a few steps from a start in the open
     * onto the way, in a direction in which nobody looks. -1 where there are none. */
    _aimless() {
      const isOutOfARoom = this.leavesDoor(0, Math.min(2, this.end));
      if (this.leg.first || (isOutOfARoom && this._looking() === null)) return -1;
      const corners = isOutOfARoom ? [0] : this._corners;
      if (corners.length > 2 && this.metresCm(0, corners[1]) <= NEAR_CM) {
        const before = this.nodes[corners[0]];
        const here = this.nodes[corners[1]];
        const after = this.nodes[corners[2]];
        const deg = turnBetween(
          this.around.heading(before, here), this.around.heading(here, after));
        if (Math.abs(deg) >= BEND_DEG) return corners[1];
      }
      return 0;
    }

    /** Which way to set out from a start in the open: cues, the turn, and up to which node. */
    settingOut() {
      const aimless = this._aimless();
      const onward = this._corners.find((k) => k > aimless);
      if (onward === undefined && this.route.start.backFrom >= 0) {
        return { cues: [cue('again-here')], deg: 0, until: 0 };
      }
      if (aimless < 0 || onward === undefined) return { cues: [], deg: 0, until: 0 };
      const heading = this.around.heading(this.nodes[aimless], this.nodes[onward]);
      const looking = this._looking();
      if (looking === null) {
        return { cues: this._towards(aimless, onward), deg: 0, until: aimless };
      }
      const deg = turnBetween(looking, heading);
      const start = this.route.start;
      if (start.anchor >= 0 || start.node >= 0) {
        const stands = start.anchor >= 0 ? 'face-' : 'again-';
        const side = Math.abs(deg) > BACK_DEG ? 'back' : sideName(deg, SLIGHT_DEG);
        return { cues: [cue(stands + side)], deg: side === 'ahead' ? 0 : deg, until: aimless };
      }
      if (Math.abs(deg) < STRAIGHT_DEG) return { cues: [], deg: 0, until: 0 };
      return { cues: [turnCue(deg)], deg: deg, until: aimless };
    }

    /** The heading of one who reads the code, comes in by the entrance, or comes back on a way;
     * null: unknown. */
    _looking() {
      const n = this.network;
      const start = this.route.start;
      if (start.anchor >= 0) {
        const bearing = this.around.venue.anchors[start.anchor].bearing_deg;
        return bearing === null ? null : (90 - bearing) * Math.PI / 180;
      }
      if (start.node >= 0) {
        const isKnown = start.backFrom >= 0 &&
          this.around.distanceCm(start.backFrom, start.node) > 0;
        return isKnown ? this.around.heading(start.backFrom, start.node) : null;
      }
      const node = this.nodes[0];
      const door = this.around.doorOfNode[node] >> 1;
      if (door < 0 || !(n.doorFlags[door] & ENTRANCE)) return null;
      return Math.atan2(n.y[node] - n.doorY[door], n.x[node] - n.doorX[door]);
    }

    /** The first place one comes by, else the lift or the goal itself; none of them where it does
     * not lie in the direction in which one sets out. */
    _towards(first, last) {
      for (let i = first + 1; i < last; i++) {
        let place = -1;
        const isFound = this._someEdge(this.nodes[i], (edge, other) => {
          place = this._placeAt(other);
          return place >= 0 && this._liesOnward(first, last, other);
        });
        if (isFound) return [cue('towards', { place: place })];
      }
      if (!this._liesOnward(first, last, this.nodes[this.leg.last])) return [];
      if (this.leg.how && this.leg.how !== 'cross') {
        return [cue('towards-shaft', { connector: this.leg.thing })];
      }
      if (this.leg.how) return [];
      const goal = this.route.goal;
      if (goal.anchor >= 0) return [cue('towards-anchor', { anchor: goal.anchor })];
      return [cue('towards', { place: goal.places[0] })];
    }

    /** Whether a node is seen, from the first of two of the route, about where the last is. */
    _liesOnward(first, last, node) {
      const here = this.nodes[first];
      const heading = (there) => this.around.heading(here, there);
      return Math.abs(turnBetween(heading(this.nodes[last]), heading(node))) <= TOWARDS_DEG;
    }

    /** Corners without those where the line goes a step too far and comes back. */
    _withoutSpurs(corners) {
      let k = 1;
      while (k < corners.length - 1) {
        const before = this.nodes[corners[k - 1]];
        const here = this.nodes[corners[k]];
        const after = this.nodes[corners[k + 1]];
        const deg = turnBetween(
          this.around.heading(before, here), this.around.heading(here, after));
        const shortCm = Math.min(
          this.around.distanceCm(before, here), this.around.distanceCm(here, after));
        if (Math.abs(deg) > BACK_DEG && shortCm <= SPUR_CM) {
          corners.splice(k, 1);
          k = Math.max(1, k - 1);
        } else {
          k++;
        }
      }
      return corners;
    }

    /** Whether two turns only bring one to the middle of a wide passage straight on: who walks
     * straight on comes through as well. */
    _isDrift(last, deg, here, apartCm) {
      const network = this.network;
      if (apartCm > ONE_TURN_CM || Math.abs(last.deg + deg) >= STRAIGHT_DEG) return false;
      if (apartCm <= ASIDE_CM) return true;
      let walked = 0;
      for (let i = here; i < this.end; i++) {
        const edge = this.route.darts[i] >> 1;
        if (network.kind[edge] === DOOR) {
          const isOpen = network.doorKind[network.thing[edge] - network.firstDoor] === OPEN_DOOR;
          return isOpen && apartCm <= Math.floor(network.width[edge] / 2) + DRIFT_CM;
        }
        walked += network.length[edge];
        if (walked > ONE_TURN_CM) return false;
      }
      return false;
    }

    /** Whether a way the route does not take leads straight on at its node i. */
    _goesOn(i) {
      const before = this.nodes[i - 1];
      const node = this.nodes[i];
      const after = this.nodes[i + 1];
      const into = this.around.heading(before, node);
      return this._someEdge(node, (edge, other) => {
        if (other === before || other === after) return false;
        const deg = turnBetween(into, this.around.heading(node, other));
        if (Math.abs(deg) > 45) return false;
        const to = this._leadsTo(other);
        return to === 'way' || to === 'hall';
      });
    }

    /** Whether `holds(edge, other end)` for some edge at a node, in order of number. */
    _someEdge(node, holds) {
      const network = this.network;
      for (let i = network.edgesFrom[node]; i < network.edgesFrom[node + 1]; i++) {
        const edge = network.edgesAt[i];
        if (holds(edge, network.other(edge, node))) return true;
      }
      return false;
    }

    /** The turn that brings one to the door of the goal or the shaft: told as its side. */
    _lastTurn() {
      const all = this._allTurns;
      const turn = all.length ? all[all.length - 1] : null;
      if (!turn || this.leg.how === 'cross' || Math.abs(turn.deg) > BACK_DEG) return null;
      return this.metresCm(turn.until, this.end) <= NEAR_CM ? turn : null;
    }

    /** Whether a door is passed between two nodes of the route. */
    leavesDoor(i, j) {
      return this.kinds.slice(i, j).includes(DOOR);
    }

    /** The cue for leaving the start: by a door, or a place that is open in front. */
    leaving() {
      const network = this.network;
      const thing = network.thing[this.route.darts[this.kinds.indexOf(DOOR)] >> 1];
      return network.doorKind[thing - network.firstDoor] === OPEN_DOOR ? 'leave-open' : 'leave-room';
    }

    /** What is at a turn: landmark, end of the corridor, nth opening, door, distance. */
    at(since, turn) {
      const cues = this.onTheWay(since, turn.at);
      const side = sideOf(turn.deg, STRAIGHT_DEG);
      const landmark = this._landmark(turn, side);
      if (landmark >= 0) return cues.concat(cue('at-place', { place: landmark }));
      const entered = this._entered(since, turn.at);
      if (entered) {
        // A door just passed is told already: last of all, for there one turns.
        const isDoor = (one) => one.kind.indexOf('through-') === 0;
        const doors = cues.filter(isDoor);
        if (entered.kind === 'at-door' && doors.length) {
          return cues.filter((one) => !isDoor(one)).concat(doors);
        }
        return cues.concat(entered);
      }
      if (since > this.leg.first && this.metresCm(since, turn.at) <= SOON_CM) {
        return cues.concat(cue('at-soon'));
      }
      if (this._ends(turn)) return cues.concat(cue('at-end'));
      const counted = this._counted(since, turn, side);
      if (counted) return cues.concat(counted);
      const passing = cues.filter((one) => one.kind === 'on-passing')
        .map((one) => cue('and-passing', one.slots));
      return cues.filter((one) => !one.kind.startsWith('on-'))
        .concat(distanceCue('at', this.metresCm(since, turn.at)), passing);
    }

    /** Doors to go through, and on a long leg what one passes. */
    onTheWay(since, until) {
      const cues = this.doors(since, until);
      if (this.metresCm(since, until) > LONG_CM) {
        const passed = this._passed(since, until);
        if (passed >= 0) cues.push(cue('on-passing', { place: passed }));
        else cues.push(cue('on-distance', { cm: this.metresCm(since, until) }));
      }
      return cues;
    }

    /** The door leaves on the way, the last kind named, with their number. */
    doors(since, until) {
      const network = this.network;
      let kinds = [];
      for (let i = since; i < until; i++) {
        const door = this._leaf(i);
        if (door >= 0) kinds.push(network.doorKind[door]);
      }
      // Leaving the room one starts in is no news.
      if (kinds.length && since === 0 && this.route.start.anchor < 0) {
        const start = network.spaceOfNode[this.nodes[0]];
        if (start >= 0 && network.spaceKind[start] === ROOM_SPACE) kinds = kinds.slice(1);
      }
      if (!kinds.length) return [];
      const kind = kinds.every((k) => k === AUTOMATIC_DOOR) ? 'automatic' : 'any';
      if (kinds.length === 1) return [cue('through-' + kind + '-one')];
      return [cue('through-' + kind + '-more', { count: kinds.length })];
    }

    /** The door of the route's i-th dart if it has a leaf one opens, else -1. */
    _leaf(i) {
      const network = this.network;
      const thing = network.thing[this.route.darts[i] >> 1];
      if (!network.isDoor(thing)) return -1;
      const door = thing - network.firstDoor;
      const opens = network.doorKind[door] !== OPEN_DOOR && !(network.doorFlags[door] & GUESSED);
      return opens ? door : -1;
    }

    _landmark(turn, side) {
      for (let i = turn.at; i <= turn.until; i++) {
        const seen = this.around.landmarks(this.nodes[i], this.nodes[i - 1]);
        const said = seen.filter((mark) => !this._isUsed(mark.place));
        const wanted = [side, 0, -side];
        for (let w = 0; w < 3; w++) {
          for (let k = 0; k < said.length; k++) {
            if (said[k].side === wanted[w]) return said[k].place;
          }
        }
      }
      return -1;
    }

    /** Whether the route itself starts, ends or leads there: no landmark then. */
    _isUsed(place) {
      return this._endsOfRoute.has(place) ||
        this.around.venue.placeSpaces(place).some((space) => this._spacesWalked.has(space));
    }

    /** The named hall or the door that was entered just before a turn. */
    _entered(since, until) {
      const network = this.network;
      for (let i = until; i > since; i--) {
        if (this.metresCm(i, until) > ONE_TURN_CM) return null;
        if (!network.isDoor(network.thing[this.route.darts[i - 1] >> 1])) continue;
        const space = network.spaceOfNode[this.nodes[i]];
        const place = this.around.placeAt(space);
        const isHall = space >= 0 && network.spaceKind[space] === HALL_SPACE;
        if (isHall && place >= 0 && !this._endsOfRoute.has(place)) {
          return cue('at-entering', { place: place });
        }
        if (this._leaf(i - 1) >= 0) return cue('at-door');
      }
      return null;
    }

    /** Ways off the route at its node i on one side: `way`, `door`, `staff`, `hall`, `guess`. */
    _branches(i, side) {
      const node = this.nodes[i];
      const before = this.nodes[i - 1];
      const after = this.nodes[i + 1];
      const into = this.around.heading(before, node);
      const found = [];
      this._someEdge(node, (edge, other) => {
        if (other === before || other === after || this.network.kind[edge] === DOOR) return false;
        const deg = turnBetween(into, this.around.heading(node, other));
        const off = Math.abs(deg);
        if (STRAIGHT_DEG <= off && off <= 180 - STRAIGHT_DEG &&
            sideOf(deg, STRAIGHT_DEG) === side) {
          found.push(this._leadsTo(other));
        }
        return false;
      });
      return found;
    }

    _leadsTo(node) {
      const network = this.network;
      const doorSide = this.around.doorOfNode[node];
      if (doorSide < 0) return 'way';
      const door = doorSide >> 1;
      const beyond = this.around.spaceBeyond(doorSide);
      const isOpen = network.doorKind[door] === OPEN_DOOR;
      if (network.doorFlags[door] & GUESSED && !isOpen) return 'guess';
      if (network.doorAccess[door] !== 0 || (beyond >= 0 && network.spaceAccess[beyond] !== 0)) {
        return 'staff';
      }
      if (isOpen) {
        return beyond >= 0 && network.spaceKind[beyond] === CORRIDOR_SPACE ? 'way' : 'hall';
      }
      return 'door';
    }

    /** Whether a corridor comes to its end at a turn, doors aside. */
    _ends(turn) {
      return this.kinds[turn.at - 1] === CORRIDOR && !this._goesOn(turn.at);
    }

    /** The nth junction or door on the side one turns to, where counting is safe. */
    _counted(since, turn, side) {
      if (turn.at !== turn.until || Math.abs(turn.deg) > BACK_DEG) return null;
      const target = this._leadsTo(this.nodes[turn.at + 1]);
      if (target !== 'way' && target !== 'door') return null;
      for (let i = since; i < turn.at; i++) {
        if (this.kinds[i] !== CORRIDOR && this.kinds[i] !== DOOR) return null;
      }
      const unsafe = target === 'way' ? ['hall', 'guess'] : ['staff', 'guess'];
      let count = 1;
      for (let i = since + 1; i < turn.at; i++) {
        const branches = this._branches(i, side);
        if (branches.some((what) => unsafe.includes(what))) return null;
        if (branches.includes(target)) count++;
      }
      if (count > MOST_COUNTED) return null;
      return cue('at-nth-' + target + '-' + ['left', 'ahead', 'right'][side + 1], { nth: count });
    }

    /** The place whose door is nearest to the middle of a stretch, or -1. */
    _passed(since, until) {
      const half = this.metresCm(since, until) / 2;
      let bestOff = Infinity;
      let best = -1;
      let walked = 0;
      for (let i = since + 1; i < until; i++) {
        walked += this.network.length[this.route.darts[i - 1] >> 1];
        const off = Math.abs(walked - half);
        if (!(off < half * 0.6)) continue;
        this._someEdge(this.nodes[i], (edge, other) => {
          const place = this._placeAt(other);
          if (place >= 0 && off < bestOff) {
            bestOff = off;
            best = place;
          }
          return false;
        });
      }
      return best;
    }

    /** The public place behind the door that `node` stands at, if it is not an end; else -1. */
    _placeAt(node) {
      const doorSide = this.around.doorOfNode[node];
      if (doorSide < 0 || this.network.doorAccess[doorSide >> 1] !== 0) return -1;
      const beyond = this.around.spaceBeyond(doorSide);
      const place = this.around.placeAt(beyond);
      return this._spacesWalked.has(beyond) || this._endsOfRoute.has(place) ? -1 : place;
    }

    /** Whether a room is behind the door at `node`: a hall may be seen long before. */
    _isRoomDoor(node) {
      const beyond = this.around.spaceBeyond(this.around.doorOfNode[node]);
      return this.network.spaceKind[beyond] === ROOM_SPACE;
    }

    /** A place just past the turn, straight on: who sees it has gone too far. */
    tooFar(turn) {
      const network = this.network;
      const before = this.nodes[turn.at - 1];
      let node = this.nodes[turn.at];
      const into = this.around.heading(before, node);
      if (Math.abs(turn.deg) > BACK_DEG ||
          this._landmark(turn, sideOf(turn.deg, STRAIGHT_DEG)) >= 0) {
        return [];
      }
      let walked = 0;
      const seen = new Set([before, this.nodes[turn.at + 1]]);
      while (walked < TOO_FAR_CM) {
        let onward = -1;
        let found = -1;
        const here = node;
        this._someEdge(here, (edge, other) => {
          if (seen.has(other) || network.kind[edge] !== CORRIDOR) return false;
          const deg = turnBetween(into, this.around.heading(here, other));
          const place = this._placeAt(other);
          if (place >= 0 && walked > 0 && this._isRoomDoor(other)) {
            found = place;
            return true;
          }
          if (Math.abs(deg) < STRAIGHT_DEG && onward < 0) onward = edge;
          return false;
        });
        if (found >= 0) return [cue('too-far', { place: found })];
        if (onward < 0) return [];
        seen.add(node);
        walked += network.length[onward];
        node = network.other(onward, node);
      }
      return [];
    }

    /** Degrees from the way walked to the way in, 0 where one walks straight in. */
    _sideAtEnd() {
      if (this.leg.how === 'cross') return 0;
      const turn = this.lastTurn;
      const arrived = turn ? turn.until : this.end;
      if (!turn && arrived <= this.leg.first) return 0;
      const before = this._cornerBefore(arrived);
      const into = this.around.heading(this.nodes[before], this.nodes[arrived]);
      const inwards = this._inwards();
      let deg = turn ? turn.deg : 0;
      if (inwards !== null) deg = turnBetween(into, inwards);
      return AHEAD_DEG < Math.abs(deg) && Math.abs(deg) <= BACK_DEG ? deg : 0;
    }

    /** The corner of the straightened line that one comes from to node i. */
    _cornerBefore(i) {
      const before = this._corners.filter((k) => k < i);
      return before[before.length - 1];
    }

    /** The heading of one who goes through the door of the aim, null where it has none. */
    _inwards() {
      const n = this.network;
      const node = this.nodes[this.end];
      if (this.end < this.leg.last) return this.around.heading(node, this.nodes[this.end + 1]);
      if (this.route.wayIn >= 0 && !this.leg.how) {
        return this.around.heading(n.endOf(this.route.wayIn ^ 1), n.endOf(this.route.wayIn));
      }
      const door = this.around.doorOfNode[node] >> 1;
      const venue = this.around.venue;
      const isEntrance = this.route.goal.places.some((place) => venue.placeDoor(place) >= 0);
      if (this.leg.how || door < 0 || !isEntrance) return null;
      // An entrance as goal: out of the building, from the node inside to the door.
      return Math.atan2(n.doorY[door] - n.y[node], n.doorX[door] - n.x[node]);
    }

    /** How far to the goal or the lift: the nth door on its side, or metres. */
    _toTheEnd(since, deg) {
      // Where one turns towards the aim, or stands before it.
      const aside = this.lastTurn ? this.lastTurn.until : this.end;
      const end = Math.max(aside, since);
      const cues = this.onTheWay(since, end);
      if (this.metresCm(since, end) <= NEAR_CM) return cues;
      const side = sideOf(deg, AHEAD_DEG);
      if (side && this.lastTurn && since > this.leg.first) {
        const counted = this._counted(since, this.lastTurn, side);
        if (counted && counted.kind.startsWith('at-nth-door')) {
          return cues.filter((one) => one.kind !== 'on-distance').concat(counted);
        }
      }
      if (!cues.some((one) => one.kind === 'on-distance' || one.kind === 'on-passing')) {
        cues.push(distanceCue('go', this.metresCm(since, end)));
      }
      return cues;
    }

    /** The last step's cues and the turn towards the goal. */
    arrival(since) {
      const deg = this._sideAtEnd();
      const cues = this._toTheEnd(since, deg);
      const side = sideName(deg, AHEAD_DEG);
      if (this.route.goal.anchor >= 0) {
        cues.push(cue('arrive-anchor-' + side, { anchor: this.route.goal.anchor }));
        return { cues: cues, deg: deg };
      }
      const place = this.route.goal.places[0];
      if (this.route.wayIn >= 0) {
        cues.push(cue('way-in-' + side, { place: place }));
        cues.push(this.around.venue.hasEntry(place) ? cue('enter', { entry: place }) : cue('ask'));
        return { cues: cues, deg: deg };
      }
      cues.push(cue('arrive-' + side, { place: place }));
      if (this.around.venue.hasSign(place)) cues.push(cue('sign', { sign: place }));
      return { cues: cues, deg: deg };
    }

    /** The way to a lift, stairs or bridge, and the turn towards it. */
    toTransfer(since) {
      if (this.leg.how === 'cross') {
        return { cues: this.onTheWay(since, this.leg.last), deg: 0 };
      }
      const deg = this._sideAtEnd();
      const cues = this._toTheEnd(since, deg);
      if (!cues.length && !deg && this.leg.first === since) return { cues: [], deg: 0 };
      cues.push(cue('find-' + sideName(deg, AHEAD_DEG), { connector: this.leg.thing }));
      return { cues: cues, deg: deg };
    }

    /** Riding, climbing or crossing to the next level. */
    transfer() {
      const levels = this.network.levels;
      const here = levels[this.network.level[this.nodes[this.leg.last]]];
      const number = this.network.level[this.nodes[this.leg.after]];
      const there = levels[number];
      if (this.leg.how === 'cross') return cue('cross', { floor: number });
      const way = there.ordinal > here.ordinal ? 'up' : 'down';
      const floors = Math.floor(Math.abs(there.ordinal - here.ordinal) + 0.5);
      let suffix = '';
      if (this.leg.how === 'stairs' && floors <= 1) {
        // Half a floor is no floor: a few steps.
        suffix = Math.abs(there.ordinal - here.ordinal) > 0.75 ? '-one' : '-few';
      }
      return cue(this.leg.how + '-' + way + suffix,
        { level: number, connector: this.leg.thing, floors: floors });
    }
  }

  /** Whether two bends are one turn, or one jog that is no turn at all. */
  function isOne(firstDeg, secondDeg, apartCm) {
    const first = Math.abs(firstDeg);
    const second = Math.abs(secondDeg);
    if ((firstDeg > 0) === (secondDeg > 0)) {
      const near = apartCm <= (Math.min(first, second) < SLIGHT_DEG ? JOG_CM : ONE_TURN_CM);
      return near && Math.abs(firstDeg + secondDeg) <= BACK_DEG;
    }
    if (Math.max(first, second) < BEND_DEG) return apartCm <= JOG_CM;
    return apartCm <= ONE_TURN_CM && Math.min(first, second) < SLIGHT_DEG;
  }

  /** Indices of the corners of a path, first and last among them (Douglas and Peucker). */
  function straightened(network, nodes, first, last) {
    const keep = new Set([first, last]);
    const spans = [[first, last]];
    while (spans.length) {
      const span = spans.pop();
      const i = span[0];
      const j = span[1];
      const ax = network.x[nodes[i]];
      const ay = network.y[nodes[i]];
      const dx = network.x[nodes[j]] - ax;
      const dy = network.y[nodes[j]] - ay;
      const length = Math.sqrt(dx * dx + dy * dy);
      let worst = -1;
      let far = WOBBLE_CM;
      for (let k = i + 1; k < j; k++) {
        const px = network.x[nodes[k]] - ax;
        const py = network.y[nodes[k]] - ay;
        const along = length === 0 ? 0 : (px * dx + py * dy) / length;
        let off;
        if (along <= 0 || along >= length) {
          const end = along <= 0 ? 0 : 1;
          const qx = px - end * dx;
          const qy = py - end * dy;
          off = Math.sqrt(qx * qx + qy * qy);
        } else {
          off = Math.abs(px * dy - py * dx) / length;
        }
        if (off > far) {
          worst = k;
          far = off;
        }
      }
      if (worst >= 0) {
        keep.add(worst);
        spans.push([i, worst], [worst, j]);
      }
    }
    return Array.from(keep).sort(function (a, b) { return a - b; });
  }

  return { cue, Surroundings, turnBetween, stepsOf };
});
