/* What is to be drawn of a level: its ground, the route on it, and markers. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./look.js'), require('./geometry.js'), require('./ahead.js'));
  } else {
    root.navkitMapScene = make(root.navkitMapLook, root.navkitMapGeometry, root.navkitMapAhead);
  }
})(this, /**
 * @param {typeof import('./look.js')} mapLook
 * @param {typeof import('./geometry.js')} mapGeometry
 * @param {typeof import('./ahead.js')} mapAhead
 */ function (mapLook, mapGeometry, mapAhead) {
  'use strict';

  const { DEPARTMENT, ROOM, STAFF, DEPARTMENT_M2 } = mapLook;
  const {
    boundsOf, cornersOf, twiceArea, wound, roomiest, withoutStraights, middleOf, away,
  } = mapGeometry;

  const { ahead } = mapAhead;

  /** Cache of prepared levels: by bundle, by numbers and language. */
  const GROUNDS = new WeakMap();

  /** The ground of levels that one walks between without a lift or stairs, such as over a bridge. */
  function groundOf(bundle, levels, language, away) {
    if (!GROUNDS.has(bundle)) GROUNDS.set(bundle, new Map());
    const known = GROUNDS.get(bundle);
    const key = levels.concat(language, away).join(' ');
    if (!known.has(key)) {
      known.set(key, levels.length === 1 ? makeGround(bundle, levels[0], language, away)
        : joined(levels.map((level) => groundOf(bundle, [level], language, away))));
    }
    return known.get(key);
  }

  /** Grounds as one; it is called what the first is. */
  function joined(grounds) {
    const all = (name) => [].concat(...grounds.map((one) => one[name]));
    const both = (name) => new Map([].concat(...grounds.map((one) => Array.from(one[name]))));
    return Object.assign({}, grounds[0], {
      levels: all('levels'),
      bounds: boundsOf([].concat(...grounds.map((one) => cornersOf(one.bounds)))),
      spaces: all('spaces'), doors: all('doors'), paths: all('paths'), stripes: all('stripes'),
      signs: inOrder(all('signs')), bySpace: both('bySpace'), placesOf: both('placesOf'),
      letters: new Map(),
    });
  }

  /** Signs, those first that are shown first. */
  function inOrder(signs) {
    return signs.sort((one, other) => one.rank - other.rank || other.m2 - one.m2 ||
      one.place - other.place);
  }

  /** The constant parts of a level: floors, doors, signs of places that are not `away`. */
  function makeGround(bundle, number, language, away) {
    const level = bundle.level(number);
    const { rules } = bundle;
    const spaces = level.spaces.map(function (space) {
      const rings = wound(space.rings);
      const staff = space.kind === 'room' && space.access !== 'public';
      return {
        space: space.space,
        id: space.id,
        kind: space.kind,
        isOpen: rules.isSpace(space.kind, 'circulation') && !rules.kinds.connectors[space.kind],
        paint: staff ? 'staff' : space.kind,
        rings: rings,
        box: boundsOf(rings[0]),
      };
    });
    const bySpace = new Map();
    spaces.forEach(function (space) { bySpace.set(space.space, space); });
    const signs = [];
    const placesOf = new Map();
    bundle.placesOn(number).filter((i) => !away.includes(i)).forEach(function (i) {
      const place = bundle.place(i, language);
      const here = place.spaces.filter((space) => bySpace.has(space)).map((s) => bySpace.get(s));
      here.forEach(function (space) {
        const known = placesOf.get(space.space);
        // A room may also be a department: touching it means the room.
        if (!known || place.spaces.length < known.spaces.length) placesOf.set(space.space, place);
      });
      if (here.length) signs.push(signOf(bundle, place, here));
      else signs.push(pointSign(bundle, place, number));
    });
    const all = [].concat.apply([], spaces.map((space) => cornersOf(space.box)));
    const onPaths = [].concat.apply([], level.paths.map((path) => path.line));
    return {
      levels: [number],
      label: level.label,
      bounds: boundsOf(all.length + onPaths.length ? all.concat(onPaths) : [[0, 0]]),
      spaces: spaces,
      bySpace: bySpace,
      placesOf: placesOf,
      doors: level.doors,
      paths: level.paths,
      stripes: level.stripes || [],
      signs: inOrder(signs),
      letters: new Map(),
    };
  }

  /** The sign of a place at spaces: in the one nearest to their middle. */
  function signOf(bundle, place, spaces) {
    const m2 = spaces.reduce((sum, space) => sum + Math.abs(twiceArea(space.rings[0])) / 2, 0);
    const middle = middleOf(spaces.map((space) => space.box));
    const nearest = spaces.slice().sort((one, other) =>
      away(middleOf([one.box]), middle) - away(middleOf([other.box]), middle))[0];
    const isShaft = bundle.rules.isShaft(place.category);
    const isWide = spaces.length > 1 || m2 >= DEPARTMENT_M2;
    const rank = isWide ? DEPARTMENT : ROOM;
    return newSign(bundle, place, rank, roomiest(nearest.rings, nearest.box), {
      space: nearest.space,
      m2: m2,
      // A label over several rooms may cross the walls between them.
      rings: spaces.length > 1 && !isShaft ? null : nearest.rings,
    });
  }

  /** The sign of a place without a space, such as an entrance, where people arrive. */
  function pointSign(bundle, place, level) {
    const node = place.nodes.find((one) => bundle.at(one).level === level);
    const at = bundle.at(node);
    return newSign(bundle, place, ROOM, [at.x, at.y], { space: at.space, m2: 0, rings: null });
  }

  /** A sign at a point. Places that are not for visitors have no icon to attract them. */
  function newSign(bundle, place, rank, at, where) {
    const isPublic = place.access === 'public';
    const row = (isPublic && bundle.rules.sign(place.category)) ||
      { icon: '', rank: rank, badge: '' };
    return Object.assign({
      place: place.place,
      text: place.name,
      number: where.rings && !place.name.includes(place.ref) ? place.ref : '',
      quiet: !isPublic,
      icon: row.icon,
      rank: isPublic ? row.rank : STAFF,
      badge: row.badge,
      at: at,
      reach: null,
      turned: NaN,
    }, where);
  }

  /** A route cut where it changes level: `first` and `last` of its nodes, `by` which shaft it
   * leaves. Levels that are only passed by lift or stairs are left out. */
  function staysOf(bundle, route) {
    const stays = [];
    const points = route.nodes.map((node) => bundle.at(node));
    points.forEach(function (at, i) {
      const stay = stays[stays.length - 1];
      if (!stay || stay.level !== at.level) {
        stays.push({ level: at.level, first: i, last: i, moves: false });
      } else {
        const before = points[i - 1];
        stay.last = i;
        stay.moves = stay.moves || at.x !== before.x || at.y !== before.y;
      }
    });
    return stays.filter((stay, i) => stay.moves || i === 0 || i === stays.length - 1)
      .map((stay) => Object.assign(stay, {
        points: points.slice(stay.first, stay.last + 1).map((at) => [at.x, at.y]),
        by: stay.last < route.darts.length
          ? bundle.rules.connectorBy(bundle.kindOf(route.darts[stay.last])) : '',
      }));
  }

  /** Points of a stay from one node of the route to another, without repeated points. */
  function pointsOf(stay, first, last) {
    const from = Math.max(first, stay.first);
    const to = Math.min(last, stay.last);
    if (from > to) return [];
    return stay.points.slice(from - stay.first, to - stay.first + 1)
      .filter((at, i, all) => i === 0 || at[0] !== all[i - 1][0] || at[1] !== all[i - 1][1]);
  }

  /** The levels that a route joins with one by bridges and doors, that one first. */
  function planeOf(stays, level) {
    const plane = [level];
    const isNear = (stay, other, by) => Boolean(other) && !by && plane.includes(other.level) &&
      !plane.includes(stay.level);
    for (let grown = 0; grown < plane.length; grown = plane.length) {
      stays.forEach(function (stay, i) {
        const before = stays[i - 1];
        if (isNear(stay, before, before && before.by) || isNear(stay, stays[i + 1], stay.by)) {
          plane.push(stay.level);
        }
      });
    }
    return plane;
  }

  /** Lines of a route on levels, by name of `LINES`. */
  function linesOf(stays, levels, step) {
    const lines = { walked: [], next: [], now: [] };
    const add = function (name, stay, first, last) {
      const points = pointsOf(stay, first, last);
      if (points.length > 1) lines[name].push(withoutStraights(points));
    };
    stays.forEach(function (stay) {
      if (!levels.includes(stay.level)) return;
      if (!step) {
        add('now', stay, stay.first, stay.last);
      } else {
        add('walked', stay, stay.first, step.first);
        add('now', stay, step.first, step.last);
        add('next', stay, step.last, stay.last);
      }
    });
    return lines;
  }

  /** The part of a route between two lengths, in metres, as lines on levels. */
  function bandOf(bundle, route, levels, band) {
    const { length } = bundle.network;
    const lines = [];
    let along = 0;
    route.darts.forEach(function (dart, i) {
      const metres = length[dart >> 1] / 100;
      const ends = [route.nodes[i], route.nodes[i + 1]].map((node) => bundle.at(node));
      const from = Math.max(0, (band.from_m - along) / metres);
      const to = Math.min(1, (band.to_m - along) / metres);
      along += metres;
      if (!(from < to) || ends.some((end) => !levels.includes(end.level))) return;
      lines.push([from, to].map((share) => [
        ends[0].x + share * (ends[1].x - ends[0].x), ends[0].y + share * (ends[1].y - ends[0].y),
      ]));
    });
    return lines;
  }

  /** Where a route leaves levels or comes to them, and where it crosses from one to another: once
   * one is past that, it leads nowhere. */
  function changesOf(bundle, stays, levels, options) {
    const found = [];
    const add = function (here, there, by, node, onward) {
      const from = bundle.levels[here.level];
      const to = bundle.levels[there.level];
      const rise = to.ordinal - from.ordinal;
      const change = {
        kind: 'change',
        level: there.level,
        label: to.label,
        building: to.building === from.building ? '' : to.building,
        by: by,
        way: !by || rise === 0 ? 'across' : rise > 0 ? 'up' : 'down',
        onward: onward,
        at: here.points[node - here.first],
        node: onward ? there.first : there.last,
      };
      change.text = options.changeText ? options.changeText(change) : to.label;
      found.push(change);
    };
    stays.forEach(function (stay, i) {
      if (!levels.includes(stay.level)) return;
      const before = stays[i - 1];
      const after = stays[i + 1];
      const isOver = before && !before.by && levels.includes(before.level);
      if (before && !isOver) add(stay, before, before.by, stay.first, false);
      const isPast = options.move && stay.last < options.move.first;
      if (after && !isPast) add(stay, after, stay.by, stay.last, true);
    });
    return found;
  }

  /** The name of an end of a route: the code on the wall, else the place there. */
  function endName(bundle, spot, place, language) {
    if (spot.anchor >= 0) return bundle.anchors[spot.anchor].names[language][0];
    return place < 0 ? '' : bundle.place(place, language).name;
  }

  /** Which of a spot's places is at a node; -1 if none is. */
  function placeAt(bundle, spot, node) {
    const place = spot.places.find((one) => bundle.placeNodes(one).includes(node));
    return place === undefined ? -1 : place;
  }

  /** Markers of the goal and the start of a route, as far as they are on a level. */
  function endMarks(bundle, route, levels, language) {
    return [['goal', route.nodes.length - 1], ['start', 0]].map(function (end) {
      const kind = end[0];
      const node = route.nodes[end[1]];
      const at = bundle.at(node);
      const place = placeAt(bundle, route[kind], node);
      return {
        kind: kind, at: [at.x, at.y], text: endName(bundle, route[kind], place, language),
        place: place < 0 ? undefined : place, level: at.level,
      };
    }).filter((mark) => levels.includes(mark.level));
  }

  /** Markers of what is closed: in the middle of spaces and shafts, on doors. */
  function closedMarks(ground, bundle, ids) {
    const closed = new Set(ids);
    const mark = (id, at, text, place) => ({
      kind: 'closed', id: id, at: at, text: text, place: place,
    });
    const idOf = (sign) => (sign.badge === 'shaft' ? bundle.placeIds[sign.place] : '');
    return [].concat(
      ground.spaces.filter((space) => closed.has(space.id)).map(function (space) {
        const place = ground.placesOf.get(space.space) || { name: '' };
        return mark(space.id, roomiest(space.rings, space.box), place.name, place.place);
      }),
      ground.signs.filter((sign) => closed.has(idOf(sign)))
        .map((sign) => mark(idOf(sign), sign.at, sign.text, sign.place)),
      ground.doors.filter((door) => closed.has(door.id))
        .map((door) => mark(door.id, middleOf([boundsOf(door.line)]), '')));
  }

  /** The marker of a known position, if it is on a level. */
  function ownMark(own, level) {
    return own && own.level === level ? [{
      kind: 'position', at: [own.x, own.y], heading_deg: own.heading_deg, text: '',
    }] : [];
  }

  /** Markers of a move: who walks, unless only a band is known, and what the words name; a name
   * that the goal has is not said twice. */
  function moveMarks(here, options, goal) {
    const own = options.band ? [] : [here.position];
    return own.concat(here.names.filter((one) => one.place < 0 || one.place !== goal));
  }

  /** What is to be drawn of a level. Options: `language`; `route`; `step`, an instruction of it;
   * `move`, one of its moves: then what lies ahead is drawn too, and what bridges join with the
   * level; `band`, from where to where on the route a walker probably is, in metres; `changeText`,
   * a function that describes a change of level; `goal`, a place's number, if there is no route;
   * `position`, `{level, x, y, heading_deg}`; `closed`, ids. */
  function scene(bundle, level, options) {
    const { language, route, step, move } = options;
    const stays = route ? staysOf(bundle, route) : [];
    const levels = move ? planeOf(stays, level) : [level];
    const ground = groundOf(bundle, levels, language, options.away || []);
    let goal = options.goal === undefined ? -1 : options.goal;
    if (route) goal = placeAt(bundle, route.goal, route.nodes[route.nodes.length - 1]);
    const markers = route ? endMarks(bundle, route, levels, language)
      : ground.signs.filter((sign) => sign.place === goal)
        .map((sign) => ({ kind: 'goal', at: sign.at, text: sign.text, place: goal }));
    const before = move ? ahead(bundle, route, move, ground, language) : null;
    const marked = before ? moveMarks(before, options, goal) : [];
    const here = stays.filter((stay) => levels.includes(stay.level));
    return {
      level: level,
      label: ground.label,
      icons: bundle.rules.icons,
      bounds: ground.bounds,
      ground: ground,
      goal: goal,
      goalSpaces: goal < 0 ? [] : bundle.placeSpaces(goal),
      lines: Object.assign(linesOf(stays, levels, step), {
        band: route && options.band ? bandOf(bundle, route, levels, options.band) : [],
      }),
      step: step ? [].concat.apply([], here.map((stay) => pointsOf(stay, step.first, step.last)))
        : [],
      ahead: before,
      markers: marked.concat(ownMark(options.position, level), markers, changesOf(bundle, stays, levels, options),
        closedMarks(ground, bundle, options.closed || [])),
      drawn: [],
    };
  }

  return { scene, staysOf };
});
