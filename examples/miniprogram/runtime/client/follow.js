/* When to check for updates, and how old a phone's data is: the same for a page and a mini-program.
 *
 *   const watch = navkitFollow.watch({ look, later, chance: Math.random, now: Date.now });
 *   watch.wake();  // the screen is visible and there is a network
 *   watch.rest();  // one of them is missing
 *   const clock = navkitFollow.clock({ tick, isNeeded, later, now: Date.now }); // wakes and rests, too
 *   const age = navkitFollow.age(told, Date.now(), issued); // of what navkitTrust returned
 *   const alarm = navkitFollow.emergency(told, Date.now());
 *
 * One file for CommonJS and for <script> (global `navkitFollow`). ES2017, no platform.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitFollow = make();
  }
})(this, function () {
  'use strict';

  /** A closure must reach a visible screen within a minute. */
  const EVERY_MS = 60000;
  /** Random reduction of the interval, so that a thousand phones do not ask in the same second. */
  const JITTER = 0.25;
  /** After failures the interval grows, up to this. */
  const RAREST_MS = 600000;

  const MINUTE_MS = 60000;
  const HOUR_MS = 3600000;
  const DAY_MS = 24 * HOUR_MS;
  /** The ages from which something is said, the oldest first. */
  const AGES = [
    { level: 'red', ms: 30 * DAY_MS },
    { level: 'amber', ms: 7 * DAY_MS },
    { level: 'changed', ms: DAY_MS },
  ];

  /** A phone that had no contact for so long during an emergency says so: some checks failed. */
  const UNHEARD_MS = 5 * MINUTE_MS;
  /** A walker whose phone had no contact for so long may continue: most emergencies are over by
   * then, and one that is not is visible by then. A guess. */
  const EMERGENCY_MS = 4 * HOUR_MS;

  /** How long ago the data was confirmed as the newest: `level` is '', `changed`, `amber` or `red`.
   * `checked_ms` and `seen_ms` are those of navkitTrust, and `told` is null if nothing is signed. A
   * map that came otherwise and was never checked is as old as its date, `issued`; null if there is
   * none.
   * @param {?{checked_ms: number, seen_ms: number}} told
   * @param {number} now
   * @param {string} issued
   * @returns {?import('./types').Age} */
  function age(told, now, issued) {
    const checked = (told && told.checked_ms) || Date.parse(issued);
    if (!checked) return null;
    // If the clock was put back the age is unknown: the data may have changed.
    const isBack = Boolean(told) && now < told.seen_ms - HOUR_MS;
    const apart = isBack ? AGES[AGES.length - 1].ms + 1 : Math.max(0, now - checked);
    const found = AGES.find(function (one) { return apart > one.ms; });
    const level = /** @type {import('./types').Age['level']} */ (found ? found.level : '');
    return { level: level, days: Math.floor(apart / DAY_MS) };
  }

  /** The emergency that a phone knows of, null for none: `since` when in the hospital's time, when
   * it was last confirmed (`heard_ms`), `minutes` ago (null: unknown), whether that is long enough
   * to be mentioned (`isOld`) and so long that the walker `mayGoOn`.
   * @returns {?import('./types').Alarm} */
  function emergency(told, now) {
    if (!told || !told.emergency) return null;
    const isBack = now < told.seen_ms - HOUR_MS; // The clock was put back.
    const apart = isBack ? EMERGENCY_MS : Math.max(0, now - told.heard_ms);
    return {
      since: told.emergency.since, heard_ms: told.heard_ms,
      minutes: isBack ? null : Math.floor(apart / MINUTE_MS),
      isOld: apart >= UNHEARD_MS, mayGoOn: apart >= EMERGENCY_MS,
    };
  }

  /** How long to wait after so many failures in a row; `chance` is from 0 to 1. */
  function pause(failures, chance) {
    const usual = Math.min(RAREST_MS, EVERY_MS * Math.pow(2, failures));
    return usual * (1 - JITTER * chance);
  }

  /** Calls `look()`, which returns a promise of whether there was an answer, again and again while
   * awake, never twice at once; the caller has just looked. `later(ms, act)` returns a function
   * that cancels it. */
  function watch(options) {
    let isAwake = false;
    let isLooking = false;
    let failures = 0;
    let due = options.now() + pause(0, options.chance());
    let cancel = null;

    function plan() {
      if (cancel) cancel();
      cancel = null;
      if (!isAwake || isLooking) return;
      cancel = options.later(Math.max(0, due - options.now()), look);
    }

    async function look() {
      cancel = null;
      isLooking = true;
      const isAnswered = await options.look().catch(function () { return false; });
      isLooking = false;
      failures = isAnswered ? 0 : failures + 1;
      due = options.now() + pause(failures, options.chance());
      plan();
    }

    return {
      wake: function () {
        if (isAwake) return;
        isAwake = true;
        plan();
      },
      rest: function () {
        isAwake = false;
        plan();
      },
      /** The network has come back: what failed before may succeed. */
      hurry: function () {
        if (failures) due = 0;
        failures = 0;
        plan();
      },
    };
  }

  /** Calls `tick()` on waking, and whenever a minute of the clock begins while awake, as long as
   * `isNeeded()` is true; a caller that knows of a change calls `plan()`. */
  function clock(options) {
    let isAwake = false;
    let cancel = null;

    function plan() {
      if (cancel) cancel();
      cancel = null;
      if (!isAwake || !options.isNeeded()) return;
      cancel = options.later(MINUTE_MS - options.now() % MINUTE_MS, next);
    }

    function next() {
      options.tick();
      plan();
    }

    return {
      wake: function () {
        if (isAwake) return;
        isAwake = true;
        next();
      },
      rest: function () {
        isAwake = false;
        plan();
      },
      plan: plan,
    };
  }

  return { age: age, emergency: emergency, pause: pause, watch: watch, clock: clock };
});
