/* What is shown over every screen: an emergency, an old map, closures that could not be read. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./kept.js'), require('./state.js'), require('./words.js'), require('./speech.js')
    );
  } else {
    root.navkitAppNews = make(
      root.navkitAppKept, root.navkitAppState, root.navkitAppWords, root.navkitAppSpeech
    );
  }
})(this, /**
 * @param {typeof import('./kept.js')} appKept
 * @param {typeof import('./state.js')} appState
 * @param {typeof import('./words.js')} appWords
 * @param {typeof import('./speech.js')} appSpeech
 */ function (appKept, appState, appWords, appSpeech) {
  'use strict';

  const { save, changed } = appKept;
  const { isStopped, mustConfirm } = appState;
  const { textsOf, fill, languageTag, word } = appWords;
  const { voiceOf, silence } = appSpeech;

  /** @typedef {import('../types').State} State */

  /** The screen of an emergency, as `navkitFollow` reports it, in words. */
  function emergencyWords(words, alarm) {
    const own = words.emergency;
    const { minutes } = alarm;
    const time = minutes === null ? own.long : minutes < 60 ? fill(own.minutes, { count: minutes })
      : fill(own.hours, { count: Math.floor(minutes / 60) });
    return {
      title: own.title, staff: own.staff, lifts: own.lifts, stopped: own.stopped,
      since: alarm.since && fill(own.since, { time: alarm.since.replace('T', ' ') }),
      heard: alarm.isOld ? fill(own.heard, { time: time }) : '',
      goOn: alarm.mayGoOn ? own['go-on'] : '',
    };
  }

  /** Whether an emergency has begun, which is said once, or is over.
   * @param {State} state */
  function heedEmergency(state) {
    const wasStopped = isStopped(state);
    const before = state.alarm;
    state.alarm = state.emergency();
    if (isStopped(state) && !wasStopped) {
      silence(state);
      state.isOver = false;
      sayEmergency(state);
    } else if (before && !state.alarm) {
      state.isOver = true;
    }
    if (isStopped(state) !== wasStopped || Boolean(before) !== Boolean(state.alarm)) {
      state.onChange();
    }
  }

  /** @param {State} state */
  function sayEmergency(state) {
    const player = state.settings.muted ? null : voiceOf(state);
    const text = textsOf(state.words, languageTag(state)).emergency.spoken;
    if (player) player.say({ text: text, speech: text, clauses: [] });
  }

  /** A walker whose phone had no contact for hours, and who has asked somebody, continues.
   * @param {State} state */
  function goOn(state) {
    if (!state.alarm || !state.alarm.mayGoOn) return;
    state.goneOn = state.alarm.heard_ms;
    save(state, 'gone-on', state.goneOn);
    changed(state);
  }

  /** The message about an emergency on other screens.
   * @param {State} state */
  function newsView(state) {
    if (state.isOver) return { kind: 'over', text: word(state, 'emergency.over') };
    return state.alarm ? { kind: 'unsure', text: word(state, 'emergency.going-on') } : null;
  }

  /** Somebody has confirmed that the map is old.
   * @param {State} state */
  function confirmAge(state) {
    state.isAgeConfirmed = true;
    changed(state);
  }

  /** That something is closed and this phone cannot say what; '' if that is not so.
   * @param {State} state */
  function unreadView(state) {
    const count = state.unread();
    return count ? word(state, 'closure.unread', { count: count }) : '';
  }

  /** How old the map is, once that matters; `confirm` is the button to press before walking on.
   * @param {State} state */
  function ageView(state) {
    const age = state.age();
    if (!age || !age.level) return null;
    return {
      level: age.level,
      text: word(state, 'age.' + age.level, { days: age.days }),
      confirm: mustConfirm(state) ? word(state, 'age.confirm') : '',
    };
  }

  return { emergencyWords, heedEmergency, goOn, newsView, confirmAge, unreadView, ageView };
});
