/* How far and how long, as it is told everywhere: as `navkit/guidance/measure.py` has it. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitMeasure = make();
  }
})(this, function () {
  'use strict';

  /** `fine_grain_cm`, `coarse_from_cm` and `coarse_grain_cm` of `navkit/guidance/rules.json`. */
  const FINE_GRAIN_CM = 500;
  const COARSE_FROM_CM = 5000;
  const COARSE_GRAIN_CM = 1000;
  const MIN_MS = 60000;

  /** Metres as told: by 5 up to 50, by 10 beyond; never 0. */
  function roundedM(lengthCm) {
    const grain = lengthCm < COARSE_FROM_CM ? FINE_GRAIN_CM : COARSE_GRAIN_CM;
    return Math.max(1, Math.floor((lengthCm + grain / 2) / grain)) * (grain / 100);
  }

  /** Minutes as told: the nearest, halves up. 0 is less than half of one, told as less than one. */
  function roundedMin(durationMs) {
    return Math.floor((durationMs + MIN_MS / 2) / MIN_MS);
  }

  return { roundedM, roundedMin };
});
