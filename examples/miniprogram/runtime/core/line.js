/* The line walked on one level and its turns: see `navkit/guidance/line.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./network.js'));
  } else {
    root.navkitLine = make(root.navkitNetwork);
  }
})(this, /** @param {typeof import('./network.js')} network */ function (network) {
  'use strict';

  const { DOOR_KINDS, SHAFT_SPACES, DOOR, STAIRS, RIDE, ESCALATOR, RAMP } = network;

  const NOWHERE = -2;
  /** Sides by their sign, named like the forms of cues. */
  const SIDES = { '-1': 'left', 0: 'ahead', 1: 'right' };
  const HOW = { [RIDE]: 'lift', [STAIRS]: 'stairs', [ESCALATOR]: 'escalator', [RAMP]: 'ramp' };
  const OPEN_DOOR = DOOR_KINDS.indexOf('open');
  const GUESSED = 2; // Of a door's flags.

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

  /** Whether a walk from an entrance begins by going out through it. */
  function leavesAtOnce(route, venue) {
    const network = route.network;
    const doors = route.start.places.map((place) => venue.placeDoor(place));
    return route.darts.length > 0 && doors.some(
      (door) => door >= 0 && network.firstDoor + door === network.thing[route.darts[0] >> 1]);
  }

  /** The line of one leg of a route. */
  class Line {
    constructor(route, around, leg) {
      this.route = route;
      this.around = around;
      this.network = route.network;
      this.rules = around.rules;
      this.leg = leg;
      this.nodes = route.nodes;
      this.kinds = route.darts.map((dart) => this.network.kind[dart >> 1]);
      this.looking = this._looking();
      /** The last node before the door of the goal or of the shaft, where the line ends. */
      this.end = this._end();
      /** Corners of the line walked, including its ends, without noise of the drawing. */
      this.corners = this._withoutSpurs(
        straightened(this.network, this.nodes, this._begin(), this.end, this.rules.wobble_cm));
      const all = this._allTurns();
      /** The turn to the door of the goal or the shaft: reported as its side. */
      this.lastTurn = this._lastTurn(all);
      /** The turns to be reported as such. */
      const told = this.lastTurn ? all.slice(0, -1) : all;
      this.turns = told.concat(this._forks(all)).sort((a, b) => a.at - b.at);
    }

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

    /** The space that the leg leads to, `NOWHERE` if there is none. */
    _inside() {
      const network = this.network;
      const last = this.nodes[this.leg.last];
      const space = network.spaceOfNode[last];
      if (space < 0) return NOWHERE;
      if (this.leg.how) return space;
      if (this.route.wayIn >= 0 || this.leadsOut()) return NOWHERE;
      const leads = (place) => this.around.placeSpaces(place).includes(space);
      if (!this.route.goal.places.some(leads)) return NOWHERE;
      return network.spaceOfNode[this.nodes[this.leg.first]] !== space ? space : NOWHERE;
    }

    /** Whether the goal is an entrance. */
    leadsOut() {
      return this.route.goal.places.some((place) => this.around.venue.placeDoor(place) >= 0);
    }

    /** Length of the route between its nodes i and j. */
    lengthCm(i, j) {
      let total = 0;
      for (let k = i; k < j; k++) total += this.network.length[this.route.darts[k] >> 1];
      return total;
    }

    /** Whether a door is passed between two nodes of the route. */
    leavesDoor(i, j) {
      return this.kinds.slice(i, j).includes(DOOR);
    }

    // -- corners and turns

    /** The first node from which people walk: inside the door of the shaft that they leave. They
     * look out of it, wherever they stood. */
    _begin() {
      const network = this.network;
      const { first } = this.leg;
      const inside = network.spaceOfNode[this.nodes[first]];
      const isOut = !first || inside < 0 || !SHAFT_SPACES.includes(network.spaceKind[inside]);
      for (let i = first; !isOut && i < this.end; i++) {
        if (network.spaceOfNode[this.nodes[i + 1]] !== inside) return i;
      }
      return first;
    }

    /** Whether who sets out at the route's node `first` and goes straight on comes by its node i. */
    liesAhead(first, i) {
      const { network: n, nodes, rules: by, around } = this;
      const here = nodes[first];
      let onward = Math.min(first + 1, i);
      while (onward < i && around.distanceCm(here, nodes[onward]) < by.own_cm) onward++;
      const [ux, uy] = [n.x[nodes[onward]] - n.x[here], n.y[nodes[onward]] - n.y[here]];
      const [dx, dy] = [n.x[nodes[i]] - n.x[here], n.y[nodes[i]] - n.y[here]];
      const length = Math.sqrt(ux * ux + uy * uy);
      const isOn = dx * ux + dy * uy >= 0;
      return isOn && (length === 0 || Math.abs(dx * uy - dy * ux) / length <= by.aside_cm);
    }

    /** Degrees turned at the middle one of three nodes of the route. */
    _turnDeg(before, here, after) {
      const nodes = this.nodes;
      return turnBetween(
        this.around.heading(nodes[before], nodes[here]),
        this.around.heading(nodes[here], nodes[after]));
    }

    /** Corners without those where the line goes a step too far and comes back. */
    _withoutSpurs(corners) {
      const nodes = this.nodes;
      let k = 1;
      while (k < corners.length - 1) {
        const [before, here, after] = corners.slice(k - 1, k + 2);
        const shortCm = Math.min(
          this.around.distanceCm(nodes[before], nodes[here]),
          this.around.distanceCm(nodes[here], nodes[after]));
        if (Math.abs(this._turnDeg(before, here, after)) > this.rules.back_deg &&
            shortCm <= this.rules.spur_cm) {
          corners.splice(k, 1);
          k = Math.max(1, k - 1);
        } else {
          k++;
        }
      }
      return corners;
    }

    /** Turns between the leg's first node and `end`, with the bends of one turn merged. */
    /** Where a straighter path leads elsewhere: who is told nothing there takes that. */
    _forks(all) {
      const { one_turn_cm: nearCm, straight_deg: leastDeg } = this.rules;
      const found = [];
      for (let i = Math.max(this.leg.first, this.aimless()) + 1; i < this.end; i++) {
        const deg = this._degAside(i);
        const isApart = (turn) =>
          Math.max(this.lengthCm(i, turn.at), this.lengthCm(turn.until, i)) > nearCm;
        if (deg && all.every(isApart)) {
          const told = deg > 0 ? Math.max(deg, leastDeg) : Math.min(deg, -leastDeg);
          found.push({ at: i, until: i, deg: told });
        }
      }
      return found;
    }

    /** How far the route bends at its node i on a drawn path, if a straighter path leads elsewhere;
     * else 0. */
    _degAside(i) {
      const { network, around, rules, nodes } = this;
      if (network.spaceOfNode[nodes[i]] >= 0) return 0;
      const own = this._turnDeg(i - 1, i, i + 1);
      if (Math.abs(own) > rules.goes_on_deg) return 0;
      const into = around.heading(nodes[i - 1], nodes[i]);
      let isForked = false;
      for (let k = network.edgesFrom[nodes[i]]; k < network.edgesFrom[nodes[i] + 1]; k++) {
        const other = network.other(network.edgesAt[k], nodes[i]);
        const deg = turnBetween(into, around.heading(nodes[i], other));
        if (Math.abs(deg) < Math.abs(own) && Math.abs(deg - own) > rules.straight_deg) {
          isForked = true;
        }
      }
      return isForked ? own : 0;
    }

    _allTurns() {
      const corners = this.corners;
      const aimless = this.aimless();
      const raw = [];
      for (let k = 0; k + 2 < corners.length; k++) {
        const here = corners[k + 1];
        if (here <= aimless) continue;
        const deg = this._turnDeg(corners[k], here, corners[k + 2]);
        const last = raw.length ? raw[raw.length - 1] : null;
        const apartCm = last ? this.lengthCm(last.until, here) : 0;
        // People stop at the leaf of a door, and look for the way again behind it.
        const isInSight = last && !this._passesLeaf(last.until, here);
        if (isInSight && (this._isOne(last.deg, deg, apartCm) ||
                          this._isDrift(last, deg, here, apartCm) ||
                          this._isSeenPast(last, deg, here))) {
          raw[raw.length - 1] = { at: last.at, until: here, deg: last.deg + deg };
        } else {
          raw.push({ at: here, until: here, deg: deg });
        }
      }
      return raw.filter((turn) => Math.abs(turn.deg) >= this.rules.straight_deg);
    }

    /** Whether two bends are one turn, or one jog that is not a turn at all. */
    _isOne(firstDeg, secondDeg, apartCm) {
      const by = this.rules;
      const slighter = Math.min(Math.abs(firstDeg), Math.abs(secondDeg));
      const sharper = Math.max(Math.abs(firstDeg), Math.abs(secondDeg));
      if ((firstDeg > 0) === (secondDeg > 0)) {
        const near = apartCm <= (slighter < by.slight_deg ? by.jog_cm : by.one_turn_cm);
        return near && Math.abs(firstDeg + secondDeg) <= by.back_deg;
      }
      if (sharper < by.bend_deg) return apartCm <= by.jog_cm;
      return apartCm <= by.one_turn_cm && slighter < by.slight_deg;
    }

    /** Whether two turns only lead to the middle of a wide passage straight ahead: a walker who
     * goes straight on gets through as well. */
    _isDrift(last, deg, here, apartCm) {
      const by = this.rules;
      const network = this.network;
      if (apartCm > by.one_turn_cm || Math.abs(last.deg + deg) >= by.straight_deg) return false;
      if (apartCm <= by.aside_cm) return true;
      let walkedCm = 0;
      for (let i = here; i < this.end; i++) {
        const edge = this.route.darts[i] >> 1;
        if (network.kind[edge] === DOOR) {
          const halfCm = Math.floor(network.width[edge] / 2);
          return this.isOpenDoor(edge) && apartCm <= halfCm + by.drift_cm;
        }
        walkedCm += network.length[edge];
        if (walkedCm > by.one_turn_cm) return false;
      }
      return false;
    }

    /** Whether two bends are a jog past which one sees the way on, hardly aside. Who comes out of a
     * room is told which way to go all the same. */
    _isSeenPast(last, deg, here) {
      const atDoor = this.lengthCm(0, last.at) <= this.rules.exit_cm &&
        this.leavesDoor(0, last.at);
      const isJog = (this.leg.first > 0 || !atDoor) &&
        Math.abs(last.deg + deg) < this.rules.straight_deg &&
        this.around.isJog(this.nodes[last.at], this.nodes[here]);
      if (!isJog) return false;
      // The same two bends lead elsewhere for who comes from another side, or from near by.
      const { nodes, corners, around } = this;
      const before = corners.filter((k) => k < last.at).pop();
      const after = corners.find((k) => k > here);
      const came = around.heading(nodes[before], nodes[last.at]);
      const past = around.heading(nodes[before], nodes[after]);
      return Math.abs(turnBetween(came, past)) < this.rules.straight_deg;
    }

    /** Whether a door has to be opened between two nodes of the route. */
    _passesLeaf(i, j) {
      const edges = this.route.darts.slice(i, j).map((dart) => dart >> 1);
      return edges.some((edge) => this.network.kind[edge] === DOOR && !this.isOpenDoor(edge));
    }

    /** Whether an edge leads through a passage with no door leaf. */
    isOpenDoor(edge) {
      const network = this.network;
      const thing = network.thing[edge];
      return network.isDoor(thing) && network.doorKind[thing - network.firstDoor] === OPEN_DOOR;
    }

    _lastTurn(all) {
      const turn = all.length ? all[all.length - 1] : null;
      if (!turn || this.leg.how === 'cross') return null;
      if (Math.abs(turn.deg) > this.rules.back_deg) return null;
      if (this.lengthCm(turn.until, this.end) > this.rules.near_cm) return null;
      // What would be behind the walker is at a side once that turn is made.
      return Math.abs(this._degAtEnd(turn)) <= this.rules.back_deg ? turn : null;
    }

    // -- where it begins

    /** The node up to which the direction means nothing: a few steps from a start in the open onto
     * the way, in a direction that says nothing about the route. -1 if there are none. */
    aimless() {
      const isOutOfARoom = this.leavesDoor(0, Math.min(2, this.end));
      if (this.leg.first || (isOutOfARoom && this.looking === null)) return -1;
      const corners = isOutOfARoom ? [0] : this.corners;
      if (corners.length < 3 || this.lengthCm(0, corners[1]) > this.rules.near_cm) return 0;
      // Who comes in by an entrance sees a goal two steps on, and at which side it is.
      const isTwoStepsOn = corners.length === 3 &&
        this.lengthCm(corners[1], corners[2]) <= this.rules.near_cm;
      if (isTwoStepsOn && this.route.start.places.length && this.looking !== null) return 0;
      const deg = this._turnDeg(corners[0], corners[1], corners[2]);
      return Math.abs(deg) >= this.rules.bend_deg ? corners[1] : 0;
    }

    /** The first corner after that node, -1 if there is none. */
    onward(aimless) {
      const found = this.corners.find((k) => k > aimless);
      return found === undefined ? -1 : found;
    }

    /** The direction a walker faces at the start: reading the code, entering the building or coming
     * back on the way; null: unknown. */
    _looking() {
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
      // Who starts in a room that has an entrance may look anywhere, and so may who leaves by one.
      const venue = this.around.venue;
      const isEntrance = start.places.some((place) => venue.placeDoor(place) >= 0);
      if (door < 0 || !isEntrance || leavesAtOnce(this.route, venue)) return null;
      return this.around.outwards(node) + Math.PI;
    }

    /** Whether the route begins by coming in by an entrance. */
    comesIn() {
      return this.route.start.places.length > 0 && this.looking !== null;
    }

    // -- where it ends

    /** Whether the lift that ends the leg is left by a door across from the one entered by. */
    opensOpposite() {
      const into = this._doorBefore(this.leg.last);
      const out = this._doorAfter(this.leg.after);
      if (this.leg.how !== 'lift' || Math.min(into, out) < 0) return false;
      const [there, onward] = [into, out].map(
        (i) => this.around.heading(this.nodes[i], this.nodes[i + 1]));
      return Math.abs(turnBetween(there, onward)) < this.rules.bend_deg;
    }

    /** The last drawn door before a node of the route, -1 if there is none on the leg. */
    _doorBefore(node) {
      for (let i = node - 1; i >= this.leg.first; i--) if (this._isDrawn(i)) return i;
      return -1;
    }

    /** The first drawn door after a node of the route, -1 if there is none. */
    _doorAfter(node) {
      for (let i = node; i < this.kinds.length; i++) if (this._isDrawn(i)) return i;
      return -1;
    }

    _isDrawn(i) {
      const network = this.network;
      const thing = network.thing[this.route.darts[i] >> 1];
      return this.kinds[i] === DOOR &&
        (network.doorFlags[thing - network.firstDoor] & GUESSED) === 0;
    }

    /** Degrees from the walking direction to the way in, 0 if it is straight ahead. */
    sideAtEnd() {
      if (this.leg.how === 'cross' || (!this.lastTurn && this.end <= this.leg.first)) return 0;
      const deg = this._degAtEnd(this.lastTurn);
      return Math.abs(deg) > this.rules.ahead_deg ? deg : 0;
    }

    /** Degrees from the direction walked before the last turn to the way in. */
    _degAtEnd(turn) {
      const arrived = turn ? turn.at : this.end;
      const earlier = this.corners.filter((k) => k < arrived);
      const before = earlier[earlier.length - 1];
      const into = this.around.heading(this.nodes[before], this.nodes[arrived]);
      const inwards = this._inwards();
      if (inwards === null) return turn ? turn.deg : 0;
      return turnBetween(into, inwards);
    }

    /** The heading through the door of the leg's aim, null if it has none. */
    _inwards() {
      const n = this.network;
      const node = this.nodes[this.end];
      if (this.end < this.leg.last) return this.around.heading(node, this.nodes[this.end + 1]);
      if (this.route.wayIn >= 0 && !this.leg.how) {
        return this.around.heading(n.endOf(this.route.wayIn ^ 1), n.endOf(this.route.wayIn));
      }
      const door = this.around.doorOfNode[node] >> 1;
      if (this.leg.how || door < 0 || !this.leadsOut()) return null;
      // An entrance as goal: out of the building, from the node inside to the door.
      return this.around.outwards(node);
    }
  }

  /** How far a point is from the piece of line between two others. */
  function offLine(px, py, dx, dy) {
    const length = Math.sqrt(dx * dx + dy * dy);
    const along = length === 0 ? 0 : (px * dx + py * dy) / length;
    if (along > 0 && along < length) return Math.abs(px * dy - py * dx) / length;
    const end = along <= 0 ? 0 : 1;
    const qx = px - end * dx;
    const qy = py - end * dy;
    return Math.sqrt(qx * qx + qy * qy);
  }

  /** Indices of the corners of a path, including first and last (Douglas and Peucker). */
  function straightened(network, nodes, first, last, wobbleCm) {
    const { x, y } = network;
    const keep = new Set([first, last]);
    const spans = [[first, last]];
    while (spans.length) {
      const [i, j] = spans.pop();
      const ax = x[nodes[i]];
      const ay = y[nodes[i]];
      const dx = x[nodes[j]] - ax;
      const dy = y[nodes[j]] - ay;
      let worst = -1;
      let far = wobbleCm;
      for (let k = i + 1; k < j; k++) {
        const off = offLine(x[nodes[k]] - ax, y[nodes[k]] - ay, dx, dy);
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

  return { NOWHERE, SIDES, turnBetween, sideOf, legsOf, leavesAtOnce, Line };
});
