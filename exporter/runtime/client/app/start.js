/* The screen that asks for the start: a code on a wall, a door, a point of the map. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./kept.js'), require('./state.js'), require('./words.js'), require('./route.js'),
      require('./find.js')
    );
  } else {
    root.navkitAppStart = make(
      root.navkitAppKept, root.navkitAppState, root.navkitAppWords, root.navkitAppRoute,
      root.navkitAppFind
    );
  }
})(this, /**
 * @param {typeof import('./kept.js')} appKept
 * @param {typeof import('./state.js')} appState
 * @param {typeof import('./words.js')} appWords
 * @param {typeof import('./route.js')} appRoute
 * @param {typeof import('./find.js')} appFind
 */ function (appKept, appState, appWords, appRoute, appFind) {
  'use strict';

  const { changed } = appKept;
  const { profileOf, momentOf } = appState;
  const { shortened, word, spotName } = appWords;
  const { findWay } = appRoute;
  const { linesOf, searched } = appFind;

  /** @typedef {import('../types').State} State */

  /** Entrances to choose from: more would be a long list to search. A guess. */
  const ENTRANCES = 6;
  /** The prefix of a code on a wall that opens no page. */
  const OF_A_WALL = /^navkit:/;

  /** The code in a QR code, or the one that somebody typed. */
  function codeOf(text) {
    const said = text.trim();
    const link = /#(?:.*&)?a=([^&]*)/.exec(said);
    if (link) return decoded(link[1]);
    return said.replace(OF_A_WALL, '');
  }

  /** A part of a link, decoded; unchanged if it is malformed. */
  function decoded(part) {
    try {
      return decodeURIComponent(part);
    } catch (error) {
      return part;
    }
  }

  /** @param {State} state */
  function searchStart(state, text) {
    state.startQuery = text;
    state.startError = '';
    state.onChange();
  }

  /** Set the start by the code on a wall, scanned or typed. Returns whether there is such a code.
   * @param {State} state */
  function startAtCode(state, text) {
    const anchor = anchorOf(state, text);
    if (anchor < 0) {
      state.startError = word(state, 'start.unknown-code', { text: shortened(codeOf(text)) });
      state.onChange();
      return false;
    }
    setStart(state, { places: [], anchor: anchor });
    return true;
  }

  /** @param {State} state */
  function anchorOf(state, text) {
    const code = codeOf(text).toUpperCase();
    return state.bundle.anchors.findIndex(
      (one) => one.code.toUpperCase() === code || one.id.toUpperCase() === code);
  }

  /** There is no camera, or it must not be used.
   * @param {State} state */
  function noCamera(state) {
    state.startError = word(state, 'start.no-camera');
    state.onChange();
  }

  /** Set the start by the number of the place whose door the walker sees.
   * @param {State} state */
  function startAt(state, place) {
    setStart(state, { places: [place], anchor: -1 });
  }

  /** Set the start by a point of the map in metres and its space: the nearest place without a wall
   * between, if there is one. Returns whether anything is known near it.
   * @param {State} state */
  function startNear(state, level, point, space) {
    const around = space === undefined ? new Set() : state.bundle.network.nodesAround(space);
    const seen = nearestPlace(state, level, point, (node) => around.has(node));
    const best = seen < 0 ? nearestPlace(state, level, point, () => true) : seen;
    if (best < 0) {
      state.startError = word(state, 'start.nowhere');
      state.onChange();
      return false;
    }
    startAt(state, best);
    return true;
  }

  /** The public place that has the nearest of these nodes; -1 for none.
   * @param {State} state */
  function nearestPlace(state, level, point, isMeant) {
    let best = -1;
    let least = Infinity;
    const network = state.bundle.network;
    const away = state.bundle.away(state.now());
    for (let place = 0; place < state.bundle.placeCount; place++) {
      if (!state.bundle.placeIsPublic(place) || away.includes(place)) continue;
      state.bundle.placeNodes(place).forEach(function (node) {
        if (network.level[node] !== level || !isMeant(node)) return;
        const dx = network.x[node] / 100 - point[0];
        const dy = network.y[node] / 100 - point[1];
        const far = dx * dx + dy * dy;
        if (far < least) { least = far; best = place; }
      });
    }
    return best;
  }

  /** @param {State} state */
  function setStart(state, start) {
    state.trip.start = start;
    state.isOver = false;
    state.trip.here = null;
    state.startQuery = '';
    state.startError = '';
    state.isLost = false;
    if (state.trip.goal) findWay(state);
    else {
      state.trail = [];
      state.screen = 'find';
    }
    changed(state);
  }

  /** @param {State} state */
  function startView(state) {
    const query = state.startQuery.trim();
    const found = query ? searched(state, query) : [];
    return {
      title: word(state, state.isLost ? 'start.lost' : 'start.title'),
      going: state.trip.goal
        ? word(state, 'start.going', { place: spotName(state, state.trip.goal) }) : '',
      query: state.startQuery,
      results: linesOf(state, found.filter((one) => !one.hint).map((one) => one.place)),
      entrances: linesOf(state, entrancesTo(state, state.trip.goal)),
      error: state.startError,
    };
  }

  /** Entrances for visitors from which a goal can be reached, the widest first: a main entrance
   * is wider than a side door. A guess, as drawings seldom say which is which.
   * @param {State} state */
  function entrancesTo(state, goal) {
    const bundle = state.bundle;
    const profile = profileOf(state);
    const at = momentOf(state);
    const found = [];
    for (let place = 0; place < bundle.placeCount; place++) {
      if (bundle.placeDoor(place) >= 0 && bundle.placeIsPublic(place)) found.push(place);
    }
    const width = (place) => bundle.network.doorWidth[bundle.placeDoor(place)];
    found.sort((a, b) => width(b) - width(a) || a - b);
    const leads = (place) => (
      !goal || bundle.navigator.joins({ places: [place], anchor: -1 }, goal, profile, at));
    const leading = found.filter(leads);
    // If none leads there, the route says why.
    return (leading.length ? leading : found).slice(0, ENTRANCES);
  }

  return {
    OF_A_WALL, codeOf, decoded, searchStart, startAtCode, anchorOf, noCamera, startAt, startNear,
    setStart, entrancesTo, startView,
  };
});
