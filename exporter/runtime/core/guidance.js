/* Steps in one language, and a route as plain data: see `navkit/guidance/guidance.py` and
 * `navkit/guidance/answers.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./findings.js'), require('./hours.js'), require('./measure.js'), require('./cues.js')
    );
  } else {
    root.navkitGuidance = make(
      root.navkitFindings, root.navkitHours, root.navkitMeasure, root.navkitCues
    );
  }
})(this, /**
 * @param {typeof import('./findings.js')} findings
 * @param {typeof import('./hours.js')} hours
 * @param {typeof import('./measure.js')} measure
 * @param {typeof import('./cues.js')} cues
 */ function (findings, hours, measure, cues) {
  'use strict';

  const { fill } = findings;
  const { roundedM, roundedMin } = measure;
  const { CueKind, DECLARED, kindOf, cue } = cues;

  /** Slots whose names take the verb. */
  const SUBJECTS = ['place', 'connector', 'anchor'];

  const NUMBER = /^-?\d+$/;
  const DIGIT = /^\d/;
  const LETTER = /^[A-Za-z\d]/;
  const LETTER_AT_END = /[A-Za-z\d]$/;

  function capital(text) {
    return text.slice(0, 1).toUpperCase() + text.slice(1);
  }

  /** A text with its stop, which a name at its end may have already. */
  function stopped(text, stop) {
    return text.endsWith(stop) ? text : text + stop;
  }

  function lastWord(name) {
    return name.slice(name.lastIndexOf(' ') + 1).toLowerCase();
  }

  /** Puts steps into one language for one bundle. */
  class Teller {
    constructor(bundle, language) {
      bundle._languageNumber(language);
      this._bundle = bundle;
      this._language = language;
      this._book = bundle.books[language];
      // A bundle of before has none of these.
      this._closers = this._book.grammar.closers || [];
      this._tails = this._book.grammar.tails || [];
    }

    /** A cue as words, to read and to hear; none about what needs no mention. */
    clause(one) {
      /** @type {import('./types').Texts} */
      const text = {};
      /** @type {import('./types').Texts} */
      const speech = {};
      Object.keys(one.slots).forEach((name) => {
        const pair = this._slot(name, one.slots[name]);
        text[name] = pair[0];
        speech[name] = pair[1];
      });
      if (!Object.keys(text).every((name) => text[name])) {
        return { kind: one.kind, text: '', speech: '' };
      }
      text.is = this._verb(SUBJECTS.map((name) => text[name]).find(Boolean) || '');
      speech.is = this._verb(SUBJECTS.map((name) => speech[name]).find(Boolean) || '');
      const template = this._book.clauses[one.kind];
      const said = this._book.speech[one.kind];
      const isSilent = Object.keys(text).some((name) => text[name] && !speech[name]);
      return {
        kind: one.kind,
        text: fill(template, text),
        speech: isSilent ? '' : fill(said === undefined ? template : said, speech),
      };
    }

    /** The verb that a name takes. */
    _verb(name) {
      const { verbs, nouns } = this._book.grammar;
      return verbs[this._isJoined(name) ? 1 : nouns[this._noun(name)] || 0];
    }

    _named(pair) {
      return pair.map((name) => this._part(name));
    }

    /** A name as a part of a sentence: with its article, and a word by itself in small letters. */
    _part(name) {
      const grammar = this._book.grammar;
      const first = name.split(' ')[0].toLowerCase();
      if (grammar.placed.includes(first)) {
        return grammar.at + name.slice(0, 1).toLowerCase() + name.slice(1);
      }
      if (grammar.bare.includes(first) || DIGIT.test(first)) return name;
      if (grammar.nouns[this._noun(name)] === undefined || this._isJoined(name)) return name;
      return grammar.the + (name.includes(' ') ? name : name.toLowerCase());
    }

    /** The word of a name that decides about article and verb: its last, or the last before what
     * only tells more about it. */
    _noun(name) {
      return lastWord(this._head(name));
    }

    /** A name without what only tells more about it. */
    _head(name) {
      return this._book.grammar.more.reduce((left, more) => left.split(more)[0] || left, name);
    }

    /** Whether a name is of two things, such as "Registration and Cashier". */
    _isJoined(name) {
      const { joins, nouns } = this._book.grammar;
      const head = this._head(name);
      const before = head.slice(0, Math.max(0, head.lastIndexOf(' ')));
      return Boolean(joins) && lastWord(before) === joins && nouns[lastWord(head)] !== undefined;
    }

    /** A name, with the word for the thing if it is nothing but a code, such as TR07. */
    _coded(pair, word) {
      const grammar = this._book.grammar;
      if (!word || !new RegExp('^(?:' + grammar.code + ')$').test(pair[0])) return this._named(pair);
      return pair.map((name) => (name ? fill(grammar.coded, { word: word, name: name }) : ''));
    }

    /** A place; a room that has only a number is called a room. */
    _place(number) {
      const name = this._bundle.placeName(number, this._language);
      return this._coded(name, this._book.coded[this._bundle.placeKind(number)] || '');
    }

    /** The sign on the door of a place; empty if it says what has been said: the name. */
    _sign(number) {
      const sign = this._bundle.placeSign(number, this._language);
      return sign[0] === this._bundle.placeName(number, this._language)[0] ? ['', ''] : sign;
    }

    /** A posted label; one that is only a number needs a word in a sentence. */
    _storey(label) {
      return NUMBER.test(label) ? fill(this._book.grammar.number, { label: label }) : label;
    }

    /** Text and speech of a slot. */
    _slot(name, value) {
      const bundle = this._bundle;
      switch (name) {
        case 'place': return this._place(value);
        case 'sign': return this._sign(value);
        case 'entry': return bundle.placeEntry(value, this._language);
        case 'anchor': return this._named(bundle.anchors[value].names[this._language]);
        case 'board': return bundle.boards[value].names[this._language];
        case 'stripe': {
          const line = this._book.stripes[bundle.stripes[value].colour];
          return [line, line];
        }
        case 'level': {
          const level = bundle.levels[value];
          return [this._storey(level.label), level.speech[this._language]];
        }
        case 'floor': return this._floor(value);
        case 'connector': return this._connector(value);
        case 'cm': {
          const metres = roundedM(value, bundle.rules.guidance);
          return [String(metres), this._number(metres)];
        }
        case 'nth': return [this._book.ordinals[value - 1], this._book.ordinals[value - 1]];
        case 'minutes': return [String(value), this._number(value)];
        case 'count':
        case 'floors': return [this._number(value), this._number(value)];
        default: return [String(value), String(value)];
      }
    }

    /** Building and posted label, for somebody who comes from another building. */
    _floor(number) {
      const level = this._bundle.levels[number];
      const building = this._bundle.buildings[level.building];
      const names = this._named((building && building[this._language]) || ['', '']);
      const storeys = [this._storey(level.label), level.speech[this._language]];
      if (!names[0]) return storeys;
      const { floor: plain, apart } = this._book.grammar;
      const floor = LETTER_AT_END.test(names[0]) && LETTER.test(storeys[0]) ? apart : plain;
      return storeys.map((storey, i) => fill(floor, { building: names[i], level: storey }));
    }

    /** The name of a shaft, else the word for its kind. */
    _connector(thing) {
      const network = this._bundle.network;
      const connector = network.connector(thing);
      if (connector) {
        const row = thing - network.firstConnector;
        const name = this._bundle._tableName(network.connectorNames, row, this._language);
        if (name[0]) return this._coded(name, this._book.coded[connector.kind] || '');
      }
      let kind = connector ? connector.kind : network.paths[thing - network.firstPath].kind;
      if (kind === 'footway') kind = 'stairs';
      const word = this._part(this._book.shafts[kind]);
      return [word, word];
    }

    _number(value) {
      return this._book.numbers[String(value)] || String(value);
    }

    /** Clauses in one sentence, or in several where the language wants them: two that could stand
     * alone are joined by its word for and, a third begins a sentence of its own. */
    _joined(clauses, name) {
      const book = this._book;
      const grammar = book.grammar;
      let whole = '';
      let alone = 0;
      let isOver = false;
      for (const { kind, [name]: told } of clauses) {
        if (!told) continue;
        const text = grammar.parted.includes(kind) ? this._parted(told) : told;
        const opens = grammar.openers.includes(kind);
        const tells = grammar.trailers.includes(kind);
        const begins = opens || isOver || alone > 1 || grammar.starts.includes(kind);
        if (!whole) {
          whole = capital(text);
        } else if (tells || !alone || !grammar.and) {
          whole += this._link(kind) + text;
        } else if (begins) {
          whole = stopped(whole, book.stop) + book.gap + capital(text);
          alone = 0;
        } else {
          whole += grammar.and + text;
        }
        alone += Number(!opens && !tells);
        isOver = this._closers.includes(kind) || (tells && alone > 0);
      }
      return stopped(whole, book.stop);
    }

    /** What stands before a clause that goes on with a sentence. */
    _link(kind) {
      return this._tails.includes(kind) ? this._book.gap : this._book.join;
    }

    /** A clause as two sentences, cut where it joins them. */
    _parted(text) {
      const { join, stop, gap } = this._book;
      const at = text.indexOf(join);
      return text.slice(0, at) + stop + gap + capital(text.slice(at + join.length));
    }

    /** Cues as one card: text, speech and clauses. */
    card(cues) {
      const clauses = cues.map((one) => this.clause(one)).filter((one) => one.text);
      return {
        text: this._joined(clauses, 'text'),
        speech: this._joined(clauses, 'speech'),
        clauses: clauses,
      };
    }

    /** What a quicker way takes that the walker has not asked for, and what it saves. */
    alternative(route, other) {
      const book = this._book.others;
      const minutes = roundedMin(route.duration_ms - other.duration_ms);
      const saved = minutes ? fill(book.sooner, { minutes: String(minutes) }) : book.soon;
      const said = Object.keys(other.unasked).map((choice) => book[choice]).concat(saved);
      return capital(said.join(this._book.join)) + this._book.stop;
    }

    /** The overview as sentences: where and how long, then one for each change. */
    overview(cues) {
      const clauses = cues.map((one) => this.clause(one));
      const said = (name) => [clauses.slice(0, 2)].concat(clauses.slice(2).map((one) => [one]))
        .filter((some) => some.length)
        .map((some) => this._joined(some, name)).join(this._book.gap);
      return { text: said('text'), speech: said('speech'), clauses: clauses };
    }

    /** A step of a route as one card. */
    instruction(route, one) {
      const card = /** @type {import('./types').Instruction} */ (this.card(one.cues));
      card.level = route.network.level[route.nodes[one.first]];
      card.length_cm = 0;
      card.duration_ms = 0;
      for (let i = one.first; i < one.last; i++) {
        card.length_cm += route.network.length[route.darts[i] >> 1];
        card.duration_ms += route.durations_ms[i];
      }
      card.turn_deg = one.turn_deg;
      card.first = one.first;
      card.last = one.last;
      card.moves = overBridges([].concat(...one.moves.map((move) => onEachFloor(route, move))))
        .map((move) => this.move(one, move));
      return card;
    }

    /** One thing to do of a step: where on the route, how one turns, its words and what they name.
     * @returns {import('./types').Move} */
    move(step, move) {
      const said = move.cues.filter((one) => step.cues.includes(one));
      const signs = said.map((one) => cues.signOf(one.kind));
      return {
        first: move.first, at: move.at, last: move.last, turn_deg: move.turn_deg,
        sign: signs.find((sign) => sign && sign !== 'ahead') || 'ahead',
        text: this._joined(said.map((one) => this.clause(one)), 'text'),
        names: said.map((one) => ({
          kind: one.kind, family: DECLARED[one.kind].family, slots: one.slots,
        })),
      };
    }
  }

  /** Moves, those over a bridge with the way to it if that is straight ahead. */
  function overBridges(moves) {
    const found = [];
    moves.forEach(function (move) {
      const before = found[found.length - 1];
      const [cross] = move.cues;
      const isOver = cross && DECLARED[cross.kind].family === 'cross';
      const isAhead = isOver && before && before.cues.length && !before.turn_deg &&
        before.cues.every((one) => ['', 'ahead'].includes(cues.signOf(one.kind)));
      if (!isAhead) {
        found.push(move);
        return;
      }
      found[found.length - 1] = Object.assign({}, move, {
        first: before.first, cues: before.cues.concat(move.cues),
      });
    });
    return found;
  }

  /** A move that leads to another floor and goes on there, as two. */
  function onEachFloor(route, move) {
    const [ride] = move.cues;
    if (!ride || DECLARED[ride.kind].sign !== 'change') return [move];
    const levelAt = (i) => route.network.level[route.nodes[i]];
    let [left, come] = [move.first, move.last];
    while (left < move.last && levelAt(left + 1) === levelAt(move.first)) left++;
    while (come > move.first && levelAt(come - 1) === levelAt(move.last)) come--;
    const isThrough = (one) => one.kind === CueKind.LIFT_THROUGH;
    const rest = move.cues.slice(1).filter((one) => !isThrough(one));
    const up = Object.assign({}, move, {
      cues: [ride].concat(move.cues.filter(isThrough)), at: left, last: come, turn_deg: 0,
    });
    if (!rest.some((one) => DECLARED[one.kind].sign)) return [Object.assign(up, { last: move.last })];
    return [up, Object.assign({}, move, { cues: rest, first: come, at: Math.max(come, move.at) })];
  }

  /** Cues about the whole route. */
  function noticesOf(route, venue) {
    const cues = route.unverified.map((missing) => cue(kindOf('notice', missing)));
    route.goal.places.forEach(function (place) {
      if (route.at.minute !== null && !venue.stateOf(place, route.at.minute).isOpen) {
        cues.push(cue(CueKind.NOTICE_CLOSED_NOW, { place: place }));
      }
    });
    if (route.at.closed.length) cues.push(cue(CueKind.NOTICE_CLOSED));
    return cues;
  }

  /** Milliseconds as seconds to the tenth, halves up. */
  function tenths(durationMs) {
    return Math.floor((durationMs + 50) / 100) / 10;
  }

  /** A route as plain data: metres to the centimetre, seconds to the tenth, levels by id. */
  function routeAnswer(route, told) {
    const levels = route.network.levels;
    const clause = function (one) {
      return { kind: one.kind, text: one.text, speech: one.speech };
    };
    // Rounded so that the parts add up to the whole.
    let sumMs = 0;
    const seconds = told.instructions.map(function (one) {
      const before = Math.floor((sumMs + 50) / 100);
      sumMs += one.duration_ms;
      return (Math.floor((sumMs + 50) / 100) - before) / 10;
    });
    return {
      length_m: route.length_cm / 100,
      duration_s: tenths(route.duration_ms),
      instructions: told.instructions.map(function (one, number) {
        return {
          text: one.text,
          speech: one.speech,
          clauses: one.clauses.map(clause),
          level: levels[one.level].id,
          length_m: one.length_cm / 100,
          duration_s: seconds[number],
          turn_deg: one.turn_deg,
        };
      }),
      path: routePath(route),
      overview: { text: told.overview.text, speech: told.overview.speech },
      notices: told.notices.map(clause),
      alternatives: route.alternatives.map((other, number) => ({
        by: Object.keys(other.unasked),
        text: told.alternatives[number],
        length_m: other.length_cm / 100,
        duration_s: tenths(other.duration_ms),
      })),
    };
  }

  /** The line walked, a piece for each stretch on one level. */
  function routePath(route) {
    const network = route.network;
    const found = [];
    let last = -1;
    route.nodes.forEach(function (node) {
      const level = network.level[node];
      if (level !== last) {
        found.push({ level: network.levels[level].id, points: [] });
        last = level;
      }
      const x = network.x[node] / 100;
      const y = network.y[node] / 100;
      const points = found[found.length - 1].points;
      const before = points[points.length - 1];
      if (!before || before[0] !== x || before[1] !== y) points.push([x, y]);
    });
    const walked = found.filter((piece) => piece.points.length > 1);
    return walked.length ? walked : found.slice(0, 1);
  }

  return { Teller, noticesOf, tenths, routeAnswer };
});
