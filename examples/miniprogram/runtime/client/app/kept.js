/* What the phone stores: settings, places, and the current trip. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitAppKept = make();
  }
})(this, function () {
  'use strict';

  /** @typedef {import('../types').State} State */

  /** Screens of no trip, or of none yet. */
  const LOOKING = ['find', 'browse', 'place'];

  /** @param {State} state */
  function kept(state, name) {
    try {
      return JSON.parse(state.keep.get('navkit.' + name));
    } catch (error) {
      return null;
    }
  }

  /** @param {State} state */
  function save(state, name, value) {
    state.keep.set('navkit.' + name, JSON.stringify(value));
  }

  /** Numbers of stored places that this map still has.
   * @param {State} state */
  function keptPlaces(state, name) {
    const ids = kept(state, name);
    if (!Array.isArray(ids)) return [];
    const all = state.bundle.placeIds.map((_, place) => state.bundle.placeId(place));
    return ids.map((id) => all.indexOf(id)).filter((place) => place >= 0);
  }

  /** Whether two places are one, wherever it is.
   * @param {State} state */
  function isSame(state, one, other) {
    return state.bundle.placeId(one) === state.bundle.placeId(other);
  }

  /** A new goal keeps the start and drops the route.
   * @param {State} state */
  function saveTrip(state) {
    const trip = state.trip;
    const isUnderWay = state.trip.goal && !LOOKING.includes(state.screen);
    const stand = {
      when: state.now(), start: idOf(state, trip.start), here: trip.here,
      closed: state.closed, network: state.bundle.index.network, profile: trip.profile, group: trip.group,
    };
    const way = isUnderWay && {
      screen: state.screen, isLost: state.isLost, goal: idOf(state, trip.goal),
      wish: state.wish, at: state.at, said: saidOnTheWay(state),
    };
    save(state, 'trip', isUnderWay || trip.start ? Object.assign(stand, way) : null);
  }

  /** The words of a route, to recognise it.
   * @param {State} state */
  function saidOnTheWay(state) {
    return state.told ? state.told.instructions.map((one) => one.text) : [];
  }

  /** An id that finds a spot again, '' if there is none.
   * @param {State} state */
  function idOf(state, spot) {
    if (!spot) return '';
    if (spot.anchor >= 0) return state.bundle.anchors[spot.anchor].id;
    if (spot.category) return 'category:' + spot.category;
    return spot.places.length ? state.bundle.placeId(spot.places[0]) : '';
  }

  /** @param {State} state */
  function changed(state) {
    saveTrip(state);
    state.onChange();
  }

  /** @param {State} state */
  function favourite(state, place) {
    const has = state.favourites.some((one) => isSame(state, one, place));
    const others = state.favourites.filter((one) => !isSame(state, one, place));
    state.favourites = has ? others : [place].concat(others);
    save(state, 'favourites', state.favourites.map((one) => state.bundle.placeId(one)));
    state.onChange();
  }

  /** @param {State} state */
  function clearHistory(state) {
    state.recents = [];
    state.favourites = [];
    save(state, 'recents', []);
    save(state, 'favourites', []);
    state.onChange();
  }

  return {
    LOOKING, kept, save, keptPlaces, isSame, saveTrip, saidOnTheWay, idOf, changed, favourite, clearHistory,
  };
});
