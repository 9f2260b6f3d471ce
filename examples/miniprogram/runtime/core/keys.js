/* What can be typed for the places of a bundle. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./hits.js'));
  } else {
    root.navkitKeys = make(root.navkitHits);
  }
})(this, /** @param {typeof import('./hits.js')} hits */ function (hits) {
  'use strict';

  const { WHOLE, WORD, BEGINNING, CONTAINED } = hits;

  const HAN = /[\u3400-\u9fff]/;

  /** Separators between the words of a name. */
  const APART = /[\s,，、()（）/-]+/;

  /** @typedef {{text: string, han: boolean, whole: number, places: number[], words?: string[],
   *   own?: boolean}} Key
   * A `text` as it is compared, with its `places` and how well they match if the `whole` of it is
   * typed; `han` says which script; `own`: it is a name, no alias; its Latin `words`. */

  /** Everything that people may call the places, also by their category and by other words for a
   * department, once each.
   * @returns {Key[]} */
  function namesOf(bundle, file, plain) {
    const byText = new Map([WHOLE, WORD, BEGINNING, CONTAINED].map((rank) => [rank, new Map()]));
    const bySaid = new Map();
    const keyOf = function (said, rank) {
      const text = plain(said);
      const known = byText.get(rank);
      if (!known.has(text)) {
        known.set(text, { text: text, han: HAN.test(text), whole: rank, places: [] });
      }
      return known.get(text);
    };
    const put = function (said, place, isOwn) {
      if (!bySaid.has(said)) {
        const whole = keyOf(said, WHOLE);
        if (!whole.han) whole.words = wordsOf(said);
        bySaid.set(said, [whole].concat(laterWords(said).map((words) => keyOf(words, BEGINNING))));
      }
      bySaid.get(said).forEach(function (key) {
        if (key.places[key.places.length - 1] !== place) key.places.push(place);
        if (isOwn) key.own = true;
      });
    };
    for (let place = 0; place < bundle.placeCount; place++) {
      const names = bundle._namesOf(place);
      bundle._saidOf(place).forEach((said) => { put(said, place, names.includes(said)); });
    }
    (file.also || []).forEach(function ([words, places]) {
      words.forEach((word) => { keyOf(word, WORD).places.push(...places); });
    });
    const kinds = file.kinds || {};
    Object.keys(kinds).forEach(function (category) {
      const places = bundle._placesWhere((place) => bundle.isOf(place, category));
      kinds[category].forEach((word) => { keyOf(word, CONTAINED).places.push(...places); });
    });
    return [].concat(...Array.from(byText.values(), (known) => Array.from(known.values())))
      .filter((key) => key.text);
  }

  /** The endings of a name, from each later word on: "department of radiology" is "radiology". */
  function laterWords(name) {
    const found = [];
    if (!APART.test(name)) return found;
    const words = name.split(APART);
    let rest = '';
    for (let k = words.length - 1; k > 0; k--) {
      rest = words[k] + rest;
      if (rest.length > 1) found.push(rest);
    }
    return found;
  }

  /** The words of a text in Latin letters, without case and dots.
   * @param {string} text */
  function wordsOf(text) {
    return text.toLowerCase().split(/[^a-z0-9]+/).filter(Boolean);
  }

  /** Whether `short` is `text` with characters left out, not the first.
   * @param {string} short
   * @param {string} text */
  function isLeftOut(short, text) {
    if (short[0] !== text[0]) return false;
    let at = 0;
    for (let k = 0; k < short.length; k++) {
      at = text.indexOf(short[k], at) + 1;
      if (!at) return false;
    }
    return true;
  }

  return { HAN, namesOf, wordsOf, isLeftOut };
});
