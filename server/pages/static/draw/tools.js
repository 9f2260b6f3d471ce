/* The tools, and what the mouse and the keyboard do with the one in hand. */
import { all, named, now, page, rounded, word, words } from './page.js';
import { choose, toggle } from './chosen.js';
import { plain, square, withCorners } from './corners.js';
import * as crossing from './crossing.js';
import * as marks from './marks.js';
import * as picking from './picking.js';
import { freeze, hold, isSpace, map, middleOf, sheet, shown, source, spaceAt, thing, thingAt, view } from './sheet.js';
import { draw } from './strokes.js';
import * as way from './way.js';

const ol = window.ol;
const ringOf = (geometry) => geometry.getCoordinates()[0].slice(0, -1).map(rounded);
/** A rectangle divided into so many alike along its longer side, from the left or from the top on.
 * @param {number[]} box @param {number} count */
const rowOf = function (box, count) {
  const [left, low, right, top] = box, many = Math.max(1, Math.min(MOST_IN_A_ROW, Math.floor(count) || 1));
  const isWide = right - left >= top - low, step = (isWide ? right - left : top - low) / many;
  return Array.from({ length: many }, (_, n) => (isWide
    ? [[left + n * step, low], [left + (n + 1) * step, low], [left + (n + 1) * step, top], [left + n * step, top]]
    : [[left, top - (n + 1) * step], [right, top - (n + 1) * step], [right, top - n * step], [left, top - n * step]]
  ).map(rounded));
};
const MOST_IN_A_ROW = 60;
const snap = () => new ol.interaction.Snap({ source: source.spaces, pixelTolerance: 12 });
/** What is drawn, with right angles where nothing else is snapped to. */
const squared = {
  Polygon: function (points, geometry) {
    if (!isOnWall(points[0])) { square(points[0]); }
    const ring = points[0].length ? [[...points[0], points[0][0]]] : [];
    if (!geometry) { return new ol.geom.Polygon(ring); }
    geometry.setCoordinates(ring);
    return geometry;
  },
  LineString: function (points, geometry) {
    // A cut goes a little beyond its walls: it may be square and end on one.
    if (!isOnWall(points, isCorner)) { square(points); }
    if (!geometry) { return new ol.geom.LineString(points); }
    geometry.setCoordinates(points);
    return geometry;
  },
};
const isCorner = (room, point) => room.getCoordinates().flat()
  .some(([x, y]) => Math.hypot(x - point[0], y - point[1]) < 0.001);
/** Whether the last point has been snapped to a wall, or to what of it `counts`.
 * @param {number[][]} points @param {(room: any, point: number[]) => boolean} counts */
