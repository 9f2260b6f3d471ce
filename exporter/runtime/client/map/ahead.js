/* What lies ahead of a walker who is at a move of a step: where they are, where there is something
 * to do, which way they then look, what its words name. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./geometry.js'));
  } else {
    root.navkitMapAhead = make(root.navkitMapGeometry);
  }
})(this, /** @param {typeof import('./geometry.js')} mapGeometry */ function (mapGeometry) {
  'use strict';

  const { away, offBox, roomiest } = mapGeometry;

  /** Of so many metres before a turn is the direction in which people come to it. A guess: what
   * they see of the corridor when they look for the turn. */
  const LOOK_M = 6;

  /** A shorter way says nothing about where people look. */
  const LEAST_M = 0.8;

  /** Families of cues whose names are drawn otherwise: as the start, the goal, a change of level. */
  const DRAWN = ['start', 'start-anchor', 'start-entrance', 'sign', 'enter'];

  /** Families of cues about what lies beyond. */
  const BEYOND = ['too-far'];

  /** Points of a route from one of its nodes towards another, until `most_m` are walked; on one
   * plane. */
  function walked(bundle, route, from, to, most_m, levels) {
    const points = [];
    const by = from < to ? 1 : -1;
    let left = most_m;
    for (let i = from; ; i += by) {
      const node = bundle.at(route.nodes[i]);
      if (!levels.includes(node.level)) break;
      const at = [node.x, node.y];
      const before = points[points.length - 1];
      const far = before ? away(before, at) : 0;
      if (far > left) {
        const part = left / far;
        points.push([before[0] + (at[0] - before[0]) * part, before[1] + (at[1] - before[1]) * part]);
        break;
      }
      left -= far;
      if (!before || far > 0) points.push(at);
      if (i === to) break;
    }
    return points;
  }

  /** The compass direction from one point to another in degrees, clockwise from north. */
  function bearing(from, to) {
    return Math.atan2(to[0] - from[0], to[1] - from[1]) * 180 / Math.PI;
  }

  /** The direction along points from the first to the last; NaN if they are one spot. */
  function directionOf(points) {
    const last = points[points.length - 1];
    return points.length > 1 && away(points[0], last) >= LEAST_M ? bearing(points[0], last) : NaN;
  }

  /** Which way one looks who comes to a move, as a compass direction: along the way to it, else as
   * its turn and the way behind it say, else as one came before; north if nothing says it. */
  function headingOf(bundle, route, move, levels) {
    const end = route.nodes.length - 1;
    const into = (from) => directionOf(
      walked(bundle, route, move.at, from, LOOK_M, levels).reverse());
    const on = walked(bundle, route, Math.max(move.last, move.at), end, LOOK_M, levels);
    const ways = [into(move.first), directionOf(on) - move.turn_deg, into(0), 0];
    return ways.find((way) => !Number.isNaN(way));
  }

  /** In a room larger than this its door is what people see. A guess. */
  const ROOM_M = 15;

  /** Where a place is on a ground, as seen from a point: in the nearest of its spaces, or at a door
   * of it; null if it is elsewhere. */
  function placeAt(bundle, ground, place, from) {
    const near = (points) => points.sort((one, other) => away(one, from) - away(other, from))[0];
    const [space] = bundle.placeSpaces(place).map((one) => ground.bySpace.get(one)).filter(Boolean)
      .sort((one, other) => offBox(one.box, from) - offBox(other.box, from));
    const middle = space ? roomiest(space.rings, space.box) : null;
    if (middle && away(middle, from) <= ROOM_M) return middle;
    const nodes = bundle.placeNodes(place).map((node) => bundle.at(node))
      .filter((node) => ground.levels.includes(node.level)).map((node) => [node.x, node.y]);
    return near(nodes) || middle;
  }

  /** The things that a move names, as marks: `place`, or -1, `at`, `text`, `isBeyond`. */
  function namesOf(bundle, ground, move, from, language) {
    const found = [];
    const add = function (place, at, text, family) {
      if (!at || !text || found.some((one) => one.text === text)) return;
      found.push({
        kind: 'landmark', place: place, at: at, text: text, isBeyond: BEYOND.includes(family),
      });
    };
    move.names.filter((one) => !DRAWN.includes(one.family)).forEach(function (one) {
      const { place, anchor, board } = one.slots;
      if (place !== undefined) {
        const at = placeAt(bundle, ground, place, from);
        add(place, at, bundle.placeName(place, language)[0], one.family);
      }
      if (anchor !== undefined) {
        const node = bundle.at(bundle.anchors[anchor].node);
        const at = ground.levels.includes(node.level) ? [node.x, node.y] : null;
        add(-1, at, bundle.anchors[anchor].names[language][0], one.family);
      }
      if (board !== undefined) {
        add(-1, from, bundle.boards[board].names[language][0], one.family); // One turns below it.
      }
    });
    return found;
  }

  /** How far the arrow of a turn reaches to either side of it, in metres at most. */
  const ARROW_M = 12;

  /** What lies ahead at a move of a route on a ground. */
  function ahead(bundle, route, move, ground, language) {
    const { levels } = ground;
    const end = route.nodes.length - 1;
    const node = bundle.at(route.nodes[move.at]);
    const at = [node.x, node.y];
    const way = walked(bundle, route, move.first, Math.max(move.at, move.first), Infinity, levels);
    const setsOut = walked(bundle, route, move.first, end, 2, levels);
    const before = walked(bundle, route, move.at, move.first, ARROW_M, levels).reverse();
    const behind = walked(bundle, route, move.at, end, ARROW_M, levels);
    const heading_deg = headingOf(bundle, route, move, levels);
    const faces = directionOf(setsOut);
    return {
      at: at,
      heading_deg: heading_deg,
      way: way,
      arrow: { before: before, behind: behind },
      sign: move.sign,
      position: {
        kind: 'position', at: way[0] || at, text: '',
        heading_deg: Number.isNaN(faces) ? heading_deg : faces,
      },
      names: namesOf(bundle, ground, move, at, language),
      last: move.last,
      rides: move.sign === 'change' || move.names.some((one) => one.slots.connector !== undefined),
    };
  }

  return { ahead };
});
