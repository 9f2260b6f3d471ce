// The map: what it draws keeps to laws, whatever the level, the view, the theme and the language.

import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import test from 'node:test';
import vm from 'node:vm';
import { fileURLToPath } from 'node:url';
import navkitMap from '../../exporter/runtime/client/map.js';
import { openFolder, withRequired } from './bundle.mjs';
import { canvas, madeUp } from './map-stage.mjs';
import { dice } from './voice-stage.mjs';

const file = fileURLToPath(new URL('../../exporter/runtime/client/map.js', import.meta.url));
const sources = withRequired(file);
const folder = process.env.NAVKIT_BUNDLE;
const skip = folder ? false : 'NAVKIT_BUNDLE names no bundle';
const hospital = folder ? openFolder(folder) : null;

const PHONE = { width: 375, height: 667, ratio: 3 };
const DESK = { width: 1280, height: 800, ratio: 1 };
const { themes } = navkitMap;

const near = (one, other, within) => one.every((value, i) => Math.abs(value - other[i]) < within);
const touch = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
const middle = (box) => [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];

function drawn(scene, view, theme) {
  const sheet = canvas();
  navkitMap.draw(sheet.ctx, scene, view, theme);
  return sheet;
}

/** Views of a scene: all of it, nearer and nearer, and turned. */
function viewsOf(scene) {
  const views = [];
  for (const size of [PHONE, DESK]) {
    for (const rotation of [0, 90, 217]) {
      const whole = navkitMap.fit(scene.bounds, Object.assign({ rotation }, size), 20);
      for (const factor of [1, 2, 5, 12]) {
        views.push(navkitMap.zoomed(whole, factor, [size.width / 3, size.height / 2]));
      }
    }
  }
  return views;
}

/** Scenes of the example with a route through three buildings, and of the made-up level. */
function* scenes() {
  const big = madeUp(8, 12);
  yield navkitMap.scene(big, 0, {
    language: 'en', route: big.route, step: { first: 2, last: 5 }, closed: ['d3', 's7', 'p5'],
    position: { level: 0, x: 8, y: 7, heading_deg: 90 },
  });
  if (!hospital) return;
  const route = hospital.route('A104', 'w-geri', { profile: 'elderly' });
  for (const language of hospital.languages) {
    const told = hospital.tell(route, language);
    for (const step of told.instructions) {
      yield navkitMap.scene(hospital, step.level, { language, route, step });
    }
  }
  for (let level = 0; level < hospital.levels.length; level++) {
    yield navkitMap.scene(hospital, level, { language: hospital.languages[level % 2] });
  }
}

// ------------------------------------------------------------------------ laws

test('drawing uses what every canvas has, finite numbers, and leaves no state behind', () => {
  for (const scene of scenes()) {
    for (const view of viewsOf(scene).slice(0, 8)) {
      for (const theme of Object.values(themes)) {
        const { calls, depth } = drawn(scene, view, theme);
        const numbers = [].concat(...calls.map((call) => call.slice(1)))
          .filter((value) => typeof value === 'number');

        assert.strictEqual(depth, 0);
        assert.ok(calls.length > 20);
        assert.ok(numbers.every(Number.isFinite));
      }
    }
  }
});

test('letters never lie over letters, and are never turned', () => {
  let count = 0;
  for (const scene of scenes()) {
    for (const view of viewsOf(scene)) {
      const { texts, calls } = drawn(scene, view, count % 2 ? themes.normal : themes.strong);
      count += texts.length;
      texts.forEach((one, i) => texts.slice(i + 1).forEach((other) => {
        assert.ok(!touch(one.box, other.box), `${one.text} over ${other.text}`);
      }));

      assert.ok(texts.every((one) => one.align === 'center'));
      assert.ok(calls.filter(([name]) => name === 'setTransform')
        .every(([, a, b, c, d]) => a > 0 && b === 0 && c === 0 && d === a));
    }
  }
  assert.ok(count > 500, String(count));
});

