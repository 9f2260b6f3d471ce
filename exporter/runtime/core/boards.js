/* Boards that hang and stripes on the floor, along the line of one leg: see
 * `navkit/guidance/boards.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./cues.js'), require('./line.js'));
  } else {
    root.navkitBoards = make(root.navkitCues, root.navkitLine);
  }
})(this, /**
 * @param {typeof import('./cues.js')} cues
 * @param {typeof import('./line.js')} line
 */ function (cues, line) {
  'use strict';

  const { CueKind, DECLARED, cue } = cues;
  const { sideOf } = line;

  /** The side on which something is that a board points to; 2 is behind. */
  const ARROWS = { left: -1, ahead: 0, right: 1, back: 2 };

  /** Families of cues that say where to turn, and that no board says better: right behind a door. */
  const LASTING = ['at-entering', 'at-door', 'at-opening'];

  /** Families of cues that say where to turn. */
  const WHERE = ['at-place', 'at-soon', 'at-end', 'at-form', 'at-nth-way', 'at-nth-door', 'at-distance'];

  /** What marks the way of one leg. */
  class Boards {
    constructor(line) {
      this.line = line;
      this._isSeen = line.route.profile.sighted !== false;
    }

    /** What is said of the way to a turn: by the board or the stripe there, if there is one. */
    atTurn(some, since, turn) {
      if (some.some((one) => LASTING.includes(DECLARED[one.kind].family))) return some;
      const mark = this._mark(since, turn);
      if (!mark) return this._onTheWay(since, turn.at).concat(some);
      return some.filter((one) => !WHERE.includes(DECLARED[one.kind].family) &&
        one.kind !== CueKind.ABOUT_DISTANCE).concat(mark);
    }

    /** Whether a board or a stripe says where to turn. */
    marks(since, turn) {
      return Boolean(this._mark(since, turn));
    }

    /** What is said of a turn right outside a lift or stairs: also by the board there. */
    leaving(left, turn) {
      const board = this._isSeen ? this._board(turn.at, this._arrow(turn)) : -1;
      return board >= 0 ? [left, cue(CueKind.AT_BOARD, { board: board })] : [left];
    }

    /** What is said of the way to the end of the leg. */
    toEnd(some, since, until) {
      return this._onTheWay(since, until).concat(some);
    }

    /** The board that points where one turns, or the stripe that bends or ends there. */
    _mark(since, turn) {
      if (!this._isSeen) return null;
      const by = this.line.rules;
      const arrow = this._arrow(turn);
      const board = this._board(turn.at, arrow);
      if (board >= 0) return cue(CueKind.AT_BOARD, { board: board });
      const { stripe, aheadCm } = this._stripe(since, turn.at);
      const isBack = arrow === ARROWS.back;
      if (stripe < 0 || isBack || Math.abs(turn.deg) < by.slight_deg) return null;
      if (aheadCm <= by.stripe_end_cm) return cue(CueKind.AT_STRIPE_END, { stripe: stripe });
      const onward = this._onward(turn.until);
      const isWith = onward > turn.until && this._along(since, onward).has(stripe) &&
        this._along(turn.until, onward).has(stripe);
      return isWith ? cue(CueKind.AT_STRIPE_BEND, { stripe: stripe }) : null;
    }

    _arrow(turn) {
      const by = this.line.rules;
      const isBack = Math.abs(turn.deg) > by.back_deg;
      return isBack ? ARROWS.back : sideOf(turn.deg, by.straight_deg);
    }

    /** The board under which one walks on, the stripe along which one walks. */
    _onTheWay(since, until) {
      const some = [];
      if (!this._isSeen) return some;
      let board = -1;
      for (let i = since + 1; i < until && board < 0; i++) board = this._board(i, ARROWS.ahead);
      if (board >= 0) some.push(cue(CueKind.ON_BOARD, { board: board }));
      const { stripe } = this._stripe(since, until);
      if (stripe >= 0) some.push(cue(CueKind.ALONG_STRIPE, { stripe: stripe }));
      return some;
    }

    /** The first board at the route's node i that points there, and to where the leg leads; or
     * -1. */
    _board(i, arrow) {
      const { around, nodes } = this.line;
      if (i < 1) return -1;
      const boards = around.boards(nodes[i], nodes[i - 1]);
      const found = boards.find((one) => this._isMeant(one, arrow, i));
      return found === undefined ? -1 : found;
    }

    _isMeant(board, arrow, i) {
      const { line } = this;
      const led = line.around.led(board);
      if (led.arrow !== arrow) return false;
      const { network, leg } = line;
      const goals = line.route.goal.places;
      if (goals.some((place) => led.places.includes(place))) return true;
      if (leg.how && led.things.includes(leg.thing)) return true;
      const here = network.spaceOfNode[line.nodes[i]];
      const spaces = Array.from(line.nodes.slice(i, leg.last + 1))
        .map((node) => network.spaceOfNode[node]).filter((space) => space !== here);
      goals.forEach((place) => spaces.push.apply(spaces, line.around.placeSpaces(place)));
      return spaces.some((space) => led.things.includes(space));
    }

    /** The first stripe along which one walks all the way between two nodes of the route, and how
     * much of it is still ahead; -1 if there is none, or the way is too short. */
    _stripe(since, until) {
      const none = { stripe: -1, aheadCm: 0 };
      if (this.line.lengthCm(since, until) < this.line.rules.stripe_least_cm) return none;
      const along = this._along(since, until);
      if (!along.size) return none;
      const stripe = Math.min.apply(null, Array.from(along.keys()));
      return { stripe: stripe, aheadCm: along.get(stripe) };
    }

    /** The stripes along which one walks all the way, with how much of each is still ahead. */
    _along(since, until) {
      const { line } = this;
      const { around } = line;
      let walkedCm = new Map();
      const hereCm = new Map();
      for (let i = since; i < until; i++) {
        const dart = line.route.darts[i];
        const walked = new Map();
        around.along(dart >> 1).forEach((one) => {
          if (i > since && !walkedCm.has(one.stripe)) return;
          const [from, to] = dart & 1 ? [one.to_cm, one.from_cm] : [one.from_cm, one.to_cm];
          walked.set(one.stripe, (walkedCm.get(one.stripe) || 0) + to - from);
          hereCm.set(one.stripe, to);
        });
        walkedCm = walked;
      }
      const leastCm = line.lengthCm(since, until) - 2 * line.rules.stripe_near_cm;
      const found = new Map();
      walkedCm.forEach((cm, stripe) => {
        if (Math.abs(cm) < leastCm) return;
        const here = hereCm.get(stripe);
        found.set(stripe, cm > 0 ? around.stripeCm(stripe) - here : here);
      });
      return found;
    }

    /** The node that lies a little way past the route's node i, or i itself where the leg ends
     * before. */
    _onward(i) {
      const { line } = this;
      let k = i;
      while (k < line.leg.last && line.lengthCm(i, k) < line.rules.stripe_on_cm) k++;
      return line.lengthCm(i, k) >= line.rules.stripe_on_cm ? k : i;
    }
  }

  return { ARROWS, LASTING, WHERE, Boards };
});
