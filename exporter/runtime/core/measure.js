/* How far and how long, as it is told everywhere: as `navkit/guidance/measure.py` has it. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./shipped.js'));
  } else {
    root.navkitMeasure = make(root.navkitShipped);
  }
})(this, /** @param {typeof import('./shipped.js')} shipped */ function (shipped) {
  'use strict';

  const MIN_MS = 60000;

  /** Metres as told: by 5 up to 50, by 10 beyond; never 0. */
  function roundedM(lengthCm, own = shipped.guidance) {
    const grainCm = lengthCm < own.coarse_from_cm ? own.fine_grain_cm : own.coarse_grain_cm;
    const grains = Math.floor((lengthCm + Math.floor(grainCm / 2)) / grainCm);
    return Math.max(1, grains) * Math.floor(grainCm / 100);
  }

  /** Minutes as told: the nearest, halves up. 0 is less than half of one, told as less than one. */
  function roundedMin(durationMs) {
    return Math.floor((durationMs + MIN_MS / 2) / MIN_MS);
  }

  return { roundedM, roundedMin };
});
