/* What is read on every screen: words, times, names of places and floors. */
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

  /** Letters of a query that are said again: a guess, longer than any name. */
  const ECHOED = 30;
  /** Of a phone's language: that Chinese is written in traditional characters there. */
  const TRADITIONAL = ['hant', 'tw', 'hk', 'mo'];
  /** Codes of `navkitTrust` that all mean to a walker that nobody can say whose map that is. */
  const UNCONFIRMED = [
    'unsigned', 'rolled-back', 'mixed', 'altered', 'vanished', 'missing', 'too-long',
  ];

  /** Why an update was refused, in words; nothing where there are none for it. */
  function whyKept(words, reason) {
    return words[UNCONFIRMED.includes(reason) ? 'refused' : reason];
  }

  /** What somebody typed or followed, to be said again: its beginning, where it is long. */
  function shortened(text) {
    const letters = Array.from(text);
    return letters.length > ECHOED ? letters.slice(0, ECHOED).join('') + '…' : text;
  }

  /** The words of the nearest language to one of these. */
  function textsOf(words, ...spoken) {
    const tags = Object.keys(words);
    return words[nearestTag(tags, spoken) || tags[0]];
  }

  /** The nearest of these languages to what a phone or a reader speaks, such as zh-TW or en_US;
   * '' where none is near. */
  function nearestTag(tags, spoken) {
    for (const said of spoken) {
      const parts = String(said).toLowerCase().split(/[-_]/);
      const isTraditional = !parts.includes('hans') && parts.some((one) => TRADITIONAL.includes(one));
      const own = tags.filter((tag) => tag.split('-')[0] === parts[0]);
      const found = own.find((tag) => tag.endsWith(isTraditional ? '-Hant' : '-Hans')) || own[0];
      if (found) return found;
    }
    return '';
  }

  function fill(template, slots) {
    return template.replace(/\{(\w+)\}/g, function (_, name) { return String(slots[name]); });
  }

  /** Of the words on the screen: what was chosen, else the nearest to the phone's own.
   * @param {State} state */
  function uiTag(state) {
    const tags = Object.keys(state.words);
    const chosen = state.settings.ui;
    if (tags.includes(chosen)) return chosen;
    return nearestTag(tags, state.phone.concat(state.bundle.languages[0])) || tags[0];
  }

  /** Of voice and directions: what was chosen, else the nearest to the words on the screen.
   * @param {State} state */
  function languageTag(state) {
    const all = state.bundle.languages;
    const chosen = state.settings.language;
    return all.includes(chosen) ? chosen : nearestTag(all, [uiTag(state)]) || all[0];
  }

  /** What a thing is called that the hospital has closed.
   * @param {State} state */
  function thingName(state, closure) {
    const name = state.bundle.thingName(closure.target, languageTag(state));
    return name || word(state, 'closure.something');
  }

  /** That something is closed and why, in words.
   * @param {State} state */
  function closedText(state, closure) {
    const reasons = closure.reason;
    const why = reasons[uiTag(state)] || reasons['zh-Hans'] || Object.values(reasons)[0] || '';
    return word(
      state, why ? 'closure.why' : 'closure.bare', { what: thingName(state, closure), why: why });
  }

  /** Words of the screen by their path, such as `walk.next`, filled in.
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

  /** The name of a spot as one reads it.
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
    return word(state, 'categories')[category] || names[uiTag(state)] || category;
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
    whyKept, shortened, textsOf, nearestTag, fill, uiTag, languageTag, thingName, closedText, word,
    timeText, spotName, categoryName, levelName, noticeText,
  };
});
