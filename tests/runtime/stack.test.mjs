// The floors of a venue above each other: where they are on a screen, and what is touched there.

import assert from 'node:assert';
import process from 'node:process';
import test from 'node:test';
import navkitMap from '../../exporter/runtime/client/map.js';
import { openFolder } from './bundle.mjs';
import { canvas } from './map-stage.mjs';

const { stack } = navkitMap;
const folder = process.env.NAVKIT_BUNDLE;
const skip = folder ? false : 'NAVKIT_BUNDLE names no bundle';
const hospital = folder ? openFolder(folder) : null;

const PADDING = { left: 20, right: 20, top: 40, bottom: 30 };
const SIZES = [[320, 180], [375, 280], [1280, 800], [300, 900]];

/** The whole hospital and a route through its three buildings, on several screens and turned. */
function* seen() {
  const route = hospital.route('A104', 'w-geri', { profile: 'elderly' });
  for (const options of [{ level: 3 }, { level: 3, route }]) {
    const pile = stack.stack(hospital, options);
    for (const [width, height] of SIZES) {
      for (const [deg, tilt] of [[0, 0], [75, 0.3], [-140, -0.3], [190, 0]]) {
        const pose = stack.turned(stack.POSE, deg, tilt);
        yield { pile, view: stack.placed(pile, pose, { width, height, ratio: 2 }, PADDING) };
      }
    }
  }
}

test('every floor is inside the free part of the screen', { skip }, () => {
  for (const { pile, view } of seen()) {
    for (const plate of pile.plates) {
      for (const at of plate.hull) {
        const [x, y] = stack.onScreen(view.planes[plate.plane], at);
        assert.ok(x > PADDING.left - 0.01 && x < view.width - PADDING.right + 0.01);
        assert.ok(y > PADDING.top - 0.01 && y < view.height - PADDING.bottom + 0.01);
      }
    }
  }
});

test('what is on the screen leads back to where it is on its floor', { skip }, () => {
  for (const { view } of seen()) {
    for (const by of view.planes) {
      const [x, y] = stack.onPlane(by, stack.onScreen(by, [12.5, -7]));
      assert.ok(Math.abs(x - 12.5) < 1e-6 && Math.abs(y + 7) < 1e-6);
    }
  }
});

test('a higher floor is higher on the screen and hides the one below', { skip }, () => {
  for (const { pile, view } of seen()) {
    const heights = view.planes.map((by) => stack.onScreen(by, [0, 0])[1]);
    heights.slice(1).forEach((y, plane) => assert.ok(y < heights[plane]));
    for (const plate of pile.plates) {
      const [ring] = plate.rooms;
      if (!ring) continue;
      const middle = [0, 1].map((i) => ring.reduce((sum, at) => sum + at[i], 0) / ring.length);
      const pixel = stack.onScreen(view.planes[plate.plane], middle);
      const level = stack.levelAt(pile, view, pixel);
      const found = pile.plates.find((one) => one.level === level);
      assert.ok(found.plane >= plate.plane);
    }
    assert.strictEqual(stack.levelAt(pile, view, [1, 1]), -1);
  }
});

test('both sides of a bridge are equally high, whatever their floors are called', { skip }, () => {
  const route = hospital.route('A104', 'w-geri', { profile: 'elderly' });
  const { parts } = stack.stack(hospital, { level: 0, route });
  const bridges = parts.slice(1).map((part, i) => [parts[i], part])
    .filter(([before]) => before.by === '');

  assert.ok(bridges.length > 0);
  bridges.forEach(([before, after]) => assert.strictEqual(before.plane, after.plane));
});

test('a stack is drawn with finite numbers, and each floor of a route is named', { skip }, () => {
  for (const { pile, view } of seen()) {
    const sheet = canvas();
    const names = new Set();
    for (const theme of Object.values(navkitMap.themes)) {
      stack.draw(sheet.ctx, pile, view, theme, (level) => {
        names.add(level);
        return hospital.levels[level].label;
      });
    }
    assert.deepStrictEqual(names, new Set(pile.plates.map((one) => one.level)));
  }
});
