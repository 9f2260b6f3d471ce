/* navkit's map: one level of a bundle, with the route on it, on a canvas.
 *
 * One file for CommonJS, for <script> (global `navkitMap`) and for sandboxes without eval.
 * ES2017; no DOM, wx, clock: the client brings a 2D context, sizes and touches. On the ground
 * metres, y up; on the screen CSS pixels, y down.
 *
 *   var scene = navkitMap.scene(bundle, 1, {language: 'en', route, step: told.instructions[0]});
 *   var view = navkitMap.fit(scene.bounds, {width: 375, height: 667, ratio: 2}, 24);
 *   navkitMap.draw(ctx, scene, view, navkitMap.themes.normal);
 *   view = navkitMap.follow(view, scene.step)        // or zoomed, panned
 *   navkitMap.hit(scene, view, [x, y])               // {marker}, {place, space} or null
 *
 * docs/runtime.md tells the rest.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitMap = make();
  }
})(this, function () {
  'use strict';

  // ------------------------------------------------------------------ themes

  /** Sizes in CSS pixels, and colours: letters 4.5:1 and routes 3:1 against every floor. */
  const THEMES = {
    normal: {
      letter_px: 12, icon_px: 20, route_px: 7, wall_px: 1, font: 'sans-serif', weight: 'normal',
      paints: {
        page: '#e9edf1', room: '#f7f8fa', staff: '#e6e9ed', corridor: '#fffdf3', hall: '#fffdf3',
        stairs: '#dde4ea', elevator: '#dde4ea', escalator: '#dde4ea', ramp: '#fffdf3',
        outdoor: '#e7f1e4', closed: '#cfd5db', path: '#fffdf3', goalRoom: '#ffe3d6',
        wall: '#98a3ae', door: '#ffffff', ink: '#16202b', quiet: '#45525f', halo: '#ffffff',
        route: '#0b57c4', next: '#4a7fd0', walked: '#6b7785', ghost: '#6b7785',
        routeEdge: '#ffffff', routeArrow: '#ffffff', goal: '#b3261e', mark: '#ffffff',
        shaft: '#0b3d91', facility: '#0f6b5c', urgent: '#b3261e', way: '#0b6b2e', onSign: '#ffffff',
      },
    },
    dark: {
      letter_px: 12, icon_px: 20, route_px: 7, wall_px: 1, font: 'sans-serif', weight: 'normal',
      paints: {
        page: '#0c1015', room: '#222a33', staff: '#1a2027', corridor: '#333d48', hall: '#333d48',
        stairs: '#2a3644', elevator: '#2a3644', escalator: '#2a3644', ramp: '#333d48',
        outdoor: '#1d2b22', closed: '#12171d', path: '#333d48', goalRoom: '#4d2f27',
        wall: '#5f6c79', door: '#333d48', ink: '#f3f6f9', quiet: '#c0cad4', halo: '#0c1015',
        route: '#7cc0ff', next: '#5fa0e0', walked: '#98a5b3', ghost: '#98a5b3',
        routeEdge: '#0c1015', routeArrow: '#0c1015', goal: '#ff9a8d', mark: '#0c1015',
        shaft: '#a9cdff', facility: '#7fd6c4', urgent: '#ff9a8d', way: '#8fdca6', onSign: '#0c1015',
      },
    },
    strong: {
      letter_px: 18, icon_px: 30, route_px: 11, wall_px: 1.6, font: 'sans-serif', weight: 'bold',
      paints: {
        page: '#ffffff', room: '#f2f2f2', staff: '#dedede', corridor: '#ffffff', hall: '#ffffff',
        stairs: '#d6d6d6', elevator: '#d6d6d6', escalator: '#d6d6d6', ramp: '#ffffff',
        outdoor: '#ffffff', closed: '#b5b5b5', path: '#ffffff', goalRoom: '#ffe08a',
        wall: '#595959', door: '#ffffff', ink: '#000000', quiet: '#1f1f1f', halo: '#ffffff',
        route: '#000000', next: '#2e2e2e', walked: '#5e5e5e', ghost: '#5e5e5e',
        routeEdge: '#ffffff', routeArrow: '#ffffff', goal: '#a30000', mark: '#ffffff',
        shaft: '#000000', facility: '#000000', urgent: '#a30000', way: '#000000', onSign: '#ffffff',
      },
    },
  };

  /** Kinds of floor from the lowest up: what is painted later lies over it. */
  const FLOORS = [
    'closed', 'outdoor', 'staff', 'room', 'goalRoom', 'hall', 'corridor', 'ramp', 'escalator',
    'stairs', 'elevator',
  ];

  /** Lines of a route on this level, from the lowest up: how wide, and how they are broken, in
   * widths of the route. What was walked and what lies on other floors is known without colour. */
  const LINES = {
    ghost: { paint: 'ghost', wide: 0.45, dashes: [0.9, 0.9] },
    walked: { paint: 'walked', wide: 0.6, dashes: [0.01, 1.1] },
    next: { paint: 'next', wide: 0.85, dashes: [], edge: 0.35, arrows: true },
    now: { paint: 'route', wide: 1.25, dashes: [], edge: 0.45, arrows: true },
  };

  // ------------------------------------------------------------------- icons

  /** Badges of shafts and ways in are square. */
  const SQUARE = ['shaft', 'way'];

  /** How soon things without an icon are shown. */
  const DEPARTMENT = 3;
  const ROOM = 5;
  const STAFF = 6;

  /** Icons of this rank and better stand even in rooms that are too small for them to see. */
  const LOUD = 2;

  /** A place on as much floor is a department, in square metres. A guess. */
  const DEPARTMENT_M2 = 90;

  // ---------------------------------------------------------------- geometry

  /** [left, bottom, right, top] of points; upside down where there are none. */
  function boundsOf(points) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < points.length; i++) {
      const x = points[i][0];
      const y = points[i][1];
      if (x < box[0]) box[0] = x;
      if (y < box[1]) box[1] = y;
      if (x > box[2]) box[2] = x;
      if (y > box[3]) box[3] = y;
    }
    return box;
  }

  function cornersOf(box) {
    return [[box[0], box[1]], [box[2], box[1]], [box[2], box[3]], [box[0], box[3]]];
  }

  function touch(one, other) {
    return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
  }

  function contains(box, point) {
    return box[0] <= point[0] && point[0] <= box[2] && box[1] <= point[1] && point[1] <= box[3];
  }

  /** Twice the area of a ring, positive anticlockwise. */
  function twiceArea(ring) {
    let sum = 0;
    for (let i = 0, k = ring.length - 1; i < ring.length; k = i++) {
      sum += ring[k][0] * ring[i][1] - ring[i][0] * ring[k][1];
    }
    return sum;
  }

  /** Rings with the outer one anticlockwise and holes clockwise, so that many fill at once. */
  function wound(rings) {
    return rings.map(function (ring, i) {
      return twiceArea(ring) > 0 === (i === 0) ? ring : ring.slice().reverse();
    });
  }

  /** Whether a point lies within rings. */
  function inside(rings, x, y) {
    let within = false;
    for (let r = 0; r < rings.length; r++) {
      const ring = rings[r];
      for (let i = 0, k = ring.length - 1; i < ring.length; k = i++) {
        const a = ring[i];
        const b = ring[k];
        if (a[1] > y !== b[1] > y &&
            x < a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1])) within = !within;
      }
    }
    return within;
  }

  /** Distance from a point to the walk from a to b, squared. */
  function offSegment2(x, y, a, b) {
    const dx = b[0] - a[0];
    const dy = b[1] - a[1];
    const whole = dx * dx + dy * dy;
    const along = whole ? ((x - a[0]) * dx + (y - a[1]) * dy) / whole : 0;
    const part = along < 0 ? 0 : along > 1 ? 1 : along;
    const ox = x - a[0] - part * dx;
    const oy = y - a[1] - part * dy;
    return ox * ox + oy * oy;
  }

  /** How far a point is from the nearest wall; negative outside. */
  function room(rings, x, y) {
    let least = Infinity;
    for (let r = 0; r < rings.length; r++) {
      const ring = rings[r];
      for (let i = 0, k = ring.length - 1; i < ring.length; k = i++) {
        const off = offSegment2(x, y, ring[k], ring[i]);
        if (off < least) least = off;
      }
    }
    return inside(rings, x, y) ? Math.sqrt(least) : -Math.sqrt(least);
  }

  const SAMPLES = 6;
  const CLOSER = 4;

  /** A roomy point, where a label goes: the middle of a rectangle; else the best of a grid,
   * made better in ever smaller steps. */
  function roomiest(rings, box) {
    const middle = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
    const whole = (box[2] - box[0]) * (box[3] - box[1]);
    if (rings.length === 1 && Math.abs(twiceArea(rings[0])) / 2 > 0.98 * whole) return middle;
    let best = middle;
    let most = room(rings, middle[0], middle[1]);
    const attempt = function (x, y) {
      const found = room(rings, x, y);
      if (found > most + 1e-6) {
        most = found;
        best = [x, y];
      }
    };
    let dx = (box[2] - box[0]) / SAMPLES;
    let dy = (box[3] - box[1]) / SAMPLES;
    for (let i = 0; i < SAMPLES; i++) {
      for (let k = 0; k < SAMPLES; k++) attempt(box[0] + (i + 0.5) * dx, box[1] + (k + 0.5) * dy);
    }
    for (let k = 0; k < CLOSER; k++) {
      dx /= 2;
      dy /= 2;
      const at = best;
      attempt(at[0] - dx, at[1]);
      attempt(at[0] + dx, at[1]);
      attempt(at[0], at[1] - dy);
      attempt(at[0], at[1] + dy);
    }
    return best;
  }

  /** How far one sees from a point towards both sides of a direction: the nearer wall. */
  function clearance(rings, at, dx, dy) {
    let ahead = Infinity;
    let back = Infinity;
    for (let r = 0; r < rings.length; r++) {
      const ring = rings[r];
      for (let i = 0, k = ring.length - 1; i < ring.length; k = i++) {
        const ax = ring[k][0] - at[0];
        const ay = ring[k][1] - at[1];
        const bx = ring[i][0] - at[0];
        const by = ring[i][1] - at[1];
        const sideA = dx * ay - dy * ax;
        const sideB = dx * by - dy * bx;
        if (sideA > 0 === sideB > 0) continue;
        const part = sideA / (sideA - sideB);
        const along = dx * (ax + (bx - ax) * part) + dy * (ay + (by - ay) * part);
        if (along >= 0) ahead = Math.min(ahead, along);
        else back = Math.min(back, -along);
      }
    }
    return Math.min(ahead, back);
  }

  /** A line without the points at which it goes straight on. */
  function withoutStraights(points) {
    return points.filter(function (at, i) {
      if (i === 0 || i === points.length - 1) return true;
      const off = offSegment2(at[0], at[1], points[i - 1], points[i + 1]);
      return off > 1e-4;
    });
  }

  // -------------------------------------------------------------------- view

  /** A finger, in pixels. */
  const FINGER_PX = 22;

  /** Closest view, in pixels a metre, and the closest that `follow` chooses. */
  const CLOSEST = 80;
  const CLOSE = 14;

  /** How much smaller than the screen a building may become. */
  const SMALLEST = 0.6;

  /** Metres that are shown round a short step. */
  const AROUND_M = 9;

  /** What leads from metres to pixels: x' = a x + b y + e, y' = b x - a y + f. */
  function lens(view) {
    const turn = (view.rotation || 0) * Math.PI / 180;
    const a = Math.cos(turn) * view.scale;
    const b = Math.sin(turn) * view.scale;
    return {
      a: a,
      b: b,
      e: view.width / 2 - a * view.x - b * view.y,
      f: view.height / 2 - b * view.x + a * view.y,
    };
  }

  function toPixels(view, metres) {
    return through(lens(view), metres);
  }

  function through(by, metres) {
    return [
      by.a * metres[0] + by.b * metres[1] + by.e,
      by.b * metres[0] - by.a * metres[1] + by.f,
    ];
  }

  function toMetres(view, pixel) {
    const by = lens(view);
    const x = pixel[0] - by.e;
    const y = pixel[1] - by.f;
    const square = view.scale * view.scale;
    return [(by.a * x + by.b * y) / square, (by.b * x - by.a * y) / square];
  }

  /** The view with the metres `at` under a pixel, within its limits. */
  function placed(view, at, pixel) {
    const there = toMetres(view, pixel);
    return limited(Object.assign({}, view, {
      x: view.x + at[0] - there[0],
      y: view.y + at[1] - there[1],
    }));
  }

  /** The view moved so that `bounds` stay under the middle of what the padding leaves, and
   * neither too near nor too far. */
  function limited(view) {
    const box = view.bounds;
    if (!box) return view;
    const scale = Math.min(Math.max(view.scale, farthest(view)), CLOSEST);
    const scaled = Object.assign({}, view, { scale: scale });
    const at = toMetres(scaled, clearOf(view).middle);
    scaled.x += Math.min(Math.max(at[0], box[0]), box[2]) - at[0];
    scaled.y += Math.min(Math.max(at[1], box[1]), box[3]) - at[1];
    return scaled;
  }

  /** The least scale of a view: all of the building, and some space round it. */
  function farthest(view) {
    const size = sizeOf(cornersOf(view.bounds), view.rotation);
    return Math.min(CLOSEST, SMALLEST * Math.min(view.width / size[0], view.height / size[1]));
  }

  /** Width and height in metres of what points take on a turned screen. */
  function sizeOf(points, rotation) {
    const turned = lens({ width: 0, height: 0, x: 0, y: 0, scale: 1, rotation: rotation });
    const box = boundsOf(points.map(function (point) { return through(turned, point); }));
    return [Math.max(box[2] - box[0], 0.01), Math.max(box[3] - box[1], 0.01)];
  }

  /** What the padding of a view leaves: width, height and middle in pixels. The padding is one
   * number or has some of the edges. */
  function clearOf(view) {
    const given = view.padding || 0;
    const all = typeof given === 'number' ? given : 0;
    const pad = Object.assign({ left: all, top: all, right: all, bottom: all },
      typeof given === 'number' ? {} : given);
    const width = Math.max(view.width - pad.left - pad.right, 1);
    const height = Math.max(view.height - pad.top - pad.bottom, 1);
    return { width: width, height: height, middle: [pad.left + width / 2, pad.top + height / 2] };
  }

  /** The view that shows points in the middle of what the padding leaves, as large as goes. */
  function showing(view, points, least, most) {
    const clear = clearOf(view);
    const size = sizeOf(points, view.rotation);
    const scale = Math.min(most,
      clear.width / Math.max(size[0], least), clear.height / Math.max(size[1], least));
    const flat = Object.assign({}, view, { x: 0, y: 0, scale: scale });
    const box = boundsOf(points.map(function (point) { return toPixels(flat, point); }));
    const middle = toMetres(flat, [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]);
    return placed(flat, middle, clear.middle);
  }

  /** A view of all of `bounds`. `size` has `width`, `height` and, if wanted, `ratio` and
   * `rotation`; `padding` is a number of pixels or `{left, top, right, bottom}`. The view is
   * kept to these bounds. */
  function fit(bounds, size, padding) {
    const view = Object.assign({ ratio: 1, rotation: 0 }, size, {
      bounds: bounds, padding: padding,
    });
    return showing(view, cornersOf(bounds), 1, CLOSEST);
  }

  /** A view of a step: near enough to read, far enough to see what is around. */
  function follow(view, points) {
    return points.length ? showing(view, points, 2 * AROUND_M, CLOSE) : view;
  }

  /** The view nearer by a factor; what is under `pixel` stays there. */
  function zoomed(view, factor, pixel) {
    const at = toMetres(view, pixel);
    return placed(limited(Object.assign({}, view, { scale: view.scale * factor })), at, pixel);
  }

  /** The view after a finger has moved by pixels. */
  function panned(view, dx, dy) {
    return placed(view, [view.x, view.y], [view.width / 2 + dx, view.height / 2 + dy]);
  }

  // ------------------------------------------------------------------- scene

  /** Levels that are prepared already: by bundle, by number and language. */
  const GROUNDS = new WeakMap();

  function groundOf(bundle, number, language) {
    if (!GROUNDS.has(bundle)) GROUNDS.set(bundle, new Map());
    const known = GROUNDS.get(bundle);
    const key = number + ' ' + language;
    if (!known.has(key)) known.set(key, makeGround(bundle, number, language));
    return known.get(key);
  }

  /** What of a level stays the same: floors, doors, signs. */
  function makeGround(bundle, number, language) {
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
    bundle.placesOn(number).forEach(function (i) {
      const place = bundle.place(i, language);
      const here = place.spaces.filter((space) => bySpace.has(space)).map((s) => bySpace.get(s));
      here.forEach(function (space) {
        const known = placesOf.get(space.space);
        // A room may be a department too: who touches it means the room.
        if (!known || place.spaces.length < known.spaces.length) placesOf.set(space.space, place);
      });
      if (here.length) signs.push(signOf(bundle, place, here));
      else signs.push(pointSign(bundle, place, number));
    });
    const all = [].concat.apply([], spaces.map((space) => cornersOf(space.box)));
    const onPaths = [].concat.apply([], level.paths.map((path) => path.line));
    return {
      level: number,
      label: level.label,
      bounds: boundsOf(all.length + onPaths.length ? all.concat(onPaths) : [[0, 0]]),
      spaces: spaces,
      bySpace: bySpace,
      placesOf: placesOf,
      doors: level.doors,
      paths: level.paths,
      signs: signs.sort((one, other) => one.rank - other.rank || other.m2 - one.m2 ||
        one.place - other.place),
      letters: new Map(),
    };
  }

  /** The sign of a place at spaces: in that one which is in their midst. */
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
      // A label over several rooms may run over the walls between them.
      rings: spaces.length > 1 && !isShaft ? null : nearest.rings,
    });
  }

  /** The sign of a place that stands at no space, such as an entrance, where one arrives. */
  function pointSign(bundle, place, level) {
    const node = place.nodes.find((one) => bundle.at(one).level === level);
    const at = bundle.at(node);
    return newSign(bundle, place, ROOM, [at.x, at.y], { space: at.space, m2: 0, rings: null });
  }

  /** A sign at a point. What is not for visitors has no icon that would call them there. */
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

  function middleOf(boxes) {
    const x = boxes.reduce((sum, box) => sum + box[0] + box[2], 0);
    const y = boxes.reduce((sum, box) => sum + box[1] + box[3], 0);
    return [x / 2 / boxes.length, y / 2 / boxes.length];
  }

  function away(one, other) {
    const dx = one[0] - other[0];
    const dy = one[1] - other[1];
    return Math.sqrt(dx * dx + dy * dy);
  }

  /** A route cut where it changes level: `first` and `last` of its nodes, `by` which shaft it
   * leaves. Levels that are only ridden or climbed through are left out. */
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

  /** Points of a stay from one node of the route to another, no point twice in a row. */
  function pointsOf(stay, first, last) {
    const from = Math.max(first, stay.first);
    const to = Math.min(last, stay.last);
    if (from > to) return [];
    return stay.points.slice(from - stay.first, to - stay.first + 1)
      .filter((at, i, all) => i === 0 || at[0] !== all[i - 1][0] || at[1] !== all[i - 1][1]);
  }

  /** Lines of a route on a level, by name of `LINES`. */
  function linesOf(stays, level, step) {
    const lines = { ghost: [], walked: [], next: [], now: [] };
    const add = function (name, stay, first, last) {
      const points = pointsOf(stay, first, last);
      if (points.length > 1) lines[name].push(withoutStraights(points));
    };
    stays.forEach(function (stay) {
      if (stay.level !== level) {
        add('ghost', stay, stay.first, stay.last);
      } else if (!step) {
        add('now', stay, stay.first, stay.last);
      } else {
        add('walked', stay, stay.first, step.first);
        add('now', stay, step.first, step.last);
        add('next', stay, step.last, stay.last);
      }
    });
    return lines;
  }

  /** Where a route leaves a level or comes to it. */
  function changesOf(bundle, stays, level, options) {
    const found = [];
    const add = function (here, there, by, at, onward) {
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
        at: at,
      };
      change.text = options.changeText ? options.changeText(change) : to.label;
      found.push(change);
    };
    stays.forEach(function (stay, i) {
      if (stay.level !== level) return;
      const before = stays[i - 1];
      const after = stays[i + 1];
      if (before) add(stay, before, before.by, stay.points[0], false);
      if (after) add(stay, after, stay.by, stay.points[stay.points.length - 1], true);
    });
    return found;
  }

  /** What one calls an end of a route: the code on the wall, else the place that stands there. */
  function endName(bundle, spot, place, language) {
    if (spot.anchor >= 0) return bundle.anchors[spot.anchor].names[language][0];
    return place < 0 ? '' : bundle.place(place, language).name;
  }

  /** Which of a spot's places stands at a node; -1 where none does. */
  function placeAt(bundle, spot, node) {
    const place = spot.places.find((one) => bundle.placeNodes(one).includes(node));
    return place === undefined ? -1 : place;
  }

  /** Markers of the goal and the start of a route, as far as they are on a level. */
  function endMarks(bundle, route, level, language) {
    return [['goal', route.nodes.length - 1], ['start', 0]].map(function (end) {
      const kind = end[0];
      const node = route.nodes[end[1]];
      const at = bundle.at(node);
      const place = placeAt(bundle, route[kind], node);
      return {
        kind: kind, at: [at.x, at.y], text: endName(bundle, route[kind], place, language),
        place: place < 0 ? undefined : place, level: at.level,
      };
    }).filter((mark) => mark.level === level);
  }

  /** Markers of what is closed: spaces and shafts in their midst, doors at theirs. */
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

  /** What is to be drawn of a level. Options: `language`; `route`; `step`, an instruction of
   * it; `changeText`, a function that says a change of level; `goal`, a place's number, where
   * there is no route; `position`, `{level, x, y, heading_deg}`; `closed`, ids. */
  function scene(bundle, level, options) {
    const language = options.language;
    const ground = groundOf(bundle, level, language);
    const route = options.route;
    const stays = route ? staysOf(bundle, route) : [];
    let goal = options.goal === undefined ? -1 : options.goal;
    if (route) goal = placeAt(bundle, route.goal, route.nodes[route.nodes.length - 1]);
    const markers = route ? endMarks(bundle, route, level, language)
      : ground.signs.filter((sign) => sign.place === goal)
        .map((sign) => ({ kind: 'goal', at: sign.at, text: sign.text, place: goal }));
    const own = options.position;
    if (own && own.level === level) {
      markers.unshift({
        kind: 'position', at: [own.x, own.y], heading_deg: own.heading_deg, text: '',
      });
    }
    const step = options.step;
    const here = stays.filter((stay) => stay.level === level);
    return {
      level: level,
      label: ground.label,
      icons: bundle.rules.icons,
      bounds: ground.bounds,
      ground: ground,
      goal: goal,
      goalSpaces: goal < 0 ? [] : bundle.placeSpaces(goal),
      lines: linesOf(stays, level, step),
      step: step ? [].concat.apply([], here.map((stay) => pointsOf(stay, step.first, step.last)))
        : [],
      markers: markers.concat(changesOf(bundle, stays, level, options),
        closedMarks(ground, bundle, options.closed || [])),
      drawn: [],
    };
  }

  // ------------------------------------------------------------------ letters

  /** What stays together on a line: a character that is a word by itself, or a word of letters;
   * brackets and stops with what they belong to. */
  const PIECES = new RegExp('\\s*[\\uff08\\u300a\\u300c\\u201c]*' +
    '(?:[\\ud800-\\udbff][\\udc00-\\udfff]|[\\u2e80-\\uffef]|[^\\s\\u2e80-\\uffef]+)' +
    '[\\uff09\\u300b\\u300d\\u201d\\u3001\\u3002\\uff0c\\uff1a]*', 'g');

  const MOST_LINES = 3;
  const LEADING_EM = 1.2;

  /** Middle of the letters over the base line. */
  const RISE_EM = 0.36;

  /** Measures and breaks text in one font; what it has measured it remembers. */
  class Letters {
    constructor(font, size_px) {
      this.font = font;
      this.size_px = size_px;
      this.ctx = null; // That of the latest draw.
      this._widths = new Map();
      this._broken = new Map();
    }

    width(text) {
      let width = this._widths.get(text);
      if (width === undefined) {
        this.ctx.font = this.font;
        width = this.ctx.measureText(text).width;
        this._widths.set(text, width);
      }
      return width;
    }

    /** A text on one line, on two, on three, as evenly as goes: `[{lines, width}]`. */
    broken(text) {
      let ways = this._broken.get(text);
      if (ways === undefined) {
        ways = [];
        const words = (text.match(PIECES) || []).map((word) => ({
          text: word, width: this.width(word),
        }));
        for (let count = 1; count <= Math.min(MOST_LINES, words.length); count++) {
          const lines = evenLines(words, count);
          const width = lines.reduce((most, line) => Math.max(most, this.width(line)), 0);
          // A character alone on a line is hard to read.
          const isWhole = count === 1 || lines.every((line) => line.length > 1);
          if (lines.length === count && isWhole) ways.push({ lines: lines, width: width });
        }
        this._broken.set(text, ways);
      }
      return ways;
    }
  }

  /** Words on `count` lines of which the longest is as short as goes. */
  function evenLines(words, count) {
    let low = words.reduce((sum, word) => sum + word.width, 0) / count;
    let high = low * count;
    for (let k = 0; count > 1 && k < 6; k++) {
      const middle = (low + high) / 2;
      if (filled(words, middle).length > count) low = middle;
      else high = middle;
    }
    return filled(words, high + 0.01);
  }

  /** Lines filled up to a width. */
  function filled(words, most) {
    const lines = [];
    let width = 0;
    words.forEach(function (word) {
      if (lines.length && width + word.width <= most) {
        lines[lines.length - 1] += word.text;
        width += word.width;
      } else {
        lines.push(word.text.trim());
        width = word.width;
      }
    });
    return lines;
  }

  function lettersFor(ctx, ground, theme, factor, weight) {
    const size_px = theme.letter_px * factor;
    const font = weight + ' ' + size_px + 'px ' + theme.font;
    let letters = ground.letters.get(font);
    if (!letters) {
      letters = new Letters(font, size_px);
      ground.letters.set(font, letters);
    }
    letters.ctx = ctx;
    return letters;
  }

  // ------------------------------------------------------------------ layout

  const CELL_PX = 48;

  /** Boxes that are taken, by cells of the screen. */
  class Taken {
    constructor(width, height) {
      this._width = width;
      this._height = height;
      this._across = Math.ceil(width / CELL_PX) + 2;
      this._down = Math.ceil(height / CELL_PX) + 2;
      this._cells = new Array(this._across * this._down);
    }

    add(box) {
      this._each(box, (cell) => {
        if (this._cells[cell]) this._cells[cell].push(box);
        else this._cells[cell] = [box];
        return true;
      });
    }

    isFree(box) {
      return this._each(box, (cell) => !this._cells[cell] ||
        !this._cells[cell].some((other) => touch(box, other)));
    }

    /** The box moved onto the screen, as far as it has room there. */
    moved(box) {
      const dx = Math.max(-box[0], Math.min(0, this._width - box[2]));
      const dy = Math.max(-box[1], Math.min(0, this._height - box[3]));
      return [box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy];
    }

    /** Whether a box lies wholly on the screen. */
    isSeen(box) {
      return box[0] >= 0 && box[1] >= 0 && box[2] <= this._width && box[3] <= this._height;
    }

    _each(box, holds) {
      const left = cellOf(box[0], this._across);
      const right = cellOf(box[2], this._across);
      const bottom = cellOf(box[3], this._down);
      for (let y = cellOf(box[1], this._down); y <= bottom; y++) {
        for (let x = left; x <= right; x++) if (!holds(y * this._across + x)) return false;
      }
      return true;
    }
  }

  /** Off the screen there is one cell at either side. */
  function cellOf(pixel, count) {
    return Math.min(Math.max(Math.floor(pixel / CELL_PX) + 1, 0), count - 1);
  }

  function boxAround(x, y, width, height) {
    return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
  }

  /** Boxes under, over and beside a box. */
  function boxesBeside(box, width, height, gap) {
    const x = (box[0] + box[2]) / 2;
    const y = (box[1] + box[3]) / 2;
    return [
      boxAround(x, box[3] + gap + height / 2, width, height),
      boxAround(x, box[1] - gap - height / 2, width, height),
      boxAround(box[2] + gap + width / 2, y, width, height),
      boxAround(box[0] - gap - width / 2, y, width, height),
    ];
  }

  /** Room between labels, in pixels. */
  const GAP_PX = 2;

  /** Door numbers are shown from this scale on, names beside icons, doors; pixels a metre, for
   * the letters of the normal theme. A room of 3 m is as wide as a short number then. */
  const NUMBERS_FROM = 9;
  const NAMES_FROM = 7;
  const DOORS_FROM = 4;

  /** From here on rooms are named before the department that they belong to. */
  const ROOMS_FIRST_FROM = 14;

  /** An icon before the words of a plate, with the gap after it. */
  const SIGN_EM = 1.35;

  /** Decides what is shown where; draws nothing. Of all that is laid out, no text lies over
   * other text, an icon, a marker or the route. */
  class Layout {
    constructor(ctx, scene, view, theme) {
      this.scene = scene;
      this.view = view;
      this.theme = theme;
      this.lens = lens(view);
      this.taken = new Taken(view.width, view.height);
      this.route = new Taken(view.width, view.height);
      this.ghost = new Taken(view.width, view.height);
      this.plain = lettersFor(ctx, scene.ground, theme, 1, theme.weight);
      this.bold = lettersFor(ctx, scene.ground, theme, 1.08, 'bold');
      this.screen = [0, 0, view.width, view.height];
      this.shown = [];
      // Larger letters want more room.
      this.zoom = view.scale * THEMES.normal.letter_px / theme.letter_px;
    }

    run() {
      const marks = this.scene.markers.map((marker) => this._mark(marker)).filter(Boolean);
      Object.keys(LINES).forEach((name) => {
        const into = name === 'ghost' ? this.ghost : this.route;
        this.scene.lines[name].forEach((line) => this._takeLine(into, line, LINES[name].wide));
      });
      marks.forEach((mark) => this._caption(mark));
      const signs = this.scene.ground.signs.filter((sign) => this._isWanted(sign));
      const isLate = (sign) => sign.rank === DEPARTMENT && !sign.rings &&
        this.zoom >= ROOMS_FIRST_FROM;
      signs.filter((sign) => !isLate(sign)).concat(signs.filter(isLate))
        .forEach((sign) => this._sign(sign));
      return this.shown;
    }

    /** Whether a sign is on the screen, and no pin says the same. */
    _isWanted(sign) {
      const isPinned = sign.place === this.scene.goal &&
        this.scene.markers.some((marker) => marker.kind === 'goal');
      return !isPinned && contains(this.screen, through(this.lens, sign.at));
    }

    _isFree(box) {
      return this.taken.isFree(box) && this.route.isFree(box);
    }

    /** Takes the place of a marker's shape. */
    _mark(marker) {
      const at = through(this.lens, marker.at);
      const r = this.theme.icon_px / 2;
      const box = marker.kind === 'goal'
        ? [at[0] - 0.8 * r, at[1] - 2.5 * r, at[0] + 0.8 * r, at[1] + 0.3 * r]
        : boxAround(at[0], at[1], 2.2 * r, 2.2 * r);
      if (!touch(box, this.screen)) return null;
      const mark = { marker: marker, at: at, box: box, lines: [], boxes: [] };
      this.taken.add(box);
      this.shown.push(mark);
      return mark;
    }

    /** Finds a place for a marker's words: a plate that one can tap at a change of level. */
    _caption(mark) {
      const marker = mark.marker;
      const letters = this.bold;
      const isPlate = marker.kind === 'change';
      const signs = isPlate ? plateIcons(marker).length : 0;
      const em = letters.size_px;
      const pad = isPlate ? 0.5 * em : GAP_PX;
      const spots = [];
      letters.broken(marker.text).slice(0, isPlate ? 1 : MOST_LINES).forEach((way) => {
        const width = way.width + signs * SIGN_EM * em + 2 * pad;
        const height = way.lines.length * LEADING_EM * em + (isPlate ? 0.6 * em : GAP_PX);
        [GAP_PX, 1.6 * em].forEach((gap) => {
          boxesBeside(mark.box, width, height, gap).forEach((beside) => {
            const box = this.taken.moved(beside);
            const isClear = this.taken.isSeen(box) && this.taken.isFree(box);
            if (isClear) spots.push({ box: box, way: way });
          });
        });
      });
      // Over the route rather than not at all.
      const spot = spots.find((one) => this.route.isFree(one.box)) || spots[0];
      if (!spot) return;
      this.taken.add(spot.box);
      Object.assign(mark, { plate: spot.box, letters: letters, lines: spot.way.lines, pad: pad });
    }

    /** Takes the places along a line. */
    _takeLine(into, points, wide) {
      const half = wide * this.theme.route_px / 2 + 1;
      for (let i = 1; i < points.length; i++) {
        const a = through(this.lens, points[i - 1]);
        const b = through(this.lens, points[i]);
        const box = boundsOf([a, b]);
        const seen = [box[0] - half, box[1] - half, box[2] + half, box[3] + half];
        if (!touch(seen, this.screen)) continue;
        const count = Math.ceil(away(a, b) / STRIDE_PX);
        for (let k = 0; k <= count; k++) {
          const part = k / Math.max(count, 1);
          into.add(boxAround(
            a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part, 2 * half, 2 * half));
        }
      }
    }

    /** How far a sign may reach to either side before it meets a wall, in pixels. */
    _reach(sign) {
      if (!sign.rings) return [Infinity, Infinity];
      if (sign.turned !== this.view.rotation) {
        const a = this.lens.a / this.view.scale;
        const b = this.lens.b / this.view.scale;
        sign.reach = [clearance(sign.rings, sign.at, a, b), clearance(sign.rings, sign.at, b, -a)];
        sign.turned = this.view.rotation;
      }
      return [sign.reach[0] * this.view.scale, sign.reach[1] * this.view.scale];
    }

    /** Shows what of a sign there is room for. */
    _sign(sign) {
      const at = through(this.lens, sign.at);
      const reach = this._reach(sign);
      if (sign.icon) this._withIcon(sign, at, reach);
      else this._textOnly(sign, at, reach);
    }

    /** An icon with its name in the room, else the icon with the name beside it, else alone. */
    _withIcon(sign, at, reach) {
      const px = this.theme.icon_px;
      if (sign.rank > LOUD && Math.min(reach[0], reach[1]) < 0.3 * px) return;
      const ways = this.zoom >= NAMES_FROM ? this._ways(sign) : [];
      for (let k = 0; k < ways.length; k++) {
        const whole = px + GAP_PX + ways[k].height;
        const icon = boxAround(at[0], at[1] - whole / 2 + px / 2, px, px);
        const words = boxAround(
          at[0], at[1] + whole / 2 - ways[k].height / 2, ways[k].width, ways[k].height);
        const fits = ways[k].width <= 2 * reach[0] && whole <= 2 * reach[1];
        if (fits && this._isFree(icon) && this._isFree(words)) {
          this._show(sign, icon, words, ways[k]);
          return;
        }
      }
      const icon = boxAround(at[0], at[1], px, px);
      if (!this._isFree(icon)) return;
      for (let k = 0; sign.rank <= LOUD && k < ways.length; k++) {
        const words = boxesBeside(icon, ways[k].width, ways[k].height, GAP_PX)
          .find((box) => this.taken.isSeen(box) && this._isFree(box));
        if (words) {
          this._show(sign, icon, words, ways[k]);
          return;
        }
      }
      this._show(sign, icon, null, null);
    }

    /** The first way to write a sign that fits into its room, or over its rooms. */
    _textOnly(sign, at, reach) {
      const spread = sign.rings ? Infinity : 0.8 * Math.sqrt(sign.m2) * this.view.scale;
      const across = 2 * Math.min(reach[0], spread);
      const up = 2 * Math.min(reach[1], spread);
      const ways = this._ways(sign);
      for (let k = 0; k < ways.length; k++) {
        const box = boxAround(at[0], at[1], ways[k].width, ways[k].height);
        if (ways[k].width <= across && ways[k].height <= up && this._isFree(box) &&
            this._isWithin(sign, box)) {
          this._show(sign, null, box, ways[k]);
          return;
        }
      }
    }

    /** Whether the corners of a box lie in a sign's room, if it has one. */
    _isWithin(sign, box) {
      return !sign.rings || cornersOf(box).every((pixel) => {
        const at = toMetres(this.view, pixel);
        return inside(sign.rings, at[0], at[1]);
      });
    }

    /** Ways to write a sign: with the door's number, without it, and the number alone. */
    _ways(sign) {
      const letters = sign.rank <= DEPARTMENT ? this.bold : this.plain;
      const broken = letters.broken(sign.text);
      const ways = broken.map((way) => wayOf(letters, way.lines, way.width));
      if (!sign.number || this.zoom < NUMBERS_FROM) return ways;
      const number = letters.broken(sign.number)[0];
      return broken.map((way) => wayOf(
        letters, way.lines.concat(number.lines), Math.max(way.width, number.width)))
        .concat(ways, wayOf(letters, number.lines, number.width));
    }

    /** Takes a sign's icon and words, some of which may be missing. */
    _show(sign, icon, words, way) {
      if (icon) this.taken.add(icon);
      if (words) this.taken.add(words);
      this.shown.push({
        sign: sign, icon: icon, plate: words, lines: way ? way.lines : [],
        letters: way ? way.letters : null,
        // Only over walls and lines do letters need an edge.
        over: words && (!sign.rings || !this._isWithin(sign, words) || !this.ghost.isFree(words)),
      });
    }
  }

  const STRIDE_PX = 8;

  function wayOf(letters, lines, width) {
    return {
      letters: letters,
      lines: lines,
      width: width + 2 * GAP_PX,
      height: lines.length * LEADING_EM * letters.size_px + GAP_PX,
    };
  }

  // ----------------------------------------------------------------- drawing

  /** Draws a scene through a view. Afterwards `hit` knows what was shown. */
  function draw(ctx, scene, view, theme) {
    const paints = theme.paints;
    const by = lens(view);
    ctx.save();
    ctx.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
    ctx.fillStyle = paints.page;
    ctx.fillRect(0, 0, view.width, view.height);
    // Round corners of hundreds of rooms are not seen, but take time.
    ctx.lineJoin = 'bevel';
    drawFloors(ctx, scene, view, theme, by);
    ctx.lineJoin = 'round';
    ctx.lineCap = 'round';
    drawPaths(ctx, scene, view, theme, by);
    drawDoors(ctx, scene, view, theme, by);
    Object.keys(LINES).forEach(function (name) {
      scene.lines[name].forEach((points) => drawLine(ctx, points.map((at) => through(by, at)),
        LINES[name], view, theme));
    });
    scene.drawn = new Layout(ctx, scene, view, theme).run();
    scene.drawn.filter((one) => one.sign).forEach((one) => drawSign(ctx, one, theme, scene.icons));
    scene.drawn.filter((one) => one.marker).reverse()
      .forEach((one) => drawMarker(ctx, one, view, theme, scene.icons));
    ctx.restore();
  }

  /** What of the ground a view shows, in metres. */
  function seenBounds(view) {
    return boundsOf(cornersOf([0, 0, view.width, view.height])
      .map((pixel) => toMetres(view, pixel)));
  }

  /** Rooms in one path: canvases get slower by the room in longer ones. Measured in Chromium. */
  const AT_ONCE = 32;

  function drawFloors(ctx, scene, view, theme, by) {
    const seen = seenBounds(view);
    const goals = new Set(scene.goalSpaces);
    const layers = {};
    FLOORS.forEach(function (name) { layers[name] = []; });
    scene.ground.spaces.forEach(function (space) {
      const paint = goals.has(space.space) ? 'goalRoom' : space.paint;
      if (touch(space.box, seen)) layers[paint].push(space);
    });
    ctx.strokeStyle = theme.paints.wall;
    ctx.lineWidth = Math.min(theme.wall_px, 0.2 * view.scale * theme.wall_px);
    FLOORS.forEach(function (name) {
      ctx.fillStyle = theme.paints[name];
      for (let i = 0; i < layers[name].length; i += AT_ONCE) {
        ctx.beginPath();
        layers[name].slice(i, i + AT_ONCE).forEach(
          (space) => space.rings.forEach((ring) => trace(ctx, by, ring, true)));
        ctx.fill();
        ctx.stroke();
      }
    });
  }

  /** Adds a line in metres to the path. */
  function trace(ctx, by, points, closed) {
    for (let i = 0; i < points.length; i++) {
      const x = by.a * points[i][0] + by.b * points[i][1] + by.e;
      const y = by.b * points[i][0] - by.a * points[i][1] + by.f;
      if (i) ctx.lineTo(x, y);
      else ctx.moveTo(x, y);
    }
    if (closed) ctx.closePath();
  }

  /** Width of a drawn path where none is known, in metres. A guess. */
  const PATH_M = 1.6;

  function drawPaths(ctx, scene, view, theme, by) {
    const wide = Math.max(PATH_M * view.scale, 4 * theme.wall_px);
    const seen = seenBounds(view);
    const paths = scene.ground.paths.filter((path) => touch(boundsOf(path.line), [
      seen[0] - PATH_M, seen[1] - PATH_M, seen[2] + PATH_M, seen[3] + PATH_M]));
    [['wall', wide + 2 * theme.wall_px], ['path', wide]].forEach(function (layer) {
      ctx.beginPath();
      paths.forEach((path) => trace(ctx, by, path.line, false));
      ctx.strokeStyle = theme.paints[layer[0]];
      ctx.lineWidth = layer[1];
      ctx.stroke();
    });
  }

  function drawDoors(ctx, scene, view, theme, by) {
    if (view.scale < DOORS_FROM) return;
    const seen = seenBounds(view);
    ctx.lineCap = 'butt';
    [false, true].forEach(function (entrance) {
      ctx.beginPath();
      scene.ground.doors.forEach(function (door) {
        if (door.entrance === entrance && contains(seen, door.line[0])) {
          trace(ctx, by, door.line, false);
        }
      });
      ctx.strokeStyle = entrance ? theme.paints.way : theme.paints.door;
      ctx.lineWidth = (entrance ? 3 : 2) * theme.wall_px;
      ctx.stroke();
    });
    ctx.lineCap = 'round';
  }

  /** A line of the route in pixels, with heads of arrows that say which way. */
  function drawLine(ctx, points, look, view, theme) {
    const wide = look.wide * theme.route_px;
    ctx.beginPath();
    points.forEach((at, i) => (i ? ctx.lineTo(at[0], at[1]) : ctx.moveTo(at[0], at[1])));
    if (look.edge) {
      ctx.strokeStyle = theme.paints.routeEdge;
      ctx.lineWidth = wide + look.edge * theme.route_px;
      ctx.stroke();
    }
    ctx.setLineDash(look.dashes.map((part) => part * theme.route_px));
    ctx.strokeStyle = theme.paints[look.paint];
    ctx.lineWidth = wide;
    ctx.stroke();
    ctx.setLineDash([]);
    if (look.arrows) drawArrows(ctx, points, wide, view, theme);
  }

  function drawArrows(ctx, points, wide, view, theme) {
    const size = 0.3 * wide;
    ctx.beginPath();
    along(points, 4 * wide, 1.5 * wide).forEach(function (spot) {
      const x = spot[0];
      const y = spot[1];
      const dx = spot[2] * size;
      const dy = spot[3] * size;
      if (!contains([0, 0, view.width, view.height], [x, y])) return;
      ctx.moveTo(x - dx - dy, y - dy + dx);
      ctx.lineTo(x + dx, y + dy);
      ctx.lineTo(x - dx + dy, y - dy - dx);
    });
    ctx.strokeStyle = theme.paints.routeArrow;
    ctx.lineWidth = 0.22 * wide;
    ctx.stroke();
  }

  /** [x, y, dx, dy] along a line, evenly on each piece and clear of its ends. */
  function along(points, every, clear) {
    const found = [];
    for (let i = 1; i < points.length; i++) {
      const a = points[i - 1];
      const b = points[i];
      const length = away(a, b);
      const count = Math.floor((length - 2 * clear) / every) + 1;
      for (let k = 0; length > 2 * clear && k < count; k++) {
        const part = (k + 0.5) / count * (1 - 2 * clear / length) + clear / length;
        found.push([
          a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part,
          (b[0] - a[0]) / length, (b[1] - a[1]) / length,
        ]);
      }
    }
    return found;
  }

  /** Lines of text in the middle of a box. */
  function drawText(ctx, one, box, paint, halo) {
    const em = one.letters.size_px;
    const x = (box[0] + box[2]) / 2;
    const top = (box[1] + box[3]) / 2 - (one.lines.length - 1) * LEADING_EM * em / 2;
    ctx.font = one.letters.font;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'alphabetic';
    one.lines.forEach(function (line, i) {
      const y = top + i * LEADING_EM * em + RISE_EM * em;
      if (halo) {
        ctx.strokeStyle = halo;
        ctx.lineWidth = 0.25 * em;
        ctx.strokeText(line, x, y);
      }
      ctx.fillStyle = paint;
      ctx.fillText(line, x, y);
    });
  }

  function drawSign(ctx, one, theme, icons) {
    const sign = one.sign;
    const paints = theme.paints;
    if (one.icon) {
      drawBadge(ctx, one.icon, SQUARE.includes(sign.badge), paints[sign.badge], paints.onSign);
      drawIcon(ctx, icons[sign.icon], inset(one.icon, 0.17), paints.onSign);
    }
    if (one.plate) {
      const ink = sign.quiet ? paints.quiet : paints.ink;
      drawText(ctx, one, one.plate, ink, one.over ? paints.halo : '');
    }
  }

  function inset(box, part) {
    const by = part * (box[2] - box[0]);
    return [box[0] + by, box[1] + by, box[2] - by, box[3] - by];
  }

  /** A disc, or a square with round corners. */
  function drawBadge(ctx, box, square, paint, edge) {
    const radius = (box[2] - box[0]) / 2;
    plate(ctx, inset(box, 0.04), square ? 0.35 * radius : 0.92 * radius);
    ctx.fillStyle = paint;
    ctx.fill();
    ctx.strokeStyle = edge;
    ctx.lineWidth = 0.1 * radius;
    ctx.stroke();
  }

  /** The path of a box with round corners. */
  function plate(ctx, box, radius) {
    ctx.beginPath();
    ctx.moveTo(box[0] + radius, box[1]);
    ctx.arcTo(box[2], box[1], box[2], box[3], radius);
    ctx.arcTo(box[2], box[3], box[0], box[3], radius);
    ctx.arcTo(box[0], box[3], box[0], box[1], radius);
    ctx.arcTo(box[0], box[1], box[2], box[1], radius);
    ctx.closePath();
  }

  /** A pictogram of the bundle's `icons`, in a box; nothing where it has none of that name. */
  function drawIcon(ctx, icon, box, paint) {
    if (!icon) return;
    const side = box[2] - box[0];
    const point = (numbers, i) => [box[0] + numbers[i] * side, box[1] + numbers[i + 1] * side];
    const walk = function (numbers) {
      for (let i = 0; i < numbers.length; i += 2) {
        const at = point(numbers, i);
        if (i) ctx.lineTo(at[0], at[1]);
        else ctx.moveTo(at[0], at[1]);
      }
    };
    const round = function (numbers) {
      const at = point(numbers, 0);
      ctx.moveTo(at[0] + numbers[2] * side, at[1]);
      ctx.arc(at[0], at[1], numbers[2] * side, 0, 2 * Math.PI);
    };
    if (icon.areas || icon.dots) {
      ctx.beginPath();
      (icon.areas || []).forEach(function (area) { walk(area); ctx.closePath(); });
      (icon.dots || []).forEach(round);
      ctx.fillStyle = paint;
      ctx.fill();
    }
    if (icon.lines || icon.rings) {
      ctx.beginPath();
      (icon.lines || []).forEach(walk);
      (icon.rings || []).forEach(round);
      ctx.strokeStyle = paint;
      ctx.lineWidth = 0.11 * side;
      ctx.stroke();
    }
  }

  const MARKERS = {
    goal: drawGoal, start: drawStart, position: drawPosition, change: drawChange,
    closed: drawClosed,
  };

  function drawMarker(ctx, one, view, theme, icons) {
    MARKERS[one.marker.kind](ctx, one, theme, view, icons);
  }

  /** A pin whose tip is the goal. */
  function drawGoal(ctx, one, theme) {
    const r = 0.4 * theme.icon_px;
    const x = one.at[0];
    const y = one.at[1];
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.arc(x, y - 2.1 * r, r, Math.PI - 0.6, 0.6);
    ctx.closePath();
    ctx.fillStyle = theme.paints.goal;
    ctx.fill();
    ctx.strokeStyle = theme.paints.mark;
    ctx.lineWidth = 0.25 * r;
    ctx.stroke();
    disc(ctx, x, y - 2.1 * r, 0.4 * r, theme.paints.mark);
    if (one.plate) drawText(ctx, one, one.plate, theme.paints.ink, theme.paints.halo);
  }

  /** A ring where one begins. */
  function drawStart(ctx, one, theme) {
    const r = 0.36 * theme.icon_px;
    disc(ctx, one.at[0], one.at[1], 1.25 * r, theme.paints.mark);
    disc(ctx, one.at[0], one.at[1], r, theme.paints.route);
    disc(ctx, one.at[0], one.at[1], 0.5 * r, theme.paints.mark);
    if (one.plate) drawText(ctx, one, one.plate, theme.paints.ink, theme.paints.halo);
  }

  /** An arrowhead the way one looks, else a dot, on a disc. */
  function drawPosition(ctx, one, theme, view) {
    const r = 0.5 * theme.icon_px;
    const x = one.at[0];
    const y = one.at[1];
    disc(ctx, x, y, 1.15 * r, theme.paints.mark);
    disc(ctx, x, y, r, theme.paints.route);
    if (one.marker.heading_deg === undefined) {
      disc(ctx, x, y, 0.4 * r, theme.paints.mark);
      return;
    }
    const turn = (one.marker.heading_deg + (view.rotation || 0)) * Math.PI / 180;
    const at = (deg, far) => [
      x + far * r * Math.sin(turn + deg * Math.PI / 180),
      y - far * r * Math.cos(turn + deg * Math.PI / 180),
    ];
    ctx.beginPath();
    [at(0, 0.8), at(145, 0.75), at(180, 0.3), at(-145, 0.75)].forEach(function (p, i) {
      if (i) ctx.lineTo(p[0], p[1]);
      else ctx.moveTo(p[0], p[1]);
    });
    ctx.closePath();
    ctx.fillStyle = theme.paints.mark;
    ctx.fill();
  }

  /** The sign of the shaft, and a plate that says where to; both can be tapped. */
  function drawChange(ctx, one, theme, view, icons) {
    const marker = one.marker;
    const paints = theme.paints;
    drawBadge(ctx, one.box, true, paints.shaft, paints.onSign);
    drawIcon(ctx, icons[marker.by || marker.way], inset(one.box, 0.17), paints.onSign);
    if (!one.plate) return;
    const em = one.letters.size_px;
    const middle = (one.plate[1] + one.plate[3]) / 2;
    plate(ctx, one.plate, 0.5 * em);
    ctx.fillStyle = marker.onward ? paints.shaft : paints.mark;
    ctx.fill();
    ctx.strokeStyle = marker.onward ? paints.onSign : paints.shaft;
    ctx.lineWidth = theme.wall_px;
    ctx.stroke();
    const ink = marker.onward ? paints.onSign : paints.shaft;
    let x = one.plate[0] + one.pad;
    plateIcons(marker).forEach(function (icon) {
      drawIcon(ctx, icons[icon], boxAround(x + 0.55 * em, middle, 1.1 * em, 1.1 * em), ink);
      x += SIGN_EM * em;
    });
    drawText(ctx, one, [x, one.plate[1], one.plate[2] - one.pad, one.plate[3]], ink, '');
  }

  /** Which way one goes on; where one came from, there is nowhere to go. */
  function plateIcons(marker) {
    return [marker.by, marker.onward || !marker.by ? marker.way : ''].filter(Boolean);
  }

  function drawClosed(ctx, one, theme, view, icons) {
    drawBadge(ctx, one.box, false, theme.paints.urgent, theme.paints.onSign);
    drawIcon(ctx, icons.barred, one.box, theme.paints.onSign);
    if (one.plate) drawText(ctx, one, one.plate, theme.paints.ink, theme.paints.halo);
  }

  function disc(ctx, x, y, radius, paint) {
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    ctx.fillStyle = paint;
    ctx.fill();
  }

  // -------------------------------------------------------------------- hits

  /** What somebody touches: `{marker}`, `{place, space}`, `{space}` or null; with `at`, metres.
   * Markers first, then what was written or drawn there, the room, what is a finger away. */
  function hit(scene, view, pixel) {
    const at = toMetres(view, pixel);
    const marks = scene.drawn.filter((one) => one.marker);
    const marker = nearest(marks, pixel, FINGER_PX);
    if (marker) return hitMarker(marker.marker, at);
    const signs = scene.drawn.filter((one) => one.sign);
    const icons = signs.filter((one) => one.icon);
    const space = spaceAt(scene.ground, at);
    const isRoom = space && scene.ground.placesOf.has(space.space) &&
      !space.isOpen;
    const sign = nearest(signs, pixel, 0) || (isRoom ? null : nearest(icons, pixel, FINGER_PX));
    if (sign) return { place: sign.sign.place, space: sign.sign.space, at: at };
    const touched = space || nearestSpace(scene.ground, at, FINGER_PX / view.scale);
    if (!touched) return null;
    const place = scene.ground.placesOf.get(touched.space);
    return place ? { place: place.place, space: touched.space, at: at }
      : { space: touched.space, at: at };
  }

  /** A marker, with the place that it stands for. */
  function hitMarker(marker, at) {
    const found = { marker: marker, at: at };
    return marker.place === undefined ? found : Object.assign(found, { place: marker.place });
  }

  /** Of what was drawn, the nearest to a pixel that is no farther than `most`. */
  function nearest(drawn, pixel, most) {
    let found = null;
    let least = most;
    drawn.forEach(function (one) {
      [one.box, one.icon, one.plate].forEach(function (box) {
        const off = box ? offBox(box, pixel) : Infinity;
        if (off < least || (off === least && !found)) {
          found = one;
          least = off;
        }
      });
    });
    return found;
  }

  /** How far a point is from a box; 0 within. */
  function offBox(box, point) {
    const dx = Math.max(box[0] - point[0], 0, point[0] - box[2]);
    const dy = Math.max(box[1] - point[1], 0, point[1] - box[3]);
    return Math.sqrt(dx * dx + dy * dy);
  }

  /** The space at a point: of several the one that is painted last. */
  function spaceAt(ground, at) {
    return ground.spaces.filter((space) => contains(space.box, at) &&
      inside(space.rings, at[0], at[1]))
      .sort((one, other) => FLOORS.indexOf(other.paint) - FLOORS.indexOf(one.paint))[0] || null;
  }

  function nearestSpace(ground, at, most) {
    let found = null;
    let least = most;
    ground.spaces.forEach(function (space) {
      if (space.kind === 'closed' || offBox(space.box, at) > least) return;
      const off = -room(space.rings, at[0], at[1]);
      if (off < least) {
        found = space;
        least = off;
      }
    });
    return found;
  }

  return {
    scene: scene,
    draw: draw,
    hit: hit,
    fit: fit,
    follow: follow,
    zoomed: zoomed,
    panned: panned,
    toPixels: toPixels,
    toMetres: toMetres,
    themes: THEMES,
  };
});
