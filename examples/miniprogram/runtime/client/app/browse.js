/* The directory: what there is, floor by floor, for who would rather look than type. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./kept.js'), require('./words.js'), require('./find.js')
    );
  } else {
    root.navkitAppBrowse = make(root.navkitAppKept, root.navkitAppWords, root.navkitAppFind);
  }
})(this, /**
 * @param {typeof import('./kept.js')} appKept
 * @param {typeof import('./words.js')} appWords
 * @param {typeof import('./find.js')} appFind
 */ function (appKept, appWords, appFind) {
  'use strict';

  const { changed } = appKept;
  const { languageTag, word, levelName } = appWords;
  const { linesOf } = appFind;

  /** @typedef {import('../types').State} State */

  /** What it can be read by: departments of the whole hospital, or all that is on one floor. */
  const WAYS = ['department', 'floor'];

  /** Show the directory, by one of `WAYS`.
   * @param {State} state */
  function browse(state, by) {
    const isOpen = state.screen === 'browse';
    const under = isOpen ? state.trail.slice(0, -1) : state.trail;
    state.trail = under.concat({ screen: 'browse', by: WAYS.includes(by) ? by : WAYS[0] });
    state.screen = 'browse';
    state.isOver = false;
    changed(state);
  }

  /** Places for visitors that are there now and that people ask for, in the order of the directory;
   * shafts only if `all`.
   * @param {State} state */
  function listed(state) {
    const { bundle } = state;
    const away = bundle.away(state.now());
    const found = [];
    for (let place = 0; place < bundle.placeCount; place++) {
      const isHere = bundle.placeNodes(place).length > 0 && !away.includes(place);
      if (isHere && bundle.placeIsPublic(place)) found.push(place);
    }
    return found;
  }

  /** In which part of a floor's list a place is: `departments`, `rooms` or `facilities`.
   * @param {State} state */
  function partOf(state, place) {
    const { bundle } = state;
    const category = bundle.placeCategory(place);
    const row = bundle.rules.category(category);
    if (bundle.rules.isSpace(category, 'shaft') || row.paired || bundle.placeDoor(place) >= 0) {
      return 'facilities';
    }
    const { name, phone, hours } = bundle.place(place, languageTag(state));
    const isDepartment = row.asked !== false && !/\d/.test(name) && Boolean(phone || hours);
    return isDepartment ? 'departments' : 'rooms';
  }

  /** Departments of all floors, each floor under its name, the lowest floor of a building first.
   * @param {State} state */
  function byDepartment(state, places) {
    const { bundle } = state;
    const all = places.filter((place) => partOf(state, place) === 'departments');
    const floor = (place) => bundle.place(place, languageTag(state)).level;
    const levels = bundle.levels.map((_, level) => level);
    return levels.map((level) => ({
      id: bundle.levels[level].id, name: levelName(state, level),
      places: linesOf(state, all.filter((place) => floor(place) === level)),
    })).filter((one) => one.places.length);
  }

  /** All of the floor that the map shows, what people ask for first.
   * @param {State} state */
  function byFloor(state, places) {
    const { bundle } = state;
    const here = places.filter((place) => bundle.levelsOf(place).includes(state.level));
    return ['departments', 'rooms', 'facilities'].map((part) => ({
      id: part, name: word(state, 'browse.' + part),
      places: linesOf(state, here.filter((place) => partOf(state, place) === part)),
    })).filter((one) => one.places.length);
  }

  /** What people ask for at hospitals and this map has not, in words.
   * @param {State} state */
  function elsewhere(state) {
    if (!state.bundle.has('search')) return ''; // It is still to come.
    const asked = Object.values(word(state, 'categories')).concat(word(state, 'browse.asked'));
    return asked.filter((name) => state.bundle.absent(name)).join(word(state, 'hours.and'));
  }

  /** @param {State} state */
  function browseView(state) {
    const { by } = state.trail[state.trail.length - 1];
    const places = listed(state);
    const none = elsewhere(state);
    return {
      by: by,
      ways: WAYS.map((id) => ({
        id: id, name: word(state, 'browse.by-' + id), chosen: id === by })),
      groups: by === 'floor' ? byFloor(state, places) : byDepartment(state, places),
      none: none && word(state, 'browse.none', { names: none }),
    };
  }

  return { browse, browseView };
});
