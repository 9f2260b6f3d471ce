/* What every edge costs a profile at a moment, as `navkit/route/weights.py` weighs it. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./hours.js'), require('./network.js'), require('./access.js')
    );
  } else {
    root.navkitWeights = make(root.navkitHours, root.navkitNetwork, root.navkitAccess);
  }
})(this, function (hours, network, access) {
  'use strict';

  const { isOpen } = hours;
  const { barred } = access;
  const { DOOR_KINDS, DOOR, STAIRS, BOARD, RIDE, ESCALATOR, KIND_NAMES } = network;

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

  /** Cost and time of every dart, and the rule that forbids it, '' against a one-way edge. */
  function weigh(network, profile, at) {
    const count = network.edgeCount;
    const costMs = new Float64Array(2 * count);
    const durationMs = new Float64Array(2 * count);
    const reasons = new Array(2 * count).fill('');
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
    };
    const bars = barred(network, profile.access);
    const doorS = DOOR_KINDS.map(function (name) { return profile.door_s[name]; });
    const speed = profile.speed_mps;
    for (let edge = 0; edge < count; edge++) {
      const kind = network.kind[edge];
      const rule = forbidden(network, edge, profile, rules, at);
      const isClosed = closedThings[network.thing[edge]] === 1 ||
        (closedEdges.size > 0 && closedEdges.has('edge:' + edge));
      const factor = factors[kind];
      let durationS = network.length[edge] / 100 / speed; // The plain walk: by far the most.
      for (let back = 0; back < 2; back++) {
        const dart = 2 * edge + back;
        const start = back ? network.b[edge] : network.a[edge];
        const end = back ? network.a[edge] : network.b[edge];
        let reason = rule;
        // Out of a closed room one may go, by its doors too, and not into it.
        if (!reason && (isClosed || (isAnyClosed && isShut(end) && !isShut(start)))) {
          reason = 'closed';
        }
        // Last: who asks at a door is let in where nothing but that keeps them out.
        if (!reason && bars.stops(network, edge, start, end)) reason = 'access';
        const isAgainst = back === 1 && network.oneway[edge];
        if (kind >= DOOR) durationS = secondsOf(network, edge, profile, doorS, at.hour, back);
        durationMs[dart] = Math.max(1, Math.floor(durationS * 1000 + 0.5));
        costMs[dart] = reason || isAgainst ? BLOCKED
          : Math.max(1, Math.floor(durationS * factor * 1000 + 0.5));
        if (reason && !isAgainst) reasons[dart] = reason;
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

  /** The first rule that forbids an edge both ways. */
  function forbidden(network, edge, profile, rules, at) {
    const thing = network.thing[edge];
    const kind = network.kind[edge];
    if (rules.forbidden[kind]) return KIND_NAMES[kind];
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

  return { BLOCKED, ruleOrder, weigh, closedThing };
});
