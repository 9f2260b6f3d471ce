/* What a client shows and what can be done there: one view model for every client.
 *
 *   var app = navkitApp.create({bundle, words, keep, now, player, onChange: render});
 *   app.search('放射'); app.choose(12); app.startAt('A101'); app.go();
 *   var view = app.view();   // plain data, for templates without logic
 *
 * `words` has the words of the screen by language; `keep` is the phone's own storage, with
 * `get(name)` and `set(name, text)`; `now()` is the local time, YYYY-MM-DDTHH:MM; `phone` are the
 * languages of the phone itself; `player` makes a voice for a language, or null; `address` is where
 * others can open this client, '' if they cannot; `age()` is how old the map is, from
 * `navkitFollow`, or null; `emergency()` likewise says whether there is one; `unread()` is how many
 * closures could not be read; `report(said)` tells the hospital what was wrong, if a server accepts
 * reports; `motion` are the phone's motion sensors, or null; `hospitals` are those of the catalogue. Nothing here knows a platform, and nothing else leaves the phone.
 *
 * The actions are in `app/`, one file per screen, as functions over one state; `ACTIONS` lists them.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./app/kept.js'), require('./app/state.js'), require('./app/words.js'),
      require('./app/speech.js'), require('./app/route.js'), require('./app/find.js'), require('./app/place.js'),
      require('./app/start.js'), require('./app/walk.js'), require('./app/news.js'),
      require('./app/closures.js'), require('./app/settings.js'), require('./app/screens.js'),
      require('./app/links.js'), require('./app/floors.js'), require('./app/along.js'),
      require('./app/hospitals.js'),
      require('./app/browse.js'), require('./app/needs.js'), require('./app/card.js'),
      require('./app/outside.js')
    );
  } else {
    root.navkitApp = make(
      root.navkitAppKept, root.navkitAppState, root.navkitAppWords, root.navkitAppSpeech,
      root.navkitAppRoute, root.navkitAppFind, root.navkitAppPlace, root.navkitAppStart, root.navkitAppWalk,
      root.navkitAppNews, root.navkitAppClosures, root.navkitAppSettings, root.navkitAppScreens,
      root.navkitAppLinks, root.navkitAppFloors, root.navkitAppAlong,
      root.navkitAppHospitals, root.navkitAppBrowse, root.navkitAppNeeds, root.navkitAppCard,
      root.navkitAppOutside
    );
  }
})(this, /**
 * @param {typeof import('./app/kept.js')} kept
 * @param {typeof import('./app/state.js')} state
 * @param {typeof import('./app/words.js')} words
 * @param {typeof import('./app/speech.js')} speech
 * @param {typeof import('./app/route.js')} route
 * @param {typeof import('./app/find.js')} find
 * @param {typeof import('./app/place.js')} place
 * @param {typeof import('./app/start.js')} start
 * @param {typeof import('./app/walk.js')} walk
 * @param {typeof import('./app/news.js')} news
 * @param {typeof import('./app/closures.js')} closures
 * @param {typeof import('./app/settings.js')} settings
 * @param {typeof import('./app/screens.js')} screens
 * @param {typeof import('./app/links.js')} links
 * @param {typeof import('./app/floors.js')} floors
 * @param {typeof import('./app/along.js')} along
 * @param {typeof import('./app/hospitals.js')} hospitals
 * @param {typeof import('./app/browse.js')} browsing
 * @param {typeof import('./app/needs.js')} needs
 * @param {typeof import('./app/card.js')} card
 * @param {typeof import('./app/outside.js')} outside
 */ function (
  kept, state, words, speech, route, find, place, start, walk, news, closures, settings, screens, links,
  floors, along, hospitals, browsing, needs, card, outside
) {
  'use strict';

  /** @typedef {import('./types').State} State */

  /** A page of this machine itself, which others cannot open. */
  const OF_THIS_MACHINE = /^https?:\/\/(localhost|127(\.\d+){3}|\[::1\])(:|\/|$)/i;

  /** Where others open a page: where it is published, else where it was opened itself, without the
   * query in its own address. '' for a page from a disk, or of this machine alone. */
  function address(published, own) {
    const bare = own.replace(/[?#].*$/, '');
    return published || (/^https?:/.test(bare) && !OF_THIS_MACHINE.test(bare) ? bare : '');
  }

  /** The screen of an emergency before any map is open, in the first available one of these
   * languages; there is nothing to continue yet. */
  function stoppedEarly(texts, phone, alarm) {
    const own = words.textsOf(texts, ...phone);
    return Object.assign(news.emergencyWords(own, alarm), { goOn: '' });
  }

  /** That no map can be opened, in the language of a phone, such as zh-CN or zh_CN. */
  function failed(texts, phone, why) {
    const own = words.nearestTag(texts, [phone]) || Object.keys(texts)[0];
    return words.fill(texts[own].failed, { why: words.whyKept(texts[own].kept, why) || why });
  }

  /** What is shown now: plain data.
   * @param {State} own */
  function view(own) {
    const isStopped = state.isStopped(own);
    const screen = isStopped ? 'emergency' : own.screen;
    const texts = own.words[words.uiTag(own)];
    return {
      screen: screen,
      emergency: isStopped ? news.emergencyWords(texts, own.alarm) : null,
      news: isStopped ? null : news.newsView(own),
      age: isStopped ? null : news.ageView(own),
      unread: isStopped ? '' : news.unreadView(own),
      words: texts,
      settings: settings.settingsView(own),
      title: words.named(own, own.bundle.names),
      hospitals: hospitals.hospitalsView(own),
      find: screen === 'find' ? find.findView(own) : null,
      browse: screen === 'browse' ? browsing.browseView(own) : null,
      needs: screen === 'find' ? needs.needsView(own) : null,
      isOnEarth: outside.isOnEarth(own),
      place: screen === 'place' ? place.placeView(own) : null,
      start: screen === 'start' ? start.startView(own) : null,
      route: screen === 'route' ? route.routeView(own) : null,
      walk: screen === 'walk' ? walk.walkView(own) : null,
      arrived: screen === 'arrived' ? walk.arrivedView(own) : null,
      map: floors.mapView(own),
    };
  }

  /** All actions, by the names that buttons and clients use; the part before the dot is the file in
   * `app/`. */
  const ACTIONS = {
    touchSearch: find.touchSearch,
    search: find.search,
    choose: find.choose,
    nearest: find.nearest,

    browse: browsing.browse,
    look: place.look,
    card: card.card,
    outside: outside.outside,
    answerNeed: needs.answerNeed,

    favourite: kept.favourite,
    clearHistory: kept.clearHistory,

    searchStart: start.searchStart,
    startAtCode: start.startAtCode,
    noCamera: start.noCamera,
    startAt: start.startAt,
    startNear: start.startNear,

    complete: route.complete,
    takeOther: route.takeOther,
    chooseGroup: route.chooseGroup,
    link: route.linkOf,

    go: walk.go,
    next: walk.next,
    previous: walk.previous,
    show: walk.show,
    arrive: walk.arrive,
    turnBack: walk.turnBack,
    lost: walk.lost,
    blocked: walk.blocked,
    showMove: walk.showMove,
    report: walk.report,
    followAlong: walk.followAlong,
    answer: along.answer,

    speak: speech.speak,
    slower: speech.slower,
    silence: speech.silence,

    pick: floors.pick,
    showLevel: floors.showLevel,
    showStack: floors.showStack,
    changeText: floors.changeText,

    restart: screens.restart,
    nextPerson: screens.nextPerson,
    askStart: screens.askStart,
    askGoal: screens.askGoal,
    back: screens.back,

    scanned: links.scanned,
    open: links.open,
    resume: links.resume,

    openHospital: hospitals.openHospital,

    follow: closures.follow,
    tick: closures.tick,

    goOn: news.goOn,
    confirmAge: news.confirmAge,

    set: settings.set,
    resize: settings.resize,
    outcome: settings.outcome,
    dataLines: settings.dataLines,

    word: words.word,
    time: words.timeText,
    spotName: words.spotName,
    levelName: words.levelName,
  };

  /** @typedef {{[Name in keyof typeof ACTIONS]:
   *   (typeof ACTIONS)[Name] extends (state: State, ...given: infer Given) => infer Gives
   *     ? (...given: Given) => Gives : never}} Actions */

  /** A client: its state, what is shown of it, and `ACTIONS`.
   * @param {import('./types').Options} options */
  function create(options) {
    const own = state.create(options);
    const actions = /** @type {Actions} */ ({});
    Object.keys(ACTIONS).forEach(function (name) {
      actions[name] = (...given) => ACTIONS[name](own, ...given);
    });
    const app = Object.assign({
      /** For tests and debugging. */
      state: own,
      view: () => view(own),
      get screen() { return own.screen; },
      get depth() { return screens.depth(own); },
      get isStopped() { return state.isStopped(own); },
      get isChangeNear() { return closures.isChangeNear(own); },
    }, actions);
    own.onChange = function () { if (options.onChange) options.onChange(app); };
    return app;
  }

  return {
    create: create, failed: failed, stoppedEarly: stoppedEarly, nearest: words.nearestTag,
    address: address, codeOf: start.codeOf, SETTINGS: state.SETTINGS,
  };
});