test('names lie over neither icons nor markers nor the route', () => {
  for (const scene of scenes()) {
    for (const view of viewsOf(scene)) {
      drawn(scene, view, themes.normal);
      const plates = scene.drawn.filter((one) => one.plate);
      const shapes = [].concat(...scene.drawn.map((one) => [one.box, one.icon].filter(Boolean)));
      const along = [].concat(...scene.lines.now.map((line) => line.map(
        (at) => navkitMap.toPixels(view, at))));
      for (const { plate, sign } of plates) {
        assert.ok(!shapes.some((box) => touch(box, plate)));
        assert.ok(!sign || !along.some(([x, y]) => touch(plate, [x, y, x, y])));
      }
    }
  }
});

test('what is touched is what was drawn there', () => {
  let total = 0;
  for (const scene of scenes()) {
    let count = 0;
    for (const view of viewsOf(scene)) {
      drawn(scene, view, themes.normal);
      const marks = [].concat(...scene.drawn.filter((one) => one.marker)
        .map((one) => [one.box, one.plate].filter(Boolean)));
      for (const one of scene.drawn) {
        for (const box of [one.box, one.icon, one.plate].filter(Boolean)) {
          const at = middle(box);
          const found = navkitMap.hit(scene, view, at);
          const isCovered = marks.some((mark) => mark !== box &&
            touch(mark, [at[0] - 22, at[1] - 22, at[0] + 22, at[1] + 22]));
          if (isCovered) continue;
          count++;
          if (one.marker) assert.strictEqual(found.marker, one.marker);
          else assert.strictEqual(found.place, one.sign.place);
        }
      }
    }
    assert.ok(count > 100, String(count));
    total += count;
  }
  assert.ok(total > 1000, String(total));
});

test('a drawing is the same twice', () => {
  const scene = () => navkitMap.scene(madeUp(4, 6), 0, { language: 'en' });
  const view = navkitMap.fit(scene().bounds, PHONE, 10);

  assert.deepStrictEqual(drawn(scene(), view, themes.dark).calls,
    drawn(scene(), view, themes.dark).calls);
});

// ----------------------------------------------------------------------- views

test('from metres to pixels and back is where one began, however the map is turned', () => {
  const roll = dice(7);
  for (let k = 0; k < 500; k++) {
    const view = {
      width: 375, height: 667, ratio: 2, x: roll(200) - 100, y: roll(200) - 100,
      scale: 0.5 + roll(60), rotation: roll(360),
    };
    const at = [roll(300) - 150, roll(300) - 150];

    assert.ok(near(navkitMap.toMetres(view, navkitMap.toPixels(view, at)), at, 1e-9));
  }
});

test('north is up, east is right, and turning is clockwise', () => {
  const view = { width: 200, height: 100, ratio: 1, x: 10, y: 20, scale: 5, rotation: 0 };

  assert.deepStrictEqual(navkitMap.toPixels(view, [10, 20]), [100, 50]);
  assert.deepStrictEqual(navkitMap.toPixels(view, [12, 24]), [110, 30]);
  const turned = navkitMap.toPixels(Object.assign({}, view, { rotation: 90 }), [10, 24]);
  assert.ok(near(turned, [120, 50], 1e-9), String(turned));
});

test('what is fitted is seen whole, clear of the edges', () => {
  for (const rotation of [0, 30, 90, 200]) {
    const padding = { left: 10, top: 20, right: 30, bottom: 240 };
    const view = navkitMap.fit([-5, 3, 90, 60], Object.assign({ rotation }, PHONE), padding);
    const corners = [[-5, 3], [90, 3], [90, 60], [-5, 60]].map((at) => navkitMap.toPixels(view, at));

    for (const [x, y] of corners) {
      assert.ok(x > 9.99 && x < 345.01 && y > 19.99 && y < 427.01, `${rotation}: ${x} ${y}`);
    }
  }
});

test('zooming keeps what is under the finger', () => {
  const view = navkitMap.fit([0, 0, 100, 80], PHONE, 20);
  const nearer = navkitMap.zoomed(view, 2.5, [200, 320]);

  assert.ok(near(navkitMap.toMetres(nearer, [200, 320]), navkitMap.toMetres(view, [200, 320]), 1e-9));
  assert.strictEqual(nearer.scale, 2.5 * view.scale);
});

test('panning moves the map with the finger', () => {
  const view = navkitMap.zoomed(navkitMap.fit([0, 0, 100, 80], PHONE, 20), 6, [187, 333]);
  const moved = navkitMap.panned(view, 30, -12);

  assert.ok(near(navkitMap.toMetres(moved, [130, 88]), navkitMap.toMetres(view, [100, 100]), 1e-9));
});

