// A canvas that writes down what is drawn onto it, and a made-up level of many rooms.

import rules from '../../exporter/runtime/core/rules.js';

/** Everything that both a page's and WeChat's 2D context have and the map may use. */
const METHODS = [
  'save', 'restore', 'setTransform', 'fillRect', 'beginPath', 'closePath', 'moveTo', 'lineTo',
  'arc', 'arcTo', 'fill', 'stroke', 'fillText', 'strokeText', 'measureText', 'setLineDash',
];
const MEMBERS = [
  'fillStyle', 'strokeStyle', 'lineWidth', 'lineJoin', 'lineCap', 'font', 'textAlign',
  'textBaseline',
];

const EM = /([\d.]+)px/;

/** Width of a text as fonts have it, about: Han characters an em, others a little over half. */
export function widthOf(text, font) {
  const em = Number(EM.exec(font)[1]);
  return Array.from(text).reduce((sum, c) => sum + (c > '\u2e80' ? 1 : 0.56) * em, 0);
}

/** A 2D context that throws at what it does not know. `calls` are `[name, …arguments]`; texts
 * are in `texts`, with the box that they take; `depth` is 0 where every save was restored. */
export function canvas() {
  const state = { calls: [], texts: [], depth: 0, font: '', dashes: [] };
  const members = {};
  const act = {
    save: () => { state.depth++; },
    restore: () => { state.depth--; },
    measureText: (text) => ({ width: widthOf(text, members.font) }),
    setLineDash: (dashes) => { state.dashes = dashes; },
    fillText: (text, x, y) => {
      const em = Number(EM.exec(members.font)[1]);
      const half = widthOf(text, members.font) / 2;
      state.texts.push({ text, font: members.font, align: members.textAlign,
        box: [x - half, y - 0.8 * em, x + half, y + 0.15 * em] });
    },
    stroke: () => {
      state.calls.push(['line', members.strokeStyle, members.lineWidth, state.dashes]);
    },
  };
  state.ctx = new Proxy({}, {
    get(_, name) {
      if (MEMBERS.includes(name)) return members[name];
      if (!METHODS.includes(name)) throw new Error(`${String(name)} is not on every canvas`);
      return (...given) => {
        state.calls.push([name, ...given]);
        return act[name] ? act[name](...given) : undefined;
      };
    },
    set(_, name, value) {
      if (!MEMBERS.includes(name)) throw new Error(`${String(name)} is not on every canvas`);
      members[name] = value;
      state.calls.push(['set', name, value]);
      return true;
    },
  });
  return state;
}

const ROOM_M = [4, 6];
const CORRIDOR_M = 3;

/** A bundle of two levels; the first has `rows` times `columns` rooms on corridors, and a lift
 * at the end of the first corridor. A route goes along that corridor and up. */
export function madeUp(rows, columns) {
  const spaces = [];
  const doors = [];
  const places = [];
  const [wide, deep] = ROOM_M;
  const add = (kind, left, bottom, right, top) => spaces.push({
    space: spaces.length, id: `s${spaces.length}`, kind, access: 'public',
    rings: [[[left, bottom], [right, bottom], [right, top], [left, top]]],
  });
  const name = (category, text, ref) => {
    const space = spaces[spaces.length - 1];
    places.push({
      place: places.length, id: `p${places.length}`, name: text, ref, category, access: 'public',
      spaces: [space.space], nodes: [],
    });
  };
  for (let row = 0; row < rows; row++) {
    const bottom = Math.floor(row / 2) * (2 * deep + CORRIDOR_M) + (row % 2) * (deep + CORRIDOR_M);
    for (let column = 0; column < columns; column++) {
      add('room', column * wide, bottom, (column + 1) * wide, bottom + deep);
      const number = `${row + 1}${String(column).padStart(2, '0')}`;
      name(column % 9 === 4 ? 'toilet-women' : 'consulting',
        column % 2 ? `Consulting Room ${column}` : '\u5185\u79d1\u8bca\u5ba4', number);
      const at = row % 2 ? bottom : bottom + deep;
      doors.push({ id: `d${doors.length}`, kind: 'hinged', entrance: false,
        line: [[(column + 0.4) * wide, at], [(column + 0.6) * wide, at]] });
    }
    const top = bottom + deep;
    if (row % 2 === 0) add('corridor', 0, top, columns * wide, top + CORRIDOR_M);
  }
  const y = deep + CORRIDOR_M / 2;
  add('elevator', columns * wide, y - 1.5, columns * wide + 3, y + 1.5);
  name('elevator', 'Lift 1', '');
  const lift = spaces[spaces.length - 1].space;
  const nodes = [];
  for (let x = 1; x < columns * wide; x += wide) {
    nodes.push({ level: 0, space: columns, x, y });
  }
  nodes.push({ level: 0, space: lift, x: columns * wide + 1.5, y });
  nodes.push({ level: 1, space: lift + 1, x: columns * wide + 1.5, y });
  nodes.push({ level: 1, space: lift + 2, x: columns * wide + 9, y });
  places[0].nodes.push(0);
  const route = {
    nodes: nodes.map((_, i) => i),
    darts: nodes.slice(1).map((_, i) => i),
    start: { places: [0], anchor: -1 },
    goal: { places: [], anchor: 0 },
  };
  const levels = ['1F', '2F'].map(
    (label, ordinal) => ({ id: label, label, ordinal, building: '' }));
  return {
    route,
    rules: new rules.Rules(),
    levels,
    anchors: [{ names: { en: ['Code', 'Code'] } }],
    placeIds: places.map((place) => place.id),
    level: (number) => Object.assign({ spaces: [], doors: [], paths: [] }, levels[number],
      number ? {} : { spaces, doors }),
    placesOn: (number) => (number ? [] : places.map((place) => place.place)),
    place: (number) => places[number],
    placeNodes: (number) => places[number].nodes,
    placeSpaces: (number) => places[number].spaces,
    at: (node) => nodes[node],
    kindOf: (dart) => (nodes[dart].level === nodes[dart + 1].level ? 'corridor' : 'ride'),
  };
}
