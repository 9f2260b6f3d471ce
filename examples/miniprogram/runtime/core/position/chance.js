/* Chance that can be repeated: the same seed gives the same numbers on every phone. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) module.exports = make();
  else root.navkitPositionChance = make();
})(this, function () {
  'use strict';

  /** Of the sum of four bytes: its mean and its standard deviation. */
  const MEAN = 510;
  const DEVIATION = Math.sqrt(4 * (256 * 256 - 1) / 12);

  /** A xorshift of 32 bits.
   * @param {number} seed any number but NaN; 0 counts as 1
   */
  function chance(seed) {
    let bits = (Math.floor(seed) ^ 0x9e3779b9) | 0;
    if (!bits) bits = 1;

    function draw() {
      bits ^= bits << 13;
      bits ^= bits >>> 17;
      bits ^= bits << 5;
      return bits;
    }

    return {
      /** From 0 to 1, 1 excluded. */
      uniform: function () {
        return (draw() >>> 0) / 4294967296;
      },
      /** Mean 0, standard deviation 1, never beyond 3.5: four bytes summed. No logarithm, whose
       * last digit differs from phone to phone. */
      normal: function () {
        const own = draw();
        const sum = (own & 255) + (own >>> 8 & 255) + (own >>> 16 & 255) + (own >>> 24);
        return (sum - MEAN) / DEVIATION;
      },
    };
  }

  return { chance };
});
