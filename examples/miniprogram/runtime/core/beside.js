/* What is beside a line: see `navkit/guidance/beside.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./network.js'), require('./line.js'));
  } else {
    root.navkitBeside = make(root.navkitNetwork, root.navkitLine);
  }
})(this, /**
 * @param {typeof import('./network.js')} network
 * @param {typeof import('./line.js')} line
 */ function (network, line) {
  'use strict';

  const {
    CIRCULATION_SPACES, SPACE_KINDS, DOOR_KINDS, SHAFT_SPACES, CORRIDOR, FOOTWAY, DOOR,
  } = network;
  const { turnBetween, sideOf } = line;

  const HALL_SPACE = SPACE_KINDS.indexOf('hall');
  const ROOM_SPACE = SPACE_KINDS.indexOf('room');
  const CORRIDOR_SPACE = SPACE_KINDS.indexOf('corridor');
  const OPEN_DOOR = DOOR_KINDS.indexOf('open');
  const GUESSED = 2;
  /** Branches that people cannot tell from those counted: of `way`, `door`, `hall`, `staff`,
   * `guess`. */
  const UNSAFE = { way: ['hall', 'guess'], door: ['staff', 'guess'] };

  /** What is beside the line of one leg. */
  class Beside {
    constructor(line) {
      this.line = line;
      this.around = line.around;
      this.network = line.network;
      this.rules = line.rules;
      this.nodes = line.nodes;
      const route = line.route;
      /** Start and goal: neither serves as a landmark on the way to itself. */
      this._endsOfRoute = new Set(route.start.places.concat(route.goal.places));
      /** Spaces the route leads through: people do not pass by them. */
      this._spacesWalked = new Set(route.nodes.map((node) => this.network.spaceOfNode[node]));
      /** Names of what the leg begins or ends at or leads through: another place of such a name
       * would be taken for it. */
      this._namesMet = new Set(this._met().map((place) => this.around.named(place)));
      this._reached = new Map();
    }

    /** The ends of the route, and the places at the spaces that the leg leads through. */
    _met() {
      const leg = this.line.leg;
      const walked = this.nodes.slice(leg.first, leg.last + 1)
        .map((node) => this.around.placeAt(this.network.spaceOfNode[node]))
        .filter((place) => place >= 0);
      return Array.from(this._endsOfRoute).concat(Array.from(walked));
    }

    // -- at a turn

    /** The landmarks at a turn, first those on its side, then those ahead. None whose name people
     * have read already on this leg, and none that is in reach where they turned last: they would
     * turn there again. */
    landmarks(since, turn, side) {
      const said = this.around.landmarks(this.nodes[turn.at], this.nodes[turn.at - 1])
        .filter((mark) => this._isNew(mark.place, since, turn));
      const on = (wanted) => said.filter((mark) => mark.side === wanted);
      return on(side).concat(on(0), on(-side)).map((mark) => mark.place);
    }

    /** Rooms beside a turn that are no landmarks, whose names people have not read yet. */
    plain(since, turn) {
      return this.around.plain(this.nodes[turn.at], this.nodes[turn.at - 1])
        .filter((place) => this._isNew(place, since, turn));
    }

    _isNew(place, since, turn) {
      return !this._isUsed(place) && !this._isRead(place, turn.at) &&
        !this._namesReached(since).has(this.around.named(place));
    }

    /** Names of what is in reach where the way to a turn begins, which is the turn before it or a
     * waypoint; of nothing where the leg begins. */
    _namesReached(since) {
      if (!this._reached.has(since)) {
        const names = this._inReach(since).map((place) => this.around.named(place));
        this._reached.set(since, new Set(names));
      }
      return this._reached.get(since);
    }

    _inReach(since) {
      if (since === this.line.leg.first) return [];
      const { nodes, around } = this;
      const found = this.placesBeside(since);
      this.line.turns.filter((turn) => turn.until === since).forEach((turn) => {
        const dart = [nodes[turn.at], nodes[turn.at - 1]];
        around.landmarks(...dart).forEach((mark) => found.push(mark.place));
        found.push(...around.plain(...dart));
      });
      return found;
    }

    /** Whether a place's name is read on the leg before it comes to its node `at`: there, or at
     * another place of that name. */
    _isRead(place, at) {
      const name = this.around.named(place);
      for (let i = this.line.leg.first; i < at; i++) {
        if (this.line.lengthCm(i, at) > this.rules.past_cm && this._isNamedBeside(i, name)) {
          return true;
        }
      }
      return false;
    }

    /** Whether a place of some name is near the route's node i. */
    _isNamedBeside(i, name) {
      return this.placesBeside(i).some((one) => this.around.named(one) === name);
    }

    /** Whether the route itself starts, ends or leads there, or the leg to a place of that name: then
     * it is no landmark. */
    _isUsed(place) {
      return this._namesMet.has(this.around.named(place)) ||
        this.around.placeSpaces(place).some((space) => this._spacesWalked.has(space));
    }

    /** The place whose hall is entered by the door before the route's node i, or -1. */
    hallEntered(i) {
      const space = this.network.spaceOfNode[this.nodes[i]];
      if (space < 0 || this.network.spaceKind[space] !== HALL_SPACE) return -1;
      const place = this.around.placeAt(space);
      return this._endsOfRoute.has(place) ? -1 : place;
    }

    /** Whether a corridor ends at a turn, apart from doors: its floor and what leads on. */
    isEnd(turn) {
      const [before, node] = [this.nodes[turn.at - 1], this.nodes[turn.at]];
      return this.around.ends(node, before) && !this._goesOn(turn.at);
    }

    /** The form of the floor at a turn, if nothing on the way there looks like it, past the spot
     * where the way begins; else null. */
    form(since, turn) {
      const found = this.around.form(this.nodes[turn.at], this.nodes[turn.at - 1]);
      if (!found || turn.at !== turn.until || Math.abs(turn.deg) > this.rules.back_deg) return null;
      for (let i = since; i < turn.at; i++) {
        if (this.line.kinds[i] !== CORRIDOR && this.line.kinds[i] !== DOOR) return null;
      }
      const fromCm = this.line.lengthCm(since, turn.at) - this.rules.one_turn_cm;
      return fromCm <= found.clear_cm ? found.form : null;
    }

    /** Whether a way that the route does not take leads straight on at its node i. */
    _goesOn(i) {
      const before = this.nodes[i - 1];
      const node = this.nodes[i];
      const after = this.nodes[i + 1];
      const into = this.around.heading(before, node);
      return this._someEdge(node, (edge, other) => {
        if (other === before || other === after) return false;
        const deg = turnBetween(into, this.around.heading(node, other));
        if (Math.abs(deg) > this.rules.goes_on_deg) return false;
        return ['way', 'hall'].includes(this._leadsTo(node, other));
      });
    }

    /** Whether corridors or drawn paths part at a turn, and one of them leads straight on. */
    isFork(turn) {
      const at = turn.at;
      const isOne = at === turn.until;
      return isOne && [this.line.kinds[at - 1], this.line.kinds[at]].every(
        (kind) => kind === CORRIDOR || kind === FOOTWAY) && this._goesOn(at);
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

    /** The nth junction or door on the side of the turn, null if counting is not safe. */
    counted(since, turn, side) {
      if (turn.at !== turn.until || Math.abs(turn.deg) > this.rules.back_deg) return null;
      const target = this._leadsTo(this.nodes[turn.at], this.nodes[turn.at + 1]);
      const unsafe = UNSAFE[target];
      if (!unsafe) return null;
      const kinds = this.line.kinds.slice(since, turn.at);
      if (kinds.some((kind) => kind !== CORRIDOR && kind !== DOOR)) return null;
      let count = 1;
      for (let i = since + 1; i < turn.at; i++) {
        const branches = this._branches(i, side);
        if (branches.some((what) => unsafe.includes(what))) return null;
        if (branches.includes(target)) count++;
      }
      return count > this.rules.most_counted ? null : { target: target, nth: count };
    }

    /** Ways off the route at its node i on one side, as people see them. */
    _branches(i, side) {
      const node = this.nodes[i];
      const before = this.nodes[i - 1];
      const after = this.nodes[i + 1];
      const into = this.around.heading(before, node);
      const straightDeg = this.rules.straight_deg;
      const found = [];
      this._someEdge(node, (edge, other) => {
        if (other === before || other === after || this.network.kind[edge] === DOOR) return false;
        const deg = turnBetween(into, this.around.heading(node, other));
        if (Math.abs(deg) <= 180 - straightDeg && sideOf(deg, straightDeg) === side) {
          found.push(this._leadsTo(node, other));
        }
        return false;
      });
      const door = this.around.doorOfNode[node];
      const beyond = door < 0 ? -1 : this.network.doorNodes[door ^ 1];
      if (door >= 0 && beyond !== before && beyond !== after) {
        // The way leads along the very sill of a door, maybe of one that leads outside.
        const deg = turnBetween(into, this.around.outwards(node));
        if (sideOf(deg, straightDeg) === side) found.push(this._leadsTo(node, node));
      }
      return found;
    }

    /** What leads from a node to the next one, as people see it. */
    _leadsTo(node, other) {
      const network = this.network;
      const doorSide = this.around.doorOfNode[other];
      if (doorSide < 0 || (node !== other && this.around.isSideWay(other))) return 'way';
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

    /** A place past the turn, straight on, or -1: anybody who sees it has gone too far. Not one that
     * people have read before, or will yet: its name would tell them nothing. */
    tooFar(since, turn) {
      const by = this.rules;
      const place = this.around.past(this.nodes[turn.at], this.nodes[turn.at - 1]);
      const sharp = Math.abs(turn.deg);
      if (place < 0 || sharp < by.slight_deg || sharp > by.back_deg || this._isUsed(place) ||
          this.landmarks(since, turn, sideOf(turn.deg, by.straight_deg)).length > 0 ||
          this._isRead(place, turn.at)) {
        return -1;
      }
      const name = this.around.named(place);
      for (let i = turn.at + 1; i < this.line.leg.last; i++) {
        if (this._isNamedBeside(i, name)) return -1;
      }
      return place;
    }

    // -- at the end

    /** The first spot of the leg from which its aim is in plain sight; else its end. A walker who sees
     * it needs no more turns. What is a few steps aside, such as a lift in its lobby, is told as on
     * that side. `told`: the turns until then; `end`: the last node that is told; `deg` and `turn`: the
     * turn to the aim, null if it is ahead; `towards`: whether one walks towards it. */
    aim() {
      const { line, nodes } = this;
      const { turns, leg } = line;
      const door = nodes[line.end];
      const last = line.lastTurn;
      const turned = turns.length ? turns[turns.length - 1].until : leg.first;
      const end = Math.max(last ? last.until : line.end, turned);
      const atDoor = last && last.until === end ? last : null;
      const atEnd = {
        told: turns, end: end, deg: line.sideAtEnd(), turn: atDoor, towards: false,
      };
      if (leg.how === 'cross' || line.end === leg.last || !turns.length) return atEnd;
      return this._inSight(turns, door) || atEnd;
    }

    /** The aim as it is told from the first spot that sees it, null if none does. */
    _inSight(turns, door) {
      const { line, nodes, around } = this;
      const ahead = (told) => ({ told: told, end: line.end, deg: 0, turn: null, towards: true });
      // One turn out of a lift is soon told; who stands in the open has no side to turn to.
      const isLost = !line.leg.first && line.looking === null;
      if ((isLost || turns.length > 1) && around.sees(nodes[this._firstStop()], door)) {
        return ahead([]);
      }
      for (let number = 0; number < turns.length; number++) {
        const turn = turns[number];
        const deg = this._aside(turn, door);
        const told = turns.slice(0, number);
        if (deg) return { told: told, end: turn.at, deg: deg, turn: turn, towards: false };
        if (number + 1 < turns.length && around.sees(nodes[turn.until], door)) {
          return ahead(told.concat(turn));
        }
      }
      return null;
    }

    /** The turn to a lift or stairs a few steps aside of a turn, 0 if there is none in sight. In a
     * lobby people go farther aside than off a path over open floor. */
    _aside(turn, door) {
      const { line, nodes, around, rules, network } = this;
      const here = nodes[turn.at];
      if (!line.leg.how || !around.sees(here, door)) return 0;
      const farCm = network.spaceOfNode[door] < 0 ? rules.within_reach_cm : rules.beside_cm;
      if (around.distanceCm(here, door) > farCm) return 0;
      const into = around.heading(nodes[turn.at - 1], here);
      const deg = turnBetween(into, around.heading(here, door));
      return rules.ahead_deg < Math.abs(deg) && Math.abs(deg) <= rules.back_deg ? deg : 0;
    }

    /** The first node of the leg where one may look around: outside a lift, or at a start whose
     * direction nobody knows; its first node if there is none. */
    _firstStop() {
      const { line } = this;
      if (line.leg.first) return Math.min(line.leg.first + 1, line.end);
      return line.looking === null ? Math.max(0, line.aimless()) : 0;
    }

    // -- on the way

    /** The door or passage on the route's i-th dart, else -1. */
    door(i) {
      const network = this.network;
      const thing = network.thing[this.line.route.darts[i] >> 1];
      return network.isDoor(thing) ? thing - network.firstDoor : -1;
    }

    /** The door on the route's i-th dart if it has a leaf that must be opened, else -1; the door of a
     * lift or a staircase belongs to it. */
    leaf(i) {
      const network = this.network;
      const door = this.door(i);
      const from = network.spaceOfNode[this.nodes[i]];
      if (from >= 0 && SHAFT_SPACES.includes(network.spaceKind[from])) return -1;
      if (door < 0 || network.doorKind[door] === OPEN_DOOR) return -1;
      return network.doorFlags[door] & GUESSED ? -1 : door;
    }

    /** Kinds of the doors to open on the way. */
    leaves(since, until) {
      const network = this.network;
      const kinds = [];
      for (let i = since; i < until; i++) {
        const door = this.leaf(i);
        if (door >= 0) kinds.push(DOOR_KINDS[network.doorKind[door]]);
      }
      // Leaving the room where the walk starts needs no mention, but for who has just come in.
      const isAnywhere = this.line.route.start.anchor < 0 && !this.line.comesIn();
      if (kinds.length && since === 0 && isAnywhere) {
        const inside = network.spaceOfNode[this.nodes[0]];
        if (inside >= 0 && network.spaceKind[inside] === ROOM_SPACE) return kinds.slice(1);
      }
      return kinds;
    }

    /** Whether the first door on the way has no leaf: a place that is open in front. */
    opensInFront() {
      return this.line.isOpenDoor(this.line.route.darts[this.line.kinds.indexOf(DOOR)] >> 1);
    }

    /** The places whose doors are nearest to the middle of a stretch, or to every third or fourth of
     * a very long one; none too far from there. */
    passed(since, until) {
      const by = this.rules;
      const lengthCm = this.line.lengthCm(since, until);
      const wanted = Math.max(1, Math.floor(lengthCm / by.passed_every_cm));
      const count = Math.min(by.most_passed, wanted);
      const apartCm = lengthCm / (count + 1);
      const found = [];
      for (let number = 1; number <= count; number++) {
        let best = -1;
        let bestOffCm = apartCm * by.passed_share;
        let walkedCm = 0;
        for (let i = since + 1; i < until; i++) {
          walkedCm += this.network.length[this.line.route.darts[i - 1] >> 1];
          const offCm = Math.abs(walkedCm - number * apartCm);
          if (offCm >= bestOffCm) continue;
          const place = this.placesBeside(i).find((one) => !found.includes(one));
          if (place !== undefined) {
            best = place;
            bestOffCm = offCm;
          }
        }
        if (best >= 0) found.push(best);
      }
      return found;
    }

    /** Places behind doors near the route's node i, in the order of edges. */
    placesBeside(i) {
      const found = [];
      this._someEdge(this.nodes[i], (edge, other) => {
        const isNear = this.network.length[edge] <= this.rules.passed_near_cm;
        const place = isNear ? this._placeBehind(other) : -1;
        if (place >= 0) found.push(place);
        return false;
      });
      return found;
    }

    /** A place with a name of its own that the line comes by at its end or just before, or that is
     * beside the middle of the corridor to which it leads; -1 if there is none. */
    neighbour() {
      const { leg } = this.line;
      const inside = this.network.spaceOfNode[this.nodes[leg.last]];
      const isWay = inside >= 0 && CIRCULATION_SPACES.includes(this.network.spaceKind[inside]);
      const end = isWay ? leg.last : this.line.end;
      const level = this.network.level[this.nodes[end]];
      for (let i = end; i >= leg.first; i--) {
        if (this.line.lengthCm(i, end) > this.rules.past_cm) return -1;
        const found = this.placesBeside(i).find((one) => !this.around.isShared(one, level));
        if (found !== undefined) return found;
      }
      return -1;
    }

    /** The first place along the way that is in the direction of setting out, or -1. */
    towards(first, last) {
      for (let i = first + 1; i < last; i++) {
        let place = -1;
        const isFound = this._someEdge(this.nodes[i], (edge, other) => {
          place = this._placeBehind(other);
          return place >= 0 && this.liesOnward(first, last, other);
        });
        if (isFound) return place;
      }
      return -1;
    }

    /** Whether a node is roughly in the direction of the last, seen from the first of two nodes. */
    liesOnward(first, last, node) {
      const here = this.nodes[first];
      const heading = (there) => this.around.heading(here, there);
      const apart = turnBetween(heading(this.nodes[last]), heading(node));
      return Math.abs(apart) <= this.rules.towards_deg;
    }

    /** The public place behind the door at `node`, if it is not an end of the route; or -1. */
    _placeBehind(node) {
      const doorSide = this.around.doorOfNode[node];
      if (doorSide < 0 || this.network.doorAccess[doorSide >> 1] !== 0) return -1;
      const beyond = this.around.spaceBeyond(doorSide);
      const place = this.around.placeAt(beyond);
      return this._spacesWalked.has(beyond) || this._endsOfRoute.has(place) ? -1 : place;
    }
  }

  return { UNSAFE, Beside };
});
