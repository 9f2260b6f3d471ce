/* The map on the page: a canvas with its tools, operated by fingers, a mouse, buttons and keys. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('../../runtime/client/map.js'), () => require('../../runtime/platform/svg.js')
    );
  } else {
    root.navkitMapView = make(root.navkitMap, () => root.navkitSvg);
  }
})(this, /**
 * @param {typeof import('../../runtime/client/map.js')} navkitMap
 * @param {() => typeof import('../../runtime/platform/svg.js')} navkitSvg Late, as routes are.
 */ function (navkitMap, navkitSvg) {
  'use strict';

  const PADDING = 28;
  const NEARER = 1.5;
  const TAP_PX = 8;
  const MOVE_PX = 60;
  const FIRST = 'navkit map';
  /** How long the map takes to turn to what comes next, and somebody is seen walking there. */
  const TURN_MS = 450;
  const WALK_MS = 1800;
  /** Room that the map's own buttons need, one and all of them. */
  const BUTTON_PX = 72;
  const MANY_BUTTONS_PX = 300;
  const CALM = window.matchMedia('(prefers-reduced-motion: reduce)');
  const PAPER = { width: 680, height: 480, ratio: 1 };

  const TURN_DEG = 15;
  /** Degrees, and shares of the height, by which a stack turns and tilts with a pixel. */
  const TURN_BY = 0.4;
  const TILT_BY = 0.003;

  /** The time by which browsers animate, in milliseconds. */
  function now() {
    return Number(document.timeline.currentTime);
  }

  const KEYS = {
    '+': (map) => map.zoom(NEARER), '=': (map) => map.zoom(NEARER), '-': (map) => map.zoom(1 / NEARER),
    0: (map) => map.whole(),
    ArrowLeft: (map) => map.pan(MOVE_PX, 0), ArrowRight: (map) => map.pan(-MOVE_PX, 0),
    ArrowUp: (map) => map.pan(0, MOVE_PX), ArrowDown: (map) => map.pan(0, -MOVE_PX),
  };

  /** What a canvas shows, and how large. */
  class Shown {
    constructor(canvas) {
      this._canvas = canvas;
      this._context = canvas.getContext('2d');
      this._isAsked = false;
      this.scene = null;
      this.view = null;
      this.theme = null;
      /** The floors above each other instead of the scene, how they are turned, and as they are
       * seen; null while one floor is shown. */
      this.stack = null;
      this.pose = navkitMap.stack.POSE;
      this.seen = null;
      this.nameOf = null;
      /** What covers the canvas during a walk, as boxes of its pixels; null on other screens. */
      this.covered = null;
      this.isNorthUp = false;
      /** Whether somebody has moved the map themselves. */
      this.isMoved = false;
      this.onMoved = function () {};
      this._from = null;
      this._since = 0;
      this._lasts = 0;
    }

    size() {
      return {
        width: this._canvas.clientWidth, height: this._canvas.clientHeight,
        ratio: Math.min(window.devicePixelRatio || 1, 3),
      };
    }

    /** Once for all changes until the next frame. */
    redraw() {
      if (this._isAsked) return;
      this._isAsked = true;
      requestAnimationFrame(() => {
        this._isAsked = false;
        this._draw();
      });
    }

    /** Turns to the walker's outlook, from what is shown if that is the same ground. */
    stand(isSameGround) {
      this.isMoved = false;
      const canTurn = isSameGround && this.view && this.view.free && !CALM.matches;
      this._from = canTurn ? this.view : null;
      this._since = now();
      this._lasts = CALM.matches ? 0 : (canTurn ? TURN_MS : 0) + WALK_MS;
      this.view = null;
      this.redraw();
    }

    /** How much of the way to the outlook is done, and of that along the line. */
    _shares() {
      const past = now() - this._since;
      const turning = this._from ? TURN_MS : 0;
      return {
        turn: turning ? Math.min(1, past / turning) : 1,
        walk: past < this._lasts ? Math.max(0, (past - turning) / WALK_MS) : -1,
        isOver: past >= this._lasts,
      };
    }

    _draw() {
      const canvas = this._canvas;
      const size = this.size();
      if (!(this.scene || this.stack) || !size.width || !size.height) return;
      const width = Math.round(size.width * size.ratio);
      const height = Math.round(size.height * size.ratio);
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
      }
      if (this.stack) this._drawStack(size);
      else this._drawScene(size);
      if (!performance.getEntriesByName(FIRST).length) performance.mark(FIRST);
    }

    _drawScene(size) {
      if (!this.view || this.view.width !== size.width || this.view.height !== size.height) this._show();
      const shares = this._shares();
      const shown = this._from ? navkitMap.between(this._from, this.view, shares.turn) : this.view;
      navkitMap.draw(this._context, this.scene, shown, this.theme, {
        walked: shares.walk, isTurning: shares.turn < 1,
      });
      if (shares.turn >= 1) this._from = null;
      if (!shares.isOver) this.redraw();
    }

    _drawStack(size) {
      const margin = this.theme.icon_px;
      const padding = { left: margin, right: margin, top: margin, bottom: margin };
      if (this.stack.kind === 'route') padding.top *= 2; // The pin of the goal.
      this.seen = navkitMap.stack.placed(this.stack, this.pose, size, padding);
      navkitMap.stack.draw(this._context, this.stack, this.seen, this.theme, this.nameOf);
    }

    /** Turns and tilts the stack. */
    turn(deg, tilt) {
      this.pose = navkitMap.stack.turned(this.pose, deg, tilt);
      this.redraw();
    }

    /** The walker's outlook, else the step, else the whole floor. */
    _show() {
      if (this.scene.ahead && this.covered) {
        this.view = navkitMap.stand(
          this.scene, this.theme, this.size(), this.covered, this.isNorthUp);
        return;
      }
      const all = navkitMap.fit(this.scene.bounds, this.size(), PADDING);
      const way = [].concat(...this.scene.lines.now);
      const onward = [].concat(...this.scene.lines.next).slice(0, 1);
      const points = [this.scene.step, way, onward].find((some) => some.length) || [];
      this.view = navkitMap.follow(all, points);
    }

    _moveTo(view) {
      this.isMoved = true;
      this.onMoved();
      this.rest(view);
      this.redraw();
    }

    /** A view at once, null for the usual one. */
    rest(view) {
      this._from = null;
      this._lasts = 0;
      this.view = view;
    }

    whole() {
      this.pose = navkitMap.stack.POSE;
      if (this.stack) this.redraw();
      else this._moveTo(navkitMap.fit(this.scene.bounds, this.size(), PADDING));
    }

    zoom(factor, pixel) {
      const { view } = this;
      if (!this.stack) {
        this._moveTo(navkitMap.zoomed(view, factor, pixel || [view.width / 2, view.height / 2]));
      }
    }

    pan(dx, dy) {
      if (this.stack) this.turn(-dx * TURN_BY, dy * TILT_BY);
      else this._moveTo(navkitMap.panned(this.view, dx, dy));
    }

    textWidth(text, font) {
      this._context.font = font;
      return this._context.measureText(text).width;
    }
  }

  /** Moves a map by fingers, a mouse and keys; `tapped` is called with the touched point. */
  function listen(canvas, map, tapped) {
    const fingers = new Map();
    let pressed = null;
    const pixelOf = function (event) {
      const frame = canvas.getBoundingClientRect();
      return [event.clientX - frame.left, event.clientY - frame.top];
    };
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
      if (fingers.size === 1 && !pressed) map.pan(is[0] - was[0], is[1] - was[1]);
      if (fingers.size === 2) pinched(map, before, Array.from(fingers.values()));
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
      map.zoom(Math.exp(-event.deltaY / 400), pixelOf(event));
    }, { passive: false });
    canvas.addEventListener('keydown', function (event) {
      if (!KEYS[event.key]) return;
      event.preventDefault();
      KEYS[event.key](map);
    });
  }

  /** Zooms by the distance between two fingers, around their middle. */
  function pinched(map, before, after) {
    const apart = (two) => Math.hypot(two[0][0] - two[1][0], two[0][1] - two[1][1]);
    const middle = [(after[0][0] + after[1][0]) / 2, (after[0][1] + after[1][1]) / 2];
    map.zoom(Math.max(apart(after), 1) / Math.max(apart(before), 1), middle);
  }

  /** The map in a box; `make` is the page's function for creating elements. */
  class MapView {
    constructor(box, make) {
      this._box = box;
      this._make = make;
      this._canvas = make.h('canvas', { tabindex: '0', role: 'img' });
      this._above = make.h('div', { class: 'tools' });
      this._below = make.h('div', { class: 'tools below' });
      this._ask = make.h('div', { class: 'ask' });
      this._turn = make.h('div', { class: 'turn' });
      const bar = make.h('div', { class: 'bar' }, this._above, this._turn);
      box.replaceChildren(this._ask, bar, this._canvas, this._below);
      this._shown = new Shown(this._canvas);
      this._shown.onMoved = () => {
        const again = this._box.querySelector('#again');
        if (again) again.hidden = false;
      };
      this._app = null;
      this._drawn = '';
      this._band = '';
      listen(this._canvas, this._shown, (pixel) => this._tapped(pixel));
      this._watch = new ResizeObserver(() => {
        this._cover(Boolean(this._shown.covered));
        this._shown.redraw();
      });
      this._watch.observe(this._canvas);
    }

    _sceneOf(bundle, level, map, settings) {
      return navkitMap.scene(bundle, level, {
        language: settings.language, route: map.route, step: map.step || undefined,
        move: map.move || undefined,
        goal: map.goal, closed: map.closed, away: map.away, band: map.band,
        changeText: (change) => this._app.changeText(change),
      });
    }

    _tapped(pixel) {
      const { scene, view, stack, seen } = this._shown;
      if (stack) {
        const level = navkitMap.stack.levelAt(stack, seen, pixel);
        if (level >= 0) this._app.showLevel(level);
        return;
      }
      const found = navkitMap.hit(scene, view, pixel);
      if (found) this._app.pick(found, scene.level);
    }

    draw(app, bundle, view) {
      const shown = this._shown;
      const { map, settings } = view;
      const words = view.words.map;
      const ground = shown.scene && shown.scene.ground;
      this._app = app;
      const key = JSON.stringify([
        map.level, map.step, map.move, map.northUp, settings.language,
        map.route && map.route.darts, map.goal, map.closed, map.away, map.theme, map.isStacked,
      ]);
      shown.theme = navkitMap.themes[map.theme];
      shown.isNorthUp = map.northUp;
      this._box.setAttribute('aria-label', words.label);
      this._canvas.setAttribute('aria-label',
        words.label + ' · ' + (map.isStacked ? words.stack : app.levelName(map.level)));
      const isOther = !shown.scene || shown.scene.level !== map.level;
      const band = JSON.stringify(map.band);
      const isNew = key !== this._drawn;
      if (isNew || band !== this._band) {
        shown.stack = map.isStacked
          ? navkitMap.stack.stack(bundle, { route: map.route, level: map.level }) : null;
        shown.nameOf = (level) => this._stackName(bundle, level, map);
        if (!shown.stack) shown.scene = this._sceneOf(bundle, map.level, map, settings);
        this._drawn = key;
        this._band = band;
      }
      this._drawTools(map, words, { isOther: isOther });
      document.querySelectorAll('[data-over]').forEach((one) => this._watch.observe(one));
      this._cover(Boolean(map.move));
      if (isNew && map.move) shown.stand(ground === shown.scene.ground);
      else if (isNew) shown.rest(null); // A band alone moves no map.
      shown.redraw();
    }

    /** Measures what covers the map during a walk, once its own buttons are beside the rest. */
    _cover(isWalk) {
      const shown = this._shown;
      if (!isWalk) {
        shown.covered = null;
        this._below.style.bottom = '';
        this._below.classList.remove('few');
        return;
      }
      const frame = this._canvas.getBoundingClientRect();
      const boxOf = function (one) {
        const box = one.getBoundingClientRect();
        return [box.left - frame.left, box.top - frame.top, box.right - frame.left,
          box.bottom - frame.top];
      };
      const others = Array.from(document.querySelectorAll('[data-over]')).map(boxOf);
      const right = others.filter((box) => box[2] > frame.width - BUTTON_PX);
      const isLow = (box) => box[3] > frame.height - BUTTON_PX / 2;
      const top = Math.max(0, ...right.filter((box) => !isLow(box)).map((box) => box[3]));
      const low = Math.min(frame.height, ...right.filter(isLow).map((box) => box[1]));
      this._below.style.bottom = frame.height - low + 'px';
      this._below.classList.toggle('few', low - top < MANY_BUTTONS_PX);
      const buttons = Array.from(this._below.querySelectorAll('button'))
        .filter((one) => one.checkVisibility()).map(boxOf);
      const covered = others.concat(buttons);
      const isSame = JSON.stringify(covered) === JSON.stringify(shown.covered);
      shown.covered = covered;
      if (!isSame && shown.view && !shown.isMoved) shown.stand(true);
    }

    /** Back to the walker's outlook. */
    _again() {
      this._shown.stand(true);
      this._box.querySelector('#again').hidden = true;
      this._canvas.focus();
      this._cover(true);
    }

    /** What covers the map, as boxes of its pixels: what the outlook is computed with. */
    get covered() {
      return this._shown.covered;
    }

    /** The scene and the view that are shown. */
    get outlook() {
      return { scene: this._shown.scene, view: this._shown.view };
    }

    /** What a floor of the stack is called: a building's own name stands at its lowest. */
    _stackName(bundle, level, map) {
      const own = bundle.levels[level];
      const isLowest = bundle.levels.every((other) => (
        other.building !== own.building || other.ordinal >= own.ordinal));
      return map.route || isLowest ? this._app.levelName(level) : own.label;
    }

    /** The buttons over the map; none over a stack. */
    _buttons(map, words) {
      const shown = this._shown;
      const { button } = this._make;
      if (map.isStacked) return [];
      const nearer = [
        button('+', () => shown.zoom(NEARER), { 'aria-label': words.in, id: 'nearer' }),
        button('−', () => shown.zoom(1 / NEARER), { 'aria-label': words.out, id: 'farther' }),
      ];
      if (!map.move) {
        return nearer.concat(button(words.whole, () => shown.whole()),
          map.canStack ? button(words.stack, () => this._app.showStack()) : []);
      }
      return [
        button('◎', () => this._again(), {
          'aria-label': words.again, id: 'again', hidden: !shown.isMoved,
        }),
        button('N', () => this._app.set('northUp', !map.northUp),
          { 'aria-label': words.north, 'aria-pressed': String(map.northUp), id: 'north' }),
      ].concat(nearer);
    }

    /** Buttons are recreated; the one that had the focus gets it again. On a different floor than
     * before its button is scrolled into view. */
    _drawTools(map, words, change) {
      const shown = this._shown;
      const { choices, button } = this._make;
      const level = (one) => this._app.showLevel(one.level);
      const focused = document.activeElement && this._box.contains(document.activeElement)
        ? document.activeElement.textContent : null;
      this._above.hidden = Boolean(map.move);
      this._above.replaceChildren(
        map.buildings.length > 1 ? choices(map.buildings, level, words.building) : '',
        choices(map.levels, level, words.floor));
      this._turn.replaceChildren(...(map.isStacked ? [
        button('↺', () => shown.turn(-TURN_DEG, 0), { 'aria-label': words['turn-left'] }),
        button('↻', () => shown.turn(TURN_DEG, 0), { 'aria-label': words['turn-right'] }),
      ] : []));
      this._below.replaceChildren(...this._buttons(map, words));
      this._ask.hidden = !map.ask;
      this._ask.replaceChildren(...(map.ask ? [button(map.ask, () => this._app.askStart())] : []));
      if (change.isOther) {
        this._above.querySelectorAll('[aria-pressed="true"]').forEach((one) => this._intoView(one));
      }
      const again = focused && Array.from(this._box.querySelectorAll('button'))
        .find((one) => one.textContent === focused);
      if (again) again.focus();
    }

    /** Scrolls the row of tools, and nothing else, until a button is in its middle. */
    _intoView(chosen) {
      const row = this._above.getBoundingClientRect();
      const own = chosen.getBoundingClientRect();
      this._above.scrollLeft += own.left + own.width / 2 - row.left - row.width / 2;
    }

    /** Pictures for paper, of the floors of `levels` that the route uses: URLs by level. */
    pictures(app, bundle, levels) {
      this._app = app;
      const view = app.view();
      const urls = {};
      levels.forEach((level) => {
        const walked = this._sceneOf(bundle, level, view.map, view.settings);
        if (!walked.lines.now.length) return;
        const sheet = navkitSvg().context(
          PAPER.width, PAPER.height, (text, font) => this._shown.textWidth(text, font));
        const points = [].concat(...walked.lines.now);
        const near = navkitMap.follow(navkitMap.fit(walked.bounds, PAPER, PADDING), points);
        navkitMap.draw(sheet, walked, near, navkitMap.themes.strong);
        urls[level] = 'data:image/svg+xml,' + encodeURIComponent(sheet.svg());
      });
      return urls;
    }
  }

  function mapView(box, make) {
    return new MapView(box, make);
  }

  return { mapView: mapView };
});
