/* Kinds of cues: see `navkit/guidance/cues.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitCues = make();
  }
})(this, function () {
  'use strict';

  /** Slots of cues that lead to another floor. */
  const FLOORS = ['level', 'connector', 'floors'];

  /** Name, key of the phrase, family, form in the family, sign, names of the slots: as in Python. */
  const ROWS = [
    ['OVERVIEW_PLACE', 'overview-place', 'overview', 'place', 'ahead', ['place', 'floor']],
    ['OVERVIEW_PLACE_HERE', 'overview-place-here', 'overview', 'place-here', 'ahead', ['place']],
    ['OVERVIEW_ANCHOR', 'overview-anchor', 'overview', 'anchor', 'ahead', ['anchor', 'floor']],
    ['OVERVIEW_ANCHOR_HERE', 'overview-anchor-here', 'overview', 'anchor-here', 'ahead', ['anchor']],
    ['OVERVIEW_MINUTE', 'overview-minute', 'overview', 'minute', 'ahead', []],
    ['OVERVIEW_MINUTES', 'overview-minutes', 'overview', 'minutes', 'ahead', ['minutes']],
    ['OVERVIEW_CROSS', 'overview-cross', 'overview', 'cross', 'ahead', ['floor']],
    ['OVERVIEW_THEN', 'overview-then', 'overview', 'then', 'ahead', []],
    ['START', 'start', 'start', '', '', ['place']],
    ['START_ANCHOR', 'start-anchor', 'start-anchor', '', '', ['anchor']],
    ['START_ENTRANCE', 'start-entrance', 'start-entrance', '', '', ['place']],
    ['FACE_AHEAD', 'face-ahead', 'face', 'ahead', 'ahead', []],
    ['FACE_LEFT', 'face-left', 'face', 'left', 'left', []],
    ['FACE_RIGHT', 'face-right', 'face', 'right', 'right', []],
    ['FACE_BACK', 'face-back', 'face', 'back', 'back', []],
    ['AGAIN_HERE', 'again-here', 'again', 'here', 'back', []],
    ['AGAIN_AHEAD', 'again-ahead', 'again', 'ahead', 'back', []],
    ['AGAIN_LEFT', 'again-left', 'again', 'left', 'back', []],
    ['AGAIN_RIGHT', 'again-right', 'again', 'right', 'back', []],
    ['AGAIN_BACK', 'again-back', 'again', 'back', 'back', []],
    ['TOWARDS', 'towards', 'towards', '', 'ahead', ['place']],
    ['TOWARDS_SHAFT', 'towards-shaft', 'towards-shaft', '', 'ahead', ['connector']],
    ['TOWARDS_ANCHOR', 'towards-anchor', 'towards-anchor', '', 'ahead', ['anchor']],
    ['LEAVE_ROOM', 'leave-room', 'leave', 'room', '', []],
    ['LEAVE_OPEN', 'leave-open', 'leave', 'open', '', []],
    ['LEAVE_LIFT', 'leave-lift', 'leave', 'lift', '', []],
    ['LEAVE_STAIRS', 'leave-stairs', 'leave', 'stairs', '', []],
    ['LEAVE_ESCALATOR', 'leave-escalator', 'leave', 'escalator', '', []],
    ['LEAVE_RAMP', 'leave-ramp', 'leave', 'ramp', '', []],
    ['STRAIGHT', 'straight', 'straight', '', 'ahead', []],
    ['THROUGH_ANY_ONE', 'through-any-one', 'through-one', 'any', 'ahead', []],
    ['THROUGH_AUTOMATIC_ONE', 'through-automatic-one', 'through-one', 'automatic', 'ahead', []],
    ['THROUGH_ANY_MORE', 'through-any-more', 'through-more', 'any', 'ahead', ['count']],
    ['THROUGH_AUTOMATIC_MORE', 'through-automatic-more', 'through-more', 'automatic', 'ahead',
      ['count']],
    ['OVER_STEPS', 'over-steps', 'over', 'steps', 'ahead', []],
    ['OVER_STEP', 'over-step', 'over', 'step', 'ahead', []],
    ['OVER_STEPS_COUNTED', 'over-steps-counted', 'over', 'counted', 'ahead', ['count']],
    ['OVER_STEPS_UP', 'over-steps-up', 'over', 'up', 'ahead', ['count']],
    ['OVER_STEPS_DOWN', 'over-steps-down', 'over', 'down', 'ahead', ['count']],
    ['OVER_RAMP', 'over-ramp', 'over', 'ramp', 'ahead', []],
    ['ON_DISTANCE', 'on-distance', 'on-distance', '', 'ahead', ['cm']],
    ['ABOUT_DISTANCE', 'about-distance', 'about-distance', '', 'ahead', ['cm']],
    ['FOR_DISTANCE', 'for-distance', 'for-distance', '', 'ahead', ['cm']],
    ['AND_PASSING', 'and-passing', 'passing', 'first', 'ahead', ['place']],
    ['THEN_PASSING', 'then-passing', 'passing', 'then', 'ahead', ['place']],
    ['GO_DISTANCE', 'go-distance', 'go-distance', '', 'ahead', ['cm']],
    ['AT_PLACE', 'at-place', 'at-place', '', 'ahead', ['place']],
    ['AT_ENTERING', 'at-entering', 'at-entering', '', 'ahead', ['place']],
    ['AT_DOOR', 'at-door', 'at-door', '', 'ahead', []],
    ['AT_SOON', 'at-soon', 'at-soon', '', 'ahead', []],
    ['AT_OPENING', 'at-opening', 'at-opening', '', 'ahead', []],
    ['AT_END', 'at-end', 'at-end', '', 'ahead', []],
    ['AT_CROSSROADS', 'at-crossroads', 'at-form', 'crossroads', 'ahead', []],
    ['AT_TEE', 'at-tee', 'at-form', 'tee', 'ahead', []],
    ['AT_NTH_WAY_LEFT', 'at-nth-way-left', 'at-nth-way', 'left', 'ahead', ['nth']],
    ['AT_NTH_WAY_RIGHT', 'at-nth-way-right', 'at-nth-way', 'right', 'ahead', ['nth']],
    ['AT_NTH_DOOR_LEFT', 'at-nth-door-left', 'at-nth-door', 'left', 'ahead', ['nth']],
    ['AT_NTH_DOOR_RIGHT', 'at-nth-door-right', 'at-nth-door', 'right', 'ahead', ['nth']],
    ['AT_BOARD', 'at-board', 'at-board', '', 'ahead', ['board']],
    ['ON_BOARD', 'on-board', 'on-board', '', 'ahead', ['board']],
    ['AT_STRIPE_BEND', 'at-stripe-bend', 'at-stripe', 'bend', 'ahead', ['stripe']],
    ['AT_STRIPE_END', 'at-stripe-end', 'at-stripe', 'end', 'ahead', ['stripe']],
    ['ALONG_STRIPE', 'along-stripe', 'along-stripe', '', 'ahead', ['stripe']],
    ['AT_DISTANCE', 'at-distance', 'at-distance', '', 'ahead', ['cm']],
    ['TURN_LEFT', 'turn-left', 'turn', 'left', 'left', []],
    ['TURN_RIGHT', 'turn-right', 'turn', 'right', 'right', []],
    ['TURN_BACK', 'turn-back', 'turn', 'back', 'back', []],
    ['KEEP_LEFT', 'keep-left', 'keep', 'left', 'left', []],
    ['KEEP_RIGHT', 'keep-right', 'keep', 'right', 'right', []],
    ['FORK_LEFT', 'fork-left', 'fork', 'left', 'left', []],
    ['FORK_RIGHT', 'fork-right', 'fork', 'right', 'right', []],
    ['KEEP_AHEAD', 'keep-ahead', 'keep', 'ahead', 'ahead', []],
    ['TOO_FAR', 'too-far', 'too-far', '', 'ahead', ['place']],
    ['FIND_LEFT', 'find-left', 'find', 'left', 'left', ['connector']],
    ['FIND_RIGHT', 'find-right', 'find', 'right', 'right', ['connector']],
    ['FIND_AHEAD', 'find-ahead', 'find', 'ahead', 'ahead', ['connector']],
    ['LIFT_UP', 'lift-up', 'lift', 'up', 'change', FLOORS],
    ['LIFT_DOWN', 'lift-down', 'lift', 'down', 'change', FLOORS],
    ['LIFT_THROUGH', 'lift-through', 'lift-through', '', 'ahead', []],
    ['ESCALATOR_UP', 'escalator-up', 'escalator', 'up', 'change', FLOORS],
    ['ESCALATOR_DOWN', 'escalator-down', 'escalator', 'down', 'change', FLOORS],
    ['RAMP_UP', 'ramp-up', 'ramp', 'up', 'change', FLOORS],
    ['RAMP_DOWN', 'ramp-down', 'ramp', 'down', 'change', FLOORS],
    ['STAIRS_UP', 'stairs-up', 'stairs', 'up', 'change', FLOORS],
    ['STAIRS_DOWN', 'stairs-down', 'stairs', 'down', 'change', FLOORS],
    ['STAIRS_UP_ONE', 'stairs-up-one', 'stairs-one', 'up', 'change', FLOORS],
    ['STAIRS_DOWN_ONE', 'stairs-down-one', 'stairs-one', 'down', 'change', FLOORS],
    ['STAIRS_UP_FEW', 'stairs-up-few', 'stairs-few', 'up', 'change', FLOORS],
    ['STAIRS_DOWN_FEW', 'stairs-down-few', 'stairs-few', 'down', 'change', FLOORS],
    ['CROSS', 'cross', 'cross', 'over', 'ahead', ['floor']],
    ['GO_OUT', 'go-out', 'cross', 'out', 'ahead', []],
    ['COME_IN', 'come-in', 'cross', 'in', 'ahead', ['floor']],
    ['ARRIVE_LEFT', 'arrive-left', 'arrive', 'left', 'left', ['place']],
    ['ARRIVE_RIGHT', 'arrive-right', 'arrive', 'right', 'right', ['place']],
    ['ARRIVE_AHEAD', 'arrive-ahead', 'arrive', 'ahead', 'ahead', ['place']],
    ['ARRIVE_ANCHOR_LEFT', 'arrive-anchor-left', 'arrive-anchor', 'left', 'left', ['anchor']],
    ['ARRIVE_ANCHOR_RIGHT', 'arrive-anchor-right', 'arrive-anchor', 'right', 'right', ['anchor']],
    ['ARRIVE_ANCHOR_AHEAD', 'arrive-anchor-ahead', 'arrive-anchor', 'ahead', 'ahead', ['anchor']],
    ['NEXT_ROOM', 'next-room', 'next', 'room', 'ahead', ['place']],
    ['NEXT_OPEN', 'next-open', 'next', 'open', 'ahead', ['place']],
    ['NEXT_IN', 'next-in', 'next', 'in', 'ahead', ['place']],
    ['NEXT_OUT', 'next-out', 'next', 'out', 'ahead', ['place']],
    ['WAY_IN_LEFT', 'way-in-left', 'way-in', 'left', 'left', ['place']],
    ['WAY_IN_RIGHT', 'way-in-right', 'way-in', 'right', 'right', ['place']],
    ['WAY_IN_AHEAD', 'way-in-ahead', 'way-in', 'ahead', 'ahead', ['place']],
    ['NEAR', 'near', 'near', '', 'ahead', ['place']],
    ['SIGN', 'sign', 'sign', '', 'ahead', ['sign']],
    ['ENTER', 'enter', 'enter', '', 'ahead', ['entry']],
    ['ASK', 'ask', 'ask', '', 'ahead', []],
    ['UNSURE_DOOR', 'unsure-door', 'unsure', 'door', '', []],
    ['UNSURE_DOORS', 'unsure-doors', 'unsure', 'doors', '', []],
    ['UNSURE_DOOR_ON_WAY', 'unsure-door-on-way', 'unsure', 'door-on-way', '', []],
    ['UNSURE_DOOR_AGAIN', 'unsure-door-again', 'unsure', 'door-again', '', []],
    ['UNSURE_ON_WAY_AGAIN', 'unsure-on-way-again', 'unsure', 'on-way-again', '', []],
    ['UNSURE_LIMIT', 'unsure-limit', 'unsure', 'limit', '', []],
    ['NOTICE_DOOR_WIDTH', 'notice-door-width', 'notice', 'door-width', 'ahead', []],
    ['NOTICE_CABIN', 'notice-cabin', 'notice', 'cabin', 'ahead', []],
    ['NOTICE_SLOPE', 'notice-slope', 'notice', 'slope', 'ahead', []],
    ['NOTICE_HOURS', 'notice-hours', 'notice', 'hours', 'ahead', []],
    ['NOTICE_CLOSED', 'notice-closed', 'notice-closed', '', 'ahead', []],
    ['NOTICE_CLOSED_NOW', 'notice-closed-now', 'notice-closed-now', '', 'ahead', ['place']],
  ];

  /** Families of cues that only help who sees well: nobody else is told of them. */
  const NEEDS_SIGHT = ['at-board', 'on-board', 'at-stripe', 'along-stripe'];

  /** Keys of phrases by name: `CueKind.TURN_LEFT` is 'turn-left'. */
  const CueKind = {};
  /** For each kind its `family`, `form`, `sign` and `slots`. */
  const DECLARED = {};
  const BY_FORM = new Map();
  ROWS.forEach(function (row) {
    const [name, kind, family, form, sign, slots] = row;
    CueKind[name] = kind;
    DECLARED[kind] = { family: family, form: form, sign: sign, slots: slots };
    BY_FORM.set(family + ' ' + form, kind);
  });

  /** The kind of a family in one form, such as 'turn' and 'left'. */
  function kindOf(family, form) {
    return BY_FORM.get(family + ' ' + form);
  }

  /** What a screen shows for a step that begins with a kind, even one of a later version. */
  function signOf(kind) {
    return DECLARED[kind] ? DECLARED[kind].sign : 'ahead';
  }

  /** One thing to say: a kind, and numbers or names to fill in. */
  function cue(kind, slots) {
    return { kind: kind, slots: slots || {} };
  }

  return { ROWS, CueKind, DECLARED, NEEDS_SIGHT, kindOf, signOf, cue };
});
