/* Routes, and why there is none, as `navkit/routing.py` says them. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./findings.js'), require('./network.js'), require('./weights.js'),
      require('./hierarchy.js')
    );
  } else {
    root.navkitRouting = make(
      root.navkitFindings, root.navkitNetwork, root.navkitWeights, root.navkitHierarchy
    );
  }
})(this, function (findings, network, weights, hierarchy) {
  'use strict';

  const { failure } = findings;
  const { DOOR, BOARD, RAMP } = network;
  const { BLOCKED, ruleOrder, weigh, closedThing } = weights;
  const { Router } = hierarchy;

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
        const router = new Router(this.network, this.hierarchy, weights.costMs);
        kept = { weights: weights, router: router };
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

  return { Navigator };
});