test('no fingers lose the building', () => {
  const roll = dice(11);
  const bounds = [0, 0, 100, 80];
  let view = navkitMap.fit(bounds, Object.assign({ rotation: 40 }, PHONE), { bottom: 240 });
  for (let k = 0; k < 2000; k++) {
    view = roll(2) ? navkitMap.panned(view, roll(2000) - 1000, roll(2000) - 1000)
      : navkitMap.zoomed(view, [0.2, 0.7, 1.5, 4][roll(4)], [roll(375), roll(667)]);
    const at = navkitMap.toMetres(view, [187.5, 213.5]);

    assert.ok(at[0] > -1e-6 && at[0] < 100 + 1e-6 && at[1] > -1e-6 && at[1] < 80 + 1e-6);
    assert.ok(view.scale <= 80 && view.scale * 100 > 100);
  }
});

test('a step is shown whole and near, and a short one with what is around', () => {
  const whole = navkitMap.fit([0, 0, 300, 200], PHONE, { left: 10, top: 10, right: 10, bottom: 200 });
  const long = [[20, 20], [60, 20], [60, 50]];
  const view = navkitMap.follow(whole, long);

  for (const at of long) {
    const [x, y] = navkitMap.toPixels(view, at);
    assert.ok(x > 9.9 && x < 365.1 && y > 9.9 && y < 467.1);
  }
  assert.ok(view.scale > 2 * whole.scale);
  assert.ok(navkitMap.follow(whole, [[20, 20], [20.5, 20]]).scale <= 20);
  assert.strictEqual(navkitMap.follow(whole, []), whole);
});

// ---------------------------------------------------------------------- routes

/** How far a point is from a line of points. */
function off(at, line) {
  let least = Infinity;
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [line[i - 1], line[i]];
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    const part = Math.min(1, Math.max(0,
      ((at[0] - a[0]) * dx + (at[1] - a[1]) * dy) / (dx * dx + dy * dy || 1)));
    least = Math.min(least, Math.hypot(at[0] - a[0] - part * dx, at[1] - a[1] - part * dy));
  }
  return least;
}

/** Whether a point lies within a ring. */
function inside([x, y], ring) {
  return ring.reduce((within, a, i) => {
    const b = ring[(i + 1) % ring.length];
    const crosses = (a[1] > y) !== (b[1] > y) &&
      x < a[0] + ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]);
    return crosses ? !within : within;
  }, false);
}

/** Trips through the example: by lift, stairs and bridge, with nothing in their way. */
function trips() {
  return [['A104', 'w-geri', 'elderly'], ['A101', 'category:pharmacy', 'walk'],
    ['yj-1F-D-er', 'w-geri', 'wheelchair'], ['A101', 'w-geri', 'walk']]
    .map(([start, goal, profile]) => hospital.route(start, goal, { profile }));
}

test('the line on each level is the path that Python draws', { skip }, () => {
  for (const route of trips()) {
    const told = hospital.tell(route, 'en');
    for (const { level, points } of hospital.answer(route, told).path) {
      const number = hospital.levels.findIndex((one) => one.id === level);
      const { lines } = navkitMap.scene(hospital, number, { language: 'en', route });
      const line = lines.now.find((one) => off(points[0], one) < 0.01);

      assert.ok(points.every((at) => off(at, line) < 0.011));
      assert.ok(line.every((at) => off(at, points) < 0.011));
      assert.deepStrictEqual([line[0], line[line.length - 1]], [points[0], points[points.length - 1]]);
    }
  }
});

test('the line on a level stays within its spaces', { skip }, () => {
  for (const route of trips()) {
    hospital.levels.forEach((_, number) => {
      const { lines, ground } = navkitMap.scene(hospital, number, { language: 'en', route });
      for (const line of lines.now) {
        for (let i = 1; i < line.length; i++) {
          for (let part = 0; part <= 1; part += 0.02) {
            const at = [0, 1].map((k) => line[i - 1][k] + (line[i][k] - line[i - 1][k]) * part);
            const isIn = ground.spaces.some(({ kind, rings }) => kind !== 'closed' &&
              (inside(at, rings[0]) || off(at, rings[0].concat([rings[0][0]])) < 0.02));

            assert.ok(isIn, `${ground.label} ${at}`);
          }
        }
      }
    });
  }
});