const isOnWall = function (points, counts = () => true) {
  const last = points[points.length - 1];
  const near = last && source.spaces.getClosestFeatureToCoordinate(last);
  if (!near) { return false; }
  const [x, y] = near.getGeometry().getClosestPoint(last);
  return Math.hypot(x - last[0], y - last[1]) < 0.001 && counts(near.getGeometry(), last);
};
const drawing = function (options, end) {
  const pen = new ol.interaction.Draw(options);
  pen.on('drawend', (event) => end(event.feature.getGeometry()));
  return [pen, snap()];
};
/** Draw a bridge, and choose its door: that says where it leads. */
const drawBridge = function (ends) {
  const known = new Set(shown.keys());
  crossing.draw(ends, (state) => choose(state.bridges.map((one) => one.id).filter((id) => !known.has(id))));
};
/** Draw, and choose the rooms that are new then: they are to be named next. */
const drawRoom = function (changes, then) {
  const known = new Set(shown.keys());
  draw(changes, function () {
    choose([...shown.keys()].filter((id) => !known.has(id) && isSpace(id)));
    if (then) { then(); }
  });
};
/** @param {number[][][]} rings of new rooms, or of what else is drawn */
const newRooms = (rings) => drawRoom(rings.map((outline) => ({ do: 'add-space', outline, kind: named('draws').value })));
const cutOut = function (geometry) {
  const outline = ringOf(geometry);
  drawRoom([{ do: 'cut-out', outline }, { do: 'add-space', outline, kind: 'room' }]);
};
/** The room that a line is to cut in two: the one in which most of it lies. */
const splitRoom = function (geometry) {
  const id = spaceAt(geometry.getCoordinateAt(0.5));
  if (!id) { named('told').textContent = words.no_room_here; return; }
  const kept = thing(id).title;
  drawRoom([{ do: 'split', id, line: geometry.getCoordinates().map(rounded) }],
    function () { named('told').textContent = word('split_told', { kept }); });
};
/** A box in which all rooms are chosen too; `condition` says by which gesture it is drawn. */
const choosing = function (condition) {
  const box = new ol.interaction.DragBox({ condition });
  box.on('boxend', function () {
    const around = box.getGeometry().getExtent();
    const found = source.spaces.getFeaturesInExtent(around).map((feature) => feature.get('one').id)
      .filter((id) => ol.extent.containsCoordinate(around, middleOf(id)));
    const spaces = now.things.filter(isSpace);
    choose([...spaces, ...found.filter((id) => !spaces.includes(id))]);
  });
  return [box];
};
/** A room and those around it, with the corners that they share: they are moved together. */
const sharing = function (id) {
  const chosen = isSpace(id) ? shown.get(id) : null;
  if (!chosen) { return []; }
  const near = ol.extent.buffer(chosen.getGeometry().getExtent(), 0.01);
  const rooms = hold([chosen, ...source.spaces.getFeaturesInExtent(near).filter((one) => one !== chosen)]);
  const rings = rooms.map((room) => room.getGeometry().getCoordinates());
  const corners = rings.map(([outer]) => outer.slice(1));
  rooms.forEach(function (room, n) {
    const [outer, ...holes] = rings[n], others = n ? corners[0] : corners.slice(1).flat();
    room.getGeometry().setCoordinates([withCorners(outer, others), ...holes]);
  });
  return rooms;
};
/** A line on the floor, with corners that can be dragged. */
const bending = function (id) {
  const pen = new ol.interaction.Modify({ features: new ol.Collection([shown.get(id)]) });
  pen.on('modifystart', () => freeze(true));
  pen.on('modifyend', function () {
    freeze(false);
    marks.bend(id, shown.get(id).getGeometry().getCoordinates().map(rounded));
  });
  return [pen];
};
/** Begin a mark; what else is to be known of it is typed next. */
const mark = function (one) {
  marks.begin(one);
  choose([marks.NEW]);
  named(one.course ? 'stripe' : 'board').querySelector('input, select').focus();
};
const hangCode = function (at) {
  const known = new Set(shown.keys());
  draw([{ do: 'add-anchor', point: rounded(at) }], () => choose([...shown.keys()].filter((id) => !known.has(id))));
};
/** The interactions of each tool. */
const TOOLS = {
  select: () => [...choosing(ol.events.condition.shiftKeyOnly), marks.dragging()],
  many: () => choosing(ol.events.condition.primaryAction),
  room: () => drawing({ type: 'Polygon', geometryFunction: squared.Polygon },
    (geometry) => newRooms([ringOf(geometry)])),
  box: () => drawing({ type: 'Circle', geometryFunction: ol.interaction.Draw.createBox() },
    (geometry) => newRooms(rowOf(geometry.getExtent(), Number(named('row').value)))),
  split: () => drawing({ type: 'LineString', geometryFunction: squared.LineString }, splitRoom),
  cut: () => drawing({ type: 'Polygon', geometryFunction: squared.Polygon }, cutOut),
  door: () => [],
  crossing: () => [...drawing({ type: 'LineString', maxPoints: 2 }, (line) => drawBridge(line.getCoordinates())),
    new ol.interaction.Snap({ source: source.drafted, pixelTolerance: 12 })],
  sign: () => [marks.dragging()],
  code: () => [marks.dragging()],
  line: () => drawing({ type: 'LineString', geometryFunction: squared.LineString }, (geometry) => mark(
    { course: geometry.getCoordinates().map(rounded), colour: 'blue', paint: '#1f6fc4', leads: [] })).slice(0, 1),
  pick: () => [],
  way: () => [],
  shape: () => {
    if (now.things.length === 1 && thing(now.things[0]).course) { return bending(now.things[0]); }
    const rooms = sharing(now.things[0]);
    const pen = new ol.interaction.Modify({ features: new ol.Collection(rooms) });
    const before = rooms.map((room) => JSON.stringify(ringOf(room.getGeometry())));
    pen.on('modifystart', () => freeze(true));
    pen.on('modifyend', function () {
      freeze(false);
      const rings = rooms.map((room) => ringOf(room.getGeometry()));
      draw(rings.map((ring, n) => ({ do: 'reshape', id: rooms[n].get('one').id, outline: plain(ring), ring }))
        .filter(({ ring }, n) => JSON.stringify(ring) !== before[n])
        .map(({ do: verb, id, outline }) => ({ do: verb, id, outline })));
    });
    return [pen, snap()];
  },
  measure: () => drawing({ type: 'LineString', source: source.measured }, function (geometry) {
    named('told').textContent = word('metres', { metres: geometry.getLength().toFixed(2) });
  }),
};
let held = [];
export const take = function (tool) {
  if (now.tool === 'pick') { picking.end(null); }
  now.tool = tool;
  // A mark that nobody has stored is given up with its tool; a bridge begins at nothing that is chosen.
  const isGivenUp = now.things.includes(marks.NEW) && !['sign', 'line', 'pick', 'select'].includes(tool);
  if (isGivenUp || tool === 'crossing') { choose([]); }
  held.forEach((one) => map.removeInteraction(one));
  source.measured.clear();
  hold([]);
  way.hold(tool === 'way');
  crossing.hold(tool === 'crossing');
  held = TOOLS[tool]();
  held.forEach((one) => map.addInteraction(one));
  tell('');
  for (const button of all('[data-tool]')) {
    button.setAttribute('aria-pressed', String(button.dataset.tool === tool));
  }
};
/** After a stroke: the rooms are other ones. */
export const renew = function () {
  if (now.tool === 'shape') { take('shape'); }
};
/** Say something of what is being done; '' for the tool's own words. */
export const tell = (text) => { named('hint').textContent = text || words['hint_' + now.tool] || ''; };
/** Points that somebody is asked to click on. @param {number} count @param {string} hint
 * @returns {Promise<?number[][]>} null if another tool was taken instead */
