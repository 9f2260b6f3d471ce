/* What a crowd of guesses says together: where, from where to where, how likely off the way. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) module.exports = make();
  else root.navkitPositionReckoning = make();
})(this, function () {
  'use strict';

  /** Weights of guesses by metre of the route. */
  class Reckoning {
    /**
     * @param {number} total_m length of the route
     * @param {number} legs how many parts it has between shafts
     */
    constructor(total_m, legs) {
      this._byMetre = new Float64Array(Math.floor(total_m) + 2);
      this._byLeg = new Float64Array(legs);
      this.first = 0;
      this.last = 0;
      /** The chance of being more than `off_m` from the route. */
      this.off = 0;
    }

    /** Take in all guesses of a crowd.
     * @param {{count: number, weight: Float64Array, rules: Record<string, any>,
     *   along: (i: number) => number, apart: (i: number) => number, leg: (i: number) => number}}
     *   crowd
     */
    read(crowd) {
      const { _byMetre: byMetre, _byLeg: byLeg } = this;
      byMetre.fill(0, this.first, this.last + 1);
      byLeg.fill(0);
      let first = byMetre.length - 1;
      let last = 0;
      let off = 0;
      for (let i = 0; i < crowd.count; i++) {
        const own = crowd.weight[i];
        const metre = Math.floor(crowd.along(i));
        byMetre[metre] += own;
        if (metre < first) first = metre;
        if (metre > last) last = metre;
        if (crowd.apart(i) > crowd.rules.off_m) off += own;
        const leg = crowd.leg(i);
        if (leg >= 0) byLeg[leg] += own;
      }
      this.first = first;
      this.last = last;
      this.off = off;
    }

    /** How far along the route that share of the weight is reached, in metres. */
    upTo(share) {
      let sum = 0;
      for (let metre = this.first; metre <= this.last; metre++) {
        const own = this._byMetre[metre];
        if (own > 0 && sum + own >= share) return metre + (share - sum) / own;
        sum += own;
      }
      return this.last + 1;
    }

    /** The chance of being farther along the route than that. */
    beyond(along) {
      const own = Math.max(this.first, Math.floor(along));
      let sum = 0;
      for (let metre = own; metre <= this.last; metre++) sum += this._byMetre[metre];
      const isInside = own === Math.floor(along) && own <= this.last;
      return sum - (isInside ? this._byMetre[own] * (along - own) : 0);
    }

    /** The chance of being on the floor of a leg, near it. */
    onLeg(leg) {
      return this._byLeg[leg];
    }
  }

  return { Reckoning };
});
