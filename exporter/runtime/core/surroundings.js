/* What guidance often needs from a network, computed once: see `navkit/guidance/surroundings.py`.
 * */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./columns.js'), require('./network.js'));
  } else {
    root.navkitSurroundings = make(root.navkitColumns, root.navkitNetwork);
  }
})(this, /**
 * @param {typeof import('./columns.js')} columns
 * @param {typeof import('./network.js')} network
 */ function (columns, network) {
  'use strict';

  const { undelta, unsparse } = columns;
  const { STAIRS, RAMP } = network;

  /** What a place where corridors meet looks like, by number. */
  const FORMS = ['crossroads', 'tee'];

  /** By edge that keeps the storey, the kinds of steps and ramps on it, and beside it: people see the
   * steps beside a ramp too. Edges without any are absent. */
  function stepsAndRamps(n) {
    const stops = new Set();
    n.connectors.forEach((one) => {
      if (one.stops.length > 1) one.stops.forEach((stop) => stops.add(stop));
    });
    const ends = (edge) =>
      Math.min(n.a[edge], n.b[edge]) * n.nodeCount + Math.max(n.a[edge], n.b[edge]);
    const between = new Map();
    for (let edge = 0; edge < n.edgeCount; edge++) {
      const isStepped = n.kind[edge] === STAIRS || n.kind[edge] === RAMP;
      if (!isStepped || n.level[n.a[edge]] !== n.level[n.b[edge]]) continue;
      between.set(ends(edge), (between.get(ends(edge)) || new Set()).add(n.kind[edge]));
    }
    const found = new Map();
    for (let edge = 0; between.size && edge < n.edgeCount; edge++) {
      const kinds = between.get(ends(edge));
      // Spaces are the first things, so that a stop's number is its thing's.
      if (kinds && !stops.has(n.thing[edge])) found.set(edge, kinds);
    }
    return found;
  }

  /** A network with what people see, and the rules by which routes through it are described. */
  class Surroundings {
    constructor(bundle, sights) {
      const network = bundle.network;
      this.network = network;
      this.venue = bundle;
      this.rules = bundle.rules.guidance;
      // For each node at a door, 2 * door + side; else -1.
      this.doorOfNode = new Int32Array(network.nodeCount).fill(-1);
      for (let i = 0; i < network.doorNodes.length; i++) {
        if (network.doorNodes[i] >= 0) this.doorOfNode[network.doorNodes[i]] = i;
      }
      this._readSights(sights);
      this.over = stepsAndRamps(network);
      // For each space, the first place there that may be named on the way; else -1.
      this.placeOfSpace = new Int32Array(network.firstDoor).fill(-1);
      for (let place = 0; place < bundle.placeCount; place++) {
        if (this._unsaid.has(place) || !bundle.placeIsPublic(place)) continue;
        bundle.placeSpaces(place).forEach((space) => {
          if (this.placeOfSpace[space] < 0) this.placeOfSpace[space] = place;
        });
      }
    }

    /** What people see where more than one way leads on; older bundles say less. */
    _readSights(sights) {
      const none = { node: [], before: [], place: [] };
      const count = this.venue.placeCount;
      this._landmarks = new Map();
      this._byDart(sights.landmarks, (dart, place, i) => {
        const mark = { place: place, side: sights.landmarks.side[i] };
        const known = this._landmarks.get(dart);
        if (known) known.push(mark);
        else this._landmarks.set(dart, [mark]);
      });
      this._plain = new Map();
      this._byDart(sights.plain || none, (dart, place) => {
        this._plain.set(dart, (this._plain.get(dart) || []).concat(place));
      });
      this._readOpenings(sights.openings || { edge: [], at_dm: [], wide_dm: [], looks: [] });
      this._past = new Map();
      this._byDart(sights.past || none, (dart, place) => { this._past.set(dart, place); });
      this._ends = new Set();
      this._byDart(sights.ends || none, (dart) => { this._ends.add(dart); });
      this._doors = new Set();
      this._byDart(sights.doors || none, (dart) => { this._doors.add(dart); });
      this._jogs = new Set();
      this._byDart(sights.jogs || none, (dart) => { this._jogs.add(dart); });
      this._alike = unsparse(sights.alike || { at: [], value: [] }, count, 0);
      this._sideWays = new Set(undelta(sights.side_ways || []));
      this._mouths = new Set(undelta(sights.mouths || []));
      this._unsaid = new Set(undelta(sights.unsaid || []));
      this._forms = new Map();
      this._byDart(sights.forms || none, (dart, node, i) => {
        const { form, clear_cm: clearCm } = sights.forms;
        this._forms.set(dart, { form: FORMS[form[i]], clear_cm: clearCm[i] });
      });
      this._readBoards(sights);
    }

    /** How many edges the steps of a thing have that keep the storey. */
    flight(thing) {
      const { thing: things, kind } = this.network;
      return Array.from(this.over.keys())
        .filter((edge) => things[edge] === thing && kind[edge] === STAIRS).length;
    }

    /** Boards read on the way to a node, and stripes along edges; older bundles have none. */
    _readBoards(sights) {
      const read = sights.boards || { node: [], before: [], board: [] };
      const boards = undelta(read.board);
      this._boards = new Map();
      this._byDart(read, (dart, node, i) => {
        this._boards.set(dart, (this._boards.get(dart) || []).concat(boards[i]));
      });
      const along = sights.along || { edge: [] };
      this._along = new Map();
      undelta(along.edge).forEach((edge, i) => {
        const one = { stripe: along.stripe[i], from_cm: along.from[i], to_cm: along.to[i] };
        this._along.set(edge, (this._along.get(edge) || []).concat(one));
      });
    }

    /** Whether the passage at a node looks like an opening in a wall from there. */
    isMouth(doorNode) {
      return this._mouths.has(doorNode);
    }

    /** Boards read on the way to `node` from `before`, the nearest first. */
    boards(node, before) {
      return this._boards.get(this._dart(node, before)) || [];
    }

    /** Where a board points, and what it leads to. */
    led(board) {
      return this.venue.boards[board];
    }

    /** The stripes on the floor that an edge runs along. */
    along(edge) {
      return this._along.get(edge) || [];
    }

    /** The length of a stripe. */
    stripeCm(stripe) {
      return this.venue.stripes[stripe].length_cm;
    }

    /** The gaps in the walls beside each edge: where, how wide, on which side, what they look like. */
    _readOpenings(table) {
      this._openings = new Map();
      undelta(table.edge).forEach((edge, i) => {
        const looks = table.looks[i];
        const one = {
          at: table.at_dm[i], wide: table.wide_dm[i], side: looks & 1 ? 1 : -1, looks: looks >> 1,
        };
        const known = this._openings.get(edge);
        if (known) known.push(one);
        else this._openings.set(edge, [one]);
      });
    }

    /** `take(dart, place, row)` for each row of a table by (node, previous node). */
    _byDart(table, take) {
      const node = undelta(table.node);
      const place = table.place ? undelta(table.place) : node;
      for (let i = 0; i < node.length; i++) {
        take(this._dart(node[i], node[i] + table.before[i]), place[i], i);
      }
    }

    _dart(node, before) {
      return node * this.network.nodeCount + before;
    }

    /** Landmarks seen at `node` when coming from `before`, the best first. */
    landmarks(node, before) {
      return this._landmarks.get(this._dart(node, before)) || [];
    }

    /** A place straight on past `node` that is not to be read before it, or -1. */
    past(node, before) {
      const place = this._past.get(this._dart(node, before));
      return place === undefined ? -1 : place;
    }

    /** Whether the floor ends straight ahead at `node`, coming from `before`. */
    ends(node, before) {
      return this._ends.has(this._dart(node, before));
    }

    /** The form of the floor at `node`, to who comes from `before`; null if it has no name. */
    form(node, before) {
      return this._forms.get(this._dart(node, before)) || null;
    }

    /** Whether the door of a room or shaft is in plain sight from `node`; of few nodes this is
     * known. */
    sees(node, doorNode) {
      return this._doors.has(this._dart(node, doorNode));
    }

    /** Whether two nodes are the bends of a jog that one walks past without a word. */
    isJog(first, second) {
      return this._jogs.has(this._dart(first, second));
    }

    /** Whether the door at a node is at the end of a side corridor. */
    isSideWay(doorNode) {
      return this._sideWays.has(doorNode);
    }

    /** The gaps in the walls beside an edge, from its first node. */
    openings(edge) {
      return this._openings.get(edge) || [];
    }

    /** Rooms seen at `node` when coming from `before` that are no landmarks, the nearest first. */
    plain(node, before) {
      return this._plain.get(this._dart(node, before)) || [];
    }

    /** By what places of a name are recognised, doors first. */
    marksNamed(name) {
      if (!this._marks) this._marks = this._allMarks();
      return this._marks.get(name) || [];
    }

    /** Whether people may see another place of the name of this one on a level. */
    isShared(place, level) {
      return this.marksNamed(this.named(place)).some(
        (mark) => mark.place !== place && this.network.level[mark.node] === level);
    }

    _allMarks() {
      const found = new Map();
      const note = (node, place) => {
        const name = this.named(place);
        if (!found.has(name)) found.set(name, []);
        found.get(name).push({ node: node, place: place });
      };
      this.doorOfNode.forEach((doorSide, node) => {
        const place = doorSide < 0 ? -1 : this.placeAt(this.spaceBeyond(doorSide));
        if (place >= 0) note(node, place);
      });
      for (let place = 0; place < this.venue.placeCount; place++) {
        const isPoint = this.venue.placeDoor(place) < 0 && !this.venue.placeSpaces(place).length;
        if (isPoint && !this._unsaid.has(place)) note(this.venue.placeNodes(place)[0], place);
      }
      return found;
    }

    /** The first place of the name that a place has. */
    named(place) {
      return place - this._alike[place];
    }

    /** Numbers of the spaces of a place. */
    placeSpaces(place) {
      return this.venue.placeSpaces(place);
    }

    /** The direction from a node at a door through that door, in radians. */
    outwards(node) {
      const n = this.network;
      const door = this.doorOfNode[node] >> 1;
      return Math.atan2(n.doorY[door] - n.y[node], n.doorX[door] - n.x[node]);
    }

    /** The space on the other side of a door, -1 if that is outside. */
    spaceBeyond(doorSide) {
      const node = this.network.doorNodes[doorSide ^ 1];
      return node < 0 ? -1 : this.network.spaceOfNode[node];
    }

    /** The first place at a space that may be named on the way, or -1. */
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
