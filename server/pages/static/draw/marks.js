/* Signs, codes and lines on the floor: made, changed in their forms, moved and turned. */
import * as leads from './leads.js';
import { tipOf } from './looks.js';
import { named, now, rounded } from './page.js';
import { freeze, map, shown, source, thing, view } from './sheet.js';
import { draw } from './strokes.js';

const ol = window.ol;
/** What the one is called that nobody has stored yet. */
export const NEW = 'new';
const NEAR_PX = 14;
const WHOLE_DEG = 5;

/** The one that nobody has stored yet: it stays while others draw. @type {any} */
let made = null;
/** One that somebody changes, as the server has said. @type {any} */
let unchanged = null;

const put = function (one) {
  const line = one.course;
  const feature = new ol.Feature({ geometry: line ? new ol.geom.LineString(line) : new ol.geom.Point(one.point), one });
  (line ? source.stripes : source.marks).addFeature(feature);
  shown.set(one.id, feature);
};
/** Begin one, or the same one elsewhere, turned as it was.
 * @param {any} one without what is to be typed */
export const begin = function (one) {
  const turn = made && made.point && one.point ? { bearing_deg: made.bearing_deg } : {};
  drop();
  made = { ...one, ...turn, id: NEW };
  put(made);
};
/** After a stroke: it is still there. */
export const keep = function () {
  unchanged = null;
  if (made) { put(made); }
};
/** Nobody wants it any more, nor what was typed of another one. */
export const drop = function () {
  if (unchanged && shown.has(unchanged.id)) { set(unchanged); }
  unchanged = null;
  const feature = shown.get(NEW);
  if (feature) { [source.stripes, source.marks].forEach((from) => from.hasFeature(feature) && from.removeFeature(feature)); }
  shown.delete(NEW);
  made = null;
};

/** What is known of one now, whether it is stored or not; the sheet shows it at once. */
const set = function (one) {
  const feature = shown.get(one.id);
  unchanged = unchanged || feature.get('one');
  feature.set('one', one);
  if (one.point) { feature.getGeometry().setCoordinates(one.point); }
  if (one.id === NEW) { made = one; }
};

// ---------------------------------------------------------------- in words

export const fill = {
  board: (one, form) => {
    form.text.value = one.text || '';
    form.arrow.value = one.arrow;
    form.bearing_deg.value = String(one.bearing_deg);
    leads.fill(form, one.leads);
  },
  stripe: (one, form) => {
    form.colour.value = one.colour;
    leads.fill(form, one.leads);
  },
  anchor: (one, form) => {
    form.code.value = one.code;
    form.bearing_deg.value = typeof one.bearing_deg === 'number' ? String(one.bearing_deg) : '';
    for (const input of form.querySelectorAll('[lang]')) { input.value = one.names[input.name] || ''; }
  },
};

/** A sign or a line is said anew as a whole. */
const again = (one) => ({ ...(one.id === NEW ? {} : { id: one.id }), leads: one.leads.map(({ id }) => id),
  ...(one.course ? { do: 'add-stripe', colour: one.colour, course: one.course }
    : { do: 'add-board', text: one.text, arrow: one.arrow, point: one.point, bearing_deg: one.bearing_deg }) });

const degreesIn = (form) => ((Number(form.bearing_deg.value) % 360) + 360) % 360;

/** What the forms do. */
export const save = {
  board: function (form, end) {
    const to = leads.said(form), one = thing(now.things[0]);
    const is = { ...one, text: form.text.value.trim(), arrow: form.arrow.value, bearing_deg: degreesIn(form) };
    if (to.length) { store(again({ ...is, leads: to.map((id) => ({ id })) }), end); }
  },
  stripe: function (form, end) {
    const to = leads.said(form), one = thing(now.things[0]);
    if (to.length) { store(again({ ...one, colour: form.colour.value, leads: to.map((id) => ({ id })) }), end); }
  },
  anchor: function (form, end) {
    const one = thing(now.things[0]), code = form.code.value.trim(), names = {};
    for (const input of form.querySelectorAll('[lang]')) {
      if (input.value.trim()) { names[input.name] = input.value.trim(); }
    }
    const is = { ...(code !== one.code ? { code } : {}),
      ...(form.bearing_deg.value !== '' ? { bearing_deg: degreesIn(form) } : {}) };
    const changes = [...(Object.keys(is).length ? [{ do: 'set-anchor', id: one.id, ...is }] : []),
      ...(Object.keys(names).some((tag) => names[tag] !== one.names[tag]) ? [{ do: 'rename', id: one.id, names }] : [])];
    if (changes.length) { draw(changes, end); }
  },
};
/** A new one is gone once it is stored: what is shown then has an id. */
const store = (change, end) => draw([change], function (state) {
  drop();
  end(state);
});

/** @param {any} one that is moved or turned */
const change = function (one) {
  set(one);
  if (one.id === NEW) { return; }
  if (one.text === undefined) {
    draw([{ do: 'set-anchor', id: one.id, point: one.point,
      ...(typeof one.bearing_deg === 'number' ? { bearing_deg: one.bearing_deg } : {}) }]);
  } else {
    draw([again(one)]);
  }
};
/** @param {string} id @param {number[]} to */
export const move = (id, to) => change({ ...thing(id), point: rounded(to) });
/** @param {string} id @param {number[][]} course */
export const bend = (id, course) => draw([again({ ...thing(id), course })]);

/** What is typed is seen at once. */
const SEEN = {
  board: (form) => ({ text: form.text.value, arrow: form.arrow.value, bearing_deg: degreesIn(form) }),
  anchor: (form) => (form.bearing_deg.value === '' ? {} : { bearing_deg: degreesIn(form) }),
};
for (const name of Object.keys(SEEN)) {
  named(name).addEventListener('input', () => set({ ...thing(now.things[0]), ...SEEN[name](named(name)) }));
}

// ---------------------------------------------------------------- by hand

/** The chosen mark, if it is one that can be dragged. */
const chosen = function () {
  const feature = now.things.length === 1 && shown.get(now.things[0]);
  return feature && feature.get('one').point ? feature.get('one') : null;
};
const isNear = function (event, point) {
  const [x, y] = map.getPixelFromCoordinate(point);
  return Math.hypot(x - event.pixel[0], y - event.pixel[1]) < NEAR_PX;
};
const bearingTo = function (one, [x, y]) {
  const degrees = Math.atan2(x - one.point[0], y - one.point[1]) * 180 / Math.PI;
  return ((Math.round(degrees / WHOLE_DEG) * WHOLE_DEG) + 360) % 360;
};
/** Drag the handle of the chosen mark to turn it, or the mark itself. */
export const dragging = function () {
  /** @type {?(one: any, at: number[]) => any} */
  let how = null, before = null;
  return new ol.interaction.Pointer({
    handleDownEvent: function (event) {
      before = chosen();
      how = !before ? null : isNear(event, tipOf(before, view.getResolution())) ? turned
        : isNear(event, before.point) ? moved : null;
      if (how) { freeze(true); }
      return Boolean(how);
    },
    handleDragEvent: function (event) {
      const one = how(chosen(), event.coordinate);
      set(one);
      named(one.text === undefined ? 'anchor' : 'board').elements.bearing_deg.value = String(one.bearing_deg ?? '');
    },
    handleUpEvent: function () {
      const one = chosen();
      freeze(false);
      if (one && one !== before) { change(one); }
      return false;
    },
  });
};
const turned = (one, at) => ({ ...one, bearing_deg: bearingTo(one, at) });
const moved = (one, at) => ({ ...one, point: rounded(at) });
