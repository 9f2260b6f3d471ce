/* Asked once: how somebody walks and sees. The answer is a profile, and can be changed. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./state.js'), require('./words.js'), require('./settings.js')
    );
  } else {
    root.navkitAppNeeds = make(
      root.navkitAppState, root.navkitAppWords, root.navkitAppSettings
    );
  }
})(this, /**
 * @param {typeof import('./state.js')} appState
 * @param {typeof import('./words.js')} appWords
 * @param {typeof import('./settings.js')} appSettings
 */ function (appState, appWords, appSettings) {
  'use strict';

  const { isForVisitors, SETTINGS } = appState;
  const { word } = appWords;
  const { set } = appSettings;

  /** @typedef {import('../types').State} State */

  /** Go by a profile from now on; '' for who needs nothing. It is not asked again.
   * @param {State} state */
  function answerNeed(state, profile) {
    state.settings.asked = true;
    set(state, 'profile', profile || SETTINGS.profile);
  }

  /** The question, and what can be answered; null once it is answered, and on a screen that others
   * use as well.
   * @param {State} state */
  function needsView(state) {
    if (state.settings.asked || state.isShared) return null;
    const own = word(state, 'needs.profiles');
    const known = Object.keys(own).filter((id) => isForVisitors(state, id));
    return known.length ? known.map((id) => ({ id: id, name: own[id] })) : null;
  }

  return { answerNeed, needsView };
});
