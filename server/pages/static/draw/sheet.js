/* The sheet: the level as it is drawn, with what is chosen. Metres, no tiles, no request. */
import { lookOfLine, lookOfMark } from './looks.js';
import { named, now, words } from './page.js';

const ol = window.ol;
const INK = '#16202b', RED = '#a32614', AMBER = '#8a4b00', GREEN = '#1d6b35', LEAD = '#0b4f6c', VIOLET = '#6a2c91';
export const sheet = named('sheet');
export const source = { spaces: new ol.source.Vector(), doors: new ol.source.Vector(),
  held: new ol.source.Vector(), walls: new ol.source.Vector(), stripes: new ol.source.Vector(), marks: new ol.source.Vector(), measured: new ol.source.Vector(), drafted: new ol.source.Vector() };
/** Features by id. @type {Map<string, any>} */
export const shown = new Map();
/** @param {string} id @returns {any} what the server said of a thing */
export const thing = (id) => shown.get(id).get('one');
/** @param {string} id @returns {boolean} whether it is a room, a corridor or the like */
export const isSpace = (id) => Boolean(id) && Boolean(thing(id).ring);

const stroke = (color, width, lineDash) => new ol.style.Stroke({ color, width, lineDash });

/** A line that is `metres` wide, but never too thin or too thick to be seen well. */
const thick = (metres, resolution) => Math.max(2, Math.min(7, metres / resolution));
const edgeOf = function (one, isChosen, isShut) {
  if (isChosen) { return stroke(LEAD, 5); }
  if (isShut) { return stroke(RED, 3, [8, 4]); }
  return one.unreached.length ? stroke(AMBER, 2, [2, 4]) : stroke(INK, 1);
};
const LETTER_PX = 9;
/** What stands in a room: its number alone where the name would not fit. */
const labelOf = function (one, isShut, wide_px) {
  // A picture under the floor has names of its own.
  if (!named('names').checked) { return ''; }
  const proposed = now.proposed.get(one.id);
  if (proposed) { return '→ ' + proposed; }
  const label = one.ref && one.label.length * LETTER_PX > wide_px ? one.ref : one.label;
  return (isShut ? '⚠ ' : '') + (one.landmark === 'yes' ? '★ ' : '') + label;
};
/** A name with a rim, to be read over whatever is drawn. */
const told = (text, offsetY = 0) => new ol.style.Text({ overflow: true, text, offsetY, font: '13px system-ui, sans-serif',
  fill: new ol.style.Fill({ color: INK }), stroke: stroke('#fff', 4) });
/** Looks by what they depend on: while somebody drags, none is made anew. */
const looks = new Map();
const MOST_LOOKS = 5000;
const look = function (key, make) {
  if (looks.size > MOST_LOOKS) { looks.clear(); }
  if (!looks.has(key)) { looks.set(key, make()); }
  return looks.get(key);
};
/** Rooms whose corners somebody may drag are drawn apart: the others stay as they are meanwhile.
 * @type {Set<string>} */
let held = new Set();
const lookOfHeld = function (feature, resolution) {
  const one = feature.get('one'), isChosen = now.things.includes(one.id);
  const isShut = one.unreached.includes('walk');
  const wide = ol.extent.getWidth(feature.getGeometry().getExtent());
  const label = labelOf(one, isShut, wide / resolution);
  return look([one.paint, isChosen, isShut, one.unreached.length, label].join(), () => new ol.style.Style({
    fill: new ol.style.Fill({ color: isChosen ? '#cfe6f2' : isShut ? '#f7d4cc' : one.paint }),
    stroke: edgeOf(one, isChosen, isShut),
    zIndex: isChosen ? 3 : isShut ? 2 : one.unreached.length ? 1 : 0,
    text: told(label),
  }));
};
const lookOfSpace = (feature, resolution) => (held.has(feature.get('one').id) ? null : lookOfHeld(feature, resolution));
const lookOfDoor = function (feature, resolution) {
  const one = feature.get('one'), isChosen = now.things.includes(one.id);
  const color = isChosen ? LEAD : one.to ? VIOLET : one.guessed ? AMBER : one.entrance ? GREEN : INK;
  const width = thick(0.3, resolution) + (isChosen ? 3 : 0);
  return look([color, width.toFixed(1), one.guessed, one.to].join(), () => [
    new ol.style.Style({ stroke: stroke('#fff', width + 3), text: one.to ? told('→ ' + one.to, -14) : undefined }),
    new ol.style.Style({ stroke: stroke(color, width, one.guessed ? [4, 4] : undefined) })]);
};

const layer = (from, style) => new ol.layer.Vector({ source: from, style, declutter: true });
const dot = new ol.style.Circle({ radius: 7, stroke: stroke(LEAD, 3), fill: new ol.style.Fill({ color: '#fff' }) });
const marks = layer(source.measured, new ol.style.Style({ stroke: stroke(LEAD, 3, [6, 6]), image: dot }));
const drafts = layer(source.drafted, new ol.style.Style({ stroke: stroke(LEAD, 2) }));
/** What a drag does not change: painted anew each time, or as one picture while somebody drags. */
const FLOOR = [[source.spaces, lookOfSpace], [source.walls, new ol.style.Style({ stroke: stroke('#5c6975', 1.5) })],
  [source.doors, lookOfDoor]];
