/* navkit's map: one level of a bundle, with the route on it, on a canvas.
 *
 * What the map looks like, where things go on it and how it is drawn are files of `map/`; this one
 * joins them and finds what was touched. ES2017; no DOM, wx, clock: the client provides a 2D context,
 * sizes and touches. On the ground metres, y up; on the screen CSS pixels, y down.
 *
 *   var scene = navkitMap.scene(bundle, 1, {language: 'en', route, step: told.instructions[0]});
 *   var view = navkitMap.fit(scene.bounds, {width: 375, height: 667, ratio: 2}, 24);
 *   navkitMap.draw(ctx, scene, view, navkitMap.themes.normal);
 *   view = navkitMap.follow(view, scene.step)        // or zoomed, panned
 *   navkitMap.hit(scene, view, [x, y])               // {marker}, {place, space} or null
 *
 * The floors of a venue above each other are `navkitMap.stack`: `stack`, `placed`, `draw`, `levelAt`.
 *
 * docs/runtime.md has the details.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./map/look.js'), require('./map/geometry.js'), require('./map/lens.js'),
      require('./map/outlook.js'), require('./map/scene.js'), require('./map/draw.js'),
      require('./map/stack.js'), require('./map/stack-draw.js')
    );
  } else {
    root.navkitMap = make(
      root.navkitMapLook, root.navkitMapGeometry, root.navkitMapLens, root.navkitMapOutlook,
      root.navkitMapScene, root.navkitMapDraw, root.navkitMapStack, root.navkitMapStackDraw
    );
  }
})(this, /**
 * @param {typeof import('./map/look.js')} mapLook
 * @param {typeof import('./map/geometry.js')} mapGeometry
 * @param {typeof import('./map/lens.js')} mapLens
 * @param {typeof import('./map/outlook.js')} mapOutlook
 * @param {typeof import('./map/scene.js')} mapScene
 * @param {typeof import('./map/draw.js')} mapDraw
 * @param {typeof import('./map/stack.js')} mapStack
 * @param {typeof import('./map/stack-draw.js')} mapStackDraw
 */ function (
  mapLook, mapGeometry, mapLens, mapOutlook, mapScene, mapDraw, mapStack, mapStackDraw
) {
  'use strict';

  const { THEMES, FLOORS } = mapLook;
  const { contains, inside, room, offBox } = mapGeometry;
  const { FINGER_PX, toPixels, toMetres, fit, follow, zoomed, panned } = mapLens;
  const { stand, between } = mapOutlook;
  const { scene } = mapScene;
  const { draw } = mapDraw;

  /** What somebody touches: `{marker}`, `{place, space}`, `{space}` or null; with `at`, metres.
   * Markers first, then text or icons there, the room, what is a finger away. */
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

  /** The nearest drawn thing to a pixel that is no farther than `most`. */
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
    stand: stand,
    between: between,
    zoomed: zoomed,
    panned: panned,
    toPixels: toPixels,
    toMetres: toMetres,
    themes: THEMES,
    /** The floors above each other, seen at an angle. */
    stack: Object.assign({ draw: mapStackDraw.drawStack }, mapStack),
  };
});
