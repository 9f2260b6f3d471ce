/* The whole route at a glance: see `navkit/guidance/overview.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./network.js'), require('./cues.js'), require('./line.js'), require('./measure.js'));
  } else {
    root.navkitOverview = make(
      root.navkitNetwork, root.navkitCues, root.navkitLine, root.navkitMeasure);
  }
})(this, /**
 * @param {typeof import('./network.js')} network
 * @param {typeof import('./cues.js')} cues
 * @param {typeof import('./line.js')} line
 * @param {typeof import('./measure.js')} measure
 */ function (network, cues, line, measure) {
  'use strict';

  const { SPACE_KINDS } = network;
  const { CueKind, kindOf, cue } = cues;
  const { legsOf } = line;
  const { roundedMin } = measure;
  const OUTDOOR_SPACE = SPACE_KINDS.indexOf('outdoor');

  /** The levels of a route in the order in which they are walked, each with how people come to it
   * and by which lift or stairs, for a picture: none if there is only one, and of many only the
   * first ones and the last. */
  function stops(route, by) {
    const legs = route.darts.length ? legsOf(route) : [];
    if (legs.length < 2) return [];
    const { level } = route.network;
    const found = [{ level: level[route.nodes[0]], how: '', thing: -1 }];
    legs.slice(0, -1).forEach((leg) => found.push({
      level: level[route.nodes[leg.after]],
      how: leg.how,
      thing: leg.how === 'cross' ? -1 : leg.thing,
    }));
    if (found.length - 1 <= by.most_legs) return found;
    const last = { level: found[found.length - 1].level, how: 'cross', thing: -1 };
    return found.slice(0, by.most_legs).concat(last);
  }

  /** Where it is, about how many minutes, and at most four changes of floor or building. */
  function overview(route, by) {
    if (!route.darts.length) return [];
    let changes = legsOf(route).filter((leg) => leg.how).map((leg) => change(route, leg, by));
    if (changes.length > by.most_legs) {
      changes = changes.slice(0, by.most_legs - 1).concat(cue(CueKind.OVERVIEW_THEN));
    }
    return [where(route, !changes.length), minutesCue(route, by)].concat(changes);
  }

  function where(route, isHere) {
    const goal = route.goal;
    const level = route.network.level[route.nodes[route.nodes.length - 1]];
    if (goal.anchor >= 0) {
      return isHere ? cue(CueKind.OVERVIEW_ANCHOR_HERE, { anchor: goal.anchor })
        : cue(CueKind.OVERVIEW_ANCHOR, { anchor: goal.anchor, floor: level });
    }
    const place = goal.places[0];
    return isHere ? cue(CueKind.OVERVIEW_PLACE_HERE, { place: place })
      : cue(CueKind.OVERVIEW_PLACE, { place: place, floor: level });
  }

  function minutesCue(route, by) {
    const minutes = roundedMin(route.duration_ms);
    if (minutes <= 1) return cue(CueKind.OVERVIEW_MINUTE);
    return cue(CueKind.OVERVIEW_MINUTES, { minutes: saidMin(minutes, by) });
  }

  /** Minutes as they are said: few of them one by one, then in steps, many in coarser ones. */
  function saidMin(minutes, by) {
    if (minutes <= by.few_min) return minutes;
    const grain = minutes < by.many_min ? by.fine_grain_min : by.coarse_grain_min;
    return Math.floor((minutes + Math.floor(grain / 2)) / grain) * grain;
  }

  /** A change of floor or building. A bridge on which the floor gets another label says so. */
  function change(route, leg, by) {
    const one = transfer(route, leg, by);
    const { levels, level } = route.network;
    const here = level[route.nodes[leg.last]];
    const there = level[route.nodes[leg.after]];
    if (one.kind === CueKind.CROSS && levels[here].label !== levels[there].label) {
      return cue(CueKind.OVERVIEW_CROSS, { floor: there });
    }
    return one;
  }

  /** Riding, climbing or crossing from a leg to the next level. */
  function transfer(route, leg, by) {
    const { levels, level } = route.network;
    const before = route.nodes[leg.last];
    const after = route.nodes[leg.after];
    const number = level[after];
    if (leg.how === 'cross') return crossing(route.network, before, after);
    const rise = levels[number].ordinal - levels[level[before]].ordinal;
    const floors = Math.floor(Math.abs(rise) + 0.5);
    let family = leg.how;
    if (family === 'stairs' && floors <= 1) {
      // Half a floor is not a floor: a few steps.
      family = Math.abs(rise) > by.one_floor ? 'stairs-one' : 'stairs-few';
    }
    return cue(kindOf(family, rise > 0 ? 'up' : 'down'),
      { level: number, connector: leg.thing, floors: floors });
  }

  /** Over a bridge to a floor of another building, out of a building or into one. */
  function crossing(of, before, after) {
    if (isOutside(of, after, before)) return cue(CueKind.GO_OUT);
    const kind = isOutside(of, before, after) ? CueKind.COME_IN : CueKind.CROSS;
    return cue(kind, { floor: of.level[after] });
  }

  /** Whether a node is outdoors, seen from one on another level: in such a space, or on a path of
   * a level that is of no building while the other level is of one. */
  function isOutside(of, node, other) {
    const space = of.spaceOfNode[node];
    if (space >= 0) return of.spaceKind[space] === OUTDOOR_SPACE;
    const [here, there] = [node, other].map((one) => of.levels[of.level[one]].building);
    return !here && !!there;
  }

  return { overview, saidMin, stops, transfer };
});