const live = FLOOR.map(([from, style]) => layer(from, style));
const still = FLOOR.map(([from, style]) =>
  new ol.layer.VectorImage({ source: from, style, declutter: true, visible: false, imageRatio: 1 }));
/** @param {boolean} isDragging whether the floor stays as it is until further notice */
export const freeze = function (isDragging) {
  now.isDragging = isDragging;
  live.forEach((one) => one.setVisible(!isDragging));
  still.forEach((one) => one.setVisible(isDragging));
};
export const view = new ol.View({ projection: new ol.proj.Projection({ code: 'metres', units: 'm',
  extent: [-1e6, -1e6, 1e6, 1e6] }), constrainResolution: false, enableRotation: false });
export const map = new ol.Map({
  target: sheet, view,
  controls: [new ol.control.Zoom({ zoomInTipLabel: words.zoom_in, zoomOutTipLabel: words.zoom_out }),
    new ol.control.ScaleLine()],
  // With the shift key one chooses.
  interactions: ol.interaction.defaults.defaults({ shiftDragZoom: false, doubleClickZoom: false }),
  layers: [live[0], still[0], layer(source.held, lookOfHeld), ...live.slice(1), ...still.slice(1),
    new ol.layer.Vector({ source: source.stripes, style: lookOfLine }),
    new ol.layer.Vector({ source: source.marks, style: lookOfMark }), drafts, marks],
});

/** For tests and developers. */
window.navkitDraw = map;

const put = function (from, list, geometry) {
  from.clear();
  from.addFeatures(list.map(function (one) {
    const feature = new ol.Feature({ geometry: geometry(one), one });
    if (one.id) { shown.set(one.id, feature); }
    return feature;
  }));
};

/** What is seen of a floor on which nothing is drawn, in metres. */
const EMPTY = [0, 0, 40, 30];
let isFitted = false;
/** @param {any} state as the server answers */
export const show = function (state) {
  shown.clear();
  put(source.spaces, state.spaces, (one) => new ol.geom.Polygon([one.ring, ...one.holes]));
  put(source.doors, [...state.doors, ...state.bridges], (one) => new ol.geom.LineString(one.line));
  put(source.walls, state.walls, (one) => new ol.geom.LineString(one));
  put(source.stripes, state.stripes, (one) => new ol.geom.LineString(one.course));
  put(source.marks, [...state.boards, ...state.anchors], (one) => new ol.geom.Point(one.point));
  const box = source.spaces.getExtent();
  if (!isFitted) { fit(isDrawn() ? box : EMPTY); }
  isFitted = true;
};

/** Rooms that are to be changed by hand, as they are now. @param {any[]} rooms features
 * @returns {any[]} what is dragged in their place */
export const hold = function (rooms) {
  const copies = rooms.map((room) => room.clone());
  held = new Set(rooms.map((room) => room.get('one').id));
  source.held.clear();
  source.held.addFeatures(copies);
  source.spaces.changed();
  return copies;
};

/** Show all of a box. */
export const fit = (box) => view.fit(box, { size: map.getSize(), padding: [20, 20, 20, 20] });

export const isDrawn = () => source.spaces.getFeatures().length > 0;

/** @param {?number[][][]} rings of another floor instead of this one; null for this one again */
export const draft = function (rings) {
  for (const one of map.getLayers().getArray()) {
    one.setVisible(!still.includes(one) && (!rings || one === drafts || one === marks));
  }
  beside(rings || []);
};
/** Another floor, shown over this one. @param {number[][][]} rings */
export const beside = function (rings) {
  source.drafted.clear();
  source.drafted.addFeatures(rings.map((ring) => new ol.Feature(new ol.geom.Polygon([ring]))));
};

/** Paint again: something else is chosen or proposed. */
export const repaint = function () {
  for (const from of [source.spaces, source.held, source.doors, source.stripes, source.marks]) { from.changed(); }
};

named('names').addEventListener('change', repaint);

/** Bring a thing into sight. @param {string} id */
export const go = function (id) {
  const extent = shown.get(id).getGeometry().getExtent();
  view.fit(ol.extent.buffer(extent, 8), { size: map.getSize(), duration: 0 });
  sheet.scrollIntoView({ block: 'nearest' });
};

/** What is at a point: a sign or a code before a door, that before a line, and a room last.
 * @returns {string} its id, or '' */
export const thingAt = function (coordinate) {
  const found = map.getFeaturesAtPixel(map.getPixelFromCoordinate(coordinate), { hitTolerance: 8 })
    .map((feature) => feature.get('one')).filter((one) => one && one.id);
  const [first] = ['point', 'line', 'course', 'ring'].flatMap((shape) => found.filter((one) => one[shape]));
  return (first || { id: '' }).id;
};

/** The space at a point. @returns {string} its id, or '' */
export const spaceAt = function (coordinate) {
  const [found] = source.spaces.getFeaturesAtCoordinate(coordinate);
  return found ? found.get('one').id : '';
};

/** Where the label of a space stands. @param {string} id */
export const middleOf = (id) => shown.get(id).getGeometry().getInteriorPoint().getCoordinates().slice(0, 2);
