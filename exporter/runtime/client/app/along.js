/* Following along: the card turns by itself when it is sure that somebody has walked so far. Off until
 * it is asked for; what it does not know it asks. See docs/position.md. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      () => require('../../core/position.js'), require('./state.js'), require('./words.js')
    );
  } else {
    root.navkitAppAlong = make(
      () => root.navkitPosition, root.navkitAppState, root.navkitAppWords
    );
  }
})(this, /**
 * @param {() => typeof import('../../core/position.js')} position Late, as routes are.
 * @param {typeof import('./state.js')} appState
 * @param {typeof import('./words.js')} appWords
 */ function (position, appState, appWords) {
  'use strict';

  const { profileOf } = appState;
  const { word, levelName } = appWords;

  /** @typedef {import('../types').State} State */

  /** The same walk gives the same answers. */
  const SEED = 1;

  /** Whether somebody can be followed: by a phone with sensors, if they take steps.
   * @param {State} state */
  function canFollow(state) {
    return Boolean(state.motion) && position().canFollow(state.bundle, profileOf(state).id);
  }

  /** Begin, by a tap: `turnTo` shows a step.
   * @param {State} state
   * @param {(step: number) => void} turnTo */
  function start(state, turnTo) {
    if (!canFollow(state) || state.along) return;
    const along = {
      follower: null, route: null, t: 0, turnTo: turnTo, hadGap: false, isOn: false, shown: '',
    };
    state.along = along;
    state.alongEnded = '';
    const during = (act) => (...given) => {
      if (state.along === along) act(...given);
    };
    state.motion.start(state.bundle.rules.position, {
      step: during((t) => feel(state, t, (follower) => follower.step(t))),
      turn: during((t, radians) => feel(state, t, (follower) => follower.turn(t, radians))),
      gap: during((from, to) => feel(state, to, function (follower) {
        follower.gap(from, to);
        along.hadGap = true;
      })),
      still: during(() => end(state, 'still')),
    }).then(during(function (outcome) {
      along.isOn = outcome === 'on';
      if (!along.isOn) end(state, outcome);
      else state.onChange();
    }));
    state.onChange();
  }

  /** Stop, and forget where they were; `why` is said: `still`, `denied`, `absent` or nothing.
   * @param {State} state */
  function end(state, why) {
    if (!state.along) return;
    state.motion.stop();
    if (state.along.follower) state.along.follower.end();
    state.along = null;
    state.alongEnded = why || '';
    state.onChange();
  }

  /** Something was felt.
   * @param {State} state */
  function feel(state, t, act) {
    if (state.screen !== 'walk') {
      end(state);
      return;
    }
    state.along.t = t;
    act(followerOf(state));
    react(state);
  }

  /** That of the route that is walked: another one begins anew.
   * @param {State} state */
  function followerOf(state) {
    const { along, route, told } = state;
    if (along.route === route) return along.follower;
    if (along.follower) along.follower.end();
    along.route = route;
    along.follower = position().begin(state.bundle, route, {
      profile: profileOf(state).id, seed: SEED, cards: told.instructions.map((one) => one.first),
    });
    if (state.at > 0) along.follower.told(along.t, { card: state.at });
    return along.follower;
  }

  /** Turn the card, and show what has changed.
   * @param {State} state */
  function react(state) {
    const { along } = state;
    const now = along.follower.state();
    if (now.sure) along.hadGap = false;
    if (now.card > state.at) along.turnTo(now.card);
    const shown = JSON.stringify([bandOf(state), now.sure, now.ask, now.asked, along.hadGap]);
    if (shown === along.shown) return;
    along.shown = shown;
    state.onChange();
  }

  /** The walker turned to a card by themselves.
   * @param {State} state */
  function turned(state, step) {
    if (state.along && state.along.follower) state.along.follower.told(state.along.t, { card: step });
  }

  /** An answer to what was asked: `level`, `yes`, `no` or `on-way`.
   * @param {State} state */
  function answer(state, said) {
    const { along } = state;
    if (!along || !along.follower) return;
    const follower = followerOf(state);
    const { last } = state.told.instructions[state.at];
    const means = {
      level: { level: follower.state().asked }, yes: { passed: state.route.nodes[last] },
      no: { seen: false }, 'on-way': { onWay: true },
    };
    follower.told(along.t, means[said]);
    react(state);
  }

  /** From where to where on the route they probably are, in whole metres; null if nobody knows.
   * @param {State} state */
  function bandOf(state) {
    const { along } = state;
    const now = along && along.follower && along.route === state.route && along.follower.state();
    if (!now || now.ask === 'lost' || now.ask === 'off' || now.ask === 'seen') return null;
    return { from_m: Math.floor(now.from_m), to_m: Math.ceil(now.to_m) };
  }

  /** What each question offers. */
  const ANSWERS = { level: ['level'], seen: ['yes', 'no'], off: ['on-way'] };

  /** What is said while nothing is asked. */
  function calmly(along, now) {
    if (along.hadGap) return 'gap';
    if (now) return 'here';
    return along.isOn ? 'begun' : 'waiting';
  }

  /** The button, or what is said and asked instead of it; null where nobody can be followed.
   * @param {State} state */
  function alongView(state) {
    if (!canFollow(state)) return null;
    const { along } = state;
    if (!along) {
      const ended = state.alongEnded;
      return {
        isOn: false, button: word(state, 'along.start'), text: '',
        note: word(state, ended ? 'along.' + ended : 'along.note'), answers: [], mayScan: false,
        hasEnded: Boolean(ended),
      };
    }
    const now = along.follower && along.route === state.route ? along.follower.state() : null;
    const ask = (now && now.ask) || '';
    const slots = { level: now && now.asked >= 0 ? levelName(state, now.asked) : '' };
    return {
      isOn: true, hasEnded: false, button: word(state, 'along.stop'), note: '',
      text: word(state, 'along.' + (ask ? 'ask-' + ask : calmly(along, now)), slots),
      answers: (ANSWERS[ask] || []).map((id) => ({ id: id, text: word(state, 'along.' + id, slots) })),
      mayScan: ask === 'off' || ask === 'seen',
    };
  }

  return { start, end, turned, answer, bandOf, alongView };
});
