/* Trips from elsewhere: from a link, from a scanned code, from the last time. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./kept.js'), require('./state.js'), require('./words.js'), require('./route.js'),
      require('./find.js'), require('./place.js'), require('./start.js'), require('./walk.js'), require('./settings.js'),
      require('./screens.js'), require('./hospitals.js')
    );
  } else {
    root.navkitAppLinks = make(
      root.navkitAppKept, root.navkitAppState, root.navkitAppWords, root.navkitAppRoute,
      root.navkitAppFind, root.navkitAppPlace, root.navkitAppStart, root.navkitAppWalk, root.navkitAppSettings,
      root.navkitAppScreens, root.navkitAppHospitals
    );
  }
})(this, /**
 * @param {typeof import('./kept.js')} appKept
 * @param {typeof import('./state.js')} appState
 * @param {typeof import('./words.js')} appWords
 * @param {typeof import('./route.js')} appRoute
 * @param {typeof import('./find.js')} appFind
 * @param {typeof import('./place.js')} appPlace
 * @param {typeof import('./start.js')} appStart
 * @param {typeof import('./walk.js')} appWalk
 * @param {typeof import('./settings.js')} appSettings
 * @param {typeof import('./screens.js')} appScreens
 * @param {typeof import('./hospitals.js')} appHospitals
 */ function (
  appKept, appState, appWords, appRoute, appFind, appPlace, appStart, appWalk, appSettings, appScreens,
  appHospitals
) {
  'use strict';

  const { kept, saidOnTheWay, changed } = appKept;
  const { forget, isForVisitors, say, spotIfKnown } = appState;
  const { shortened, word } = appWords;
  const { findWay } = appRoute;
  const { setGoal } = appFind;
  const { look } = appPlace;
  const { decoded, startAtCode, anchorOf, setStart, OF_A_WALL } = appStart;
  const { standAt } = appWalk;
  const { DAY_MS } = appSettings;
  const { leave } = appScreens;
  const { wentElsewhere } = appHospitals;

  /** @typedef {import('../types').State} State */

  /** A trip stored for longer than this is over: a guess, longer than a visit. */
  const TRIP_MS = DAY_MS / 2;

  /** The part of a link after #, as {a: code, from: id, to: id, place: id, p: profile}. */
  function linked(hash) {
    const found = {};
    hash.replace(/^#/, '').split('&').forEach(function (pair) {
      const at = pair.indexOf('=');
      if (at > 0) found[pair.slice(0, at)] = decoded(pair.slice(at + 1));
    });
    return found;
  }

  /** Handle what a camera read: a code on a wall is a start, a link with a goal is followed, one of
   * another hospital opens its map, and
   * for anything else a message says that it is neither. Returns whether it led anywhere.
   * @param {State} state */
  function scanned(state, text) {
    const said = text.trim();
    const hash = said.replace(/^[^#]*/, '');
    const link = linked(hash);
    if (wentElsewhere(state, said)) return true;
    const isWall = !link.to && (link.a || OF_A_WALL.test(said) || anchorOf(state, said) >= 0);
    if (isWall) return startAtCode(state, said);
    if (spotIfKnown(state, link.to || link.place)) return open(state, hash);
    state.startError = word(state, 'start.other-code');
    state.onChange();
    return false;
  }

  /** Follow a link; a message names what this map does not know. Returns whether it asked for
   * anything.
   * @param {State} state */
  function open(state, hash) {
    const link = linked(hash);
    const goal = spotIfKnown(state, link.to);
    const start = spotIfKnown(state, link.from);
    if (isForVisitors(state, link.p)) state.trip.profile = link.p;
    else if (link.to) state.trip.profile = '';
    // The person who receives another trip does not begin where this one did.
    if (link.to && (link.from || link.a)) Object.assign(state.trip, { start: null, here: null });
    const asked = link.to || link.place;
    if (asked && !spotIfKnown(state, asked)) refuse(state, asked);
    if (goal) setGoal(state, goal);
    if (start) setStart(state, start);
    if (link.a) startAtCode(state, link.a);
    if (!link.to) lookAt(state, spotIfKnown(state, link.place));
    return Boolean(asked || link.from || link.a);
  }

  /** The page of the place that a link names.
   * @param {State} state */
  function lookAt(state, spot) {
    if (!spot || !spot.places.length) return;
    leave(state);
    state.trip.goal = null;
    state.trail = [];
    look(state, spot.places[0]);
  }

  /** A link asks for something that is not on this map: no trip is better than another one.
   * @param {State} state */
  function refuse(state, asked) {
    leave(state);
    state.screen = 'find';
    state.trip.goal = null;
    say(state, () => word(state, 'find.unknown-place', { text: shortened(asked) }));
    changed(state);
  }

  /** Continue what was under way when the client was closed. Returns whether there was something; a
   * trip that cannot be resumed is dropped.
   * @param {State} state */
  function resume(state) {
    const trip = kept(state, 'trip');
    try {
      if (trip && isRecent(state, trip.when)) resumeTrip(state, trip);
    } catch (error) {
      forget(state); // Stored by another version, or damaged: it must not block the start.
    }
    changed(state);
    return Boolean(state.trip.goal || state.trip.start);
  }

  /** @param {State} state */
  function isRecent(state, when) {
    const apart = Date.parse(state.now() + 'Z') - Date.parse(when + 'Z');
    return Math.abs(apart) < TRIP_MS;
  }

  /** @param {State} state */
  function resumeTrip(state, trip) {
    state.trip.start = spotIfKnown(state, trip.start);
    state.trip.goal = spotIfKnown(state, trip.goal);
    if (isForVisitors(state, trip.profile)) state.trip.profile = trip.profile;
    if (Object.keys(state.bundle.groups).includes(trip.group)) state.trip.group = trip.group;
    // Numbers of nodes and edges are valid in their own network only.
    const isSame = trip.network === state.bundle.index.network;
    if (isSame) state.trip.here = trip.here;
    state.closed = trip.closed.filter((id) => isSame && state.bundle.knows(id));
    if (!state.trip.goal) return;
    state.screen = 'start';
    if (!state.trip.start) return;
    findWay(state, trip.wish);
    // A step is valid only on the route that it belongs to.
    if (saidOnTheWay(state).join('\n') !== trip.said.join('\n')) return;
    state.at = trip.at;
    state.isLost = trip.isLost;
    if (trip.screen === 'walk' || trip.screen === 'arrived') standAt(state, trip.screen, trip.at);
    else state.screen = trip.screen;
  }

  return { scanned, open, resume };
});
