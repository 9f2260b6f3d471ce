/* Folded text, and short numbers in words: see `navkit/venue/lookup.py` and
 * `navkit/words/speech.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitText = make();
  }
})(this, function () {
  'use strict';

  /** Text in the form in which it is compared: full-width as half-width, no case, no blanks.
   * @param {string} text
   * @returns {string}
   */
  function folded(text) {
    const plain = text.normalize ? text.normalize('NFKC') : text;
    return plain.toLowerCase().replace(/\s+/g, '');
  }

  /** Short numbers as numbers; three digits or more digit by digit, as rooms are read. */
  function sayDigits(digits, rules) {
    if (digits.length > 2 || digits[0] === '0') {
      return digits.split('').map(function (d) { return rules.digits[Number(d)]; })
        .join(rules.digit_join);
    }
    return numberWords(Number(digits), rules);
  }

  /** 0 to 99 in words. */
  function numberWords(value, rules) {
    if (value < rules.small.length) return rules.small[value];
    const ones = value % 10;
    const ten = rules.tens[(value - ones) / 10];
    return ten + (ones ? rules.tens_join + rules.digits[ones] : '');
  }

  return { folded, sayDigits, numberWords };
});
