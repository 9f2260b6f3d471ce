/* The map on the page: a canvas with its tools, moved by fingers, a mouse, buttons and keys. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('../../runtime/client/map.js'), require('../../runtime/platform/svg.js')
    );
  } else {
    root.navkitMapView = make(root.navkitMap, root.navkitSvg);
  }
})(this, function (navkitMap, navkitSvg) {
  'use strict';

  const PADDING = 28;
  const NEARER = 1.5;
  const TAP_PX = 8;
  const MOVE_PX = 60;
  const FIRST = 'navkit map';
  const PAPER = { width: 680, height: 480, ratio: 1 };

  /** Puts a map into a box; `make` has what the page makes elements by. */
  function mapView(box, make) {
    const canvas = make.h('canvas', { tabindex: '0', role: 'img' });
    const above = make.h('div', { class: 'tools' });
    const below = make.h('div', { class: 'tools below' });
    box.replaceChildren(above, canvas, below);
    const context = canvas.getContext('2d');

    let app = null;
    let bundle = null;
    let scene = null;
    let view = null;
    let theme = null;
    let drawn = '';
    let asked = false;
    const fingers = new Map();
    let pressed = null;

    function sceneOf(level, shown, settings) {
      return navkitMap.scene(bundle, level, {
        language: settings.language, route: shown.route, step: shown.step || undefined,
        goal: shown.goal, closed: shown.closed,
        changeText: function (change) { return app.changeText(change); },
      });
    }

    function size() {
      return {
        width: canvas.clientWidth, height: canvas.clientHeight,
        ratio: Math.min(window.devicePixelRatio || 1, 3),
      };
    }

    /** Once for all changes until the next picture of the screen. */
    function redraw() {
      if (asked) return;
      asked = true;
      requestAnimationFrame(function () {
        asked = false;
        const now = size();
        if (!scene || !now.width || !now.height) return;
        const width = Math.round(now.width * now.ratio);
        const height = Math.round(now.height * now.ratio);
        if (canvas.width !== width || canvas.height !== height) {
          canvas.width = width;
          canvas.height = height;
        }
        if (!view || view.width !== now.width || view.height !== now.height) show();
        navkitMap.draw(context, scene, view, theme);
        if (!performance.getEntriesByName(FIRST).length) performance.mark(FIRST);
      });
    }

    /** The step, else the whole floor. */
    function show() {
      const whole = navkitMap.fit(scene.bounds, size(), PADDING);
      const way = [].concat(...scene.lines.now);
      const onward = [].concat(...scene.lines.next).slice(0, 1);
      const points = [scene.step, way, onward].find((some) => some.length) || [];
      view = navkitMap.follow(whole, points);
    }

    function whole() {
      view = navkitMap.fit(scene.bounds, size(), PADDING);
      redraw();
    }

    function zoom(factor, pixel) {
      view = navkitMap.zoomed(view, factor, pixel || [view.width / 2, view.height / 2]);
      redraw();
    }

    function pan(dx, dy) {
      view = navkitMap.panned(view, dx, dy);
      redraw();
    }

    // --------------------------------------------------------------- touching

    function pixelOf(event) {
      const frame = canvas.getBoundingClientRect();
      return [event.clientX - frame.left, event.clientY - frame.top];
    }

    function tapped(pixel) {
      const found = navkitMap.hit(scene, view, pixel);
      if (found) app.pick(found, scene.level);
    }

    canvas.addEventListener('pointerdown', function (event) {
      canvas.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, pixelOf(event));
      pressed = fingers.size === 1 ? pixelOf(event) : null;
    });
    canvas.addEventListener('pointermove', function (event) {
      if (!fingers.has(event.pointerId)) return;
      const before = Array.from(fingers.values());
      const was = fingers.get(event.pointerId);
      const is = pixelOf(event);
      fingers.set(event.pointerId, is);
      if (pressed && Math.hypot(is[0] - pressed[0], is[1] - pressed[1]) > TAP_PX) pressed = null;
      if (fingers.size === 1 && !pressed) pan(is[0] - was[0], is[1] - was[1]);
      if (fingers.size === 2) {
        const after = Array.from(fingers.values());
        const apart = (two) => Math.hypot(two[0][0] - two[1][0], two[0][1] - two[1][1]);
        const middle = [(after[0][0] + after[1][0]) / 2, (after[0][1] + after[1][1]) / 2];
        zoom(Math.max(apart(after), 1) / Math.max(apart(before), 1), middle);
      }
    });
    ['pointerup', 'pointercancel'].forEach(function (name) {
      canvas.addEventListener(name, function (event) {
        const at = pressed;
        fingers.delete(event.pointerId);
        pressed = null;
        if (at && name === 'pointerup') tapped(at);
      });
    });
    canvas.addEventListener('wheel', function (event) {
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / 400), pixelOf(event));
    }, { passive: false });
    const KEYS = {
      '+': () => zoom(NEARER), '=': () => zoom(NEARER), '-': () => zoom(1 / NEARER), 0: whole,
      ArrowLeft: () => pan(MOVE_PX, 0), ArrowRight: () => pan(-MOVE_PX, 0),
      ArrowUp: () => pan(0, MOVE_PX), ArrowDown: () => pan(0, -MOVE_PX),
    };
    canvas.addEventListener('keydown', function (event) {
      if (!KEYS[event.key]) return;
      event.preventDefault();
      KEYS[event.key]();
    });
    new ResizeObserver(redraw).observe(canvas);

    // ---------------------------------------------------------------- drawing

    function draw(of, opened, shown) {
      app = of;
      bundle = opened;
      const map = shown.map;
      const words = shown.words.map;
      const settings = shown.settings;
      const key = JSON.stringify([
        map.level, map.step, settings.language, map.route && map.route.darts, map.goal,
        map.closed,
      ]);
      theme = navkitMap.themes[map.theme];
      box.setAttribute('aria-label', words.label);
      canvas.setAttribute('aria-label', words.label + ' · ' + app.levelName(map.level));
      const isOther = !scene || scene.level !== map.level;
      if (key !== drawn) {
        drawn = key;
        scene = sceneOf(map.level, map, settings);
        view = null;
      }
      redraw();
      const level = (one) => app.showLevel(one.level);
      const focused = document.activeElement && box.contains(document.activeElement)
        ? document.activeElement.textContent : null;
      above.replaceChildren(
        map.buildings.length > 1 ? make.choices(map.buildings, level, words.building) : '',
        make.choices(map.levels, level, words.floor));
      below.replaceChildren(
        make.button('+', function () { zoom(NEARER); }, { 'aria-label': words.in }),
        make.button('−', function () { zoom(1 / NEARER); }, { 'aria-label': words.out }),
        make.button(words.whole, whole));
      if (isOther) above.querySelectorAll('[aria-pressed="true"]').forEach(intoView);
      const again = focused && Array.from(box.querySelectorAll('button'))
        .find((one) => one.textContent === focused);
      if (again) again.focus();
    }

    /** Scrolls the row of tools, and nothing else, until a button is in its middle. */
    function intoView(chosen) {
      const row = above.getBoundingClientRect();
      const own = chosen.getBoundingClientRect();
      above.scrollLeft += own.left + own.width / 2 - row.left - row.width / 2;
    }

    /** Pictures for paper, of the floors of `levels` that the route walks: URLs by level. */
    function pictures(of, opened, levels) {
      app = of;
      bundle = opened;
      const shown = app.view();
      const urls = {};
      levels.forEach(function (level) {
        const walked = sceneOf(level, shown.map, shown.settings);
        if (!walked.lines.now.length) return;
        const sheet = navkitSvg.context(PAPER.width, PAPER.height, function (text, font) {
          context.font = font;
          return context.measureText(text).width;
        });
        const points = [].concat(...walked.lines.now);
        const near = navkitMap.follow(navkitMap.fit(walked.bounds, PAPER, PADDING), points);
        navkitMap.draw(sheet, walked, near, navkitMap.themes.strong);
        urls[level] = 'data:image/svg+xml,' + encodeURIComponent(sheet.svg());
      });
      return urls;
    }

    return { draw: draw, pictures: pictures };
  }

  return mapView;
});
