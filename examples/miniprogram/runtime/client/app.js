/* What a client shows and what can be done there: one view model for every client.
 *
 *   var app = navkitApp.create({bundle, words, keep, now, player, onChange: render});
 *   app.search('放射'); app.choose(12); app.startAt('A101'); app.go();
 *   var view = app.view();   // plain data, for templates without logic
 *
 * `words` has the words of the screen by language; `keep` is the phone's own storage, with
 * `get(name)` and `set(name, text)`; `now()` is the local time, YYYY-MM-DDTHH:MM; `phone` are the
 * languages that the phone itself speaks; `player` makes a voice for a language, or null; `address`
 * is where others open this client, '' where they cannot; `age()` is how old the map is, as
 * `navkitFollow` says it, or null; `emergency()` likewise says whether there is one; `unread()` is how
 * many closures could not be read; `report(said)` tells the hospital what was wrong, where somebody
 * takes that. Nothing here knows a platform, and nothing else leaves the phone.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('../core/hours.js'), require('../core/measure.js'), require('../core/cues.js')
    );
  } else {
    root.navkitApp = make(root.navkitHours, root.navkitMeasure, root.navkitCues);
  }
})(this, /**
 * @param {typeof import('../core/hours.js')} hours
 * @param {typeof import('../core/measure.js')} measure
 * @param {typeof import('../core/cues.js')} cues
 */ function (hours, measure, cues) {
  'use strict';

  const { rulesOf } = hours;
  const { roundedM, roundedMin } = measure;

  const RECENTS = 8;
  const RESULTS = 30;
  /** Letters of a query that are said again: a guess, longer than any name. */
  const ECHOED = 30;
  /** Ranks of `bundle.search` that are like a name without being one: the first, the last. */
  const ALIKE = [4, 7];
  /** Entrances to choose from: more are a long list for who looks for one. A guess. */
  const ENTRANCES = 6;
  /** Farther away, something is not near. A guess. */
  const NEAR_M = 30;
  /** A change that is farther off is not waited for: nobody looks at a screen for so long without
   * putting it away, looking for news or beginning again. A guess. */
  const NEAR_MIN = 720;
  /** How high a step of a stair is, in centimetres: stairs are counted by it. */
  const STEP_CM = 16;
  /** How much dearer what one would be without is made: any way round is cheaper. */
  const AVOIDED = 1000;
  /** Dearer than this, no other way is worth showing. */
  const DEAREST = 2;
  const SAME_MS = 30000;
  const SAME_CM = 2000;
  const SETTINGS = {
    profile: 'walk', language: '', ui: '', elder: false, theme: 'light', size: 1, reader: false,
    muted: false,
  };
  /** Of a phone's language: that Chinese is written in traditional characters there. */
  const TRADITIONAL = ['hant', 'tw', 'hk', 'mo'];
  /** Where one comes back to, and how far that is from Find. */
  const BACK = { find: 'find', start: 'find', route: 'start', walk: 'route', arrived: 'route' };
  const DEPTHS = { find: 0, start: 1, route: 2, walk: 3, arrived: 3 };
  const DAY_MS = 86400000;
  /** A trip that was kept for longer is over: a guess, longer than a visit. */
  const TRIP_MS = DAY_MS / 2;
  /** Themes of `navkitMap` by those of the screen; `strong` is for the large view by day. */
  const MAP_THEMES = { light: 'normal', dark: 'dark', contrast: 'dark' };
  /** Codes of `navkitTrust` that all mean to a walker that nobody can say whose map that is. */
  const UNCONFIRMED = [
    'unsigned', 'rolled-back', 'mixed', 'altered', 'vanished', 'missing', 'too-long',
  ];
  const SIZES = [0.9, 1, 1.25, 1.5, 1.75];
  /** A page of this machine itself, which no other can open. */
  const OF_THIS_MACHINE = /^https?:\/\/(localhost|127(\.\d+){3}|\[::1\])(:|\/|$)/i;
  const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su', 'PH'];
  /** How a code on a wall begins that opens no page. */
  const OF_A_WALL = /^navkit:/;

  /** Why an update was refused, in words; nothing where there are none for it. */
  function whyKept(words, reason) {
    return words[UNCONFIRMED.includes(reason) ? 'refused' : reason];
  }

  /** The nearest of these languages to what a phone or a reader speaks, such as zh-TW or en_US;
   * '' where none is near. */
  function nearest(tags, spoken) {
    for (const said of spoken) {
      const parts = String(said).toLowerCase().split(/[-_]/);
      const isTraditional = !parts.includes('hans') && parts.some((one) => TRADITIONAL.includes(one));
      const own = tags.filter((tag) => tag.split('-')[0] === parts[0]);
      const found = own.find((tag) => tag.endsWith(isTraditional ? '-Hant' : '-Hans')) || own[0];
      if (found) return found;
    }
    return '';
  }

  function fill(template, slots) {
    return template.replace(/\{(\w+)\}/g, function (_, name) { return String(slots[name]); });
  }

  /** Hours of a directory, such as `Mo-Fr 08:00-17:00`, by `words`; as they are where they cannot be
   * read. */
  function hoursInWords(text, words) {
    const rules = rulesOf(text);
    if (!rules) return text === '24/7' ? words.always : text;
    const day = (id) => words.days[DAYS.indexOf(id)];
    return rules.map((rule) => {
      const isEvery = !rule.days.length || rule.days.join(';') === 'Mo,Su';
      if (isEvery && rule.times.join() === '00:00,24:00') return words.always;
      const open = rule.times.map(([from, to]) => from + '–' + to);
      const said = rule.days.map(([first, last]) => (
        last ? fill(words.range, { first: day(first), last: day(last) }) : day(first)
      ));
      return fill(words.rule, {
        days: isEvery ? words.every : said.join(words.and),
        times: open.length ? open.join(words.and) : words.closed,
      });
    }).join(words.then);
  }

  /** The words of the nearest language to one of these. */
  function textsOf(words, ...spoken) {
    const tags = Object.keys(words);
    return words[nearest(tags, spoken) || tags[0]];
  }

  /** The one screen of an emergency, as `navkitFollow` tells it, in words. */
  function stopped(words, alarm) {
    const own = words.emergency;
    const { minutes } = alarm;
    const time = minutes === null ? own.long : minutes < 60 ? fill(own.minutes, { count: minutes })
      : fill(own.hours, { count: Math.floor(minutes / 60) });
    return {
      title: own.title, staff: own.staff, lifts: own.lifts, stopped: own.stopped,
      since: alarm.since && fill(own.since, { time: alarm.since.replace('T', ' ') }),
      heard: alarm.isOld ? fill(own.heard, { time: time }) : '',
      goOn: alarm.mayGoOn ? own['go-on'] : '',
    };
  }

  /** What somebody typed or followed, to be said again: its beginning, where it is long. */
  function short(text) {
    const letters = Array.from(text);
    return letters.length > ECHOED ? letters.slice(0, ECHOED).join('') + '…' : text;
  }

  /** A part of a link as it was meant; as it is where it was not written by the rules. */
  function decoded(part) {
    try {
      return decodeURIComponent(part);
    } catch (error) {
      return part;
    }
  }

  /** The code that a QR code says, or that somebody typed. */
  function codeOf(text) {
    const said = text.trim();
    const link = /#(?:.*&)?a=([^&]*)/.exec(said);
    if (link) return decoded(link[1]);
    return said.replace(OF_A_WALL, '');
  }

  /** A link's part after #, as {a: code, from: id, to: id, p: profile}. */
  function linked(hash) {
    const found = {};
    hash.replace(/^#/, '').split('&').forEach(function (pair) {
      const at = pair.indexOf('=');
      if (at > 0) found[pair.slice(0, at)] = decoded(pair.slice(at + 1));
    });
    return found;
  }

  /** A route as far as a node of it, and from there another way: nobody is sent back to where it
   * parts. */
  function joined(route, count, way) {
    const add = (name) => route[name].slice(0, count).concat(Array.from(way[name]));
    const { network } = route;
    const durations = add('durations_ms');
    const darts = Array.from(route.darts.slice(0, count)).concat(Array.from(way.darts));
    return Object.assign({}, way, {
      start: route.start, nodes: add('nodes'), darts: darts, durations_ms: durations,
      duration_ms: durations.reduce((sum, ms) => sum + ms, 0),
      length_cm: darts.reduce((sum, dart) => sum + network.length[dart >> 1], 0),
      unverified: Array.from(new Set(route.unverified.concat(way.unverified))).sort(),
    });
  }

  /** What one does first at a step, as its own words say: `left`, `right` or `back` where it begins
   * with a turn or by going back, `change` where with a lift or stairs, else `ahead`. */
  function signOf(instruction) {
    return instruction.clauses.map((clause) => cues.signOf(clause.kind)).find(Boolean) || 'ahead';
  }

  class App {
    constructor(options) {
      this._bundle = options.bundle;
      this._words = options.words;
      this._keep = options.keep;
      this._now = options.now;
      this._makePlayer = options.player || function () { return null; };
      this._onChange = options.onChange || function () {};
      this._phone = options.phone || [];
      this._address = options.address || '';
      this._age = options.age || function () { return null; };
      this._unread = options.unread || function () { return 0; };
      this._emergency = options.emergency || function () { return null; };
      this._alarm = null;
      this._goneOn = this._kept('gone-on') || 0;
      this._report = options.report || null;
      this._isAgeConfirmed = false;
      this._settings = Object.assign({}, SETTINGS, this._kept('settings') || {});
      this._recents = this._placesOf('recents');
      this._favourites = this._placesOf('favourites');
      this._player = null;
      this._isSlow = false;
      this._shut = [];
      this._open = '';
      this._forget();
    }

    // -------------------------------------------------------------- languages

    /** Of the words on the screen: what was chosen, else the nearest to the phone's own. */
    get _ui() {
      const tags = Object.keys(this._words);
      const chosen = this._settings.ui;
      if (tags.includes(chosen)) return chosen;
      return nearest(tags, this._phone.concat(this._bundle.languages[0])) || tags[0];
    }

    /** Of voice and directions: what was chosen, else the nearest to the words on the screen. */
    get _language() {
      const all = this._bundle.languages;
      const chosen = this._settings.language;
      return all.includes(chosen) ? chosen : nearest(all, [this._ui]) || all[0];
    }

    // ---------------------------------------------------------------- keeping

    _kept(name) {
      try {
        return JSON.parse(this._keep.get('navkit.' + name));
      } catch (error) {
        return null;
      }
    }

    _save(name, value) {
      this._keep.set('navkit.' + name, JSON.stringify(value));
    }

    /** Numbers of kept places that this map still has. */
    _placesOf(name) {
      const ids = this._kept(name);
      if (!Array.isArray(ids)) return [];
      return ids.map((id) => this._bundle.placeIds.indexOf(id)).filter((place) => place >= 0);
    }

    /** Who looks for another goal still stands where she is; what she walked by is over. */
    _saveTrip() {
      const trip = this._trip;
      const isUnderWay = this.screen !== 'find';
      const stand = {
        when: this._now(), start: this._idOf(trip.start), here: trip.here,
        closed: this._closed, network: this._bundle.index.network, profile: trip.profile,
      };
      const way = isUnderWay && {
        screen: this.screen, isLost: this._isLost, goal: this._idOf(trip.goal),
        wish: this._wish, at: this._at, said: this._said(),
      };
      this._save('trip', isUnderWay || trip.start ? Object.assign(stand, way) : null);
    }

    /** What one walks by, to know a way again: its words. */
    _said() {
      return this._told ? this._told.instructions.map((one) => one.text) : [];
    }

    /** An id that finds a spot again, '' where there is none. */
    _idOf(spot) {
      if (!spot) return '';
      if (spot.anchor >= 0) return this._bundle.anchors[spot.anchor].id;
      if (spot.category) return 'category:' + spot.category;
      return spot.places.length ? this._bundle.placeIds[spot.places[0]] : '';
    }

    _spotOf(query) {
      const spot = this._bundle.find(query);
      const category = /^category:(.+)$/.exec(query);
      return category ? Object.assign(spot, { category: category[1] }) : spot;
    }

    // ---------------------------------------------------------------- changes

    _forget() {
      this.screen = 'find';
      this._query = '';
      this._startQuery = '';
      this._startError = '';
      this._isLost = false;
      // `here` is where one stands instead, when the way from the start was found to be blocked;
      // `profile` is that of a link, which is not the phone's own.
      this._trip = { start: null, goal: null, here: null, profile: '' };
      this._closed = [];
      this._isOver = false;
      this._wish = '';
      this._route = null;
      this._told = null;
      this._error = '';
      this._notice = null;
      this._others = [];
      this._avoided = [];
      this._at = 0;
      this._level = this._firstLevel();
    }

    _changed() {
      this._saveTrip();
      this._onChange(this);
    }

    /** Where a map begins: at the ground floor of the first building. */
    _firstLevel() {
      let best = 0;
      this._bundle.levels.forEach((level, i) => {
        if (Math.abs(level.ordinal) < Math.abs(this._bundle.levels[best].ordinal)) best = i;
      });
      return best;
    }

    /** Begin again. */
    restart() {
      this.silence();
      this._forget();
      this._isAgeConfirmed = false;
      this._changed();
    }

    /** Begin again for the next person at a desk: nothing of the one before stays. */
    nextPerson() {
      this._settings = Object.assign({}, SETTINGS);
      this._save('settings', this._settings);
      this._isSlow = false;
      this._goneOn = 0;
      this._save('gone-on', 0);
      this.silence(true);
      this.clearHistory();
      this.restart();
    }

    /** A search field was touched: the search makes ready, and the first key need not wait for it. */
    touchSearch() {
      this._bundle.search('');
    }

    search(text) {
      this._query = text;
      this._onChange(this);
    }

    /** A goal, by the number of its place. */
    choose(place) {
      this._recents = [place].concat(this._recents.filter((one) => one !== place)).slice(0, RECENTS);
      this._save('recents', this._recents.map((one) => this._bundle.placeIds[one]));
      this._setGoal({ places: [place], anchor: -1 });
    }

    /** The nearest of a category. */
    nearest(category) {
      this._setGoal(this._spotOf('category:' + category));
    }

    _setGoal(goal) {
      this._trip.goal = goal;
      this._isOver = false;
      this._query = '';
      if (this._trip.start) this._find();
      else this.screen = 'start';
      this._changed();
    }

    favourite(place) {
      const has = this._favourites.includes(place);
      const others = this._favourites.filter((one) => one !== place);
      this._favourites = has ? others : [place].concat(others);
      this._save('favourites', this._favourites.map((one) => this._bundle.placeIds[one]));
      this._onChange(this);
    }

    clearHistory() {
      this._recents = [];
      this._favourites = [];
      this._save('recents', []);
      this._save('favourites', []);
      this._onChange(this);
    }

    searchStart(text) {
      this._startQuery = text;
      this._startError = '';
      this._onChange(this);
    }

    /** A start, by the code on a wall, scanned or typed. Says whether there is such a code. */
    startAtCode(text) {
      const anchor = this._anchorOf(text);
      if (anchor < 0) {
        this._startError = this.word('start.unknown-code', { text: short(codeOf(text)) });
        this._onChange(this);
        return false;
      }
      this._setStart({ places: [], anchor: anchor });
      return true;
    }

    _anchorOf(text) {
      const code = codeOf(text).toUpperCase();
      return this._bundle.anchors.findIndex(
        (one) => one.code.toUpperCase() === code || one.id.toUpperCase() === code);
    }

    /** What a camera read: a code on a wall is a start, a link with a goal is followed, and of
     * anything else it is said that it is neither. Says whether it led anywhere. */
    scanned(text) {
      const said = text.trim();
      const hash = said.replace(/^[^#]*/, '');
      const link = linked(hash);
      const isWall = !link.to && (link.a || OF_A_WALL.test(said) || this._anchorOf(said) >= 0);
      if (isWall) return this.startAtCode(said);
      if (this._known(link.to)) return this.open(hash);
      this._startError = this.word('start.other-code');
      this._onChange(this);
      return false;
    }

    /** There is no camera, or it may not be used. */
    noCamera() {
      this._startError = this.word('start.no-camera');
      this._onChange(this);
    }

    /** A start, by the number of the place whose door one sees. */
    startAt(place) {
      this._setStart({ places: [place], anchor: -1 });
    }

    /** A start, by a point of the map in metres and the space that it lies in: the nearest place
     * without a wall between, where there is one. Says whether anything is known near it. */
    startNear(level, point, space) {
      const around = space === undefined ? new Set() : this._bundle.network.nodesAround(space);
      const seen = this._nearestPlace(level, point, (node) => around.has(node));
      const best = seen < 0 ? this._nearestPlace(level, point, () => true) : seen;
      if (best < 0) {
        this._startError = this.word('start.nowhere');
        this._onChange(this);
        return false;
      }
      this.startAt(best);
      return true;
    }

    /** The public place that has the nearest of these nodes; -1 for none. */
    _nearestPlace(level, point, isMeant) {
      let best = -1;
      let least = Infinity;
      const network = this._bundle.network;
      for (let place = 0; place < this._bundle.placeCount; place++) {
        if (!this._bundle.placeIsPublic(place)) continue;
        this._bundle.placeNodes(place).forEach(function (node) {
          if (network.level[node] !== level || !isMeant(node)) return;
          const dx = network.x[node] / 100 - point[0];
          const dy = network.y[node] / 100 - point[1];
          const far = dx * dx + dy * dy;
          if (far < least) { least = far; best = place; }
        });
      }
      return best;
    }

    /** What a finger touched on a map, as `navkitMap.hit` found it on that level. */
    pick(found, level) {
      if (found.marker && found.marker.kind === 'change') this.showLevel(found.marker.level);
      else if (this.screen === 'start') {
        if (found.place !== undefined) this.startAt(found.place);
        else this.startNear(level, found.at, found.space);
      } else if (this.screen === 'find' && found.place !== undefined) this.choose(found.place);
    }

    _setStart(start) {
      this._trip.start = start;
      this._isOver = false;
      this._trip.here = null;
      this._startQuery = '';
      this._startError = '';
      this._isLost = false;
      if (this._trip.goal) this._find();
      else this.screen = 'find';
      this._changed();
    }

    askStart() {
      this._leave();
      this.screen = 'start';
      this._changed();
    }

    askGoal() {
      this._leave();
      this.screen = 'find';
      this._changed();
    }

    /** What was said there is over. */
    _leave() {
      this.silence();
      this._notice = null;
      this._startError = '';
      this._isOver = false;
    }

    /** How many times one can go back until Find. */
    get depth() {
      return DEPTHS[this.screen] + (this._isToWalk ? DEPTHS.walk : 0);
    }

    /** Whether who is asked where she is comes from a walk and may go back to it. */
    get _isToWalk() {
      return this.screen === 'start' && this._isLost && Boolean(this._told);
    }

    /** One step back among the screens. */
    back() {
      this._leave();
      if (this._isToWalk) this._stand('walk', this._at);
      else this.screen = BACK[this.screen];
      this._isLost = false;
      this._saveTrip();
      this._goByClosures(); // What was closed or opened meanwhile.
    }

    set(name, value) {
      if (!(name in SETTINGS)) throw new Error(name);
      const language = this._language;
      this._settings[name] = value;
      if (name === 'profile') {
        this._trip.profile = '';
        if (value === 'elderly') this._settings.elder = true;
      }
      this._save('settings', this._settings);
      if (name === 'muted' && this._player) this._player.mute(value);
      if (this._language !== language) {
        this.silence(true);
        if (this._route) this._take(this._route);
      }
      if (name === 'profile' && this._trip.start && this._trip.goal) this._find();
      this._changed();
    }

    resize(by) {
      const at = SIZES.indexOf(this._settings.size);
      this.set('size', SIZES[Math.max(0, Math.min(SIZES.length - 1, at + by))]);
    }

    // ----------------------------------------------------------------- routes

    /** How one travels now. */
    get _profile() {
      const own = this._settings.profile;
      const usual = this._isForVisitors(own) ? own : SETTINGS.profile;
      return this._bundle.profiles[this._trip.profile || usual];
    }

    /** Whether visitors may travel so; those of the staff open other doors. */
    _isForVisitors(profile) {
      const all = this._bundle.profiles;
      return Object.prototype.hasOwnProperty.call(all, profile) && all[profile].access === 'public';
    }

    /** The moment for which ways are found. */
    get _moment() {
      return this._bundle.moment(this._now(), this._closed);
    }

    /** How one travels by a wish: a name of the bundle's `choices`, what to be without; `quickest`; '' for none. */
    _profileBy(wish) {
      const profile = this._profile;
      if (!wish) return profile;
      const factors = wish === 'quickest' ? {} : Object.assign({}, profile.factors);
      if (this._choiceNames().includes(wish)) factors[wish] = AVOIDED;
      return Object.assign({}, profile, { id: profile.id + '~' + wish, factors: factors });
    }

    /** A way from a spot to the goal, by a wish, at a moment. It says by which wish, so that the same
     * way is found again. */
    _wayFrom(spot, wish, at) {
      const route = this._bundle.navigator.findRoute(
        spot, this._trip.goal, this._profileBy(wish), at || this._moment);
      return Object.assign({}, route, { profile: this._profile, wish: wish });
    }

    _find(wish) {
      this.screen = 'route';
      this._wish = wish || '';
      this._at = 0;
      this._error = '';
      this._notice = null;
      this._others = [];
      this._avoided = this._closedOnTheWay();
      try {
        this._take(this._wayFrom(this._from, this._wish));
        this._level = this._route.network.level[this._route.nodes[0]];
        this._others = this._choices();
      } catch (error) {
        if (!error.code) throw error;
        this._route = null;
        this._told = null;
        this._error = error;
      }
    }

    /** Where the way begins. */
    get _from() {
      return this._trip.here || this._trip.start;
    }

    // -------------------------------------------------------------- emergency

    /** Whether nobody is led now: nothing else is shown and nothing is said. */
    get isStopped() {
      const alarm = this._alarm;
      return Boolean(alarm) && !(alarm.mayGoOn && alarm.heard_ms === this._goneOn);
    }

    /** Whether an emergency has begun, which is said once, or is over. */
    _heed() {
      const wasStopped = this.isStopped;
      const before = this._alarm;
      this._alarm = this._emergency();
      if (this.isStopped && !wasStopped) {
        this.silence();
        this._isOver = false;
        this._sayEmergency();
      } else if (before && !this._alarm) {
        this._isOver = true;
      }
      if (this.isStopped !== wasStopped || Boolean(before) !== Boolean(this._alarm)) {
        this._onChange(this);
      }
    }

    _sayEmergency() {
      const player = this._settings.muted ? null : this._voice();
      const text = textsOf(this._words, this._language).emergency.spoken;
      if (player) player.say({ text: text, speech: text, clauses: [] });
    }

    /** Who has heard nothing for hours and has asked somebody goes on. */
    goOn() {
      if (!this._alarm || !this._alarm.mayGoOn) return;
      this._goneOn = this._alarm.heard_ms;
      this._save('gone-on', this._goneOn);
      this._changed();
    }

    /** What is to be known of an emergency on other screens. */
    _newsView() {
      if (this._isOver) return { kind: 'over', text: this.word('emergency.over') };
      return this._alarm ? { kind: 'unsure', text: this.word('emergency.going-on') } : null;
    }

    // --------------------------------------------------------------- closures

    /** Ids of what the hospital has closed at this time, in order. */
    _shutNow() {
      return this._bundle.moment(this._now(), []).closed;
    }

    /** What is closed, by the hospital's word, on the way that one would take if it were not. */
    _closedOnTheWay() {
      const at = this._moment;
      if (at.closed.length === this._closed.length) return [];
      const open = Object.assign({}, at, { closed: this._closed.slice().sort() });
      try {
        return this._bundle.closuresOn(this._wayFrom(this._from, this._wish, open), at);
      } catch (error) {
        if (!error.code) throw error;
        return [];
      }
    }

    /** What a thing is called that the hospital has closed. */
    _thingOf(closure) {
      return this._bundle.thingName(closure.target, this._language) || this.word('closure.something');
    }

    /** That something is closed and why, in words. */
    _closedText(closure) {
      const reasons = closure.reason;
      const why = reasons[this._ui] || reasons['zh-Hans'] || Object.values(reasons)[0] || '';
      return this.word(
        why ? 'closure.why' : 'closure.bare', { what: this._thingOf(closure), why: why });
    }

    /** Say something beside what is shown until one moves on, or it is no longer true: `text` gives
     * it in the reader's language, `shut` and `open` are the closures that it holds with. */
    _say(text, facts) {
      this._notice = Object.assign({ text: text, shut: [], open: [], stays: false }, facts);
    }

    /** That what was in the way is open again, and what follows from that. */
    _sayOpen(path, open) {
      const said = (one) => this.word('closure.open', { what: this._thingOf(one) });
      this._say(() => this.word('closure.' + path, {
        open: Array.from(new Set(open.map(said))).join(this.word('closure.between')),
      }), { open: open });
    }

    _isShut(closure) {
      return this._shut.includes(closure.target);
    }

    /** What the hospital has closed since the map was made; an emergency counts as soon. */
    follow(closures) {
      this._heed();
      if (JSON.stringify(closures) === this._followed) {
        this._goByClock();
        return;
      }
      this._followed = JSON.stringify(closures);
      this._bundle.close(closures);
      this._goByClosures();
    }

    /** Time has passed: what is closed from now on, or until now, counts without any news. */
    tick() {
      this._heed();
      if (this._alarm) this._onChange(this); // How old it is.
      this._goByClock();
    }

    /** Closures and hours begin and end without any news. */
    _goByClock() {
      const isSame = this._shutNow().join() === this._shut.join()
        && this._bundle.openAt(this._now()) === this._open;
      if (!isSame) this._goByClosures();
    }

    /** Whether time alone will soon change what is shown. */
    get isChangeNear() {
      return Boolean(this._alarm) || this._bundle.minutesToChange(this._now()) < NEAR_MIN;
    }

    /** What is shown goes by what is closed now, and no notice says what is over. */
    _goByClosures() {
      this._shut = this._shutNow();
      this._open = this._bundle.openAt(this._now());
      const said = this._notice;
      const holds = !said || (
        said.shut.every((one) => this._isShut(one)) && !said.open.some((one) => this._isShut(one)));
      if (!holds) this._notice = null;
      if (this.screen === 'route') this._refind();
      else if (this.screen === 'walk') this._goOnByClosures();
      else this._onChange(this);
    }

    /** On the screen of a route: the best now, by the same wish, and why it is another. */
    _refind() {
      const before = { route: this._route, notice: this._notice, level: this._level };
      const cut = before.route ? this._bundle.closuresOn(before.route, this._moment) : [];
      const open = this._avoided.filter((one) => !this._isShut(one));
      this._find(this._wish);
      const isSame = before.route && this._route
        && before.route.darts.join() === this._route.darts.join();
      if (isSame) Object.assign(this, { _notice: before.notice, _level: before.level });
      else if (this._route && cut.length) this._say(() => this.word('closure.rerouted'), { shut: cut });
      else if (this._route && open.length) {
        const isBack = before.route && !this._avoided.length;
        this._sayOpen(isBack ? 'back' : before.route ? 'better' : 'possible', open);
      }
      this._changed();
    }

    /** While somebody walks: only what lies before her counts. */
    _goOnByClosures() {
      const { first } = this._told.instructions[this._at];
      const ahead = this._bundle.closuresOn(this._route, this._moment, first);
      const open = this._avoided.filter((one) => !this._isShut(one));
      if (ahead.length) this._goRoundClosed(ahead);
      else if (open.length) this._goByOpened(open);
      else this._onChange(this);
    }

    _goRoundClosed(ahead) {
      const isRound = this._goRound();
      const said = () => this.word(
        isRound ? 'closure.round' : 'closure.stuck', { closed: this._closedText(ahead[0]) });
      this._say(said, { shut: ahead.slice(0, 1), stays: !isRound });
      if (isRound) this._show(0);
      else {
        this._avoided = ahead;
        this._changed();
      }
    }

    /** Who goes round something that is open again is led by it only if that is better from wherever
     * on her step she is; else she is told, and goes on as she was going. */
    _goByOpened(open) {
      const way = this._wayFromHere();
      const isWorth = way && this._isWorthTurning(way);
      const { first } = this._told.instructions[this._at];
      if (isWorth && this._isOnIt(way)) this._take(joined(this._route, first, way));
      else if (isWorth) this._goBy(way);
      this._avoided = this._closedOnTheWay();
      this._sayOpen(isWorth ? 'better' : 'keep', open);
      if (!isWorth) this._changed();
      else if (this._trip.here === way.start) this._show(0);
      else this._show(this._told.instructions.findIndex((one) => one.last > first));
    }

    /** Whether a way from where the step begins goes along this step. */
    _isOnIt(way) {
      const { first, last } = this._told.instructions[this._at];
      return this._route.darts.slice(first, last).every((dart, i) => dart === way.darts[i]);
    }

    /** Whether a way from where the step begins is better by more than a walker notices, even for
     * who is at the step's end and would have to walk it back. */
    _isWorthTurning(way) {
      const { first, last } = this._told.instructions[this._at];
      const step = this._route.darts.slice(first, last);
      const cost = (darts) => this._bundle.navigator.costOf(
        darts, this._profileBy(this._wish), this._moment);
      const back = this._isOnIt(way) ? 0 : 2 * cost(step);
      return way.cost_ms + back + SAME_MS < cost(this._route.darts.slice(first));
    }

    _take(route) {
      this._route = route;
      this._told = this._bundle.tell(route, this._language);
    }

    /** Other ways worth showing: without something that this one has, the quickest, the usual. */
    _choices() {
      const without = this._choiceNames().filter((name) => this._has(this._route, name));
      const seen = [this._route.darts.join()];
      const found = [];
      without.concat('quickest', '').filter((wish) => wish !== this._route.wish).forEach((wish) => {
        const route = this._wayFrom(this._from, wish);
        const key = route.darts.join();
        const isDear = route.duration_ms > DEAREST * this._route.duration_ms;
        if (isDear || seen.includes(key)) return;
        seen.push(key);
        found.push(route);
      });
      return found;
    }

    /** Ways that are another choice for a walker: without one of these, where the route has it. */
    _choiceNames() {
      return Object.keys(this._bundle.rules.kinds.choices);
    }

    /** Whether a route has edges of that choice. */
    _has(route, choice) {
      const kinds = this._bundle.rules.edgesOf('choices', choice);
      return route.darts.some((dart) => kinds.includes(route.network.kind[dart >> 1]));
    }

    /** Take one of the other ways instead. */
    takeOther(number) {
      const before = this._route;
      this._take(this._others[number]);
      this._wish = this._route.wish;
      this._avoided = this._closedOnTheWay();
      this._others = this._others.map((one, i) => (i === number ? before : one));
      this._at = 0;
      this._changed();
    }

    /** Somebody has read that the map is old. */
    confirmAge() {
      this._isAgeConfirmed = true;
      this._changed();
    }

    go() {
      if (this._mustConfirm()) {
        this._changed();
        return;
      }
      this.show(0);
    }

    next() {
      if (this._at + 1 < this._told.instructions.length) this.show(this._at + 1);
      else this.arrive();
    }

    previous() {
      this.show(Math.max(0, this._at - 1));
    }

    /** Look at a step: what was said beside another has been read, but that the way is cut. */
    show(step) {
      const { first } = this._told.instructions[step];
      const stays = this._notice && this._notice.stays
        && this._bundle.closuresOn(this._route, this._moment, first).length;
      if (!stays) this._notice = null;
      this._isOver = false;
      this._show(step);
    }

    arrive() {
      this.silence();
      this._stand('arrived', this._at);
      this._changed();
    }

    _show(step) {
      this._stand('walk', step);
      this._changed();
      this.speak();
    }

    /** At a step, or where one has arrived: the map shows the floor on which one stands then. */
    _stand(screen, step) {
      const { nodes, network } = this._route;
      const node = screen === 'arrived' ? nodes.length - 1 : this._told.instructions[step].first;
      this.screen = screen;
      this._at = step;
      this._level = network.level[nodes[node]];
    }

    /** The way back: goal and start exchanged. */
    turnBack() {
      const back = { start: this._route.goal, goal: this._trip.start, here: null };
      this._trip = Object.assign({}, this._trip, back);
      this._find(this._route.wish);
      this._changed();
    }

    /** Somebody does not know where she is: her start is asked again, her goal is kept. */
    lost() {
      this.silence();
      this._isLost = true;
      this.screen = 'start';
      this._changed();
    }

    /** The way of this step cannot be walked: find another, from where the step begins. */
    blocked() {
      const step = this._told.instructions[this._at];
      const network = this._route.network;
      const lifts = this._bundle.rules.edgesOf('parts', 'lift');
      const before = this._closed;
      const closed = before.slice();
      this._route.darts.slice(step.first, step.last).forEach((dart) => {
        const connector = network.connector(network.thing[dart >> 1]);
        const rides = lifts.includes(network.kind[dart >> 1]);
        const id = rides && connector ? connector.id : 'edge:' + (dart >> 1);
        if (!closed.includes(id)) closed.push(id);
      });
      this._closed = closed;
      if (this._goRound()) {
        this._say(() => this.word('walk.rerouted'));
        this._show(0);
      } else {
        this._closed = before;
        this._say(() => this.word('walk.no-way-round'));
        this._changed();
      }
    }

    /** What this step says is wrong: tells the hospital what was said and where, not to whom. */
    report() {
      const step = this._told.instructions[this._at];
      const network = this._route.network;
      const metres = (node) => [network.x[node] / 100, network.y[node] / 100];
      this._report({
        level: step.level >= 0 ? this._bundle.levels[step.level].id : '',
        from: metres(this._route.nodes[step.first]), to: metres(this._route.nodes[step.last]),
        text: step.text, language: this._language, profile: this._profile.id,
      });
      this._say(() => this.word('walk.reported'));
      this._changed();
    }

    /** Finds another way from where the step begins. Says whether there is one. */
    _goRound() {
      const way = this._wayFromHere();
      if (way) this._goBy(way);
      return Boolean(way);
    }

    /** The way from where the step begins, null where there is none. */
    _wayFromHere() {
      const { first } = this._told.instructions[this._at];
      const [node, ahead] = this._route.nodes.slice(first, first + 2);
      const from = { places: [], anchor: -1, node: node, backFrom: ahead };
      try {
        return this._wayFrom(from, this._wish);
      } catch (error) {
        if (!error.code) throw error;
        return null;
      }
    }

    /** Go by another way that begins where one stands. */
    _goBy(way) {
      this._take(way);
      this._trip.here = way.start;
      this._others = [];
      this._avoided = this._closedOnTheWay();
    }

    showLevel(level) {
      this._level = level;
      this._onChange(this);
    }

    /** What a map says where the way comes from another floor or goes to one. */
    changeText(change) {
      return this.word('map.' + (change.onward ? change.way : 'from'), { level: change.label });
    }

    // ------------------------------------------------------------------ voice

    _voice() {
      if (!this._player) {
        this._player = this._makePlayer(this._language);
        if (this._player) this._player.mute(this._settings.muted);
        if (this._player && this._isSlow) this._player.slower();
      }
      return this._player;
    }

    /** Say the step that is shown, also once more. */
    speak() {
      const player = this.isStopped ? null : this._voice();
      if (player && this._told) player.say(this._told.instructions[this._at]);
    }

    /** Slower, or at full speed again. */
    slower() {
      const player = this._voice();
      if (player) this._isSlow = player.slower() < 1;
      this._onChange(this);
    }

    /** Stop speaking; `away` also lets go of the voice, as for another language. */
    silence(away) {
      if (this._player) this._player.stop();
      if (away) this._player = null;
    }

    // ------------------------------------------------------------------ links

    /** What comes after # in a link that has this start and goal. */
    link() {
      const pairs = [['to', this._idOf(this._trip.goal)], ['p', this._profile.id]];
      const start = this._trip.here ? null : this._trip.start; // Who takes it over asks for one.
      if (start && start.anchor >= 0) pairs.push(['a', this._bundle.anchors[start.anchor].code]);
      else if (this._idOf(start)) pairs.push(['from', this._idOf(start)]);
      return '#' + pairs.filter((pair) => pair[1])
        .map((pair) => pair[0] + '=' + encodeURIComponent(pair[1])).join('&');
    }

    /** Follow a link; of what this map does not know it is said so. Says whether it asked for
     * anything. */
    open(hash) {
      const link = linked(hash);
      const goal = this._known(link.to);
      const start = this._known(link.from);
      if (this._isForVisitors(link.p)) this._trip.profile = link.p;
      else if (link.to) this._trip.profile = '';
      // Whoever hands over another trip does not begin where this one did.
      if (link.to && (link.from || link.a)) Object.assign(this._trip, { start: null, here: null });
      if (link.to && !goal) this._refuse(link.to);
      if (goal) this._setGoal(goal);
      if (start) this._setStart(start);
      if (link.a) this.startAtCode(link.a);
      return Boolean(link.to || link.from || link.a);
    }

    /** A link asks for what is not on this map: no trip is better than another one. */
    _refuse(asked) {
      this._leave();
      this.screen = 'find';
      this._trip.goal = null;
      this._say(() => this.word('find.unknown-place', { text: short(asked) }));
      this._changed();
    }

    /** Go on with what was under way when the client was closed. Says whether there was something; a
     * trip that cannot be gone on with is forgotten. */
    resume() {
      const trip = this._kept('trip');
      try {
        if (trip && this._isRecent(trip.when)) this._goOn(trip);
      } catch (error) {
        this._forget(); // Kept by another version, or damaged: it must not bar the way in.
      }
      this._changed();
      return Boolean(this._trip.goal || this._trip.start);
    }

    _isRecent(when) {
      const apart = Date.parse(this._now() + 'Z') - Date.parse(when + 'Z');
      return Math.abs(apart) < TRIP_MS;
    }

    _goOn(trip) {
      this._trip.start = this._known(trip.start);
      this._trip.goal = this._known(trip.goal);
      if (this._isForVisitors(trip.profile)) this._trip.profile = trip.profile;
      // Numbers of nodes and edges mean something in their own network only.
      const isSame = trip.network === this._bundle.index.network;
      if (isSame) this._trip.here = trip.here;
      this._closed = trip.closed.filter((id) => isSame && this._bundle.knows(id));
      if (!this._trip.goal) return;
      this.screen = 'start';
      if (!this._trip.start) return;
      this._find(trip.wish);
      // A step counts on the way that it was a step of, and on no other.
      if (this._said().join('\n') !== trip.said.join('\n')) return;
      this._at = trip.at;
      this._isLost = trip.isLost;
      if (trip.screen === 'walk' || trip.screen === 'arrived') this._stand(trip.screen, trip.at);
      else this.screen = trip.screen;
    }

    _known(query) {
      if (!query) return null;
      try {
        return this._spotOf(query);
      } catch (error) {
        return null;
      }
    }

    // ------------------------------------------------------------------- view

    /** Words of the screen by their path, such as `walk.next`, filled in. */
    word(path, slots) {
      let found = this._words[this._ui];
      path.split('.').forEach(function (name) { found = found[name]; });
      return slots ? fill(found, slots) : found;
    }

    time(durationMs) {
      const count = roundedMin(durationMs);
      return count < 1 ? this.word('time.short') : this.word('time.minutes', { count: count });
    }

    /** What became of an update, as `navkitInstall` or `navkitTrust` tells it. */
    outcome(told) {
      const words = this.word('settings');
      const done = { installed: words.updated, new: words.updated, current: words.current };
      const kept = this.word('kept');
      return done[told.code] || fill(kept.on, { why: whyKept(kept, told.reason) || kept.other });
    }

    /** How old the map is, and how much room it takes. `today` is YYYY-MM-DD. */
    dataLines(installed, today) {
      const apart = Date.parse(today) - Date.parse(installed.issued);
      const days = Math.max(0, Math.round(apart / DAY_MS));
      return [
        this.word('settings.version', { version: installed.version, date: installed.issued }),
        days ? this.word('settings.age', { days: days }) : this.word('settings.today'),
        this.word('settings.storage', { size: (installed.bytes / 1e6).toFixed(1) + ' MB' }),
      ];
    }

    /** The name of a spot as one reads it. */
    spotName(spot) {
      const language = this._language;
      if (!spot) return '';
      if (spot.anchor >= 0) {
        const anchor = this._bundle.anchors[spot.anchor];
        return anchor.names[language] ? anchor.names[language][0] : anchor.code;
      }
      if (spot.node >= 0) return this.word('start.here');
      if (spot.category) {
        return this.word('find.nearest', { category: this._category(spot.category) });
      }
      return spot.places.length ? this._bundle.place(spot.places[0], language).name : '';
    }

    _category(category) {
      const names = this._bundle.rules.category(category).names || {};
      return this.word('categories')[category] || names[this._ui] || category;
    }

    /** Building and floor of a level. */
    levelName(level) {
      const one = this._bundle.levels[level];
      const names = this._bundle.buildings[one.building] || {};
      const building = (names[this._language] || [''])[0];
      return this.word('where', { building: building, level: one.label }).trim();
    }

    view() {
      const screen = this.isStopped ? 'emergency' : this.screen;
      return {
        screen: screen,
        emergency: this.isStopped ? stopped(this._words[this._ui], this._alarm) : null,
        news: this.isStopped ? null : this._newsView(),
        age: this.isStopped ? null : this._ageView(),
        unread: this.isStopped ? '' : this._unreadView(),
        words: this._words[this._ui],
        settings: this._settingsView(),
        title: this._bundle.names[this._ui] || this._bundle.names['zh-Hans'] || '',
        find: screen === 'find' ? this._findView() : null,
        start: screen === 'start' ? this._startView() : null,
        route: screen === 'route' ? this._routeView() : null,
        walk: screen === 'walk' ? this._walkView() : null,
        arrived: screen === 'arrived' ? this._arrivedView() : null,
        map: this._mapView(),
      };
    }

    /** That something is closed of which this phone cannot say what, '' where that is not so. */
    _unreadView() {
      const count = this._unread();
      return count ? this.word('closure.unread', { count: count }) : '';
    }

    /** How old the map is, once that matters; `confirm` is what to press before one may go. */
    _ageView() {
      const age = this._age();
      if (!age || !age.level) return null;
      return {
        level: age.level,
        text: this.word('age.' + age.level, { days: age.days }),
        confirm: this._mustConfirm() ? this.word('age.confirm') : '',
      };
    }

    _mustConfirm() {
      const age = this._age();
      return Boolean(age) && age.level === 'red' && !this._isAgeConfirmed;
    }

    _settingsView() {
      const own = Object.assign(
        {}, this._settings, { profile: this._profile.id, ui: this._ui, language: this._language });
      const chosen = (ids, name, is) => ids.map(
        (id) => ({ id: id, name: name(id), chosen: id === is }));
      return Object.assign({}, own, {
        uis: chosen(Object.keys(this._words), (id) => this._words[id].name, own.ui),
        languages: chosen(this._bundle.languages,
          (id) => (this._words[id] ? this._words[id].name : id), own.language),
        profiles: this._profiles(),
        themes: chosen(['light', 'dark', 'contrast'],
          (id) => this.word('settings.' + id), own.theme),
      });
    }

    _profiles() {
      const all = this._bundle.profiles;
      const open = Object.keys(all).filter((id) => this._isForVisitors(id));
      return open.map((id) => ({
        id: id,
        name: all[id].names[this._ui] || all[id].names['zh-Hans'] || id,
        chosen: id === this._profile.id,
      }));
    }

    /** A place as a line of a list. */
    _line(place) {
      const one = this._bundle.place(place, this._language);
      const favourite = this._favourites.includes(place);
      return {
        place: place,
        name: one.name,
        where: one.level >= 0 ? this.levelName(one.level) : '',
        ref: one.ref,
        favourite: favourite,
        keep: this.word(favourite ? 'favourite.remove' : 'favourite.add', { place: one.name }),
      };
    }

    /** Places as lines; those that read alike say what they are near, each something else. */
    _lines(places) {
      const lines = places.map((place) => this._line(place));
      const read = (line) => [line.name, line.where, line.ref].join('\n');
      const counts = new Map();
      lines.forEach((line) => counts.set(read(line), (counts.get(read(line)) || 0) + 1));
      const twins = lines.filter((line) => counts.get(read(line)) > 1);
      const near = this._near(twins.map((line) => line.place));
      twins.forEach((line, i) => {
        if (!near[i]) return;
        line.where = [line.where, this.word('find.near', { place: near[i] })]
          .filter(Boolean).join(' · ');
      });
      return lines;
    }

    /** Of each place the name of a landmark near it, '' for none: the nearest pairs first. */
    _near(places) {
      const bundle = this._bundle;
      const landmarks = new Map();
      const pairs = [];
      places.forEach((place, i) => {
        const node = bundle.placeNodes(place)[0];
        if (node === undefined) return;
        const here = bundle.at(node);
        if (!landmarks.has(here.level)) landmarks.set(here.level, this._landmarksOn(here.level));
        landmarks.get(here.level).forEach(function (mark) {
          const far = Math.hypot(mark.x - here.x, mark.y - here.y);
          if (far < NEAR_M) pairs.push({ i: i, name: mark.name, far: far });
        });
      });
      const found = places.map(() => '');
      pairs.sort((a, b) => a.far - b.far || a.i - b.i).forEach(function (pair) {
        if (!found[pair.i] && !found.includes(pair.name)) found[pair.i] = pair.name;
      });
      return found;
    }

    /** What visitors know on a level and no other place there is called, with where it is. */
    _landmarksOn(level) {
      const bundle = this._bundle;
      const byName = new Map();
      bundle.placesOn(level).forEach((place) => {
        const name = bundle.placeName(place, this._language)[0];
        byName.set(name, (byName.get(name) || []).concat(place));
      });
      const { rules } = bundle;
      const isKnown = (row) => Boolean(row.chip || row.corner);
      const found = [];
      byName.forEach(function (places, name) {
        const [place] = places;
        const node = bundle.placeNodes(place)[0];
        if (places.length > 1 || node === undefined || !bundle.placeIsPublic(place)) return;
        if (!isKnown(rules.category(bundle.placeCategory(place)))) return;
        found.push(Object.assign({ name: name }, bundle.at(node)));
      });
      return found;
    }

    /** Places for visitors that a query may mean. */
    _found(query) {
      return this._bundle.search(query, { limit: RESULTS, access: 'public' });
    }

    /** What was found, and how surely: names, what is merely like one, hints. */
    _howFound(found) {
      const hinted = found.filter((one) => one.hint);
      const named = found.length - hinted.length;
      const told = [];
      if (named) {
        const isAlike = found[0].rank >= ALIKE[0] && found[0].rank <= ALIKE[1];
        told.push(this.word(isAlike ? 'find.alike' : 'find.results', { count: named }));
      }
      if (hinted.length) {
        const text = Array.from(new Set(hinted.map((one) => one.hint))).join(' / ');
        told.push(this.word('find.hinted', { count: hinted.length, text: text }));
        const urgent = found.find((one) => (
          this._bundle.rules.urgent.some((id) => this._bundle.isOf(one.place, id))));
        if (urgent) {
          const { name, where } = this._line(urgent.place);
          told.push(this.word('find.urgent', { place: name, where: where }));
        }
      }
      return told.join(' ');
    }

    /** The categories that the venue has, by what a walker may choose. */
    _chips() {
      const bundle = this._bundle;
      const { rules } = bundle;
      const apart = (id) => rules.finerChips(id).some((one) => bundle.categories.includes(one));
      const isShown = function (id) {
        const { wider } = rules.category(id);
        if (apart(id) || (wider && !apart(wider))) return false;
        return bundle.placesOf(id).length > 0;
      };
      return rules.chips.filter(isShown).map((id) => ({ id: id, name: this._category(id) }));
    }

    _findView() {
      const query = this._query.trim();
      const found = query ? this._found(query) : [];
      const nothing = query ? this.word('find.nothing', { text: short(query) }) : '';
      return {
        query: this._query,
        results: this._lines(found.map((one) => one.place)),
        told: found.length ? this._howFound(found) : nothing,
        chips: this._chips(),
        recents: this._lines(this._recents),
        favourites: this._lines(this._favourites),
        from: this._trip.start ? this.word('find.from', { place: this.spotName(this._from) }) : '',
        notices: [this._noticeText(), this._startError].filter(Boolean),
      };
    }

    _startView() {
      const query = this._startQuery.trim();
      const found = query ? this._found(query) : [];
      return {
        title: this.word(this._isLost ? 'start.lost' : 'start.title'),
        going: this.word('start.going', { place: this.spotName(this._trip.goal) }),
        query: this._startQuery,
        results: this._lines(found.filter((one) => !one.hint).map((one) => one.place)),
        entrances: this._lines(this._entrances()),
        error: this._startError,
      };
    }

    /** Where visitors come in and can go on to the goal, the widest first: a main entrance is
     * wider than a side door. A guess, as drawings seldom say which is which. */
    _entrances() {
      const bundle = this._bundle;
      const goal = this._trip.goal;
      const profile = this._profile;
      const at = this._moment;
      const found = [];
      for (let place = 0; place < bundle.placeCount; place++) {
        if (bundle.placeDoor(place) >= 0 && bundle.placeIsPublic(place)) found.push(place);
      }
      const width = (place) => bundle.network.doorWidth[bundle.placeDoor(place)];
      found.sort((a, b) => width(b) - width(a) || a - b);
      const leads = (place) => (
        !goal || bundle.navigator.joins({ places: [place], anchor: -1 }, goal, profile, at));
      const leading = found.filter(leads);
      // Where none leads there, the route says why.
      return (leading.length ? leading : found).slice(0, ENTRANCES);
    }

    _routeView() {
      const names = {
        from: this.word('route.from', { place: this.spotName(this._from) }),
        profiles: this._profiles(),
        address: this._address && this._address + this.link(),
        mayGo: Boolean(this._told) && !this._mustConfirm(),
      };
      const to = (spot) => this.word('route.to', { place: this.spotName(spot) });
      if (!this._told) {
        const why = this._error ? this._why(this._error) : '';
        return Object.assign(names, {
          to: to(this._trip.goal), error: this.word('route.none', { why: why }), steps: [], floors: [],
          parts: [], notices: this._closedTexts(), others: [], summary: '',
        });
      }
      return Object.assign(names, {
        to: to(this._route.goal),
        error: '',
        summary: this._summary(this._route),
        parts: this._parts(this._route),
        steps: this._steps(),
        floors: this._floors(),
        notices: this._notices(),
        others: this._others.map((route, number) => ({ number: number, text: this._price(route) }))
          .filter((one) => one.text),
      });
    }

    _closedTexts() {
      return Array.from(new Set(this._avoided.map((one) => this._closedText(one))));
    }

    /** What holds for the whole way; of what is closed only that which lies on it, by name. */
    _notices() {
      const closed = this._closedTexts();
      const told = this._told.notices.filter((one) => one.kind !== 'notice-closed');
      return closed.concat([this._noticeText()].filter(Boolean), told.map((one) => one.text));
    }

    _noticeText() {
      return this._notice ? this._notice.text() : '';
    }

    /** The steps by the floor they are walked on, in walking order. */
    _floors() {
      const floors = [];
      this._steps().forEach((step) => {
        const level = this._told.instructions[step.number].level;
        const last = floors[floors.length - 1];
        if (last && last.level === level) last.steps.push(step);
        else floors.push({ level: level, name: step.where, steps: [step] });
      });
      return floors;
    }

    /** Why there is no way, in the reader's language where its words have that reason. */
    _why(error) {
      const reasons = this._words[this._ui].reasons || {};
      const reason = reasons[error.code];
      if (!reason) return error.message;
      const names = this._bundle.profiles[error.slots.profile].names;
      return fill(reason, {
        thing: error.slots.thing ? this._nameOf(error.slots.thing) : '',
        profile: names[this._ui] || names['zh-Hans'] || error.slots.profile,
      });
    }

    /** What something in the way is called: its own name, that of a room there, else its floor. */
    _nameOf(id) {
      const bundle = this._bundle;
      const network = bundle.network;
      const own = bundle.thingName(id, this._language);
      if (own) return own;
      const [thing] = network.thingsOfId(id);
      const door = thing - network.firstDoor;
      if (!(door < network.doorCount)) return this.word('route.something');
      const sides = door < 0 ? [thing] : [network.doorA[door], network.doorB[door]];
      const spaces = sides.filter((space) => space >= 0);
      const [room] = [].concat(...spaces.map((space) => bundle.placesAt(space)));
      if (room !== undefined) return bundle.place(room, this._language).name;
      return this.word('route.somewhere', { where: this.levelName(network.spaceLevel[spaces[0]]) });
    }

    _summary(route) {
      const metres = roundedM(route.length_cm);
      const isShort = roundedMin(route.duration_ms) < 1;
      return this.word(isShort ? 'route.summary-short' : 'route.summary',
        { time: this.time(route.duration_ms), metres: metres });
    }

    _steps() {
      return this._told.instructions.map((one, number) => ({
        number: number,
        text: one.text,
        sign: signOf(one),
        where: this.levelName(one.level),
        time: this.time(one.duration_ms),
        current: this.screen === 'walk' && number === this._at,
      }));
    }

    /** How long one walks, waits and rides, climbs. */
    _parts(route) {
      const { rules } = this._bundle;
      const sums = { walking: 0, lift: 0, stairs: 0 };
      const partOf = new Map();
      Object.keys(rules.kinds.parts).forEach(function (name) {
        rules.edgesOf('parts', name).forEach((kind) => partOf.set(kind, name));
      });
      route.darts.forEach(function (dart, i) {
        sums[partOf.get(route.network.kind[dart >> 1]) || 'walking'] += route.durations_ms[i];
      });
      const own = Object.keys(sums).filter((name) => sums[name] > 0);
      return own.map((name) => this.word('route.' + name, { time: this.time(sums[name]) }));
    }

    _stairs(route) {
      const kinds = this._bundle.rules.edgesOf('choices', 'stairs');
      let rise = 0;
      route.darts.forEach(function (dart) {
        const edge = dart >> 1;
        if (kinds.includes(route.network.kind[edge])) rise += Math.abs(route.network.rise[edge]);
      });
      return Math.round(rise / STEP_CM);
    }

    /** What another way costs and gives, in words. */
    _price(route) {
      const own = this._route;
      const apart = route.duration_ms - own.duration_ms;
      const time = this.time(Math.abs(apart));
      const far = route.length_cm - own.length_cm;
      const metres = roundedM(Math.abs(far));
      const isSame = Math.abs(apart) < SAME_MS;
      const gains = [];
      const costs = [];
      if (apart < 0 && !isSame) gains.push(this.word('price.sooner', { time: time }));
      if (apart >= 0 && !isSame) costs.push(this.word('price.later', { time: time }));
      if (this._stairs(route) > this._stairs(own)) {
        costs.push(this.word('price.stairs', { count: this._stairs(route) }));
      }
      if (this._stairs(own) && !this._stairs(route)) gains.push(this.word('price.no-stairs'));
      // Stairs were told above, by their number.
      this._choiceNames().filter((name) => name !== 'stairs').forEach((name) => {
        const had = this._has(own, name);
        const has = this._has(route, name);
        if (has && !had) costs.push(this.word('price.' + name));
        if (had && !has) gains.push(this.word('price.no-' + name));
      });
      if (Math.abs(far) > SAME_CM) {
        (far > 0 ? costs : gains).push(
          this.word(far > 0 ? 'price.longer' : 'price.shorter', { metres: metres }));
      }
      if (!gains.length && !costs.length) return ''; // The same to a walker.
      if (isSame) gains.unshift(this.word('price.same'));
      const sides = [gains, costs].filter((side) => side.length)
        .map((side) => side.join(this.word('price.and')));
      return sides.join(this.word('price.but'));
    }

    _walkView() {
      const all = this._told.instructions;
      const one = all[this._at];
      const after = all[this._at + 1];
      return {
        number: this._at,
        count: all.length,
        progress: this.word('route.step', { number: this._at + 1, count: all.length }),
        text: one.text,
        sign: signOf(one),
        where: this.levelName(one.level),
        floors: this._floorsOf(one),
        then: after ? this.word('walk.then', { text: after.text }) : '',
        photo: this._photo(one),
        isLast: !after,
        pace: this.word(this._isSlow ? 'walk.faster' : 'walk.slower'),
        notice: this._noticeText(),
        canReport: Boolean(this._report),
        steps: this._steps(),
      };
    }

    /** The floors on which a step begins and ends, to look at; none where it stays on one. */
    _floorsOf(step) {
      const { nodes, network } = this._route;
      const ends = [step.first, step.last].map((node) => network.level[nodes[node]]);
      if (ends[0] === ends[1]) return [];
      return ends.map((level) => (
        { level: level, name: this.levelName(level), chosen: level === this._level }));
    }

    /** The photo of where an instruction ends, with what is to be seen on it. */
    _photo(instruction) {
      const photo = this._bundle.photo(this._route, instruction);
      if (!photo) return null;
      return {
        file: photo.file, width: photo.width_px, height: photo.height_px,
        text: this.word('walk.photo', { what: photo.names[this._language] }),
      };
    }

    _arrivedView() {
      const goal = this._route.goal;
      const isBefore = this._route.wayIn >= 0; // A door that is not for everybody.
      const at = this.word(isBefore ? 'arrived.way-in' : 'arrived.at', {
        place: this.spotName(goal),
      });
      const photo = this._photo(this._told.instructions[this._told.instructions.length - 1]);
      if (!goal.places.length) return { at: at, facts: [], photo: photo };
      const place = this._bundle.place(goal.places[0], this._language);
      const facts = [];
      const add = (word, slots) => facts.push(this.word('arrived.' + word, slots));
      if (isBefore && place.entry) facts.push(place.entry);
      else if (isBefore) add('ask');
      else if (place.sign) add('sign', { sign: place.sign });
      if (place.hours) {
        add('hours', { hours: hoursInWords(place.hours, this.word('hours')) });
        add(this._bundle.isOpen(goal.places[0], this._now()) ? 'open' : 'closed');
      }
      if (place.phone) add('phone', { phone: place.phone });
      return { at: at, facts: facts, photo: photo };
    }

    /** What the map shows: levels to choose from, and what `navkitMap` draws. */
    _mapView() {
      const levels = this._bundle.levels;
      const building = levels[this._level].building;
      const step = this.screen === 'walk' ? this._told.instructions[this._at] : null;
      const line = (id, number, name) => ({
        level: number, name: name, chosen: number === this._level, id: id,
      });
      const buildings = [];
      levels.forEach((level, number) => {
        if (buildings.some((one) => one.id === level.building)) return;
        const names = this._bundle.buildings[level.building] || {};
        const name = (names[this._language] || [''])[0] || level.building;
        buildings.push({
          id: level.building, level: number, name: name, chosen: level.building === building,
        });
      });
      const isStrong = this._settings.elder && this._settings.theme === 'light';
      return {
        level: this._level,
        theme: isStrong ? 'strong' : MAP_THEMES[this._settings.theme],
        levels: levels.map((level, number) => line(level.id, number, level.label))
          .filter((one) => levels[one.level].building === building),
        buildings: buildings,
        route: ['route', 'walk', 'arrived'].includes(this.screen) ? this._route : null,
        step: step && { first: step.first, last: step.last },
        goal: this._trip.goal && this._trip.goal.places.length === 1
          ? this._trip.goal.places[0] : -1,
        closed: this._moment.closed,
      };
    }
  }

  function create(options) {
    return new App(options);
  }

  /** That no map can be opened, in the language of a phone, such as zh-CN or zh_CN. */
  function failed(words, phone, why) {
    const tags = Object.keys(words);
    const own = nearest(tags, [phone]) || tags[0];
    return fill(words[own].failed, { why: whyKept(words[own].kept, why) || why });
  }

  /** The screen of an emergency before any map is open, in the first of these languages that there
   * is; there is nothing to go on with yet. */
  function stoppedEarly(words, phone, alarm) {
    const own = textsOf(words, ...phone);
    return Object.assign(stopped(own, alarm), { goOn: '' });
  }

  /** Where others open a page: where it is published, else where it was opened itself, without
   * what its own address asks for. '' for a page from a disk, or of this machine alone. */
  function address(published, own) {
    const bare = own.replace(/[?#].*$/, '');
    return published || (/^https?:/.test(bare) && !OF_THIS_MACHINE.test(bare) ? bare : '');
  }

  return {
    create: create, failed: failed, stoppedEarly: stoppedEarly, nearest: nearest, address: address, codeOf: codeOf,
    SETTINGS: SETTINGS,
  };
});
