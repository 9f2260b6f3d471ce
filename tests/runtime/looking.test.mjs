// Before a trip: the directory, what is asked once, the card for staff, the way from outside.

import assert from 'node:assert';
import { createRequire } from 'node:module';
import process from 'node:process';
import test from 'node:test';
import { openFolder, readJson } from './bundle.mjs';

const require = createRequire(import.meta.url);
const navkitApp = require('../../exporter/runtime/client/app.js');
const { toDegrees, toGcj02 } = require('../../exporter/runtime/client/earth.js');
const folder = process.env.NAVKIT_BUNDLE;
const skip = folder ? false : 'NAVKIT_BUNDLE names no bundle';
const bundle = folder ? openFolder(folder) : null;
const words = require('../../examples/miniprogram/runtime/words.js');
const said = words['zh-Hans'];

function opened(more = {}) {
  const all = new Map();
  const keep = { get: (name) => all.get(name) ?? null, set: (name, text) => all.set(name, text) };
  return navkitApp.create({ bundle, words, keep, now: () => '2026-03-02T09:30', ...more });
}

const placeOf = (id) => bundle.placeIds.indexOf(id);

test('the directory has every department of the hospital once, under its floor', { skip }, () => {
  const app = opened();
  app.browse();

  const { browse } = app.view();
  const rows = browse.groups.flatMap((group) => group.places.map((one) => [group.name, one.name]));
  const names = rows.map(([, name]) => name);
  const numbers = browse.groups.flatMap((group) => group.places.map((one) => one.place));
  assert.strictEqual(new Set(numbers).size, numbers.length);
  for (const name of ['骨科', '放射科', '急诊科', '门诊药房']) assert.ok(names.includes(name), name);
  assert.ok(rows.some((row) => String(row) === '门诊楼 3F,骨科'));
  assert.ok(!names.some((name) => /\d诊室|卫生间|电梯/.test(name)));
});

test('a floor has all its places for visitors once, departments first', { skip }, () => {
  const app = opened();
  app.browse('floor');
  for (let level = 0; level < bundle.levels.length; level++) {
    app.showLevel(level);
    const { groups } = app.view().browse;
    const shown = groups.flatMap((group) => group.places.map((one) => one.place)).sort((a, b) => a - b);
    const away = bundle.away('2026-03-02T09:30');
    const meant = bundle.placesOn(level).filter((place) => bundle.placeIsPublic(place)
      && bundle.placeNodes(place).length && !away.includes(place) && bundle.levelsOf(place).includes(level));
    assert.deepStrictEqual(shown, meant.sort((a, b) => a - b), bundle.levels[level].id);
  }
});

test('the directory says what this map has not', { skip }, () => {
  const app = opened();
  app.browse();

  const { none } = app.view().browse;
  assert.match(none, /停车场/);
  assert.ok(!none.includes(said.categories.toilet));
});

test('from the directory one looks at a place, goes on, and comes back the same way', { skip }, () => {
  const app = opened();
  app.browse();
  app.browse('floor');
  app.look(placeOf('ortho'));
  assert.strictEqual(app.depth, 2);
  app.back();
  assert.deepStrictEqual([app.screen, app.view().browse.by, app.depth], ['browse', 'floor', 1]);
  app.choose(placeOf('ortho'));
  app.back();
  assert.strictEqual(app.screen, 'browse');
  app.back();
  assert.deepStrictEqual([app.screen, app.depth], ['find', 0]);
});

test('how somebody walks is asked once, on a phone of their own', { skip }, () => {
  const app = opened();
  const ids = app.view().needs.map((one) => one.id);
  assert.deepStrictEqual(ids, ['elderly', 'wheelchair', 'stroller', 'low-vision']);
  app.answerNeed('wheelchair');
  assert.strictEqual(app.view().needs, null);
  assert.strictEqual(app.view().settings.profile, 'wheelchair');
  const other = opened();
  other.answerNeed('');
  assert.deepStrictEqual([other.view().needs, other.view().settings.profile], [null, 'walk']);
  assert.strictEqual(opened({ isShared: true }).view().needs, null, 'nobody is asked at a kiosk');
});

test('the large view comes with a profile and goes with it, unless somebody chose it', { skip }, () => {
  const app = opened();
  for (const profile of ['elderly', 'low-vision']) {
    app.set('profile', profile);
    assert.strictEqual(app.view().settings.elder, true);
    app.set('profile', 'walk');
    assert.strictEqual(app.view().settings.elder, false);
  }
  app.set('elder', true);
  app.set('profile', 'elderly');
  app.set('profile', 'walk');
  assert.strictEqual(app.view().settings.elder, true);
});

