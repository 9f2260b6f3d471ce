/* The settings: languages, look, profile; and how old the map is. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./kept.js'), require('./state.js'), require('./words.js'), require('./speech.js'),
      require('./route.js')
    );
  } else {
    root.navkitAppSettings = make(
      root.navkitAppKept, root.navkitAppState, root.navkitAppWords, root.navkitAppSpeech,
      root.navkitAppRoute
    );
  }
})(this, /**
 * @param {typeof import('./kept.js')} appKept
 * @param {typeof import('./state.js')} appState
 * @param {typeof import('./words.js')} appWords
 * @param {typeof import('./speech.js')} appSpeech
 * @param {typeof import('./route.js')} appRoute
 */ function (appKept, appState, appWords, appSpeech, appRoute) {
  'use strict';

  const { save, changed } = appKept;
  const { profileOf, SETTINGS } = appState;
  const { whyKept, fill, uiTag, languageTag, word } = appWords;
  const { packOf, silence } = appSpeech;
  const { findWay, takeWay, profileChoices } = appRoute;

  /** @typedef {import('../types').State} State */

  const DAY_MS = 86400000;
  /** Profiles that bring the large view. */
  const LARGE = ['elderly', 'low-vision'];
  const SIZES = [0.9, 1, 1.25, 1.5, 1.75];

  /** The large view comes with some profiles, and goes with them unless somebody chose it. */
  function bringLarge(settings, isWanted) {
    if (isWanted && !settings.elder) Object.assign(settings, { elder: true, brought: true });
    if (!isWanted && settings.brought) Object.assign(settings, { elder: false, brought: false });
  }

  /** @param {State} state */
  function set(state, name, value) {
    if (!(name in SETTINGS)) throw new Error(name);
    const language = languageTag(state);
    state.settings[name] = value;
    if (name === 'profile') {
      state.trip.profile = '';
      bringLarge(state.settings, LARGE.includes(value));
    }
    if (name === 'elder') state.settings.brought = false;
    save(state, 'settings', state.settings);
    if (name === 'muted' && state.player) state.player.mute(value);
    if (name === 'pack') silence(state, true);
    if (languageTag(state) !== language) {
      silence(state, true);
      if (state.route) takeWay(state, state.route);
    }
    if (name === 'profile' && state.trip.start && state.trip.goal) findWay(state);
    changed(state);
  }

  /** @param {State} state */
  function resize(state, by) {
    const at = SIZES.indexOf(state.settings.size);
    set(state, 'size', SIZES[Math.max(0, Math.min(SIZES.length - 1, at + by))]);
  }

  /** The result of an update, as `navkitInstall` or `navkitTrust` reports it.
   * @param {State} state */
  function outcome(state, told) {
    const words = word(state, 'settings');
    const done = { installed: words.updated, new: words.updated, current: words.current };
    const kept = word(state, 'kept');
    return done[told.code] || fill(kept.on, { why: whyKept(kept, told.reason) || kept.other });
  }

  /** How old the map is, and how much storage it uses. `today` is YYYY-MM-DD.
   * @param {State} state */
  function dataLines(state, installed, today) {
    const apart = Date.parse(today) - Date.parse(installed.issued);
    const days = Math.max(0, Math.round(apart / DAY_MS));
    return [
      word(state, 'settings.version', { version: installed.version, date: installed.issued }),
      days ? word(state, 'settings.age', { days: days }) : word(state, 'settings.today'),
      word(state, 'settings.storage', { size: (installed.bytes / 1e6).toFixed(1) + ' MB' }),
    ];
  }

  /** The usual voice and the hospital's own; nothing if there is nothing to choose.
   * @param {State} state */
  function packChoices(state) {
    const own = packOf(state);
    const all = state.bundle.packs(languageTag(state)).map(
      (one) => ({ id: one.id, name: one.names[uiTag(state)] || one.id, chosen: one.id === own }));
    const usual = { id: '', name: word(state, 'settings.usual-voice'), chosen: !own };
    return all.length ? [usual, ...all] : [];
  }

  /** @param {State} state */
  function settingsView(state) {
    const own = Object.assign(
      {}, state.settings,
      { profile: profileOf(state).id, ui: uiTag(state), language: languageTag(state) });
    const chosen = (ids, name, is) => ids.map(
      (id) => ({ id: id, name: name(id), chosen: id === is }));
    return Object.assign({}, own, {
      uis: chosen(Object.keys(state.words), (id) => state.words[id].name, own.ui),
      languages: chosen(state.bundle.languages,
        (id) => (state.words[id] ? state.words[id].name : id), own.language),
      packs: packChoices(state),
      profiles: profileChoices(state),
      themes: chosen(['light', 'dark', 'contrast'],
        (id) => word(state, 'settings.' + id), own.theme),
    });
  }

  return { DAY_MS, set, resize, outcome, dataLines, settingsView };
});
