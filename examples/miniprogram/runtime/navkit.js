/* navkit: indoor navigation that works with no network. The phone's runtime.
 *
 * Reads a bundle (docs/bundle-format.md) and answers as the Python package does: the same
 * network, routes, costs and sentences. One file for CommonJS, for <script> (global
 * `navkit`) and for sandboxes without eval. ES2017; no DOM, fetch, wx, Intl, TextDecoder.
 *
 *   var bundle = navkit.open(read);         // read(name): parsed JSON, or text, of a file
 *   var opening = navkit.begin(read);       // the same in steps: while (opening.step()) …
 *   bundle.find('放射科')                   // a spot: what one query means, or an error
 *   bundle.search('fsk', {limit: 10})       // what somebody who types may mean
 *   var route = bundle.route(start, goal, {profile: 'walk', depart: '', closed: []});
 *   var told = bundle.tell(route, 'en');    // instructions with clauses, notices
 *   bundle.answer(route, told)              // what `navkit route --json` prints
 *   bundle.script(startId, goalId, 'walk', 'en')   // a route told beforehand
 *   bundle.voice('zh-Hans')                // where its clips lie, for voice.js; or null
 *   bundle.level(i)                         // outlines, doors and paths of a level, in metres
 *
 * Errors carry `code`, `slots` and a sentence in English. docs/runtime.md tells the rest.
 *
 * Sections follow the Python modules of the same names. Whole centimetres and milliseconds,
 * halves rounded up, ties broken by number: keep the order of every sum and every loop.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkit = make();
  }
})(this, function () {
  'use strict';

  const FORMAT = 'navkit-bundle';
  const VERSION = 1;

  const SPACE_KINDS = [
    'room', 'corridor', 'hall', 'stairs', 'elevator', 'escalator', 'ramp', 'outdoor', 'closed',
  ];
  const DOOR_KINDS = ['unknown', 'hinged', 'automatic', 'sliding', 'revolving', 'open'];
  const ACCESS = ['public', 'staff', 'restricted'];

  // ---------------------------------------------------------------- findings

  /** English sentences of the errors; a phrase book may bring `errors` of its own. */
  const MESSAGES = {
    'not-a-bundle': 'this is no navkit bundle. Export it again with navkit bundle.',
    'bundle-too-new': 'this map was made for a newer version of the app. Update the app.',
    'bundle-damaged': 'this file is missing or damaged. Download the map again.',
    'unknown-language': 'this map has no such language. Known: {known}.',
    'unknown-profile': 'there is no such profile. Known: {known}.',
    'bad-time': 'write the time like 2026-03-02T09:30.',
    'unknown-closure': 'no door, connector, space or path has this id. Take one from venue.json.',
    'no-such-place': 'there is no such place. Try another name, the number on the door or an id.',
    'no-such-category': 'there are no places of this category. Known: {known}.',
    'several-places': 'several places fit; say which by id: {hits}.',
    'no-script': 'no route is scripted between these two.',
    'no-route': 'no way joins these two. Check doors, lifts and stairs in the drawing, or ask at the information desk.',
    'no-route-closed': '{thing} is closed and there is no other way. Ask at the information desk or wait until it opens.',
    'no-route-hours': '{thing} is not open at this time and there is no other way. Come within its hours or ask at the information desk.',
    'no-route-stairs': '{profile} takes no stairs, and only the stairs {thing} lead there. Ask at the information desk for help.',
    'no-route-escalator': '{profile} takes no escalator, and only the escalator {thing} leads there. Ask at the information desk for help.',
    'no-route-steps': '{thing} has steps, which {profile} cannot pass. Ask at the information desk for help.',
    'no-route-slope': '{thing} is too steep for {profile}. Ask at the information desk for help.',
    'no-route-narrow-door': 'the door {thing} is too narrow for {profile}. Ask at the information desk, or have its width checked.',
    'no-route-narrow-passage': '{thing} is too narrow for {profile}. Ask at the information desk for help.',
    'no-route-small-cabin': 'the cabin of {thing} is too small for {profile}. Take a bed lift.',
    'no-route-door-kind': '{thing} is a revolving door, which {profile} cannot pass. Ask at the information desk for help.',
    'no-route-access': 'the way leads through {thing}, which is for staff only. Ask at the information desk to be taken there.',
  };

  /** An error that says what, where and what next: `code`, `where`, `slots`, `message`. */
  function failure(code, where, slots) {
    const sentence = fill(MESSAGES[code] || code, slots || {});
    const error = new Error(where ? where + ': ' + sentence : sentence);
    error.code = code;
    error.where = where || '';
    error.slots = slots || {};
    return error;
  }

  /** `template` with `{name}` replaced by the slots. */
  function fill(template, slots) {
    return template.replace(/\{(\w+)\}/g, function (whole, name) {
      return Object.prototype.hasOwnProperty.call(slots, name) ? String(slots[name]) : whole;
    });
  }

  // ----------------------------------------------------------------- columns

  /** Values of differences. */
  function undelta(steps) {
    const values = new Int32Array(steps.length);
    let last = 0;
    for (let i = 0; i < steps.length; i++) {
      last += steps[i];
      values[i] = last;
    }
    return values;
  }

  /** Values of `[value, length, …]`. */
  function unrun(runs) {
    let count = 0;
    for (let i = 1; i < runs.length; i += 2) count += runs[i];
    const values = new Int32Array(count);
    let at = 0;
    for (let i = 0; i < runs.length; i += 2) {
      values.fill(runs[i], at, at + runs[i + 1]);
      at += runs[i + 1];
    }
    return values;
  }

  /** A column of `count` values that is nearly always `usual`. */
  function unsparse(column, count, usual) {
    const values = new Int32Array(count);
    if (usual) values.fill(usual);
    let at = 0;
    for (let i = 0; i < column.at.length; i++) {
      at += column.at[i];
      values[at] = column.value[i];
    }
    return values;
  }

  /** The n-th column of a table of types. */
  function columnsOf(data) {
    return function (number) {
      const values = new Int32Array(data.type.length);
      for (let i = 0; i < values.length; i++) values[i] = data.types[data.type[i]][number];
      return values;
    };
  }

  /** A text table: templates cut at their numbers' places, numbers of all rows. */
  class Table {
    constructor(data, languages) {
      const count = data.template.length;
      this.count = count;
      this._template = data.template;
      this._first = new Int32Array(count);
      this._numbers = new Float64Array(data.numbers.length);
      this._pieces = wholeTemplates(data, languages).map(function (texts) {
        return texts.map(pieces);
      });
      const places = this._pieces.map(function (texts) {
        let highest = 0;
        texts.forEach(function (cut) {
          for (let k = 1; k < cut.length; k += 2) highest = Math.max(highest, cut[k] + 1);
        });
        return highest;
      });
      const last = places.map(function (n) { return new Array(n).fill(0); });
      let at = 0;
      for (let row = 0; row < count; row++) {
        const template = data.template[row];
        const before = last[template];
        this._first[row] = at;
        for (let k = 0; k < places[template]; k++, at++) {
          before[k] += data.numbers[at];
          this._numbers[at] = before[k];
        }
      }
    }

    /** The text of a row in a column; `say` turns a run of digits into words. */
    text(row, column, say) {
      const cut = this._pieces[this._template[row]][column];
      let text = cut[0];
      for (let k = 1; k < cut.length; k += 2) {
        const digits = String(this._numbers[this._first[row] + cut[k]]);
        text += (say ? say(digits) : digits) + cut[k + 1];
      }
      return text;
    }

    /** All texts of the first column. */
    texts() {
      const all = new Array(this.count);
      for (let row = 0; row < this.count; row++) all[row] = this.text(row, 0, null);
      return all;
    }
  }

  /** The texts of all templates: some are told as another one's number and an ending. In a
   * table of names, given its `languages`, what is left empty is written out. */
  function wholeTemplates(data, languages) {
    const unpacked = languages ? unpacker(data.script, languages) : function (texts) {
      return texts;
    };
    const endings = data.endings.map(unpacked);
    const whole = new Array(data.templates.length);
    const texts = function (number) {
      if (!whole[number]) {
        const told = data.templates[number];
        if (typeof told[0] === 'number') {
          const ending = endings[told[1]];
          whole[number] = texts(told[0]).map(function (start, i) { return start + ending[i]; });
        } else {
          whole[number] = unpacked(told);
        }
      }
      return whole[number];
    };
    for (let number = 0; number < whole.length; number++) texts(number);
    return whole;
  }

  /** Writes out what names leave empty: speech like its text, traditional like simplified. */
  function unpacker(script, languages) {
    const hans = 2 * languages.indexOf('zh-Hans');
    const hant = script.length ? 2 * languages.indexOf('zh-Hant') : -1;
    const other = new Map();
    for (let i = 0; script.length && i < script[0].length; i++) {
      other.set(script[0][i], script[1][i]);
    }
    return function (texts) {
      const whole = texts.slice();
      for (let i = 0; i < whole.length; i += 2) whole[i + 1] = whole[i + 1] || whole[i];
      if (hant >= 0 && !whole[hant]) {
        whole[hant] = rewritten(whole[hans], other);
        whole[hant + 1] = rewritten(whole[hans + 1], other);
      }
      return whole;
    };
  }

  /** `text` with every character of a script replaced. */
  function rewritten(text, script) {
    let other = '';
    for (let i = 0; i < text.length; i++) other += script.get(text[i]) || text[i];
    return other;
  }

  /** [text, place, text, place …, text] of a template. */
  function pieces(template) {
    const cut = [];
    const mark = /\{\{|\{(\d+)\}/g;
    let text = '';
    let from = 0;
    for (let found = mark.exec(template); found; found = mark.exec(template)) {
      text += template.slice(from, found.index);
      from = found.index + found[0].length;
      if (found[1] === undefined) {
        text += '{';
      } else {
        cut.push(text, Number(found[1]));
        text = '';
      }
    }
    cut.push(text + template.slice(from));
    return cut;
  }

  // ------------------------------------------------------------------ speech

  /** Short numbers as numbers, from three digits on digit by digit, as rooms are read. */
  function sayDigits(digits, rules) {
    if (digits.length > 2 || digits[0] === '0') {
      return digits.split('').map(function (d) { return rules.digits[Number(d)]; })
        .join(rules.digit_join);
    }
    return numberWords(Number(digits), rules);
  }

  /** 0 to 99 in words. */
  function numberWords(value, rules) {
    if (value < rules.small.length) return rules.small[value];
    const ones = value % 10;
    const ten = rules.tens[(value - ones) / 10];
    return ten + (ones ? rules.tens_join + rules.digits[ones] : '');
  }

  // ------------------------------------------------------------------- hours

  const WEEK_MIN = 7 * 24 * 60;
  const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?(?::\d{2}(?:\.\d+)?)?$/;

  const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

  /** Minutes since 1970-01-01T00:00 of a local time `YYYY-MM-DD[THH:MM[:SS]]`; NaN: none. */
  function localMinute(isoTime) {
    const match = ISO.exec(isoTime.trim());
    if (!match) return NaN;
    const year = Number(match[1]);
    const month = Number(match[2]);
    const day = Number(match[3]);
    const hour = Number(match[4] || 0);
    const minute = Number(match[5] || 0);
    if (!(month >= 1 && month <= 12 && hour <= 23 && minute <= 59)) return NaN;
    const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
    const lastDay = MONTH_DAYS[month - 1] + (month === 2 && isLeap ? 1 : 0);
    if (day < 1 || day > lastDay) return NaN;
    const y = year - (month <= 2 ? 1 : 0);
    const era = Math.floor(y / 400);
    const yearOfEra = y - era * 400;
    const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
    const dayOfEra =
      yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
    const days = era * 146097 + dayOfEra - 719468;
    return (days * 24 + hour) * 60 + minute;
  }

  /** Minutes since Monday 00:00; 1970-01-01 was a Thursday. */
  function minuteOfWeek(minute) {
    return modulo(minute + 3 * 1440, WEEK_MIN);
  }

  /** Whether `minute` (since 1970) lies in the weekly `spans`; no spans means always. */
  function isOpen(spans, minute) {
    if (!spans || !spans.length) return true;
    const at = minuteOfWeek(minute);
    for (let i = 0; i < spans.length; i++) {
      if (spans[i][0] <= at && at < spans[i][1]) return true;
    }
    return false;
  }

  /** The remainder that is never negative. */
  function modulo(value, by) {
    return value - Math.floor(value / by) * by;
  }

  // ----------------------------------------------------------------- network

  const CORRIDOR = 0;
  const HALL = 1;
  const ROOM = 2;
  const OUTDOOR = 3;
  const DOOR = 4;
  const STAIRS = 5;
  const BOARD = 6;
  const RIDE = 7;
  const ESCALATOR = 8;
  const RAMP = 9;

  const KIND_NAMES = [
    'corridor', 'hall', 'room', 'outdoor', 'door', 'stairs', 'board', 'ride', 'escalator', 'ramp',
    'footway',
  ];

  /** The kind of edge inside a space, by kind of space; in an elevator one boards instead. */
  const SPACE_EDGE = [ROOM, CORRIDOR, HALL, CORRIDOR, BOARD, CORRIDOR, RAMP, OUTDOOR, -1];
  const ELEVATOR_SPACE = SPACE_KINDS.indexOf('elevator');
  const CLOSED_SPACE = SPACE_KINDS.indexOf('closed');

  /** Where one can walk: columns of nodes and edges, as `navkit.network` builds them. */
  class Network {
    constructor(levels) {
      this.levels = levels;
    }

    /** Spaces and what they are. */
    readSpaces(data) {
      const count = data.type.length;
      const column = columnsOf(data);
      this.spaceKind = column(0);
      this.spaceAccess = column(1);
      this.spaceStepFree = column(2);
      this.spaceSlope = column(3);
      this.spaceLevel = new Int32Array(count);
      this.firstSpace = new Int32Array(data.per_level.length + 1);
      let at = 0;
      for (let level = 0; level < data.per_level.length; level++) {
        this.firstSpace[level] = at;
        this.spaceLevel.fill(level, at, at + data.per_level[level]);
        at += data.per_level[level];
      }
      this.firstSpace[data.per_level.length] = at;
      this.firstDoor = count;
    }

    /** Doors, their shapes and rules. */
    readDoors(data) {
      const count = data.type.length;
      this.doorCount = count;
      this.doorA = undelta(data.a);
      this.doorB = undelta(data.b);
      this.doorX = undelta(data.x);
      this.doorY = undelta(data.y);
      // Of each type: middle to one end, to the nodes in spaces a and b; then what it is.
      this.doorShapes = data.types;
      this.doorShape = data.type;
      const column = columnsOf(data);
      this.doorKind = column(6);
      this.doorWidth = column(7);
      this.doorAccess = column(8);
      this.doorFlags = column(9);
      this.doorStepFree = column(10);
      this.doorHours = column(11);
      this.hoursOfWeek = data.hours_of_week;
      this.doorPathNode = unsparse(data.path_node, count, -1);
      this.firstConnector = this.firstDoor + count;
    }

    /** Connectors and drawn paths; then the columns that hold for all things. */
    readThings(data, languages) {
      this.connectors = data.connectors;
      this.connectorNames = new Table(data.connector_names, languages);
      this.paths = data.paths;
      this.firstPath = this.firstConnector + data.connectors.length;
      const count = this.firstPath + data.paths.length;
      this.thingCount = count;
      this.thingAccess = new Uint8Array(count);
      this.thingStepFree = new Uint8Array(count);
      this.thingSlope = new Float64Array(count);
      this.thingAccess.set(this.spaceAccess, 0);
      this.thingStepFree.set(this.spaceStepFree, 0);
      for (let i = 0; i < this.firstDoor; i++) this.thingSlope[i] = this.spaceSlope[i] / 10000;
      this.thingAccess.set(this.doorAccess, this.firstDoor);
      this.thingStepFree.set(this.doorStepFree, this.firstDoor);
      data.connectors.forEach((connector, i) => {
        this.thingAccess[this.firstConnector + i] = connector.access;
        this.thingStepFree[this.firstConnector + i] = connector.step_free;
      });
      data.paths.forEach((path, i) => {
        this.thingAccess[this.firstPath + i] = path.access;
        this.thingStepFree[this.firstPath + i] = path.step_free;
        this.thingSlope[this.firstPath + i] = path.slope / 10000;
      });
    }

    /** What everything is called by machines: alerts and staff speak of ids. */
    readIds(data) {
      this.spaceIds = new Table(data.space_ids, null).texts();
      this.doorIds = new Table(data.door_ids, null).texts();
      this.connectorIds = data.connector_ids;
      this.pathIds = data.path_ids;
    }

    /** Number the nodes: by space those at its doors, then its own; then those of paths. */
    readNodes(data) {
      const spaces = this.firstDoor;
      const doors = this.doorCount;
      const own = unsparse(data.nodes.per_space, spaces, 0);
      const atDoors = new Int32Array(spaces);
      for (let door = 0; door < doors; door++) {
        for (let side = 0; side < 2; side++) {
          const space = side ? this.doorB[door] : this.doorA[door];
          if (space >= 0 && this.spaceKind[space] !== CLOSED_SPACE) atDoors[space]++;
        }
      }
      this.firstNode = new Int32Array(spaces + 1);
      let count = 0;
      for (let space = 0; space < spaces; space++) {
        this.firstNode[space] = count;
        count += atDoors[space] + own[space];
      }
      this.firstNode[spaces] = count;
      const total = count + data.path_nodes.length;
      this.nodeCount = total;
      this.level = new Int32Array(total);
      this.x = new Int32Array(total);
      this.y = new Int32Array(total);
      this.spaceOfNode = new Int32Array(total).fill(-1);
      this.doorNodes = new Int32Array(2 * doors).fill(-1);
      const next = this.firstNode.slice();
      for (let door = 0; door < doors; door++) {
        const shape = this.doorShapes[this.doorShape[door]];
        for (let side = 0; side < 2; side++) {
          const space = side ? this.doorB[door] : this.doorA[door];
          if (space < 0 || this.spaceKind[space] === CLOSED_SPACE) continue;
          const node = next[space]++;
          this.doorNodes[2 * door + side] = node;
          this.x[node] = this.doorX[door] + shape[2 + 2 * side];
          this.y[node] = this.doorY[door] + shape[3 + 2 * side];
        }
      }
      let x = 0;
      let y = 0;
      let at = 0;
      for (let space = 0; space < spaces; space++) {
        for (let k = 0; k < own[space]; k++, at++) {
          x += data.nodes.x[at];
          y += data.nodes.y[at];
          const node = next[space]++;
          this.x[node] = x;
          this.y[node] = y;
        }
        this.level.fill(this.spaceLevel[space], this.firstNode[space], this.firstNode[space + 1]);
        this.spaceOfNode.fill(space, this.firstNode[space], this.firstNode[space + 1]);
      }
      for (let k = 0; k < data.path_nodes.length; k++) {
        this.level[count + k] = data.path_nodes[k][0];
        this.x[count + k] = data.path_nodes[k][1];
        this.y[count + k] = data.path_nodes[k][2];
      }
    }

    /** Number the edges: by space, then of paths, through doors, and between stops. */
    readEdges(data) {
      const spaces = this.firstDoor;
      const perSpace = unsparse(data.edges.per_space, spaces, 0);
      const edgeA = undelta(data.edges.a);
      const edgeB = data.edges.b;
      const width = unrun(data.edges.width_dm);
      const connectorOf = new Int32Array(spaces).fill(-1);
      this.connectors.forEach((connector, i) => {
        connector.stops.forEach((stop) => { connectorOf[stop] = this.firstConnector + i; });
      });
      const most = edgeA.length + this.nodeCount + data.path_edges.b.length +
        this.doorCount + data.connector_edges.b.length;
      const a = new Int32Array(most);
      const b = new Int32Array(most);
      const kind = new Uint8Array(most);
      const thing = new Int32Array(most);
      const length = new Int32Array(most);
      const widthCm = new Int32Array(most);
      const rise = new Int32Array(most);
      const oneway = new Uint8Array(most);
      const xs = this.x;
      const ys = this.y;
      let count = 0;
      const add = function (from, to, kindOfEdge, owner, wide) {
        const dx = xs[to] - xs[from];
        const dy = ys[to] - ys[from];
        a[count] = from;
        b[count] = to;
        kind[count] = kindOfEdge;
        thing[count] = owner;
        length[count] = Math.max(1, Math.floor(Math.sqrt(dx * dx + dy * dy) + 0.5));
        widthCm[count] = wide;
        count++;
      };
      const addWhole = function (rows) {
        const from = undelta(rows.a);
        const owner = undelta(rows.thing);
        const kinds = unrun(rows.kind);
        const widths = unrun(rows.width_cm);
        const oneways = unrun(rows.oneway);
        for (let i = 0; i < from.length; i++, count++) {
          a[count] = from[i];
          b[count] = from[i] + rows.b[i];
          kind[count] = kinds[i];
          thing[count] = owner[i];
          length[count] = rows.length_cm[i];
          widthCm[count] = widths[i];
          rise[count] = rows.rise_cm[i];
          oneway[count] = oneways[i];
        }
      };
      let at = 0;
      for (let space = 0; space < spaces; space++) {
        const first = this.firstNode[space];
        const end = this.firstNode[space + 1];
        if (this.spaceKind[space] === ELEVATOR_SPACE) {
          for (let node = first; node < end - 1; node++) {
            add(node, end - 1, BOARD, connectorOf[space], 0);
          }
          continue;
        }
        const edgeKind = SPACE_EDGE[this.spaceKind[space]];
        for (let k = 0; k < perSpace[space]; k++, at++) {
          const from = first + edgeA[at];
          add(from, from + edgeB[at], edgeKind, space, 10 * width[at]);
        }
      }
      addWhole(data.path_edges);
      for (let door = 0; door < this.doorCount; door++) {
        const near = this.doorNodes[2 * door];
        const far = this.doorPathNode[door] >= 0 ? this.doorPathNode[door]
          : this.doorNodes[2 * door + 1];
        if (near >= 0 && far >= 0) {
          add(near, far, DOOR, this.firstDoor + door, this.doorWidth[door]);
        }
      }
      addWhole(data.connector_edges);
      this.edgeCount = count;
      this.a = a.slice(0, count);
      this.b = b.slice(0, count);
      this.kind = kind.slice(0, count);
      this.thing = thing.slice(0, count);
      this.length = length.slice(0, count);
      this.width = widthCm.slice(0, count);
      this.rise = rise.slice(0, count);
      this.oneway = oneway.slice(0, count);
    }

    /** Of each node its edges in order of number, in one column: `edgesFrom`, `edgesAt`. */
    joinEdges() {
      const from = new Int32Array(this.nodeCount + 1);
      for (let edge = 0; edge < this.edgeCount; edge++) {
        from[this.a[edge] + 1]++;
        from[this.b[edge] + 1]++;
      }
      for (let node = 0; node < this.nodeCount; node++) from[node + 1] += from[node];
      const next = from.slice();
      const at = new Int32Array(2 * this.edgeCount);
      for (let edge = 0; edge < this.edgeCount; edge++) {
        at[next[this.a[edge]]++] = edge;
        at[next[this.b[edge]]++] = edge;
      }
      this.edgesFrom = from;
      this.edgesAt = at;
    }

    /** The nodes at all doors of each space, in order of doors, as one arrives there. */
    sidesOnly(spaces) {
      const nodes = [];
      for (let i = 0; i < spaces.length; i++) {
        const space = spaces[i];
        const doors = this.doorsOfSpace(space);
        for (let k = 0; k < doors; k++) nodes.push(this.firstNode[space] + k);
      }
      return nodes;
    }

    /** Nodes that one sees from a space: its own, and those behind its doors. */
    nodesAround(space) {
      const found = new Set();
      for (let node = this.firstNode[space]; node < this.firstNode[space + 1]; node++) found.add(node);
      for (let i = 0; i < this.doorNodes.length; i++) {
        const here = this.doorNodes[i ^ 1];
        if (here >= 0 && this.spaceOfNode[here] === space && this.doorNodes[i] >= 0) {
          found.add(this.doorNodes[i]);
        }
      }
      return found;
    }

    /** How many of a space's nodes stand at doors: the first ones. */
    doorsOfSpace(space) {
      if (!this._atDoors) {
        this._atDoors = new Int32Array(this.firstDoor);
        for (let i = 0; i < this.doorNodes.length; i++) {
          if (this.doorNodes[i] >= 0) this._atDoors[this.spaceOfNode[this.doorNodes[i]]]++;
        }
      }
      return this._atDoors[space];
    }

    /** The end of `edge` that is not `node`. */
    other(edge, node) {
      return this.a[edge] === node ? this.b[edge] : this.a[edge];
    }

    /** Storeys that an edge climbs or sinks, in hundredths. */
    floorsC(edge) {
      const a = this.levels[this.level[this.a[edge]]].ordinal;
      const b = this.levels[this.level[this.b[edge]]].ordinal;
      return Math.floor(Math.abs(a - b) * 100 + 0.5);
    }

    isDoor(thing) {
      return thing >= this.firstDoor && thing < this.firstConnector;
    }

    /** The connector of that thing number, else null. */
    connector(thing) {
      return thing >= this.firstConnector && thing < this.firstPath
        ? this.connectors[thing - this.firstConnector] : null;
    }

    thingId(thing) {
      if (thing < this.firstDoor) return this.spaceIds[thing];
      if (thing < this.firstConnector) return this.doorIds[thing - this.firstDoor];
      if (thing < this.firstPath) return this.connectorIds[thing - this.firstConnector];
      return this.pathIds[thing - this.firstPath];
    }

    /** Numbers of the things of that id: ids are unique by kind only. */
    thingsOfId(id) {
      if (!this._thingsById) {
        this._thingsById = new Map();
        for (let thing = 0; thing < this.thingCount; thing++) {
          const known = this._thingsById.get(this.thingId(thing));
          if (known) known.push(thing);
          else this._thingsById.set(this.thingId(thing), [thing]);
        }
      }
      return this._thingsById.get(id) || [];
    }

    /** The node that a dart leads to. */
    endOf(dart) {
      return dart & 1 ? this.a[dart >> 1] : this.b[dart >> 1];
    }
  }

  // ----------------------------------------------------------------- weights

  /** More milliseconds than any walk takes; sums of a few thousand stay exact. */
  const BLOCKED = Math.pow(2, 40);

  /** In the order in which a person would ask: what may open again comes first. */
  const RULES = [
    'closed', 'hours', 'steps', 'stairs', 'escalator', 'slope', 'narrow-door', 'narrow-passage',
    'small-cabin', 'door-kind', 'access',
  ];

  function ruleOrder(reason) {
    const at = RULES.indexOf(reason);
    return at < 0 ? RULES.length : at;
  }

  /** Cost and time of every edge in both directions, and the rule that forbids it. */
  function weigh(network, profile, at) {
    const count = network.edgeCount;
    const costMs = new Float64Array(2 * count);
    const durationMs = new Float64Array(2 * count);
    const reasons = new Array(count).fill('');
    const closedThings = new Uint8Array(network.thingCount);
    const closedEdges = new Set();
    at.closed.forEach(function (id) {
      network.thingsOfId(id).forEach(function (thing) { closedThings[thing] = 1; });
      if (id.startsWith('edge:')) closedEdges.add(id);
    });
    const isAnyClosed = at.closed.length > 0;
    const isShut = function (node) {
      const space = network.spaceOfNode[node];
      return space >= 0 && closedThings[space] === 1;
    };
    const factors = KIND_NAMES.map(function (name) {
      return profile.factors[name] === undefined ? 1 : profile.factors[name];
    });
    const rules = {
      forbidden: KIND_NAMES.map(function (name) { return profile.forbidden.includes(name); }),
      doors: DOOR_KINDS.map(function (name) { return profile.forbidden_doors.includes(name); }),
      access: ACCESS.indexOf(profile.access),
    };
    const doorS = DOOR_KINDS.map(function (name) { return profile.door_s[name]; });
    const speed = profile.speed_mps;
    for (let edge = 0; edge < count; edge++) {
      const kind = network.kind[edge];
      let reason = forbidden(network, edge, profile, rules, at);
      if (!reason && (closedThings[network.thing[edge]] ||
          (closedEdges.size && closedEdges.has('edge:' + edge)))) {
        reason = 'closed';
      }
      // Out of a closed room one may go, by its doors too, and not into it.
      const from = isAnyClosed && isShut(network.a[edge]);
      const to = isAnyClosed && isShut(network.b[edge]);
      reasons[edge] = reason || (from !== to ? 'closed' : '');
      const factor = factors[kind];
      if (kind < DOOR) {
        // The plain walk, the same both ways: by far the most.
        const walkingS = network.length[edge] / 100 / speed;
        const duration = Math.max(1, Math.floor(walkingS * 1000 + 0.5));
        const cost = Math.max(1, Math.floor(walkingS * factor * 1000 + 0.5));
        durationMs[2 * edge] = durationMs[2 * edge + 1] = duration;
        costMs[2 * edge] = reason || (to && !from) ? BLOCKED : cost;
        costMs[2 * edge + 1] = reason || (from && !to) || network.oneway[edge] ? BLOCKED : cost;
        continue;
      }
      for (let back = 0; back < 2; back++) {
        const durationS = secondsOf(network, edge, profile, doorS, at.hour, back);
        const enters = back ? from && !to : to && !from;
        const blocked = reason || enters || (back && network.oneway[edge]);
        durationMs[2 * edge + back] = Math.max(1, Math.floor(durationS * 1000 + 0.5));
        costMs[2 * edge + back] = blocked ? BLOCKED
          : Math.max(1, Math.floor(durationS * factor * 1000 + 0.5));
      }
    }
    return { costMs: costMs, durationMs: durationMs, reason: reasons };
  }

  /** The id of what is closed where an edge is forbidden for that: its thing, or the room it leads
   * into. */
  function closedThing(network, edge, at) {
    const own = network.thingId(network.thing[edge]);
    if (at.closed.includes(own) || at.closed.includes('edge:' + edge)) return own;
    const rooms = [network.a[edge], network.b[edge]].map((node) => network.spaceOfNode[node])
      .filter((space) => space >= 0).map((space) => network.thingId(space));
    return rooms.find((room) => at.closed.includes(room)) || own;
  }

  /** The first rule but closures that forbids an edge. */
  function forbidden(network, edge, profile, rules, at) {
    const thing = network.thing[edge];
    const kind = network.kind[edge];
    if (rules.forbidden[kind]) return KIND_NAMES[kind];
    const access = network.thingAccess[thing];
    if (access !== 0 && access !== rules.access) return 'access';
    if (profile.step_free && network.thingStepFree[thing] === 2) return 'steps';
    const widthM = network.width[edge] / 100;
    if (thing < network.firstDoor || thing >= network.firstPath) {
      if (widthM > 0 && widthM < profile.min_passage_m) return 'narrow-passage';
      if (network.thingSlope[thing] > profile.max_slope) return 'slope';
    } else if (thing < network.firstConnector) {
      const door = thing - network.firstDoor;
      if (rules.doors[network.doorKind[door]]) return 'door-kind';
      if (widthM > 0 && widthM < profile.min_door_m) return 'narrow-door';
      if (at.minute !== null && network.doorHours[door] &&
          !isOpen(network.hoursOfWeek[network.doorHours[door] - 1], at.minute)) {
        return 'hours';
      }
    } else {
      const cabin = network.connectors[thing - network.firstConnector].cabin_m;
      if (cabin && (cabin[0] < profile.min_cabin_m[0] || cabin[1] < profile.min_cabin_m[1])) {
        return 'small-cabin';
      }
    }
    return '';
  }

  function secondsOf(network, edge, profile, doorS, hour, back) {
    const kind = network.kind[edge];
    const walkingS = network.length[edge] / 100 / profile.speed_mps;
    const riseM = network.rise[edge] / 100 * (back ? -1 : 1);
    if (kind === DOOR) {
      return walkingS + doorS[network.doorKind[network.thing[edge] - network.firstDoor]];
    }
    if (kind === STAIRS) {
      const climbS = riseM * profile.stairs_up_s_per_m;
      return Math.max(walkingS, riseM > 0 ? climbS : -riseM * profile.stairs_down_s_per_m);
    }
    if (kind === ESCALATOR) return Math.abs(riseM) * profile.escalator_s_per_m;
    if (kind === BOARD) {
      const connector = network.connector(network.thing[edge]);
      return walkingS + (back ? 0 : waitS(connector, profile, hour));
    }
    if (kind === RIDE) {
      const connector = network.connector(network.thing[edge]);
      const floorS = connector.floor_s === null || connector.floor_s === undefined
        ? profile.lift_floor_s : connector.floor_s;
      return network.floorsC(edge) / 100 * floorS;
    }
    return walkingS;
  }

  /** Mean wait for a lift: by hour of day where the hospital gives 24, else their mean. */
  function waitS(connector, profile, hour) {
    const waits = connector ? connector.wait_s : null;
    if (!waits || !waits.length) return profile.lift_wait_s;
    if (hour >= 0) return waits[hour % waits.length];
    let total = 0;
    for (let i = 0; i < waits.length; i++) total += waits[i];
    return total / waits.length;
  }

  // --------------------------------------------------------------- hierarchy

  /** All nodes ranked and contracted, those with the fewest neighbours first. An arc is a
   * place in `upNode`: node n has those from `upFrom[n]` on, its higher neighbours, the lowest
   * first. `sides` has, for each node and each pair in its arcs, the arc that joins the two. */
  class Hierarchy {
    constructor(network) {
      const count = network.nodeCount;
      this.network = network;
      this.rank = new Int32Array(count).fill(-1);
      this.order = new Int32Array(count);
      this._ranked = 0;
      this._near = new Array(count);
      for (let node = 0; node < count; node++) this._near[node] = new Set();
      for (let edge = 0; edge < network.edgeCount; edge++) {
        const a = network.a[edge];
        const b = network.b[edge];
        if (a === b) continue;
        this._near[a].add(b);
        this._near[b].add(a);
      }
      // A heap key is neighbours * keyStep + node.
      this._keyStep = 1;
      while (this._keyStep < count) this._keyStep *= 2;
      this._heap = [];
      for (let node = 0; node < count; node++) {
        push(this._heap, this._near[node].size * this._keyStep + node);
      }
    }

    /** Contract the next nodes; whether some are left. */
    contract(most) {
      const near = this._near;
      const heap = this._heap;
      const keyStep = this._keyStep;
      for (let done = 0; done < most && heap.length;) {
        const key = pop(heap);
        const node = key % keyStep;
        const others = near[node];
        if (this.rank[node] >= 0 || (key - node) / keyStep !== others.size) continue;
        this.rank[node] = this._ranked;
        this.order[this._ranked++] = node;
        done += 1 + others.size * others.size;
        const list = Array.from(others);
        for (let i = 0; i < list.length; i++) {
          const other = list[i];
          const its = near[other];
          for (let j = 0; j < list.length; j++) its.add(list[j]);
          its.delete(node);
          its.delete(other);
          push(heap, its.size * keyStep + other);
        }
      }
      return heap.length > 0;
    }

    /** Lay out the arcs. */
    finish() {
      const count = this.network.nodeCount;
      const rank = this.rank;
      const order = this.order;
      this.upFrom = new Int32Array(count + 1);
      for (let node = 0; node < count; node++) {
        this.upFrom[node + 1] = this.upFrom[node] + this._near[node].size;
      }
      this.upNode = new Int32Array(this.upFrom[count]);
      for (let node = 0; node < count; node++) {
        const ranks = Int32Array.from(this._near[node], function (other) { return rank[other]; });
        ranks.sort();
        for (let i = 0; i < ranks.length; i++) {
          this.upNode[this.upFrom[node] + i] = order[ranks[i]];
        }
      }
      this._near = this._heap = null;
      this.arcOfEdge = new Int32Array(this.network.edgeCount).fill(-1);
      for (let edge = 0; edge < this.network.edgeCount; edge++) {
        const a = this.network.a[edge];
        const b = this.network.b[edge];
        if (a !== b) this.arcOfEdge[edge] = rank[a] < rank[b] ? this.arc(a, b) : this.arc(b, a);
      }
    }

    /** For each pair of arcs of a node, the arc between their ends. */
    pair() {
      const upFrom = this.upFrom;
      const upNode = this.upNode;
      const count = this.network.nodeCount;
      let pairs = 0;
      for (let node = 0; node < count; node++) {
        const arcs = upFrom[node + 1] - upFrom[node];
        pairs += arcs * (arcs - 1) / 2;
      }
      const sides = new Int32Array(pairs);
      let at = 0;
      for (let r = 0; r < count; r++) {
        const node = this.order[r];
        const end = upFrom[node + 1];
        for (let i = upFrom[node]; i < end; i++) {
          // Both lists go by rank, and all others are among the arcs of this one.
          let arc = upFrom[upNode[i]];
          for (let j = i + 1; j < end; j++) {
            const wanted = upNode[j];
            while (upNode[arc] !== wanted) arc++;
            sides[at++] = arc;
          }
        }
      }
      this.sides = sides;
    }

    /** The arc between two nodes. */
    arc(low, high) {
      let arc = this.upFrom[low];
      while (this.upNode[arc] !== high) arc++;
      return arc;
    }
  }

  /** Least-cost walks over one network with one set of weights. */
  class Router {
    constructor(network, hierarchy, costMs) {
      const arcs = hierarchy.upNode.length;
      this._hierarchy = hierarchy;
      // Costs of arcs upwards and downwards, and what each stands for: a dart, or the lower
      // node ~middle that it was joined across.
      this._rise = new Float64Array(arcs).fill(BLOCKED);
      this._fall = new Float64Array(arcs).fill(BLOCKED);
      this._riseBy = new Int32Array(arcs);
      this._fallBy = new Int32Array(arcs);
      this._takeEdges(network, costMs);
      this._joinAcross();
      const count = network.nodeCount;
      this._rising = new Float64Array(count).fill(Infinity);
      this._falling = new Float64Array(count).fill(Infinity);
      this._came = new Int32Array(count).fill(-1);
      this._goes = new Int32Array(count).fill(-1);
      this._touched = [];
    }

    _takeEdges(network, costMs) {
      const rank = this._hierarchy.rank;
      for (let edge = 0; edge < network.edgeCount; edge++) {
        const arc = this._hierarchy.arcOfEdge[edge];
        if (arc < 0) continue;
        const rising = 2 * edge + (rank[network.a[edge]] > rank[network.b[edge]] ? 1 : 0);
        if (costMs[rising] < this._rise[arc]) {
          this._rise[arc] = costMs[rising];
          this._riseBy[arc] = rising;
        }
        if (costMs[rising ^ 1] < this._fall[arc]) {
          this._fall[arc] = costMs[rising ^ 1];
          this._fallBy[arc] = rising ^ 1;
        }
      }
    }

    /** Lower every arc to the least cost over a node contracted before its ends. */
    _joinAcross() {
      const order = this._hierarchy.order;
      const upFrom = this._hierarchy.upFrom;
      const sides = this._hierarchy.sides;
      const rise = this._rise;
      const fall = this._fall;
      const riseBy = this._riseBy;
      const fallBy = this._fallBy;
      let at = 0;
      for (let r = 0; r < order.length; r++) {
        const node = order[r];
        const end = upFrom[node + 1];
        for (let i = upFrom[node]; i < end; i++) {
          const toNode = fall[i];
          const fromNode = rise[i];
          for (let j = i + 1; j < end; j++) {
            const side = sides[at++];
            const up = toNode + rise[j];
            if (up < rise[side]) {
              rise[side] = up;
              riseBy[side] = ~node;
            }
            const down = fall[j] + fromNode;
            if (down < fall[side]) {
              fall[side] = down;
              fallBy[side] = ~node;
            }
          }
        }
      }
    }

    /** The least-cost walk from any start to any goal, or null where there is none. */
    find(starts, goals) {
      const upFrom = this._hierarchy.upFrom;
      const upNode = this._hierarchy.upNode;
      const rising = this._rising;
      const falling = this._falling;
      const came = this._came;
      const goes = this._goes;
      this._forget();
      const touched = this._touched;
      const rise = this._rise;
      const fall = this._fall;
      for (let i = 0; i < starts.length; i++) {
        rising[starts[i]] = 0;
        touched.push(starts[i]);
      }
      const climb = this._ancestors(starts);
      for (let k = 0; k < climb.length; k++) {
        const node = climb[k];
        const cost = rising[node];
        if (cost === Infinity) continue;
        for (let arc = upFrom[node]; arc < upFrom[node + 1]; arc++) {
          const arcMs = rise[arc];
          if (arcMs >= BLOCKED) continue;
          const total = cost + arcMs;
          const other = upNode[arc];
          if (total < rising[other]) {
            rising[other] = total;
            came[other] = node;
            touched.push(other);
          }
        }
      }
      for (let i = 0; i < goals.length; i++) {
        falling[goals[i]] = 0;
        touched.push(goals[i]);
      }
      let least = BLOCKED;
      let top = -1;
      const descent = this._ancestors(goals);
      for (let k = 0; k < descent.length; k++) {
        const node = descent[k];
        const cost = falling[node];
        if (cost >= least) continue;
        if (rising[node] + cost < least) {
          least = rising[node] + cost;
          top = node;
        }
        for (let arc = upFrom[node]; arc < upFrom[node + 1]; arc++) {
          const arcMs = fall[arc];
          if (arcMs >= BLOCKED) continue;
          const total = cost + arcMs;
          const other = upNode[arc];
          if (total < falling[other]) {
            falling[other] = total;
            goes[other] = node;
            touched.push(other);
          }
        }
      }
      if (top < 0) return null;
      const arcs = [];
      let start = top;
      let goal = top;
      for (; came[start] >= 0; start = came[start]) {
        arcs.push({ low: came[start], high: start, upwards: true });
      }
      arcs.reverse();
      for (; goes[goal] >= 0; goal = goes[goal]) {
        arcs.push({ low: goes[goal], high: goal, upwards: false });
      }
      return { start: start, goal: goal, darts: this._unfolded(arcs), costMs: least };
    }

    _forget() {
      const touched = this._touched;
      for (let i = 0; i < touched.length; i++) {
        this._rising[touched[i]] = this._falling[touched[i]] = Infinity;
        this._came[touched[i]] = this._goes[touched[i]] = -1;
      }
      touched.length = 0;
    }

    /** The nodes, and all that are reached from them upwards, lowest first. */
    _ancestors(nodes) {
      const upFrom = this._hierarchy.upFrom;
      const upNode = this._hierarchy.upNode;
      const found = [];
      if (nodes.length === 1) {
        let node = nodes[0];
        found.push(node);
        while (upFrom[node] < upFrom[node + 1]) {
          node = upNode[upFrom[node]];
          found.push(node);
        }
        return found;
      }
      const seen = new Set();
      const rank = this._hierarchy.rank;
      for (let i = 0; i < nodes.length; i++) {
        let node = nodes[i];
        while (!seen.has(node)) {
          seen.add(node);
          found.push(node);
          if (upFrom[node] === upFrom[node + 1]) break;
          node = upNode[upFrom[node]];
        }
      }
      return found.sort(function (a, b) { return rank[a] - rank[b]; });
    }

    /** The darts that arcs (lower node, higher node, whether upwards) stand for. */
    _unfolded(arcs) {
      const darts = [];
      const waiting = arcs.reverse();
      while (waiting.length) {
        const one = waiting.pop();
        const arc = this._hierarchy.arc(one.low, one.high);
        const what = one.upwards ? this._riseBy[arc] : this._fallBy[arc];
        if (what >= 0) {
          darts.push(what);
        } else {
          const first = one.upwards ? one.low : one.high;
          const last = one.upwards ? one.high : one.low;
          waiting.push({ low: ~what, high: last, upwards: true });
          waiting.push({ low: ~what, high: first, upwards: false });
        }
      }
      return darts;
    }
  }

  function push(heap, key) {
    let at = heap.length;
    heap.push(key);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = heap[above];
      if (other <= key) break;
      heap[at] = other;
      at = above;
    }
    heap[at] = key;
  }

  function pop(heap) {
    const least = heap[0];
    const key = heap.pop();
    const count = heap.length;
    if (!count) return least;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= count) break;
      let other = heap[below];
      if (below + 1 < count && heap[below + 1] < other) other = heap[++below];
      if (other >= key) break;
      heap[at] = other;
      at = below;
    }
    heap[at] = key;
    return least;
  }

  // ----------------------------------------------------------------- routing

  const ROUTERS_KEPT = 8;

  /** Finds routes; keeps what it computed for recent profiles and moments. */
  class Navigator {
    constructor(network, venue) {
      this.network = network;
      this._venue = venue;
      this._kept = new Map();
      this.hierarchy = null;
    }

    router(profile, at) {
      const minute = at.minute === null ? -1 : at.minute;
      const key = JSON.stringify([profile.id, minute, at.closed]);
      let kept = this._kept.get(key);
      if (!kept) {
        if (this._kept.size >= ROUTERS_KEPT) this._kept.delete(this._kept.keys().next().value);
        const weights = weigh(this.network, profile, at);
        kept = { weights: weights, router: new Router(this.network, this.hierarchy, weights.costMs) };
        this._kept.set(key, kept);
      }
      return kept;
    }

    /** The nodes of a spot, in the order of its places. */
    nodesOf(spot) {
      if (spot.anchor >= 0) return [this._venue.anchors[spot.anchor].node];
      if (spot.node >= 0) return [spot.node];
      if (spot.places.length === 1) return this._venue.placeNodes(spot.places[0]);
      return [].concat.apply([], spot.places.map((place) => this._venue.placeNodes(place)));
    }

    findRoute(start, goal, profile, at) {
      const network = this.network;
      const starts = this.nodesOf(start);
      const goals = this.nodesOf(goal);
      const kept = this.router(profile, at);
      const walk = kept.router.find(starts, goals);
      if (!walk) throw this._noRoute(starts, goals, profile, at);
      let reached = -1;
      for (let i = 0; i < goal.places.length && reached < 0; i++) {
        if (this._venue.placeNodes(goal.places[i]).includes(walk.goal)) reached = goal.places[i];
      }
      let lengthCm = 0;
      let durationMs = 0;
      const nodes = [walk.start];
      const durations = [];
      for (let i = 0; i < walk.darts.length; i++) {
        const dart = walk.darts[i];
        lengthCm += network.length[dart >> 1];
        durationMs += kept.weights.durationMs[dart];
        durations.push(kept.weights.durationMs[dart]);
        nodes.push(network.endOf(dart));
      }
      return {
        network: network,
        profile: profile,
        at: at,
        start: start,
        goal: reached >= 0 ? { places: [reached], anchor: -1 } : goal,
        nodes: nodes,
        darts: walk.darts,
        durations_ms: durations,
        cost_ms: walk.costMs,
        duration_ms: durationMs,
        length_cm: lengthCm,
        unverified: unverified(network, walk.darts, profile),
      };
    }

    /** Whether there is a way: quicker than finding out why there is none. */
    joins(start, goal, profile, at) {
      const router = this.router(profile, at).router;
      return Boolean(router.find(this.nodesOf(start), this.nodesOf(goal)));
    }

    /** Lift the rules one after the other until there is a way: those are the reason. */
    _noRoute(starts, goals, profile, at) {
      const network = this.network;
      const weights = this.router(profile, at).weights;
      const groups = Array.from(new Set(weights.reason)).filter(Boolean);
      groups.sort(function (a, b) { return ruleOrder(a) - ruleOrder(b); });
      const lifted = new Set();
      for (let g = 0; g < groups.length; g++) {
        lifted.add(groups[g]);
        const costMs = weights.costMs.slice();
        for (let edge = 0; edge < network.edgeCount; edge++) {
          if (!lifted.has(weights.reason[edge])) continue;
          costMs[2 * edge] = weights.durationMs[2 * edge];
          if (!network.oneway[edge]) costMs[2 * edge + 1] = weights.durationMs[2 * edge + 1];
        }
        const walk = new Router(network, this.hierarchy, costMs).find(starts, goals);
        if (!walk) continue;
        // Of the rules lifted, those this way really breaks; the first is told.
        let reason = '';
        let edge = -1;
        walk.darts.forEach(function (dart) {
          const broken = weights.costMs[dart] === BLOCKED ? weights.reason[dart >> 1] : '';
          if (broken && (!reason || ruleOrder(broken) < ruleOrder(reason))) {
            reason = broken;
            edge = dart >> 1;
          }
        });
        const thing = reason === 'closed' ? closedThing(network, edge, at)
          : network.thingId(network.thing[edge]);
        return failure('no-route-' + reason, '', { thing: thing, profile: profile.id });
      }
      return failure('no-route', '', { profile: profile.id });
    }
  }

  /** What a profile's rules needed to know about this way and no drawing says. */
  function unverified(network, darts, profile) {
    const missing = new Set();
    for (let i = 0; i < darts.length; i++) {
      const edge = darts[i] >> 1;
      const kind = network.kind[edge];
      const thing = network.thing[edge];
      if (kind === DOOR && profile.min_door_m && !network.width[edge]) missing.add('door-width');
      if (kind === BOARD && profile.min_cabin_m[0]) {
        const connector = network.connector(thing);
        if (!connector || !connector.cabin_m) missing.add('cabin');
      }
      if (kind === RAMP && profile.max_slope < 1 && !network.thingSlope[thing]) {
        missing.add('slope');
      }
    }
    return Array.from(missing).sort();
  }

  // -------------------------------------------------------------- wayfinding

  const STRAIGHT_DEG = 25;
  const BACK_DEG = 135;
  const AHEAD_DEG = 30;
  const WOBBLE_CM = 35;
  const ONE_TURN_CM = 250;
  const BEND_DEG = 60;
  const NOWHERE = -2;
  const ASIDE_CM = 100;
  const DRIFT_CM = 60;
  const SPUR_CM = 200;
  const SLIGHT_DEG = 45;
  const TOWARDS_DEG = 45;
  const JOG_CM = 500;
  const EXIT_CM = 600;
  const SOON_CM = 500;
  const NEAR_CM = 250;
  const TOLD_CM = 1000;
  const LONG_CM = 2500;
  const TOO_FAR_CM = 1500;
  const MOST_COUNTED = 3;

  const HALL_SPACE = SPACE_KINDS.indexOf('hall');
  const ROOM_SPACE = SPACE_KINDS.indexOf('room');
  const CORRIDOR_SPACE = SPACE_KINDS.indexOf('corridor');
  const RAMP_SPACE = SPACE_KINDS.indexOf('ramp');
  const OPEN_DOOR = DOOR_KINDS.indexOf('open');
  const AUTOMATIC_DOOR = DOOR_KINDS.indexOf('automatic');
  const ENTRANCE = 1;
  const GUESSED = 2;

  /** One thing to say: a kind, and numbers or names to put in. */
  function cue(kind, slots) {
    return { kind: kind, slots: slots || {} };
  }

  /** What guidance asks of a network again and again, looked up once. */
  class Surroundings {
    constructor(bundle, landmarks) {
      const network = bundle.network;
      this.network = network;
      this.venue = bundle;
      // Of each node that stands at a door, 2 * door + side; else -1.
      this.doorOfNode = new Int32Array(network.nodeCount).fill(-1);
      for (let i = 0; i < network.doorNodes.length; i++) {
        if (network.doorNodes[i] >= 0) this.doorOfNode[network.doorNodes[i]] = i;
      }
      // Of each space, the first public place that stands there; else -1.
      this.placeOfSpace = new Int32Array(network.firstDoor).fill(-1);
      for (let place = 0; place < bundle.placeCount; place++) {
        if (!bundle.placeIsPublic(place)) continue;
        bundle.placeSpaces(place).forEach((space) => {
          if (this.placeOfSpace[space] < 0) this.placeOfSpace[space] = place;
        });
      }
      const node = undelta(landmarks.node);
      const place = undelta(landmarks.place);
      this._landmarks = new Map();
      for (let i = 0; i < node.length; i++) {
        const key = node[i] * network.nodeCount + node[i] + landmarks.before[i];
        const mark = { place: place[i], side: landmarks.side[i] };
        const known = this._landmarks.get(key);
        if (known) known.push(mark);
        else this._landmarks.set(key, [mark]);
      }
    }

    /** Landmarks seen at `node` by one who comes from `before`, the nearest first. */
    landmarks(node, before) {
      return this._landmarks.get(node * this.network.nodeCount + before) || [];
    }

    /** The space on the other side of a door, -1 where that is outside. */
    spaceBeyond(doorSide) {
      const node = this.network.doorNodes[doorSide ^ 1];
      return node < 0 ? -1 : this.network.spaceOfNode[node];
    }

    /** The first public place at a space, or -1. */
    placeAt(space) {
      return space < 0 ? -1 : this.placeOfSpace[space];
    }

    /** Direction from node a to node b in radians, as atan2 gives it. */
    heading(a, b) {
      const n = this.network;
      return Math.atan2(n.y[b] - n.y[a], n.x[b] - n.x[a]);
    }

    distanceCm(a, b) {
      const n = this.network;
      const dx = n.x[b] - n.x[a];
      const dy = n.y[b] - n.y[a];
      return Math.sqrt(dx * dx + dy * dy);
    }
  }

  /** Whole degrees turned from one heading to another: right positive, back is 180. */
  function turnBetween(before, after) {
    let degrees = (before - after) * 180 / Math.PI;
    while (degrees <= -180) degrees += 360;
    while (degrees > 180) degrees -= 360;
    const whole = Math.floor(degrees + 0.5);
    return whole === -180 ? 180 : whole;
  }

  /** -1 left, 1 right, 0 straight on. */
  function sideOf(turnDeg, straightDeg) {
    return Math.abs(turnDeg) < straightDeg ? 0 : (turnDeg > 0 ? 1 : -1);
  }

  function sideName(turnDeg, straightDeg) {
    return ['left', 'ahead', 'right'][sideOf(turnDeg, straightDeg) + 1];
  }

  /** The steps of a route, in walking order; they cover it without gaps. */
  function stepsOf(route, around) {
    const told = [];
    const legs = legsOf(route);
    let carried = startCues(route, around);
    let entered = '';
    let begin = 0;
    for (let number = 0; number < legs.length; number++) {
      const leg = legs[number];
      const walk = new Walk(route, around, leg);
      const ends = walk.turns;
      if (number === 0) {
        const out = walk.settingOut();
        carried = carried.concat(out.cues);
        if (out.deg) {
          told.push(step(carried, 0, out.until, out.deg));
          carried = [];
          begin = out.until;
        }
      }
      for (let i = 0; i < ends.length; i++) {
        const turn = ends[i];
        const since = i ? ends[i - 1].until : leg.first;
        const exitSoon = i === 0 && walk.metresCm(leg.first, turn.at) <= EXIT_CM;
        let cues;
        if (exitSoon && entered) cues = [cue('leave-' + entered)];
        else if (exitSoon && number === 0 && walk.leavesDoor(leg.first, turn.at)) {
          cues = [cue(walk.leaving())];
        } else {
          cues = walk.at(since, turn);
          if (entered) {
            // The first turn is far: say that one walks straight on till then (R7).
            if (!saysToWalk(cues)) cues.unshift(cue('straight'));
            cues.unshift(cue('leave-' + entered));
          }
        }
        cues.push(turnCue(turn.deg));
        if (!(exitSoon && entered)) cues = cues.concat(walk.tooFar(turn));
        told.push(step(carried.concat(cues), begin, turn.until, turn.deg));
        carried = [];
        begin = turn.until;
        entered = '';
      }
      const since = ends.length ? ends[ends.length - 1].until : leg.first;
      const isLast = number === legs.length - 1;
      const end = isLast ? walk.arrival(since) : walk.toTransfer(since);
      if (entered && carried.length) {
        // Nothing to turn at after the lift: say so, people look for a direction there.
        carried = carried.concat(cue('leave-' + entered));
        if (!saysToWalk(end.cues)) {
          end.cues.unshift(cue('straight'));
        }
      }
      if (isLast) {
        told.push(step(carried.concat(end.cues), begin, leg.last, end.deg));
        return told;
      }
      if (end.cues.length || carried.length) {
        const isThere = !number && walk.end === leg.first;
        const cues = end.cues.length || isThere ? end.cues : [cue('straight')];
        told.push(step(carried.concat(cues), begin, leg.last, end.deg));
        begin = leg.last;
      }
      carried = [walk.transfer()];
      entered = ['lift', 'stairs', 'escalator', 'ramp'].includes(leg.how) ? leg.how : '';
    }
    return told;
  }

  /** Cues that say to walk on themselves. */
  const WALKING = [
    'go-distance', 'go-short', 'on-distance', 'on-passing', 'at-distance', 'at-short',
  ];

  function saysToWalk(cues) {
    return cues.some((one) => WALKING.includes(one.kind));
  }

  /** How far: no metres below ten (M6). */
  function distanceCue(kind, cm) {
    return cm < TOLD_CM ? cue(kind + '-short') : cue(kind + '-distance', { cm: cm });
  }

  function step(cues, first, last, turnDeg) {
    return { cues: cues, first: first, last: last, turn_deg: turnDeg };
  }

  function turnCue(deg) {
    if (Math.abs(deg) > BACK_DEG) return cue('turn-back');
    const how = Math.abs(deg) >= SLIGHT_DEG ? 'turn' : 'keep';
    return cue(how + '-' + sideName(deg, STRAIGHT_DEG));
  }

  function startCues(route, around) {
    if (route.start.node >= 0) return [];
    if (route.start.anchor >= 0) return [cue('start-anchor', { anchor: route.start.anchor })];
    const place = route.start.places.find(
      (p) => around.venue.placeNodes(p).includes(route.nodes[0]));
    const kind = around.venue.placeDoor(place) >= 0 ? 'start-entrance' : 'start';
    return [cue(kind, { place: place })];
  }

  const HOW = { [RIDE]: 'lift', [STAIRS]: 'stairs', [ESCALATOR]: 'escalator', [RAMP]: 'ramp' };

  /** Cut a route where it changes level. */
  function legsOf(route) {
    const network = route.network;
    const legs = [];
    const count = route.darts.length;
    let first = 0;
    let i = 0;
    while (i < count) {
      if (network.level[route.nodes[i]] === network.level[route.nodes[i + 1]]) {
        i++;
        continue;
      }
      const edge = route.darts[i] >> 1;
      const how = HOW[network.kind[edge]] || 'cross';
      let end = i + 1;
      while (end < count && how !== 'cross') {
        const following = route.darts[end] >> 1;
        if (network.thing[following] !== network.thing[edge]) break;
        if (network.kind[following] !== network.kind[edge]) break;
        end++;
      }
      legs.push({ first: first, last: i, how: how, thing: network.thing[edge], after: end });
      first = i = end;
    }
    legs.push({ first: first, last: count, how: '', thing: -1, after: count });
    return legs;
  }

  /** One leg of a route and the questions asked about it. */
  class Walk {
    constructor(route, around, leg) {
      this.route = route;
      this.around = around;
      this.network = route.network;
      this.leg = leg;
      this.nodes = route.nodes;
      this.kinds = route.darts.map((dart) => this.network.kind[dart >> 1]);
      this._endsOfRoute = new Set(route.start.places.concat(route.goal.places));
      this._spacesWalked = new Set(route.nodes.map((node) => this.network.spaceOfNode[node]));
      this.end = this._end();
      this._corners = this._withoutSpurs(
        straightened(this.network, this.nodes, leg.first, this.end));
      this._allTurns = this._turns();
      this.lastTurn = this._lastTurn();
      this.turns = this.lastTurn ? this._allTurns.slice(0, -1) : this._allTurns;
    }

    /** The last node before the door of the goal or of the shaft, where the way along ends. */
    _end() {
      const leg = this.leg;
      if (leg.how === 'cross') return leg.last;
      const inside = this._inside();
      if (inside === NOWHERE) return leg.last;
      for (let i = leg.last; i > leg.first; i--) {
        if (this.network.spaceOfNode[this.nodes[i - 1]] !== inside) return i - 1;
      }
      return leg.last;
    }

    /** The space that is the leg's aim, `NOWHERE` where there is none. */
    _inside() {
      const network = this.network;
      const space = network.spaceOfNode[this.nodes[this.leg.last]];
      if (this.leg.how || space < 0) return space;
      const venue = this.around.venue;
      if (this.route.goal.places.some((place) => venue.placeDoor(place) >= 0)) return NOWHERE;
      const kind = network.spaceKind[space];
      if (kind !== CORRIDOR_SPACE && kind !== RAMP_SPACE) {
        return network.spaceOfNode[this.nodes[this.leg.first]] !== space ? space : NOWHERE;
      }
      return NOWHERE;
    }

    /** Length of the route between its nodes i and j in centimetres. */
    metresCm(i, j) {
      let total = 0;
      for (let k = i; k < j; k++) total += this.network.length[this.route.darts[k] >> 1];
      return total;
    }

    /** Turns between the leg's first node and `end`, bends of one turn taken together. */
    _turns() {
      const corners = this._corners;
      const aimless = this._aimless();
      const raw = [];
      for (let k = 0; k + 2 < corners.length; k++) {
        const here = corners[k + 1];
        if (here <= aimless) continue;
        const deg = turnBetween(
          this.around.heading(this.nodes[corners[k]], this.nodes[here]),
          this.around.heading(this.nodes[here], this.nodes[corners[k + 2]]));
        const last = raw.length ? raw[raw.length - 1] : null;
        const apartCm = last ? this.metresCm(last.until, here) : 0;
        if (last &&
            (isOne(last.deg, deg, apartCm) || this._isDrift(last, deg, here, apartCm))) {
          raw[raw.length - 1] = { at: last.at, until: here, deg: last.deg + deg };
        } else {
          raw.push({ at: here, until: here, deg: deg });
        }
      }
      return raw.filter((turn) => Math.abs(turn.deg) >= STRAIGHT_DEG);
    }

    /** The node up to which the direction means nothing: a few steps from a start in the open
     * onto the way, in a direction in which nobody looks. -1 where there are none. */
    _aimless() {
      const isOutOfARoom = this.leavesDoor(0, Math.min(2, this.end));
      if (this.leg.first || (isOutOfARoom && this._looking() === null)) return -1;
      const corners = isOutOfARoom ? [0] : this._corners;
      if (corners.length > 2 && this.metresCm(0, corners[1]) <= NEAR_CM) {
        const before = this.nodes[corners[0]];
        const here = this.nodes[corners[1]];
        const after = this.nodes[corners[2]];
        const deg = turnBetween(
          this.around.heading(before, here), this.around.heading(here, after));
        if (Math.abs(deg) >= BEND_DEG) return corners[1];
      }
      return 0;
    }

    /** Which way to set out from a start in the open: cues, the turn, and up to which node. */
    settingOut() {
      const aimless = this._aimless();
      const onward = this._corners.find((k) => k > aimless);
      if (onward === undefined && this.route.start.backFrom >= 0) {
        return { cues: [cue('again-here')], deg: 0, until: 0 };
      }
      if (aimless < 0 || onward === undefined) return { cues: [], deg: 0, until: 0 };
      const heading = this.around.heading(this.nodes[aimless], this.nodes[onward]);
      const looking = this._looking();
      if (looking === null) {
        return { cues: this._towards(aimless, onward), deg: 0, until: aimless };
      }
      const deg = turnBetween(looking, heading);
      const start = this.route.start;
      if (start.anchor >= 0 || start.node >= 0) {
        const stands = start.anchor >= 0 ? 'face-' : 'again-';
        const side = Math.abs(deg) > BACK_DEG ? 'back' : sideName(deg, SLIGHT_DEG);
        return { cues: [cue(stands + side)], deg: side === 'ahead' ? 0 : deg, until: aimless };
      }
      if (Math.abs(deg) < STRAIGHT_DEG) return { cues: [], deg: 0, until: 0 };
      return { cues: [turnCue(deg)], deg: deg, until: aimless };
    }

    /** The heading of one who reads the code, comes in by the entrance, or comes back on a way;
     * null: unknown. */
    _looking() {
      const n = this.network;
      const start = this.route.start;
      if (start.anchor >= 0) {
        const bearing = this.around.venue.anchors[start.anchor].bearing_deg;
        return bearing === null ? null : (90 - bearing) * Math.PI / 180;
      }
      if (start.node >= 0) {
        const isKnown = start.backFrom >= 0 &&
          this.around.distanceCm(start.backFrom, start.node) > 0;
        return isKnown ? this.around.heading(start.backFrom, start.node) : null;
      }
      const node = this.nodes[0];
      const door = this.around.doorOfNode[node] >> 1;
      if (door < 0 || !(n.doorFlags[door] & ENTRANCE)) return null;
      return Math.atan2(n.y[node] - n.doorY[door], n.x[node] - n.doorX[door]);
    }

    /** The first place one comes by, else the lift or the goal itself; none of them where it does
     * not lie in the direction in which one sets out. */
    _towards(first, last) {
      for (let i = first + 1; i < last; i++) {
        let place = -1;
        const isFound = this._someEdge(this.nodes[i], (edge, other) => {
          place = this._placeAt(other);
          return place >= 0 && this._liesOnward(first, last, other);
        });
        if (isFound) return [cue('towards', { place: place })];
      }
      if (!this._liesOnward(first, last, this.nodes[this.leg.last])) return [];
      if (this.leg.how && this.leg.how !== 'cross') {
        return [cue('towards-shaft', { connector: this.leg.thing })];
      }
      if (this.leg.how) return [];
      const goal = this.route.goal;
      if (goal.anchor >= 0) return [cue('towards-anchor', { anchor: goal.anchor })];
      return [cue('towards', { place: goal.places[0] })];
    }

    /** Whether a node is seen, from the first of two of the route, about where the last is. */
    _liesOnward(first, last, node) {
      const here = this.nodes[first];
      const heading = (there) => this.around.heading(here, there);
      return Math.abs(turnBetween(heading(this.nodes[last]), heading(node))) <= TOWARDS_DEG;
    }

    /** Corners without those where the line goes a step too far and comes back. */
    _withoutSpurs(corners) {
      let k = 1;
      while (k < corners.length - 1) {
        const before = this.nodes[corners[k - 1]];
        const here = this.nodes[corners[k]];
        const after = this.nodes[corners[k + 1]];
        const deg = turnBetween(
          this.around.heading(before, here), this.around.heading(here, after));
        const shortCm = Math.min(
          this.around.distanceCm(before, here), this.around.distanceCm(here, after));
        if (Math.abs(deg) > BACK_DEG && shortCm <= SPUR_CM) {
          corners.splice(k, 1);
          k = Math.max(1, k - 1);
        } else {
          k++;
        }
      }
      return corners;
    }

    /** Whether two turns only bring one to the middle of a wide passage straight on: who walks
     * straight on comes through as well. */
    _isDrift(last, deg, here, apartCm) {
      const network = this.network;
      if (apartCm > ONE_TURN_CM || Math.abs(last.deg + deg) >= STRAIGHT_DEG) return false;
      if (apartCm <= ASIDE_CM) return true;
      let walked = 0;
      for (let i = here; i < this.end; i++) {
        const edge = this.route.darts[i] >> 1;
        if (network.kind[edge] === DOOR) {
          const isOpen = network.doorKind[network.thing[edge] - network.firstDoor] === OPEN_DOOR;
          return isOpen && apartCm <= Math.floor(network.width[edge] / 2) + DRIFT_CM;
        }
        walked += network.length[edge];
        if (walked > ONE_TURN_CM) return false;
      }
      return false;
    }

    /** Whether a way the route does not take leads straight on at its node i. */
    _goesOn(i) {
      const before = this.nodes[i - 1];
      const node = this.nodes[i];
      const after = this.nodes[i + 1];
      const into = this.around.heading(before, node);
      return this._someEdge(node, (edge, other) => {
        if (other === before || other === after) return false;
        const deg = turnBetween(into, this.around.heading(node, other));
        if (Math.abs(deg) > 45) return false;
        const to = this._leadsTo(other);
        return to === 'way' || to === 'hall';
      });
    }

    /** Whether `holds(edge, other end)` for some edge at a node, in order of number. */
    _someEdge(node, holds) {
      const network = this.network;
      for (let i = network.edgesFrom[node]; i < network.edgesFrom[node + 1]; i++) {
        const edge = network.edgesAt[i];
        if (holds(edge, network.other(edge, node))) return true;
      }
      return false;
    }

    /** The turn that brings one to the door of the goal or the shaft: told as its side. */
    _lastTurn() {
      const all = this._allTurns;
      const turn = all.length ? all[all.length - 1] : null;
      if (!turn || this.leg.how === 'cross' || Math.abs(turn.deg) > BACK_DEG) return null;
      return this.metresCm(turn.until, this.end) <= NEAR_CM ? turn : null;
    }

    /** Whether a door is passed between two nodes of the route. */
    leavesDoor(i, j) {
      return this.kinds.slice(i, j).includes(DOOR);
    }

    /** The cue for leaving the start: by a door, or a place that is open in front. */
    leaving() {
      const network = this.network;
      const thing = network.thing[this.route.darts[this.kinds.indexOf(DOOR)] >> 1];
      return network.doorKind[thing - network.firstDoor] === OPEN_DOOR ? 'leave-open' : 'leave-room';
    }

    /** What is at a turn: landmark, end of the corridor, nth opening, door, distance. */
    at(since, turn) {
      const cues = this.onTheWay(since, turn.at);
      const side = sideOf(turn.deg, STRAIGHT_DEG);
      const landmark = this._landmark(turn, side);
      if (landmark >= 0) return cues.concat(cue('at-place', { place: landmark }));
      const entered = this._entered(since, turn.at);
      if (entered) {
        // A door just passed is told already: last of all, for there one turns.
        const isDoor = (one) => one.kind.indexOf('through-') === 0;
        const doors = cues.filter(isDoor);
        if (entered.kind === 'at-door' && doors.length) {
          return cues.filter((one) => !isDoor(one)).concat(doors);
        }
        return cues.concat(entered);
      }
      if (since > this.leg.first && this.metresCm(since, turn.at) <= SOON_CM) {
        return cues.concat(cue('at-soon'));
      }
      if (this._ends(turn)) return cues.concat(cue('at-end'));
      const counted = this._counted(since, turn, side);
      if (counted) return cues.concat(counted);
      const passing = cues.filter((one) => one.kind === 'on-passing')
        .map((one) => cue('and-passing', one.slots));
      return cues.filter((one) => !one.kind.startsWith('on-'))
        .concat(distanceCue('at', this.metresCm(since, turn.at)), passing);
    }

    /** Doors to go through, and on a long leg what one passes. */
    onTheWay(since, until) {
      const cues = this.doors(since, until);
      if (this.metresCm(since, until) > LONG_CM) {
        const passed = this._passed(since, until);
        if (passed >= 0) cues.push(cue('on-passing', { place: passed }));
        else cues.push(cue('on-distance', { cm: this.metresCm(since, until) }));
      }
      return cues;
    }

    /** The door leaves on the way, the last kind named, with their number. */
    doors(since, until) {
      const network = this.network;
      let kinds = [];
      for (let i = since; i < until; i++) {
        const door = this._leaf(i);
        if (door >= 0) kinds.push(network.doorKind[door]);
      }
      // Leaving the room one starts in is no news.
      if (kinds.length && since === 0 && this.route.start.anchor < 0) {
        const start = network.spaceOfNode[this.nodes[0]];
        if (start >= 0 && network.spaceKind[start] === ROOM_SPACE) kinds = kinds.slice(1);
      }
      if (!kinds.length) return [];
      const kind = kinds.every((k) => k === AUTOMATIC_DOOR) ? 'automatic' : 'any';
      if (kinds.length === 1) return [cue('through-' + kind + '-one')];
      return [cue('through-' + kind + '-more', { count: kinds.length })];
    }

    /** The door of the route's i-th dart if it has a leaf one opens, else -1. */
    _leaf(i) {
      const network = this.network;
      const thing = network.thing[this.route.darts[i] >> 1];
      if (!network.isDoor(thing)) return -1;
      const door = thing - network.firstDoor;
      const opens = network.doorKind[door] !== OPEN_DOOR && !(network.doorFlags[door] & GUESSED);
      return opens ? door : -1;
    }

    _landmark(turn, side) {
      for (let i = turn.at; i <= turn.until; i++) {
        const seen = this.around.landmarks(this.nodes[i], this.nodes[i - 1]);
        const said = seen.filter((mark) => !this._isUsed(mark.place));
        const wanted = [side, 0, -side];
        for (let w = 0; w < 3; w++) {
          for (let k = 0; k < said.length; k++) {
            if (said[k].side === wanted[w]) return said[k].place;
          }
        }
      }
      return -1;
    }

    /** Whether the route itself starts, ends or leads there: no landmark then. */
    _isUsed(place) {
      return this._endsOfRoute.has(place) ||
        this.around.venue.placeSpaces(place).some((space) => this._spacesWalked.has(space));
    }

    /** The named hall or the door that was entered just before a turn. */
    _entered(since, until) {
      const network = this.network;
      for (let i = until; i > since; i--) {
        if (this.metresCm(i, until) > ONE_TURN_CM) return null;
        if (!network.isDoor(network.thing[this.route.darts[i - 1] >> 1])) continue;
        const space = network.spaceOfNode[this.nodes[i]];
        const place = this.around.placeAt(space);
        const isHall = space >= 0 && network.spaceKind[space] === HALL_SPACE;
        if (isHall && place >= 0 && !this._endsOfRoute.has(place)) {
          return cue('at-entering', { place: place });
        }
        if (this._leaf(i - 1) >= 0) return cue('at-door');
      }
      return null;
    }

    /** Ways off the route at its node i on one side: `way`, `door`, `staff`, `hall`, `guess`. */
    _branches(i, side) {
      const node = this.nodes[i];
      const before = this.nodes[i - 1];
      const after = this.nodes[i + 1];
      const into = this.around.heading(before, node);
      const found = [];
      this._someEdge(node, (edge, other) => {
        if (other === before || other === after || this.network.kind[edge] === DOOR) return false;
        const deg = turnBetween(into, this.around.heading(node, other));
        const off = Math.abs(deg);
        if (STRAIGHT_DEG <= off && off <= 180 - STRAIGHT_DEG &&
            sideOf(deg, STRAIGHT_DEG) === side) {
          found.push(this._leadsTo(other));
        }
        return false;
      });
      return found;
    }

    _leadsTo(node) {
      const network = this.network;
      const doorSide = this.around.doorOfNode[node];
      if (doorSide < 0) return 'way';
      const door = doorSide >> 1;
      const beyond = this.around.spaceBeyond(doorSide);
      const isOpen = network.doorKind[door] === OPEN_DOOR;
      if (network.doorFlags[door] & GUESSED && !isOpen) return 'guess';
      if (network.doorAccess[door] !== 0 || (beyond >= 0 && network.spaceAccess[beyond] !== 0)) {
        return 'staff';
      }
      if (isOpen) {
        return beyond >= 0 && network.spaceKind[beyond] === CORRIDOR_SPACE ? 'way' : 'hall';
      }
      return 'door';
    }

    /** Whether a corridor comes to its end at a turn, doors aside. */
    _ends(turn) {
      return this.kinds[turn.at - 1] === CORRIDOR && !this._goesOn(turn.at);
    }

    /** The nth junction or door on the side one turns to, where counting is safe. */
    _counted(since, turn, side) {
      if (turn.at !== turn.until || Math.abs(turn.deg) > BACK_DEG) return null;
      const target = this._leadsTo(this.nodes[turn.at + 1]);
      if (target !== 'way' && target !== 'door') return null;
      for (let i = since; i < turn.at; i++) {
        if (this.kinds[i] !== CORRIDOR && this.kinds[i] !== DOOR) return null;
      }
      const unsafe = target === 'way' ? ['hall', 'guess'] : ['staff', 'guess'];
      let count = 1;
      for (let i = since + 1; i < turn.at; i++) {
        const branches = this._branches(i, side);
        if (branches.some((what) => unsafe.includes(what))) return null;
        if (branches.includes(target)) count++;
      }
      if (count > MOST_COUNTED) return null;
      return cue('at-nth-' + target + '-' + ['left', 'ahead', 'right'][side + 1], { nth: count });
    }

    /** The place whose door is nearest to the middle of a stretch, or -1. */
    _passed(since, until) {
      const half = this.metresCm(since, until) / 2;
      let bestOff = Infinity;
      let best = -1;
      let walked = 0;
      for (let i = since + 1; i < until; i++) {
        walked += this.network.length[this.route.darts[i - 1] >> 1];
        const off = Math.abs(walked - half);
        if (!(off < half * 0.6)) continue;
        this._someEdge(this.nodes[i], (edge, other) => {
          const place = this._placeAt(other);
          if (place >= 0 && off < bestOff) {
            bestOff = off;
            best = place;
          }
          return false;
        });
      }
      return best;
    }

    /** The public place behind the door that `node` stands at, if it is not an end; else -1. */
    _placeAt(node) {
      const doorSide = this.around.doorOfNode[node];
      if (doorSide < 0 || this.network.doorAccess[doorSide >> 1] !== 0) return -1;
      const beyond = this.around.spaceBeyond(doorSide);
      const place = this.around.placeAt(beyond);
      return this._spacesWalked.has(beyond) || this._endsOfRoute.has(place) ? -1 : place;
    }

    /** Whether a room is behind the door at `node`: a hall may be seen long before. */
    _isRoomDoor(node) {
      const beyond = this.around.spaceBeyond(this.around.doorOfNode[node]);
      return this.network.spaceKind[beyond] === ROOM_SPACE;
    }

    /** A place just past the turn, straight on: who sees it has gone too far. */
    tooFar(turn) {
      const network = this.network;
      const before = this.nodes[turn.at - 1];
      let node = this.nodes[turn.at];
      const into = this.around.heading(before, node);
      if (Math.abs(turn.deg) > BACK_DEG ||
          this._landmark(turn, sideOf(turn.deg, STRAIGHT_DEG)) >= 0) {
        return [];
      }
      let walked = 0;
      const seen = new Set([before, this.nodes[turn.at + 1]]);
      while (walked < TOO_FAR_CM) {
        let onward = -1;
        let found = -1;
        const here = node;
        this._someEdge(here, (edge, other) => {
          if (seen.has(other) || network.kind[edge] !== CORRIDOR) return false;
          const deg = turnBetween(into, this.around.heading(here, other));
          const place = this._placeAt(other);
          if (place >= 0 && walked > 0 && this._isRoomDoor(other)) {
            found = place;
            return true;
          }
          if (Math.abs(deg) < STRAIGHT_DEG && onward < 0) onward = edge;
          return false;
        });
        if (found >= 0) return [cue('too-far', { place: found })];
        if (onward < 0) return [];
        seen.add(node);
        walked += network.length[onward];
        node = network.other(onward, node);
      }
      return [];
    }

    /** Degrees from the way walked to the way in, 0 where one walks straight in. */
    _sideAtEnd() {
      if (this.leg.how === 'cross') return 0;
      const turn = this.lastTurn;
      const arrived = turn ? turn.until : this.end;
      if (!turn && arrived <= this.leg.first) return 0;
      const before = this._cornerBefore(arrived);
      const into = this.around.heading(this.nodes[before], this.nodes[arrived]);
      const inwards = this._inwards();
      let deg = turn ? turn.deg : 0;
      if (inwards !== null) deg = turnBetween(into, inwards);
      return AHEAD_DEG < Math.abs(deg) && Math.abs(deg) <= BACK_DEG ? deg : 0;
    }

    /** The corner of the straightened line that one comes from to node i. */
    _cornerBefore(i) {
      const before = this._corners.filter((k) => k < i);
      return before[before.length - 1];
    }

    /** The heading of one who goes through the door of the aim, null where it has none. */
    _inwards() {
      const n = this.network;
      const node = this.nodes[this.end];
      if (this.end < this.leg.last) return this.around.heading(node, this.nodes[this.end + 1]);
      const door = this.around.doorOfNode[node] >> 1;
      const venue = this.around.venue;
      const isEntrance = this.route.goal.places.some((place) => venue.placeDoor(place) >= 0);
      if (this.leg.how || door < 0 || !isEntrance) return null;
      // An entrance as goal: out of the building, from the node inside to the door.
      return Math.atan2(n.doorY[door] - n.y[node], n.doorX[door] - n.x[node]);
    }

    /** How far to the goal or the lift: the nth door on its side, or metres. */
    _toTheEnd(since, deg) {
      // Where one turns towards the aim, or stands before it.
      const aside = this.lastTurn ? this.lastTurn.until : this.end;
      const end = Math.max(aside, since);
      const cues = this.onTheWay(since, end);
      if (this.metresCm(since, end) <= NEAR_CM) return cues;
      const side = sideOf(deg, AHEAD_DEG);
      if (side && this.lastTurn && since > this.leg.first) {
        const counted = this._counted(since, this.lastTurn, side);
        if (counted && counted.kind.startsWith('at-nth-door')) {
          return cues.filter((one) => one.kind !== 'on-distance').concat(counted);
        }
      }
      if (!cues.some((one) => one.kind === 'on-distance' || one.kind === 'on-passing')) {
        cues.push(distanceCue('go', this.metresCm(since, end)));
      }
      return cues;
    }

    /** The last step's cues and the turn towards the goal. */
    arrival(since) {
      const deg = this._sideAtEnd();
      const cues = this._toTheEnd(since, deg);
      const side = sideName(deg, AHEAD_DEG);
      if (this.route.goal.anchor >= 0) {
        cues.push(cue('arrive-anchor-' + side, { anchor: this.route.goal.anchor }));
        return { cues: cues, deg: deg };
      }
      const place = this.route.goal.places[0];
      cues.push(cue('arrive-' + side, { place: place }));
      if (this.around.venue.hasSign(place)) cues.push(cue('sign', { sign: place }));
      return { cues: cues, deg: deg };
    }

    /** The way to a lift, stairs or bridge, and the turn towards it. */
    toTransfer(since) {
      if (this.leg.how === 'cross') {
        return { cues: this.onTheWay(since, this.leg.last), deg: 0 };
      }
      const deg = this._sideAtEnd();
      const cues = this._toTheEnd(since, deg);
      if (!cues.length && !deg && this.leg.first === since) return { cues: [], deg: 0 };
      cues.push(cue('find-' + sideName(deg, AHEAD_DEG), { connector: this.leg.thing }));
      return { cues: cues, deg: deg };
    }

    /** Riding, climbing or crossing to the next level. */
    transfer() {
      const levels = this.network.levels;
      const here = levels[this.network.level[this.nodes[this.leg.last]]];
      const number = this.network.level[this.nodes[this.leg.after]];
      const there = levels[number];
      if (this.leg.how === 'cross') return cue('cross', { floor: number });
      const way = there.ordinal > here.ordinal ? 'up' : 'down';
      const floors = Math.floor(Math.abs(there.ordinal - here.ordinal) + 0.5);
      let suffix = '';
      if (this.leg.how === 'stairs' && floors <= 1) {
        // Half a floor is no floor: a few steps.
        suffix = Math.abs(there.ordinal - here.ordinal) > 0.75 ? '-one' : '-few';
      }
      return cue(this.leg.how + '-' + way + suffix,
        { level: number, connector: this.leg.thing, floors: floors });
    }
  }

  /** Whether two bends are one turn, or one jog that is no turn at all. */
  function isOne(firstDeg, secondDeg, apartCm) {
    const first = Math.abs(firstDeg);
    const second = Math.abs(secondDeg);
    if ((firstDeg > 0) === (secondDeg > 0)) {
      const near = apartCm <= (Math.min(first, second) < SLIGHT_DEG ? JOG_CM : ONE_TURN_CM);
      return near && Math.abs(firstDeg + secondDeg) <= BACK_DEG;
    }
    if (Math.max(first, second) < BEND_DEG) return apartCm <= JOG_CM;
    return apartCm <= ONE_TURN_CM && Math.min(first, second) < SLIGHT_DEG;
  }

  /** Indices of the corners of a path, first and last among them (Douglas and Peucker). */
  function straightened(network, nodes, first, last) {
    const keep = new Set([first, last]);
    const spans = [[first, last]];
    while (spans.length) {
      const span = spans.pop();
      const i = span[0];
      const j = span[1];
      const ax = network.x[nodes[i]];
      const ay = network.y[nodes[i]];
      const dx = network.x[nodes[j]] - ax;
      const dy = network.y[nodes[j]] - ay;
      const length = Math.sqrt(dx * dx + dy * dy);
      let worst = -1;
      let far = WOBBLE_CM;
      for (let k = i + 1; k < j; k++) {
        const px = network.x[nodes[k]] - ax;
        const py = network.y[nodes[k]] - ay;
        const along = length === 0 ? 0 : (px * dx + py * dy) / length;
        let off;
        if (along <= 0 || along >= length) {
          const end = along <= 0 ? 0 : 1;
          const qx = px - end * dx;
          const qy = py - end * dy;
          off = Math.sqrt(qx * qx + qy * qy);
        } else {
          off = Math.abs(px * dy - py * dx) / length;
        }
        if (off > far) {
          worst = k;
          far = off;
        }
      }
      if (worst >= 0) {
        keep.add(worst);
        spans.push([i, worst], [worst, j]);
      }
    }
    return Array.from(keep).sort(function (a, b) { return a - b; });
  }

  // ---------------------------------------------------------------- guidance

  /** Metres as told: by 5 up to 50, by 10 beyond; never 0. */
  function roundedM(lengthCm) {
    const grain = lengthCm < 5000 ? 500 : 1000;
    return Math.max(1, Math.floor((lengthCm + grain / 2) / grain)) * (grain / 100);
  }

  /** Puts steps into one language for one bundle. */
  class Teller {
    constructor(bundle, language) {
      bundle._languageNumber(language);
      this._bundle = bundle;
      this._language = language;
      this._book = bundle.books[language];
    }

    /** A cue as words, for the eye and for the ear. */
    clause(one) {
      const text = {};
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
        case 'anchor': return bundle.anchors[value].names[this._language];
        case 'level': {
          const level = bundle.levels[value];
          return [level.label, level.speech[this._language]];
        }
        case 'floor': return this._floor(value);
        case 'connector': return this._connector(value);
        case 'cm': {
          const metres = roundedM(value);
          return [String(metres), this._number(metres)];
        }
        case 'nth': return [this._book.ordinals[value - 1], this._book.ordinals[value - 1]];
        case 'count':
        case 'floors': return [this._number(value), this._number(value)];
        default: return [String(value), String(value)];
      }
    }

    /** Building and posted label, for one who comes from another building. */
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
      const card = this.card(one.cues);
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

  /** What holds for the whole way. */
  function noticesOf(route, venue) {
    const cues = route.unverified.map((missing) => cue('notice-' + missing));
    route.goal.places.forEach(function (place) {
      if (route.at.minute !== null && !isOpen(venue.placeHours(place), route.at.minute)) {
        cues.push(cue('notice-closed-now', { place: place }));
      }
    });
    if (route.at.closed.length) cues.push(cue('notice-closed'));
    return cues;
  }

  // ----------------------------------------------------------------- answers

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
    // Rounded as they add up, so that the parts make the whole.
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

  // ------------------------------------------------------------------ lookup

  /** Text as it is compared: full-width as half-width, no case, no blanks. */
  function folded(text) {
    const plain = text.normalize ? text.normalize('NFKC') : text;
    return plain.toLowerCase().replace(/\s+/g, '');
  }

  // ------------------------------------------------------------------ bundle

  /** Categories that are not for everybody, and the wider one, if any, that serves these people
   * too: as in `navkit/lookup.py`. */
  const FOR_SOME = {
    'toilet-men': 'toilet',
    'toilet-women': 'toilet',
    'toilet-reserved': '',
    'registration-emergency': 'registration',
    'pharmacy-emergency': 'pharmacy',
    'pharmacy-inpatient': 'pharmacy',
    'pharmacy-herbal': '',
  };

  /** A bundle ready to be asked. Made by `begin` in steps. */
  class Bundle {
    constructor(index, read) {
      this.index = index;
      /** Chips ask for the same few with every key that is pressed. */
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

    /** What is asked more rarely: ids, aliases, hours, signs, anchors, closures, landmarks. */
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
      this._hoursOfWeek = data.hours_of_week;
      this._phones = byPlace(data.phones);
      this._signs = new Table(data.signs, this.languages);
      this._signOf = new Map();
      undelta(data.sign_places).forEach((place, row) => { this._signOf.set(place, row); });
      this.anchors = data.anchors;
      this.closures = data.closures;
      this._landmarks = data.landmarks;
    }

    readPhrases(data) {
      this.books = data.languages;
      this.profiles = {};
      Object.keys(data.profiles).forEach((id) => {
        this.profiles[id] = Object.assign({}, data.profiles[id], { id: id });
      });
    }

    // -- places

    /** Numbers of the spaces where a place stands. */
    placeSpaces(place) {
      return Array.from(
        this._spaces.subarray(this._firstSpaceOf[place], this._firstSpaceOf[place + 1]));
    }

    /** The nodes one arrives at. */
    placeNodes(place) {
      const given = this._nodes.get(place);
      return given || this.network.sidesOnly(this.placeSpaces(place));
    }

    /** [text, speech] of a place's name. */
    placeName(place, language) {
      return this._tableName(this._names, place, language);
    }

    /** [text, speech] of what stands on a place's door, or null. */
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

    /** The door that a place is an entrance by, or -1. */
    placeDoor(place) {
      const door = this._doors.get(place);
      return door ? door[0] : -1;
    }

    /** Open intervals of a place in minutes of the week; none means always. */
    placeHours(place) {
      return this._hours[place] ? this._hoursOfWeek[this._hours[place] - 1] : [];
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

    /** Labels of the levels where a place stands, or its category where it stands at none. */
    placeWhere(place) {
      const levels = this.placeDoor(place) < 0 || this.placeSpaces(place).length
        ? this.levelsOf(place) : [];
      const labels = levels.map((level) => this.levels[level].label);
      return Array.from(new Set(labels)).join('/') || this.placeCategory(place);
    }

    /** Numbers of the levels where a place stands: those of its spaces, else where one arrives. */
    levelsOf(place) {
      const spaces = this.placeSpaces(place).map((space) => this.network.spaceLevel[space]);
      if (spaces.length) return spaces;
      return this.placeNodes(place).slice(0, 1).map((node) => this.network.level[node]);
    }

    /** Everything about a place that one shows. */
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
      };
    }

    /** Whether a place is open at a local time `YYYY-MM-DDTHH:MM`. */
    isOpen(place, localTime) {
      const minute = localMinute(localTime);
      if (isNaN(minute)) throw failure('bad-time', localTime);
      return isOpen(this.placeHours(place), minute);
    }

    // -- lookup

    /** The spot a query means: an id, a code, a name, an alias, a door number or
     * `category:toilet` (the nearest of them that is for anybody, `toilet-accessible` and the like
     * included; of those for staff or `FOR_SOME` only where there are no others;
     * `category:toilet-men` is for men or for anybody). */
    find(query) {
      if (query.startsWith('category:')) {
        const category = query.slice('category:'.length);
        const places = this.placesOf(category);
        if (!places.length) {
          const known = this.categories.filter(Boolean).join(', ');
          throw failure('no-such-category', category, { known: known });
        }
        return { places: places, anchor: -1 };
      }
      const byId = this.placeIds.indexOf(query);
      if (byId >= 0) return { places: [byId], anchor: -1 };
      for (let i = 0; i < this.anchors.length; i++) {
        if (query === this.anchors[i].id || query === this.anchors[i].code) {
          return { places: [], anchor: i };
        }
      }
      const space = this.network.spaceIds.indexOf(query);
      if (space >= 0) {
        // A room may be a department too: who gives its id means the room.
        const here = this.placesAt(space);
        here.sort((a, b) => this._perPlace[a] - this._perPlace[b] || a - b);
        if (here.length) return { places: [here[0]], anchor: -1 };
      }
      const wanted = folded(query);
      const said = this._said();
      const places = this._placesWhere((i) => said[i].includes(wanted));
      if (!places.length) return this._findPart(query, wanted, said);
      if (places.length > 1) throw this._several(query, places);
      return { places: places, anchor: -1 };
    }

    /** Numbers of the places that somebody means who asks for a category: who asks for toilets gets
     * none for men or for women only, unless there is no other. */
    placesOf(category) {
      if (!this._ofCategory.has(category)) this._ofCategory.set(category, this._placesOf(category));
      return this._ofCategory.get(category);
    }

    _placesOf(category) {
      const wider = FOR_SOME[category];
      const found = this._placesWhere((i) => (
        this.isOf(i, category) || (wider && this.placeCategory(i) === wider)));
      const open = found.filter((i) => this.placeIsPublic(i));
      const most = open.length ? open : found;
      const anybody = most.filter((i) => (
        this.placeCategory(i) === category || !(this.placeCategory(i) in FOR_SOME)));
      return anybody.length ? anybody : most;
    }

    /** Whether a place is of a category or of a finer one. */
    isOf(place, category) {
      return (this.placeCategory(place) + '-').startsWith(category + '-');
    }

    _findPart(query, wanted, said) {
      const anchors = [];
      this.anchors.forEach((anchor, i) => {
        const names = Object.keys(anchor.names).map((tag) => anchor.names[tag][0]);
        if (names.some((name) => name !== anchor.code && folded(name) === wanted)) anchors.push(i);
      });
      if (anchors.length === 1) return { places: [], anchor: anchors[0] };
      const hits = this._placesWhere(
        (i) => said[i].some((text) => text.indexOf(wanted) >= 0));
      if (wanted && hits.length === 1) return { places: hits, anchor: -1 };
      if (wanted && hits.length) throw this._several(query, hits);
      throw failure('no-such-place', query);
    }

    _placesWhere(holds) {
      const places = [];
      for (let i = 0; i < this.placeCount; i++) if (holds(i)) places.push(i);
      return places;
    }

    _several(query, places) {
      const shown = places.slice(0, 12).map((i) => this.placeIds[i] + ' (' + this.placeWhere(i) + ')');
      const more = places.length > 12 ? ' … ' + places.length : '';
      const error = failure('several-places', query, { hits: shown.join(', ') + more });
      error.hits = places;
      return error;
    }

    /** Of each place, everything people may call it, folded. */
    _said() {
      if (!this._saidTexts) {
        this._saidTexts = [];
        for (let i = 0; i < this.placeCount; i++) {
          this._saidTexts.push(this._saidOf(i).map(folded));
        }
      }
      return this._saidTexts;
    }

    /** Everything people may call a place, as written. */
    _saidOf(place) {
      const said = [];
      const add = function (text) { if (text && !said.includes(text)) said.push(text); };
      for (let k = 0; k < this.languages.length; k++) add(this._names.text(place, 2 * k, null));
      (this._aliases.get(place) || []).forEach(add);
      add(this._refs.text(place, 0, null));
      return said;
    }

    // -- routes

    /** The moment of a departure: closures with a start or an end count only within. */
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

    /** What has been closed since the bundle was made, beside its own closures; of what it does not
     * know nothing is closed. */
    close(closures) {
      this.published = closures.filter((one) => this.knows(one.target));
    }

    /** Whether this is the id of something that can be closed. */
    knows(id) {
      const edge = /^edge:(0|[1-9]\d*)$/.exec(id);
      if (edge) return Number(edge[1]) < this.network.edgeCount;
      return this.network.thingsOfId(id).length > 0;
    }

    /** Of the closures of a moment, those that lie on a way, from a dart of it on. */
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

    /** What a thing that can be closed is called, '' where nobody has a name for it. */
    thingName(id, language) {
      const place = this.placeIds.indexOf(id);
      if (place >= 0) return this.place(place, language).name;
      const network = this.network;
      for (const thing of network.thingsOfId(id)) {
        const row = thing - network.firstConnector;
        const name = network.connector(thing)
          ? this._tableName(network.connectorNames, row, language)[0] : '';
        if (name) return name;
      }
      return '';
    }

    /** The least-cost route. `start` and `goal` are queries or spots. */
    route(start, goal, options) {
      const wanted = options || {};
      const profile = this.profiles[wanted.profile || 'walk'];
      if (!profile) {
        const known = Object.keys(this.profiles).join(', ');
        throw failure('unknown-profile', wanted.profile, { known: known });
      }
      const closed = wanted.closed || [];
      closed.forEach((id) => {
        if (!this.knows(id)) throw failure('unknown-closure', id);
      });
      const at = this.moment(wanted.depart || '', closed);
      const from = typeof start === 'string' ? this.find(start) : start;
      const to = typeof goal === 'string' ? this.find(goal) : goal;
      return this.navigator.findRoute(from, to, profile, at);
    }

    // -- guidance

    get around() {
      if (!this._around) this._around = new Surroundings(this, this._landmarks);
      return this._around;
    }

    /** The route in words: instructions and notices. */
    tell(route, language) {
      const teller = new Teller(this, language);
      return {
        language: language,
        instructions: stepsOf(route, this.around).map((one) => teller.instruction(route, one)),
        notices: noticesOf(route, this).map((one) => teller.clause(one)),
      };
    }

    /** A told route as plain data: what `navkit route --json` prints. */
    answer(route, told) {
      return routeAnswer(route, told);
    }

    // -- search

    /** What somebody who types or speaks may mean, the best first: by name, alias, number, pinyin
     * or its initials, by what sounds or looks like it, by what one feels or wants, in any
     * language. `options`: `limit` (20), `language` of the answers, `access` to keep to. */
    search(text, options) {
      const wanted = options || {};
      const language = wanted.language || this.languages[0];
      const limit = wanted.limit === undefined ? 20 : wanted.limit;
      const access = ACCESS.indexOf(wanted.access);
      if (!this._search) this._search = new Search(this, this._read(this.index.search));
      const hits = this._search.hits(text, (place) => access < 0 || this._access[place] === access);
      return hits.slice(0, limit).map((hit) => {
        const found = this.place(hit.place, language);
        found.rank = hit.rank;
        if (hit.hint) found.hint = hit.hint;
        return found;
      });
    }

    // -- scripts

    /** A route told beforehand: instructions, or an error where none is scripted. */
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

    /** Clips of a language for `navkitVoice.clips`, with the name of their `file`; null if none
     * were recorded. */
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

    // -- photos

    /** The photo of what one sees at the end of an instruction, or on arrival at a place: its
     * `file`, `width_px`, `height_px` and `names` by language. Null where nobody took one. */
    photo(route, instruction) {
      if (!this._photos) this._photos = this._readPhotos();
      const last = instruction.last;
      const photos = this._photos;
      const goal = route.goal.places.find((place) => photos.ofPlace.has(place));
      if (last === route.nodes.length - 1 && goal !== undefined) return photos.ofPlace.get(goal);
      const turn = route.nodes[last] * this.network.nodeCount + route.nodes[last - 1];
      return last > instruction.first && photos.atTurn.get(turn) || null;
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

    /** Outlines and doors of a level, in metres, x to the right and y up. */
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

    /** Where a node is: its level, its space (-1 on a drawn path), and metres. */
    at(node) {
      const network = this.network;
      return {
        level: network.level[node],
        space: network.spaceOfNode[node],
        x: network.x[node] / 100,
        y: network.y[node] / 100,
      };
    }

    /** What a dart leads through: corridor, door, stairs, ride … */
    kindOf(dart) {
      return KIND_NAMES[this.network.kind[dart >> 1]];
    }

    /** Numbers of the places at a space, such as the one that somebody taps. */
    placesAt(space) {
      return this._placesWhere((place) => this.placeSpaces(place).includes(space));
    }

    /** Numbers of the places that stand on a level: at its spaces, else at its nodes. */
    placesOn(level) {
      const network = this.network;
      return this._placesWhere((place) => {
        const spaces = this.placeSpaces(place);
        return spaces.length ? spaces.some((space) => network.spaceLevel[space] === level)
          : this.placeNodes(place).some((node) => network.level[node] === level);
      });
    }
  }

  // ------------------------------------------------------------------ search

  /** How well a place fits, the best first. */
  const WHOLE = 0;
  const WORD = 1; // a hint's whole word
  const BEGINNING = 2; // of a name, or of a later word of it
  const CONTAINED = 3; // within a name, or in what its category is called
  const SLIPPED = 4; // a letter wrong
  const SAME_SOUND = 5; // other characters
  const SIMILAR_SOUND = 6; // that many people say alike
  const MISWRITTEN = 7; // a character wrong
  const SAID = 8; // a name within a sentence
  const HINTED = 9; // where one asks for what one feels or wants

  /** Shorter words differ in a letter without a slip. */
  const FEWEST_LETTERS = 4;

  /** Fewer characters differ in one by meaning another thing. */
  const FEWEST_CHARACTERS = 3;

  /** How many ways to read a name are kept. */
  const MOST_SOUNDS = 8;

  /** Sounds that speakers of many dialects do not tell apart: z and zh, l and n, an and ang … */
  const SOFTENED = [[/^([zcs])h/, '$1'], [/^n/, 'l'], [/ng$/, 'n']];

  const HAN = /[\u3400-\u9fff]/;

  const SHAFTS = ['elevator', 'stairs', 'escalator'];

  /** What stands between the words of a name. */
  const APART = /[\s,，、()（）/-]+/;

  function softened(sound) {
    return SOFTENED.reduce((text, [hard, soft]) => text.replace(hard, soft), sound);
  }

  /** Everything that can be typed for the places of a bundle. A key is a folded `text` with its
   * `places` and how well they fit who types the `whole` of it, or with the number of the `hint`
   * that it is a word of; `han` says which script. */
  class Search {
    constructor(bundle, file) {
      this._homophones = file.homophones || {};
      this._readings = new Map();
      for (let i = 0; i < file.characters.length; i++) {
        this._readings.set(file.characters[i], file.pinyin[i].split(' ').filter(Boolean));
      }
      this._bundle = bundle;
      this._file = file;
      this._names = namesOf(bundle, file.kinds || {});
      this._hints = file.hints || [];
      this._words = [];
      this._hints.forEach((hint, number) => {
        hint[0].forEach((word) => {
          const key = { text: folded(word), han: HAN.test(word), hint: number, word: word };
          if (!key.han) key.plain = plainly(word);
          this._words.push(key);
        });
      });
      this._keys = this._names.concat(this._words);
      this._sounds = new Map();
      this._heard = new Map();
    }

    /** Places that may be meant, `{place, rank, hint}`, the best first; `admits` leaves some out. */
    hits(text, admits) {
      const query = folded(text);
      if (!query) return [];
      const sentence = plainly(text);
      const hits = this._meant(query, sentence, admits);
      if (hits.sure) return hits.sorted();
      const others = this._onFloor(query, sentence, admits) || this._numbered(query, admits);
      return (others || hits).sorted();
    }

    _meant(query, sentence, admits) {
      const hits = new Hits(this._hints, admits);
      this._byName(query, hits);
      this._bySpelling(query, hits);
      const isWord = this._byHint(query, sentence, hits);
      if (!isWord) this._bySlip(query, hits);
      if (!isWord && !hits.named && HAN.test(query)) this._byCharacter(query, hits);
      if (!hits.named) this._withinQuery(query, hits);
      return hits;
    }

    /** Of what is called alike in part, lifts and stairs come last: few people go to them. */
    _byName(query, hits) {
      const isShaft = (key) => key.places.every(
        (place) => SHAFTS.includes(this._bundle.placeCategory(place)));
      this._names.forEach(function (key) {
        const at = key.text.indexOf(query);
        if (at < 0) return;
        const rank = at > 0 ? CONTAINED : fit(key, query);
        hits.add(key, rank, rank > WHOLE && isShaft(key) ? 1 : 0);
      });
    }

    /** What else is asked for where a floor is named, as in 一楼厕所: on that floor, or anywhere
     * where it has none; null where no floor is named or nothing is found. */
    _onFloor(query, sentence, admits) {
      const floor = this._floorIn(query);
      const rest = query.replace(floor, '');
      if (!floor || !rest) return null;
      const levels = this._floors.get(floor);
      const isThere = (place) => this._bundle.levelsOf(place).some((one) => levels.includes(one));
      const there = this._meant(rest, sentence, (place) => admits(place) && isThere(place));
      const found = there.empty ? this._meant(rest, sentence, admits) : there;
      return found.empty ? null : found;
    }

    /** The longest way to write a floor in a query, '' where there is none. */
    _floorIn(query) {
      if (!this._floors) this._floors = this._floorWords();
      let longest = '';
      this._floors.forEach((_, word) => {
        const at = query.indexOf(word);
        // A floor within a longer number is another floor.
        const isWhole = at >= 0 && !this._figures.includes(query.charAt(at - 1) || ' ') &&
          !this._figures.includes(query.charAt(at + word.length) || ' ');
        if (isWhole && word.length > longest.length) longest = word;
      });
      return longest;
    }

    /** Levels by the ways to write their number: in digits and in each language's words. */
    _floorWords() {
      const found = new Map();
      const books = this._bundle.languages.map((tag) => this._bundle.books[tag]);
      const said = (number) => books.map((book) => sayDigits(String(number), book.spoken));
      const figures = Array.from({ length: 10 }, (_, k) => said(k + 1).join('')).join('');
      this._figures = '0123456789' + figures.replace(/[a-z\s-]/g, '');
      (this._file.floors || []).forEach((floor, level) => {
        const number = Math.abs(floor);
        if (!number) return;
        const ordinals = books.map((book) => book.ordinals[number - 1] || number);
        [String(number)].concat(said(number), ordinals).forEach((form) => {
          this._file[floor > 0 ? 'up' : 'down'].forEach(function (way) {
            const word = folded(way.replace('{n}', form));
            if (!found.has(word)) found.set(word, []);
            found.get(word).push(level);
          });
        });
      });
      return found;
    }

    /** Places by a number and what it is the number of, as in 601室 and room 601, whichever comes
     * first; null where that is not what was typed or nothing is found. */
    _numbered(query, admits) {
      const { nouns = [], fillers = [] } = this._file;
      const about = nouns.concat(fillers).map(folded).sort((a, b) => b.length - a.length)
        .map((word) => word.replace(/[.#]/g, '\\$&')).join('|');
      const around = '((?:' + about + ')*)';
      const typed = new RegExp('^' + around + '([a-z]?\\d+[a-z]?)' + around + '$').exec(query);
      if (!about || !typed || typed[2] === query) return null;
      const noun = fillers.map(folded).reduce(
        (text, filler) => text.replace(filler, ''), typed[1] + typed[3]);
      const alone = new RegExp('(^|\\D)' + typed[2] + '(\\D|$)');
      const hits = new Hits(this._hints, admits);
      this._names.forEach(function (key) {
        if (key.text === typed[2]) hits.add(key, key.whole);
        else if (alone.test(key.text)) hits.add(key, key.text.includes(noun) ? CONTAINED : SAID);
      });
      return hits.empty ? null : hits;
    }

    /** By pinyin and initials. Letters out of their middle mean nothing. */
    _bySpelling(query, hits) {
      const letters = lettersOf(query);
      if (!letters) return;
      this._soundKeys(query[0]).forEach(function (key) {
        if (key.text.startsWith(query) && (key.places || letters >= FEWEST_LETTERS)) {
          // What is written so goes before what is only spelt so: CT is no 餐厅.
          hits.add(key, fit(key, query), 1);
        }
      });
    }

    /** By letters of which one is wrong. */
    _bySlip(query, hits) {
      if (lettersOf(query) < FEWEST_LETTERS) return;
      const keys = (hits.empty ? this._keys : this._names).concat(this._soundKeys(query[0]));
      keys.forEach(function (key) {
        if (slipped(query, key.text)) hits.add(key, SLIPPED, apart(key.text, query));
      });
    }

    /** By words of hints: the one that was typed, else those in the sentence, unless it is a name,
     * else those that are being typed. Whether it is one or a beginning. */
    _byHint(query, sentence, hits) {
      const typed = this._words.filter((key) => key.text === query);
      const said = hits.named ? [] : this._words.filter((key) => (
        key.han ? query.includes(key.text) : sentence.includes(key.plain)));
      // 小孩发烧 is not 发烧: of a word within another the longer one is meant.
      const meant = said.filter((key) => !said.some(
        (other) => other.text.length > key.text.length && other.text.includes(key.text)));
      const least = HAN.test(query) ? 1 : FEWEST_LETTERS - 1;
      const begun = query.length < least ? []
        : this._words.filter((key) => key.text.startsWith(query));
      const found = [typed, meant, begun].find((keys) => keys.length) || [];
      found.forEach((key) => hits.add(key, key.text === query ? WORD : HINTED));
      return found.some((key) => key.text.startsWith(query));
    }

    /** By the longest name in a sentence such as 放射科怎么走. */
    _withinQuery(query, hits) {
      let longest = [];
      this._names.forEach(function (key) {
        const least = key.han ? 2 : FEWEST_LETTERS;
        const found = longest.length ? longest[0].text.length : least;
        // A number within a longer one is another number.
        if (key.text.length < found || !query.includes(key.text) || /\d/.test(key.text)) return;
        if (key.text.length > found) longest = [];
        longest.push(key);
      });
      longest.forEach((key) => hits.add(key, SAID));
    }

    /** By characters that sound like those of a name, or all of which but one are a name's. */
    _byCharacter(query, hits) {
      const keys = (hits.empty ? this._keys : this._names)
        .filter((key) => key.han && hits.admits(key));
      const isHeard = this._bySound(keys, query, (sound) => sound, SAME_SOUND, hits) ||
        this._bySound(keys, query, softened, SIMILAR_SOUND, hits);
      if (isHeard || query.length < FEWEST_CHARACTERS) return;
      keys.forEach(function (key) {
        if (slipped(query, key.text)) hits.add(key, MISWRITTEN, apart(key.text, query));
      });
    }

    /** By a pattern of characters that are `heard` alike. Whether there are any such. */
    _bySound(keys, query, heard, rank, hits) {
      const long = keys.filter((key) => key.text.length >= query.length);
      // A character by itself sounds like too many.
      if (query.length < 2 || !long.length) return false;
      const pattern = new RegExp(query.split('').map((one) => this._alike(one, heard)).join(''));
      let isHeard = false;
      long.forEach(function (key) {
        const at = key.text.search(pattern);
        if (at < 0 || (at > 0 && !key.places)) return;
        isHeard = true;
        hits.add(key, rank, at > 0 ? CONTAINED : fit(key, query));
      });
      return isHeard;
    }

    /** A pattern of a character, or of those in names that are `heard` like it. */
    _alike(character, heard) {
      if (!HAN.test(character)) return character.replace(/[^a-z0-9]/, '\\$&');
      if (!this._heard.has(heard)) this._heard.set(heard, this._charactersBy(heard));
      const alike = this._heard.get(heard);
      const sounds = this._readings.get(character) || Object.keys(this._homophones).filter(
        (sound) => this._homophones[sound].includes(character));
      return '[' + character + sounds.map((sound) => alike.get(heard(sound))).join('') + ']';
    }

    /** The characters of names by what is `heard`. */
    _charactersBy(heard) {
      const found = new Map();
      this._readings.forEach(function (readings, character) {
        readings.forEach(function (sound) {
          found.set(heard(sound), (found.get(heard(sound)) || '') + character);
        });
      });
      return found;
    }

    /** Pinyin and initials that begin with a letter, as keys; of hints' words no initials. */
    _soundKeys(letter) {
      if (this._sounds.has(letter)) return this._sounds.get(letter);
      const found = [];
      this._keys.forEach((key) => {
        if (!key.han) return;
        const first = this._readings.get(key.text[0]) || [key.text[0]];
        if (!first.some((sound) => sound[0] === letter)) return;
        this._soundsOf(key.text).forEach(function (sound) {
          const texts = key.places ? [sound.whole, sound.initials] : [sound.whole];
          texts.forEach(function (text) {
            if (text[0] === letter) found.push(Object.assign({}, key, { text: text }));
          });
        });
      });
      this._sounds.set(letter, found);
      return found;
    }

    /** Pinyin and initials of a text with Han characters, in each of its first readings;
     * none where a character has no reading. */
    _soundsOf(text) {
      let sounds = [{ whole: '', initials: '' }];
      for (let i = 0; i < text.length; i++) {
        const known = HAN.test(text[i]) ? this._readings.get(text[i]) : [text[i]];
        if (!known) return [];
        const longer = [];
        // The usual reading of every character comes first, and stays within the most.
        known.forEach(function (reading) {
          sounds.forEach(function (sound) {
            longer.push({
              whole: sound.whole + reading,
              initials: sound.initials + reading[0],
            });
          });
        });
        sounds = longer.slice(0, MOST_SOUNDS);
      }
      return sounds;
    }
  }

  /** Places found so far with the best rank of each, and the hints. */
  class Hits {
    constructor(hints, admits) {
      this._hints = hints;
      this._admits = admits;
      this._best = new Map();
      this._hinted = new Map();
    }

    /** Whether all that was typed is in a name, or is a hint's word. */
    get sure() {
      return this.sorted().some((hit) => hit.rank <= CONTAINED);
    }

    get named() {
      return this._best.size > 0;
    }

    get empty() {
      return !this._best.size && !this._hinted.size;
    }

    /** Whether any of a key's places may be found. */
    admits(key) {
      return (key.places || this._hints[key.hint][1]).some(this._admits);
    }

    /** `nearness` orders those of a rank, the smallest first. */
    add(key, rank, nearness) {
      if (!key.places) {
        if (this._hinted.has(key.hint) || !this.admits(key)) return;
        this._hinted.set(key.hint, { word: key.word, rank: rank === WORD ? WORD : HINTED });
        return;
      }
      key.places.forEach((place) => {
        const hit = { place: place, rank: rank, nearness: nearness || 0 };
        const known = this._best.get(place);
        const isBetter = !known || byFit(hit, known) < 0;
        if (isBetter && this._admits(place)) this._best.set(place, hit);
      });
    }

    /** A hint never goes before a name, but all of its word before a part of a name. */
    sorted() {
      const best = new Map(this._best);
      const numbers = Array.from(this._hinted.keys()).sort((a, b) => a - b);
      numbers.forEach((number) => {
        const { word, rank } = this._hinted.get(number);
        this._hints[number][1].forEach((place) => {
          const known = best.get(place);
          if (!this._admits(place) || (known && known.rank <= rank)) return;
          // In the order of the hints, after those that are called so.
          best.set(place, { place: place, rank: rank, nearness: HINTED + best.size, hint: word });
        });
      });
      return Array.from(best.values()).sort(byFit);
    }
  }

  function byFit(a, b) {
    return a.rank - b.rank || a.nearness - b.nearness || a.place - b.place;
  }

  function fit(key, query) {
    return key.text.length === query.length ? key.whole : Math.max(key.whole, BEGINNING);
  }

  function lettersOf(query) {
    return query.replace(/[^a-z]/g, '').length;
  }

  function apart(text, query) {
    return Math.abs(text.length - query.length);
  }

  /** A sentence with a blank before and after each of its words. */
  function plainly(text) {
    const plain = text.toLowerCase().replace(/\u2019/g, "'").replace(/[\s.,;:!?]+/g, ' ');
    return ' ' + plain.trim() + ' ';
  }

  /** Everything people may call the places, also by their category, once each, as keys. */
  function namesOf(bundle, kinds) {
    const byText = new Map([WHOLE, BEGINNING, CONTAINED].map((rank) => [rank, new Map()]));
    const bySaid = new Map();
    const keyOf = function (said, rank) {
      const text = folded(said);
      const known = byText.get(rank);
      if (!known.has(text)) {
        known.set(text, { text: text, han: HAN.test(text), whole: rank, places: [] });
      }
      return known.get(text);
    };
    for (let place = 0; place < bundle.placeCount; place++) {
      bundle._saidOf(place).forEach(function (said) {
        if (!bySaid.has(said)) {
          const later = laterWords(said).map((words) => keyOf(words, BEGINNING));
          bySaid.set(said, [keyOf(said, WHOLE)].concat(later));
        }
        bySaid.get(said).forEach(function (key) {
          if (key.places[key.places.length - 1] !== place) key.places.push(place);
        });
      });
    }
    Object.keys(kinds).forEach(function (category) {
      const places = bundle._placesWhere((place) => bundle.isOf(place, category));
      kinds[category].forEach((word) => { keyOf(word, CONTAINED).places.push(...places); });
    });
    return [].concat(...Array.from(byText.values(), (known) => Array.from(known.values())));
  }

  /** What a name ends in, from each later word on: "department of radiology" is "radiology". */
  function laterWords(name) {
    const found = [];
    if (!APART.test(name)) return found;
    const words = name.split(APART);
    let rest = '';
    for (let k = words.length - 1; k > 0; k--) {
      rest = words[k] + rest;
      if (rest.length > 1) found.push(rest);
    }
    return found;
  }

  /** Whether `key` begins with `query` but for one letter: wrong, missing, more, or swapped. */
  function slipped(query, key) {
    const count = query.length;
    if (key.length < count - 1) return false;
    let same = 0;
    while (same < count && query[same] === key[same]) same++;
    if (same >= count - 1) return true;
    if (same === 0) return false; // Hardly anybody gets the first letter wrong.
    const rest = query.slice(same + 1);
    return key.startsWith(rest, same + 1) || // another letter
      key.startsWith(query.slice(same), same + 1) || // one missing
      key.startsWith(rest, same) || // one too many
      (query[same] === key[same + 1] && query[same + 1] === key[same] &&
        key.startsWith(query.slice(same + 2), same + 2)); // two swapped
  }

  // ----------------------------------------------------------------- scripts

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

    /** Step rows of a route: its own, before them what it keeps of the routes before it. */
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

  // ------------------------------------------------------------------ levels

  /** Of each space of a level file, its rings of [x, y] in metres, not closed. */
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

  // -------------------------------------------------------------------- open

  /** How much contraction one step of opening does: some tens of milliseconds on a phone. */
  const CONTRACTED_AT_ONCE = 60000;

  /** Open a bundle step by step: `step()` does one and says whether more are left; `bundle`
   * is whole when none is. No step takes long, so that a client can draw in between. */
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
    let bundle = null;
    let network = null;
    let file = null;
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
      bundle: null,
      step: function () {
        // A step that answers true wants to be called again.
        if (at < steps.length && steps[at]() !== true) at++;
        return at < steps.length;
      },
    };
    return opening;
  }

  /** Open a bundle at once. */
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
    turnBetween: turnBetween,
    tenths: tenths,
  };
});
