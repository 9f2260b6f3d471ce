/* The view: which part of a level is on the screen, its scale and rotation, as plain data. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./geometry.js'));
  } else {
    root.navkitMapLens = make(root.navkitMapGeometry);
  }
})(this, /** @param {typeof import('./geometry.js')} mapGeometry */ function (mapGeometry) {
  'use strict';

  const { boundsOf, cornersOf } = mapGeometry;

  /** The size of a finger, in pixels. */
  const FINGER_PX = 22;

  /** Closest view, in pixels per metre, and the closest that `follow` chooses. */
  const CLOSEST = 80;

  const CLOSE = 14;

  /** How much smaller than the screen a building may become. */
  const SMALLEST = 0.6;

  /** Metres that are shown around a short step. */
  const AROUND_M = 9;

  /** The mapping from metres to pixels: x' = a x + b y + e, y' = b x - a y + f. */
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

  /** The view moved so that `bounds` stay under the middle of the area inside the padding, and
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

  /** The least scale of a view: the whole building, and some space around it. */
  function farthest(view) {
    const size = sizeOf(cornersOf(view.bounds), view.rotation);
    return Math.min(CLOSEST, SMALLEST * Math.min(view.width / size[0], view.height / size[1]));
  }

  /** Width and height in metres of the extent of points on a turned screen. */
  function sizeOf(points, rotation) {
    const turned = lens({ width: 0, height: 0, x: 0, y: 0, scale: 1, rotation: rotation });
    const box = boundsOf(points.map(function (point) { return through(turned, point); }));
    return [Math.max(box[2] - box[0], 0.01), Math.max(box[3] - box[1], 0.01)];
  }

  /** The area inside the padding of a view: width, height and middle in pixels. The padding is one
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

  /** The view that shows points in the middle of that area, as large as possible. */
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

  /** A view of all of `bounds`. `size` has `width`, `height` and, optionally, `ratio` and
   * `rotation`; `padding` is a number of pixels or `{left, top, right, bottom}`. The view is
   * limited to these bounds. */
  function fit(bounds, size, padding) {
    const view = Object.assign({ ratio: 1, rotation: 0 }, size, {
      bounds: bounds, padding: padding,
    });
    return showing(view, cornersOf(bounds), 1, CLOSEST);
  }

  /** A view of a step: near enough to read, far enough to see the surroundings. */
  function follow(view, points) {
    return points.length ? showing(view, points, 2 * AROUND_M, CLOSE) : view;
  }

  /** The view nearer by a factor; the point under `pixel` stays there. */
  function zoomed(view, factor, pixel) {
    const at = toMetres(view, pixel);
    return placed(limited(Object.assign({}, view, { scale: view.scale * factor })), at, pixel);
  }

  /** The view after a finger has moved by pixels. */
  function panned(view, dx, dy) {
    return placed(view, [view.x, view.y], [view.width / 2 + dx, view.height / 2 + dy]);
  }

  return { FINGER_PX, lens, toPixels, through, toMetres, fit, follow, zoomed, panned };
});
