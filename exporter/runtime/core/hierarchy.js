/* Least-cost walks by contraction: see `navkit/route/hierarchy.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./weights.js'));
  } else {
    root.navkitHierarchy = make(root.navkitWeights);
  }
})(this, /** @param {typeof import('./weights.js')} weights */ function (weights) {
  'use strict';

  const { BLOCKED } = weights;

  /** All nodes ranked and contracted, those with the fewest neighbours first. An arc is an index
   * into `upNode`: the arcs of node n begin at `upFrom[n]`, its higher neighbours, the lowest
   * first. `sides` has, for each node and each pair of its arcs, the arc that joins the two. */
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

    /** Contract the next nodes; returns whether some are left. */
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
          // Both lists are sorted by rank, and all others are among the arcs of this one.
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
      // Costs of arcs upwards and downwards, and what each stands for: a dart, or the lower node
      // ~middle across which it was joined.
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

    /** The least-cost walk from any start to any goal, or null if there is none.
     * @param {number[]} starts
     * @param {number[]} goals
     * @returns {?{start: number, goal: number, darts: number[], costMs: number}}
     */
    find(starts, goals) {
      this._forget();
      this._climb(starts);
      const met = this._descend(goals);
      if (met.top < 0) return null;
      const came = this._came;
      const goes = this._goes;
      const arcs = [];
      let start = met.top;
      let goal = met.top;
      for (; came[start] >= 0; start = came[start]) {
        arcs.push({ low: came[start], high: start, upwards: true });
      }
      arcs.reverse();
      for (; goes[goal] >= 0; goal = goes[goal]) {
        arcs.push({ low: goes[goal], high: goal, upwards: false });
      }
      return { start: start, goal: goal, darts: this._unfolded(arcs), costMs: met.least };
    }

    /** The cost of every node above the starts from the nearest of them, by rising arcs. */
    _climb(starts) {
      const { upFrom, upNode } = this._hierarchy;
      const rising = this._rising;
      const touched = this._touched;
      const rise = this._rise;
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
            this._came[other] = node;
            touched.push(other);
          }
        }
      }
    }

    /** The same from the goals, backwards: `top` is the node where both meet at the `least` cost,
     * -1 if they do not. */
    _descend(goals) {
      const { upFrom, upNode } = this._hierarchy;
      const rising = this._rising;
      const falling = this._falling;
      const touched = this._touched;
      const fall = this._fall;
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
            this._goes[other] = node;
            touched.push(other);
          }
        }
      }
      return { least: least, top: top };
    }

    _forget() {
      const touched = this._touched;
      for (let i = 0; i < touched.length; i++) {
        this._rising[touched[i]] = this._falling[touched[i]] = Infinity;
        this._came[touched[i]] = this._goes[touched[i]] = -1;
      }
      touched.length = 0;
    }

    /** The nodes, and everything reachable from them upwards, lowest first. */
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

  return { Hierarchy, Router };
});