test('steps on a level make up its line: walked, now, next', { skip }, () => {
  const length = (lines) => lines.reduce((sum, line) => sum + line.slice(1).reduce(
    (all, at, i) => all + Math.hypot(at[0] - line[i][0], at[1] - line[i][1]), 0), 0);
  for (const route of trips()) {
    const levels = new Set(route.nodes.map((node) => hospital.at(node).level));
    for (const step of hospital.tell(route, 'en').instructions) {
      for (const level of levels) {
        const whole = navkitMap.scene(hospital, level, { language: 'en', route });
        const { lines } = navkitMap.scene(hospital, level, { language: 'en', route, step });
        const sum = length(lines.walked) + length(lines.now) + length(lines.next);

        assert.ok(Math.abs(sum - length(whole.lines.now)) < 0.1);
      }
    }
  }
});

test('every step has points to follow on its level, be it only the lift', { skip }, () => {
  for (const route of trips()) {
    for (const step of hospital.tell(route, 'en').instructions) {
      const scene = navkitMap.scene(hospital, step.level, { language: 'en', route, step });

      assert.ok(scene.step.length >= 1, step.text);
    }
  }
});

test('walked, now and next differ without colour', () => {
  const big = madeUp(4, 12);
  const scene = navkitMap.scene(big, 0, { language: 'en', route: big.route, step: { first: 3, last: 7 } });
  const view = navkitMap.fit(scene.bounds, DESK, 20);
  const { calls } = drawn(scene, view, themes.normal);
  const paints = ['walked', 'route', 'next'].map((name) => themes.normal.paints[name]);
  const looks = calls.filter(([name, colour]) => name === 'line' && paints.includes(colour))
    .map(([, , width, dashes]) => `${width} ${dashes}`);

  assert.strictEqual(new Set(looks).size, 3, looks.join(' | '));
});

test('a change of level is said by the caller and can be touched with a finger', () => {
  const big = madeUp(4, 12);
  const scene = navkitMap.scene(big, 0, {
    language: 'en', route: big.route, changeText: ({ way, label }) => `${way}>${label}`,
  });
  const view = navkitMap.fit(scene.bounds, PHONE, 20);
  const { texts } = drawn(scene, view, themes.normal);
  const [x, y] = navkitMap.toPixels(view, scene.markers.find((one) => one.kind === 'change').at);
  const far = 10 + 22 / Math.SQRT2 - 1;

  assert.ok(texts.some((one) => one.text === 'up>2F'));
  const { marker } = navkitMap.hit(scene, view, [x + far, y + far]);
  assert.deepStrictEqual([marker.kind, marker.level, marker.by, marker.way, marker.onward],
    ['change', 1, 'elevator', 'up', true]);
});

test('one comes to a level from another, and arrives', () => {
  const big = madeUp(4, 12);
  const scene = navkitMap.scene(big, 1, { language: 'en', route: big.route });
  const kinds = scene.markers.map((one) => [one.kind, one.text]);

  assert.deepStrictEqual(kinds, [['goal', 'Code'], ['change', '1F']]);
  assert.strictEqual(scene.markers[1].onward, false);
  assert.strictEqual(scene.lines.now.length, 1, 'nothing of the other floor');
});

test('what is closed is marked: a room, a door, a lift', () => {
  const big = madeUp(4, 12);
  const lift = big.placeIds[big.placeIds.length - 1];
  const { markers } = navkitMap.scene(big, 0, { language: 'en', closed: ['d3', 's7', lift, 'none'] });

  assert.deepStrictEqual(markers.map((one) => [one.kind, one.id, one.text]), [
    ['closed', 's7', 'Consulting Room 7'], ['closed', lift, 'Lift 1'], ['closed', 'd3', ''],
  ]);
});

// ---------------------------------------------------------------------- labels

