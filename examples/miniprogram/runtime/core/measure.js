/* How distances and times are rounded everywhere: see `navkit/guidance/measure.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./shipped.js'));
  } else {
    root.navkitMeasure = make(root.navkitShipped);
  }
})(this, /** @param {typeof import('./shipped.js')} shipped */ function (shipped) {
  'use strict';

  const MIN_MS = 60000;

  /** Metres to show: by 5 up to 50, by 10 beyond; never 0. */
  function roundedM(lengthCm, own = shipped.guidance) {
    const grainCm = lengthCm < own.coarse_from_cm ? own.fine_grain_cm : own.coarse_grain_cm;
    const grains = Math.floor((lengthCm + Math.floor(grainCm / 2)) / grainCm);
    return Math.max(1, grains) * Math.floor(grainCm / 100);
  }

  /** Minutes to show: the nearest, halves up. 0 is under half a minute: shown as less than one. */
  function roundedMin(durationMs) {
    return Math.floor((durationMs + MIN_MS / 2) / MIN_MS);
  }

  return { roundedM, roundedMin };
});
