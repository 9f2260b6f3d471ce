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
  const { isOpen } = hours;
  const { roundedM } = measure;
  const { CueKind, kindOf, cue } = cues;

  /** Puts steps into one language for one bundle. */
  class Teller {
    constructor(bundle, language) {
      bundle._languageNumber(language);
      this._bundle = bundle;
      this._language = language;
      this._book = bundle.books[language];
    }

    /** A cue as words, to read and to hear. */
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
      const template = this._book.clauses[one.kind];
      const said = this._book.speech[one.kind];
      return {
        kind: one.kind,
        text: fill(template, text),
        speech: fill(said === undefined ? template : said, speech),
      };
    }

    /** Text and speech of a slot. */
    _slot(name, value) {
      const bundle = this._bundle;
      switch (name) {
        case 'place': return bundle.placeName(value, this._language);
        case 'sign': return bundle.placeSign(value, this._language);
        case 'entry': return bundle.placeEntry(value, this._language);
        case 'anchor': return bundle.anchors[value].names[this._language];
        case 'level': {
          const level = bundle.levels[value];
          return [level.label, level.speech[this._language]];
        }
        case 'floor': return this._floor(value);
        case 'connector': return this._connector(value);
        case 'cm': {
          const metres = roundedM(value, bundle.rules.guidance);
          return [String(metres), this._number(metres)];
        }
        case 'nth': return [this._book.ordinals[value - 1], this._book.ordinals[value - 1]];
        case 'count':
        case 'floors': return [this._number(value), this._number(value)];
        default: return [String(value), String(value)];
      }
    }

    /** Building and posted label, for somebody who comes from another building. */
    _floor(number) {
      const level = this._bundle.levels[number];
      const building = this._bundle.buildings[level.building];
      const name = (building && building[this._language]) || ['', ''];
      const gap = name[0] ? this._book.gap : '';
      return [name[0] + gap + level.label, name[1] + gap + level.speech[this._language]];
    }

    /** The name of a shaft, else the word for its kind. */
    _connector(thing) {
      const network = this._bundle.network;
      const connector = network.connector(thing);
      if (connector) {
        const row = thing - network.firstConnector;
        const name = this._bundle._tableName(network.connectorNames, row, this._language);
        if (name[0]) return name;
      }
      let kind = connector ? connector.kind : network.paths[thing - network.firstPath].kind;
      if (kind === 'footway') kind = 'stairs';
      return [this._book.shafts[kind], this._book.shafts[kind]];
    }

    _number(value) {
      return this._book.numbers[String(value)] || String(value);
    }

    _joined(parts) {
      const text = parts.filter(Boolean).join(this._book.join);
      return text.slice(0, 1).toUpperCase() + text.slice(1) + this._book.stop;
    }

    /** Cues as one card: text, speech and clauses. */
    card(cues) {
      const clauses = cues.map((one) => this.clause(one));
      return {
        text: this._joined(clauses.map((clause) => clause.text)),
        speech: this._joined(clauses.map((clause) => clause.speech)),
        clauses: clauses,
      };
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
      return card;
    }
  }

  /** Cues about the whole route. */
  function noticesOf(route, venue) {
    const cues = route.unverified.map((missing) => cue(kindOf('notice', missing)));
    route.goal.places.forEach(function (place) {
      if (route.at.minute !== null && !isOpen(venue.placeHours(place), route.at.minute)) {
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
      notices: told.notices.map(clause),
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
