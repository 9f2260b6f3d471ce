/* The route screen: computes the route, lists its steps, and the price of alternatives. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('../../core/cues.js'), require('../../core/measure.js'),
      require('../../core/overview.js'), require('../../core/sparing.js'), require('./kept.js'), require('./state.js'),
      require('./words.js'), require('./facts.js')
    );
  } else {
    root.navkitAppRoute = make(
      root.navkitCues, root.navkitMeasure, root.navkitOverview, root.navkitSparing,
      root.navkitAppKept, root.navkitAppState, root.navkitAppWords, root.navkitAppFacts
    );
  }
})(this, /**
 * @param {typeof import('../../core/cues.js')} cues
 * @param {typeof import('../../core/measure.js')} measure
 * @param {typeof import('../../core/overview.js')} overviews
 * @param {typeof import('../../core/sparing.js')} sparing
 * @param {typeof import('./kept.js')} appKept
 * @param {typeof import('./state.js')} appState
 * @param {typeof import('./words.js')} appWords
 * @param {typeof import('./facts.js')} appFacts
 */ function (cues, measure, overviews, sparing, appKept, appState, appWords, appFacts) {
  'use strict';

  const { roundedM, roundedMin } = measure;
  const { stops } = overviews;
  const { AVOIDED } = sparing;
  const { idOf, changed } = appKept;
  const { profileOf, isForVisitors, momentOf, whereFrom, mustConfirm } = appState;
  const {
    fill, uiTag, languageTag, named, closedText, word, timeText, spotName, levelName, noticeText,
  } = appWords;
  const { afterHoursText } = appFacts;

  /** @typedef {import('../types').State} State */

  /** Height of a step of a stair in centimetres, for counting steps. */
  const STEP_CM = 16;
  /** An alternative that costs more than this is not worth showing. */
  const DEAREST = 2;
  const SAME_MS = 30000;
  /** The code of a route that cannot be told yet. */
  const COMING = 'still-coming';
  const SAME_CM = 2000;

  /** What to do first at a step, from its own cues: `left`, `right` or `back` if it begins with a
   * turn or by going back, `change` if with a lift or stairs, else `ahead`. */
  function signOf(instruction) {
    return instruction.clauses.map((clause) => cues.signOf(clause.kind)).find(Boolean) || 'ahead';
  }

  /** The profile with a preference: a name in the bundle's `choices`, what to avoid; `quickest`; ''
   * for none.
   * @param {State} state */
  function profileBy(state, wish) {
    const profile = profileOf(state);
    if (!wish) return profile;
    const factors = wish === 'quickest' ? {} : Object.assign({}, profile.factors);
    const avoided = state.bundle.rules.kinds.choices[wish] || [];
    avoided.forEach((kind) => { factors[kind] = AVOIDED; });
    // Who wishes has asked.
    return Object.assign({}, profile, { id: profile.id + '~' + wish, factors: factors, spared: {} });
  }

  /** A route from a spot to the goal, with a preference, at a moment. It records the preference, so
   * that the same route can be found again.
   * @param {State} state */
  function wayFrom(state, spot, wish, at) {
    const route = state.bundle.navigator.findRoute(
      spot, state.trip.goal, profileBy(state, wish), at || momentOf(state));
    return Object.assign({}, route, { profile: profileOf(state), wish: wish });
  }

  /** @param {State} state */
  function findWay(state, wish) {
    state.screen = 'route';
    state.isStacked = true;
    state.wish = wish || '';
    state.at = 0;
    state.error = '';
    state.notice = null;
    state.others = [];
    state.avoided = closedOnTheWay(state);
    try {
      if (!state.bundle.canTell) throw Object.assign(new Error(COMING), { code: COMING });
      takeWay(state, wayFrom(state, whereFrom(state), state.wish));
      state.level = state.route.network.level[state.route.nodes[0]];
      state.others = otherWays(state);
    } catch (error) {
      if (!error.code) throw error;
      state.route = null;
      state.told = null;
      state.error = error;
    }
  }

  /** What routes are told from has come: the one that waited for it is shown.
   * @param {State} state */
  function complete(state) {
    if (state.error && state.error.code === COMING) findWay(state, state.wish);
    state.onChange();
  }

  /** What the hospital has closed on the route that would be taken otherwise.
   * @param {State} state */
  function closedOnTheWay(state) {
    const at = momentOf(state);
    if (at.closed.length === state.closed.length) return [];
    const open = Object.assign({}, at, { closed: state.closed.slice().sort() });
    try {
      return state.bundle.closuresOn(wayFrom(state, whereFrom(state), state.wish, open), at);
    } catch (error) {
      if (!error.code) throw error;
      return [];
    }
  }

  /** @param {State} state */
  function takeWay(state, route) {
    state.route = route;
    state.told = state.bundle.tell(route, languageTag(state));
  }

  /** Alternatives worth showing: without something that this one has, the quickest, the usual.
   * @param {State} state */
  function otherWays(state) {
    const without = choiceNames(state).filter((name) => leadsOver(state, state.route, name));
    const seen = [state.route.darts.join()];
    const found = [];
    without.concat('quickest', '').filter((wish) => wish !== state.route.wish).forEach((wish) => {
      const route = wayFrom(state, whereFrom(state), wish);
      const key = route.darts.join();
      const isDear = route.duration_ms > DEAREST * state.route.duration_ms;
      if (isDear || seen.includes(key)) return;
      seen.push(key);
      found.push(route);
    });
    return found;
  }

  /** Preferences that make a difference for a walker: avoiding one of these, if the route has it.
   * @param {State} state */
  function choiceNames(state) {
    return Object.keys(state.bundle.rules.kinds.choices);
  }

  /** Whether a route has edges of that choice.
   * @param {State} state */
  function leadsOver(state, route, choice) {
    const kinds = state.bundle.rules.edgesOf('choices', choice);
    return route.darts.some((dart) => kinds.includes(route.network.kind[dart >> 1]));
  }

  /** Take one of the alternatives instead.
   * @param {State} state */
  function takeOther(state, number) {
    const before = state.route;
    takeWay(state, state.others[number]);
    state.wish = state.route.wish;
    state.avoided = closedOnTheWay(state);
    state.others = state.others.map((one, i) => (i === number ? before : one));
    state.at = 0;
    changed(state);
  }

  /** The part after # of a link with this start and goal.
   * @param {State} state */
  function linkOf(state) {
    const pairs = [['to', idOf(state, state.trip.goal)], ['p', profileOf(state).id]];
    const start = state.trip.here ? null : state.trip.start; // The receiver sets one.
    if (start && start.anchor >= 0) pairs.push(['a', state.bundle.anchors[start.anchor].code]);
    else if (idOf(state, start)) pairs.push(['from', idOf(state, start)]);
    return '#' + pairs.filter((pair) => pair[1])
      .map((pair) => pair[0] + '=' + encodeURIComponent(pair[1])).join('&');
  }

  /** @param {State} state */
  function profileChoices(state) {
    const all = state.bundle.profiles;
    const open = Object.keys(all).filter((id) => isForVisitors(state, id));
    return open.map((id) => ({
      id: id,
      name: named(state, all[id].names) || id,
      chosen: id === profileOf(state).id,
    }));
  }

  /** The groups that have ways of their own here, after none; nothing if there are none.
   * @param {State} state */
  function groupChoices(state) {
    const groups = state.bundle.groups;
    const all = Object.keys(groups).map((id) => ({ id: id, name: named(state, groups[id]) || id }));
    const none = { id: '', name: word(state, 'route.group-none') };
    return all.length ? [none].concat(all)
      .map((one) => Object.assign(one, { chosen: one.id === state.trip.group })) : [];
  }

  /** Go as one of a group, or of none.
   * @param {State} state */
  function chooseGroup(state, id) {
    state.trip.group = id;
    if (state.trip.start && state.trip.goal) findWay(state);
    changed(state);
  }

  /** @param {State} state */
  function routeView(state) {
    const names = {
      groups: groupChoices(state),
      from: word(state, 'route.from', { place: spotName(state, whereFrom(state)) }),
      profiles: profileChoices(state),
      address: state.address && state.address + linkOf(state),
      mayGo: Boolean(state.told) && !mustConfirm(state),
    };
    const to = (spot) => word(state, 'route.to', { place: spotName(state, spot) });
    if (!state.told) {
      const isComing = state.error && state.error.code === COMING;
      const why = state.error && !isComing ? whyNone(state, state.error) : '';
      const told = isComing ? word(state, 'route.coming') : word(state, 'route.none', { why: why });
      return Object.assign(names, {
        to: to(state.trip.goal), error: told, steps: [],
        floors: [], parts: [], notices: closedTexts(state), others: [], summary: '', overview: '',
        glance: [],
      });
    }
    return Object.assign(names, {
      to: to(state.route.goal),
      error: '',
      summary: summaryOf(state, state.route),
      overview: state.told.overview.text,
      glance: glanceOf(state, state.route),
      parts: partTexts(state, state.route),
      steps: stepLines(state),
      floors: floorsOfSteps(state),
      notices: noticesOf(state),
      others: state.others.map((route, number) => ({ number: number, text: priceOf(state, route) }))
        .filter((one) => one.text),
    });
  }

  /** What is closed on the usual way, and of the goal itself, also by its hours.
   * @param {State} state */
  function closedTexts(state) {
    const found = state.avoided.concat(closedGoal(state));
    const places = state.trip.goal ? state.trip.goal.places : [];
    const hours = places.length === 1 ? afterHoursText(state, places[0]) : '';
    return Array.from(new Set(found.map((one) => closedText(state, one)).concat(hours || [])));
  }

  /** Closures of the goal itself, if it is one place.
   * @param {State} state */
  function closedGoal(state) {
    const places = state.trip.goal ? state.trip.goal.places : [];
    return places.length === 1 ? state.bundle.closuresAt(places[0], momentOf(state)) : [];
  }

  /** Notices about the whole route; of closures only those on it, by name.
   * @param {State} state */
  function noticesOf(state) {
    const closed = closedTexts(state);
    const told = state.told.notices.filter((one) => one.kind !== 'notice-closed');
    return closed.concat([noticeText(state)].filter(Boolean), told.map((one) => one.text));
  }

  /** The steps by floor, in walking order.
   * @param {State} state */
  function floorsOfSteps(state) {
    const floors = [];
    stepLines(state).forEach((step) => {
      const level = state.told.instructions[step.number].level;
      const last = floors[floors.length - 1];
      if (last && last.level === level) last.steps.push(step);
      else floors.push({ level: level, name: step.where, steps: [step] });
    });
    return floors;
  }

  /** Why there is no route, in the reader's language if it has words for that reason.
   * @param {State} state */
  function whyNone(state, error) {
    const reasons = state.words[uiTag(state)].reasons || {};
    const reason = reasons[error.code];
    if (!reason) return error.message;
    const names = state.bundle.profiles[error.slots.profile].names;
    return fill(reason, {
      named: error.slots.thing ? nameOf(state, error.slots.thing) : '',
      profile: named(state, names) || error.slots.profile,
    });
  }

  /** The name of an obstacle: its own name, that of a room there, else its floor.
   * @param {State} state */
  function nameOf(state, id) {
    const bundle = state.bundle;
    const network = bundle.network;
    const own = bundle.thingName(id, languageTag(state));
    if (own) return own;
    const [thing] = network.thingsOfId(id);
    const door = thing - network.firstDoor;
    if (!(door < network.doorCount)) return word(state, 'route.something');
    const sides = door < 0 ? [thing] : [network.doorA[door], network.doorB[door]];
    const spaces = sides.filter((space) => space >= 0);
    const rooms = [].concat(...spaces.map((space) => bundle.placesAt(space)));
    const name = rooms.map((room) => bundle.place(room, languageTag(state)).name).find(Boolean);
    if (name) return name;
    const where = levelName(state, network.spaceLevel[spaces[0]]);
    return word(state, 'route.somewhere', { where: where });
  }

  /** @param {State} state */
  function summaryOf(state, route) {
    const metres = roundedM(route.length_cm, state.bundle.rules.guidance);
    const isShort = roundedMin(route.duration_ms) < 1;
    return word(state, isShort ? 'route.summary-short' : 'route.summary',
      { time: timeText(state, route.duration_ms), metres: metres });
  }

  /** The route at a glance: its floors, each with the sign of what leads there and its name.
   * @param {State} state */
  function glanceOf(state, route) {
    const { network } = state.bundle;
    return stops(route, state.bundle.rules.guidance).map((stop, number) => ({
      number: number,
      floor: levelName(state, stop.level),
      sign: stop.thing >= 0 ? 'change' : (number ? 'right' : ''),
      by: stop.thing < 0 ? ''
        : state.bundle.thingName(network.thingId(stop.thing), languageTag(state)),
    }));
  }

  /** @param {State} state */
  function stepLines(state) {
    return state.told.instructions.map((one, number) => ({
      number: number,
      text: one.text,
      sign: signOf(one),
      where: levelName(state, one.level),
      time: timeText(state, one.duration_ms),
      current: state.screen === 'walk' && number === state.at,
    }));
  }

  /** How long people walk, wait and ride, climb.
   * @param {State} state */
  function partTexts(state, route) {
    const { rules } = state.bundle;
    const sums = { walking: 0, lift: 0, stairs: 0 };
    const partOf = new Map();
    Object.keys(rules.kinds.parts).forEach(function (name) {
      rules.edgesOf('parts', name).forEach((kind) => partOf.set(kind, name));
    });
    route.darts.forEach(function (dart, i) {
      sums[partOf.get(route.network.kind[dart >> 1]) || 'walking'] += route.durations_ms[i];
    });
    const own = Object.keys(sums).filter((name) => sums[name] > 0);
    return own.map((name) => word(state, 'route.' + name, { time: timeText(state, sums[name]) }));
  }

  /** @param {State} state */
  function stairCount(state, route) {
    const kinds = state.bundle.rules.edgesOf('choices', 'stairs');
    let rise = 0;
    route.darts.forEach(function (dart) {
      const edge = dart >> 1;
      if (kinds.includes(route.network.kind[edge])) rise += Math.abs(route.network.rise[edge]);
    });
    return Math.round(rise / STEP_CM);
  }

  /** The price and the gain of an alternative, in words.
   * @param {State} state */
  function priceOf(state, route) {
    const own = state.route;
    const apart = route.duration_ms - own.duration_ms;
    const time = timeText(state, Math.abs(apart));
    const far = route.length_cm - own.length_cm;
    const metres = roundedM(Math.abs(far), state.bundle.rules.guidance);
    const isSame = Math.abs(apart) < SAME_MS;
    const gains = [];
    const costs = [];
    if (apart < 0 && !isSame) gains.push(word(state, 'price.sooner', { time: time }));
    if (apart >= 0 && !isSame) costs.push(word(state, 'price.later', { time: time }));
    if (stairCount(state, route) > stairCount(state, own)) {
      costs.push(word(state, 'price.stairs', { count: stairCount(state, route) }));
    }
    if (stairCount(state, own) && !stairCount(state, route)) {
      gains.push(word(state, 'price.no-stairs'));
    }
    // Stairs were mentioned above, by their number.
    choiceNames(state).filter((name) => name !== 'stairs').forEach((name) => {
      const had = leadsOver(state, own, name);
      const has = leadsOver(state, route, name);
      if (has && !had) costs.push(word(state, 'price.' + name));
      if (had && !has) gains.push(word(state, 'price.no-' + name));
    });
    if (Math.abs(far) > SAME_CM) {
      (far > 0 ? costs : gains).push(
        word(state, far > 0 ? 'price.longer' : 'price.shorter', { metres: metres }));
    }
    if (!gains.length && !costs.length) return ''; // The same for a walker.
    if (isSame) gains.unshift(word(state, 'price.same'));
    const sides = [gains, costs].filter((side) => side.length)
      .map((side) => side.join(word(state, 'price.and')));
    return sides.join(word(state, 'price.but'));
  }

  return {
    SAME_MS, signOf, profileBy, wayFrom, findWay, complete, closedOnTheWay, takeWay, takeOther,
    profileChoices, chooseGroup, linkOf, routeView, whyNone, stepLines, closedGoal,
  };
});
