/* The floors of a venue as a stack seen at an angle: what is in it, where it is on the screen and
 * what was touched. Nothing is drawn here. On the ground metres, y up; on the screen CSS pixels. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./geometry.js'), require('./scene.js'));
  } else {
    root.navkitMapStack = make(root.navkitMapGeometry, root.navkitMapScene);
  }
})(this, /**
 * @param {typeof import('./geometry.js')} mapGeometry
 * @param {typeof import('./scene.js')} mapScene
 */ function (mapGeometry, mapScene) {
  'use strict';

  const { boundsOf, contains, inside, twiceArea, wound, withoutStraights } = mapGeometry;
  const { staysOf } = mapScene;

  /** How a stack is seen at first, in degrees clockwise, and how much flatter than from above. */
  const POSE = { turn_deg: -14, squash: 0.5 };

  /** The flattest and the steepest view. */
  const SQUASHES = [0.25, 0.9];

  /** How far floors are apart at least, in depths of the stack: those of a building hide each other
   * except for their fronts, those of a route hardly at all. At most a bit more than the depth. */
  const APART = { building: 0.04, route: 0.3, most: 1.1 };

  /** Cache of plates, by bundle and level, and of the heights of levels. */
  const PLATES = new WeakMap();
  const HEIGHTS = new WeakMap();

  /** The height of each level, in storeys of the first building: where a way leads into another
   * building, both sides are as high, whatever their floors are called. */
  function heightsOf(bundle) {
    if (!HEIGHTS.has(bundle)) HEIGHTS.set(bundle, makeHeights(bundle));
    return HEIGHTS.get(bundle);
  }

  function makeHeights(bundle) {
    const { levels, network } = bundle;
    const bridges = [];
    for (let edge = 0; edge < network.edgeCount; edge++) {
      const from = levels[network.level[network.a[edge]]];
      const to = levels[network.level[network.b[edge]]];
      if (from.building !== to.building) bridges.push([from, to], [to, from]);
    }
    const above = {};
    levels.forEach(function (first) {
      if (first.building in above) return;
      above[first.building] = 0;
      let next = bridges;
      while (next.length) {
        next = bridges.filter(([from, to]) => from.building in above && !(to.building in above));
        next.slice(0, 1).forEach(function ([from, to]) {
          above[to.building] = above[from.building] + from.ordinal - to.ordinal;
        });
      }
    });
    return levels.map((level) => level.ordinal + above[level.building]);
  }

  /** The corners of the smallest shape without dents around some points, anticlockwise. */
  function hullOf(points) {
    const sorted = points.slice().sort((p, q) => p[0] - q[0] || p[1] - q[1]);
    const half = function (all) {
      const kept = [];
      all.forEach(function (at) {
        while (kept.length > 1 && twiceArea(kept.slice(-2).concat([at])) <= 0) kept.pop();
        kept.push(at);
      });
      return kept.slice(0, -1);
    };
    return half(sorted).concat(half(sorted.reverse()));
  }

  /** A level as a plate: the rings of its rooms, and of what people walk through, in metres. */
  function plateOf(bundle, number) {
    if (!PLATES.has(bundle)) PLATES.set(bundle, new Map());
    const known = PLATES.get(bundle);
    if (!known.has(number)) known.set(number, makePlate(bundle, number));
    return known.get(number);
  }

  function makePlate(bundle, number) {
    const { rules } = bundle;
    const open = [];
    const rooms = [];
    const corners = [];
    bundle.level(number).spaces.forEach(function (space) {
      const rings = wound(space.rings);
      const isOpen = rules.isSpace(space.kind, 'circulation') && !rules.kinds.connectors[space.kind];
      (isOpen ? open : rooms).push(...rings);
      corners.push(...rings[0]);
    });
    return {
      level: number, building: bundle.levels[number].building, open: open, rooms: rooms,
      box: boundsOf(corners), hull: hullOf(corners),
    };
  }

  /** What is in a stack: all floors, or those that a `route` uses. `plates` have their `plane`,
   * counted from the lowest; `parts` of the route are lines on planes, and `by` what each leaves;
   * `level` is the one that is chosen. */
  function stack(bundle, options) {
    const stays = options.route ? staysOf(bundle, options.route) : [];
    const used = new Set(stays.map((stay) => stay.level));
    const plates = bundle.levels.map((_, number) => number)
      .filter((number) => !stays.length || used.has(number))
      .map((number) => plateOf(bundle, number)).filter((one) => one.hull.length > 2);
    const heights = heightsOf(bundle);
    const planes = Array.from(new Set(plates.map((one) => heights[one.level])))
      .sort((a, b) => a - b);
    const planeOf = (number) => planes.indexOf(heights[number]);
    return {
      kind: stays.length ? 'route' : 'building',
      level: options.level,
      planes: planes.length,
      plates: plates.map((one) => Object.assign({ plane: planeOf(one.level) }, one))
        .sort((a, b) => a.plane - b.plane || a.level - b.level),
      parts: stays.map((stay) => ({
        level: stay.level, plane: planeOf(stay.level), by: stay.by,
        points: withoutStraights(stay.points),
      })),
      icons: bundle.rules.icons,
    };
  }

  /** A pose turned by degrees and tilted by a share of itself, within its limits. */
  function turned(pose, deg, tilt) {
    const squash = Math.min(Math.max(pose.squash + tilt, SQUASHES[0]), SQUASHES[1]);
    return { turn_deg: (pose.turn_deg + deg) % 360, squash: squash };
  }

  /** Where a stack is on a screen of `size` (width, height, ratio) inside a padding: for each plane
   * `a` to `f`, so that x' = a x + c y + e, y' = b x + d y + f. */
  function placed(stack, pose, size, padding) {
    const turn = pose.turn_deg * Math.PI / 180;
    const cos = Math.cos(turn);
    const sin = Math.sin(turn);
    const flat = (at) => [cos * at[0] + sin * at[1], cos * at[1] - sin * at[0]];
    const all = boundsOf([].concat(...stack.plates.map((one) => one.hull.map(flat))));
    const width = Math.max(all[2] - all[0], 1);
    const depth = Math.max(all[3] - all[1], 1) * pose.squash;
    const room = {
      width: Math.max(size.width - padding.left - padding.right, 1),
      height: Math.max(size.height - padding.top - padding.bottom, 1),
    };
    const above = stack.planes - 1;
    const scale = Math.min(room.width / width, room.height / depth / (1 + APART[stack.kind] * above));
    const rise = above
      ? Math.min(APART.most * scale * depth, (room.height - scale * depth) / above) : 0;
    const tall = scale * depth + rise * above;
    const left = padding.left + (room.width - scale * width) / 2 - scale * all[0];
    const foot = padding.top + (room.height + tall) / 2 + scale * pose.squash * all[1];
    const planes = [];
    for (let plane = 0; plane < stack.planes; plane++) {
      planes.push({
        a: scale * cos, c: scale * sin, e: left,
        b: scale * pose.squash * sin, d: -scale * pose.squash * cos, f: foot - rise * plane,
      });
    }
    return { width: size.width, height: size.height, ratio: size.ratio || 1, scale, rise, planes };
  }

  /** Metres on a plane, in pixels. */
  function onScreen(by, at) {
    return [by.a * at[0] + by.c * at[1] + by.e, by.b * at[0] + by.d * at[1] + by.f];
  }

  /** A pixel, in metres on a plane. */
  function onPlane(by, pixel) {
    const x = pixel[0] - by.e;
    const y = pixel[1] - by.f;
    const area = by.a * by.d - by.b * by.c;
    return [(by.d * x - by.c * y) / area, (by.a * y - by.b * x) / area];
  }

  /** The number of the level that is seen at a pixel, the topmost first; -1 beside the stack. */
  function levelAt(stack, seen, pixel) {
    const hits = (isIn) => stack.plates.slice().reverse()
      .find((one) => isIn(one, onPlane(seen.planes[one.plane], pixel)));
    const touched = hits((one, at) => contains(one.box, at)
      && [one.open, one.rooms].some((rings) => rings.some((ring) => inside([ring], at[0], at[1]))))
      || hits((one, at) => contains(one.box, at));
    return touched ? touched.level : -1;
  }

  return { POSE, stack, turned, placed, onScreen, onPlane, levelAt };
});
