/* What opens and closes while a client is open: a blocked route is computed again. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./kept.js'), require('./state.js'), require('./words.js'), require('./route.js'),
      require('./walk.js'), require('./news.js')
    );
  } else {
    root.navkitAppClosures = make(
      root.navkitAppKept, root.navkitAppState, root.navkitAppWords, root.navkitAppRoute,
      root.navkitAppWalk, root.navkitAppNews
    );
  }
})(this, /**
 * @param {typeof import('./kept.js')} appKept
 * @param {typeof import('./state.js')} appState
 * @param {typeof import('./words.js')} appWords
 * @param {typeof import('./route.js')} appRoute
 * @param {typeof import('./walk.js')} appWalk
 * @param {typeof import('./news.js')} appNews
 */ function (appKept, appState, appWords, appRoute, appWalk, appNews) {
  'use strict';

  const { changed } = appKept;
  const { momentOf, say } = appState;
  const { thingName, closedText, word, spotName } = appWords;
  const { profileBy, findWay, closedOnTheWay, takeWay, SAME_MS } = appRoute;
  const { showStep, goRound, wayFromHere, goBy } = appWalk;
  const { heedEmergency } = appNews;

  /** @typedef {import('../types').State} State */

  /** A change further in the future is not waited for: nobody looks at a screen for so long without
   * putting the phone away, checking for updates or starting again. A guess. */
  const NEAR_MIN = 720;

  /** A route up to one of its nodes, and from there another one: nobody is sent back to where they
   * part. */
  function joined(route, count, way) {
    const add = (name) => route[name].slice(0, count).concat(Array.from(way[name]));
    const { network } = route;
    const durations = add('durations_ms');
    const darts = Array.from(route.darts.slice(0, count)).concat(Array.from(way.darts));
    return Object.assign({}, way, {
      start: route.start, nodes: add('nodes'), darts: darts, durations_ms: durations,
      duration_ms: durations.reduce((sum, ms) => sum + ms, 0),
      length_cm: darts.reduce((sum, dart) => sum + network.length[dart >> 1], 0),
      unverified: Array.from(new Set(route.unverified.concat(way.unverified))).sort(),
    });
  }

  /** Ids of what the hospital has closed at this time, in order.
   * @param {State} state */
  function shutNow(state) {
    return state.bundle.moment(state.now(), []).closed;
  }

  /** That what was in the way is open again, and what follows from that.
   * @param {State} state */
  function sayOpen(state, path, open) {
    const said = (one) => word(state, 'closure.open', { what: thingName(state, one) });
    say(state, () => word(state, 'closure.' + path, {
      open: Array.from(new Set(open.map(said))).join(word(state, 'closure.between')),
    }), { open: open });
  }

  /** @param {State} state */
  function isShut(state, closure) {
    return state.shut.includes(closure.target);
  }

  /** Set what the hospital has closed since the map was made; an emergency takes effect as soon.
   * @param {State} state */
  function follow(state, closures) {
    heedEmergency(state);
    if (JSON.stringify(closures) === state.followed) {
      goByClock(state);
      return;
    }
    state.followed = JSON.stringify(closures);
    state.bundle.close(closures);
    goByClosures(state);
  }

  /** Time has passed: closures that begin or end now take effect without an update.
   * @param {State} state */
  function tick(state) {
    heedEmergency(state);
    if (state.alarm) state.onChange(); // How old it is.
    goByClock(state);
  }

  /** Closures and hours begin and end without an update.
   * @param {State} state */
  function goByClock(state) {
    const isSame = shutNow(state).join() === state.shut.join()
      && state.bundle.openAt(state.now()) === state.open;
    if (!isSame) goByClosures(state);
  }

  /** Whether time alone will soon change what is shown.
   * @param {State} state */
  function isChangeNear(state) {
    return Boolean(state.alarm) || state.bundle.minutesToChange(state.now()) < NEAR_MIN;
  }

  /** Recompute what is shown from what is closed now, and drop messages about what is over.
   * @param {State} state */
  function goByClosures(state) {
    state.shut = shutNow(state);
    state.open = state.bundle.openAt(state.now());
    const said = state.notice;
    const holds = !said || (
      said.shut.every((one) => isShut(state, one)) && !said.open.some((one) => isShut(state, one)));
    if (!holds) state.notice = null;
    const hasMoved = followGoal(state);
    if (state.screen === 'route') refind(state);
    else if (state.screen === 'walk' && hasMoved) goToMoved(state);
    else if (state.screen === 'walk') goOnByClosures(state);
    else state.onChange();
    if (hasMoved && state.screen === 'route') sayMoved(state);
  }

  /** The goal is where it is now. Returns whether it was elsewhere before.
   * @param {State} state */
  function followGoal(state) {
    const goal = state.trip.goal;
    if (!goal || goal.places.length !== 1) return false;
    const place = state.bundle.inTurn(goal.places[0], state.now());
    if (place === goal.places[0]) return false;
    state.trip.goal = Object.assign({}, goal, { places: [place] });
    return true;
  }

  /** @param {State} state */
  function sayMoved(state) {
    say(state, () => word(state, 'find.moved', { place: spotName(state, state.trip.goal) }));
    changed(state);
  }

  /** A walker whose goal has moved goes on to where it is now, if there is a way.
   * @param {State} state */
  function goToMoved(state) {
    if (goRound(state)) showStep(state, 0);
    sayMoved(state);
  }

  /** On the route screen: the best route now, with the same preference, and why it has changed.
   * @param {State} state */
  function refind(state) {
    const before = { route: state.route, notice: state.notice, level: state.level };
    const cut = before.route ? state.bundle.closuresOn(before.route, momentOf(state)) : [];
    const open = state.avoided.filter((one) => !isShut(state, one));
    findWay(state, state.wish);
    const isSame = before.route && state.route
      && before.route.darts.join() === state.route.darts.join();
    if (isSame) Object.assign(state, { notice: before.notice, level: before.level });
    else if (state.route && cut.length) {
      say(state, () => word(state, 'closure.rerouted'), { shut: cut });
    }
    else if (state.route && open.length) {
      const isBack = before.route && !state.avoided.length;
      sayOpen(state, isBack ? 'back' : before.route ? 'better' : 'possible', open);
    }
    changed(state);
  }

  /** While somebody walks: only what is ahead counts.
   * @param {State} state */
  function goOnByClosures(state) {
    const { first } = state.told.instructions[state.at];
    const ahead = state.bundle.closuresOn(state.route, momentOf(state), first);
    const open = state.avoided.filter((one) => !isShut(state, one));
    if (ahead.length) goRoundClosed(state, ahead);
    else if (open.length) goByOpened(state, open);
    else state.onChange();
  }

  /** @param {State} state */
  function goRoundClosed(state, ahead) {
    const isRound = goRound(state);
    const said = () => word(
      state, isRound ? 'closure.round' : 'closure.stuck', { closed: closedText(state, ahead[0]) });
    say(state, said, { shut: ahead.slice(0, 1), stays: !isRound });
    if (isRound) showStep(state, 0);
    else {
      state.avoided = ahead;
      changed(state);
    }
  }

  /** A walker on a detour around something that is open again is sent back only if that is better
   * from anywhere on the current step; else there is a message, and the route stays.
   * @param {State} state */
  function goByOpened(state, open) {
    const way = wayFromHere(state);
    const isWorth = way && isWorthTurning(state, way);
    const { first } = state.told.instructions[state.at];
    if (isWorth && isOnIt(state, way)) takeWay(state, joined(state.route, first, way));
    else if (isWorth) goBy(state, way);
    state.avoided = closedOnTheWay(state);
    sayOpen(state, isWorth ? 'better' : 'keep', open);
    if (!isWorth) changed(state);
    else if (state.trip.here === way.start) showStep(state, 0);
    else showStep(state, state.told.instructions.findIndex((one) => one.last > first));
  }

  /** Whether a route from where the step begins goes along this step.
   * @param {State} state */
  function isOnIt(state, way) {
    const { first, last } = state.told.instructions[state.at];
    return state.route.darts.slice(first, last).every((dart, i) => dart === way.darts[i]);
  }

  /** Whether a route from where the step begins is better by more than a walker notices, even for
   * somebody who is at the step's end and would have to walk it back.
   * @param {State} state */
  function isWorthTurning(state, way) {
    const { first, last } = state.told.instructions[state.at];
    const step = state.route.darts.slice(first, last);
    const cost = (darts) => state.bundle.navigator.costOf(
      darts, profileBy(state, state.wish), momentOf(state));
    const back = isOnIt(state, way) ? 0 : 2 * cost(step);
    return way.cost_ms + back + SAME_MS < cost(state.route.darts.slice(first));
  }

  return { follow, tick, isChangeNear, goByClosures };
});
