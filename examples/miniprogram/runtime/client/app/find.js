/* The first screen: a goal by its name, by a category, or a stored one. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./kept.js'), require('./state.js'), require('./words.js'), require('./facts.js'),
      require('./route.js')
    );
  } else {
    root.navkitAppFind = make(
      root.navkitAppKept, root.navkitAppState, root.navkitAppWords, root.navkitAppFacts,
      root.navkitAppRoute
    );
  }
})(this, /**
 * @param {typeof import('./kept.js')} appKept
 * @param {typeof import('./state.js')} appState
 * @param {typeof import('./words.js')} appWords
 * @param {typeof import('./facts.js')} appFacts
 * @param {typeof import('./route.js')} appRoute
 */ function (appKept, appState, appWords, appFacts, appRoute) {
  'use strict';

  const { save, isSame, changed } = appKept;
  const { spotOf, whereFrom } = appState;
  const {
    shortened, languageTag, word, spotName, categoryName, levelName, noticeText,
  } = appWords;
  const { afterHoursText, moveText, shutText } = appFacts;
  const { findWay } = appRoute;

  /** @typedef {import('../types').State} State */

  const RECENTS = 8;
  const RESULTS = 30;
  /** Anything farther away is not near. A guess. */
  const NEAR_M = 30;

  /** A search field was touched: prepare the search, so that the first key need not wait for it.
   * @param {State} state */
  function touchSearch(state) {
    if (state.bundle.has('search')) state.bundle.search('');
  }

  /** @param {State} state */
  function search(state, text) {
    state.query = text;
    state.onChange();
  }

  /** A goal, by the number of its place.
   * @param {State} state */
  function choose(state, place) {
    const others = state.recents.filter((one) => !isSame(state, one, place));
    state.recents = [place].concat(others).slice(0, RECENTS);
    save(state, 'recents', state.recents.map((one) => state.bundle.placeId(one)));
    setGoal(state, { places: [place], anchor: -1 });
  }

  /** The nearest of a category.
   * @param {State} state */
  function nearest(state, category) {
    setGoal(state, spotOf(state, 'category:' + category));
  }

  /** @param {State} state */
  function setGoal(state, goal) {
    state.trip.goal = goal;
    state.isOver = false;
    state.query = '';
    if (state.trip.start) findWay(state);
    else state.screen = 'start';
    changed(state);
  }

  /** A place as a line of a list.
   * @param {State} state */
  function lineOf(state, place) {
    const one = state.bundle.place(place, languageTag(state));
    const favourite = state.favourites.some((other) => isSame(state, other, place));
    const floor = one.level >= 0 ? levelName(state, one.level) : '';
    return {
      place: place,
      name: one.name,
      floor: floor,
      where: [floor, moveText(state, place), shutText(state, place) || afterHoursText(state, place)]
        .filter(Boolean).join(' · '),
      ref: one.ref,
      favourite: favourite,
      details: word(state, 'place.details', { place: one.name }),
      keep: word(state, favourite ? 'favourite.remove' : 'favourite.add', { place: one.name }),
    };
  }

  /** Places as lines, where they are now; lines that read alike say what they are near, each
   * something else.
   * @param {State} state */
  function linesOf(state, places) {
    const lines = places.map((place) => lineOf(state, state.bundle.inTurn(place, state.now())));
    const read = (line) => [line.name, line.where, line.ref].join('\n');
    const counts = new Map();
    lines.forEach((line) => counts.set(read(line), (counts.get(read(line)) || 0) + 1));
    const twins = lines.filter((line) => counts.get(read(line)) > 1);
    const near = landmarksNear(state, twins.map((line) => line.place));
    twins.forEach((line, i) => {
      if (!near[i]) return;
      line.where = [line.where, word(state, 'find.near', { place: near[i] })]
        .filter(Boolean).join(' · ');
    });
    return lines;
  }

  /** For each place the name of a landmark near it, '' for none: the nearest pairs first.
   * @param {State} state */
  function landmarksNear(state, places) {
    const bundle = state.bundle;
    const landmarks = new Map();
    const pairs = [];
    places.forEach((place, i) => {
      const node = bundle.placeNodes(place)[0];
      if (node === undefined) return;
      const here = bundle.at(node);
      if (!landmarks.has(here.level)) landmarks.set(here.level, landmarksOn(state, here.level));
      landmarks.get(here.level).forEach(function (mark) {
        const far = Math.hypot(mark.x - here.x, mark.y - here.y);
        if (far < NEAR_M) pairs.push({ i: i, name: mark.name, far: far });
      });
    });
    const found = places.map(() => '');
    pairs.sort((a, b) => a.far - b.far || a.i - b.i).forEach(function (pair) {
      if (!found[pair.i] && !found.includes(pair.name)) found[pair.i] = pair.name;
    });
    return found;
  }

  /** Places that visitors know on a level, with a name that no other place there has, and
   * positions.
   * @param {State} state */
  function landmarksOn(state, level) {
    const bundle = state.bundle;
    const byName = new Map();
    const away = bundle.away(state.now());
    bundle.placesOn(level).filter((place) => !away.includes(place)).forEach((place) => {
      const name = bundle.placeName(place, languageTag(state))[0];
      byName.set(name, (byName.get(name) || []).concat(place));
    });
    const { rules } = bundle;
    const isKnown = (row) => Boolean(row.chip || row.corner);
    const found = [];
    byName.forEach(function (places, name) {
      const [place] = places;
      const node = bundle.placeNodes(place)[0];
      if (places.length > 1 || node === undefined || !bundle.placeIsPublic(place)) return;
      if (!isKnown(rules.category(bundle.placeCategory(place)))) return;
      found.push(Object.assign({ name: name }, bundle.at(node)));
    });
    return found;
  }

  /** Places for visitors that a query may mean; of those that match alike the nearest to where
   * somebody is comes first.
   * @param {State} state */
  function searched(state, query) {
    const asked = { limit: RESULTS, access: 'public', at: state.now(), from: whereFrom(state) };
    return state.bundle.search(query, asked);
  }

  /** Why nothing was found: the map has no such thing, or nobody knows what is meant.
   * @param {State} state */
  function nothingFound(state, query) {
    const absent = state.bundle.absent(query);
    if (absent) return word(state, 'find.absent', { text: absent });
    return word(state, 'find.nothing', { text: shortened(query) });
  }

  /** What was found, and how surely: names, texts that resemble one, hints.
   * @param {State} state */
  function howFound(state, found) {
    const hinted = found.filter((one) => one.hint);
    const named = found.length - hinted.length;
    const told = [];
    if (named) {
      const count = named < RESULTS ? String(named) : `${named}+`;
      told.push(word(state, found[0].alike ? 'find.alike' : 'find.results', { count: count }));
    }
    if (hinted.length) {
      const text = Array.from(new Set(hinted.map((one) => one.hint))).join(' / ');
      told.push(word(state, 'find.hinted', { count: hinted.length, text: text }));
      const urgent = found.find((one) => (
        state.bundle.rules.urgent.some((id) => state.bundle.isOf(one.place, id))));
      if (urgent) {
        const { name, where } = lineOf(state, urgent.place);
        told.push(word(state, 'find.urgent', { place: name, where: where }));
      }
    }
    return told.join(' ');
  }

  /** The categories that the venue has, from which a walker may choose.
   * @param {State} state */
  function chipsOf(state) {
    const bundle = state.bundle;
    const { rules } = bundle;
    const apart = (id) => rules.finerChips(id).some((one) => bundle.categories.includes(one));
    const isShown = function (id) {
      const { wider } = rules.category(id);
      if (apart(id) || (wider && !apart(wider))) return false;
      return bundle.placesOf(id, state.now()).length > 0;
    };
    return rules.chips.filter(isShown).map((id) => ({ id: id, name: categoryName(state, id) }));
  }

  /** @param {State} state */
  function findView(state) {
    const query = state.query.trim();
    const isHere = state.bundle.has('search');
    const found = query && isHere ? searched(state, query) : [];
    const nothing = query && isHere ? nothingFound(state, query) : word(state, 'find.coming');
    return {
      query: state.query,
      results: linesOf(state, found.map((one) => one.place)),
      told: found.length ? howFound(state, found) : query ? nothing : '',
      chips: chipsOf(state),
      recents: linesOf(state, state.recents),
      favourites: linesOf(state, state.favourites),
      from: state.trip.start
        ? word(state, 'find.from', { place: spotName(state, whereFrom(state)) }) : '',
      notices: [noticeText(state), state.startError].filter(Boolean),
    };
  }

  return { touchSearch, search, choose, nearest, setGoal, linesOf, searched, findView };
});
