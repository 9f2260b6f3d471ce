/* The tools, and what the mouse and the keyboard do with the one in hand. */
import { all, named, now, page, rounded, word, words } from './page.js';
import { choose, toggle } from './chosen.js';
import { map, middleOf, sheet, shown, source, thing, thingAt, view } from './sheet.js';
import { draw } from './strokes.js';

const ol = window.ol;
const ringOf = (geometry) => geometry.getCoordinates()[0].slice(0, -1).map(rounded);
const snap = () => new ol.interaction.Snap({ source: source.spaces, pixelTolerance: 12 });
const drawing = function (options, end) {
  const pen = new ol.interaction.Draw(options);
  pen.on('drawend', (event) => end(event.feature.getGeometry()));
  return [pen, snap()];
};
/** A new room is to be named next. */
const newRoom = function (geometry) {
  const known = new Set(shown.keys());
  draw([{ do: 'add-space', outline: ringOf(geometry), kind: 'room' }],
    () => choose([...shown.keys()].filter((id) => !known.has(id) && !thing(id).line)));
};
/** A box in which all rooms are chosen too; `condition` says by which gesture it is drawn. */
const choosing = function (condition) {
  const box = new ol.interaction.DragBox({ condition });
  box.on('boxend', function () {
    const around = box.getGeometry().getExtent();
    const found = source.spaces.getFeaturesInExtent(around).map((feature) => feature.get('one').id)
      .filter((id) => ol.extent.containsCoordinate(around, middleOf(id)));
    const spaces = now.things.filter((id) => !thing(id).line);
    choose([...spaces, ...found.filter((id) => !spaces.includes(id))]);
  });
  return [box];
};
/** The interactions of each tool. */
const TOOLS = {
  select: () => choosing(ol.events.condition.shiftKeyOnly),
  many: () => choosing(ol.events.condition.primaryAction),
  room: () => drawing({ type: 'Polygon' }, newRoom),
  box: () => drawing({ type: 'Circle', geometryFunction: ol.interaction.Draw.createBox() }, newRoom),
  door: () => [],
  shape: () => {
    const [id] = now.things, feature = shown.get(id);
    const isSpace = feature && !thing(id).line;
    const pen = new ol.interaction.Modify({ features: new ol.Collection(isSpace ? [feature] : []) });
    pen.on('modifyend', () => draw([{ do: 'reshape', id, outline: ringOf(feature.getGeometry()) }]));
    return [pen, snap()];
  },
  measure: () => drawing({ type: 'LineString', source: source.measured }, function (geometry) {
    named('told').textContent = word('metres', { metres: geometry.getLength().toFixed(2) });
  }),
};
let held = [];
export const take = function (tool) {
  now.tool = tool;
  held.forEach((one) => map.removeInteraction(one));
  source.measured.clear();
  held = TOOLS[tool]();
  held.forEach((one) => map.addInteraction(one));
  named('hint').textContent = words['hint_' + tool];
  for (const button of all('[data-tool]')) {
    button.setAttribute('aria-pressed', String(button.dataset.tool === tool));
  }
};
page.addEventListener('click', function (event) {
  const chosen = /** @type {?HTMLElement} */ (/** @type {Element} */ (event.target).closest('[data-tool]'));
  if (chosen) { take(chosen.dataset.tool); }
});

/** What a click does with each tool; the others draw with it. */
const CLICKS = {
  select: (at, isMore) => (isMore ? toggle(thingAt(at)) : choose([thingAt(at)].filter(Boolean))),
  many: (at) => toggle(thingAt(at)),
  door: (at) => draw([{ do: 'add-door', point: rounded(at) }]),
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
