/* A route as steps of cues: see `navkit/guidance/steps.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./network.js'), require('./cues.js'), require('./line.js'), require('./beside.js'),
      require('./foresight.js'), require('./overview.js'), require('./boards.js'),
      require('./waypoints.js'));
  } else {
    root.navkitSteps = make(
      root.navkitNetwork, root.navkitCues, root.navkitLine, root.navkitBeside,
      root.navkitForesight, root.navkitOverview, root.navkitBoards, root.navkitWaypoints);
  }
})(this, /**
 * @param {typeof import('./network.js')} network
 * @param {typeof import('./cues.js')} cues
 * @param {typeof import('./line.js')} line
 * @param {typeof import('./beside.js')} beside
 * @param {typeof import('./foresight.js')} foresight
 * @param {typeof import('./overview.js')} overview
 * @param {typeof import('./boards.js')} boards
 * @param {typeof import('./waypoints.js')} waypoints
 */ function (network, cues, line, beside, foresight, overview, boards, waypoints) {
  'use strict';

  const {
    CIRCULATION_SPACES, DOOR_KINDS, KIND_NAMES, SHAFT_SPACES, SPACE_KINDS, STAIRS, RAMP, DOOR,
  } = network;

  const { CueKind, DECLARED, kindOf, cue } = cues;
  const { SIDES, turnBetween, sideOf, legsOf, leavesAtOnce, Line } = line;
  const { Beside } = beside;
  const { Foresight } = foresight;
  const { transfer } = overview;
  const { Boards } = boards;
  const { waypoint } = waypoints;
  const OPEN_DOOR = DOOR_KINDS.indexOf('open');
  const OUTDOOR_SPACE = SPACE_KINDS.indexOf('outdoor');
  const GUESSED = 2; // Of a door's flags.

  /** Steps with what lies on their way: steps and ramps, what nobody has verified. */
  function dressed(route, around, some) {
    const doubts = new Doubts(route);
    return some.map(function (step) {
      return forWalker(route, doubts.toldOn(withFloor(route, around, step)));
    });
  }

  /** The steps of a route, one action each, in walking order; they cover it without gaps. */
  function stepsOf(route, around) {
    return dressed(route, around, actionsOf(route, around));
  }

  /** The steps with nothing but where to walk and turn. */
  function actionsOf(route, around) {
    const account = new Account(startCues(route, around));
    legsOf(route).forEach(function (leg) {
      const telling = new Telling(new Line(route, around, leg));
      if (!leg.first) telling.setOut(account);
      telling.tellTurns(account);
      telling.tellEnd(account);
    });
    return account.told;
  }

  /** The step without what its walker is not told, unless nothing would be left. Profiles of older
   * bundles leave nothing out. */
  function forWalker(route, step) {
    const untold = route.profile.untold || [];
    const cues = step.cues.filter((one) => !untold.includes(one.kind));
    return cues.length ? Object.assign({}, step, { cues: cues }) : step;
  }

  /** Families of cues that lead to or through the door that a doubt is about. */
  const AT_A_DOOR = [
    'leave', 'arrive', 'way-in', 'next', 'find', 'towards-shaft', 'at-door', 'sign', 'enter',
  ];

  /** What nobody has verified on a route: guessed doors, restrictions that could not be read. Of
   * guessed doors it is said in full at the first one and at the goal's; at others in few words, or
   * only that there is a door, if nothing else says so. */
  class Doubts {
    constructor(route) {
      this.route = route;
      this.network = route.network;
      /** Whether people know that there are doors which nobody has verified. */
      this.isTold = false;
      const led = Array.from(route.darts).concat(route.wayIn >= 0 ? [route.wayIn] : []);
      const doors = this._met(led).filter((thing) => this.network.isDoor(thing));
      /** The first and the last door of the route. */
      this._ends = doors.length ? [doors[0], doors[doors.length - 1]] : [];
    }

    /** The things that darts belong to, in the order of walking. */
    _met(darts) {
      return darts.map((dart) => this.network.thing[dart >> 1]);
    }

    /** The step, and what is doubtful on it: doors on the way before what there is to do,
     * restrictions and the door that it leads to after that. */
    toldOn(step) {
      const { route, network } = this;
      const darts = Array.from(route.darts.slice(step.first, step.last));
      if (step.last === route.darts.length && route.wayIn >= 0) darts.push(route.wayIn);
      const met = Array.from(new Set(this._met(darts)));
      const spaces = route.nodes.slice(step.first, step.last + 1)
        .map((node) => network.spaceOfNode[node]);
      const some = this._withDoors(step, met);
      if (met.concat(spaces).some((thing) => thing >= 0 && network.thingUnverified[thing])) {
        some.push(cue(CueKind.UNSURE_LIMIT));
      }
      return Object.assign({}, step, { cues: some });
    }

    /** The cues of a step, and what is said of its guessed doors. */
    _withDoors(step, met) {
      const guessed = met.filter((thing) => this._isGuessed(thing));
      if (!guessed.length) return step.cues.slice();
      const isNamed = step.cues.some((one) => AT_A_DOOR.includes(DECLARED[one.kind].family));
      const passed = guessed.filter((thing) => !(isNamed && this._isEnd(thing)));
      const isFirst = !this.isTold || guessed.includes(this._ends[1]);
      this.isTold = true;
      const many = isFirst ? guessed : passed;
      if (many.length > 1) return step.cues.concat(cue(CueKind.UNSURE_DOORS));
      if (!passed.length) {
        return step.cues.concat(cue(isFirst ? CueKind.UNSURE_DOOR : CueKind.UNSURE_DOOR_AGAIN));
      }
      const kind = isFirst ? CueKind.UNSURE_DOOR_ON_WAY : CueKind.UNSURE_ON_WAY_AGAIN;
      return onTheWay(step, [cue(kind)]);
    }

    _isGuessed(thing) {
      const { network } = this;
      const door = thing - network.firstDoor;
      return network.isDoor(thing) && (network.doorFlags[door] & GUESSED) &&
        network.doorKind[door] !== OPEN_DOOR;
    }

    /** Whether a door is one that people look for or leave by: of the start, of the goal, or of a
     * lift or stairs. */
    _isEnd(thing) {
      const { network } = this;
      const door = thing - network.firstDoor;
      return this._ends.includes(thing) || [network.doorA[door], network.doorB[door]].some(
        (space) => space >= 0 && SHAFT_SPACES.includes(network.spaceKind[space]));
    }
  }

  /** Families of cues that come before the way is walked. */
  const SETTING_OUT = ['start', 'start-anchor', 'start-entrance', 'face', 'again', 'leave'];

  const OVER = [[STAIRS, CueKind.OVER_STEPS], [RAMP, CueKind.OVER_RAMP]];

  /** The step with the steps and ramps that keep the storey: everybody is told of those they may
   * use, so that nobody looks for steps who is on the ramp beside them. */
  function withFloor(route, around, step) {
    const { forbidden } = route.profile;
    const kinds = new Set();
    route.darts.slice(step.first, step.last).forEach((dart) => {
      (around.over.get(dart >> 1) || []).forEach((kind) => kinds.add(kind));
    });
    const over = OVER.filter((row) => kinds.has(row[0]) && !forbidden.includes(KIND_NAMES[row[0]]))
      .map((row) => (row[0] === STAIRS ? stepsOn(route, around, step) : cue(row[1])));
    return over.length ? Object.assign({}, step, { cues: onTheWay(step, over) }) : step;
  }

  /** The cues of a step with what lies on its way: behind where it sets out, before what there is to
   * do. */
  function onTheWay(step, over) {
    const told = step.cues.findIndex((one) => !SETTING_OUT.includes(DECLARED[one.kind].family));
    const at = told < 0 ? step.cues.length : told;
    return step.cues.slice(0, at).concat(over, step.cues.slice(at));
  }

  /** The steps that are walked over: how many, up or down, if the drawing says so of all of
   * them. */
  function stepsOn(route, around, step) {
    const network = route.network;
    const walked = Array.from(route.darts.slice(step.first, step.last)).filter(
      (dart) => around.over.has(dart >> 1) && network.kind[dart >> 1] === STAIRS);
    const things = Array.from(new Set(walked.map((dart) => network.thing[dart >> 1])));
    const flight = things.length === 1 ? network.paths[things[0] - network.firstPath] : undefined;
    const count = (flight && flight.steps) || 0;
    if (!count || count > around.rules.most_steps ||
        walked.length !== around.flight(things[0])) {
      return cue(CueKind.OVER_STEPS);
    }
    if (count === 1) return cue(CueKind.OVER_STEP);
    const rises = new Set(walked.map((dart) => (dart & 1 ? -flight.climbs : flight.climbs)));
    const form = rises.size > 1 ? 'counted' : { 1: 'up', '-1': 'down' }[[...rises][0]] || 'counted';
    return cue(kindOf('over', form), { count: count });
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

    /** End a step at the route's node `last`; what there is to do begins at its node `at`. */
    close(some, last, turnDeg, at) {
      const cues = saidOnce(this.carried.concat(some));
      const move = { cues: cues, first: this.begin, last: last, turn_deg: turnDeg, at: at };
      this.told.push(Object.assign({}, move, { moves: [move] }));
      this.carried = [];
      this.begin = last;
    }
  }

  /** Cues that already tell people to walk on. */
  const WALKING = [
    CueKind.GO_DISTANCE, CueKind.ON_DISTANCE, CueKind.AT_DISTANCE,
  ];

  function saysToWalk(some) {
    return some.some((one) => WALKING.includes(one.kind));
  }

  /** Families of cues by which the goal is known from others, or that leave no room for more. */
  const TOLD_MORE = ['passing', 'at-nth-door', 'through-one', 'through-more'];

  const ON = [CueKind.GO_DISTANCE, CueKind.ON_DISTANCE];
  const TOWARDS = [CueKind.TOWARDS, CueKind.TOWARDS_SHAFT, CueKind.TOWARDS_ANCHOR];

  /** Cues without what walking towards something has said already: that one walks, and that it is
   * ahead. */
  function saidOnce(some) {
    const found = [];
    some.forEach(function (one) {
      const before = found.length ? found[found.length - 1].kind : '';
      const isTold = one.kind === CueKind.FIND_AHEAD && found.some(
        (other) => other.kind === CueKind.TOWARDS_SHAFT &&
          other.slots.connector === one.slots.connector);
      if (TOWARDS.includes(before) && ON.includes(one.kind)) {
        found.push(cue(CueKind.FOR_DISTANCE, one.slots));
      } else if (!isTold) {
        found.push(one);
      }
    });
    return found;
  }

  function isOf(family) {
    return (one) => DECLARED[one.kind].family === family;
  }

  function isThrough(one) {
    return isOf('through-one')(one) || isOf('through-more')(one);
  }

  function turnCue(deg, by) {
    if (Math.abs(deg) > by.back_deg) return cue(CueKind.TURN_BACK);
    const family = Math.abs(deg) >= by.slight_deg ? 'turn' : 'keep';
    return cue(kindOf(family, SIDES[sideOf(deg, by.straight_deg)]));
  }

  /** The nth opening on the way. */
  function countedCues(some, counted, side) {
    const family = counted.target === 'door' ? 'at-nth-door' : 'at-nth-way';
    return toldFirst(some, cue(kindOf(family, SIDES[side]), { nth: counted.nth }));
  }

  /** What one looks out for, then how far it is: metres before it would say where looking for it
   * begins. */
  function toldFirst(some, at) {
    const before = some.filter((one) => one.kind !== CueKind.ON_DISTANCE);
    const about = some.filter((one) => one.kind === CueKind.ON_DISTANCE)
      .map((one) => cue(CueKind.ABOUT_DISTANCE, one.slots));
    return before.concat(at, about);
  }

  /** Whether two ways of counting agree on an opening. */
  function isSame(one, other) {
    return Boolean(one && other && one.target === other.target && one.nth === other.nth);
  }

  /** What is said of the way to a turn, and whether nothing else can be meant. */
  function where(some, isSure = true) {
    return { cues: some, isSure: isSure };
  }

  function startCues(route, around) {
    if (route.start.node >= 0) return [];
    if (route.start.anchor >= 0) return [cue(CueKind.START_ANCHOR, { anchor: route.start.anchor })];
    const place = route.start.places.find(
      (p) => around.venue.placeNodes(p).includes(route.nodes[0]));
    // Nobody who walks out by an entrance has to come in by it first.
    const comesIn = around.venue.placeDoor(place) >= 0 && !leavesAtOnce(route, around.venue);
    return [cue(comesIn ? CueKind.START_ENTRANCE : CueKind.START, { place: place })];
  }

  /** The description of one leg of a route. */
  class Telling {
    constructor(line) {
      this.line = line;
      this.beside = new Beside(line);
      this.boards = new Boards(line);
      /** What is said of the way to turns, by where one comes from. */
      this._known = new Map();
      this.route = line.route;
      this.leg = line.leg;
      this.venue = line.around.venue;
      this.rules = line.rules;
      this.aim = this.beside.aim();
      const told = this.aim.told;
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
        const isSeen = this.aim.towards && !this.aim.told.length;
        if (!isSeen) account.carried = account.carried.concat(this._towards(aimless, onward));
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
      if (turns) account.close([], aimless, deg, this.leg.first);
    }

    /** The first place along the way, else the lift or the goal itself; none of them if it is not
     * in the direction of setting out. */
    _towards(first, last) {
      const place = this.beside.towards(first, last);
      if (place >= 0) return [cue(CueKind.TOWARDS, { place: place })];
      const isThere = this.beside.liesOnward(first, last, this.line.nodes[this.leg.last]);
      return isThere && this.leg.how !== 'cross' ? this._towardsAim() : [];
    }

    _towardsAim() {
      if (this.leg.how) return [cue(CueKind.TOWARDS_SHAFT, { connector: this.leg.thing })];
      const goal = this.route.goal;
      if (goal.anchor >= 0) return [cue(CueKind.TOWARDS_ANCHOR, { anchor: goal.anchor })];
      return [cue(CueKind.TOWARDS, { place: goal.places[0] })];
    }

    // -- turns

    /** A step for each turn of the leg. */
    tellTurns(account) {
      let since = this.leg.first;
      this.aim.told.forEach((turn) => {
        const point = this._waypoint(since, turn);
        if (point) {
          account.close(
            this._toWaypoint(since, point, account.entered), point.at, 0, point.at);
          account.entered = '';
          since = point.at;
        }
        account.close(
          this._toTurn(since, turn, account.entered), turn.until, turn.deg, turn.at);
        account.entered = '';
        since = turn.until;
      });
    }

    /** Where to go straight on first, if nothing that is said of the whole way means this turn only,
     * and something does from there; null if there is no such spot. */
    _waypoint(since, turn) {
      if (this.line.lengthCm(since, turn.at) <= this.rules.exit_cm) return null;
      if (this._at(since, turn).isSure || this.boards.marks(since, turn)) return null;
      const ahead = new Foresight(this.line, since, turn);
      return waypoint(this.beside, ahead, (at) => this._at(at, turn).isSure);
    }

    /** The way to a waypoint, and straight on. */
    _toWaypoint(since, point, entered) {
      const some = this.boards.toEnd(this._doorsAndMetres(since, point.at), since, point.at);
      const left = entered ? [cue(kindOf('leave', entered)), cue(CueKind.STRAIGHT)] : [];
      return left.concat(toldFirst(some, point.cue), cue(CueKind.KEEP_AHEAD));
    }

    /** The way to a turn, and the turn itself. */
    _toTurn(since, turn, entered) {
      const { line, rules } = this;
      const first = this.leg.first;
      const isFirst = turn === this.aim.told[0];
      const exitSoon = isFirst && line.lengthCm(first, turn.at) <= rules.exit_cm;
      const turned = this._turned(turn);
      if (exitSoon && entered) {
        return this.boards.leaving(cue(kindOf('leave', entered)), turn).concat(turned);
      }
      let some = exitSoon ? this._leaving(turn.at) : [];
      if (!some.length) {
        some = this.boards.atTurn(this._at(since, turn).cues, since, turn);
        if (entered) {
          // The first turn is far away: say to walk straight on until then.
          if (!saysToWalk(some)) some.unshift(cue(CueKind.STRAIGHT));
          some.unshift(cue(kindOf('leave', entered)));
        }
      }
      // What one passes on the way tells as well that one is right.
      const missed = some.some(isOf('passing')) ? -1 : this.beside.tooFar(since, turn);
      return some.concat(turned, missed >= 0 ? [cue(CueKind.TOO_FAR, { place: missed })] : []);
    }

    /** The turn itself: a side to bear to, or which way to take where another leads on. */
    _turned(turn) {
      const one = turnCue(turn.deg, this.rules);
      const { family, form } = DECLARED[one.kind];
      return family === 'keep' && this.beside.isFork(turn) ? cue(kindOf('fork', form)) : one;
    }

    /** What is at a turn: landmark, end of the corridor, nth opening, door, distance. */
    _at(since, turn) {
      const key = `${since} ${turn.at}`;
      if (!this._known.has(key)) this._known.set(key, this._where(since, turn));
      return this._known.get(key);
    }

    _where(since, turn) {
      const { line, beside, rules } = this;
      const some = this._onTheWay(since, turn.at);
      const side = sideOf(turn.deg, rules.straight_deg);
      const ahead = new Foresight(line, since, turn);
      const landmarks = beside.landmarks(since, turn, side);
      const landmark = landmarks.find((place) => ahead.tellsPlace(place));
      if (landmark !== undefined) {
        return where(some.concat(cue(CueKind.AT_PLACE, { place: landmark })));
      }
      const entered = this._entered(since, turn.at);
      if (entered) {
        const doors = some.filter(isThrough);
        if (entered.kind === CueKind.AT_DOOR && doors.length) {
          // The door has been mentioned. Move it to the end: that is where people turn.
          return where(some.filter((one) => !isThrough(one)).concat(doors));
        }
        return where(some.concat(entered));
      }
      return this._byTheFloor(some, ahead, landmarks);
    }

    /** Where to turn if nothing well-known is there: the first of what can mean this turn only, else
     * how far it is. */
    _byTheFloor(some, ahead, landmarks) {
      const { beside, rules } = this;
      const { since, turn, turnCm: lengthCm, side } = ahead;
      if (lengthCm <= (since > this.leg.first ? rules.soon_cm : rules.near_cm)) {
        const soon = where(some.concat(cue(CueKind.AT_SOON)), ahead.tellsSoon());
        if (soon.isSure) return soon;
        return this._marked(some, ahead, landmarks) || soon;
      }
      const form = beside.form(since, turn);
      if (form) return where(toldFirst(some, cue(kindOf('at-form', form))));
      const structure = this._byStructure(some, ahead);
      if (structure) return structure;
      const opened = this._opened(some, ahead);
      if (opened) return opened;
      const isSure = ahead.tellsDistance();
      if (!isSure) {
        const marked = this._marked(some, ahead, landmarks);
        if (marked) return marked;
        const counted = ahead.counted();
        if (counted) return where(countedCues(some, counted, side));
      }
      return where(some.filter(isThrough)
        .concat(cue(CueKind.AT_DISTANCE, { cm: lengthCm }), some.filter(isOf('passing'))), isSure);
    }

    /** At the door to which one turns, else where the corridor ends, else at the nth opening; null if
     * people may not agree on what that is. */
    _byStructure(some, ahead) {
      const { since, turn, side } = ahead;
      const counted = ahead.counted();
      const isAgreed = isSame(counted, this.beside.counted(since, turn, side));
      if (isAgreed && counted.target === 'door') return where(countedCues(some, counted, side));
      if (this.beside.isEnd(turn) && ahead.keepsOn()) {
        return where(some.concat(cue(CueKind.AT_END)));
      }
      if (!isAgreed && !(counted && ahead.isNarrowInHall())) return null;
      return where(countedCues(some, counted, side));
    }

    /** Right behind an opening in a wall, if it is straight ahead, and the first that one goes
     * through; else null. */
    _opened(some, ahead) {
      const { line, rules } = this;
      const { turn } = ahead;
      const passed = [];
      for (let i = ahead.since; i < turn.at; i++) {
        if (line.kinds[i] === DOOR && line.around.isMouth(line.nodes[i])) passed.push(i);
      }
      if (passed.length !== 1 || line.lengthCm(passed[0], turn.at) > rules.one_turn_cm) return null;
      if (!line.liesAhead(ahead.since, passed[0])) return null;
      return where(some.concat(cue(CueKind.AT_OPENING)));
    }

    /** At a room that means this turn only, else at a landmark that may mean another; null if there
     * is neither. */
    _marked(some, ahead, landmarks) {
      const room = this.beside.plain(ahead.since, ahead.turn).find((place) => ahead.tellsPlace(place));
      const place = room === undefined ? landmarks[0] : room;
      if (place === undefined) return null;
      return where(some.concat(cue(CueKind.AT_PLACE, { place: place })), room !== undefined);
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

    /** Doors to go through; on a long leg how far it is, and what people pass. */
    _onTheWay(since, until) {
      const some = this._doorsAndMetres(since, until);
      if (some.some((one) => one.kind === CueKind.ON_DISTANCE)) {
        this.beside.passed(since, until).forEach((place, number) => {
          const kind = number ? CueKind.THEN_PASSING : CueKind.AND_PASSING;
          some.push(cue(kind, { place: place }));
        });
      }
      return some;
    }

    /** Doors to go through; on a long leg how far it is. */
    _doorsAndMetres(since, until) {
      const some = this._doors(since, until);
      const lengthCm = this.line.lengthCm(since, until);
      if (lengthCm > this.rules.long_cm) some.push(cue(CueKind.ON_DISTANCE, { cm: lengthCm }));
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
        if (!this.aim.towards && !saysToWalk(some)) some = [cue(CueKind.STRAIGHT)].concat(some);
      }
      if (!leg.how) {
        account.close(some, leg.last, end.deg, this._nearEnd());
        return;
      }
      if (some.length || account.carried.length) {
        const isThere = !leg.first && this.line.end === leg.first;
        if (!some.length && !isThere) some = [cue(CueKind.STRAIGHT)];
        account.close(some, leg.last, end.deg, this._nearEnd());
      }
      account.carried = [transfer(this.route, this.leg, this.rules)];
      if (this.route.profile.lift_side && this.line.opensOpposite()) {
        account.carried.push(cue(CueKind.LIFT_THROUGH));
      }
      account.entered = leg.how === 'cross' ? '' : leg.how;
    }

    /** Where one turns to the end, which is at its door unless one turns before. */
    _nearEnd() {
      const { turn, end } = this.aim;
      return turn ? turn.at : end;
    }

    /** How far to the goal or the lift: towards it, the nth door on its side, or metres. */
    _toTheEnd() {
      const { line, rules, since, aim } = this;
      const lengthCm = line.lengthCm(since, aim.end);
      const some = (aim.towards ? this._towardsAim() : []).concat(this._onTheWay(since, aim.end));
      const side = sideOf(aim.deg, rules.ahead_deg);
      if (lengthCm <= rules.near_cm) {
        return side && !aim.told.length ? this._leaving(aim.end).concat(some) : some;
      }
      if (side && aim.turn && since > this.leg.first) {
        const counted = this.beside.counted(since, aim.turn, side);
        const foreseen = new Foresight(line, since, aim.turn).counted();
        if (isSame(counted, foreseen) && counted.target === 'door') {
          return countedCues(some, counted, side);
        }
      }
      return saysToWalk(some) ? some : some.concat(cue(CueKind.GO_DISTANCE, { cm: lengthCm }));
    }

    /** Out of the room where the route starts: what is at a side is so outside its door. */
    _leaving(until) {
      if (this.leg.first || !this.line.leavesDoor(0, until)) return [];
      if (this.line.comesIn()) return this._doors(0, until);
      return [cue(this.beside.opensInFront() ? CueKind.LEAVE_OPEN : CueKind.LEAVE_ROOM)];
    }

    /** The last step's cues and the turn towards the goal. */
    _arrival() {
      const deg = this.aim.deg;
      const some = this.boards.toEnd(this._toTheEnd(), this.since, this.aim.end);
      const side = SIDES[sideOf(deg, this.rules.ahead_deg)];
      const goal = this.route.goal;
      if (goal.anchor >= 0) {
        some.push(cue(kindOf('arrive-anchor', side), { anchor: goal.anchor }));
        return { cues: some, deg: deg };
      }
      const place = goal.places[0];
      const isWayIn = this.route.wayIn >= 0;
      const after = [];
      if (isWayIn) {
        const hasEntry = this.venue.hasEntry(place);
        after.push(hasEntry ? cue(CueKind.ENTER, { entry: place }) : cue(CueKind.ASK));
      } else if (this.venue.hasSign(place)) {
        after.push(cue(CueKind.SIGN, { sign: place }));
      } else if (!some.some((one) => TOLD_MORE.includes(DECLARED[one.kind].family))) {
        after.push(...this._near(place));
      }
      const nextDoor = this._nextDoor();
      if (nextDoor) {
        return { cues: [cue(kindOf('next', nextDoor), { place: place })].concat(after), deg: 0 };
      }
      some.push(cue(kindOf(isWayIn ? 'way-in' : 'arrive', side), { place: place }));
      return { cues: some.concat(after), deg: deg };
    }

    /** What a goal that shares its name on its floor is near, if that has a name of its own. Who has
     * just come up or down hears enough. */
    _near(goal) {
      const hasRidden = this.leg.first && !this.aim.told.length;
      const level = this.line.network.level[this.line.nodes[this.leg.last]];
      const isShared = !hasRidden && this.line.around.isShared(goal, level);
      const near = isShared ? this.beside.neighbour() : -1;
      return near >= 0 ? [cue(CueKind.NEAR, { place: near })] : [];
    }

    /** How the goal is entered if it is right behind a door of where the walk starts, with no step
     * to go before: from `room` to room, `in` from a hall, `out` of a room, or `open` for a passage
     * without a leaf; else ''. */
    _nextDoor() {
      const route = this.route;
      const network = this.line.network;
      const darts = Array.from(route.darts);
      if (route.wayIn >= 0) darts.push(route.wayIn);
      if (darts.length !== 1 || !route.start.places.length || this.line.leadsOut()) return '';
      const thing = network.thing[darts[0] >> 1];
      const here = network.spaceOfNode[network.endOf(darts[0] ^ 1)];
      const beyond = network.spaceOfNode[network.endOf(darts[0])];
      if (!network.isDoor(thing) || here < 0 || beyond < 0) return '';
      if (network.doorKind[thing - network.firstDoor] === OPEN_DOOR) return 'open';
      const [before, behind] = [network.spaceKind[here], network.spaceKind[beyond]];
      if (CIRCULATION_SPACES.includes(before) && behind !== OUTDOOR_SPACE) return 'in';
      return CIRCULATION_SPACES.includes(behind) ? 'out' : 'room';
    }

    /** The way to a lift, stairs or bridge, and the turn towards it. */
    _toTransfer() {
      const leg = this.leg;
      if (leg.how === 'cross') return { cues: this._onTheWay(this.since, leg.last), deg: 0 };
      const deg = this.aim.deg;
      const some = this.boards.toEnd(this._toTheEnd(), this.since, this.aim.end);
      if (!some.length && !deg && leg.first === this.since) return { cues: [], deg: 0 };
      const side = SIDES[sideOf(deg, this.rules.ahead_deg)];
      some.push(cue(kindOf('find', side), { connector: leg.thing }));
      return { cues: some, deg: deg };
    }
  }

  return { actionsOf, dressed, stepsOf };
});
