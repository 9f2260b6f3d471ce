/* Where people can walk: see `navkit/network/network.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./columns.js'), require('./rules.js'), require('./hours.js')
    );
  } else {
    root.navkitNetwork = make(root.navkitColumns, root.navkitRules, root.navkitHours);
  }
})(this, /**
 * @param {typeof import('./columns.js')} columns
 * @param {typeof import('./rules.js')} rules
 * @param {typeof import('./hours.js')} hours
 */ function (columns, rules, hours) {
  'use strict';

  const { undelta, unrun, unsparse, columnsOf, Table } = columns;
  const { KINDS } = rules;
  const { hoursOf, weeklyHours } = hours;

  const SPACE_KINDS = Object.keys(KINDS.spaces);
  const DOOR_KINDS = Object.keys(KINDS.doors);
  const ACCESS = Object.keys(KINDS.access);
  const KIND_NAMES = Object.keys(KINDS.edges);
  const [CORRIDOR, HALL, OUTDOOR, DOOR, STAIRS, BOARD, RIDE, ESCALATOR, RAMP, FOOTWAY] = [
    'corridor', 'hall', 'outdoor', 'door', 'stairs', 'board', 'ride', 'escalator', 'ramp', 'footway',
  ].map((kind) => KIND_NAMES.indexOf(kind));

  /** The kind of edge inside a space, by kind of space; an elevator has boarding edges instead. */
  const SPACE_EDGE = SPACE_KINDS.map((kind) => KIND_NAMES.indexOf(KINDS.spaces[kind].edge));
  /** The kind of edge between the stops of a shaft, by kind of space; -1 for what is no shaft. */
  const SHAFT_EDGE = SPACE_KINDS.map((kind) => {
    return KINDS.spaces[kind].shaft ? KIND_NAMES.indexOf(KINDS.connectors[kind].edge) : -1;
  });
  const CLOSED_SPACE = SPACE_KINDS.indexOf('closed');
  const markedSpaces = (mark) => SPACE_KINDS.map((_, number) => number)
    .filter((number) => KINDS.spaces[SPACE_KINDS[number]][mark]);
  const SHAFT_SPACES = markedSpaces('shaft');
  const CIRCULATION_SPACES = markedSpaces('circulation');

  /** Where people can walk: columns of nodes and edges, like `navkit.network.network`. */
  class Network {
    /**
     * @param {import('./types').Level[]} levels
     */
    constructor(levels) {
      this.levels = levels;
      /** Which dates are holidays; null in older bundles. */
      this.calendar = null;
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
      this.vestibules = new Set(undelta(data.vestibules || [])); // Older bundles have none.
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
      // For each type: middle to one end, to the nodes in spaces a and b; then its properties.
      this.doorShapes = data.types;
      this.doorShape = data.type;
      const column = columnsOf(data);
      this.doorKind = column(6);
      this.doorWidth = column(7);
      this.doorAccess = column(8);
      this.doorFlags = column(9);
      this.doorStepFree = column(10);
      this.doorHours = column(11);
      // Bundles of older versions have no texts.
      this.hours = data.hours_text ? data.hours_text.map(hoursOf)
        : data.hours_of_week.map(weeklyHours);
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
      this._readLimits(data.limits || { rows: [], row: { at: [], value: [] } });
    }

    /** What limits the use of things: for each the number of its row, and its hours, both from 1.
     * Bundles of older versions have hours of doors only. */
    _readLimits(limits) {
      /** @type {import('./types').Limit[]} */
      this.limits = [{}].concat(limits.rows);
      this.thingLimit = unsparse(limits.row, this.thingCount, 0);
      this.thingHours = this.thingLimit.map((row) => this.limits[row].hours || 0);
      this.thingHours.set(this.doorHours, this.firstDoor);
      /** Whether a restriction of it could not be read. */
      this.thingUnverified = this.thingLimit.map((row) => Number(Boolean(this.limits[row].unverified)));
    }

    /** The ids of everything: alerts and staff refer to them. */
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
      const oneway = unsparse(data.edges.oneway || { at: [], value: [] }, edgeA.length, 0);
      const connectorOf = new Int32Array(spaces).fill(-1);
      const keepsStorey = new Uint8Array(spaces);
      this.connectors.forEach((connector, i) => {
        const levels = new Set(connector.stops.map((stop) => this.spaceLevel[stop]));
        connector.stops.forEach((stop) => {
          connectorOf[stop] = this.firstConnector + i;
          keepsStorey[stop] = levels.size < 2 ? 1 : 0;
        });
      });
      const edges = new Edges(this, edgeA.length + this.nodeCount + data.path_edges.b.length +
        this.doorCount + data.connector_edges.b.length);
      let at = 0;
      for (let space = 0; space < spaces; space++) {
        const first = this.firstNode[space];
        const end = this.firstNode[space + 1];
        if (SPACE_EDGE[this.spaceKind[space]] === BOARD) {
          for (let node = first; node < end - 1; node++) {
            edges.add(node, end - 1, BOARD, connectorOf[space], 0, 0);
          }
          continue;
        }
        // Landings are level; steps that lead to no other storey are steps from door to door.
        const isFlight = keepsStorey[space] && SHAFT_EDGE[this.spaceKind[space]] >= 0;
        const edgeKind = this.vestibules.has(space) ? CORRIDOR
          : (isFlight ? SHAFT_EDGE : SPACE_EDGE)[this.spaceKind[space]];
        for (let k = 0; k < perSpace[space]; k++, at++) {
          const from = first + edgeA[at];
          edges.add(from, from + edgeB[at], edgeKind, space, 10 * width[at], oneway[at]);
        }
      }
      edges.addWhole(data.path_edges);
      for (let door = 0; door < this.doorCount; door++) {
        const near = this.doorNodes[2 * door];
        const far = this.doorPathNode[door] >= 0 ? this.doorPathNode[door]
          : this.doorNodes[2 * door + 1];
        if (near >= 0 && far >= 0) {
          const thing = this.firstDoor + door;
          const passage = this.limits[this.thingLimit[thing]].passage || 0;
          edges.add(near, far, DOOR, thing, this.doorWidth[door], passage);
        }
      }
      edges.addWhole(data.connector_edges);
      const { count } = edges;
      this.edgeCount = count;
      this.a = edges.a.slice(0, count);
      this.b = edges.b.slice(0, count);
      this.kind = edges.kind.slice(0, count);
      this.thing = edges.thing.slice(0, count);
      this.length = edges.length.slice(0, count);
      this.width = edges.width.slice(0, count);
      this.rise = edges.rise.slice(0, count);
      this.oneway = edges.oneway.slice(0, count);
    }

    /** For each node its edges in order of number, in one column: `edgesFrom`, `edgesAt`. */
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

    /** The nodes at all doors of each space, in order of doors, at which people arrive.
     * @param {number[]} spaces
     * @returns {number[]}
     */
    sidesOnly(spaces) {
      const nodes = [];
      for (let i = 0; i < spaces.length; i++) {
        const space = spaces[i];
        const doors = this.doorsOfSpace(space);
        for (let k = 0; k < doors; k++) nodes.push(this.firstNode[space] + k);
      }
      return nodes;
    }

    /** Nodes visible from a space: its own, and those behind its doors.
     * @param {number} space
     * @returns {Set<number>}
     */
    nodesAround(space) {
      const found = new Set();
      for (let node = this.firstNode[space]; node < this.firstNode[space + 1]; node++) {
        found.add(node);
      }
      for (let i = 0; i < this.doorNodes.length; i++) {
        const here = this.doorNodes[i ^ 1];
        if (here >= 0 && this.spaceOfNode[here] === space && this.doorNodes[i] >= 0) {
          found.add(this.doorNodes[i]);
        }
      }
      return found;
    }

    /** How many of a space's nodes are at doors: the first ones.
     * @param {number} space
     * @returns {number}
     */
    doorsOfSpace(space) {
      if (!this._atDoors) {
        this._atDoors = new Int32Array(this.firstDoor);
        for (let i = 0; i < this.doorNodes.length; i++) {
          if (this.doorNodes[i] >= 0) this._atDoors[this.spaceOfNode[this.doorNodes[i]]]++;
        }
      }
      return this._atDoors[space];
    }

    /** The end of `edge` that is not `node`.
     * @param {number} edge
     * @param {number} node
     * @returns {number}
     */
    other(edge, node) {
      return this.a[edge] === node ? this.b[edge] : this.a[edge];
    }

    /** Storeys that an edge goes up or down, in hundredths.
     * @param {number} edge
     * @returns {number}
     */
    floorsC(edge) {
      const a = this.levels[this.level[this.a[edge]]].ordinal;
      const b = this.levels[this.level[this.b[edge]]].ordinal;
      return Math.floor(Math.abs(a - b) * 100 + 0.5);
    }

    /** The number of the space that a dart leads into from elsewhere; -1 if it enters none.
     * @param {number} dart
     * @returns {number}
     */
    entered(dart) {
      const space = this.spaceOfNode[this.endOf(dart)];
      return space === this.spaceOfNode[this.endOf(dart ^ 1)] ? -1 : space;
    }

    /**
     * @param {number} thing
     * @returns {boolean}
     */
    isDoor(thing) {
      return thing >= this.firstDoor && thing < this.firstConnector;
    }

    /** The connector with that thing number, else null.
     * @param {number} thing
     * @returns {?import('./types').Connector}
     */
    connector(thing) {
      return thing >= this.firstConnector && thing < this.firstPath
        ? this.connectors[thing - this.firstConnector] : null;
    }

    /**
     * @param {number} thing
     * @returns {string}
     */
    thingId(thing) {
      if (thing < this.firstDoor) return this.spaceIds[thing];
      if (thing < this.firstConnector) return this.doorIds[thing - this.firstDoor];
      if (thing < this.firstPath) return this.connectorIds[thing - this.firstConnector];
      return this.pathIds[thing - this.firstPath];
    }

    /** Numbers of the things with that id: ids are unique by kind only.
     * @param {string} id
     * @returns {number[]}
     */
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

    /** The node that a dart leads to.
     * @param {number} dart
     * @returns {number}
     */
    endOf(dart) {
      return dart & 1 ? this.a[dart >> 1] : this.b[dart >> 1];
    }
  }

  /** The edges of a network while they are numbered, up to `most`. */
  class Edges {
    /**
     * @param {{x: Int32Array, y: Int32Array}} network
     * @param {number} most
     */
    constructor(network, most) {
      this._x = network.x;
      this._y = network.y;
      this.count = 0;
      this.a = new Int32Array(most);
      this.b = new Int32Array(most);
      this.kind = new Uint8Array(most);
      this.thing = new Int32Array(most);
      this.length = new Int32Array(most); // in centimetres, as are width and rise
      this.width = new Int32Array(most);
      this.rise = new Int32Array(most);
      this.oneway = new Uint8Array(most);
    }

    /** A level edge, as long as the straight line.
     * @param {number} from
     * @param {number} to
     * @param {number} kind
     * @param {number} thing
     * @param {number} widthCm
     * @param {number} oneway
     */
    add(from, to, kind, thing, widthCm, oneway) {
      const at = this.count++;
      const dx = this._x[to] - this._x[from];
      const dy = this._y[to] - this._y[from];
      this.a[at] = from;
      this.b[at] = to;
      this.kind[at] = kind;
      this.thing[at] = thing;
      this.length[at] = Math.max(1, Math.floor(Math.sqrt(dx * dx + dy * dy) + 0.5));
      this.width[at] = widthCm;
      this.oneway[at] = oneway;
    }

    /** Edges that a file describes completely. */
    addWhole(rows) {
      const from = undelta(rows.a);
      const owner = undelta(rows.thing);
      const kinds = unrun(rows.kind);
      const widths = unrun(rows.width_cm);
      const oneways = unrun(rows.oneway);
      for (let i = 0; i < from.length; i++, this.count++) {
        this.a[this.count] = from[i];
        this.b[this.count] = from[i] + rows.b[i];
        this.kind[this.count] = kinds[i];
        this.thing[this.count] = owner[i];
        this.length[this.count] = rows.length_cm[i];
        this.width[this.count] = widths[i];
        this.rise[this.count] = rows.rise_cm[i];
        this.oneway[this.count] = oneways[i];
      }
    }
  }

  return {
    SPACE_KINDS, DOOR_KINDS, ACCESS, CORRIDOR, HALL, OUTDOOR, DOOR, STAIRS, BOARD, RIDE,
    ESCALATOR, RAMP, FOOTWAY,
    KIND_NAMES, SHAFT_SPACES, CIRCULATION_SPACES, Network,
  };
});
