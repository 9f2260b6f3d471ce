/* The cost of every edge for a profile at a moment: see `navkit/route/weights.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./limits.js'), require('./network.js'), require('./access.js')
    );
  } else {
    root.navkitWeights = make(root.navkitLimits, root.navkitNetwork, root.navkitAccess);
  }
})(this, /**
 * @param {typeof import('./limits.js')} limits
 * @param {typeof import('./network.js')} network
 * @param {typeof import('./access.js')} access
 */ function (limits, network, access) {
  'use strict';

  const { Limited } = limits;
  const { barred } = access;
  const { DOOR_KINDS, DOOR, STAIRS, BOARD, RIDE, ESCALATOR, KIND_NAMES } = network;

  /** More milliseconds than any walk takes; sums of a few thousand stay exact. */
  const BLOCKED = Math.pow(2, 40);

  /** In the order in which a person would ask: rules that may be lifted again come first.
   * Last what can never be: an escalator does not turn round for anybody. */
  const RULES = [
    'closed', 'hours', 'steps', 'stairs', 'escalator', 'slope', 'narrow-door', 'narrow-passage',
    'small-cabin', 'door-kind', 'group', 'access', 'oneway',
  ];

  /**
   * @param {string} reason
   */
  function ruleOrder(reason) {
    const at = RULES.indexOf(reason);
    return at < 0 ? RULES.length : at;
  }

  /** What is closed at a moment. */
  class Closed {
    /**
     * @param {import('./types').Network} network
     * @param {string[]} ids
     */
    constructor(network, ids) {
      this._network = network;
      this._things = new Uint8Array(network.thingCount);
      this._edges = new Set(ids.filter((id) => id.startsWith('edge:')));
      this._isAny = ids.length > 0;
      ids.forEach((id) => {
        network.thingsOfId(id).forEach((thing) => { this._things[thing] = 1; });
      });
    }

    /** Whether a walker may not go along an edge: it is closed, or leads into a closed room. People
     * may leave a closed room, by its doors too, but not enter it.
     * @param {number} edge
     * @param {number} start
     * @param {number} end
     * @returns {boolean}
     */
    stops(edge, start, end) {
      return this._isAny && (this._holds(edge) || (this._isShut(end) && !this._isShut(start)));
    }

    /**
     * @param {number} edge
     * @returns {boolean}
     */
    _holds(edge) {
      return this._things[this._network.thing[edge]] === 1 ||
        (this._edges.size > 0 && this._edges.has('edge:' + edge));
    }

    _isShut(node) {
      const space = this._network.spaceOfNode[node];
      return space >= 0 && this._things[space] === 1;
    }
  }

  /** The meaning of a profile's words for each kind of edge and of door, by number.
   * @param {import('./types').Profile} profile
   */
  function rulesOf(profile) {
    return {
      forbidden: KIND_NAMES.map((name) => profile.forbidden.includes(name)),
      doors: DOOR_KINDS.map((name) => profile.forbidden_doors.includes(name)),
      factors: KIND_NAMES.map((name) => (
        profile.factors[name] === undefined ? 1 : profile.factors[name])),
      doorS: DOOR_KINDS.map((name) => profile.door_s[name]),
    };
  }

  /** Cost and time of every dart, and the rule that forbids it, '' if none does.
   * @param {import('./types').Network} network
   * @param {import('./types').Profile} profile
   * @param {import('./types').Moment} at
   * @returns {import('./types').Weights}
   */
  function weigh(network, profile, at) {
    const count = network.edgeCount;
    const costMs = new Float64Array(2 * count);
    const durationMs = new Float64Array(2 * count);
    const reasons = new Array(2 * count).fill('');
    const rules = rulesOf(profile);
    const stops = new Stops(network, profile, at);
    for (let edge = 0; edge < count; edge++) {
      const kind = network.kind[edge];
      const rule = forbidden(network, edge, profile, rules);
      // The plain walk, by far the most frequent case.
      let durationS = network.length[edge] / 100 / profile.speed_mps;
      for (let back = 0; back < 2; back++) {
        const dart = 2 * edge + back;
        const reason = stops.reason(dart, rule);
        if (kind >= DOOR) durationS = secondsOf(network, edge, profile, rules.doorS, at.hour, back);
        durationMs[dart] = Math.max(1, Math.floor(durationS * 1000 + 0.5));
        costMs[dart] = reason ? BLOCKED
          : Math.max(1, Math.floor(durationS * rules.factors[kind] * 1000 + 0.5));
        if (reason) reasons[dart] = reason;
      }
    }
    return { costMs: costMs, durationMs: durationMs, reason: reasons };
  }

  /** Rules for a dart that do not depend on how somebody walks: when, and whether it is for them. */
  class Stops {
    /**
     * @param {import('./types').Network} network
     * @param {import('./types').Profile} profile
     * @param {import('./types').Moment} at
     */
    constructor(network, profile, at) {
      this._network = network;
      this._limits = new Limited(network, profile, at.minute);
      this._closed = new Closed(network, at.closed);
      this._bars = barred(network, profile.access);
    }

    /** The first rule that forbids a dart; '' if none does. `rule` forbids its edge in both
     * directions.
     * @param {number} dart
     * @param {string} rule
     * @returns {string}
     */
    reason(dart, rule) {
      if (this._limits.isAgainst(dart)) return 'oneway';
      return rule || this._limits.reason(dart) || this._kept(dart);
    }

    /**
     * @param {number} dart
     * @returns {string}
     */
    _kept(dart) {
      const edge = dart >> 1;
      const start = this._network.endOf(dart ^ 1);
      const end = this._network.endOf(dart);
      if (this._closed.stops(edge, start, end)) return 'closed';
      // Last: people who ask at a door are let in if only that rule keeps them out.
      return this._bars.stops(this._network, edge, start, end) ? 'access' : '';
    }
  }

  /** The id of what forbids a dart for a reason: its thing, or the space that it enters.
   * @param {import('./types').Network} network
   * @param {number} dart
   * @param {string} reason
   * @param {import('./types').Profile} profile
   * @param {import('./types').Moment} at
   * @returns {string}
   */
  function stoppingThing(network, dart, reason, profile, at) {
    if (reason === 'closed') return closedThing(network, dart >> 1, at);
    const limited = reason === 'hours' || reason === 'group'
      ? new Limited(network, profile, at.minute).thingAt(dart) : -1;
    return network.thingId(limited >= 0 ? limited : network.thing[dart >> 1]);
  }

  /** The id of what is closed if an edge is forbidden for that: its thing, or the room it leads
   * into.
   * @param {import('./types').Network} network
   * @param {number} edge
   * @param {import('./types').Moment} at
   * @returns {string}
   */
  function closedThing(network, edge, at) {
    const own = network.thingId(network.thing[edge]);
    if (at.closed.includes(own) || at.closed.includes('edge:' + edge)) return own;
    const rooms = [network.a[edge], network.b[edge]].map((node) => network.spaceOfNode[node])
      .filter((space) => space >= 0).map((space) => network.thingId(space));
    return rooms.find((room) => at.closed.includes(room)) || own;
  }

  /** The first rule that forbids an edge in both directions.
   * @param {import('./types').Network} network
   * @param {number} edge
   * @param {import('./types').Profile} profile
   * @param {ReturnType<typeof rulesOf>} rules
   * @returns {string}
   */
  function forbidden(network, edge, profile, rules) {
    const thing = network.thing[edge];
    const kind = network.kind[edge];
    if (rules.forbidden[kind]) return KIND_NAMES[kind];
    if (profile.step_free && network.thingStepFree[thing] === 2) return 'steps';
    const widthM = network.width[edge] / 100;
    if (network.isDoor(thing)) {
      return doorRule(network, thing - network.firstDoor, widthM, profile, rules);
    }
    const connector = network.connector(thing);
    if (connector) return cabinRule(connector, profile);
    if (widthM > 0 && widthM < profile.min_passage_m) return 'narrow-passage';
    return network.thingSlope[thing] > profile.max_slope ? 'slope' : '';
  }

  /**
   * @param {import('./types').Network} network
   * @param {number} door
   * @param {number} widthM
   * @param {import('./types').Profile} profile
   * @param {ReturnType<typeof rulesOf>} rules
   * @returns {string}
   */
  function doorRule(network, door, widthM, profile, rules) {
    if (rules.doors[network.doorKind[door]]) return 'door-kind';
    if (widthM > 0 && widthM < profile.min_door_m) return 'narrow-door';
    return '';
  }

  /**
   * @param {import('./types').Connector} connector
   * @param {import('./types').Profile} profile
   * @returns {string}
   */
  function cabinRule(connector, profile) {
    const cabin = connector.cabin_m;
    const isSmall = cabin &&
      (cabin[0] < profile.min_cabin_m[0] || cabin[1] < profile.min_cabin_m[1]);
    return isSmall ? 'small-cabin' : '';
  }

  /**
   * @param {import('./types').Network} network
   * @param {number} edge
   * @param {import('./types').Profile} profile
   * @param {number[]} doorS
   * @param {number} hour
   * @param {number} back
   * @returns {number}
   */
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

  /** Mean wait for a lift: by hour of day if the hospital gives 24, else their mean.
   * @param {?import('./types').Connector} connector
   * @param {import('./types').Profile} profile
   * @param {number} hour
   * @returns {number}
   */
  function waitS(connector, profile, hour) {
    const waits = connector ? connector.wait_s : null;
    if (!waits || !waits.length) return profile.lift_wait_s;
    if (hour >= 0) return waits[hour % waits.length];
    let total = 0;
    for (let i = 0; i < waits.length; i++) total += waits[i];
    return total / waits.length;
  }

  return { BLOCKED, ruleOrder, weigh, stoppingThing };
});
