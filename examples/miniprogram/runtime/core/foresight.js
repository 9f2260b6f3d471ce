/* Whether what is said of a turn is true of that turn only: see `navkit/guidance/foresight.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./network.js'), require('./line.js'), require('./measure.js'));
  } else {
    root.navkitForesight = make(root.navkitNetwork, root.navkitLine, root.navkitMeasure);
  }
})(this, /**
 * @param {typeof import('./network.js')} network
 * @param {typeof import('./line.js')} line
 * @param {typeof import('./measure.js')} measure
 */ function (network, line, measure) {
  'use strict';

  const {
    SPACE_KINDS, DOOR_KINDS, SHAFT_SPACES, CORRIDOR, HALL, OUTDOOR, FOOTWAY, DOOR: DOOR_EDGE,
  } = network;
  const { turnBetween, sideOf } = line;
  const { roundedM } = measure;

  /** What openings look like. People turn into the first sort of which there is one. */
  const [WAY, BAY, DOORWAY, DOOR] = [0, 1, 2, 3];
  const SHAFT = DOOR + 1;
  /** Which openings different people count as ways, and as doors. */
  const COUNTED = {
    way: [[WAY], [WAY, BAY], [WAY, BAY, DOORWAY]],
    door: [[DOOR], [DOOR, DOORWAY], [DOOR, SHAFT], [DOOR, DOORWAY, SHAFT]],
  };
  const ROOM_SPACE = SPACE_KINDS.indexOf('room');
  const STAIRS_SPACE = SPACE_KINDS.indexOf('stairs');
  const OPEN_DOOR = DOOR_KINDS.indexOf('open');
  const WALKED = [CORRIDOR, HALL, OUTDOOR, FOOTWAY];

  /** How far an opening's nearer edge is from a spot of the walk. */
  function offCm(one, atCm) {
    return Math.max(0, Math.abs(one.at - atCm) - Math.floor(one.wide / 2));
  }

  /** In the order of walking. */
  function inOrder(a, b) {
    return a.at - b.at || a.looks - b.looks || a.side - b.side || a.door - b.door;
  }

  /** A leg walked from its node `since` to a turn, and straight on past it. */
  class Foresight {
    constructor(ofLeg, since, turn) {
      this.line = ofLeg;
      this.around = ofLeg.around;
      this.network = ofLeg.network;
      this.rules = ofLeg.rules;
      this.since = since;
      this.turn = turn;
      this.side = sideOf(turn.deg, this.rules.straight_deg);
      this.turnCm = ofLeg.lengthCm(since, turn.at);
      this._untilCm = ofLeg.lengthCm(since, turn.until);
      this._path = this._walk();
      this._chances = this._whatOpens();
      this._own = this._ownOpening();
    }

    // -- what may be said

    /** Whether no other opening fits the metres. */
    tellsDistance() {
      const saidCm = roundedM(this.turnCm, this.rules) * 100;
      const slackCm = this._slackCm(saidCm);
      return this._isOnly(this._fitting(saidCm - slackCm, saidCm + slackCm), saidCm);
    }

    /** Whether the first opening within a few steps is meant. */
    tellsSoon() {
      const soonCm = this.rules.soon_cm;
      const found = this._fitting(0, soonCm + this._slackCm(soonCm)).slice(0, 1);
      return this._isOnly(found, Math.floor(soonCm / 2));
    }

    /** Whether the opening nearest to a place is meant, and no namesake comes before it. */
    tellsPlace(place) {
      const named = this.around.marksNamed(this.around.named(place));
      const first = this._firstOf(named);
      if (!first || first.place !== place) return false;
      const atCm = first.at;
      const nearCm = this.rules.within_reach_cm;
      // Nobody who is told to turn at a place goes into it.
      const into = named.map((mark) => this.around.doorOfNode[mark.node] >> 1);
      const found = this._fitting(atCm - nearCm, atCm + nearCm)
        .filter((one) => one.door < 0 || !into.includes(one.door));
      const least = found.length ? Math.min(...found.map((one) => offCm(one, atCm))) : 0;
      const rivals = found.filter((one) => offCm(one, atCm) <= least + this.rules.rival_cm);
      return this._isOnly(rivals, atCm);
    }

    /** Our opening as the nth way or door on its side, null if people do not agree on it. */
    counted() {
      const own = this._own;
      if (!own || ![WAY, DOOR, SHAFT].includes(own.looks) || this._turnsOn()) return null;
      const target = own.looks === WAY ? 'way' : 'door';
      const nth = this._nth(target, own);
      return nth > 0 && nth <= this.rules.most_counted ? { target: target, nth: nth } : null;
    }

    /** Whether the way to the turn leads through a hall, and our opening is one in a wall, not the
     * whole of a side. */
    isNarrowInHall() {
      const kinds = this.line.kinds.slice(this.since, this.turn.at);
      return Boolean(this._own) && this._own.wide <= this.rules.wide_cm && kinds.includes(HALL);
    }

    /** Whether the way goes straight over the first crossroads at the route's node i: the first spot,
     * as everybody sees it, from which ways lead off to both sides. */
    crosses(i) {
      const by = this.rules;
      const walked = this._chances.filter((one) => this._isAhead(one) && one.looks <= BAY);
      const pairs = [];
      walked.filter((one) => one.side < 0).forEach((left) => {
        walked.filter((one) => one.side > 0).forEach((right) => {
          const apart = Math.abs(left.at - right.at);
          if (apart > by.within_reach_cm) return;
          const isWay = left.looks === WAY && right.looks === WAY;
          pairs.push({ at: Math.max(left.at, right.at), apart: apart, isWay: isWay });
        });
      });
      if (!pairs.length) return false;
      const [first] = pairs.sort((one, other) => one.at - other.at || one.apart - other.apart);
      return first.isWay && first.apart <= by.stub_cm &&
        this.turnCm - first.at > by.within_reach_cm &&
        Math.abs(first.at - this.line.lengthCm(this.since, i)) <= by.own_cm;
    }

    /** Whether the walk comes by the door of a place at the route's node i, and by none of its name
     * before. */
    passes(i, place) {
      const first = this._firstOf(this.around.marksNamed(this.around.named(place)));
      const atCm = this.line.lengthCm(this.since, i);
      return Boolean(first) && first.place === place &&
        Math.abs(first.at - atCm) <= this.rules.own_cm;
    }

    /** Whether who walks straight on along drawn paths stays on the route as far as the turn, or to
     * its node `until`: no path ends before, and none that leads elsewhere is straighter. */
    keepsOn(until = this.turn.at - 1) {
      for (let i = this.since + 1; i <= until; i++) {
        if (this.network.spaceOfNode[this.line.nodes[i]] < 0 && !this._keepsOnAt(i)) return false;
      }
      return true;
    }

    _keepsOnAt(i) {
      const { around, rules } = this;
      const [before, node, after] = this.line.nodes.slice(i - 1, i + 2);
      const into = around.heading(before, node);
      const own = turnBetween(into, around.heading(node, after));
      let keeps = !around.ends(node, before) && Math.abs(own) <= rules.goes_on_deg;
      this._eachEdge(node, (edge, other) => {
        const deg = turnBetween(into, around.heading(node, other));
        if (Math.abs(deg) < Math.abs(own) && Math.abs(deg - own) > rules.straight_deg) keeps = false;
      });
      return keeps;
    }

    /** Whether the turn has several bends, or leads back. */
    _turnsOn() {
      return this.turn.at !== this.turn.until || Math.abs(this.turn.deg) > this.rules.back_deg;
    }

    /** The number of our opening, 0 if people do not agree on it: on what counts, on how far aside, on
     * whether to begin behind the last door that they open, or to leave out what is for staff. */
    _nth(target, own) {
      if (!this._isAhead(own) || own.aside > this.rules.stub_cm || this._isForked(own)) return 0;
      const openedCm = this._openedCm();
      const numbers = new Set();
      COUNTED[target].forEach((looks) => {
        const before = this._chances.filter(
          (one) => one.side === this.side && looks.includes(one.looks) && this._isAhead(one) &&
            one.at <= own.at && one !== own);
        numbers.add(before.length + 1);
        numbers.add(before.filter((one) => one.at > openedCm).length + 1);
        numbers.add(before.filter((one) => one.aside <= this.rules.stub_cm).length + 1);
        numbers.add(before.filter((one) => !this._isForStaff(one.door)).length + 1);
      });
      return numbers.size === 1 ? numbers.values().next().value : 0;
    }

    /** Whether a door, or a space behind it, is not for visitors; -1 is no door. */
    _isForStaff(door) {
      const n = this.network;
      if (door < 0) return false;
      return n.doorAccess[door] !== 0 || [2 * door, 2 * door + 1].some((side) => {
        const space = n.doorNodes[side] < 0 ? -1 : n.spaceOfNode[n.doorNodes[side]];
        return space >= 0 && n.spaceAccess[space] !== 0;
      });
    }

    /** Whether another one like ours leads off the same spot. */
    _isForked(own) {
      return this._chances.some((one) => one !== own && one.at === own.at &&
        one.side === own.side && one.looks === own.looks);
    }

    /** After how many centimetres the last door is opened before the turn, 0 if none is. */
    _openedCm() {
      const { darts } = this.line.route;
      for (let i = this.turn.at - 1; i >= this.since; i--) {
        const edge = darts[i] >> 1;
        if (this.network.kind[edge] === DOOR_EDGE && !this.line.isOpenDoor(edge)) {
          return this.line.lengthCm(this.since, i);
        }
      }
      return 0;
    }

    // -- how people read

    _slackCm(saidCm) {
      const by = this.rules;
      return Math.max(Math.floor(saidCm * by.believed_share), Math.floor(by.fine_grain_cm / 2));
    }

    /** Whether an opening is before the walker, not where the walk begins. */
    _isAhead(one) {
      return one.at - Math.floor(Math.min(one.wide, this.rules.wide_cm) / 2) > this.rules.begun_cm;
    }

    /** The openings that people would take on a stretch, in the order of walking. */
    _fitting(firstCm, lastCm) {
      const near = this._chances.filter(
        (one) => one.side === this.side && firstCm <= one.at && one.at <= lastCm &&
          this._isAhead(one));
      for (let looks = WAY; looks <= DOOR; looks++) {
        const found = near.filter((one) => one.looks === looks);
        if (found.length) return found;
      }
      return [];
    }

    /** Whether our opening is the only one found; in the open, whether we turn about there. */
    _isOnly(found, atCm) {
      if (!found.length) {
        const nearCm = this.rules.one_turn_cm;
        const isThere = this.turnCm - nearCm <= atCm && atCm <= this._untilCm + nearCm;
        return !this._own && isThere;
      }
      return found.length === 1 && found[0] === this._own;
    }

    /** The opening into which the turn leads, null if there is none. */
    _ownOpening() {
      const doors = this._doorsOfTurn();
      const beside = this._chances.filter((one) => one.side === this.side);
      const door = beside.find((one) => doors.includes(one.door));
      if (door) return door;
      let best = null;
      let bestOff = 0;
      beside.forEach((one) => {
        if (one.door >= 0) return;
        const apart = Math.max(this.turnCm - one.at, one.at - this._untilCm, 0);
        const off = apart - Math.floor(one.wide / 2);
        if (!best || off < bestOff) [best, bestOff] = [one, off];
      });
      return best && bestOff <= this.rules.own_cm ? best : null;
    }

    /** The doors on the route within a few steps of the turn. */
    _doorsOfTurn() {
      const { line: walked, turn, network: n } = this;
      const { darts, wayIn } = walked.route;
      let last = turn.until;
      while (last < walked.leg.last && walked.lengthCm(turn.until, last) <= this.rules.stub_cm) {
        last++;
      }
      const led = Array.from(darts.slice(turn.at, last));
      if (last === darts.length && wayIn >= 0) led.push(wayIn);
      return led.filter((dart) => n.kind[dart >> 1] === DOOR_EDGE)
        .map((dart) => n.thing[dart >> 1] - n.firstDoor);
    }

    // -- what there is

    /** Node and centimetres walked of the walk to the turn, and straight on from there. */
    _walk() {
      const { network } = this;
      const found = [];
      for (let i = this.since; i <= this.turn.at; i++) {
        found.push({ node: this.line.nodes[i], cm: this.line.lengthCm(this.since, i) });
      }
      const slackCm = this._slackCm(roundedM(this.turnCm, this.rules) * 100);
      const lastCm = this.turnCm + slackCm + this.rules.within_reach_cm;
      while (found.length > 1 && found[found.length - 1].cm < lastCm) {
        const [before, here] = found.slice(-2);
        const edge = this._straightOn(before.node, here.node);
        if (edge < 0) break;
        const other = network.other(edge, here.node);
        if (found.some((one) => one.node === other)) break;
        found.push({ node: other, cm: here.cm + network.length[edge] });
      }
      return found;
    }

    /** `take(edge, other end)` for each edge at a node, in order of number. */
    _eachEdge(node, take) {
      const { network } = this;
      for (let i = network.edgesFrom[node]; i < network.edgesFrom[node + 1]; i++) {
        take(network.edgesAt[i], network.other(network.edgesAt[i], node));
      }
    }

    /** The edge that goes straight on over open floor, -1 if there is none. Of drawn paths people
     * take the straightest. */
    _straightOn(before, node) {
      const { around, rules } = this;
      const into = around.heading(before, node);
      let best = -1;
      const isPath = this.network.spaceOfNode[node] < 0;
      let bestDeg = isPath ? rules.goes_on_deg : rules.straight_deg;
      this._eachEdge(node, (edge, other) => {
        if (other === before || !this._isOpen(edge)) return;
        const deg = Math.abs(turnBetween(into, around.heading(node, other)));
        if (deg < bestDeg) [best, bestDeg] = [edge, deg];
      });
      return best;
    }

    _isOpen(edge) {
      const kind = this.network.kind[edge];
      return kind === DOOR_EDGE ? this.line.isOpenDoor(edge) : WALKED.includes(kind);
    }

    /** What opens on both sides, in the order of walking. */
    _whatOpens() {
      return joined(this._gaps(), this.rules.joined_cm)
        .concat(this._doors(), this._crossings())
        .sort(inOrder);
    }

    /** Gaps in walls along the walk. */
    _gaps() {
      const { network, around } = this;
      const found = [];
      for (let k = 0; k + 1 < this._path.length; k++) {
        const here = this._path[k];
        let edge = -1;
        this._eachEdge(here.node, (one, other) => {
          if (edge < 0 && other === this._path[k + 1].node) edge = one;
        });
        const isBack = network.a[edge] !== here.node;
        around.openings(edge).forEach((one) => {
          const along = isBack ? network.length[edge] - one.at * 10 : one.at * 10;
          const side = isBack ? -one.side : one.side;
          found.push(chance(here.cm + along, one.wide * 10, side, one.looks, -1));
        });
      }
      return found;
    }

    /** Ways off a drawn path: it has no walls. */
    _crossings() {
      const { network, around, rules } = this;
      const found = [];
      for (let k = 1; k < this._path.length; k++) {
        const before = this._path[k - 1].node;
        const here = this._path[k];
        if (network.spaceOfNode[here.node] >= 0) continue;
        const after = k + 1 < this._path.length ? this._path[k + 1].node : -1;
        const into = around.heading(before, here.node);
        this._eachEdge(here.node, (edge, other) => {
          if (other === before || other === after || network.kind[edge] === DOOR_EDGE) return;
          const deg = turnBetween(into, around.heading(here.node, other));
          const sharp = Math.abs(deg);
          if (sharp < rules.straight_deg || sharp > 180 - rules.straight_deg) return;
          found.push(chance(here.cm, rules.path_cm, sideOf(deg, rules.straight_deg), WAY, -1));
        });
      }
      return found;
    }

    /** Doors and doorways beside the walk, each where it is passed. */
    _doors() {
      const { network, around } = this;
      const nearest = new Map();
      for (let k = 0; k < this._path.length; k++) {
        this._eachEdge(this._path[k].node, (edge, node) => {
          const doorSide = around.doorOfNode[node];
          const looks = doorSide >= 0 ? this._looks(node) : WAY;
          if (looks === WAY || network.kind[edge] === DOOR_EDGE) return;
          const found = this._beside(k, node, looks, doorSide >> 1);
          const known = nearest.get(doorSide >> 1);
          const isNear = found.off <= this.rules.within_reach_cm &&
            this._opensTo(k, node, found.chance);
          if (isNear && (!known || found.off < known.off)) nearest.set(doorSide >> 1, found);
        });
      }
      return Array.from(nearest.values()).map((one) => one.chance);
    }

    /** Whether who walks by looks across the way into a door. */
    _opensTo(k, node, one) {
      if (this._path.length < 2) return true;
      const first = Math.max(0, Math.min(k, this._path.length - 2));
      const into = this.around.heading(this._path[first].node, this._path[first + 1].node);
      const deg = turnBetween(into, this.around.outwards(node));
      const straightDeg = this.rules.straight_deg;
      return Math.abs(deg) <= 180 - straightDeg && sideOf(deg, straightDeg) === one.side;
    }

    /** How far beside the walk's k-th node another node is, and where it is passed. */
    _beside(k, node, looks, door) {
      const n = this.network;
      const here = this._path[k];
      const first = Math.min(k, this._path.length - 2);
      const a = first >= 0 ? this._path[first].node : here.node;
      const b = first >= 0 ? this._path[first + 1].node : node;
      const [ux, uy] = [n.x[b] - n.x[a], n.y[b] - n.y[a]];
      const length = Math.sqrt(ux * ux + uy * uy);
      const [dx, dy] = [n.x[node] - n.x[here.node], n.y[node] - n.y[here.node]];
      if (length === 0) {
        return { off: Math.sqrt(dx * dx + dy * dy), chance: chance(here.cm, 100, 1, looks, door) };
      }
      const along = (dx * ux + dy * uy) / length;
      const across = (dx * uy - dy * ux) / length;
      const atCm = here.cm + Math.floor(along + 0.5);
      const off = Math.abs(across);
      const side = across > 0 ? 1 : -1;
      return { off: off, chance: chance(atCm, 100, side, looks, door, Math.floor(off)) };
    }

    /** What the door at a node looks like from there; `WAY` if it is no door to people. */
    _looks(node) {
      const { network, around } = this;
      const doorSide = around.doorOfNode[node];
      const beyond = around.spaceBeyond(doorSide);
      const isOpen = network.doorKind[doorSide >> 1] === OPEN_DOOR;
      const kind = beyond >= 0 ? network.spaceKind[beyond] : -1;
      if (kind >= 0 && SHAFT_SPACES.includes(kind)) {
        return kind === STAIRS_SPACE && !isOpen ? DOOR : SHAFT;
      }
      if (!isOpen) return DOOR;
      if (kind !== ROOM_SPACE) return WAY;
      let wideCm = 0;
      this._eachEdge(node, (edge) => {
        if (network.kind[edge] === DOOR_EDGE) wideCm = Math.max(wideCm, network.width[edge]);
      });
      return wideCm <= this.rules.doorway_cm ? DOORWAY : BAY;
    }

    /** Where the walk passes the first of some marks, and whose it is; null if it passes none. */
    _firstOf(marks) {
      const reachCm = this.rules.within_reach_cm;
      let best = null;
      marks.forEach((mark) => {
        const passed = this._passed(mark.node);
        if (!passed || passed.off > reachCm) return;
        const isFirst = !best || passed.at < best.at - reachCm;
        if (isFirst || (passed.at <= best.at + reachCm && passed.off < best.off)) {
          best = { at: passed.at, off: passed.off, place: mark.place };
        }
      });
      return best;
    }

    /** Where the walk is nearest to a node on its level, and how near; null on another level. */
    _passed(node) {
      const n = this.network;
      if (n.level[node] !== n.level[this._path[0].node]) return null;
      let best = null;
      for (let k = 0; k + 1 < this._path.length; k++) {
        const [a, b] = [this._path[k].node, this._path[k + 1].node];
        const [ux, uy] = [n.x[b] - n.x[a], n.y[b] - n.y[a]];
        const [dx, dy] = [n.x[node] - n.x[a], n.y[node] - n.y[a]];
        const square = ux * ux + uy * uy;
        const share = square ? Math.min(Math.max((dx * ux + dy * uy) / square, 0), 1) : 0;
        const [ox, oy] = [dx - share * ux, dy - share * uy];
        const off = Math.sqrt(ox * ox + oy * oy);
        if (!best || off < best.off) {
          best = { at: this._path[k].cm + Math.floor(share * Math.sqrt(square) + 0.5), off: off };
        }
      }
      return best;
    }
  }

  function chance(at, wide, side, looks, door, aside = 0) {
    return { at: at, wide: wide, side: side, looks: looks, door: door, aside: aside };
  }

  /** Gaps without those that only go on with the one before. */
  function joined(gaps, joinedCm) {
    const found = [];
    const sorted = gaps.slice().sort((a, b) => a.side - b.side || a.at - b.at || a.wide - b.wide);
    sorted.forEach((one) => {
      const last = found[found.length - 1];
      const begins = one.at - Math.floor(one.wide / 2);
      if (last && last.side === one.side && last.looks === one.looks &&
          begins - (last.at + Math.floor(last.wide / 2)) <= joinedCm) {
        const first = Math.min(last.at - Math.floor(last.wide / 2), begins);
        const ends = Math.max(
          last.at + Math.floor(last.wide / 2), one.at + Math.floor(one.wide / 2));
        found[found.length - 1] = chance(
          Math.floor((first + ends) / 2), ends - first, one.side, one.looks, -1);
      } else {
        found.push(one);
      }
    });
    return found;
  }

  return { Foresight };
});
