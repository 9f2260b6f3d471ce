/* Walks as text, to be walked again: one JSON a line, the first one says whose route it was.
 *
 *   {"trace":1,"venue":"…","start":"A101","goal":"B204","profile":"walk","seed":7}
 *   {"t":12.34,"k":"step"}   {"t":12.3,"k":"turn","v":0.52}   {"t":20,"k":"told","v":{"level":3}}
 *
 * `k` is an event of `position.js`: step, turn, fix, told, beacon, gap (`v`: since when); or a sample
 * of a sensor, a or g (`v`: x, y, z), in a trace that is `raw`; or a mark, where an observer saw the
 * walker. Nothing is written unless somebody records: staff, who test.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('../position.js'), require('./stepping.js'));
  } else {
    root.navkitPositionTrace = make(root.navkitPosition, root.navkitPositionStepping);
  }
})(this, /**
 * @param {typeof import('../position.js')} position
 * @param {typeof import('./stepping.js')} steppings
 */ function (position, steppings) {
  'use strict';

  const VERSION = 1;

  /** What each line does to a follower. */
  const DOES = {
    step: (follower, t) => follower.step(t),
    turn: (follower, t, v) => follower.turn(t, v),
    fix: (follower, t, v) => follower.fix(t, v),
    told: (follower, t, v) => follower.told(t, v),
    beacon: (follower, t, v) => follower.beacon(t, v),
    gap: (follower, t, v) => follower.gap(v, t),
  };

  /** A follower whose events are written, too: `write` gets line after line.
   * @param {Record<string, any>} head start, goal, profile, seed and what else is known of the walk
   * @param {(line: string) => void} write
   */
  function recorder(follower, head, write) {
    const put = (row) => write(JSON.stringify(row));
    const own = {};
    put(Object.assign({ trace: VERSION }, head));
    Object.keys(DOES).forEach((kind) => {
      own[kind] = (t, v) => {
        const [when, what] = kind === 'gap' ? [v, t] : [t, v];
        put(what === undefined ? { t: when, k: kind } : { t: when, k: kind, v: what });
        DOES[kind](follower, when, what);
      };
    });
    return Object.assign(own, {
      state: () => follower.state(),
      end: () => follower.end(),
      mark: (t, node) => put({ t: t, k: 'mark', node: node }),
    });
  }

  /** The rows of a trace; lines that are none are left out.
   * @param {string} text
   */
  function rowsOf(text) {
    return text.split('\n').map((line) => {
      try {
        return JSON.parse(line);
      } catch (error) {
        return null;
      }
    }).filter((row) => row && typeof row === 'object');
  }

  /** Walk a trace again: every row after the first with the state after it. Null if the first row
   * is not that of a trace, or nobody of its profile can be followed.
   * @param {import('../types').Bundle} bundle
   * @param {string} text
   */
  function replay(bundle, text) {
    const [head, ...rows] = rowsOf(text);
    if (!head || head.trace !== VERSION) return null;
    const { profile, seed } = head;
    const route = bundle.route(head.start, head.goal, { profile: profile });
    const told = bundle.tell(route, bundle.languages[0]);
    const cards = told.instructions.map((one) => one.first);
    const follower = position.begin(bundle, route, { profile: profile, seed: seed, cards: cards });
    if (!follower) return null;
    const felt = steppings.stepping(bundle.rules.position);
    return rows.map((row) => {
      if (row.k === 'a') felt.accelerated(row.t, row.v).forEach((t) => follower.step(t));
      else if (row.k === 'g') turned(follower, row.t, felt.rotated(row.t, row.v));
      else if (Object.prototype.hasOwnProperty.call(DOES, row.k)) DOES[row.k](follower, row.t, row.v);
      return { row: row, state: follower.state() };
    });
  }

  function turned(follower, t, heading) {
    if (heading !== null) follower.turn(t, heading);
  }

  return { recorder, replay };
});
