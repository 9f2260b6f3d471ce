/* From outside to the hospital: the entrance that a goal needs, for the maps of the city. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('../earth.js'), require('./state.js'), require('./words.js'), require('./start.js'),
      require('./place.js')
    );
  } else {
    root.navkitAppOutside = make(
      root.navkitEarth, root.navkitAppState, root.navkitAppWords, root.navkitAppStart,
      root.navkitAppPlace
    );
  }
})(this, /**
 * @param {typeof import('../earth.js')} earth
 * @param {typeof import('./state.js')} appState
 * @param {typeof import('./words.js')} appWords
 * @param {typeof import('./start.js')} appStart
 * @param {typeof import('./place.js')} appPlace
 */ function (earth, appState, appWords, appStart, appPlace) {
  'use strict';

  const { toDegrees, toGcj02 } = earth;
  const { profileOf, momentOf } = appState;
  const { languageTag, named, word, levelName } = appWords;
  const { entrancesTo } = appStart;
  const { lookedAt } = appPlace;

  /** @typedef {import('../types').State} State */

  /** Digits of a degree: 0.1 m. */
  const DIGITS = 6;
  /** Maps of the city, and how they are asked for the way to a point by bus. Sources:
   * lbs.amap.com (URI API), lbs.qq.com (URI API), RFC 5870 with `q` of Android. */
  const MAPS = [
    { id: 'amap', from: toGcj02, url: (at, name) => 'https://uri.amap.com/navigation?to=' + at.lon + ','
      + at.lat + ',' + name + '&mode=bus&coordinate=gaode&src=navkit&callnative=1' },
    { id: 'tencent', from: toGcj02, url: (at, name) => 'https://apis.map.qq.com/uri/v1/routeplan?type=bus&to='
      + name + '&tocoord=' + at.lat + ',' + at.lon + '&referer=navkit' },
    { id: 'geo', from: (at) => at, url: (at, name) => 'geo:' + at.lat + ',' + at.lon + '?q=' + at.lat
      + ',' + at.lon + '(' + name + ')' },
  ];

  /** Whether this map knows where on Earth it is.
   * @param {State} state */
  function isOnEarth(state) {
    return Boolean(state.bundle.frame);
  }

  /** The entrance for a goal: where the route begins, if that is one; else the one with the best
   * way to it; -1 for none.
   * @param {State} state */
  function entranceFor(state, goal) {
    const { bundle } = state;
    const start = state.trip.start && state.trip.start.places;
    const isTheGoal = state.trip.goal === goal;
    if (isTheGoal && start && start.length === 1 && bundle.placeDoor(start[0]) >= 0) return start[0];
    let best = -1;
    let least = Infinity;
    entrancesTo(state, goal).forEach(function (place) {
      try {
        const from = { places: [place], anchor: -1 };
        const way = bundle.navigator.findRoute(from, goal, profileOf(state), momentOf(state));
        if (way.cost_ms < least) [best, least] = [place, way.cost_ms];
      } catch (error) {
        if (!error.code) throw error;
      }
    });
    return best;
  }

  /** How to come to the entrance for the place that is looked at, or for the goal: its name, and
   * links that open maps of the city there. They get the entrance, and not the goal. null if this
   * map does not know where on Earth it is, or no entrance leads there.
   * @param {State} state */
  function outside(state) {
    const { bundle } = state;
    const looked = lookedAt(state);
    const goal = looked >= 0 ? { places: [looked], anchor: -1 } : state.trip.goal;
    const entrance = isOnEarth(state) && goal ? entranceFor(state, goal) : -1;
    if (entrance < 0) return null;
    const one = bundle.place(entrance, languageTag(state));
    const { x, y } = bundle.at(one.nodes[0]);
    const at = toDegrees(bundle.frame, [x, y]);
    const hospital = named(state, bundle.names);
    const name = encodeURIComponent(hospital + ' ' + one.name).replace(/[()]/g, '');
    const links = MAPS.map(function (map) {
      const there = map.from(at);
      return there && { id: map.id, name: word(state, 'outside.' + map.id), url: map.url({
        lon: there.lon.toFixed(DIGITS), lat: there.lat.toFixed(DIGITS) }, name) };
    });
    return {
      hospital: hospital, entrance: one.name,
      where: one.level >= 0 ? levelName(state, one.level) : '', links: links.filter(Boolean),
    };
  }

  return { isOnEarth, outside };
});
