/* A browser's motion sensors, for `navkitApp`: `motion(window)` makes `{start, stop}`.
 *
 * `start` must be called by a tap: iOS asks its user then, and never otherwise. A hidden page gets no
 * samples, so the first one after that shows the gap.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('../client/motion.js'));
  } else {
    root.navkitMotionBrowser = make(root.navkitMotion);
  }
})(this, /** @param {typeof import('../client/motion.js')} motions */ function (motions) {
  'use strict';

  /** A browser without sensors has the event, but sends none, or one without values. */
  const AWAITED_MS = 3000;
  const DEG = Math.PI / 180;

  /** Null where there is no such event.
   * @param {*} window
   */
  function motion(window) {
    const { DeviceMotionEvent: kind } = window;
    if (!kind) return null;
    let listener = null;

    function stop() {
      if (listener) window.removeEventListener('devicemotion', listener);
      listener = null;
    }

    /** Resolves to `on`, `denied` or `absent`. */
    function listen(rules, on) {
      stop();
      const felt = motions.felt(rules, on);
      return new Promise(function (resolve) {
        const mine = function (event) {
          const own = event.accelerationIncludingGravity;
          if (!own || own.x === null) return;
          const seconds = event.timeStamp / 1000;
          resolve('on');
          felt.accelerated(seconds, [own.x, own.y, own.z]);
          const turns = event.rotationRate;
          if (!turns || turns.alpha === null) return;
          felt.rotated(seconds, [turns.beta * DEG, turns.gamma * DEG, turns.alpha * DEG]);
        };
        listener = mine;
        window.addEventListener('devicemotion', mine);
        window.setTimeout(function () { resolve('absent'); }, AWAITED_MS);
      });
    }

    return {
      start: function (rules, on) {
        if (!kind.requestPermission) return listen(rules, on);
        return kind.requestPermission().then(
          (answer) => (answer === 'granted' ? listen(rules, on) : 'denied'), () => 'denied');
      },
      stop: stop,
    };
  }

  return { motion };
});
