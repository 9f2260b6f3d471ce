/* What is said of a place: its hours in words, whether it is open, when that changes, its closures. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('../../core/hours.js'), require('./state.js'), require('./words.js')
    );
  } else {
    root.navkitAppFacts = make(root.navkitHours, root.navkitAppState, root.navkitAppWords);
  }
})(this, /**
 * @param {typeof import('../../core/hours.js')} hours
 * @param {typeof import('./state.js')} appState
 * @param {typeof import('./words.js')} appWords
 */ function (hours, appState, appWords) {
  'use strict';

  const { rulesOf, localMinute } = hours;
  const { momentOf } = appState;
  const { fill, languageTag, closedText, word, levelName } = appWords;

  /** @typedef {import('../types').State} State */

  const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su', 'PH', 'SH'];
  const DAY_MIN = 1440;
  const MINUTE_MS = 60000;

  /** Hours of a directory, such as `Mo-Fr 08:00-17:00`, in `words`; unchanged if they cannot be
   * read. */
  function hoursInWords(text, words) {
    const rules = rulesOf(text);
    if (!rules) return text === '24/7' ? words.always : text;
    const day = (id) => words.days[DAYS.indexOf(id)];
    return rules.map((rule) => {
      const isEvery = !rule.days.length || rule.days.join(';') === 'Mo,Su';
      if (isEvery && rule.times.join() === '00:00,24:00') return words.always;
      const open = rule.times.map(([from, to]) => from + '–' + to);
      const said = rule.days.map(([first, last]) => (
        last ? fill(words.range, { first: day(first), last: day(last) }) : day(first)
      ));
      return fill(words.rule, {
        days: isEvery ? words.every : said.join(words.and),
        times: rule.isKnown ? open.join(words.and) || words.closed : words.unknown,
      });
    }).join(words.then);
  }

  /** Whether a place is open now, and until when, or when it opens next; that nobody has verified
   * today's hours; '' for a place without hours.
   * @param {State} state */
  function openText(state, place) {
    const { bundle } = state;
    if (!bundle.place(place, languageTag(state)).hours) return '';
    if (!bundle.isOpenKnown(place, state.now())) return word(state, 'arrived.unverified');
    const isOpen = bundle.isOpen(place, state.now());
    const change = bundle.changeAt(place, state.now());
    if (!change || !(isOpen || change.isKnown)) {
      return word(state, isOpen ? 'arrived.open' : 'arrived.closed');
    }
    return word(state, isOpen ? 'place.open-until' : 'place.opens', {
      time: momentText(state, change.minute, isOpen),
    });
  }

  /** A local minute in words, from today's: a time, a weekday within a week, else the date. What
   * ends at midnight ends at 24:00.
   * @param {State} state */
  function momentText(state, minute, isEnd) {
    const isMidnight = isEnd && minute % DAY_MIN === 0;
    const day = Math.floor(minute / DAY_MIN) - (isMidnight ? 1 : 0);
    const at = new Date((minute - (isMidnight ? DAY_MIN : 0)) * MINUTE_MS).toISOString();
    const time = isMidnight ? '24:00' : at.slice(11, 16);
    const apart = day - Math.floor(localMinute(state.now()) / DAY_MIN);
    if (apart < 1) return isEnd ? time : word(state, 'place.today', { time: time });
    if (apart < 2) return word(state, 'place.tomorrow', { time: time });
    // 1970-01-01 was a Thursday.
    const name = apart < 7 ? word(state, 'hours').days[(day + 3) % 7] : at.slice(0, 10);
    return word(state, 'place.day', { day: name, time: time });
  }

  /** That a place is closed now by its hours, and when it opens; '' for one that is open, or may be.
   * @param {State} state */
  function afterHoursText(state, place) {
    const { bundle } = state;
    const isShut = bundle.isOpenKnown(place, state.now()) && !bundle.isOpen(place, state.now());
    return isShut ? openText(state, place) : '';
  }

  /** When a place moves, and where to; '' for one that stays.
   * @param {State} state */
  function moveText(state, place) {
    const move = state.bundle.moveOf(place);
    if (!move) return '';
    const at = move.at.replace('T00:00', '').replace('T', ' ');
    if (move.to < 0) return word(state, 'find.ends', { at: at });
    const to = state.bundle.place(move.to, languageTag(state));
    const where = [to.level >= 0 ? levelName(state, to.level) : '', to.ref].filter(Boolean);
    return word(state, 'find.moves', { at: at, where: where.join(' ') });
  }

  /** That a place itself is closed now, why and until when; '' for one that is open.
   * @param {State} state */
  function shutText(state, place) {
    return state.bundle.closuresAt(place, momentOf(state)).slice(0, 1)
      .map((one) => closedText(state, one)).join('');
  }

  return { hoursInWords, openText, afterHoursText, moveText, shutText };
});
