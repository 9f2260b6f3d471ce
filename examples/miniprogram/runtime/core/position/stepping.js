/* From the sensors of a phone to steps and turns: pure functions of samples.
 *
 *   const stepping = navkitPositionStepping.stepping(bundle.rules.position);
 *   stepping.accelerated(t, [x, y, z])   // m/s², gravity included; times of the steps found, if any
 *   stepping.rotated(t, [x, y, z])       // radians a second; the heading, or null if it is told later
 *
 * The vertical is the mean acceleration, and the heading the integral of the turning about it: no
 * Euler angles, no north. Some phones give gravity with the other sign; whoever walks with a phone in
 * the hand sees its screen, so up is towards its face and its upper edge.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) module.exports = make();
  else root.navkitPositionStepping = make();
})(this, function () {
  'use strict';

  const ACROSS = [0, 1, 2];
  /** A longer silence between two samples is not reckoned over. */
  const LONGEST_S = 0.5;
  /** How fast the usual height of a peak is forgotten: a quarter with each step. */
  const KEPT = 0.75;

  class Stepping {
    /** @param {Record<string, any>} rules `position` of the rules of a bundle */
    constructor(rules) {
      this.rules = rules;
      this.accelerated_s = NaN;
      this.rotated_s = NaN;
      this.mean = null;
      this.slow = 0;
      this.fast = 0;
      this.calm = 0;
      this.wave = 0;
      this.isRising = false;
      this.usual = 0;
      /** Times of the steps of the present run. */
      this.run = [];
      this.heading = 0;
      this.told_s = -Infinity;
    }

    /** A sample of the acceleration.
     * @param {number} t
     * @param {number[]} v
     * @returns {number[]} times of steps
     */
    accelerated(t, v) {
      if (!isSample(t, v)) return [];
      const seconds = t - this.accelerated_s;
      this.accelerated_s = t;
      if (!this.mean || !(seconds >= 0 && seconds < LONGEST_S)) {
        this.mean = v.slice(0, 3);
        this.fast = this.calm = this.slow = length(v);
        this.run = [];
        return [];
      }
      const { rules } = this;
      const part = 1 - Math.exp(-seconds / rules.upright_s);
      ACROSS.forEach((k) => { this.mean[k] += part * (v[k] - this.mean[k]); });
      const upright = dot(v, this.mean) / length(this.mean);
      this.slow += passed(rules.step_low_hz, seconds) * (upright - this.slow);
      // Twice: once lets half of a tremor through.
      const share = passed(rules.step_high_hz, seconds);
      this.fast += share * (upright - this.fast);
      this.calm += share * (this.fast - this.calm);
      return this._peak(t, this.calm - this.slow);
    }

    /** A step is where the acceleration has just ceased to rise, high enough. */
    _peak(t, wave) {
      const { rules } = this;
      const isPeak = this.isRising && wave < this.wave;
      const height = this.wave;
      this.isRising = wave > this.wave;
      this.wave = wave;
      const last = this.run[this.run.length - 1];
      const isHigh = height >= Math.max(rules.step_least_mps2, rules.step_of_usual * this.usual);
      if (!isPeak || !isHigh || t - last < rules.step_apart_s) return [];
      if (!(t - last <= rules.step_run_s)) this.run = [];
      this.usual = this.run.length ? KEPT * this.usual + (1 - KEPT) * height : height;
      this.run.push(t);
      if (this.run.length < rules.step_run) return [];
      return this.run.length === rules.step_run ? this.run.slice() : [t];
    }

    /** A sample of the rotation.
     * @param {number} t
     * @param {number[]} v
     * @returns {?number} the heading in radians, counterclockwise from anywhere
     */
    rotated(t, v) {
      if (!isSample(t, v) || !this.mean) return null;
      const seconds = t - this.rotated_s;
      this.rotated_s = t;
      if (!(seconds >= 0 && seconds < LONGEST_S)) return null;
      const towards = this.mean[1] + this.mean[2] < 0 ? -1 : 1;
      this.heading += towards * seconds * dot(v, this.mean) / length(this.mean);
      if (t - this.told_s < this.rules.turn_every_s) return null;
      this.told_s = t;
      return this.heading;
    }
  }

  /** How much of a change a low-pass lets through in so many seconds. */
  function passed(hz, seconds) {
    return 1 - Math.exp(-2 * Math.PI * hz * seconds);
  }

  function isSample(t, v) {
    return Number.isFinite(t) && Array.isArray(v) && ACROSS.every((k) => Number.isFinite(v[k]));
  }

  function dot(a, b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  }

  function length(v) {
    return Math.sqrt(dot(v, v)) || 1;
  }

  return { stepping: (rules) => new Stepping(rules) };
});