test('nearer there are more names, and the numbers on the doors', () => {
  const scene = navkitMap.scene(madeUp(4, 12), 0, { language: 'en' });
  const whole = navkitMap.fit(scene.bounds, PHONE, 10);
  const counts = [5, 10, 25].map((scale) => {
    const view = Object.assign({}, whole, { scale, x: 24, y: 7 });
    const { texts } = drawn(scene, view, themes.normal);
    const seen = scene.ground.signs.map((sign) => navkitMap.toPixels(view, sign.at))
      .filter(([x, y]) => x > 0 && x < 375 && y > 0 && y < 667).length;
    const named = scene.drawn.filter((one) => one.lines.length && !/^\d+$/.test(one.lines[0])).length;
    return [named / seen, texts.filter((one) => /^\d{3}$/.test(one.text)).length];
  });

  assert.ok(counts[0][0] < counts[1][0] && counts[1][0] < counts[2][0], String(counts));
  assert.ok(counts[0][1] === 0 && counts[2][1] > 5, String(counts));
});

test('the goal is named at every scale, lifts and stairs have their icons', () => {
  const big = madeUp(8, 12);
  for (const view of viewsOf(navkitMap.scene(big, 0, { language: 'en' }))) {
    const scene = navkitMap.scene(big, 0, { language: 'en', goal: 17 });
    drawn(scene, Object.assign({}, view, { x: 22, y: 12 }), themes.normal);
    const goal = scene.drawn.find((one) => one.marker);

    assert.strictEqual(goal.lines.join(' '), 'Consulting Room 5');
  }
  const scene = navkitMap.scene(big, 0, { language: 'en' });
  drawn(scene, navkitMap.fit(scene.bounds, PHONE, 20), themes.normal);
  assert.ok(scene.drawn.some((one) => one.sign.icon === 'elevator'));
});

test('a name breaks between words and characters, brackets stay with what they enclose', () => {
  const text = '\u6025\u8bca\u79d1\uff082F\uff09CT \u5ba4';
  const scene = navkitMap.scene(Object.assign(madeUp(1, 1), {
    place: () => ({ place: 0, id: 'p0', name: text, ref: '', category: '', access: 'public',
      spaces: [0], nodes: [] }),
  }), 0, { language: 'en' });
  const lines = new Set();
  for (let scale = 4; scale < 40; scale++) {
    const view = Object.assign(navkitMap.fit(scene.bounds, PHONE, 20), { scale, x: 2, y: 3 });
    drawn(scene, view, themes.normal).texts.forEach((one) => lines.add(one.text));
  }

  assert.ok(lines.has(text));
  assert.ok(lines.size > 2);
  for (const line of lines) assert.doesNotMatch(line, /^\uff09|\uff08$|^.$/, line);
});

test('nobody is called by an icon to where visitors do not go', () => {
  const big = madeUp(2, 9);
  const scene = navkitMap.scene(Object.assign({}, big, {
    place: (i) => Object.assign({}, big.place(i), { access: 'staff' }),
  }), 0, { language: 'en' });

  assert.ok(scene.ground.signs.every((sign) => sign.icon === '' && sign.quiet));
});

// ---------------------------------------------------------------------- touch

test('touching a room finds the room, empty ground nothing', () => {
  const scene = navkitMap.scene(madeUp(4, 12), 0, { language: 'en' });
  const view = Object.assign(navkitMap.fit(scene.bounds, PHONE, 10), { scale: 10, x: 10, y: 10 });
  drawn(scene, view, themes.normal);
  const at = (metres) => navkitMap.hit(scene, view, navkitMap.toPixels(view, metres));

  assert.deepStrictEqual([at([2, 5.8]).place, at([2, 5.8]).space], [0, 0]);
  assert.deepStrictEqual(Object.keys(at([9, 7.5])), ['space', 'at']);
  assert.strictEqual(at([-1.5, 3]).place, 0);
  assert.strictEqual(at([-3, 3]), null);
});

// ---------------------------------------------------------------------- themes

function luminance(colour) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const FLOORS = ['page', 'room', 'staff', 'corridor', 'hall', 'stairs', 'elevator', 'escalator', 'ramp',
  'outdoor', 'path', 'goalRoom', 'halo'];

