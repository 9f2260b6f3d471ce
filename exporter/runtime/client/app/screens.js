/* From one screen to another: back, start again, the next person. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./kept.js'), require('./state.js'), require('./speech.js'), require('./walk.js'),
      require('./closures.js')
    );
  } else {
    root.navkitAppScreens = make(
      root.navkitAppKept, root.navkitAppState, root.navkitAppSpeech, root.navkitAppWalk,
      root.navkitAppClosures
    );
  }
})(this, /**
 * @param {typeof import('./kept.js')} appKept
 * @param {typeof import('./state.js')} appState
 * @param {typeof import('./speech.js')} appSpeech
 * @param {typeof import('./walk.js')} appWalk
 * @param {typeof import('./closures.js')} appClosures
 */ function (appKept, appState, appSpeech, appWalk, appClosures) {
  'use strict';

  const { save, saveTrip, changed, clearHistory } = appKept;
  const { forget, SETTINGS } = appState;
  const { silence } = appSpeech;
  const { standAt } = appWalk;
  const { goByClosures } = appClosures;

  /** @typedef {import('../types').State} State */

  /** Where the back key leads, and how far that is from Find. */
  /** @type {Record<State['screen'], State['screen']>} */
  const BACK = {
    find: 'find', browse: 'find', place: 'find', start: 'find', route: 'start', walk: 'route',
    arrived: 'route',
  };
  const DEPTHS = { find: 0, browse: 0, place: 0, start: 1, route: 2, walk: 3, arrived: 3 };

  /** Start again.
   * @param {State} state */
  function restart(state) {
    silence(state);
    forget(state);
    state.isAgeConfirmed = false;
    changed(state);
  }

  /** Start again for the next person at a desk: nothing of the previous one stays.
   * @param {State} state */
  function nextPerson(state) {
    state.settings = Object.assign({}, SETTINGS);
    save(state, 'settings', state.settings);
    state.isSlow = false;
    state.goneOn = 0;
    save(state, 'gone-on', 0);
    silence(state, true);
    clearHistory(state);
    restart(state);
  }

  /** @param {State} state */
  function askStart(state) {
    leave(state);
    state.screen = 'start';
    changed(state);
  }

  /** @param {State} state */
  function askGoal(state) {
    leave(state);
    state.trail = [];
    state.screen = 'find';
    changed(state);
  }

  /** The message there no longer applies.
   * @param {State} state */
  function leave(state) {
    silence(state);
    state.notice = null;
    state.startError = '';
    state.isOver = false;
  }

  /** How many times the user can go back until Find.
   * @param {State} state */
  function depth(state) {
    return DEPTHS[state.screen] + state.trail.length + (isToWalk(state) ? DEPTHS.walk : 0);
  }

  /** Whether a walker who is asked for a position came from a walk and may go back to it.
   * @param {State} state */
  function isToWalk(state) {
    return state.screen === 'start' && state.isLost && Boolean(state.told);
  }

  /** The screen before this one: of those on which somebody looked around, if it is Find.
   * @param {State} state */
  function before(state) {
    const to = BACK[state.screen];
    if (to !== 'find') return to;
    if (state.screen !== 'start') state.trail = state.trail.slice(0, -1);
    const last = state.trail[state.trail.length - 1];
    return last ? last.screen : 'find';
  }

  /** One step back among the screens.
   * @param {State} state */
  function back(state) {
    leave(state);
    if (isToWalk(state)) standAt(state, 'walk', state.at);
    else state.screen = before(state);
    state.isLost = false;
    saveTrip(state);
    goByClosures(state); // What was closed or opened meanwhile.
  }

  return { restart, nextPerson, askStart, askGoal, leave, depth, back };
});