export const pick = function (count, hint) {
  take('pick');
  tell(hint);
  sheet.focus();
  return picking.begin(count);
};
page.addEventListener('click', async function (event) {
  if (/** @type {Element} */ (event.target).closest('[data-move]')) {
    const [id] = now.things, points = await pick(1, words.move_to);
    if (points && shown.has(id)) { marks.move(id, points[0]); }
    return;
  }
  const chosen = /** @type {?HTMLElement} */ (/** @type {Element} */ (event.target).closest('[data-tool]'));
  if (chosen) { take(chosen.dataset.tool); }
});

/** What a click does with each tool; the others draw with it. */
const CLICKS = {
  select: (at, isMore) => (isMore ? toggle(thingAt(at)) : choose([thingAt(at)].filter(Boolean))),
  many: (at) => toggle(thingAt(at)),
  pick: (at) => { if (picking.at(at)) { take('select'); } },
  way: (at) => way.click(at),
  door: (at) => draw([{ do: 'add-door', point: rounded(at) }]),
  sign: (at) => mark({ point: rounded(at), bearing_deg: 0, text: '', arrow: 'ahead', leads: [] }),
  code: hangCode,
  shape: function (at) { choose([thingAt(at)].filter(Boolean)); take('shape'); },
};
const click = function (at, isMore) {
  if (CLICKS[now.tool]) { CLICKS[now.tool](at, isMore); }
};
map.on('click', (event) => click(event.coordinate, event.originalEvent.shiftKey));

// With the keyboard the middle of the sheet is the pen's point: arrows move the sheet under it.
sheet.addEventListener('keydown', function (event) {
  const pen = held.find((one) => one instanceof ol.interaction.Draw), centre = view.getCenter();
  if (event.key === 'Enter' && pen && now.tool !== 'box') {
    pen.appendCoordinates([centre]);
  } else if (event.key === 'Enter') {
    click(centre, event.shiftKey);
  } else if (event.key === ' ' && pen) {
    pen.finishDrawing();
  } else if (event.key === 'Backspace' && pen) {
    pen.removeLastPoint();
  } else if (event.key === 'Escape') {
    take('select');
  } else {
    return;
  }
  event.preventDefault();
});
