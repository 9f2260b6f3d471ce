/* Cards, what is said in one breath: see `navkit/guidance/chunks.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./network.js'), require('./cues.js'), require('./line.js'), require('./steps.js'));
  } else {
    root.navkitChunks = make(
      root.navkitNetwork, root.navkitCues, root.navkitLine, root.navkitSteps);
  }
})(this, /**
 * @param {typeof import('./network.js')} network
 * @param {typeof import('./cues.js')} cues
 * @param {typeof import('./line.js')} line
 * @param {typeof import('./steps.js')} steps
 */ function (network, cues, line, steps) {
  'use strict';

  const { BOARD } = network;
  const { CueKind, DECLARED } = cues;
  const { legsOf } = line;
  const { actionsOf, dressed } = steps;

  /** Families of cues that lead to another floor: a card begins with them. */
  const RIDES = ['lift', 'escalator', 'ramp', 'stairs', 'stairs-one', 'stairs-few'];
  /** What a full card does without, the first to go first. */
  const SPARED = [CueKind.TOO_FAR, CueKind.THEN_PASSING];
  const METRES = ['at-distance', 'go-distance', 'on-distance'];
  const THROUGH = ['through-one', 'through-more'];
  /** Families of cues that only say where one begins and which way one looks. */
  const NO_ACTION = ['start', 'start-anchor', 'start-entrance', 'face', 'again'];

  /** The steps of a route as people are told them, in walking order and without gaps. */
  function cardsOf(route, around) {
    const cards = new Cards(route, around.rules).joined(actionsOf(route, around));
    return dressed(route, around, cards);
  }

  function familyOf(one) {
    return DECLARED[one.kind].family;
  }

  function says(action, families) {
    return action.cues.some((one) => families.includes(familyOf(one)));
  }

  /** How much is said: one for each clause, and for each of at most two things that it names. */
  function weightOf(some) {
    return some.reduce((sum, one) => sum + 1 + Math.min(Object.keys(one.slots).length, 2), 0);
  }

  /** How many actions it is: none while one only sets out. */
  function countOf(action) {
    return action.cues.every((one) => NO_ACTION.includes(familyOf(one))) ? 0 : 1;
  }

  /** Whether two actions may be told in one breath: not a ride, which begins a card; not what comes
   * after keeping to a side, nor metres counted from a door. */
  function leadsOn(action, following) {
    const isBlind = says(following, METRES) && !says(following, THROUGH);
    return !says(following, RIDES) && !says(action, ['keep', 'fork']) &&
      !(says(action, ['leave']) && isBlind);
  }

  /** Joins the actions of a route. */
  class Cards {
    constructor(route, by) {
      this.route = route;
      this.rules = by;
      const kind = route.network.kind;
      const legs = legsOf(route);
      /** The nodes of the route behind bridges and doors of buildings. */
      this.behind = legs.filter((leg) => leg.how === 'cross').map((leg) => leg.after);
      /** Whether a dart of the route is walked, not ridden or waited for. */
      this.afoot = Array.from(route.darts, (dart) => kind[dart >> 1] !== BOARD);
      legs.filter((leg) => leg.how && leg.how !== 'cross').forEach((leg) => {
        this.afoot.fill(false, leg.last, leg.after);
      });
    }

    /** The cards in walking order. */
    joined(all) {
      const actions = this._overBridges(all);
      const found = [];
      let [card] = actions;
      let [last] = actions;
      let count = countOf(card);
      actions.slice(1).forEach((action) => {
        let both = count + countOf(action);
        let one = null;
        if (both <= this.rules.most_actions && this._isSoon(last) && leadsOn(last, action)) {
          one = this._one(card, action);
        }
        if (!one) {
          found.push(this._shortened(card));
          one = action;
          both = countOf(action);
        }
        card = one;
        count = both;
        last = action;
      });
      return found.concat(this._shortened(card));
    }

    /** The actions, each bridge told with the way to it: what is behind it begins anew. */
    _overBridges(actions) {
      const found = [];
      actions.forEach((action) => {
        const [cross] = action.cues;
        const rest = action.cues.slice(1);
        if (!found.length || familyOf(cross) !== 'cross') {
          found.push(action);
          return;
        }
        const behind = rest.length ? this.behind.find((i) => i > action.first) : action.last;
        const before = found[found.length - 1];
        const over = {
          cues: [cross], first: before.last, last: behind, turn_deg: 0, at: behind,
        };
        found[found.length - 1] = Object.assign({}, before, {
          cues: before.cues.concat(cross), last: behind, moves: before.moves.concat(over),
        });
        if (!rest.length) return;
        const anew = { cues: rest, first: behind };
        found.push(Object.assign({}, action, anew, {
          moves: action.moves.map((move) => Object.assign({}, move, anew)),
        }));
      });
      return found;
    }

    /** Whether an action is done so soon that people remember what comes after it. */
    _isSoon(action) {
      const { route, rules } = this;
      let lengthCm = 0;
      let durationMs = 0;
      for (let i = action.first; i < action.last; i++) {
        if (!this.afoot[i]) continue;
        lengthCm += route.network.length[route.darts[i] >> 1];
        durationMs += route.durations_ms[i];
      }
      return lengthCm < rules.breath_cm || durationMs < rules.breath_s * 1000;
    }

    /** Both on one card, null if that is too much for one. Who reads on is not told at once how to
     * see that they have missed a turn a few steps ahead. */
    _one(card, action) {
      const some = card.cues.filter((one) => familyOf(one) !== 'too-far').concat(action.cues);
      const one = this._shortened(Object.assign({}, action, {
        cues: some, first: card.first, moves: card.moves.concat(action.moves),
      }));
      return weightOf(one.cues) <= this.rules.most_on_a_card ? one : null;
    }

    /** A card that says too much goes without what shows a missed turn, then without all but the
     * first place that one passes. */
    _shortened(card) {
      const some = card.cues.slice();
      SPARED.forEach((kind) => {
        for (let i = some.length - 1; i >= 0; i--) {
          if (some[i].kind === kind && weightOf(some) > this.rules.most_on_a_card) some.splice(i, 1);
        }
      });
      return Object.assign({}, card, { cues: some });
    }
  }

  return { cardsOf };
});
