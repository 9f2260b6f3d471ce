/* The one state of a client, which all its screens work on, and what follows from it alone. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./kept.js'));
  } else {
    root.navkitAppState = make(root.navkitAppKept);
  }
})(this, /** @param {typeof import('./kept.js')} appKept */ function (appKept) {
  'use strict';

  const { kept, keptPlaces } = appKept;

  /** @typedef {import('../types').State} State */

  /** @type {import('../types').Settings} */
  const SETTINGS = {
    profile: 'walk', language: '', ui: '', elder: false, theme: 'light', size: 1, reader: false,
    muted: false, pack: '', clips: [], northUp: false, brought: false, asked: false,
  };

  /** A client that begins; `options` are those of `navkitApp.create`.
   * @param {import('../types').Options} options
   * @returns {State} */
  function create(options) {
    const state = /** @type {State} */ ({});
    state.bundle = options.bundle;
    state.words = options.words;
    state.keep = options.keep;
    state.now = options.now;
    state.makePlayer = options.player || function () { return null; };
    state.onChange = function () {};
    state.phone = options.phone || [];
    state.address = options.address || '';
    state.age = options.age || function () { return null; };
    state.unread = options.unread || function () { return 0; };
    state.isElsewhere = options.isElsewhere || function () { return false; };
    state.emergency = options.emergency || function () { return null; };
    state.alarm = null;
    state.goneOn = kept(state, 'gone-on') || 0;
    state.report = options.report || null;
    state.motion = options.motion || null;
    state.hospitals = options.hospitals || null;
    state.isShared = Boolean(options.isShared);
    state.along = null;
    state.alongEnded = '';
    state.isAgeConfirmed = false;
    state.settings = Object.assign({}, SETTINGS, kept(state, 'settings') || {});
    state.recents = keptPlaces(state, 'recents');
    state.favourites = keptPlaces(state, 'favourites');
    state.player = null;
    state.isSlow = false;
    state.shut = [];
    state.open = '';
    forget(state);
    return state;
  }

  /** @param {State} state */
  function spotOf(state, query) {
    const spot = state.bundle.find(query, state.now());
    const category = /^category:(.+)$/.exec(query);
    return category ? Object.assign(spot, { category: category[1] }) : spot;
  }

  /** @param {State} state */
  function forget(state) {
    state.screen = 'find';
    state.query = '';
    state.startQuery = '';
    state.startError = '';
    state.isLost = false;
    // `here` is the walker's position instead, if the way from the start was blocked; `profile` is
    // that of a link, which is not the phone's own; `group` is the walker's, of this trip only.
    state.trip = { start: null, goal: null, here: null, profile: '', group: '' };
    state.closed = [];
    state.isOver = false;
    state.wish = '';
    state.route = null;
    state.told = null;
    state.error = '';
    state.notice = null;
    state.others = [];
    state.avoided = [];
    state.at = 0;
    state.move = 0;
    state.trail = [];
    state.level = firstLevel(state);
    state.isStacked = true;
  }

  /** The first floor of a map: the ground floor of the first building.
   * @param {State} state */
  function firstLevel(state) {
    let best = 0;
    state.bundle.levels.forEach((level, i) => {
      if (Math.abs(level.ordinal) < Math.abs(state.bundle.levels[best].ordinal)) best = i;
    });
    return best;
  }

  /** The current profile.
   * @param {State} state */
  function profileOf(state) {
    const own = state.settings.profile;
    const usual = isForVisitors(state, own) ? own : SETTINGS.profile;
    const profile = state.bundle.profiles[state.trip.profile || usual];
    const group = state.trip.group;
    return group ? Object.assign({}, profile, { group: group }) : profile;
  }

  /** Whether visitors may travel by it; those of the staff open other doors.
   * @param {State} state */
  function isForVisitors(state, profile) {
    const all = state.bundle.profiles;
    return Object.prototype.hasOwnProperty.call(all, profile) && all[profile].access === 'public';
  }

  /** The moment for which routes are computed.
   * @param {State} state */
  function momentOf(state) {
    return state.bundle.moment(state.now(), state.closed);
  }

  /** Where the route begins.
   * @param {State} state */
  function whereFrom(state) {
    return state.trip.here || state.trip.start;
  }

  /** Whether nobody is guided now: nothing else is shown and nothing is said.
   * @param {State} state */
  function isStopped(state) {
    const alarm = state.alarm;
    return Boolean(alarm) && !(alarm.mayGoOn && alarm.heard_ms === state.goneOn);
  }

  /** Show a message until the user moves on, or until it is no longer true: `text` returns it in
   * the reader's language, `shut` and `open` are the closures that it depends on.
   * @param {State} state */
  function say(state, text, facts) {
    state.notice = Object.assign({ text: text, shut: [], open: [], stays: false }, facts);
  }

  /** @param {State} state */
  function spotIfKnown(state, query) {
    if (!query) return null;
    try {
      return spotOf(state, query);
    } catch (error) {
      return null;
    }
  }

  /** @param {State} state */
  function mustConfirm(state) {
    const age = state.age();
    return Boolean(age) && age.level === 'red' && !state.isAgeConfirmed;
  }

  return {
    SETTINGS, create, spotOf, forget, profileOf, isForVisitors, momentOf, whereFrom, isStopped, say,
    spotIfKnown, mustConfirm,
  };
});
