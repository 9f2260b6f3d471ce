/* What the phone says aloud: the step that is shown. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./state.js'), require('./words.js'));
  } else {
    root.navkitAppSpeech = make(root.navkitAppState, root.navkitAppWords);
  }
})(this, /**
 * @param {typeof import('./state.js')} appState
 * @param {typeof import('./words.js')} appWords
 */ function (appState, appWords) {
  'use strict';

  const { isStopped } = appState;
  const { languageTag } = appWords;

  /** @typedef {import('../types').State} State */

  /** The chosen voice of the hospital's own, if it speaks this language; else ''.
   * @param {State} state */
  function packOf(state) {
    const own = state.settings.pack;
    const all = own ? state.bundle.packs(languageTag(state)) : [];
    return all.some((one) => one.id === own) ? own : '';
  }

  /** @param {State} state */
  function voiceOf(state) {
    if (!state.player) {
      state.player = state.makePlayer(languageTag(state), packOf(state));
      if (state.player) state.player.mute(state.settings.muted);
      if (state.player && state.isSlow) state.player.slower();
    }
    return state.player;
  }

  /** Say the step that is shown, or repeat it.
   * @param {State} state */
  function speak(state) {
    const player = isStopped(state) ? null : voiceOf(state);
    if (!player || !state.told) return;
    const step = state.told.instructions[state.at];
    player.say(state.at ? step : [state.told.overview, step]);
  }

  /** Whether the directions can only be looked at.
   * @param {State} state */
  function isTextOnly(state) {
    const player = state.settings.reader ? null : voiceOf(state);
    return Boolean(player && player.isTextOnly());
  }

  /** Slower, or at full speed again.
   * @param {State} state */
  function slower(state) {
    const player = voiceOf(state);
    if (player) state.isSlow = player.slower() < 1;
    state.onChange();
  }

  /** Stop speaking; `away` also releases the voice, as for another language.
   * @param {State} state */
  function silence(state, away) {
    if (state.player) state.player.stop();
    if (away) state.player = null;
  }

  return { packOf, voiceOf, speak, isTextOnly, slower, silence };
});
