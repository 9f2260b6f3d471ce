/* When to look for news, and how old is what a phone has: the same for a page and a mini-program.
 *
 *   const watch = navkitFollow.watch({ look, later, chance: Math.random, now: Date.now });
 *   watch.wake();  // somebody sees the screen and there is a network
 *   watch.rest();  // nobody does, or there is none
 *   const clock = navkitFollow.clock({ tick, isNeeded, later, now: Date.now }); // wakes and rests, too
 *   const age = navkitFollow.age(told, Date.now(), issued); // of what navkitTrust has told
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

  /** A closure is to reach whoever looks at the screen within a minute. */
  const EVERY_MS = 60000;
  /** By so much sooner, each time another: a thousand phones do not ask in the same second. */
  const JITTER = 0.25;
  /** After failures one asks more and more rarely, down to this. */
  const RAREST_MS = 600000;

  const MINUTE_MS = 60000;
  const HOUR_MS = 3600000;
  const DAY_MS = 24 * HOUR_MS;
  /** From what age on something is said, the oldest first. */
  const AGES = [
    { level: 'red', ms: 30 * DAY_MS },
    { level: 'amber', ms: 7 * DAY_MS },
    { level: 'changed', ms: DAY_MS },
  ];

  /** Who has heard nothing for so long while an emergency is on is told so: some looks failed. */
  const UNHEARD_MS = 5 * MINUTE_MS;
  /** Whoever has heard nothing for so long may go on: most emergencies are over by then, and one
   * that is not is seen by then. A guess. */
  const EMERGENCY_MS = 4 * HOUR_MS;

  /** How old it is that somebody said this is the newest: `level` is '', `changed`, `amber` or `red`.
   * `checked_ms` and `seen_ms` are those of navkitTrust, and `told` is null where nothing is signed. A
   * map that came otherwise and was never looked for is as old as its day, `issued`; null where there
   * is none.
   * @param {?{checked_ms: number, seen_ms: number}} told
   * @param {number} now
   * @param {string} issued
   * @returns {?import('./types').Age} */
  function age(told, now, issued) {
    const checked = (told && told.checked_ms) || Date.parse(issued);
    if (!checked) return null;
    // With a clock that was put back nobody can say: it may have changed.
    const isBack = Boolean(told) && now < told.seen_ms - HOUR_MS;
    const apart = isBack ? AGES[AGES.length - 1].ms + 1 : Math.max(0, now - checked);
    const found = AGES.find(function (one) { return apart > one.ms; });
    const level = /** @type {import('./types').Age['level']} */ (found ? found.level : '');
    return { level: level, days: Math.floor(apart / DAY_MS) };
  }

  /** The emergency that a phone knows of, null for none: `since` when by the hospital's clock, when it
   * was last confirmed (`heard_ms`), `minutes` ago (null: nobody can say), whether that is long enough
   * to be said (`isOld`) and so long that one `mayGoOn`.
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

  /** Calls `look()`, which gives a promise of whether there was an answer, again and again while
   * awake, never twice at once; who begins to watch has just looked. `later(ms, act)` gives what
   * calls it off. */
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
      /** A network has come back: what failed before may not. */
      hurry: function () {
        if (failures) due = 0;
        failures = 0;
        plan();
      },
    };
  }

  /** Calls `tick()` on waking, and whenever a minute of the clock begins while awake, as long as
   * that `isNeeded()`; who knows that this has changed plans anew. */
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
