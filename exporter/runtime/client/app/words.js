/* Texts of all screens: words, times, names of places and floors. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('../../core/measure.js'));
  } else {
    root.navkitAppWords = make(root.navkitMeasure);
  }
})(this, /** @param {typeof import('../../core/measure.js')} measure */ function (measure) {
  'use strict';

  const { roundedMin } = measure;

  /** @typedef {import('../types').State} State */

  /** Letters of a query that are repeated to the user. A guess, longer than any name. */
  const ECHOED = 30;
  /** Codes of `navkitTrust` that all tell a walker that the origin of the map is unknown. */
  const UNCONFIRMED = [
    'unsigned', 'rolled-back', 'mixed', 'altered', 'vanished', 'missing', 'too-long',
  ];

  /** Why an update was refused, in words; empty if there are none for it. */
  function whyKept(words, reason) {
    return words[UNCONFIRMED.includes(reason) ? 'refused' : reason];
  }

  /** What somebody typed or followed, to be repeated to them: its beginning, if it is long. */
  function shortened(text) {
    const letters = Array.from(text);
    return letters.length > ECHOED ? letters.slice(0, ECHOED).join('') + '…' : text;
  }

  /** The words of the nearest language to one of these. */
  function textsOf(words, ...spoken) {
    return words[nearestTag(words, spoken) || Object.keys(words)[0]];
  }

  /** The language nearest to what a phone or a reader asks for, such as zh-TW or en_US: the one that
   * shares the most with it, according to its words, else the first fallback of the reader's;
   * '' if none is near. Among all languages with words, or among some.
   * @param {string[]} [among] */
  function nearestTag(words, spoken, among) {
    const tags = among || Object.keys(words);
    const known = (tag) => words[tag] || {};
    for (const said of spoken) {
      const wanted = String(said).replace(/_/g, '-').toLowerCase() + '-';
      let length = 0;
      let found = '';
      for (const tag of tags) {
        for (const one of [tag].concat(known(tag).nearest || [])) {
          const isLonger = one.length > length && wanted.startsWith(one.toLowerCase() + '-');
          if (isLonger) [length, found] = [one.length, tag];
        }
      }
      found = found || (known(said).fallbacks || []).find((tag) => tags.includes(tag)) || '';
      if (found) return found;
    }
    return '';
  }

  function fill(template, slots) {
    return template.replace(/\{(\w+)\}/g, function (_, name) { return String(slots[name]); });
  }

  /** The language of the screen: the chosen one, else the nearest to the phone's own.
   * @param {State} state */
  function uiTag(state) {
    const tags = Object.keys(state.words);
    const chosen = state.settings.ui;
    if (tags.includes(chosen)) return chosen;
    return nearestTag(state.words, state.phone.concat(state.bundle.languages[0])) || tags[0];
  }

  /** The language of voice and directions: the chosen one, else the nearest to the screen's.
   * @param {State} state */
  function languageTag(state) {
    const all = state.bundle.languages;
    const chosen = state.settings.language;
    return all.includes(chosen) ? chosen : nearestTag(state.words, [uiTag(state)], all) || all[0];
  }

  /** The name for a reader, from names by language: the nearest one, else ''.
   * @param {State} state */
  function named(state, names) {
    const tag = uiTag(state);
    const chain = [tag].concat(state.words[tag].fallbacks || [], Object.keys(names).sort());
    return names[chain.find((one) => names[one])] || '';
  }

  /** The name of a thing that the hospital has closed.
   * @param {State} state */
  function thingName(state, closure) {
    const name = state.bundle.thingName(closure.target, languageTag(state));
    return name || word(state, 'closure.something');
  }

  /** That something is closed, why, and until when if that is known, in words.
   * @param {State} state */
  function closedText(state, closure) {
    const why = named(state, closure.reason);
    const said = word(
      state, why ? 'closure.why' : 'closure.bare', { what: thingName(state, closure), why: why });
    if (!closure.end) return said;
    const today = state.now().slice(0, 11);
    const end = closure.end.replace(today, '').replace('T', ' ');
    return word(
      state, state.isElsewhere() ? 'closure.until-there' : 'closure.until', { closed: said, end: end });
  }

  /** Words of the screen by their path, such as `walk.next`, with slots filled in.
   * @param {State} state */
  function word(state, path, slots) {
    let found = state.words[uiTag(state)];
    path.split('.').forEach(function (name) { found = found[name]; });
    return slots ? fill(found, slots) : found;
  }

  /** @param {State} state */
  function timeText(state, durationMs) {
    const count = roundedMin(durationMs);
    return count < 1 ? word(state, 'time.short') : word(state, 'time.minutes', { count: count });
  }

  /** The name of a spot as it is shown.
   * @param {State} state */
  function spotName(state, spot) {
    const language = languageTag(state);
    if (!spot) return '';
    if (spot.anchor >= 0) {
      const anchor = state.bundle.anchors[spot.anchor];
      return anchor.names[language] ? anchor.names[language][0] : anchor.code;
    }
    if (spot.node >= 0) return word(state, 'start.here');
    if (spot.category) {
      return word(state, 'find.nearest', { category: categoryName(state, spot.category) });
    }
    return spot.places.length ? state.bundle.place(spot.places[0], language).name : '';
  }

  /** @param {State} state */
  function categoryName(state, category) {
    const names = state.bundle.rules.category(category).names || {};
    return word(state, 'categories')[category] || named(state, names) || category;
  }

  /** Building and floor of a level.
   * @param {State} state */
  function levelName(state, level) {
    const one = state.bundle.levels[level];
    const names = state.bundle.buildings[one.building] || {};
    const building = (names[languageTag(state)] || [''])[0];
    return word(state, 'where', { building: building, level: one.label }).trim();
  }

  /** @param {State} state */
  function noticeText(state) {
    return state.notice ? state.notice.text() : '';
  }

  return {
    whyKept, shortened, textsOf, nearestTag, fill, uiTag, languageTag, named, thingName, closedText, word,
    timeText, spotName, categoryName, levelName, noticeText,
  };
});
