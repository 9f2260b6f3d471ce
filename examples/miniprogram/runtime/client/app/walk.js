/* The screens of the steps, one after the other, and of the arrival. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('../../core/measure.js'), require('./kept.js'), require('./state.js'),
      require('./words.js'), require('./facts.js'), require('./speech.js'), require('./route.js'),
      require('./along.js')
    );
  } else {
    root.navkitAppWalk = make(
      root.navkitMeasure, root.navkitAppKept, root.navkitAppState, root.navkitAppWords,
      root.navkitAppFacts,
      root.navkitAppSpeech, root.navkitAppRoute, root.navkitAppAlong
    );
  }
})(this, /**
 * @param {typeof import('../../core/measure.js')} measure
 * @param {typeof import('./kept.js')} appKept
 * @param {typeof import('./state.js')} appState
 * @param {typeof import('./words.js')} appWords
 * @param {typeof import('./facts.js')} appFacts
 * @param {typeof import('./speech.js')} appSpeech
 * @param {typeof import('./route.js')} appRoute
 * @param {typeof import('./along.js')} appAlong
 */ function (
  measure, appKept, appState, appWords, appFacts, appSpeech, appRoute, appAlong
) {
  'use strict';

  const { roundedM } = measure;
  const { changed } = appKept;
  const { profileOf, momentOf, say, mustConfirm } = appState;
  const { languageTag, closedText, word, spotName, levelName, noticeText } = appWords;
  const { hoursInWords, openText } = appFacts;
  const { speak, silence, isTextOnly } = appSpeech;
  const {
    signOf, wayFrom, findWay, closedOnTheWay, closedGoal, takeWay, stepLines,
  } = appRoute;

  /** @typedef {import('../types').State} State */

  /** Families of cues that say which way to look before one walks. */
  const SETS_OUT = ['face', 'again'];

  /** @param {State} state */
  function go(state) {
    if (mustConfirm(state)) {
      changed(state);
      return;
    }
    show(state, 0);
  }

  /** @param {State} state */
  function next(state) {
    if (state.at + 1 < state.told.instructions.length) show(state, state.at + 1);
    else arrive(state);
  }

  /** @param {State} state */
  function previous(state) {
    show(state, Math.max(0, state.at - 1));
  }

  /** Show a step: messages on another step have been read, except that the route is blocked.
   * @param {State} state */
  function show(state, step) {
    const { first } = state.told.instructions[step];
    const stays = state.notice && state.notice.stays
      && state.bundle.closuresOn(state.route, momentOf(state), first).length;
    if (!stays) state.notice = null;
    state.isOver = false;
    appAlong.turned(state, step);
    showStep(state, step);
  }

  /** Follow the walker from now on, or no longer.
   * @param {State} state */
  function followAlong(state) {
    if (state.along) appAlong.end(state);
    else appAlong.start(state, (step) => showStep(state, step));
  }

  /** @param {State} state */
  function arrive(state) {
    silence(state);
    appAlong.end(state);
    standAt(state, 'arrived', state.at);
    changed(state);
  }

  /** @param {State} state */
  function showStep(state, step) {
    standAt(state, 'walk', step);
    changed(state);
    speak(state);
  }

  /** At a step, or on arrival: the map shows the floor where the walker then is.
   * @param {State} state */
  function standAt(state, screen, step) {
    const { nodes, network } = state.route;
    const node = screen === 'arrived' ? nodes.length - 1 : state.told.instructions[step].first;
    state.screen = screen;
    state.at = step;
    const { moves } = state.told.instructions[step];
    state.move = screen === 'arrived' ? moves.length - 1
      : Math.max(0, moves.findIndex((move) => !setsOut(move)));
    state.level = network.level[nodes[node]];
  }

  /** Whether a move is only to look the right way. */
  function setsOut(move) {
    return move.names.some((one) => SETS_OUT.includes(one.family));
  }

  /** The map shows another move of the step.
   * @param {State} state */
  function showMove(state, move) {
    const { moves } = state.told.instructions[state.at];
    state.move = Math.max(0, Math.min(move, moves.length - 1));
    state.level = state.route.network.level[state.route.nodes[moves[state.move].first]];
    changed(state);
  }

  /** The step behind a change of floor, or before it, that was touched on the map: `node` is the
   * first node of the route there, or the last.
   * @param {State} state */
  function lookAcross(state, node, isOnward) {
    const all = [].concat(...state.told.instructions.map(
      (one, step) => one.moves.map((move, number) => ({ step, number, first: move.first }))));
    const found = isOnward ? all.find((one) => one.first >= node)
      : all.filter((one) => one.first <= node).pop();
    if (!found) return;
    if (found.step !== state.at) show(state, found.step);
    showMove(state, found.number);
  }

  /** The way back: goal and start swapped.
   * @param {State} state */
  function turnBack(state) {
    const back = { start: state.route.goal, goal: state.trip.start, here: null };
    state.trip = Object.assign({}, state.trip, back);
    findWay(state, state.route.wish);
    changed(state);
  }

  /** The walker is lost: the start is asked again, the goal is kept.
   * @param {State} state */
  function lost(state) {
    silence(state);
    state.isLost = true;
    state.screen = 'start';
    changed(state);
  }

  /** This step cannot be walked: find another route, from where the step begins.
   * @param {State} state */
  function blocked(state) {
    const step = state.told.instructions[state.at];
    const network = state.route.network;
    const lifts = state.bundle.rules.edgesOf('parts', 'lift');
    const before = state.closed;
    const closed = before.slice();
    state.route.darts.slice(step.first, step.last).forEach((dart) => {
      const edge = dart >> 1;
      const rides = lifts.includes(network.kind[edge]) && network.connector(network.thing[edge]);
      const id = rides ? network.thingId(network.thing[edge]) : 'edge:' + edge;
      if (!closed.includes(id)) closed.push(id);
    });
    state.closed = closed;
    if (goRound(state)) {
      say(state, () => word(state, 'walk.rerouted'));
      showStep(state, 0);
    } else {
      state.closed = before;
      say(state, () => word(state, 'walk.no-way-round'));
      changed(state);
    }
  }

  /** Report this step as wrong: tells the hospital what was said and where, not to whom.
   * @param {State} state */
  function report(state) {
    const step = state.told.instructions[state.at];
    const network = state.route.network;
    const metres = (node) => [network.x[node] / 100, network.y[node] / 100];
    state.report({
      level: step.level >= 0 ? state.bundle.levels[step.level].id : '',
      from: metres(state.route.nodes[step.first]), to: metres(state.route.nodes[step.last]),
      text: step.text, language: languageTag(state), profile: profileOf(state).id,
    });
    say(state, () => word(state, 'walk.reported'));
    changed(state);
  }

  /** Finds another route from where the step begins. Returns whether there is one.
   * @param {State} state */
  function goRound(state) {
    const way = wayFromHere(state);
    if (way) goBy(state, way);
    return Boolean(way);
  }

  /** The route from where the step begins, null if there is none.
   * @param {State} state */
  function wayFromHere(state) {
    const { first } = state.told.instructions[state.at];
    const [node, ahead] = state.route.nodes.slice(first, first + 2);
    const from = { places: [], anchor: -1, node: node, backFrom: ahead };
    try {
      return wayFrom(state, from, state.wish);
    } catch (error) {
      if (!error.code) throw error;
      return null;
    }
  }

  /** Switch to another route that begins at the walker's position.
   * @param {State} state */
  function goBy(state, way) {
    takeWay(state, way);
    state.trip.here = way.start;
    state.others = [];
    state.avoided = closedOnTheWay(state);
  }

  /** How far one goes to a move, in words; '' for a ride, or if one is there.
   * @param {State} state */
  function farOf(state, move) {
    const { darts, network } = state.route;
    const isFar = move.sign !== 'change' && !setsOut(move);
    const walked = isFar ? darts.slice(move.first, move.at) : [];
    const cm = walked.reduce((sum, dart) => sum + network.length[dart >> 1], 0);
    const metres = roundedM(cm, state.bundle.rules.guidance);
    return cm ? word(state, 'walk.metres', { metres: metres }) : '';
  }

  /** What there is to do in a step, one after the other: its arrow, and how far it is.
   * @param {State} state */
  function movesOf(state, step) {
    const { nodes, darts, network } = state.route;
    const { levels, rules } = state.bundle;
    return step.moves.map(function (move, number) {
      const [from, to] = [move.first, move.last].map((node) => levels[network.level[nodes[node]]]);
      const isRide = move.sign === 'change' && from !== to;
      return {
        number: number, chosen: number === state.move, sign: move.sign, deg: move.turn_deg,
        text: move.text, far: isRide ? to.label : farOf(state, move),
        by: isRide ? rules.connectorBy(state.bundle.kindOf(darts[move.at])) : '',
        way: isRide ? (to.ordinal > from.ordinal ? 'up' : 'down') : '',
      };
    });
  }

  /** @param {State} state */
  function walkView(state) {
    const all = state.told.instructions;
    const one = all[state.at];
    const after = all[state.at + 1];
    return {
      number: state.at,
      count: all.length,
      progress: word(state, 'route.step', { number: state.at + 1, count: all.length }),
      text: one.text,
      sign: signOf(one),
      moves: movesOf(state, one),
      where: levelName(state, one.level),
      floors: floorsOf(state, one),
      then: after ? word(state, 'walk.then', { text: after.text }) : '',
      photo: photoOf(state, one),
      isLast: !after,
      pace: word(state, state.isSlow ? 'walk.faster' : 'walk.slower'),
      notice: noticeText(state),
      textOnly: isTextOnly(state) ? word(state, 'walk.text-only') : '',
      canReport: Boolean(state.report),
      along: appAlong.alongView(state),
      steps: stepLines(state),
    };
  }

  /** The floors on which a step begins and ends, to look at; none if it stays on one.
   * @param {State} state */
  function floorsOf(state, step) {
    const { nodes, network } = state.route;
    const ends = [step.first, step.last].map((node) => network.level[nodes[node]]);
    if (ends[0] === ends[1]) return [];
    return ends.map((level) => (
      { level: level, name: levelName(state, level), chosen: level === state.level }));
  }

  /** The photo of where an instruction ends, with its description.
   * @param {State} state */
  function photoOf(state, instruction) {
    const photo = state.bundle.photo(state.route, instruction);
    if (!photo) return null;
    return {
      file: photo.file, width: photo.width_px, height: photo.height_px,
      text: word(state, 'walk.photo', { what: photo.names[languageTag(state)] }),
    };
  }

  /** @param {State} state */
  function arrivedView(state) {
    const goal = state.route.goal;
    const isBefore = state.route.wayIn >= 0; // A door that is not public.
    const at = word(state, isBefore ? 'arrived.way-in' : 'arrived.at', {
      place: spotName(state, goal),
    });
    const photo = photoOf(state, state.told.instructions[state.told.instructions.length - 1]);
    if (!goal.places.length) return { at: at, sign: '', facts: [], photo: photo };
    const place = state.bundle.place(goal.places[0], languageTag(state));
    const sign = place.sign && !isBefore
      ? word(state, 'arrived.sign', { sign: place.sign }) : '';
    const facts = [];
    const add = (name, slots) => facts.push(word(state, 'arrived.' + name, slots));
    closedGoal(state).forEach((one) => facts.push(closedText(state, one)));
    if (isBefore && place.entry) facts.push(place.entry);
    else if (isBefore) add('ask');
    else if (sign) facts.push(sign);
    if (place.hours) {
      add('hours', { hours: hoursInWords(place.hours, word(state, 'hours')) });
      facts.push(openText(state, goal.places[0]));
    }
    if (place.phone) add('phone', { phone: place.phone });
    return { at: at, sign: sign, facts: facts, photo: photo };
  }

  return {
    go, next, previous, show, arrive, showStep, standAt, turnBack, lost, blocked, report, goRound,
    wayFromHere, goBy, walkView, arrivedView, followAlong, showMove, lookAcross,
  };
});
