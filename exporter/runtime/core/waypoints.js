/* A long way told in two: see `navkit/guidance/waypoints.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./cues.js'));
  } else {
    root.navkitWaypoints = make(root.navkitCues);
  }
})(this, /**
 * @param {typeof import('./cues.js')} cues
 */ function (cues) {
  'use strict';

  const { CueKind, cue } = cues;

  /** The first waypoint from which the turn is sure: a door, the nearest to the turn first; else the
   * first crossroads. Null if there is no such thing. No side is named: nobody is to hear "left" who
   * goes straight on. */
  function waypoint(beside, ahead, isSure) {
    const nodes = between(ahead);
    const some = doors(beside, ahead, nodes).concat(crossroads(ahead, nodes));
    return some.find((one) => isSure(one.at)) || null;
  }

  /** The nodes of the route on the way to the turn, the nearest to it first: neither at its beginning
   * nor at the turn, nor where who walks straight on may have gone astray. */
  function between(ahead) {
    const { line: walked, rules: by } = ahead;
    const found = [];
    for (let i = ahead.turn.at - 1; i > ahead.since; i--) {
      const walkedCm = walked.lengthCm(ahead.since, i);
      const isBetween = walkedCm > by.soon_cm && walkedCm <= by.waypoint_far_cm &&
        ahead.turnCm - walkedCm > by.one_turn_cm;
      if (isBetween && ahead.keepsOn(i)) found.push(i);
    }
    return found;
  }

  function doors(beside, ahead, nodes) {
    const found = [];
    nodes.forEach((i) => {
      beside.placesBeside(i).forEach((place) => {
        if (ahead.passes(i, place)) {
          found.push({ at: i, cue: cue(CueKind.AT_PLACE, { place: place }) });
        }
      });
    });
    return found;
  }

  function crossroads(ahead, nodes) {
    return nodes.filter((i) => ahead.crosses(i))
      .map((i) => ({ at: i, cue: cue(CueKind.AT_CROSSROADS) }));
  }

  return { waypoint };
});