test('the card for staff is in the hospital\'s language first, then in the reader\'s', { skip }, () => {
  const app = opened();
  app.set('ui', 'en');
  const lost = app.card();
  assert.deepStrictEqual(lost.map((one) => one.language), ['zh-Hans', 'en']);
  assert.deepStrictEqual(lost.map((one) => one.wish), [said.card.lost, words.en.card.lost]);

  app.look(placeOf('ortho'));
  const [own, theirs] = app.card();
  assert.deepStrictEqual([own.wish, own.name, own.where], [said.card.wish, '骨科', '门诊楼 3F']);
  assert.strictEqual(theirs.name, 'Orthopaedics');

  app.startAt(placeOf('rad'));
  app.nearest('toilet');
  assert.deepStrictEqual(app.card().map((one) => one.name),
    [said.categories.toilet, words.en.categories.toilet]);
  assert.match(app.card()[0].from, /放射科/);
});

const { frames, gcj02 } = readJson(new URL('../conformance/earth.json', import.meta.url));

test('metres become the degrees that pyproj says, to a centimetre', () => {
  for (const { frame, points } of frames) {
    for (const [x, y, lon, lat] of points) {
      const at = toDegrees(frame, [x, y]);
      const north = Math.abs(at.lat - lat) * 111000;
      const east = Math.abs(at.lon - lon) * 111000 * Math.cos(lat * Math.PI / 180);
      assert.ok(Math.hypot(north, east) < 0.01, `${frame.lon} ${x} ${y}: ${north} ${east}`);
    }
  }
});

test('degrees of China are moved as others publish it; elsewhere there are none', () => {
  for (const [lon, lat, toLon, toLat] of gcj02) {
    const at = toGcj02({ lon, lat });
    assert.ok(Math.abs(at.lon - toLon) < 1e-6 && Math.abs(at.lat - toLat) < 1e-6, `${lon} ${lat}`);
  }
  assert.strictEqual(toGcj02({ lon: -0.12, lat: 51.5 }), null);
});

test('maps of the city get the entrance that the goal needs, and never the goal', { skip }, () => {
  const app = opened();
  app.look(placeOf('ortho'));
  assert.strictEqual(app.outside(), null, 'this map does not know where on Earth it is');
  bundle.frame = { lon: 114.3, lat: 30.6 };
  try {
    const told = app.outside();
    const entrances = Array.from({ length: bundle.placeCount }, (_, place) => place)
      .filter((place) => bundle.placeDoor(place) >= 0 && bundle.placeIsPublic(place));
    const spot = (place) => ({ places: [place], anchor: -1 });
    const { profiles, navigator } = bundle;
    const cost = (place) => {
      try {
        return navigator.findRoute(spot(place), spot(placeOf('ortho')), profiles.walk,
          bundle.moment('2026-03-02T09:30', [])).cost_ms;
      } catch (error) { return Infinity; }
    };
    const best = entrances.find((place) => bundle.placeName(place, 'zh-Hans')[0] === told.entrance);
    assert.ok(cost(best) < Infinity);
    assert.deepStrictEqual(told.links.map((link) => link.id), ['amap', 'tencent', 'geo']);
    const { x, y } = bundle.at(bundle.placeNodes(best)[0]);
    const there = toGcj02(toDegrees(bundle.frame, [x, y]));
    assert.ok(told.links[0].url.includes(`to=${there.lon.toFixed(6)},${there.lat.toFixed(6)},`));
    assert.ok(told.links[1].url.includes(`tocoord=${there.lat.toFixed(6)},${there.lon.toFixed(6)}&`));
    assert.match(told.links[2].url, /^geo:30\.\d{6},114\.\d{6}\?q=/);
    for (const { url } of told.links) assert.ok(!decodeURIComponent(url).includes('骨科'));

    const [side] = entrances.filter((place) => place !== best && cost(place) < Infinity);
    app.startAt(side);
    app.choose(placeOf('ortho'));
    assert.strictEqual(app.outside().entrance, bundle.placeName(side, 'zh-Hans')[0],
      'the entrance where the route begins');
    bundle.frame = { lon: 2.3, lat: 48.8 };
    assert.deepStrictEqual(app.outside().links.map((link) => link.id), ['geo']);
  } finally {
    bundle.frame = null;
  }
});
