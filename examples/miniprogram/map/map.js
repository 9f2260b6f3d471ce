/* A floor on a canvas, moved by fingers and buttons. */
const navkitMap = require('../runtime/client/map.js');

const PADDING = 28;
const NEARER = 1.5;
const TAP_PX = 8;

function apart(two) {
  return Math.hypot(two[0].x - two[1].x, two[0].y - two[1].y);
}

function middle(two) {
  return [(two[0].x + two[1].x) / 2, (two[0].y + two[1].y) / 2];
}

/** The pressed one of a row of buttons, to scroll to. */
function chosen(all) {
  return all.findIndex((one) => one.chosen);
}

Component({
  data: { words: null, settings: null, map: null },

  lifetimes: {
    attached() {
      this._guide = getApp().guide;
      this._unwatch = this._guide.watch(() => this._show());
      this._drawn = '';
      this._fingers = [];
      this._pressed = null;
      this._show();
    },

    ready() {
      const query = wx.createSelectorQuery().in(this);
      query.select('#floor').fields({ node: true, size: true }).exec((found) => {
        if (!found[0] || !found[0].node) return; // Gone again already.
        this._canvas = found[0].node;
        this._size = {
          width: found[0].width, height: found[0].height, ratio: wx.getWindowInfo().pixelRatio,
        };
        this._canvas.width = Math.round(this._size.width * this._size.ratio);
        this._canvas.height = Math.round(this._size.height * this._size.ratio);
        this._show();
      });
    },

    detached() {
      this._unwatch();
    },
  },

  methods: {
    _show() {
      const view = this._guide.app.view();
      const map = view.map;
      this.setData({
        words: view.words, settings: view.settings,
        map: {
          levels: map.levels, level: chosen(map.levels),
          buildings: map.buildings, building: chosen(map.buildings),
        },
      });
      if (!this._canvas) return;
      const theme = navkitMap.themes[map.theme];
      this._theme = Object.assign({}, theme, { letter_px: theme.letter_px * view.settings.size });
      const key = JSON.stringify([
        map.level, map.step, view.settings.language, map.route && map.route.darts, map.goal,
        map.closed, map.away,
      ]);
      if (key !== this._drawn) {
        this._drawn = key;
        this._scene = this._sceneOf(map, view.settings);
        this._view = this._follow();
      }
      this._draw();
    },

    _sceneOf(map, settings) {
      const app = this._guide.app;
      return navkitMap.scene(this._guide.bundle, map.level, {
        language: settings.language, route: map.route, step: map.step || undefined,
        goal: map.goal, closed: map.closed, away: map.away,
        changeText: (change) => app.changeText(change),
      });
    },

    _whole() {
      return navkitMap.fit(this._scene.bounds, this._size, PADDING);
    },

    /** The step, else the route on this floor, else the whole floor. */
    _follow() {
      const way = [].concat.apply([], this._scene.lines.now);
      return navkitMap.follow(this._whole(), this._scene.step.length ? this._scene.step : way);
    },

    /** Once for all changes until the next frame. */
    _draw() {
      if (this._isAsked) return;
      this._isAsked = true;
      this._canvas.requestAnimationFrame(() => {
        this._isAsked = false;
        navkitMap.draw(this._canvas.getContext('2d'), this._scene, this._view, this._theme);
      });
    },

    _look(view) {
      this._view = view;
      this._draw();
    },

    _zoom(factor, pixel) {
      const at = pixel || [this._size.width / 2, this._size.height / 2];
      this._look(navkitMap.zoomed(this._view, factor, at));
    },

    nearer() {
      if (this._view) this._zoom(NEARER);
    },

    farther() {
      if (this._view) this._zoom(1 / NEARER);
    },

    whole() {
      if (this._view) this._look(this._whole());
    },

    floor(event) {
      this._guide.app.showLevel(event.currentTarget.dataset.level);
    },

    press(event) {
      this._fingers = event.touches;
      this._pressed = event.touches.length === 1 ? event.touches[0] : null;
    },

    move(event) {
      if (!this._view) return;
      const before = this._fingers;
      const after = event.touches;
      this._fingers = after;
      if (before.length !== after.length) return;
      if (this._pressed && apart([this._pressed, after[0]]) > TAP_PX) this._pressed = null;
      if (after.length === 1 && !this._pressed) {
        this._look(navkitMap.panned(
          this._view, after[0].x - before[0].x, after[0].y - before[0].y));
      }
      if (after.length === 2) {
        this._zoom(Math.max(apart(after), 1) / Math.max(apart(before), 1), middle(after));
      }
    },

    lift(event) {
      const at = this._pressed;
      this._fingers = event.touches;
      this._pressed = null;
      if (!at || !this._view) return;
      const found = navkitMap.hit(this._scene, this._view, [at.x, at.y]);
      if (found) this._guide.app.pick(found, this._scene.level);
    },
  },
});
