/* A route as steps of cues: see `navkit/guidance/steps.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./cues.js'), require('./line.js'), require('./beside.js'));
  } else {
    root.navkitSteps = make(root.navkitCues, root.navkitLine, root.navkitBeside);
  }
})(this, /**
 * @param {typeof import('./cues.js')} cues
 * @param {typeof import('./line.js')} line
 * @param {typeof import('./beside.js')} beside
 */ function (cues, line, beside) {
  'use strict';

  const { CueKind, DECLARED, kindOf, cue } = cues;
  const { SIDES, turnBetween, sideOf, legsOf, Line } = line;
  const { Beside } = beside;

  /** The steps of a route, in walking order; they cover it without gaps. */
  function stepsOf(route, around) {
    const account = new Account(startCues(route, around));
    legsOf(route).forEach(function (leg) {
      const telling = new Telling(new Line(route, around, leg));
      if (!leg.first) telling.setOut(account);
      telling.tellTurns(account);
      telling.tellEnd(account);
    });
    return account.told;
  }

  /** What has been said about a route so far, and how the next step begins. */
  class Account {
    constructor(carried) {
      this.told = [];
      this.carried = carried;
      /** The shaft the walker is in, until leaving it has been mentioned. */
      this.entered = '';
      this.begin = 0;
    }

    /** End a step at the route's node `last`. */
    close(some, last, turnDeg) {
      this.told.push(
        { cues: this.carried.concat(some), first: this.begin, last: last, turn_deg: turnDeg });
      this.carried = [];
      this.begin = last;
    }
  }

  /** Cues that already tell people to walk on. */
  const WALKING = [
    CueKind.GO_DISTANCE, CueKind.GO_SHORT, CueKind.ON_DISTANCE, CueKind.ON_PASSING,
    CueKind.AT_DISTANCE, CueKind.AT_SHORT,
  ];

  function saysToWalk(some) {
    return some.some((one) => WALKING.includes(one.kind));
  }

  function isOf(family) {
    return (one) => DECLARED[one.kind].family === family;
  }

  /** How far: no metres below ten. */
  function distanceCue(family, cm, by) {
    if (cm < by.told_cm) return cue(kindOf(family, 'short'));
    return cue(kindOf(family, 'distance'), { cm: cm });
  }

  function turnCue(deg, by) {
    if (Math.abs(deg) > by.back_deg) return cue(CueKind.TURN_BACK);
    const family = Math.abs(deg) >= by.slight_deg ? 'turn' : 'keep';
    return cue(kindOf(family, SIDES[sideOf(deg, by.straight_deg)]));
  }

  function nthCue(counted, side) {
    const family = counted.target === 'door' ? 'at-nth-door' : 'at-nth-way';
    return cue(kindOf(family, SIDES[side]), { nth: counted.nth });
  }

  function startCues(route, around) {
    if (route.start.node >= 0) return [];
    if (route.start.anchor >= 0) return [cue(CueKind.START_ANCHOR, { anchor: route.start.anchor })];
    const place = route.start.places.find(
      (p) => around.venue.placeNodes(p).includes(route.nodes[0]));
    const isEntrance = around.venue.placeDoor(place) >= 0;
    return [cue(isEntrance ? CueKind.START_ENTRANCE : CueKind.START, { place: place })];
  }

  /** The description of one leg of a route. */
  class Telling {
    constructor(line) {
      this.line = line;
      this.beside = new Beside(line);
      this.route = line.route;
      this.leg = line.leg;
      this.venue = line.around.venue;
      this.rules = line.rules;
      const told = line.turns;
      /** Where the way to the leg's end begins. */
      this.since = told.length ? told[told.length - 1].until : line.leg.first;
    }

    // -- the beginning

    /** Which way to set out from a start in the open: from a code relative to its reader, from an
     * entrance relative to walking in, back on a route relative to where the walker came from, else
     * towards something in that direction. */
    setOut(account) {
      const { line, rules } = this;
      const start = this.route.start;
      const aimless = line.aimless();
      const onward = line.onward(aimless);
      if (onward < 0 && start.backFrom >= 0) account.carried.push(cue(CueKind.AGAIN_HERE));
      if (aimless < 0 || onward < 0) return;
      if (line.looking === null) {
        account.carried = account.carried.concat(this._towards(aimless, onward));
        return;
      }
      const heading = line.around.heading(line.nodes[aimless], line.nodes[onward]);
      const deg = turnBetween(line.looking, heading);
      let turns = Math.abs(deg) >= rules.straight_deg;
      if (start.anchor >= 0 || start.node >= 0) {
        const isBack = Math.abs(deg) > rules.back_deg;
        const side = isBack ? 'back' : SIDES[sideOf(deg, rules.slight_deg)];
        account.carried.push(cue(kindOf(start.anchor >= 0 ? 'face' : 'again', side)));
        turns = side !== 'ahead';
      } else if (turns) {
        account.carried.push(turnCue(deg, rules));
      }
      if (turns) account.close([], aimless, deg);
    }

    /** The first place along the way, else the lift or the goal itself; none of them if it is not
     * in the direction of setting out. */
    _towards(first, last) {
      const place = this.beside.towards(first, last);
      if (place >= 0) return [cue(CueKind.TOWARDS, { place: place })];
      const isThere = this.beside.liesOnward(first, last, this.line.nodes[this.leg.last]);
      if (!isThere || this.leg.how === 'cross') return [];
      if (this.leg.how) return [cue(CueKind.TOWARDS_SHAFT, { connector: this.leg.thing })];
      const goal = this.route.goal;
      if (goal.anchor >= 0) return [cue(CueKind.TOWARDS_ANCHOR, { anchor: goal.anchor })];
      return [cue(CueKind.TOWARDS, { place: goal.places[0] })];
    }

    // -- turns

    /** A step for each turn of the leg. */
    tellTurns(account) {
      let since = this.leg.first;
      this.line.turns.forEach((turn) => {
        account.close(this._toTurn(since, turn, account.entered), turn.until, turn.deg);
        account.entered = '';
        since = turn.until;
      });
    }

    /** The way to a turn, and the turn itself. */
    _toTurn(since, turn, entered) {
      const { line, rules } = this;
      const first = this.leg.first;
      const isFirst = turn === line.turns[0];
      const exitSoon = isFirst && line.lengthCm(first, turn.at) <= rules.exit_cm;
      const turned = turnCue(turn.deg, rules);
      if (exitSoon && entered) return [cue(kindOf('leave', entered)), turned];
      let some;
      if (exitSoon && !first && line.leavesDoor(first, turn.at)) {
        some = [cue(this.beside.opensInFront() ? CueKind.LEAVE_OPEN : CueKind.LEAVE_ROOM)];
      } else {
        some = this._at(since, turn);
        if (entered) {
          // The first turn is far away: say to walk straight on until then.
          if (!saysToWalk(some)) some.unshift(cue(CueKind.STRAIGHT));
          some.unshift(cue(kindOf('leave', entered)));
        }
      }
      const missed = this.beside.tooFar(turn);
      return some.concat(turned, missed >= 0 ? [cue(CueKind.TOO_FAR, { place: missed })] : []);
    }

    /** What is at a turn: landmark, end of the corridor, nth opening, door, distance. */
    _at(since, turn) {
      const { line, beside, rules } = this;
      const some = this._onTheWay(since, turn.at);
      const side = sideOf(turn.deg, rules.straight_deg);
      const landmark = beside.landmark(turn, side);
      if (landmark >= 0) return some.concat(cue(CueKind.AT_PLACE, { place: landmark }));
      const entered = this._entered(since, turn.at);
      if (entered) {
        const isDoor = (one) => isOf('through-one')(one) || isOf('through-more')(one);
        const doors = some.filter(isDoor);
        if (entered.kind === CueKind.AT_DOOR && doors.length) {
          // The door has been mentioned. Move it to the end: that is where people turn.
          return some.filter((one) => !isDoor(one)).concat(doors);
        }
        return some.concat(entered);
      }
      if (since > this.leg.first && line.lengthCm(since, turn.at) <= rules.soon_cm) {
        return some.concat(cue(CueKind.AT_SOON));
      }
      if (beside.isEnd(turn)) return some.concat(cue(CueKind.AT_END));
      const counted = beside.counted(since, turn, side);
      if (counted) return some.concat(nthCue(counted, side));
      const passing = some.filter((one) => one.kind === CueKind.ON_PASSING)
        .map((one) => cue(CueKind.AND_PASSING, one.slots));
      return some.filter((one) => !isOf('on')(one))
        .concat(distanceCue('at', line.lengthCm(since, turn.at), rules), passing);
    }

    /** The named hall or the door that was entered just before a turn. */
    _entered(since, until) {
      for (let i = until; i > since; i--) {
        if (this.line.lengthCm(i, until) > this.rules.one_turn_cm) return null;
        if (this.beside.door(i - 1) < 0) continue;
        const place = this.beside.hallEntered(i);
        if (place >= 0) return cue(CueKind.AT_ENTERING, { place: place });
        if (this.beside.leaf(i - 1) >= 0) return cue(CueKind.AT_DOOR);
      }
      return null;
    }

    // -- on the way

    /** Doors to go through, and on a long leg what people pass. */
    _onTheWay(since, until) {
      const some = this._doors(since, until);
      const lengthCm = this.line.lengthCm(since, until);
      if (lengthCm > this.rules.long_cm) {
        const passed = this.beside.passed(since, until);
        if (passed >= 0) some.push(cue(CueKind.ON_PASSING, { place: passed }));
        else some.push(cue(CueKind.ON_DISTANCE, { cm: lengthCm }));
      }
      return some;
    }

    /** The number of door leaves on the way, with their kind if all are automatic. */
    _doors(since, until) {
      const kinds = this.beside.leaves(since, until);
      if (!kinds.length) return [];
      const kind = kinds.every((one) => one === 'automatic') ? 'automatic' : 'any';
      if (kinds.length === 1) return [cue(kindOf('through-one', kind))];
      return [cue(kindOf('through-more', kind), { count: kinds.length })];
    }

    // -- the end

    /** The way to the goal, or to what leads to the next leg; then on to that. */
    tellEnd(account) {
      const leg = this.leg;
      const end = leg.how ? this._toTransfer() : this._arrival();
      let some = end.cues;
      if (account.entered && account.carried.length) {
        // Nothing to turn at after the lift: say so, people look for a direction there.
        account.carried.push(cue(kindOf('leave', account.entered)));
        if (!saysToWalk(some)) some = [cue(CueKind.STRAIGHT)].concat(some);
      }
      if (!leg.how) {
        account.close(some, leg.last, end.deg);
        return;
      }
      if (some.length || account.carried.length) {
        const isThere = !leg.first && this.line.end === leg.first;
        if (!some.length && !isThere) some = [cue(CueKind.STRAIGHT)];
        account.close(some, leg.last, end.deg);
      }
      account.carried = [this._transfer()];
      account.entered = leg.how === 'cross' ? '' : leg.how;
    }

    /** How far to the goal or the lift: the nth door on its side, or metres. */
    _toTheEnd(deg) {
      const { line, rules, since } = this;
      const turn = line.lastTurn;
      // Where the walker turns towards the aim, or stands before it.
      const end = Math.max(turn ? turn.until : line.end, since);
      const some = this._onTheWay(since, end);
      const lengthCm = line.lengthCm(since, end);
      if (lengthCm <= rules.near_cm) return some;
      const side = sideOf(deg, rules.ahead_deg);
      if (side && turn && since > this.leg.first) {
        const counted = this.beside.counted(since, turn, side);
        if (counted && counted.target === 'door') {
          return some.filter((one) => one.kind !== CueKind.ON_DISTANCE)
            .concat(nthCue(counted, side));
        }
      }
      return some.some(isOf('on')) ? some : some.concat(distanceCue('go', lengthCm, rules));
    }

    /** The last step's cues and the turn towards the goal. */
    _arrival() {
      const deg = this.line.sideAtEnd();
      const some = this._toTheEnd(deg);
      const side = SIDES[sideOf(deg, this.rules.ahead_deg)];
      const goal = this.route.goal;
      if (goal.anchor >= 0) {
        some.push(cue(kindOf('arrive-anchor', side), { anchor: goal.anchor }));
        return { cues: some, deg: deg };
      }
      const place = goal.places[0];
      if (this.route.wayIn >= 0) {
        some.push(cue(kindOf('way-in', side), { place: place }));
        const hasEntry = this.venue.hasEntry(place);
        some.push(hasEntry ? cue(CueKind.ENTER, { entry: place }) : cue(CueKind.ASK));
        return { cues: some, deg: deg };
      }
      some.push(cue(kindOf('arrive', side), { place: place }));
      if (this.venue.hasSign(place)) some.push(cue(CueKind.SIGN, { sign: place }));
      return { cues: some, deg: deg };
    }

    /** The way to a lift, stairs or bridge, and the turn towards it. */
    _toTransfer() {
      const leg = this.leg;
      if (leg.how === 'cross') return { cues: this._onTheWay(this.since, leg.last), deg: 0 };
      const deg = this.line.sideAtEnd();
      const some = this._toTheEnd(deg);
      if (!some.length && !deg && leg.first === this.since) return { cues: [], deg: 0 };
      const side = SIDES[sideOf(deg, this.rules.ahead_deg)];
      some.push(cue(kindOf('find', side), { connector: leg.thing }));
      return { cues: some, deg: deg };
    }

    /** Riding, climbing or crossing to the next level. */
    _transfer() {
      const { levels, level } = this.route.network;
      const leg = this.leg;
      const here = levels[level[this.line.nodes[leg.last]]];
      const number = level[this.line.nodes[leg.after]];
      if (leg.how === 'cross') return cue(CueKind.CROSS, { floor: number });
      const rise = levels[number].ordinal - here.ordinal;
      const floors = Math.floor(Math.abs(rise) + 0.5);
      let family = leg.how;
      if (family === 'stairs' && floors <= 1) {
        // Half a floor is not a floor: a few steps.
        family = Math.abs(rise) > this.rules.one_floor ? 'stairs-one' : 'stairs-few';
      }
      return cue(kindOf(family, rise > 0 ? 'up' : 'down'),
        { level: number, connector: leg.thing, floors: floors });
    }
  }

  return { stepsOf };
});
