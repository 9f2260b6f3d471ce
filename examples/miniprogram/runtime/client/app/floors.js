/* The map beside the screens: which floor it shows, and touches on it. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./kept.js'), require('./state.js'), require('./words.js'), require('./place.js'),
      require('./start.js'), require('./along.js'), require('./walk.js')
    );
  } else {
    root.navkitAppFloors = make(
      root.navkitAppKept, root.navkitAppState, root.navkitAppWords, root.navkitAppPlace,
      root.navkitAppStart, root.navkitAppAlong, root.navkitAppWalk
    );
  }
})(this, /**
 * @param {typeof import('./kept.js')} appKept
 * @param {typeof import('./state.js')} appState
 * @param {typeof import('./words.js')} appWords
 * @param {typeof import('./place.js')} appPlace
 * @param {typeof import('./start.js')} appStart
 * @param {typeof import('./along.js')} appAlong
 * @param {typeof import('./walk.js')} appWalk
 */ function (appKept, appState, appWords, appPlace, appStart, appAlong, appWalk) {
  'use strict';

  const { LOOKING } = appKept;
  const { momentOf, whereFrom } = appState;
  const { languageTag, levelName, word, spotName } = appWords;
  const { look, lookedAt } = appPlace;
  const { startAt, startNear } = appStart;

  /** @typedef {import('../types').State} State */

  /** Themes of `navkitMap` by those of the screen; `strong` is for the large view by day. */
  const MAP_THEMES = { light: 'normal', dark: 'dark', contrast: 'dark' };

  /** Screens on which the floors above each other are seen first: before anything is chosen, and
   * before one sets out. */
  const STACKED = ['find', 'route'];

  /** Handle a touch on a map, as `navkitMap.hit` found it on that level.
   * @param {State} state */
  function pick(state, found, level) {
    const change = found.marker && found.marker.kind === 'change' ? found.marker : null;
    if (change && state.screen === 'walk') appWalk.lookAcross(state, change.node, change.onward);
    else if (change) showLevel(state, change.level);
    else if (state.screen === 'start') {
      if (found.place !== undefined) startAt(state, found.place);
      else startNear(state, level, found.at, found.space);
    } else if (LOOKING.includes(state.screen) && found.place !== undefined) look(state, found.place);
  }

  /** @param {State} state */
  function showLevel(state, level) {
    state.level = level;
    state.isStacked = false;
    state.onChange();
  }

  /** Show the floors above each other, with the route through them if there is one.
   * @param {State} state */
  function showStack(state) {
    state.isStacked = true;
    state.onChange();
  }

  /** The question of where somebody is, beside a map that is seen before anything else; once there
   * is a start, that.
   * @param {State} state */
  function askView(state) {
    if (state.screen !== 'find') return '';
    const from = whereFrom(state);
    return from ? word(state, 'find.from', { place: spotName(state, from) })
      : word(state, 'start.title');
  }

  /** The text on a map where the route comes from another floor or goes to one.
   * @param {State} state */
  function changeText(state, change) {
    const level = change.building ? levelName(state, change.level) : change.label;
    const said = word(state, 'map.' + (change.onward ? change.way : 'from'), { level: level });
    const name = change.onward && change.by ? shaftName(state, change) : '';
    return name ? name + ' ' + said : said;
  }

  /** The name of the lift or the stairs by which the route comes to a change's floor.
   * @param {State} state */
  function shaftName(state, change) {
    const { network, darts } = state.route;
    const { thing } = network;
    return state.bundle.thingName(
      network.thingId(thing[darts[change.node - 1] >> 1]), languageTag(state));
  }

  /** The place that is marked: the one that is looked at, else the goal, if it is one; else -1.
   * @param {State} state */
  function markedOn(state) {
    const goals = state.trip.goal ? state.trip.goal.places : [];
    if (LOOKING.includes(state.screen)) return lookedAt(state);
    return goals.length === 1 ? goals[0] : -1;
  }

  /** What the map shows: levels to choose from, and what `navkitMap` draws.
   * @param {State} state */
  function mapView(state) {
    const levels = state.bundle.levels;
    const building = levels[state.level].building;
    const isWalked = state.screen === 'walk' || state.screen === 'arrived';
    const step = isWalked ? state.told.instructions[state.at] : null;
    const move = step && step.moves[state.move];
    const end = state.screen === 'arrived' ? state.route.nodes.length - 1 : -1;
    const line = (id, number, name) => ({
      level: number, name: name, chosen: number === state.level, id: id,
    });
    const buildings = [];
    levels.forEach((level, number) => {
      if (buildings.some((one) => one.id === level.building)) return;
      const names = state.bundle.buildings[level.building] || {};
      const name = (names[languageTag(state)] || [''])[0] || level.building;
      buildings.push({
        id: level.building, level: number, name: name, chosen: level.building === building,
      });
    });
    const canStack = levels.length > 1 && STACKED.includes(state.screen);
    const isStrong = state.settings.elder && state.settings.theme === 'light';
    return {
      level: state.level,
      isStacked: state.isStacked && canStack,
      canStack: canStack,
      ask: askView(state),
      theme: isStrong ? 'strong' : MAP_THEMES[state.settings.theme],
      levels: levels.map((level, number) => line(level.id, number, level.label))
        .filter((one) => levels[one.level].building === building),
      buildings: buildings,
      route: ['route', 'walk', 'arrived'].includes(state.screen) ? state.route : null,
      step: step && { first: Math.max(end, step.first), last: step.last },
      // Who has arrived stands at the end.
      move: move && end >= 0 ? Object.assign({}, move, { first: end, at: end, last: end }) : move,
      northUp: state.settings.northUp,
      goal: markedOn(state),
      band: state.screen === 'walk' ? appAlong.bandOf(state) : null,
      closed: momentOf(state).closed,
      away: state.bundle.away(state.now()),
    };
  }

  return { pick, showLevel, showStack, changeText, mapView };
});
