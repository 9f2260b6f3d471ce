/* What guidance often needs from a network, computed once: see `navkit/guidance/surroundings.py`.
 * */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./columns.js'));
  } else {
    root.navkitSurroundings = make(root.navkitColumns);
  }
})(this, /** @param {typeof import('./columns.js')} columns */ function (columns) {
  'use strict';

  const { undelta } = columns;

  /** A network with its landmarks, and the rules by which routes through it are described. */
  class Surroundings {
    constructor(bundle, landmarks) {
      const network = bundle.network;
      this.network = network;
      this.venue = bundle;
      this.rules = bundle.rules.guidance;
      // For each node at a door, 2 * door + side; else -1.
      this.doorOfNode = new Int32Array(network.nodeCount).fill(-1);
      for (let i = 0; i < network.doorNodes.length; i++) {
        if (network.doorNodes[i] >= 0) this.doorOfNode[network.doorNodes[i]] = i;
      }
      // For each space, the first public place there; else -1.
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

    /** Landmarks seen at `node` when coming from `before`, the nearest first. */
    landmarks(node, before) {
      return this._landmarks.get(node * this.network.nodeCount + before) || [];
    }

    /** Numbers of the spaces of a place. */
    placeSpaces(place) {
      return this.venue.placeSpaces(place);
    }

    /** The space on the other side of a door, -1 if that is outside. */
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

  return { Surroundings };
});