for (const [name, { paints }] of Object.entries(themes)) {
  test(`${name}: letters and routes can be told from every floor`, () => {
    for (const floor of FLOORS) {
      for (const ink of ['ink', 'quiet']) {
        assert.ok(contrast(paints[ink], paints[floor]) >= 4.5, `${ink} on ${floor}`);
      }
      for (const line of ['route', 'next', 'walked', 'goal', 'shaft', 'urgent', 'way']) {
        const found = contrast(paints[line], paints[floor]);
        assert.ok(found >= 3, `${line} on ${floor}: ${found}`);
      }
    }
    for (const badge of ['shaft', 'facility', 'urgent', 'way']) {
      assert.ok(contrast(paints.onSign, paints[badge]) >= 4.5, badge);
    }
    assert.ok(contrast(paints.shaft, paints.mark) >= 4.5);
    assert.ok(contrast(paints.turn, paints.turnEdge) >= 4.5);
    for (const line of ['route', 'next']) {
      assert.ok(contrast(paints[line], paints.routeArrow) >= 3, line);
    }
  });
}

test('the strong theme has larger letters and a thicker route', () => {
  assert.ok(themes.strong.letter_px >= 1.4 * themes.normal.letter_px);
  assert.ok(themes.strong.route_px >= 1.4 * themes.normal.route_px);
});

// -------------------------------------------------------------------- platform

test('it draws in a sandbox without eval, and makes a global for each of its parts', () => {
  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } });
  vm.runInContext(`
    delete globalThis.Intl; delete globalThis.WebAssembly; delete globalThis.BigInt;
    delete Array.prototype.flat; delete Array.prototype.flatMap; delete Array.prototype.at;
    delete Object.fromEntries; delete String.prototype.matchAll; delete String.prototype.replaceAll;
    Date.now = () => { throw new Error('the clock is the client\\'s'); };
    Math.random = () => { throw new Error('nothing is left to chance'); };
    delete globalThis.globalThis;
  `, context);
  for (const [filename, source] of sources) vm.runInContext(source, context, { filename });
  const parts = [
    'Look', 'Geometry', 'Lens', 'Outlook', 'Ahead', 'Scene', 'Layout', 'Draw', 'Stack', 'StackDraw',
  ];
  assert.deepStrictEqual(
    Object.keys(context), [...parts.map((part) => `navkitMap${part}`), 'navkitMap']);
  const sheet = canvas();
  Object.assign(context, { ctx: sheet.ctx, bundle: madeUp(4, 12) });

  vm.runInContext(`
    const scene = navkitMap.scene(bundle, 0, { language: 'en', route: bundle.route });
    const view = navkitMap.fit(scene.bounds, { width: 375, height: 667, ratio: 2 }, 20);
    navkitMap.draw(ctx, scene, navkitMap.follow(view, scene.step), navkitMap.themes.dark);
    navkitMap.hit(scene, view, [180, 300]);
  `, context);

  assert.ok(sheet.texts.length > 0);
});

test('the syntax is ES2017, without platform names or words of any language', () => {
  const check = `
    const acorn = require('internal/deps/acorn/acorn/dist/acorn');
    for (const file of process.argv.slice(1)) {
      acorn.parse(require('fs').readFileSync(file, 'utf8'), { ecmaVersion: 2017 });
    }
  `;
  execFileSync(process.execPath, ['--expose-internals', '-e', check, ...sources.keys()]);
  const source = [...sources.values()].join('\n');
  const code = source.replace(/\/\*[^]*?\*\/|\/\/.*/g, '').replace(/require\('\.\//g, '');
  const foreign = ['eval', 'Function', 'require', 'process', 'window', 'document', 'wx', 'console',
    'setTimeout', 'requestAnimationFrame', 'Path2D', 'OffscreenCanvas', 'roundRect', 'filter:', 'Intl'];

  assert.deepStrictEqual(code.match(/[A-Za-z_$][\w$]*/g).filter((w) => foreign.includes(w)), []);
  assert.doesNotMatch(source, /[\u2e80-\ud7ff\uff00-\uffef]/);
});

test('without a compiler a level of 500 rooms is prepared in no time', (t) => {
  const script = fileURLToPath(new URL('map-timing.mjs', import.meta.url));
  const runs = [[]].concat(folder ? [[folder]] : []);
  for (const words of runs) {
    const text = execFileSync(process.execPath, ['--jitless', script, ...words],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

    t.diagnostic('figure: map without a compiler, ms: ' + text.trim());

    // Machines are shared: three times what is aimed at.
    assert.ok(JSON.parse(text).prepare < 300, text);
  }
});
