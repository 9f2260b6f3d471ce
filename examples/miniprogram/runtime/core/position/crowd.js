/* A crowd of guesses of where a walker is: each is on a dart, so far along it, with a stride and an
 * angle between the phone and the walk. A step moves all of them, a heading weighs them. The angle
 * is not guessed but reckoned, by a Kalman filter for each guess (Rao and Blackwell). */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./ways.js'));
  } else {
    root.navkitPositionCrowd = make(root.navkitPositionWays);
  }
})(this, /** @param {typeof import('./ways.js')} ways */ function (ways) {
  'use strict';

  const { wrapped, ON_STAIRS, BY_LIFT, BY_ESCALATOR, DEG } = ways;

  /** Variance of an angle of which nothing is known. */
  const UNKNOWN = 1e6;
  /** Darts that one step may cross: the network has pieces of a centimetre. */
  const MOST_DARTS = 40;

  class Crowd {
    /**
     * @param {InstanceType<typeof ways.Ways>} own
     * @param {{stride_m: number, stride_share: number, missed: number}} walker
     * @param {{uniform: () => number, normal: () => number}} chance
     */
    constructor(own, walker, chance) {
      this.ways = own;
      this.rules = own.rules;
      this.walker = walker;
      this.chance = chance;
      const count = this.rules.particles;
      this.count = count;
      this.dart = new Int32Array(count);
      /** Metres along the dart. */
      this.at = new Float64Array(count);
      /** Metres a step. */
      this.stride = new Float64Array(count);
      /** The phone's heading less the walk's, and the variance of that. */
      this.angle = new Float64Array(count);
      this.doubt = new Float64Array(count).fill(UNKNOWN);
      /** They sum to 1. */
      this.weight = new Float64Array(count).fill(1 / count);
      this._spare = [
        new Int32Array(count), ...[0, 1, 2, 3].map(() => new Float64Array(count)),
      ];
      for (let i = 0; i < count; i++) {
        this.dart[i] = own.route.darts[0];
        const share = 1 + walker.stride_share * chance.normal();
        this.stride[i] = walker.stride_m * Math.max(0.3, share);
      }
    }

    /** All take a step after having stood for `still_s` seconds.
     * @param {number} still_s
     * @param {?number} heading of the phone, null if it is unknown
     * @param {number} round chance that the walker turns round
     */
    step(still_s, heading, round) {
      const { rules, walker, chance } = this;
      for (let i = 0; i < this.count; i++) {
        const lot = chance.uniform();
        const isInvented = lot < rules.invented;
        this.stride[i] *= 1 + rules.stride_wanders * chance.normal();
        let strides = isInvented ? 0 : 1 + rules.step_share * chance.normal();
        if (lot >= 1 - walker.missed) strides *= 2;
        if (!isInvented && lot < rules.invented + round) this._turnRound(i);
        if (strides > 0) this._move(i, strides, still_s);
        if (heading !== null) this.weight[i] *= this._likelihood(i, heading, isInvented);
      }
      this.normalise();
    }

    _turnRound(i) {
      this.at[i] = this.ways.length[this.dart[i]] - this.at[i];
      this.dart[i] ^= 1;
    }

    _move(i, strides, still_s) {
      const { ways: own, rules } = this;
      const how = own.how[this.dart[i]];
      if (how === BY_LIFT || how === BY_ESCALATOR) {
        const leaves_s = how === BY_LIFT ? rules.leaves_ride_s : rules.leaves_escalator_s;
        if (still_s < leaves_s || !this._leave(i)) return;
      }
      let left = strides;
      for (let k = 0; k < MOST_DARTS; k++) {
        const dart = this.dart[i];
        const pace = own.how[dart] === ON_STAIRS ? own.treadOn(dart) : this.stride[i];
        const room = own.length[dart] - this.at[i];
        if (left * pace < room) {
          this.at[i] += left * pace;
          return;
        }
        left -= room / pace;
        if (!this._goOn(i) || own.how[this.dart[i]] >= BY_LIFT) return;
      }
    }

    /** Out of a lift, or off an escalator: wherever the ride may have led. */
    _leave(i) {
      for (let k = 0; k < MOST_DARTS && this.ways.how[this.dart[i]] >= BY_LIFT; k++) {
        if (!this._goOn(i)) return false;
      }
      return true;
    }

    /** From the end of a dart onto the next one; whether there is one. */
    _goOn(i) {
      const { ways: own, rules, chance } = this;
      const dart = this.dart[i];
      const { darts, upTo } = own.onward(dart);
      if (!darts.length) {
        this.at[i] = own.length[dart];
        if (own.inRoute[dart] === own.route.darts.length - 1) return false;
        this.weight[i] *= rules.dead_end;
        if (chance.uniform() < rules.dead_end_round) this._turnRound(i);
        return false;
      }
      let k = 0;
      if (darts.length > 1) {
        const lot = chance.uniform();
        while (k + 1 < darts.length && lot >= upTo[k]) k++;
      }
      this.dart[i] = darts[k];
      this.at[i] = 0;
      return true;
    }

    /** How well a heading fits where a guess walks; its angle is learnt from that. */
    _likelihood(i, heading, isInvented) {
      const { ways: own, rules } = this;
      const spread = own.spreadAt(this.dart[i], this.at[i]);
      const drift = rules.drift_deg * DEG;
      if (spread === 0 || isInvented) {
        this.doubt[i] += drift * drift;
        return rules.neutral;
      }
      const bearing = own.bearingAt(this.dart[i], this.at[i]);
      const off = wrapped(heading - bearing - this.angle[i]);
      if (this.doubt[i] >= UNKNOWN) {
        this.angle[i] += off;
        this.doubt[i] = spread;
        return rules.neutral;
      }
      const sum = this.doubt[i] + spread;
      const fitting = (1 - rules.surprise) * Math.exp(-off * off / (2 * sum))
        / Math.sqrt(2 * Math.PI * sum);
      const density = fitting + rules.surprise / (2 * Math.PI);
      const gain = fitting / density * this.doubt[i] / sum;
      this.angle[i] += gain * off;
      this.doubt[i] += drift * drift - gain * this.doubt[i];
      if (this.chance.uniform() < rules.regrip) {
        this.doubt[i] += rules.regrip_deg * rules.regrip_deg * DEG * DEG;
      }
      return Math.pow(density, rules.temper);
    }

    /** Weights sum to 1 again; where few guesses have nearly all of it, they are drawn anew. */
    normalise() {
      const { weight, count } = this;
      let sum = 0;
      for (let i = 0; i < count; i++) sum += weight[i];
      if (!(sum > 0)) {
        weight.fill(1 / count);
        return;
      }
      let squares = 0;
      for (let i = 0; i < count; i++) {
        weight[i] /= sum;
        squares += weight[i] * weight[i];
      }
      if (squares * count > 2) this.resample();
    }

    /** Draw all guesses anew by their weights, evenly spaced. */
    resample() {
      const { count, weight } = this;
      const columns = [this.dart, this.at, this.stride, this.angle, this.doubt];
      const lot = this.chance.uniform();
      let from = 0;
      let sum = weight[0];
      for (let i = 0; i < count; i++) {
        while (sum < (i + lot) / count && from + 1 < count) sum += weight[++from];
        for (let c = 0; c < columns.length; c++) this._spare[c][i] = columns[c][from];
      }
      for (let c = 0; c < columns.length; c++) columns[c].set(this._spare[c]);
      weight.fill(1 / count);
    }

    /** Weigh every guess, then draw anew.
     * @param {(i: number) => number} factor
     */
    weigh(factor) {
      for (let i = 0; i < this.count; i++) this.weight[i] *= factor(i);
      this.normalise();
      this.resample();
    }

    /** Put a guess on the route, facing the goal.
     * @param {number} i
     * @param {number} along metres of the route
     */
    put(i, along) {
      const place = this.ways.placeAt(along);
      this.dart[i] = place.dart;
      this.at[i] = place.at;
    }

    /** Put a guess at a node off the route, facing any way. */
    putAt(i, node) {
      const n = this.ways.network;
      const degree = n.edgesFrom[node + 1] - n.edgesFrom[node];
      const k = n.edgesFrom[node] + Math.floor(this.chance.uniform() * degree);
      const edge = n.edgesAt[k];
      this.dart[i] = 2 * edge + (n.a[edge] === node ? 0 : 1);
      this.at[i] = 0;
    }

    /** All go on by up to so many metres while nothing was felt; then the phone may be held in any
     * way.
     * @param {number} most_m
     */
    drift(most_m) {
      for (let i = 0; i < this.count; i++) {
        const strides = most_m * this.chance.uniform() / this.stride[i];
        this._move(i, strides, 0);
        this.doubt[i] = UNKNOWN;
      }
      this.normalise();
    }

    /** Set some guesses anew around a point of the route: what was lost is found again. */
    inject(along) {
      const { rules, chance } = this;
      const some = Math.round(this.count * rules.inject);
      for (let k = 0; k < some; k++) {
        const i = Math.floor(chance.uniform() * this.count);
        this.put(i, along + rules.inject_m * (2 * chance.uniform() - 1));
      }
    }

    /** How far along the route a guess is, or where it left the route. */
    along(i) {
      const { ways: own } = this;
      const dart = this.dart[i];
      if (own.inRoute[dart] >= 0) return own.along[own.inRoute[dart]] + this.at[i];
      const back = own.inRoute[dart ^ 1];
      if (back >= 0) return own.along[back] + own.length[dart] - this.at[i];
      return own.beside[this._nearerEnd(i)];
    }

    /** Metres from the route, along the network. */
    apart(i) {
      const { ways: own } = this;
      const dart = this.dart[i];
      if (own.inRoute[dart] >= 0 || own.inRoute[dart ^ 1] >= 0) return 0;
      const { network: n } = own;
      return Math.min(
        own.apart[n.endOf(dart ^ 1)] + this.at[i],
        own.apart[n.endOf(dart)] + own.length[dart] - this.at[i]);
    }

    /** The leg of the route on whose floor a guess is, -1 on another. */
    leg(i) {
      const { ways: own } = this;
      const dart = this.dart[i];
      if (own.inRoute[dart] >= 0 || own.inRoute[dart ^ 1] >= 0) return own.legAt(this.along(i));
      return own.legOfNode[this._nearerEnd(i)];
    }

    _nearerEnd(i) {
      const { ways: own } = this;
      const { network: n } = own;
      const [from, to] = [n.endOf(this.dart[i] ^ 1), n.endOf(this.dart[i])];
      const isBehind = own.apart[from] + this.at[i]
        < own.apart[to] + own.length[this.dart[i]] - this.at[i];
      return isBehind ? from : to;
    }
  }

  return { Crowd, UNKNOWN };
});
