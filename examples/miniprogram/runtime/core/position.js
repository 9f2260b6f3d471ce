/* Where somebody who walks a route probably is, from steps and turns alone: no beacons, no compass.
 *
 *   const follow = navkitPosition.begin(bundle, route, {profile: 'walk', seed: 1, cards});
 *   follow.step(t)                    // a step, as `position/stepping.js` finds them; t in seconds
 *   follow.turn(t, radians)           // the phone about the vertical, counterclockwise, from anywhere
 *   follow.fix(t, {node})             // a code scanned
 *   follow.told(t, {level})           // or {passed: node}, {card: k}, {onWay: true}, {seen: false}
 *   follow.beacon(t, {id, rssi})
 *   follow.gap(from, to)              // nothing was felt
 *   follow.state()                    // {s_m, from_m, to_m, sure, off, level, card, ask, asked}
 *   follow.end()
 *
 * Pure functions of events: no clock, no platform; what cannot be an event is ignored. Same seed and
 * same events, same answers. docs/position.md says how, and what it cannot.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./position/chance.js'), require('./position/ways.js'),
      require('./position/crowd.js'), require('./position/reckoning.js')
    );
  } else {
    root.navkitPosition = make(
      root.navkitPositionChance, root.navkitPositionWays, root.navkitPositionCrowd,
      root.navkitPositionReckoning
    );
  }
})(this, /**
 * @param {typeof import('./position/chance.js')} chances
 * @param {typeof import('./position/ways.js')} ways
 * @param {typeof import('./position/crowd.js')} crowds
 * @param {typeof import('./position/reckoning.js')} reckonings
 */ function (chances, ways, crowds, reckonings) {
  'use strict';

  const { chance } = chances;
  const { Ways } = ways;
  const { Crowd } = crowds;
  const { Reckoning } = reckonings;

  /** What a guess keeps of its weight if it contradicts what the walker says. */
  const CONTRADICTED = 0.02;

  /** The end of a leg is of the next one. */
  const SHORT_OF_M = 0.01;

  /** @typedef {import('./types').Whereabouts} Whereabouts */

  class Follower {
    /**
     * @param {import('./types').Route} route
     * @param {Record<string, any>} rules
     * @param {import('./types').Following} options
     */
    constructor(route, rules, options) {
      this.rules = rules;
      this.ways = new Ways(route, rules);
      this.chance = chance(options.seed);
      this.crowd = new Crowd(this.ways, rules.walkers[options.profile], this.chance);
      this.reckoning = new Reckoning(this.ways.total, this.ways.legs.length);
      /** How far along the route each card begins. */
      this.cards = (options.cards || [0]).map((node) => this.ways.along[node]);
      this.beacons = new Map((options.beacons || []).map((one) => [one.id, one.node]));
      this.now = -Infinity;
      this.stepped = NaN;
      this.steps = 0;
      /** @type {?number} */
      this.heading = null;
      this.card = 0;
      /** The last leg of which the walker has said that they are on it. */
      this.leg = 0;
      this.isOff = false;
      this.offSteps = 0;
      this.quiet_m = 0;
      this.unsure_m = 0;
      this.unsureSince = NaN;
      this._reckon();
    }

    /** Whether an event can be one; time never goes back. */
    _happens(...numbers) {
      if (!this.crowd || !numbers.every(Number.isFinite)) return false;
      this.now = Math.max(this.now, numbers[0]);
      return true;
    }

    /** A step was felt. */
    step(t) {
      if (!this._happens(t)) return;
      const { rules } = this;
      const still_s = this.stepped < this.now ? this.now - this.stepped : 0;
      this.stepped = this.now;
      this.crowd.step(still_s, this.heading, this.isOff ? rules.round_off : rules.round);
      this.steps++;
      const { stride_m } = this.crowd.walker;
      this.quiet_m = Math.max(0, this.quiet_m - stride_m);
      if (this.steps % rules.inject_every === 0) this.crowd.inject(this.reckoning.upTo(0.5));
      this._reckon();
      this._watch(stride_m);
    }

    /** The phone's heading changed. */
    turn(t, radians) {
      if (this._happens(t, radians)) this.heading = radians;
    }

    /** The walker is at a node: `{node}` of a code. */
    fix(t, where) {
      if (!where || !this._happens(t, where.node)) return;
      this._place(where.node, this.rules.fix_m);
    }

    /** The walker says something. */
    told(t, said) {
      if (!said || !this._happens(t)) return;
      if (Number.isFinite(said.level)) this._toldLevel(said.level);
      else if (Number.isFinite(said.passed)) this._place(said.passed, this.rules.fix_m);
      else if (Number.isInteger(said.card) && said.card in this.cards) this._toldCard(said.card);
      else if (said.onWay === true) this._toldOnWay();
      else if (said.seen === false) this._askLater();
    }

    /** A beacon was received, in dBm. */
    beacon(t, heard) {
      const node = heard && this.beacons.get(heard.id);
      if (node === undefined || !this._happens(t, heard.rssi)) return;
      const { rules, crowd } = this;
      for (let i = 0; i < crowd.count; i++) {
        const loss = Math.log(Math.max(1, this._metresTo(node, i))) / Math.LN10;
        const off = heard.rssi - rules.beacon_at_1m_dbm + 10 * rules.beacon_falls * loss;
        const fits = Math.exp(-off * off / (2 * rules.beacon_db * rules.beacon_db));
        crowd.weight[i] *= Math.pow((1 - rules.surprise) * fits + rules.surprise, rules.beacon_temper);
      }
      crowd.normalise();
      this._reckon();
      this._judge();
    }

    /** Nothing was felt from one moment to another: the screen was dark. */
    gap(from, to) {
      if (!Number.isFinite(from) || !(to > from) || !this._happens(to)) return;
      this.crowd.drift((to - from) * this.rules.gap_mps);
      this.stepped = NaN;
      this._reckon();
      this._judge();
    }

    /** @returns {?Whereabouts} */
    state() {
      return this.crowd && Object.assign({}, this.found);
    }

    /** Forget all. */
    end() {
      this.crowd = null;
      this.found = null;
    }

    // -- what the walker says

    _place(node, spread_m) {
      const { ways: own, crowd, rules, chance: lots } = this;
      if (!(node in own.apart)) return;
      const at = own.route.nodes.indexOf(node);
      const wide = spread_m + rules.fix_wide_m;
      const along = at >= 0 ? own.along[at] : own.beside[node];
      crowd.weigh((i) => nearness(crowd.along(i) - along, wide));
      for (let i = 0; i < crowd.count; i++) {
        if (at >= 0) crowd.put(i, this._onFloor(along, along + spread_m * lots.normal()));
        else if (own.apart[node] < Infinity) crowd.putAt(i, node);
      }
      if (at >= 0) this.leg = own.legAt(along);
      this.isOff = !(own.apart[node] <= rules.off_m);
      this._settle();
    }

    /** A point of the route near another, and on its floor. */
    _onFloor(along, near) {
      const { legs } = this.ways;
      const leg = this.ways.legAt(along);
      const end = leg + 1 < legs.length ? legs[leg + 1].from_m - SHORT_OF_M : Infinity;
      return Math.min(Math.max(near, legs[leg].from_m), end);
    }

    _toldLevel(level) {
      const { legs } = this.ways;
      const later = legs.findIndex((leg, i) => i > this.leg && leg.levels.has(level));
      if (later >= 0) {
        this._toldLeg(later);
      } else if (!legs[this.leg].levels.has(level)) {
        this.isOff = true;
        this._reckon();
      }
    }

    /** They have come out of a shaft onto the floor of a leg. */
    _toldLeg(leg) {
      const { crowd, rules, chance: lots } = this;
      const { from_m } = this.ways.legs[leg];
      const wide = rules.floor_m + rules.fix_wide_m;
      crowd.weigh((i) => nearness(crowd.along(i) - from_m, wide) *
        (crowd.leg(i) === leg ? 1 : CONTRADICTED));
      for (let i = 0; i < crowd.count; i++) {
        crowd.put(i, from_m + rules.floor_m * Math.abs(lots.normal()));
      }
      this.leg = leg;
      this.isOff = false;
      this._settle();
    }

    _toldCard(card) {
      const { crowd, rules, chance: lots } = this;
      const along = this.cards[card];
      const wide = rules.card_m + rules.fix_wide_m;
      crowd.weigh((i) => nearness(crowd.along(i) - along, wide));
      for (let i = 0; i < crowd.count; i++) {
        crowd.put(i, this._onFloor(along, along + rules.card_m * lots.normal()));
      }
      this.card = card;
      this.leg = this.ways.legAt(along);
      this.isOff = false;
      this._settle();
    }

    _toldOnWay() {
      const { crowd, rules } = this;
      crowd.weigh((i) => crowd.apart(i) > rules.off_m ? CONTRADICTED : 1);
      this.isOff = false;
      this.quiet_m = rules.quiet_m;
      this._settle();
    }

    _askLater() {
      this.unsure_m = 0;
      this.unsureSince = this.now;
      this._reckon();
    }

    /** After words of the walker. */
    _settle() {
      this.offSteps = 0;
      this._reckon();
      this._judge();
    }

    // -- what is made of it

    /** Read the crowd into `found`. */
    _reckon() {
      const { reckoning: all, rules, ways: own } = this;
      all.read(this.crowd);
      const middle = all.upTo(0.5);
      const [from, to] = [all.upTo(0.1), all.upTo(0.9)];
      const leg = own.legAt(middle);
      const node = own.network.endOf(own.placeAt(middle).dart ^ 1);
      /** @type {Whereabouts} */
      this.found = {
        s_m: Math.min(middle, own.total), from_m: from, to_m: Math.min(to, own.total),
        sure: to - from <= rules.sure_m && all.off < rules.sure_off &&
          all.onLeg(leg) > rules.sure_floor && leg <= this.leg && !this.isOff,
        off: this.isOff, level: own.network.level[node], card: this.card, ask: null, asked: -1,
      };
      this._ask();
    }

    /** After a step: is the walker off the way, and for how long has nothing been sure? */
    _watch(stride_m) {
      const { rules, reckoning: all } = this;
      // Near a shaft the floor is asked for: which way they went is known when they have said it.
      const { shaft_m } = this.ways.legs[this.leg];
      const isNear = this.found.s_m >= shaft_m - rules.shaft_near_m;
      const isOff = all.off > rules.off_more && !isNear;
      this.offSteps = isOff ? this.offSteps + 1 : 0;
      if (this.offSteps >= rules.off_steps && this.quiet_m === 0) this.isOff = true;
      else if (all.off < rules.off_less) this.isOff = false;
      this.unsure_m = this.found.sure ? 0 : this.unsure_m + stride_m;
      this._judge();
    }

    /** Turn the card, and say what is asked. */
    _judge() {
      const { rules, reckoning: all, found } = this;
      found.off = this.isOff;
      found.sure = found.sure && !this.isOff;
      if (found.sure) this.unsure_m = 0;
      if (found.sure) this.unsureSince = NaN;
      else if (!(this.unsureSince <= this.now)) this.unsureSince = this.now;
      while (found.sure && this.heading !== null && this._mayTurn() &&
             all.beyond(this.cards[this.card + 1] - rules.turns_before_m) > rules.turns_card) {
        this.card++;
      }
      found.card = this.card;
      this._ask();
    }

    /** Whether the next card is on a floor on which the walker is, by their own words. */
    _mayTurn() {
      return this.card + 1 < this.cards.length &&
        this.ways.legAt(this.cards[this.card + 1]) <= this.leg;
    }

    _ask() {
      const { found, rules } = this;
      const { legs, network, route } = this.ways;
      const next = legs[this.leg + 1];
      const isAtShaft = next && found.s_m >= legs[this.leg].shaft_m - rules.turns_before_m;
      const isLong = this.unsure_m >= rules.unsure_m ||
        this.now - this.unsureSince >= rules.unsure_s;
      found.asked = isAtShaft ? network.level[route.nodes[next.first]] : -1;
      if (this.isOff) found.ask = 'off';
      else if (isAtShaft) found.ask = 'level';
      else if (!found.sure && isLong) found.ask = 'seen';
      else if (found.to_m - found.from_m > rules.sure_m) found.ask = 'lost';
      else found.ask = null;
    }

    /** Metres from a guess to a node, floors between counted as more. */
    _metresTo(node, i) {
      const { network: n, length } = this.ways;
      const { rules, crowd } = this;
      const dart = crowd.dart[i];
      const [from, to] = [n.endOf(dart ^ 1), n.endOf(dart)];
      const share = crowd.at[i] / length[dart];
      const dx = n.x[from] + share * (n.x[to] - n.x[from]) - n.x[node];
      const dy = n.y[from] + share * (n.y[to] - n.y[from]) - n.y[node];
      const [here, there] = [from, node].map((one) => n.levels[n.level[one]].ordinal);
      return Math.sqrt(dx * dx + dy * dy) / 100 + rules.beacon_floor_m * Math.abs(here - there);
    }
  }

  /** From 1 for no distance to nearly 0. */
  function nearness(off_m, wide_m) {
    return Math.exp(-off_m * off_m / (2 * wide_m * wide_m)) + 1e-9;
  }

  /** Whether walkers of a profile can be followed: those who take steps.
   * @param {import('./types').Bundle} bundle
   * @param {string} profile
   */
  function canFollow(bundle, profile) {
    return Object.prototype.hasOwnProperty.call(bundle.rules.position.walkers, profile);
  }

  /** Begin to follow somebody along a route; null if nobody of that profile can be followed, or
   * there is nowhere to go.
   * @param {import('./types').Bundle} bundle
   * @param {import('./types').Route} route
   * @param {import('./types').Following} options
   */
  function begin(bundle, route, options) {
    if (!canFollow(bundle, options.profile) || !route.darts.length) return null;
    return new Follower(route, bundle.rules.position, options);
  }

  return { begin, canFollow };
});
