/* The outlook of a walker: the part of a level that shows what matters at a move, turned as they
 * look, and clear of what covers the screen. Values in, values out; no canvas. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./geometry.js'), require('./lens.js'));
  } else {
    root.navkitMapOutlook = make(root.navkitMapGeometry, root.navkitMapLens);
  }
})(this, /**
 * @param {typeof import('./geometry.js')} mapGeometry
 * @param {typeof import('./lens.js')} mapLens
 */ function (mapGeometry, mapLens) {
  'use strict';

  const { touch } = mapGeometry;
  const { toPixels, toMetres } = mapLens;

  /** Closest view, in pixels per metre: a corridor of 3 m is then as wide as a finger. */
  const CLOSEST = 16;

  /** Where on the free part somebody stands if there is room for it, from its top. A guess: most of
   * what matters is ahead. */
  const STAND = 0.72;

  /** Free parts that are smaller than this are no map to read, in pixels. */
  const LEAST_PX = 60;

  /** The largest boxes of a screen that touch none of some covered ones: [left, top, right, bottom]
   * in pixels, as the covered ones are. */
  function freeOf(size, covered) {
    const edges = (own, k) => Array.from(new Set([own].concat(covered.map((box) => box[k]))));
    const found = [];
    edges(0, 2).forEach(function (left) {
      edges(size.width, 0).forEach(function (right) {
        if (right - left < LEAST_PX) return;
        edges(0, 3).forEach(function (top) {
          edges(size.height, 1).forEach(function (bottom) {
            const box = [left, top, right, bottom];
            const isClear = bottom - top >= LEAST_PX && left >= 0 && top >= 0 &&
              right <= size.width && bottom <= size.height &&
              !covered.some((other) => touch(box, other));
            if (isClear) found.push(box);
          });
        });
      });
    });
    return found.length ? found : [[0, 0, size.width, size.height]];
  }

  /** The largest scale at which points with room around them fit a length, and the room that the
   * outermost take. `at` are metres, `before` and `after` pixels. */
  function scaleOf(points, length) {
    let scale = CLOSEST;
    points.forEach(function (one) {
      points.forEach(function (other) {
        const apart = one.at - other.at;
        if (apart <= 0) return;
        const left = Math.max(length - one.after - other.before, 1);
        scale = Math.min(scale, left / apart);
      });
    });
    return scale;
  }

  /** Where the origin of metres comes to lie so that all points are between two edges, and one is as
   * near as can be to where it is wanted. */
  function shiftOf(points, scale, from, to, own, wanted) {
    const least = Math.max(...points.map((one) => from + one.before - scale * one.at));
    const most = Math.min(...points.map((one) => to - one.after - scale * one.at));
    return least > most ? (least + most) / 2
      : Math.min(Math.max(wanted - scale * own, least), most);
  }

  /** At most this share of a length is room around marks; on a small screen their words go closer. */
  const MOST_ROOM = 0.6;

  /** Points along one axis: `at`, and the pixels that their marks take `before` and `after` it. */
  function axisOf(points, turned, k, length) {
    const most = Math.max(...points.map((one) => one.room[k])) +
      Math.max(...points.map((one) => one.room[k + 2]));
    const part = Math.min(1, MOST_ROOM * length / most);
    return points.map((one) => ({
      at: toPixels(turned, one.at)[k], before: part * one.room[k], after: part * one.room[k + 2],
    }));
  }

  /** The view in which all points are inside a free box, as large as possible: `points` are
   * `{at, room}`, metres and the pixels [left, top, right, bottom] that their marks take around
   * them; the first is where somebody stands. */
  function fitted(points, turned, box) {
    const axes = [0, 1].map((k) => axisOf(points, turned, k, box[k + 2] - box[k]));
    const scale = Math.min(
      scaleOf(axes[0], box[2] - box[0]), scaleOf(axes[1], box[3] - box[1]));
    const wanted = [(box[0] + box[2]) / 2, box[1] + STAND * (box[3] - box[1])];
    const shift = [0, 1].map((k) => shiftOf(
      axes[k], scale, box[k], box[k + 2], axes[k][0].at, wanted[k]));
    return { scale: scale, shift: shift, free: box };
  }

  /** The view of points on a screen that is partly covered. `size` is `{width, height, ratio}`,
   * `covered` are boxes in pixels, `up_deg` is the compass direction that is up. Of several free
   * parts it takes the one in which they are shown largest. */
  function outlook(points, size, covered, up_deg) {
    const rotation = -up_deg;
    const turned = { width: 0, height: 0, x: 0, y: 0, scale: 1, rotation: rotation };
    const area = (box) => (box[2] - box[0]) * (box[3] - box[1]);
    const best = freeOf(size, covered).map((box) => fitted(points, turned, box))
      .sort((one, other) => other.scale - one.scale || area(other.free) - area(one.free))[0];
    const middle = toMetres(turned, [
      (size.width / 2 - best.shift[0]) / best.scale, (size.height / 2 - best.shift[1]) / best.scale,
    ]);
    const [left, top, right, bottom] = best.free;
    return Object.assign({ ratio: 1 }, size, {
      x: middle[0], y: middle[1], scale: best.scale, rotation: rotation, free: best.free,
      padding: { left: left, top: top, right: size.width - right, bottom: size.height - bottom },
    });
  }

  /** How much room a marker takes around its point, with its words where they may come to lie. */
  function roomOf(marker, theme) {
    const half = theme.icon_px / 2;
    const words = marker.text ? WORDS_EM * theme.letter_px : 0;
    if (marker.kind === 'goal') return [half, 2.6 * half + words, half, half + words];
    return [1.3 * half, 1.3 * half + words, 1.3 * half, 1.3 * half + words];
  }

  /** Two lines of words on their plate. */
  const WORDS_EM = 3.4;

  /** Room for the arrow of a turn, and beside a line, in widths of the route. */
  const ARROW = 7;
  const LINE = 1.5;

  /** What must be seen at a move of a scene: where somebody is first, or may be; the way, the turn,
   * what the words name, the goal, and the door to another floor if that comes next. */
  function pointsOf(scene, theme) {
    const { ahead } = scene;
    const around = (wide) => [1, 1, 1, 1].map((one) => one * wide * theme.route_px);
    const marks = scene.markers.filter((marker) => marker.kind === 'position' ||
      (marker.kind === 'goal' && marker.level === scene.level) ||
      (marker.kind === 'landmark' && !marker.isBeyond) ||
      (marker.kind === 'change' && marker.onward && ahead.rides && isNearest(scene, marker)));
    const spread = [].concat(...scene.lines.band).map((at) => ({ at: at, room: around(LINE) }));
    const first = spread.length ? spread : [{ at: ahead.position.at, room: around(LINE) }];
    return first.concat(
      marks.map((marker) => ({ at: marker.at, room: roomOf(marker, theme) })),
      { at: ahead.at, room: around(ARROW) },
      ahead.way.map((at) => ({ at: at, room: around(LINE) })));
  }

  /** Whether the route changes floor there first. */
  function isNearest(scene, marker) {
    return scene.markers.find((one) => one.kind === 'change' && one.onward &&
      one.node >= scene.ahead.last) === marker;
  }

  /** The view of a scene with a move, on a screen that is partly covered; heading up unless north
   * is wanted. */
  function stand(scene, theme, size, covered, isNorthUp) {
    const up_deg = isNorthUp ? 0 : scene.ahead.heading_deg;
    return Object.assign(outlook(pointsOf(scene, theme), size, covered, up_deg), {
      bounds: scene.bounds,
    });
  }

  /** The view a share of the way from one to another, turned the shorter way. */
  function between(from, to, share) {
    if (share >= 1) return to;
    const part = share * share * (3 - 2 * share);
    const mix = (one, other) => one + (other - one) * part;
    let turn = ((to.rotation - from.rotation) % 360 + 540) % 360 - 180;
    if (turn === -180) turn = 180;
    return Object.assign({}, to, {
      x: mix(from.x, to.x), y: mix(from.y, to.y),
      scale: from.scale * Math.pow(to.scale / from.scale, part),
      rotation: from.rotation + turn * part,
    });
  }

  return { freeOf, outlook, stand, between };
});
