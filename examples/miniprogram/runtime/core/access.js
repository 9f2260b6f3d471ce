/* Where a walker may not go: see `navkit/route/access.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./network.js'));
  } else {
    root.navkitAccess = make(root.navkitNetwork);
  }
})(this, /** @param {typeof import('./network.js')} network */ function (network) {
  'use strict';

  const { ACCESS } = network;

  const ENTRANCE = 1; // Of a door's flags.

  /** What is barred to one kind of walker. */
  class Barred {
    /**
     * @param {Uint8Array} node
     * @param {Uint8Array} thing
     */
    constructor(node, thing) {
      this.node = node;
      this.thing = thing;
    }

    /** Whether the walker may not go from one end of an edge to the other: it enters what is
     * barred, or uses it. Within a barred space only people who started there may walk.
     * @param {import('./types').Network} network
     * @param {number} edge
     * @param {number} start
     * @param {number} end
     * @returns {boolean}
     */
    stops(network, edge, start, end) {
      if (this.node[end]) {
        return !this.node[start] || network.spaceOfNode[start] !== network.spaceOfNode[end];
      }
      return !this.node[start] && this.thing[network.thing[edge]] === 1;
    }
  }

  /** What is barred to a walker of `access`: `public`, or `staff` for those who may pass there too.
   * @param {import('./types').Network} network
   * @param {string} access
   * @returns {Barred}
   */
  function barred(network, access) {
    const own = ACCESS.indexOf(access);
    const thing = network.thingAccess.map(function (one) {
      return one !== 0 && one !== own ? 1 : 0;
    });
    const node = new Uint8Array(network.nodeCount).fill(1);
    for (let edge = 0; edge < network.edgeCount; edge++) {
      if (thing[network.thing[edge]]) continue;
      node[network.a[edge]] = node[network.b[edge]] = 0;
    }
    for (let n = 0; n < node.length; n++) {
      if (network.spaceOfNode[n] >= 0) node[n] = thing[network.spaceOfNode[n]];
    }
    return new Barred(node, thing);
  }

  /** For each node that can be reached from outside without crossing bars, the number of its part;
   * -1 for others. Among parts connected only across bars, those with an entrance are open; if none
   * of them has one, the part with the most nodes, the first of several.
   * @param {import('./types').Network} network
   * @param {Barred} bars
   * @returns {Int32Array}
   */
  function openParts(network, bars) {
    const count = network.nodeCount;
    const free = new Parts(count);
    const whole = new Parts(count);
    for (let edge = 0; edge < network.edgeCount; edge++) {
      const a = network.a[edge];
      const b = network.b[edge];
      whole.join(a, b);
      if (!bars.stops(network, edge, a, b) && !bars.stops(network, edge, b, a)) free.join(a, b);
    }
    const entered = enteredParts(network, bars, free);
    const chosen = new Set(entered);
    largestParts(bars, free, whole, entered).forEach(function (part) { chosen.add(part); });
    const open = new Int32Array(count).fill(-1);
    for (let node = 0; node < count; node++) {
      if (!bars.node[node] && chosen.has(free.of(node))) open[node] = free.of(node);
    }
    return open;
  }

  /** Parts of `free` that can be entered by a door from outside.
   * @param {import('./types').Network} network
   * @param {Barred} bars
   * @param {Parts} free
   * @returns {Set<number>}
   */
  function enteredParts(network, bars, free) {
    const entered = new Set();
    for (let door = 0; door < network.doorCount; door++) {
      if (!(network.doorFlags[door] & ENTRANCE) || bars.thing[network.firstDoor + door]) continue;
      for (let side = 0; side < 2; side++) {
        const node = network.doorNodes[2 * door + side];
        if (node >= 0 && !bars.node[node]) entered.add(free.of(node));
      }
    }
    return entered;
  }

  /** For each part of `whole` the best part of `free`: one with an entrance before one without,
   * then the one with the most nodes, then the first.
   * @param {Barred} bars
   * @param {Parts} free
   * @param {Parts} whole
   * @param {Set<number>} entered
   * @returns {Map<number, number>}
   */
  function largestParts(bars, free, whole, entered) {
    const size = new Map();
    for (let node = 0; node < bars.node.length; node++) {
      if (!bars.node[node]) size.set(free.of(node), (size.get(free.of(node)) || 0) + 1);
    }
    const largest = new Map();
    Array.from(size.keys()).sort((a, b) => a - b).forEach(function (part) {
      const best = largest.get(whole.of(part));
      const isBetter = best === undefined || (entered.has(part) === entered.has(best)
        ? size.get(part) > size.get(best) : entered.has(part));
      if (isBetter) largest.set(whole.of(part), part);
    });
    return largest;
  }

  /** Disjoint sets of numbers; a set is named by its smallest. */
  class Parts {
    constructor(count) {
      this._above = new Int32Array(count);
      for (let i = 0; i < count; i++) this._above[i] = i;
    }

    of(number) {
      const above = this._above;
      let at = number;
      while (above[at] !== at) {
        above[at] = above[above[at]];
        at = above[at];
      }
      return at;
    }

    /**
     * @param {number} a
     * @param {number} b
     */
    join(a, b) {
      const one = this.of(a);
      const other = this.of(b);
      this._above[Math.max(one, other)] = Math.min(one, other);
    }
  }

  return { barred, openParts };
});
