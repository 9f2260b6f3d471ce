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

  const { SPACE_KINDS, DOOR_KINDS, CORRIDOR, DOOR } = network;
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
    }

    // -- at a turn

    /** The landmark to turn at, or -1: first one on the side of the turn, then one ahead. */
    landmark(turn, side) {
      for (let i = turn.at; i <= turn.until; i++) {
        const seen = this.around.landmarks(this.nodes[i], this.nodes[i - 1]);
        const said = seen.filter((mark) => !this._isUsed(mark.place));
        const wanted = [side, 0, -side];
        for (let w = 0; w < 3; w++) {
          const mark = said.find((one) => one.side === wanted[w]);
          if (mark) return mark.place;
        }
      }
      return -1;
    }

    /** Whether the route itself starts, ends or leads there: then it is no landmark. */
    _isUsed(place) {
      return this._endsOfRoute.has(place) ||
        this.around.placeSpaces(place).some((space) => this._spacesWalked.has(space));
    }

    /** The place whose hall is entered by the door before the route's node i, or -1. */
    hallEntered(i) {
      const space = this.network.spaceOfNode[this.nodes[i]];
      if (space < 0 || this.network.spaceKind[space] !== HALL_SPACE) return -1;
      const place = this.around.placeAt(space);
      return this._endsOfRoute.has(place) ? -1 : place;
    }

    /** Whether a corridor ends at a turn, apart from doors. */
    isEnd(turn) {
      return this.line.kinds[turn.at - 1] === CORRIDOR && !this._goesOn(turn.at);
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
        return ['way', 'hall'].includes(this._leadsTo(other));
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

    /** The nth junction or door on the side of the turn, null if counting is not safe. */
    counted(since, turn, side) {
      if (turn.at !== turn.until || Math.abs(turn.deg) > this.rules.back_deg) return null;
      const target = this._leadsTo(this.nodes[turn.at + 1]);
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

    /** Ways off the route at its node i on one side. */
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

    /** A place just past the turn, straight on, or -1: anybody who sees it has gone too far. */
    tooFar(turn) {
      const by = this.rules;
      const network = this.network;
      const before = this.nodes[turn.at - 1];
      let node = this.nodes[turn.at];
      const into = this.around.heading(before, node);
      if (Math.abs(turn.deg) > by.back_deg ||
          this.landmark(turn, sideOf(turn.deg, by.straight_deg)) >= 0) {
        return -1;
      }
      let walkedCm = 0;
      const seen = new Set([before, this.nodes[turn.at + 1]]);
      while (walkedCm < by.too_far_cm) {
        let onward = -1;
        let found = -1;
        const here = node;
        this._someEdge(here, (edge, other) => {
          if (seen.has(other) || network.kind[edge] !== CORRIDOR) return false;
          const place = this._placeBehind(other);
          if (place >= 0 && walkedCm > 0 && this._isRoomDoor(other)) {
            found = place;
            return true;
          }
          const deg = turnBetween(into, this.around.heading(here, other));
          if (Math.abs(deg) < by.straight_deg && onward < 0) onward = edge;
          return false;
        });
        if (found >= 0 || onward < 0) return found;
        seen.add(node);
        walkedCm += network.length[onward];
        node = network.other(onward, node);
      }
      return -1;
    }

    // -- on the way

    /** The door or passage on the route's i-th dart, else -1. */
    door(i) {
      const network = this.network;
      const thing = network.thing[this.line.route.darts[i] >> 1];
      return network.isDoor(thing) ? thing - network.firstDoor : -1;
    }

    /** The door on the route's i-th dart if it has a leaf that must be opened, else -1. */
    leaf(i) {
      const network = this.network;
      const door = this.door(i);
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
      // Leaving the room where the walk starts needs no mention.
      if (kinds.length && since === 0 && this.line.route.start.anchor < 0) {
        const start = network.spaceOfNode[this.nodes[0]];
        if (start >= 0 && network.spaceKind[start] === ROOM_SPACE) return kinds.slice(1);
      }
      return kinds;
    }

    /** Whether the first door on the way has no leaf: a place that is open in front. */
    opensInFront() {
      return this.line.isOpenDoor(this.line.route.darts[this.line.kinds.indexOf(DOOR)] >> 1);
    }

    /** The place whose door is nearest to the middle of a stretch, not too near its ends; or -1. */
    passed(since, until) {
      const halfCm = this.line.lengthCm(since, until) / 2;
      let best = -1;
      let bestOffCm = halfCm * this.rules.passed_share;
      let walkedCm = 0;
      for (let i = since + 1; i < until; i++) {
        walkedCm += this.network.length[this.line.route.darts[i - 1] >> 1];
        const offCm = Math.abs(walkedCm - halfCm);
        if (offCm >= bestOffCm) continue;
        this._someEdge(this.nodes[i], (edge, other) => {
          const place = this._placeBehind(other);
          if (place < 0) return false;
          best = place;
          bestOffCm = offCm;
          return true;
        });
      }
      return best;
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

    /** Whether there is a room behind the door at `node`: a hall may be seen long before. */
    _isRoomDoor(node) {
      const beyond = this.around.spaceBeyond(this.around.doorOfNode[node]);
      return this.network.spaceKind[beyond] === ROOM_SPACE;
    }
  }

  return { UNSAFE, Beside };
});
