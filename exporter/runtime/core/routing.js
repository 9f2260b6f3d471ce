/* Routes, and why there is none: see `navkit/route/routing.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./findings.js'), require('./hours.js'), require('./network.js'),
      require('./access.js'), require('./weights.js'), require('./hierarchy.js'),
      require('./sparing.js')
    );
  } else {
    root.navkitRouting = make(
      root.navkitFindings, root.navkitHours, root.navkitNetwork, root.navkitAccess,
      root.navkitWeights, root.navkitHierarchy, root.navkitSparing
    );
  }
})(this, /**
 * @param {typeof import('./findings.js')} findings
 * @param {typeof import('./hours.js')} hours
 * @param {typeof import('./network.js')} network
 * @param {typeof import('./access.js')} access
 * @param {typeof import('./weights.js')} weights
 * @param {typeof import('./hierarchy.js')} hierarchy
 * @param {typeof import('./sparing.js')} sparing
 */ function (findings, hours, network, access, weights, hierarchy, sparing) {
  'use strict';

  const { failure } = findings;
  const { stateAt } = hours;
  const { DOOR, BOARD, RAMP, SHAFT_SPACES } = network;
  const { barred, openParts } = access;
  const { BLOCKED, ruleOrder, weigh, stoppingThing } = weights;
  const { Router } = hierarchy;
  const { unasked, asksLess, avoiding } = sparing;

  const ROUTERS_KEPT = 8;

  /** Cost factor of every second behind a door at which the walker has to ask. */
  const BEHIND = 1000;

  /** Finds routes; caches results for recent profiles and moments. */
  class Navigator {
    /**
     * @param {import('./types').Network} network
     * @param {import('./types').Bundle} venue
     */
    constructor(network, venue) {
      this.network = network;
      this._venue = venue;
      this._kept = new Map();
      this._open = new Map();
      this.hierarchy = null;
    }

    /** Weights and router for a profile at a moment; `asking`: as if the walker were let in.
     * @param {import('./types').Profile} profile
     * @param {import('./types').Moment} at
     * @param {boolean} [asking]
     */
    router(profile, at, asking) {
      // Everything about a moment that weights depend on: they are cached while no hours begin or
      // end.
      const open = at.minute === null ? ''
        : this.network.hours.map(
          (one) => Number(stateAt(one, at.minute, this.network.calendar).isOpen)).join('');
      const key = JSON.stringify([profile.id, profile.group, at.hour, open, at.closed, Boolean(asking)]);
      let kept = this._kept.get(key);
      if (!kept) {
        const weights = asking ? this.router(profile, at).weights
          : weigh(this.network, profile, at);
        const costMs = asking ? this._asked(weights, profile) : weights.costMs;
        if (this._kept.size >= ROUTERS_KEPT) this._kept.delete(this._kept.keys().next().value);
        const router = new Router(this.network, this.hierarchy, costMs);
        kept = { weights: weights, router: router };
        this._kept.set(key, kept);
      }
      return kept;
    }

    /** Costs without bars, with which the way behind the last public door is the shortest. */
    _asked(weights, profile) {
      const part = this.openParts(profile.access);
      const costMs = weights.costMs.slice();
      for (let dart = 0; dart < costMs.length; dart++) {
        if (weights.reason[dart] === 'access') costMs[dart] = weights.durationMs[dart];
        if (costMs[dart] < BLOCKED && part[this.network.endOf(dart)] < 0) costMs[dart] *= BEHIND;
      }
      return costMs;
    }

    /** Parts that a walker of that access can reach from outside, as `access.js` numbers them.
     * @param {string} access
     * @returns {Int32Array}
     */
    openParts(access) {
      let open = this._open.get(access);
      if (!open) {
        open = openParts(this.network, barred(this.network, access));
        this._open.set(access, open);
      }
      return open;
    }

    /** The nodes of a spot, in the order of its places.
     * @param {import('./types').Spot} spot
     * @returns {number[]}
     */
    nodesOf(spot) {
      if (spot.anchor >= 0) return [this._venue.anchors[spot.anchor].node];
      if (spot.node >= 0) return [spot.node];
      if (spot.places.length === 1) return this._venue.placeNodes(spot.places[0]);
      return [].concat(...spot.places.map((place) => this._venue.placeNodes(place)));
    }

    /** The profile as that of a group, if nothing is said of groups and the goal, or else the start,
     * is for a group alone: who goes to the fever clinic goes as its patients must go.
     * @param {import('./types').Spot} start
     * @param {import('./types').Spot} goal
     * @param {import('./types').Profile} profile
     * @param {import('./types').Moment} at
     * @returns {import('./types').Profile}
     */
    walking(start, goal, profile, at) {
      if (profile.group || profile.access !== 'public') return profile;
      const group = this._groupAt(goal, at) || this._groupAt(start, at);
      return group ? Object.assign({}, profile, { group: group }) : profile;
    }

    /** The group for whom alone a spot is: the first that may enter now, else the first. */
    _groupAt(spot, at) {
      const network = this.network;
      if (network.limits.length === 1) return '';
      const only = this.nodesOf(spot).map((node) => network.spaceOfNode[node])
        .map((space) => (space < 0 ? [] : network.limits[network.thingLimit[space]].only || []));
      if (!only.length || !only.every((rows) => rows.length)) return '';
      const isNow = (hours) => at.minute === null ||
        stateAt(hours ? network.hours[hours - 1] : null, at.minute, network.calendar).isOpen;
      return (only[0].find((row) => isNow(row[1])) || only[0][0])[0];
    }

    /** The least-cost route. If a public goal is behind a door that is not public, it ends at that
     * door.
     * @param {import('./types').Spot} start
     * @param {import('./types').Spot} goal
     * @param {import('./types').Profile} walker
     * @param {import('./types').Moment} at
     * @returns {import('./types').Route}
     */
    findRoute(start, goal, walker, at) {
      const profile = this.walking(start, goal, walker, at);
      const route = this._least(start, goal, profile, at, []);
      if (!route) throw this._noRoute(this.nodesOf(start), this.nodesOf(goal), profile, at);
      if (!Object.keys(route.unasked).length) return route;
      const other = this._least(start, goal, profile, at, Object.keys(route.unasked));
      if (!other || !asksLess(other.unasked, route.unasked)) return route;
      if (route.duration_ms < other.duration_ms) other.alternatives.push(route);
      return other;
    }

    /** The least-cost route among those around what is to be avoided, if there are any; null if there
     * is no route.
     * @param {import('./types').Spot} start
     * @param {import('./types').Spot} goal
     * @param {import('./types').Profile} profile
     * @param {import('./types').Moment} at
     * @param {string[]} avoided
     * @returns {import('./types').Route | null}
     */
    _least(start, goal, profile, at, avoided) {
      const network = this.network;
      const searching = avoided.length ? avoiding(profile, avoided) : profile;
      let walk = this.router(searching, at).router.find(this.nodesOf(start), this.nodesOf(goal));
      let wayIn = -1;
      let end = walk ? walk.goal : -1;
      if (!walk) {
        const asked = this._toTheDoor(start, goal, searching, at);
        if (!asked) return null;
        walk = asked.walk;
        wayIn = asked.wayIn;
        end = asked.end;
      }
      const kept = this.router(profile, at);
      let reached = -1;
      for (let i = 0; i < goal.places.length && reached < 0; i++) {
        if (this._venue.placeNodes(goal.places[i]).includes(end)) reached = goal.places[i];
      }
      let lengthCm = 0;
      let durationMs = 0;
      let costMs = 0;
      const nodes = [walk.start];
      const durations = [];
      for (let i = 0; i < walk.darts.length; i++) {
        const dart = walk.darts[i];
        const cost = kept.weights.costMs[dart];
        lengthCm += network.length[dart >> 1];
        durationMs += kept.weights.durationMs[dart];
        // Leaving through a door that is not for the walker costs its time.
        costMs += cost === BLOCKED ? kept.weights.durationMs[dart] : cost;
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
        cost_ms: costMs,
        duration_ms: durationMs,
        length_cm: lengthCm,
        unverified: unverified(network, walk.darts, profile,
          this._hasUnknownHours(walk.darts, at, reached)),
        wayIn: wayIn,
        unasked: unasked(network, walk.darts, profile),
        alternatives: [],
      };
    }

    /** Whether anything used, entered or arrived at has hours that are uncertain on that date.
     * @param {number[]} darts
     * @param {import('./types').Moment} at
     * @param {number} place
     * @returns {boolean}
     */
    _hasUnknownHours(darts, at, place) {
      if (at.minute === null) return false;
      const network = this.network;
      const isUnknown = network.hours.map(
        (one) => !stateAt(one, at.minute, network.calendar).isKnown);
      const isUncertain = (thing) => thing >= 0 && network.thingHours[thing] > 0 &&
        isUnknown[network.thingHours[thing] - 1];
      return (place >= 0 && !this._venue.stateOf(place, at.minute).isKnown) || darts.some(
        (dart) => isUncertain(network.thing[dart >> 1]) || isUncertain(network.entered(dart)));
    }

    /** The walk to the last public door before a goal that everybody may ask for: the walk, the
     * dart at which it ends (-1: the walk starts in a part with such a door and goes on), and the
     * node of the goal. Null if there is no such goal or no way to its door, or if something other
     * than a door cuts the goal off.
     * @param {import('./types').Spot} start
     * @param {import('./types').Spot} goal
     * @param {import('./types').Profile} profile
     * @param {import('./types').Moment} at
     */
    _toTheDoor(start, goal, profile, at) {
      const network = this.network;
      const places = goal.places.filter((place) => this._venue.placeIsPublic(place));
      if (!places.length) return null;
      const kept = this.router(profile, at, true);
      const goals = this.nodesOf({ places: places, anchor: -1 });
      const whole = kept.router.find(this.nodesOf(start), goals);
      if (!whole) return null;
      const part = this.openParts(profile.access);
      for (let i = 0; i < whole.darts.length; i++) {
        const dart = whole.darts[i];
        const here = network.endOf(dart ^ 1);
        const leaves = part[here] < 0 && part[network.endOf(dart)] >= 0;
        if (kept.weights.costMs[dart] < BLOCKED || leaves) continue;
        if (part[here] < 0 || part[here] === part[whole.goal]) return null;
        const number = this._beforeTheShaft(whole.darts, i);
        const walk = { start: whole.start, darts: whole.darts.slice(0, number) };
        return { walk: walk, wayIn: whole.darts[number], end: whole.goal };
      }
      return { walk: whole, wayIn: -1, end: whole.goal };
    }

    /** The index of the dart to end at instead of one that leads to a level where the walker may
     * not go: nobody is left in a cabin or on a flight. */
    _beforeTheShaft(darts, number) {
      const network = this.network;
      let here = network.endOf(darts[number] ^ 1);
      if (network.level[here] === network.level[network.endOf(darts[number])]) return number;
      let at = number;
      while (at && network.spaceOfNode[here] >= 0 &&
          SHAFT_SPACES.includes(network.spaceKind[network.spaceOfNode[here]])) {
        at--;
        here = network.endOf(darts[at] ^ 1);
      }
      return at;
    }

    /** Whether there is a route: quicker than finding out why there is none.
     * @param {import('./types').Spot} start
     * @param {import('./types').Spot} goal
     * @param {import('./types').Profile} walker
     * @param {import('./types').Moment} at
     * @returns {boolean}
     */
    joins(start, goal, walker, at) {
      const profile = this.walking(start, goal, walker, at);
      const router = this.router(profile, at).router;
      return Boolean(router.find(this.nodesOf(start), this.nodesOf(goal)) ||
        this._toTheDoor(start, goal, profile, at));
    }

    /** The cost of a route for a profile at a moment.
     * @param {number[]} darts
     * @param {import('./types').Profile} profile
     * @param {import('./types').Moment} at
     * @returns {number}
     */
    costOf(darts, profile, at) {
      const { costMs, durationMs } = this.router(profile, at).weights;
      return darts.reduce(
        (sum, dart) => sum + (costMs[dart] === BLOCKED ? durationMs[dart] : costMs[dart]), 0);
    }

    /** Lift the rules one after the other until there is a route: those are the reason. */
    _noRoute(starts, goals, profile, at) {
      const network = this.network;
      const weights = this.router(profile, at).weights;
      const groups = Array.from(new Set(weights.reason)).filter(Boolean);
      groups.sort(function (a, b) { return ruleOrder(a) - ruleOrder(b); });
      const lifted = new Set();
      for (let g = 0; g < groups.length; g++) {
        lifted.add(groups[g]);
        const costMs = weights.costMs.slice();
        for (let dart = 0; dart < costMs.length; dart++) {
          if (lifted.has(weights.reason[dart])) costMs[dart] = weights.durationMs[dart];
        }
        const walk = new Router(network, this.hierarchy, costMs).find(starts, goals);
        if (!walk) continue;
        // Of the rules lifted, those that this route really breaks; the first is reported.
        let reason = '';
        let stopping = -1;
        walk.darts.forEach(function (dart) {
          const broken = weights.costMs[dart] === BLOCKED ? weights.reason[dart] : '';
          if (broken && (!reason || ruleOrder(broken) < ruleOrder(reason))) {
            reason = broken;
            stopping = dart;
          }
        });
        const thing = stoppingThing(network, stopping, reason, profile, at);
        return failure('no-route-' + reason, '', { thing: thing, profile: profile.id });
      }
      return failure('no-route', '', { profile: profile.id });
    }
  }

  /** What a profile's rules needed to know about this route and no drawing says.
   * @param {import('./types').Network} network
   * @param {number[]} darts
   * @param {import('./types').Profile} profile
   * @param {boolean} hasUnknownHours
   * @returns {string[]}
   */
  function unverified(network, darts, profile, hasUnknownHours) {
    const missing = new Set(hasUnknownHours ? ['hours'] : []);
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
