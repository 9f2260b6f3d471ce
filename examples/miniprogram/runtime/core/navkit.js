/* navkit: indoor navigation that works with no network. The phone's runtime.
 *
 * Reads a bundle (docs/bundle-format.md) and answers as the Python package does: the same
 * network, routes, costs and sentences. By `require`, or as plain scripts (global `navkit`)
 * after the parts it is made of, which are named below; in sandboxes without eval, too. ES2017;
 * no DOM, fetch, wx, Intl, TextDecoder.
 *
 *   var bundle = navkit.open(read);         // read(name): parsed JSON, or text, of a file
 *   var opening = navkit.begin(read);       // the same in steps: while (opening.step()) …
 *   bundle.find('放射科')                   // a spot: what one query means, or an error
 *   bundle.search('fsk', {limit: 10})       // what somebody who types may mean
 *   var route = bundle.route(start, goal, {profile: 'walk', depart: '', closed: []});
 *   var told = bundle.tell(route, 'en');    // instructions with clauses, notices
 *   bundle.answer(route, told)              // what `navkit route --json` prints
 *   bundle.script(startId, goalId, 'walk', 'en')   // a route computed in advance
 *   bundle.voice('zh-Hans')                // the index of its clips, for voice.js; or null
 *   bundle.level(i)                         // outlines, doors, paths and lines on the floor of a level
 *
 * Errors have `code`, `slots` and a sentence in English. docs/runtime.md has the details.
 *
 * Its parts follow the Python modules of the same names. Whole centimetres and milliseconds,
 * halves rounded up, ties broken by number: keep the order of every sum and every loop.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./findings.js'), require('./rules.js'), require('./columns.js'),
      require('./hours.js'), require('./text.js'), require('./network.js'),
      require('./hierarchy.js'), require('./routing.js'), require('./cues.js'),
      require('./surroundings.js'), require('./line.js'), () => require('./chunks.js'),
      require('./measure.js'), require('./overview.js'), require('./guidance.js'),
      require('./search.js')
    );
  } else {
    root.navkit = make(
      root.navkitFindings, root.navkitRules, root.navkitColumns, root.navkitHours,
      root.navkitText, root.navkitNetwork, root.navkitHierarchy, root.navkitRouting,
      root.navkitCues, root.navkitSurroundings, root.navkitLine, () => root.navkitChunks,
      root.navkitMeasure, root.navkitOverview, root.navkitGuidance, root.navkitSearch
    );
  }
})(this, /**
 * @param {typeof import('./findings.js')} findings
 * @param {typeof import('./rules.js')} rules
 * @param {typeof import('./columns.js')} columns
 * @param {typeof import('./hours.js')} hours
 * @param {typeof import('./text.js')} text
 * @param {typeof import('./network.js')} network
 * @param {typeof import('./hierarchy.js')} hierarchy
 * @param {typeof import('./routing.js')} routing
 * @param {typeof import('./cues.js')} cues
 * @param {typeof import('./surroundings.js')} surroundings
 * @param {typeof import('./line.js')} line
 * @param {() => typeof import('./chunks.js')} chunks Late: a map and a search need no words.
 * @param {typeof import('./measure.js')} measure
 * @param {typeof import('./overview.js')} overview
 * @param {typeof import('./guidance.js')} guidance
 * @param {typeof import('./search.js')} search
 */ function (
  findings, rules, columns, hours, text, network, hierarchy, routing, cues, surroundings, line,
  chunks, measure, overview, guidance, search
) {
  'use strict';

  const { failure, fill, LOG_LANGUAGE, THINGS } = findings;
  const { Rules } = rules;
  const { undelta, unrun, unsparse, Table } = columns;
  const {
    localMinute, minuteOfWeek, isOpen, modulo, rulesOf, hoursOf, stateAt, changeAt, calendarOf,
  } = hours;
  const { folded, sayDigits, numberWords } = text;
  const { SPACE_KINDS, DOOR_KINDS, ACCESS, KIND_NAMES, Network } = network;
  const { Hierarchy } = hierarchy;
  const { Navigator } = routing;
  const { cue } = cues;
  const { Surroundings } = surroundings;
  const { turnBetween } = line;
  const { roundedM, roundedMin } = measure;
  const { Teller, noticesOf, tenths, routeAnswer } = guidance;
  const { Search, isAlike } = search;

  /** How many metres a storey counts for where something near is looked for. A guess. */
  const STOREY_M = 40;

  const FORMAT = 'navkit-bundle';
  const VERSION = 1;

  /** Scripted routes as columns; a route's steps are found without decoding the others. */
  class Scripts {
    constructor(file) {
      this.cues = file.cues;
      this._starts = file.starts;
      this._profiles = file.profiles;
      this._rows = file.steps;
      this._start = file.start;
      this._profile = unrun(file.profile);
      this._goal = undelta(file.goal);
      this._keep = file.keep;
      this._added = undelta(file.added);
      this._from = new Int32Array(file.more.length + 1);
      for (let i = 0; i < file.more.length; i++) this._from[i + 1] = this._from[i] + file.more[i];
    }

    /** The number of the route from a start to a goal for a profile, or -1. */
    find(startId, goal, profileId) {
      const start = this._starts.indexOf(startId);
      const profile = this._profiles.indexOf(profileId);
      let first = 0;
      for (let i = 0; i < this._start.length; i += 2) {
        const end = first + this._start[i + 1];
        for (let k = first; this._start[i] === start && k < end; k++) {
          if (this._profile[k] === profile && this._goal[k] === goal) return k;
        }
        first = end;
      }
      return -1;
    }

    /** Step rows of a route: its own, after those that it shares with the routes before it. */
    steps(number) {
      let wanted = this._from[number + 1] - this._from[number] + this._keep[number];
      const found = new Array(wanted);
      for (let k = number; wanted > 0; k--) {
        const keep = this._keep[k];
        for (let i = wanted - 1; i >= keep; i--) {
          found[i] = this._rows[this._added[this._from[k] + i - keep]];
        }
        wanted = Math.min(wanted, keep);
      }
      return found;
    }
  }

  /** For each space of a level file, its rings of [x, y] in metres, not closed. */
  function outlinesOf(file, count) {
    const metres = 100 / file.grid_cm;
    const rings = unsparse(file.rings, count, 1);
    const spaces = [];
    let ring = 0;
    let at = 0;
    let right = 0;
    let base = 0;
    for (let space = 0; space < rings.length; space++) {
      const found = [];
      for (let r = 0; r < rings[space]; r++, ring++) {
        const x0 = right + file.x[at];
        const y0 = base + file.y[at];
        at++;
        let points;
        if (file.corners[ring] === 0) {
          const x1 = x0 + file.x[at];
          const y1 = y0 + file.y[at];
          at++;
          points = [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
        } else {
          points = [[x0, y0]];
          let x = x0;
          let y = y0;
          for (let k = 1; k < file.corners[ring]; k++, at++) {
            x += file.x[at];
            y += file.y[at];
            points.push([x, y]);
          }
        }
        right = points.reduce(function (most, p) { return Math.max(most, p[0]); }, -Infinity);
        base = y0;
        found.push(points.map(function (p) { return [p[0] / metres, p[1] / metres]; }));
      }
      spaces.push(found);
    }
    return spaces;
  }

  function applies(closure, minute) {
    if (minute === null) return !closure.start && !closure.end;
    return (!closure.start || localMinute(closure.start) <= minute) &&
      (!closure.end || minute < localMinute(closure.end));
  }

  /** Rows `[place, value …]` by place. */
  function byPlace(rows) {
    const found = new Map();
    rows.forEach(function (row) { found.set(row[0], row.slice(1)); });
    return found;
  }

  /** The known words, first those that share most pairs of letters with `word`, as in
   * `navkit/venue/lookup.py`. */
  function nearest(word, known) {
    const asked = pairs(folded(word));
    const share = new Map(known.map((one) => {
      const own = pairs(one);
      const both = Array.from(own).filter((pair) => asked.has(pair)).length;
      return [one, 2 * both / Math.max(1, asked.size + own.size)];
    }));
    return known.slice().sort((a, b) => share.get(b) - share.get(a) || (a < b ? -1 : 1));
  }

  /** Pairs of letters, and the first and the last letter by themselves. */
  function pairs(word) {
    const letters = Array.from(' ' + word + ' ');
    return new Set(letters.slice(1).map((letter, i) => letters[i] + letter));
  }

  /** A bundle ready for queries. Made by `begin` in steps. */
  class Bundle {
    constructor(index, read) {
      this.index = index;
      /** @type {InstanceType<typeof Network>} */
      this.network = null;
      /** Chips ask for the same few with every key press. */
      this._ofCategory = new Map();
      this._read = read;
      this.names = index.names;
      this.frame = index.frame;
      this.languages = index.languages;
      this.levels = index.levels;
      this.buildings = index.buildings;
      this._voices = new Map();
      this.published = [];
    }

    // -- reading

    /** What the bundle says about categories, kinds and icons; older bundles say nothing. */
    readRules(data) {
      this.rules = new Rules(data);
    }

    /** Places: where they are and what they are called. */
    readDirectory(data) {
      this._names = new Table(data.names, this.languages);
      const count = this._names.count;
      this.placeCount = count;
      this._perPlace = unsparse(data.spaces_per_place, count, 1);
      this._spaces = undelta(data.spaces);
      this._firstSpaceOf = new Int32Array(count + 1);
      for (let i = 0; i < count; i++) {
        this._firstSpaceOf[i + 1] = this._firstSpaceOf[i] + this._perPlace[i];
      }
      this._doors = byPlace(data.doors);
      this._nodes = byPlace(data.nodes);
      this.navigator = new Navigator(this.network, this);
    }

    /** What is needed less often: ids, aliases, hours, signs, anchors, closures, sights. */
    readDetails(data) {
      this.network.readIds(data);
      this.placeIds = new Table(data.place_ids, null).texts();
      this.categories = data.categories;
      this._category = unrun(data.category);
      this._access = unsparse(data.access, this.placeCount, 0);
      this._refs = new Table(data.refs, null);
      this._aliases = byPlace(data.aliases);
      this._hours = unsparse(data.hours, this.placeCount, 0);
      this._hoursText = data.hours_text;
      this._hoursRead = data.hours_text.map(hoursOf);
      this.network.calendar = calendarOf(data.calendar);
      this._phones = byPlace(data.phones);
      this._signs = new Table(data.signs, this.languages);
      this._signOf = new Map();
      undelta(data.sign_places).forEach((place, row) => { this._signOf.set(place, row); });
      // Bundles of older versions have none of these.
      this._entries = data.entries ? new Table(data.entries, this.languages) : null;
      this._entryOf = new Map();
      undelta(data.entry_places || []).forEach((place, row) => { this._entryOf.set(place, row); });
      this.anchors = data.anchors;
      this.closures = data.closures;
      // Places that are there from a minute on, or until one; none in older bundles.
      this._held = (data.held || []).map(([place, start, end, id]) => ({ place, start, end, id }));
      // Bundles of older versions have neither.
      this.boards = data.boards || [];
      this.stripes = data.stripes || [];
      // Bundles of older versions have them here, or landmarks only.
      this._sights = this.index.sights ? null : data.sights || { landmarks: data.landmarks };
    }

    readPhrases(data) {
      this.books = data.languages;
      this.profiles = {};
      Object.keys(data.profiles).forEach((id) => {
        this.profiles[id] = Object.assign({}, data.profiles[id], { id: id });
      });
      // Groups of walkers who have ways of their own, with their names; none in older bundles.
      this.groups = data.groups || {};
    }

    // -- places

    /** Numbers of the spaces of a place.
     * @param {number} place
     * @returns {number[]}
     */
    placeSpaces(place) {
      return Array.from(
        this._spaces.subarray(this._firstSpaceOf[place], this._firstSpaceOf[place + 1]));
    }

    /** The nodes at which people arrive.
     * @param {number} place
     * @returns {number[]}
     */
    placeNodes(place) {
      const given = this._nodes.get(place);
      return given || this.network.sidesOnly(this.placeSpaces(place));
    }

    /** [text, speech] of a place's name.
     * @param {number} place
     * @param {string} language
     */
    placeName(place, language) {
      return this._tableName(this._names, place, language);
    }

    /** [text, speech] of what to do at the door of a place that has an entry text: `hasEntry`. */
    placeEntry(place, language) {
      return this._tableName(this._entries, this._entryOf.get(place), language);
    }

    /** [text, speech] of the sign on a place's door, or null.
     * @param {number} place
     * @param {string} language
     */
    placeSign(place, language) {
      const row = this._signOf.get(place);
      return row === undefined ? null : this._tableName(this._signs, row, language);
    }

    _tableName(table, row, language) {
      const column = 2 * this._languageNumber(language);
      const rules = this.books[language].spoken;
      const speech = table.text(row, column + 1, function (digits) {
        return sayDigits(digits, rules);
      });
      return [table.text(row, column, null), speech];
    }

    _languageNumber(language) {
      const number = this.languages.indexOf(language);
      if (number < 0) {
        throw failure('unknown-language', language, { known: this.languages.join(', ') });
      }
      return number;
    }

    /** The door of which a place is the entrance, or -1.
     * @param {number} place
     * @returns {number}
     */
    placeDoor(place) {
      const door = this._doors.get(place);
      return door ? door[0] : -1;
    }

    /** Whether a place is open at a minute since 1970, and whether that is certain.
     * @param {number} place
     * @param {number} minute
     */
    stateOf(place, minute) {
      return stateAt(this._hoursOf(place), minute, this.network.calendar);
    }

    _hoursOf(place) {
      return this._hours[place] ? this._hoursRead[this._hours[place] - 1] : null;
    }

    /** Numbers of the places that are not there at a local time. If it is unknown (''), what is
     * planned is not, and what is there already is.
     * @param {string} at
     * @returns {number[]}
     */
    away(at) {
      const minute = at ? localMinute(at) : null;
      const isHeld = (one) => (minute === null ? !one.start : applies(one, minute));
      return this._held.filter((one) => !isHeld(one)).map((one) => one.place);
    }

    /** Of the places that take turns with one, the one that is there at a local time; itself, if
     * none is or it has no dates.
     * @param {number} place
     * @param {string} at
     * @returns {number}
     */
    inTurn(place, at) {
      const own = this._held.find((one) => one.place === place);
      const away = this.away(at);
      if (!own || !own.id || !away.includes(place)) return place;
      const other = this._held.find((one) => one.id === own.id && !away.includes(one.place));
      return other ? other.place : place;
    }

    /** The id by which a place is known wherever it is.
     * @param {number} place
     * @returns {string}
     */
    placeId(place) {
      const own = this._held.find((one) => one.place === place);
      return (own && own.id) || this.placeIds[place];
    }

    /** When a place is there no more, and the place that takes its turn then, -1 for none; null for
     * a place that stays.
     * @param {number} place
     * @returns {{at: string, to: number}|null}
     */
    moveOf(place) {
      const own = this._held.find((one) => one.place === place);
      if (!own || !own.end) return null;
      const next = this._held.find((one) => own.id && one.id === own.id && one.start === own.end);
      return { at: own.end, to: next ? next.place : -1 };
    }

    hasEntry(place) {
      return this._entryOf.has(place);
    }

    hasSign(place) {
      return this._signOf.has(place);
    }

    placeIsPublic(place) {
      return this._access[place] === 0;
    }

    placeCategory(place) {
      return this.categories[this._category[place]];
    }

    /** The kind of the first space of a place; '' for an entrance and a point. */
    placeKind(place) {
      const first = this.placeDoor(place) < 0 ? this.placeSpaces(place).slice(0, 1) : [];
      return first.map((space) => SPACE_KINDS[this.network.spaceKind[space]]).join('');
    }

    /** Labels of the levels of a place, or its category if it is at none.
     * @param {number} place
     * @returns {string}
     */
    placeWhere(place) {
      const levels = this.placeDoor(place) < 0 || this.placeSpaces(place).length
        ? this.levelsOf(place) : [];
      const labels = levels.map((level) => this.levels[level].label);
      return Array.from(new Set(labels)).join('/') || this.placeCategory(place);
    }

    /** Numbers of the levels of a place: those of its spaces, else of the nodes at which people
     * arrive.
     * @param {number} place
     * @returns {number[]}
     */
    levelsOf(place) {
      const spaces = this.placeSpaces(place).map((space) => this.network.spaceLevel[space]);
      if (spaces.length) return spaces;
      return this.placeNodes(place).slice(0, 1).map((node) => this.network.level[node]);
    }

    /** Everything about a place that is shown.
     * @param {number} place
     * @param {string} language
     * @returns {import('./types').Place}
     */
    place(place, language) {
      const name = this.placeName(place, language);
      const nodes = this.placeNodes(place);
      const hours = this._hours[place];
      return {
        place: place,
        id: this.placeIds[place],
        name: name[0],
        speech: name[1],
        aliases: this._aliases.get(place) || [],
        ref: this._refs.text(place, 0, null),
        category: this.placeCategory(place),
        access: ACCESS[this._access[place]],
        where: this.placeWhere(place),
        level: nodes.length ? this.network.level[nodes[0]] : -1,
        nodes: nodes,
        spaces: this.placeSpaces(place),
        hours: hours ? this._hoursText[hours - 1] : '',
        phone: (this._phones.get(place) || [''])[0],
        sign: (this.placeSign(place, language) || [''])[0],
        entry: this.hasEntry(place) ? this.placeEntry(place, language)[0] : '',
      };
    }

    /** Whether a place is open at a local time `YYYY-MM-DDTHH:MM`.
     * @param {number} place
     * @param {string} localTime
     * @returns {boolean}
     */
    isOpen(place, localTime) {
      return this._openAtTime(place, localTime).isOpen;
    }

    /** Whether what `isOpen` says is certain: not on a holiday of which the hours say nothing, nor
     * at a date beyond the calendar of the bundle.
     * @param {number} place
     * @param {string} localTime
     * @returns {boolean}
     */
    isOpenKnown(place, localTime) {
      return this._openAtTime(place, localTime).isKnown;
    }

    _openAtTime(place, localTime) {
      const minute = localMinute(localTime);
      if (isNaN(minute)) throw failure('bad-time', localTime);
      return this.stateOf(place, minute);
    }

    /** When a place opens or closes next, or stops being certain to: a local minute since 1970, and
     * what holds from then. null if nothing changes within two weeks, or nobody can say.
     * @param {number} place
     * @param {string} localTime
     */
    changeAt(place, localTime) {
      return changeAt(this._hoursOf(place), localMinute(localTime), this.network.calendar);
    }

    // -- lookup

    /** The spot a query means: an id, a code, a name, an alias, a door number or `category:toilet`
     * (the nearest public one, `toilet-accessible` and the like included; those for staff or for
     * some people only if there are no others; `category:toilet-men` is for men or for anybody); of
     * places with dates those that are there at a local time, or if it is unknown ('').
     * @param {string} query
     * @param {string} [at]
     * @returns {import('./types').Spot}
     */
    find(query, at) {
      const time = at || '';
      if (query.startsWith('category:')) {
        const category = query.slice('category:'.length);
        const places = this.placesOf(category, time);
        if (!places.length) {
          const known = nearest(category, this._categoriesAsked());
          throw failure('no-such-category', category, { known: known.join(', ') });
        }
        return { places: places, anchor: -1 };
      }
      const exact = this._withId(query, time);
      if (exact) return exact;
      const wanted = folded(query);
      const codes = this._anchorsWhere(
        (anchor) => folded(anchor.code) === wanted || folded(anchor.id) === wanted);
      if (wanted && codes.length === 1) return { places: [], anchor: codes[0] };
      const said = this._said();
      const places = this._placesWhere((i) => said[i].includes(wanted), time);
      if (!places.length) {
        return this._withFoldedId(wanted, time) || this._findPart(query, wanted, said, time);
      }
      if (places.length > 1) throw this._several(query, places);
      return { places: places, anchor: -1 };
    }

    /** The place, anchor or room with exactly that id or code; null if there is none. */
    _withId(query, at) {
      const turn = this._held.find((one) => one.id && one.id === query);
      const byId = turn ? turn.place : this.placeIds.indexOf(query);
      if (byId >= 0) return { places: [this.inTurn(byId, at)], anchor: -1 };
      const anchors = this._anchorsWhere((one) => query === one.id || query === one.code);
      if (anchors.length) return { places: [], anchor: anchors[0] };
      const space = this.network.spaceIds.indexOf(query);
      if (space < 0) return null;
      // A room may also be a department: its id means the room.
      const here = this._placesWhere((place) => this.placeSpaces(place).includes(space), at);
      here.sort((a, b) => this._perPlace[a] - this._perPlace[b] || a - b);
      return here.length ? { places: [here[0]], anchor: -1 } : null;
    }

    /** The one place or room whose id differs in case, width and blanks only. */
    _withFoldedId(wanted, at) {
      if (!this._ids) {
        const ids = this.placeIds.map((_, place) => this.placeId(place));
        this._ids = Array.from(new Set(ids.concat(this.network.spaceIds)));
        this._foldedIds = this._ids.map(folded);
      }
      const same = this._ids.filter((_, i) => this._foldedIds[i] === wanted);
      return same.length === 1 ? this._withId(same[0], at) : null;
    }

    _anchorsWhere(holds) {
      const found = [];
      this.anchors.forEach((anchor, i) => { if (holds(anchor)) found.push(i); });
      return found;
    }

    /** All categories that people may ask for, including wider ones of finer ones. */
    _categoriesAsked() {
      const all = this.rules.categories;
      const wider = Object.keys(all).map((one) => all[one].wider)
        .filter((one) => one && this.placesOf(one, '').length);
      return Array.from(new Set(this.categories.filter(Boolean).concat(wider)));
    }

    /** Numbers of the places that a category means at a local time: `toilet` does not include those
     * for men or for women only, unless there are no others.
     * @param {string} category
     * @param {string} at
     * @returns {number[]}
     */
    placesOf(category, at) {
      const key = category + ' ' + this.away(at).join(' ');
      if (!this._ofCategory.has(key)) this._ofCategory.set(key, this._placesOf(category, at));
      return this._ofCategory.get(key);
    }

    _placesOf(category, at) {
      const { wider } = this.rules.category(category);
      const found = this._placesWhere((i) => (
        this.isOf(i, category) || (wider && this.placeCategory(i) === wider)), at);
      const open = found.filter((i) => this.placeIsPublic(i));
      const most = open.length ? open : found;
      const anybody = most.filter((i) => (
        this.placeCategory(i) === category || !this.rules.isForSome(this.placeCategory(i))));
      return anybody.length ? anybody : most;
    }

    /** Whether a place is of a category or of a finer one.
     * @param {number} place
     * @param {string} category
     * @returns {boolean}
     */
    isOf(place, category) {
      return (this.placeCategory(place) + '-').startsWith(category + '-');
    }

    _findPart(query, wanted, said, at) {
      const anchors = this._anchorsWhere((anchor) => {
        const names = Object.keys(anchor.names).map((tag) => anchor.names[tag][0]);
        return names.some((name) => name !== anchor.code && folded(name) === wanted);
      });
      if (anchors.length === 1) return { places: [], anchor: anchors[0] };
      const hits = this._placesWhere(
        (i) => said[i].some((text) => text.indexOf(wanted) >= 0), at);
      if (wanted && hits.length === 1) return { places: hits, anchor: -1 };
      if (wanted && hits.length) throw this._several(query, hits);
      throw failure('no-such-place', query);
    }

    /** With a local time, or '', only places that are there then.
     * @param {function(number): boolean} holds
     * @param {string} [at]
     * @returns {number[]}
     */
    _placesWhere(holds, at) {
      const away = at === undefined ? [] : this.away(at);
      const places = [];
      for (let i = 0; i < this.placeCount; i++) if (holds(i) && !away.includes(i)) places.push(i);
      return places;
    }

    /** Lists the first dozen hits: id, name, building and level. */
    _several(query, places) {
      const language = this.languages.includes(LOG_LANGUAGE) ? LOG_LANGUAGE : this.languages[0];
      const shown = places.slice(0, 12).map((i) => (
        this.placeIds[i] + ' (' + this._described(i, language) + ')'));
      const more = places.length > 12 ? ' … ' + places.length : '';
      const error = failure('several-places', query, { hits: shown.join(', ') + more });
      return Object.assign(error, { hits: places });
    }

    /** Name, building if there are several, and level; the category if it is at none. */
    _described(place, language) {
      const several = new Set(this.levels.map((level) => level.building)).size > 1;
      const standing = this.placeDoor(place) < 0 || this.placeSpaces(place).length
        ? this.levelsOf(place) : [];
      const where = standing.map((number) => {
        const level = this.levels[number];
        const building = several ? this.buildings[level.building][language][0] : '';
        return [building, level.label].filter(Boolean).join(' ');
      });
      const stands = Array.from(new Set(where)).join('/') || this.placeCategory(place);
      return [this.placeName(place, language)[0], stands].filter(Boolean).join(' · ');
    }

    /** For each place, everything that people may call it, folded. */
    _said() {
      if (!this._saidTexts) {
        this._saidTexts = [];
        for (let i = 0; i < this.placeCount; i++) {
          this._saidTexts.push(this._saidOf(i).map(folded));
        }
      }
      return this._saidTexts;
    }

    /** The names of a place in each language, as written. */
    _namesOf(place) {
      return this.languages.map((_, k) => this._names.text(place, 2 * k, null)).filter(Boolean);
    }

    /** Everything that people may call a place, as written. */
    _saidOf(place) {
      const said = [];
      const add = function (text) { if (text && !said.includes(text)) said.push(text); };
      this._namesOf(place).forEach(add);
      (this._aliases.get(place) || []).forEach(add);
      add(this._refs.text(place, 0, null));
      return said;
    }

    // -- routes

    /** The moment of a departure: closures with a start or an end count only within them.
     * @param {string} depart
     * @param {string[]} closed
     * @returns {import('./types').Moment}
     */
    moment(depart, closed) {
      let minute = null;
      if (depart) {
        minute = localMinute(depart);
        if (isNaN(minute)) throw failure('bad-time', depart);
      }
      const active = new Set(closed);
      this.closures.concat(this.published).forEach(function (closure) {
        if (applies(closure, minute)) active.add(closure.target);
      });
      const hour = minute === null ? -1 : modulo(Math.floor(minute / 60), 24);
      return { minute: minute, hour: hour, closed: Array.from(active).sort() };
    }

    /** Sets the closures since the bundle was made, besides its own; closures of unknown things are
     * ignored.
     * @param {import('./types').Closure[]} closures
     */
    close(closures) {
      this.published = closures.filter((one) => this.knows(one.target));
    }

    /** How many minutes after a local time the next closure begins or ends, or the next place moves;
     * Infinity for none.
     * @param {string} now
     * @returns {number}
     */
    minutesToChange(now) {
      const minute = localMinute(now);
      const dated = this.closures.concat(this.published, this._held);
      const times = [].concat(...dated.map((one) => [one.start, one.end])).filter(Boolean);
      return Math.min(...times.map((time) => localMinute(time) - minute).filter((left) => left > 0));
    }

    /** Identifies the interval of all hours, of doors and of places, and of all moves that contains a
     * local time: the same text for times between which none begins or ends. */
    openAt(now) {
      const minute = localMinute(now);
      return this.network.hours.concat(this._hoursRead).map((one) => {
        const state = stateAt(one, minute, this.network.calendar);
        return Number(state.isOpen) + 2 * Number(state.isKnown);
      }).concat(this.away(now)).join('');
    }

    /** Whether this is the id of something that can be closed.
     * @param {string} id
     * @returns {boolean}
     */
    knows(id) {
      const edge = /^edge:(0|[1-9]\d*)$/.exec(id);
      if (edge) return Number(edge[1]) < this.network.edgeCount;
      return this.network.thingsOfId(id).length > 0;
    }

    /** Those closures of a moment that are on a route, from a given dart on.
     * @param {import('./types').Route} route
     * @param {import('./types').Moment} at
     * @param {number} [first]
     * @returns {import('./types').Closure[]}
     */
    closuresOn(route, at, first) {
      const network = this.network;
      const used = new Set();
      route.darts.slice(first || 0).forEach(function (dart) {
        const entered = network.spaceOfNode[network.endOf(dart)];
        used.add('edge:' + (dart >> 1));
        used.add(network.thingId(network.thing[dart >> 1]));
        if (entered >= 0) used.add(network.thingId(entered));
      });
      return this.closures.concat(this.published).filter(
        (one) => used.has(one.target) && applies(one, at.minute));
    }

    /** Those closures of a moment that close a place itself: its rooms, its door, the lift.
     * @param {number} place
     * @param {import('./types').Moment} at
     * @returns {import('./types').Closure[]}
     */
    closuresAt(place, at) {
      const { network } = this;
      const own = this.placeSpaces(place).map((space) => network.spaceIds[space]);
      const door = this.placeDoor(place);
      own.push(this.placeIds[place], door < 0 ? '' : network.doorIds[door]);
      return this.closures.concat(this.published).filter(
        (one) => own.includes(one.target) && applies(one, at.minute));
    }

    /** The name of a thing that can be closed, '' if it has none.
     * @param {string} id
     * @param {string} language
     * @returns {string}
     */
    thingName(id, language) {
      const place = this.placeIds.indexOf(id);
      const own = place >= 0 ? this.place(place, language).name : '';
      if (own) return own;
      const network = this.network;
      for (const thing of network.thingsOfId(id)) {
        const row = thing - network.firstConnector;
        const name = network.connector(thing)
          ? this._tableName(network.connectorNames, row, language)[0] : '';
        if (name) return name;
      }
      return '';
    }

    /** The least-cost route. `start` and `goal` are queries or spots.
     * @param {string|import('./types').Spot} start
     * @param {string|import('./types').Spot} goal
     * @param {{profile?: string, group?: string, depart?: string, closed?: string[]}} [options]
     * @returns {import('./types').Route}
     */
    route(start, goal, options) {
      const wanted = options || {};
      let profile = this.profiles[wanted.profile || 'walk'];
      if (!profile) {
        const known = Object.keys(this.profiles).join(', ');
        throw failure('unknown-profile', wanted.profile, { known: known });
      }
      if (wanted.group) profile = Object.assign({}, profile, { group: wanted.group });
      const closed = wanted.closed || [];
      closed.forEach((id) => {
        if (!this.knows(id)) throw failure('unknown-closure', id);
      });
      const at = this.moment(wanted.depart || '', closed);
      const from = typeof start === 'string' ? this.find(start, wanted.depart) : start;
      const to = typeof goal === 'string' ? this.find(goal, wanted.depart) : goal;
      try {
        return this.navigator.findRoute(from, to, profile, at);
      } catch (error) {
        if (!error.slots || !error.slots.thing) throw error;
        const named = this.thingSaid(error.slots.thing);
        throw failure(error.code, error.where, Object.assign({ named: named }, error.slots));
      }
    }

    /** What a visitor reads of a thing that is in the way, in the language of errors: its name,
     * else what it is and on which floor. Ids are for staff. See `navkit/venue/obstacles.py`.
     * @param {string} id
     * @returns {string}
     */
    thingSaid(id) {
      const { network } = this;
      const language = this.languages.includes(LOG_LANGUAGE) ? LOG_LANGUAGE : this.languages[0];
      const own = this.thingName(id, language);
      if (own) return own;
      const [thing] = network.thingsOfId(id);
      if (network.connector(thing)) return THINGS[network.connector(thing).kind];
      if (thing >= network.firstPath) return THINGS[network.paths[thing - network.firstPath].kind];
      const door = thing - network.firstDoor;
      const sides = door < 0 ? [thing] : [network.doorA[door], network.doorB[door]];
      const spaces = sides.filter((space) => space >= 0);
      const rooms = [].concat(...spaces.map((space) => this.placesAt(space)));
      const name = rooms.map((room) => this.place(room, language).name).find(Boolean);
      if (name) return door < 0 ? name : fill(THINGS['door-of'], { name: name });
      const kind = door < 0 ? SPACE_KINDS[network.spaceKind[thing]] : 'door';
      return fill(THINGS[kind], { level: this.levels[network.spaceLevel[spaces[0]]].label });
    }

    // -- guidance

    get around() {
      if (!this._around) {
        this._around = new Surroundings(this, this._sights || this._read(this.index.sights));
      }
      return this._around;
    }

    /** Whether a file that may come later, `search` or `sights`, can be read; what a bundle does not
     * have as a file is never missed. */
    has(role) {
      try {
        return !this.index[role] || Boolean(this._read(this.index[role]));
      } catch (error) {
        return false;
      }
    }

    /** Whether routes can be told: what people see on the way is here, and so is the program. */
    get canTell() {
      return Boolean(chunks()) && this.has('sights');
    }

    /** The route in words: instructions and notices.
     * @param {import('./types').Route} route
     * @param {string} language
     * @returns {import('./types').Told}
     */
    tell(route, language) {
      const teller = new Teller(this, language);
      return {
        language: language,
        instructions: chunks().cardsOf(route, this.around).map((one) => teller.instruction(route, one)),
        overview: teller.overview(overview.overview(route, this.rules.guidance)),
        notices: noticesOf(route, this).map((one) => teller.clause(one)),
        alternatives: route.alternatives.map((other) => teller.alternative(route, other)),
      };
    }

    /** A told route as plain data: what `navkit route --json` prints.
     * @param {import('./types').Route} route
     * @param {import('./types').Told} told
     */
    answer(route, told) {
      return routeAnswer(route, told);
    }

    // -- search

    /** What somebody who types or speaks may mean, the best first: by name, alias, number, pinyin
     * or its initials, by what sounds or looks like it, by symptoms and needs, in any language.
     * `options`: `limit` (20), `language` of the answers, `access` as a filter, `at`, the local time
     * at which places must be there, `from`, the spot at which somebody is: of places that match
     * alike the nearest comes first.
     * @param {string} text
     * @param {{limit?: number, language?: string, access?: string, at?: string,
     *   from?: import('./types').Spot|null}} [options]
     * @returns {import('./types').Place[]}
     */
    search(text, options) {
      const wanted = options || {};
      const language = wanted.language || this.languages[0];
      const limit = wanted.limit === undefined ? 20 : wanted.limit;
      const access = ACCESS.indexOf(wanted.access);
      const away = this.away(wanted.at || '');
      const far = wanted.from ? this._farFrom(wanted.from) : null;
      const hits = this._searching().hits(text, (place) => (
        (access < 0 || this._access[place] === access) && !away.includes(place)), far);
      return hits.slice(0, limit).map((hit) => {
        const found = this.place(hit.place, language);
        found.rank = hit.rank;
        found.alike = isAlike(hit.rank);
        if (hit.hint) found.hint = hit.hint;
        return found;
      });
    }

    /** A word in a text for something that this venue has not, such as a car park; '' if there is
     * none.
     * @param {string} text
     * @returns {string}
     */
    absent(text) {
      return this._searching().absent(text);
    }

    _searching() {
      if (!this._search) this._search = new Search(this, this._read(this.index.search));
      return this._search;
    }

    /** How far a place is from a spot, to sort by: in a straight line, with as much for a storey as
     * people walk on each side of a lift; null if nobody knows where the spot is. */
    _farFrom(spot) {
      const [from] = this.navigator.nodesOf(spot);
      if (from === undefined) return null;
      const here = this.at(from);
      return (place) => {
        const [node] = this.placeNodes(place);
        if (node === undefined) return Infinity;
        const there = this.at(node);
        const storeys = Math.abs(
          this.levels[there.level].ordinal - this.levels[here.level].ordinal);
        return Math.hypot(there.x - here.x, there.y - here.y) + storeys * STOREY_M;
      };
    }

    // -- scripts

    /** A route computed in advance: instructions, or an error if none is scripted. */
    script(startId, goalId, profile, language) {
      const teller = new Teller(this, language);
      const scripts = this._scripts();
      const number = scripts.find(startId, this.placeIds.indexOf(goalId), profile || 'walk');
      if (number < 0) throw failure('no-script', startId + ' → ' + goalId);
      const told = { language: language, length_cm: 0, duration_ms: 0, instructions: [] };
      scripts.steps(number).forEach((row) => {
        const cues = row.slice(4).map((k) => cue(scripts.cues[k][0], scripts.cues[k][1]));
        const card = teller.card(cues);
        card.level = row[0];
        card.length_cm = row[1];
        card.duration_ms = row[2];
        card.turn_deg = row[3];
        told.length_cm += row[1];
        told.duration_ms += row[2];
        told.instructions.push(card);
      });
      return told;
    }

    _scripts() {
      if (!this._scriptTable) this._scriptTable = new Scripts(this._read(this.index.scripts));
      return this._scriptTable;
    }

    // -- voice

    /** Clips of a language for `navkitVoice.clips`, with the name of their `file`; null if there
     * are none. */
    voice(language) {
      this._languageNumber(language);
      const files = (this.index.voice || {})[language];
      if (!files) return null;
      if (!this._voices.has(language)) {
        const index = this._read(files.index);
        this._voices.set(language, Object.assign({}, index, { file: files.clips }));
      }
      return this._voices.get(language);
    }

    /** Voices of the hospital's own, to choose for the directions of a language. */
    packs(language) {
      return (this.index.packs || []).filter(function (one) { return one.language === language; });
    }

    /** The clips of one of them, as `voice` has them. */
    pack(id) {
      const pack = (this.index.packs || []).find(function (one) { return one.id === id; });
      if (!pack) return null;
      const key = 'pack ' + id;
      if (!this._voices.has(key)) {
        this._voices.set(key, Object.assign({}, this._read(pack.index), { file: pack.clips }));
      }
      return this._voices.get(key);
    }

    // -- photos

    /** The photo of the view at the end of an instruction, or on arrival at a place: its `file`,
     * `width_px`, `height_px` and `names` by language. Null if there is none.
     * @param {import('./types').Route} route
     * @param {{first: number, last: number}} instruction
     */
    photo(route, instruction) {
      const last = instruction.last;
      const photos = this._photosNow();
      const goal = route.goal.places.find((place) => photos.ofPlace.has(place));
      if (last === route.nodes.length - 1 && goal !== undefined) return photos.ofPlace.get(goal);
      const turn = route.nodes[last] * this.network.nodeCount + route.nodes[last - 1];
      return last > instruction.first && photos.atTurn.get(turn) || null;
    }

    /** The photo of a place itself, as `photo` has them; null if there is none.
     * @param {number} place
     */
    photoOf(place) {
      if (!this.has('photos')) return null; // They may still come.
      return this._photosNow().ofPlace.get(place) || null;
    }

    /** The photos, none while their file is still on its way. */
    _photosNow() {
      if (!this._photos && this.has('photos')) this._photos = this._readPhotos();
      return this._photos || { atTurn: new Map(), ofPlace: new Map() };
    }

    _readPhotos() {
      const found = { atTurn: new Map(), ofPlace: new Map() };
      if (!this.index.photos) return found;
      const file = this._read(this.index.photos);
      undelta(file.node).forEach((node, i) => {
        const turn = node * this.network.nodeCount + node + file.before[i];
        found.atTurn.set(turn, file.photos[file.photo[i]]);
      });
      file.places.forEach((row) => { found.ofPlace.set(row[0], file.photos[row[1]]); });
      return found;
    }

    // -- levels

    /** Outlines and doors of a level, in metres, x to the right and y up.
     * @param {number} number
     */
    level(number) {
      const level = this.levels[number];
      const network = this.network;
      const first = network.firstSpace[number];
      const file = this._read(level.file);
      const outlines = outlinesOf(file, network.firstSpace[number + 1] - first);
      const doors = [];
      for (let door = 0; door < network.doorCount; door++) {
        if (network.spaceLevel[network.doorA[door]] !== number) continue;
        const shape = network.doorShapes[network.doorShape[door]];
        const x = network.doorX[door];
        const y = network.doorY[door];
        doors.push({
          id: network.doorIds[door],
          kind: DOOR_KINDS[network.doorKind[door]],
          entrance: (network.doorFlags[door] & 1) === 1,
          line: [
            [(x - shape[0]) / 100, (y - shape[1]) / 100],
            [(x + shape[0]) / 100, (y + shape[1]) / 100],
          ],
        });
      }
      return {
        id: level.id,
        ordinal: level.ordinal,
        label: level.label,
        building: level.building,
        spaces: outlines.map(function (rings, i) {
          return {
            space: first + i,
            id: network.spaceIds[first + i],
            kind: SPACE_KINDS[network.spaceKind[first + i]],
            access: ACCESS[network.spaceAccess[first + i]],
            rings: rings,
          };
        }),
        doors: doors,
        paths: this._pathsOn(number),
        stripes: this.stripes.filter((one) => one.level === number).map((one) => ({
          id: one.id,
          drawn: one.drawn,
          line: one.course.filter((_, i) => i % 2 === 0)
            .map((x, i) => [x / 100, one.course[2 * i + 1] / 100]),
        })),
      };
    }

    /** Pieces of the drawn paths of a level, in metres, with the id of the path. */
    _pathsOn(level) {
      const network = this.network;
      const found = [];
      for (let edge = 0; edge < network.edgeCount; edge++) {
        const path = network.thing[edge] - network.firstPath;
        if (path < 0) continue;
        const ends = [network.a[edge], network.b[edge]];
        if (ends.some((node) => network.level[node] !== level)) continue;
        found.push({
          id: network.pathIds[path],
          line: ends.map((node) => [network.x[node] / 100, network.y[node] / 100]),
        });
      }
      return found;
    }

    /** The position of a node: its level, its space (-1 on a drawn path), and metres.
     * @param {number} node
     */
    at(node) {
      const network = this.network;
      return {
        level: network.level[node],
        space: network.spaceOfNode[node],
        x: network.x[node] / 100,
        y: network.y[node] / 100,
      };
    }

    /** What a dart leads through: corridor, door, stairs, ride …
     * @param {number} dart
     * @returns {string}
     */
    kindOf(dart) {
      return KIND_NAMES[this.network.kind[dart >> 1]];
    }

    /** Numbers of the places at a space, such as the one that somebody taps.
     * @param {number} space
     * @returns {number[]}
     */
    placesAt(space) {
      return this._placesWhere((place) => this.placeSpaces(place).includes(space));
    }

    /** Numbers of the places on a level, also of those that are not there yet: at its spaces, else
     * at its nodes.
     * @param {number} level
     * @returns {number[]}
     */
    placesOn(level) {
      const network = this.network;
      return this._placesWhere((place) => {
        const spaces = this.placeSpaces(place);
        return spaces.length ? spaces.some((space) => network.spaceLevel[space] === level)
          : this.placeNodes(place).some((node) => network.level[node] === level);
      });
    }
  }

  /** How much contraction one step of opening does: some tens of milliseconds on a phone. */
  const CONTRACTED_AT_ONCE = 60000;

  /** Open a bundle step by step: `step()` does one and returns whether more are left; `bundle` is
   * complete when none is. No step takes long, so that a client can draw in between.
   * @param {function(string): (string|object)} read
   */
  function begin(read) {
    const parsed = function (name) {
      let data;
      try {
        data = read(name);
        if (typeof data === 'string') data = JSON.parse(data);
      } catch (error) {
        throw failure('bundle-damaged', name, { cause: String(error && error.message) });
      }
      if (!data || typeof data !== 'object') throw failure('bundle-damaged', name);
      return data;
    };
    /** @type {Bundle} */
    let bundle = null;
    /** @type {InstanceType<typeof Network>} */
    let network = null;
    let file = null;
    /** @type {(function(): boolean|void)[]} */
    const steps = [
      function () {
        const index = parsed('index.json');
        if (index.format !== FORMAT) throw failure('not-a-bundle', 'index.json');
        if (!(index.version <= VERSION)) {
          throw failure('bundle-too-new', 'index.json', { version: index.version });
        }
        bundle = opening.bundle = new Bundle(index, parsed);
        network = bundle.network = new Network(index.levels);
      },
      function () { bundle.readRules(bundle.index.rules && parsed(bundle.index.rules)); },
      function () { file = parsed(bundle.index.network); },
      function () { network.readSpaces(file.spaces); },
      function () { network.readDoors(file.doors); network.readThings(file, bundle.languages); },
      function () { network.readNodes(file); },
      function () { network.readEdges(file); },
      function () { network.joinEdges(); },
      function () { bundle.readPhrases(parsed(bundle.index.phrases)); },
      function () { file = parsed(bundle.index.directory); },
      function () { bundle.readDirectory(file); },
      function () { file = parsed(bundle.index.details); },
      function () { bundle.readDetails(file); file = null; },
      function () { bundle.navigator.hierarchy = new Hierarchy(network); },
      function () { return bundle.navigator.hierarchy.contract(CONTRACTED_AT_ONCE); },
      function () { bundle.navigator.hierarchy.finish(); },
      function () { bundle.navigator.hierarchy.pair(); },
    ];
    let at = 0;
    const opening = {
      /** @type {Bundle} */
      bundle: null,
      step: function () {
        // A step that returns true wants to be called again.
        if (at < steps.length && steps[at]() !== true) at++;
        return at < steps.length;
      },
    };
    return opening;
  }

  /** Open a bundle at once.
   * @param {function(string): (string|object)} read
   * @returns {Bundle}
   */
  function open(read) {
    const opening = begin(read);
    while (opening.step());
    return opening.bundle;
  }

  return {
    open: open,
    begin: begin,
    VERSION: VERSION,
    localMinute: localMinute,
    minuteOfWeek: minuteOfWeek,
    isOpen: isOpen,
    numberWords: numberWords,
    sayDigits: sayDigits,
    folded: folded,
    roundedM: roundedM,
    roundedMin: roundedMin,
    rulesOf: rulesOf,
    turnBetween: turnBetween,
    tenths: tenths,
  };
});
