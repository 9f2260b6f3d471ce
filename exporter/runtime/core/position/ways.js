/* The network near a route, as the follower of walkers needs it: by dart its length, direction and
 * kind; where the route is; how far from it a node is. A dart is 2 × edge, plus 1 against its
 * direction. Metres, radians counterclockwise from east. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('../network.js'));
  } else {
    root.navkitPositionWays = make(root.navkitNetwork);
  }
})(this, /** @param {typeof import('../network.js')} network */ function (network) {
  'use strict';

  const { HALL, OUTDOOR, FOOTWAY, STAIRS, BOARD, RIDE, ESCALATOR, KIND_NAMES } = network;
  const OPEN = [HALL, OUTDOOR, FOOTWAY];
  const SHAFT = [STAIRS, BOARD, RIDE, ESCALATOR].map((kind) => KIND_NAMES[kind]);

  /** How a dart is walked. */
  const ON_FLOOR = 0;
  const ON_STAIRS = 1;
  const BY_LIFT = 2;
  const BY_ESCALATOR = 3;

  /** How finely the direction of the route is known. */
  const GRAIN_M = 0.5;

  const DEG = Math.PI / 180;

  /** An angle as from -π to π. */
  function wrapped(angle) {
    return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
  }

  class Ways {
    /**
     * @param {import('../types').Route} route
     * @param {Record<string, any>} rules `position` of the rules of a bundle
     */
    constructor(route, rules) {
      this.route = route;
      this.rules = rules;
      const n = route.network;
      this.network = n;
      const darts = 2 * n.edgeCount;
      this.length = new Float64Array(darts);
      this.bearing = new Float64Array(darts);
      /** Variance of a step's direction; 0 where it is not judged. */
      this.spread = new Float64Array(darts);
      this.how = new Uint8Array(darts);
      /** The position of a dart in the route, -1 off it. */
      this.inRoute = new Int32Array(darts).fill(-1);
      this._next = new Array(darts).fill(null);
      route.darts.forEach((dart, i) => { this.inRoute[dart] = i; });
      /** How far along the route each of its nodes is. */
      this.along = this._measureRoute();
      this.total = this.along[this.along.length - 1];
      this._roundCorners();
      this._joinNodes();
      this.legs = this._legs();
      this.legOfNode = this._legsOfNodes();
    }

    _measureRoute() {
      const along = [0];
      this.route.darts.forEach((dart) => {
        this._measure(dart >> 1);
        along.push(along[along.length - 1] + this.length[dart]);
      });
      return along;
    }

    /** Fill in both darts of an edge. */
    _measure(edge) {
      const { network: n, rules } = this;
      const dart = 2 * edge;
      if (this.length[dart]) return;
      const dx = n.x[n.b[edge]] - n.x[n.a[edge]];
      const dy = n.y[n.b[edge]] - n.y[n.a[edge]];
      const lengthM = Math.max(0.01, n.length[edge] / 100);
      const bearing = Math.atan2(dy, dx);
      const kind = n.kind[edge];
      let how = ON_FLOOR;
      if (kind === STAIRS && n.rise[edge]) how = ON_STAIRS;
      else if (kind === RIDE) how = BY_LIFT;
      else if (kind === ESCALATOR) how = BY_ESCALATOR;
      const wide = OPEN.includes(kind) ? rules.open_deg : rules.corridor_deg;
      const deg = lengthM < rules.short_m ? rules.short_deg : wide;
      const isJudged = how === ON_FLOOR && kind !== BOARD && (dx || dy);
      this.length.fill(lengthM, dart, dart + 2);
      this.spread.fill(isJudged ? deg * deg * DEG * DEG : 0, dart, dart + 2);
      this.how.fill(how, dart, dart + 2);
      this.bearing[dart] = bearing;
      this.bearing[dart + 1] = wrapped(bearing + Math.PI);
    }

    /** The direction of those who walk the route, by half metres: they round corners, and the many
     * short pieces of the network have directions that nobody walks in. */
    _roundCorners() {
      const count = Math.floor(this.total / GRAIN_M) + 1;
      this._rounded = new Float64Array(count);
      this._roundedSpread = new Float64Array(count);
      const half = this.rules.rounds_m / 2;
      for (let k = 0; k < count; k++) {
        const along = (k + 0.5) * GRAIN_M;
        const { dart } = this.placeAt(along);
        const [from, to] = this._floorAround(this.inRoute[dart]);
        const [ax, ay] = this._pointAt(Math.max(along - half, from));
        const [bx, by] = this._pointAt(Math.min(along + half, to));
        const isPoint = Math.abs(ax - bx) + Math.abs(ay - by) < 1e-6;
        this._rounded[k] = isPoint ? this.bearing[dart] : Math.atan2(by - ay, bx - ax);
        const isWide = OPEN.includes(this.network.kind[dart >> 1]);
        const deg = (isWide ? this.rules.open_deg : this.rules.corridor_deg) * DEG;
        this._roundedSpread[k] = this.spread[dart] ? deg * deg : 0;
      }
    }

    /** From where to where the route is on the floor around its dart `i`. */
    _floorAround(i) {
      const { darts } = this.route;
      let first = i;
      let last = i;
      while (first > 0 && this.spread[darts[first - 1]]) first--;
      while (last + 1 < darts.length && this.spread[darts[last + 1]]) last++;
      return [this.along[first], this.along[last + 1]];
    }

    /** A point of the route in metres. */
    _pointAt(along) {
      const { network: n } = this;
      const { dart, at } = this.placeAt(along);
      const [from, to] = [n.endOf(dart ^ 1), n.endOf(dart)];
      const share = at / this.length[dart];
      return [
        (n.x[from] + share * (n.x[to] - n.x[from])) / 100,
        (n.y[from] + share * (n.y[to] - n.y[from])) / 100,
      ];
    }

    /** The direction in which somebody walks who is so far along a dart. */
    bearingAt(dart, at) {
      const i = this.inRoute[dart];
      if (i >= 0) return this._rounded[this._grain(this.along[i] + at)];
      const back = this.inRoute[dart ^ 1];
      if (back < 0) return this.bearing[dart];
      return this._rounded[this._grain(this.along[back] + this.length[dart] - at)] + Math.PI;
    }

    /** The variance of a step's direction there; 0 where it is not judged. */
    spreadAt(dart, at) {
      const i = this.inRoute[dart];
      return i >= 0 ? this._roundedSpread[this._grain(this.along[i] + at)] : this.spread[dart];
    }

    _grain(along) {
      return Math.min(this._rounded.length - 1, Math.floor(along / GRAIN_M));
    }

    /** Which node of the route is nearest to each node, and how far it is, along the network. */
    _joinNodes() {
      const { network: n, route, rules } = this;
      /** Metres to the route, Infinity beyond `reach_m`. */
      this.apart = new Float64Array(n.nodeCount).fill(Infinity);
      /** How far along the route the nearest point of it is. */
      this.beside = new Float64Array(n.nodeCount);
      /** Whether another floor lies between a node and the route. */
      this.strayed = new Uint8Array(n.nodeCount);
      const rings = [];
      const put = (node, apart) => {
        const ring = Math.floor(apart);
        if (!rings[ring]) rings[ring] = [];
        rings[ring].push(node);
      };
      route.nodes.forEach((node, i) => {
        if (this.apart[node] === 0) return;
        this.apart[node] = 0;
        this.beside[node] = this.along[i];
        put(node, 0);
      });
      // Rings of a metre: an edge within one may be looked at twice, which only costs time.
      for (let ring = 0; ring < rules.reach_m; ring++) {
        const own = rings[ring] || [];
        for (let k = 0; k < own.length; k++) this._spreadFrom(own[k], put);
      }
    }

    _spreadFrom(node, put) {
      const { network: n, rules } = this;
      for (let k = n.edgesFrom[node]; k < n.edgesFrom[node + 1]; k++) {
        const edge = n.edgesAt[k];
        this._measure(edge);
        const other = n.other(edge, node);
        const apart = this.apart[node] + this.length[2 * edge];
        if (apart >= this.apart[other] || apart >= rules.reach_m) continue;
        this.apart[other] = apart;
        this.beside[other] = this.beside[node];
        const changes = SHAFT.includes(KIND_NAMES[n.kind[edge]]) && n.level[node] !== n.level[other];
        this.strayed[other] = changes ? 1 : this.strayed[node];
        put(other, apart);
      }
    }

    /** The parts of the route between shafts: `{first, last}` count its nodes; a shaft belongs to
     * the part before it. Where the walker says on which floor they are, the next part begins. */
    _legs() {
      const { network: n, route } = this;
      const legs = [];
      let first = 0;
      let changes = false;
      route.darts.forEach((dart, i) => {
        const isShaft = SHAFT.includes(KIND_NAMES[n.kind[dart >> 1]]);
        if (isShaft) {
          changes = changes || n.level[route.nodes[i]] !== n.level[route.nodes[i + 1]];
        } else if (changes) {
          legs.push({ first: first, last: i });
          first = i;
          changes = false;
        }
      });
      legs.push({ first: first, last: route.nodes.length - 1 });
      return legs.map((leg, i) => {
        const nodes = route.nodes.slice(leg.first, leg.last + 1);
        return {
          from_m: this.along[leg.first],
          to_m: this.along[leg.last],
          first: leg.first,
          last: leg.last,
          shaft_m: i + 1 < legs.length ? this.along[this._shaftOf(leg)] : Infinity,
          levels: new Set(nodes.map((node) => n.level[node])),
        };
      });
    }

    /** The node of the route at which the shaft at the end of a leg begins. */
    _shaftOf(leg) {
      const { network: n, route } = this;
      let i = leg.last;
      while (i > leg.first && SHAFT.includes(KIND_NAMES[n.kind[route.darts[i - 1] >> 1]])) i--;
      return i;
    }

    /** The leg to which each node belongs, -1 on another floor. */
    _legsOfNodes() {
      const found = new Int16Array(this.network.nodeCount).fill(-1);
      for (let node = 0; node < found.length; node++) {
        if (this.apart[node] < Infinity && !this.strayed[node]) {
          found[node] = this.legAt(this.beside[node]);
        }
      }
      return found;
    }

    /** The number of the leg that is so far along the route. */
    legAt(along) {
      let leg = 0;
      while (leg + 1 < this.legs.length && along >= this.legs[leg + 1].from_m) leg++;
      return leg;
    }

    /** Which way people go at the end of a dart: `{darts, upTo}`, cumulated chances; empty at a dead
     * end, at the goal and at the rim of what is known. */
    onward(dart) {
      if (!this._next[dart]) this._next[dart] = this._choices(dart);
      return this._next[dart];
    }

    _choices(dart) {
      const { network: n, route, rules } = this;
      const node = n.endOf(dart);
      const at = this.inRoute[dart];
      const next = at >= 0 && at + 1 < route.darts.length ? route.darts[at + 1] : -1;
      const darts = [];
      const weights = [];
      let sum = 0;
      for (let k = n.edgesFrom[node]; k < n.edgesFrom[node + 1]; k++) {
        const edge = n.edgesAt[k];
        const other = 2 * edge + (n.a[edge] === node ? 0 : 1);
        if (edge === dart >> 1 || other === next || !(this.apart[n.endOf(other)] < Infinity)) continue;
        const turn = wrapped(this.bearing[other] - this.bearing[dart]) / (rules.straight_deg * DEG);
        const isShaft = SHAFT.includes(KIND_NAMES[n.kind[edge]]);
        const weight = Math.exp(-turn * turn / 2) * (isShaft ? rules.vertical : 1) + 1e-6;
        darts.push(other);
        weights.push(weight);
        sum += weight;
      }
      let share = sum > 0 ? 1 / sum : 0;
      if (next >= 0) {
        share *= 1 - rules.stays;
        darts.unshift(next);
        weights.unshift(sum > 0 ? rules.stays / share : 1);
        if (!(sum > 0)) share = 1;
      }
      let upTo = 0;
      return { darts: darts, upTo: weights.map((weight) => (upTo += weight * share)) };
    }

    /** Metres along a dart of stairs by one tread. */
    treadOn(dart) {
      const rise = Math.abs(this.network.rise[dart >> 1]) / 100;
      return this.length[dart] * Math.min(1, this.rules.tread_m / rise);
    }

    /** The dart of the route that is so far along it, and how far on that dart. */
    placeAt(along) {
      const s = Math.min(Math.max(along, 0), this.total);
      let low = 0;
      let high = this.route.darts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (this.along[middle] <= s) low = middle;
        else high = middle - 1;
      }
      return { dart: this.route.darts[low], at: s - this.along[low] };
    }
  }

  return { Ways, wrapped, ON_FLOOR, ON_STAIRS, BY_LIFT, BY_ESCALATOR, DEG };
});
