/* Samples of a phone's sensors become steps, turns and gaps: the same for a page and a mini-program.
 *
 *   const felt = navkitMotion.felt(bundle.rules.position, on);
 *   felt.accelerated(t, [x, y, z]);   // m/s², gravity included
 *   felt.rotated(t, [x, y, z]);       // radians a second
 *
 * `on` has `step(t)`, `turn(t, radians)`, `gap(from, to)` and `still()`, after which the client should
 * stop: nobody has walked for minutes.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('../core/position/stepping.js'));
  } else {
    root.navkitMotion = make(root.navkitPositionStepping);
  }
})(this, /** @param {typeof import('../core/position/stepping.js')} steppings */ function (steppings) {
  'use strict';

  /** @typedef {import('./types').Felt} Felt */

  class Sensed {
    /**
     * @param {Record<string, any>} rules
     * @param {Felt} on
     */
    constructor(rules, on) {
      this.rules = rules;
      this.on = on;
      this.stepping = steppings.stepping(rules);
      this.last_s = NaN;
      /** Mean time between samples. */
      this.every_s = 0;
      this.stepped_s = NaN;
      this.isOver = false;
    }

    /**
     * @param {number} t
     * @param {number[]} v
     */
    accelerated(t, v) {
      if (this.isOver || !Number.isFinite(t)) return;
      const { rules, on } = this;
      const apart = t - this.last_s;
      if (apart > rules.gap_s) on.gap(this.last_s, t);
      else if (apart >= 0) this.every_s += SHARE * (apart - this.every_s);
      this.last_s = t;
      const steps = this.stepping.accelerated(t, v);
      if (steps.length || !Number.isFinite(this.stepped_s)) this.stepped_s = t;
      steps.forEach((when) => on.step(when));
      if (t - this.stepped_s < rules.still_s) return;
      this.isOver = true;
      on.still();
    }

    /** A phone that samples rarely knows steps only: no heading can be made of that.
     * @param {number} t
     * @param {number[]} v
     */
    rotated(t, v) {
      if (this.isOver) return;
      const heading = this.stepping.rotated(t, v);
      if (heading !== null && this.every_s * this.rules.least_hz <= 1) this.on.turn(t, heading);
    }
  }

  /** How much a new interval counts in the mean: some twenty count. */
  const SHARE = 0.05;

  return { felt: (rules, on) => new Sensed(rules, on) };
});
