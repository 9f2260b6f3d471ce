/* A mini-program's motion sensors, for `navkitApp`: `motion(wx)` makes `{start, stop}`.
 *
 * WeChat stops a hidden mini-program after some seconds, so the first sample after that shows the gap.
 * Its samples have no time, and its documents no unit: of acceleration that is found out.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('../client/motion.js'));
  } else {
    root.navkitMotionWx = make(root.navkitMotion);
  }
})(this, /** @param {typeof import('../client/motion.js')} motions */ function (motions) {
  'use strict';

  /** A phone without sensors may say nothing at all. */
  const AWAITED_MS = 3000;
  /** What is documented as about 20 ms; some phones give it whatever is asked for. */
  const INTERVAL = 'game';
  /** Standard gravity, m/s². Source: CGPM 1901. */
  const G_MPS2 = 9.80665;
  /** At rest 1 if it is in g, 9.8 if it is in m/s²: no hand shakes a phone across this. */
  const MOST_IN_G = 4;
  const DENIED = /deny|denied|privacy|permission/i;

  /** Null where there is no such sensor.
   * @param {*} wx
   * @param {{now: function(): number, later: function(function(): void, number): *}} [given] a clock
   *   in milliseconds, and a timer
   */
  function motion(wx, given) {
    if (!wx.startAccelerometer || !wx.onAccelerometerChange) return null;
    const clock = given || { now: Date.now, later: setTimeout };
    const seconds = () => clock.now() / 1000;
    let over = null;

    function stop() {
      if (over) over();
      over = null;
    }

    /** Begins one sensor; `refused` gets WeChat's message. Returns what ends it. */
    function sense(name, take, refused) {
      if (!wx['start' + name]) return function () {};
      wx['on' + name + 'Change'](take);
      wx['start' + name]({
        interval: INTERVAL, fail: (told) => refused(String(told && told.errMsg)),
      });
      return function () {
        wx['off' + name + 'Change'](take);
        wx['stop' + name]({});
      };
    }

    /** Resolves to `on`, `denied` or `absent`. */
    function start(rules, on) {
      stop();
      const felt = motions.felt(rules, on);
      let scale = 0;
      return new Promise(function (resolve) {
        const ends = [
          sense('Accelerometer', function (v) {
            const all = [v.x, v.y, v.z];
            if (!scale) scale = Math.hypot(...all) < MOST_IN_G ? G_MPS2 : 1;
            resolve('on');
            felt.accelerated(seconds(), all.map((one) => one * scale));
          }, (message) => resolve(DENIED.test(message) ? 'denied' : 'absent')),
          // Without it steps are counted all the same.
          sense('Gyroscope', (v) => felt.rotated(seconds(), [v.x, v.y, v.z]), function () {}),
        ];
        over = () => ends.forEach((end) => end());
        clock.later(() => resolve('absent'), AWAITED_MS);
      });
    }

    return { start: start, stop: stop };
  }

  return { motion };
});
