// The page of a place: what is known of it, when it opens, and the ways to it and away.

import assert from 'node:assert';
import { createRequire } from 'node:module';
import process from 'node:process';
import test from 'node:test';
import { openFolder } from './bundle.mjs';

const require = createRequire(import.meta.url);
const navkitApp = require('../../exporter/runtime/client/app.js');
const { hoursOf, stateAt, changeAt, calendarOf, localMinute } = require('../../exporter/runtime/core/hours.js');
const { dialled } = require('../../exporter/runtime/client/app/place.js');
const folder = process.env.NAVKIT_BUNDLE;
const skip = folder ? false : 'NAVKIT_BUNDLE names no bundle';
const bundle = folder ? openFolder(folder) : null;
const words = require('../../examples/miniprogram/runtime/words.js');
const said = words['zh-Hans'];

const MONDAY = '2026-03-02T09:30';

function opened(at = MONDAY, more = {}) {
  const all = new Map();
  const keep = { get: (name) => all.get(name) ?? null, set: (name, text) => all.set(name, text) };
  return navkitApp.create({ bundle, words, keep, now: () => at, ...more });
}

const placeOf = (id) => bundle.placeIds.indexOf(id);

/** What the page of a place says when it has these hours. */
function openWith(hours, at, calendar = null) {
  const app = opened(at);
  const place = placeOf('ortho');
  const real = [bundle.place, bundle._hoursOf, bundle.network.calendar];
  bundle.place = (...some) => ({ ...real[0].apply(bundle, some), hours });
  bundle._hoursOf = () => hoursOf(hours);
  bundle.network.calendar = calendar;
  try {
    app.look(place);
    return app.view().place.open;
  } finally {
    [bundle.place, bundle._hoursOf, bundle.network.calendar] = real;
  }
}

test('the next change of hours is the first minute from which something else holds', () => {
  const calendar = calendarOf({
    from: '2026-01-01', to: '2026-12-31',
    days: { '2026-03-04': 'PH', '2026-03-05': 'off', '2026-03-07': 'Mo', '2026-03-08': '09:00-10:00' },
  });
  const begin = localMinute('2026-03-02');
  for (const text of ['Mo-Fr 08:00-12:00,14:00-17:30; Sa 08:00-12:00; PH off', 'Mo-Su 20:00-02:00',
    'Mo-Fr 08:00-17:00', '00:00-24:00', 'Mo unknown; Tu-Fr 08:00-24:00; PH 10:00-11:00', 'Mo 08:00-08:30']) {
    const hours = hoursOf(text);
    const states = [];
    for (let minute = begin; minute < begin + 10 * 1440; minute++) {
      states.push(JSON.stringify(stateAt(hours, minute, calendar)));
    }
    for (let at = 0; at < 5 * 1440; at += 7) {
      const then = states.findIndex((one, minute) => minute > at && one !== states[at]);
      const change = changeAt(hours, begin + at, calendar);
      if (then >= 0) assert.strictEqual(change && change.minute - begin, then, `${text} ${at}`);
      else assert.ok(!change || change.minute - begin >= states.length, `${text} ${at}`);
    }
  }
  assert.strictEqual(changeAt(null, begin, calendar), null);
});

test('a page says whether it is open, until when, when it opens next, and what nobody knows', { skip }, () => {
  const hours = 'Mo-Fr 08:00-12:00,14:00-17:30; Sa 08:00-12:00';

  assert.strictEqual(openWith(hours, MONDAY), '现在开放，到12:00');
  assert.strictEqual(openWith(hours, '2026-03-02T12:00'), '现在不开放，下次开放：今天 14:00');
  assert.strictEqual(openWith(hours, '2026-03-02T18:00'), '现在不开放，下次开放：明天 08:00');
  assert.strictEqual(openWith(hours, '2026-03-07T12:30'), '现在不开放，下次开放：周一 08:00');
  assert.strictEqual(openWith('Mo-Su 20:00-24:00', '2026-03-02T21:00'), '现在开放，到24:00');
  assert.strictEqual(openWith('Mo-Su 20:00-02:00', '2026-03-02T21:00'), '现在开放，到明天 02:00');
  assert.strictEqual(openWith('off', MONDAY), said.arrived.closed);
  assert.strictEqual(openWith('24/7', MONDAY), said.arrived.open);
  assert.strictEqual(openWith('Mo unknown', MONDAY), said.arrived.unverified);
  assert.strictEqual(openWith('', MONDAY), '');
  const holidays = calendarOf({ from: '2026-01-01', to: '2026-12-31', days: { '2026-03-03': 'off' } });
  assert.strictEqual(
    openWith(hours, '2026-03-02T18:00', holidays), '现在不开放，下次开放：周三 08:00');
  const unsaid = calendarOf({ from: '2026-01-01', to: '2026-12-31', days: { '2026-03-03': 'PH' } });
  assert.strictEqual(openWith(hours, '2026-03-02T18:00', unsaid), said.arrived.closed,
    'nobody knows the hours of that holiday');
});

test('who searches, and who is on the way, is told that a place is closed now and when it opens', { skip }, () => {
  const app = opened('2026-03-02T12:30');
  app.search('骨科');
  const [line] = app.view().find.results;
  assert.match(line.where, /门诊楼 3F · 现在不开放，下次开放：今天 14:00/);

  app.startAtCode('A101');
  app.choose(line.place);
  assert.ok(app.view().route.notices.includes('现在不开放，下次开放：今天 14:00'));
});

test('from a hit one tap leads to the way, another to the page and back to the hits', { skip }, () => {
  const app = opened();
  app.startAtCode('A101');
  app.search('骨科');
  const [line] = app.view().find.results;
  app.look(line.place);

  const { place, map } = app.view();
  assert.deepStrictEqual([app.screen, app.depth], ['place', 1]);
  assert.strictEqual(place.name, '骨科');
  assert.strictEqual(place.where, '门诊楼 3F');
  assert.strictEqual(place.dial, 'tel:02755501301');
  assert.strictEqual(map.goal, line.place, 'it is marked');
  assert.strictEqual(bundle.levels[map.level].label, '3F');
  app.back();
  assert.deepStrictEqual([app.screen, app.depth], ['find', 0]);
  assert.strictEqual(app.view().find.query, '骨科');

  app.choose(line.place);
  assert.strictEqual(app.screen, 'route');
  app.back();
  app.back();
  assert.strictEqual(app.screen, 'find');
});

test('one goes there from its page, and back through it', { skip }, () => {
  const app = opened();
  app.look(placeOf('ortho'));
  app.choose(app.view().place.place);
  assert.deepStrictEqual([app.screen, app.depth], ['start', 2]);
  app.back();
  assert.deepStrictEqual([app.screen, app.depth], ['place', 1]);
});

test('one starts from a place by its page', { skip }, () => {
  const app = opened();
  app.look(placeOf('ortho'));
  app.startAt(placeOf('ortho'));

  assert.deepStrictEqual([app.screen, app.depth], ['find', 0]);
  assert.match(app.view().find.from, /骨科/);
});

test('a touch of the map shows what it is, and starts nothing', { skip }, () => {
  const app = opened();
  app.pick({ place: placeOf('ortho') }, 0);

  assert.strictEqual(app.screen, 'place');
  assert.strictEqual(app.state.trip.goal, null);
});

test('the page of a place goes to another phone by its link, also by a camera', { skip }, () => {
  const address = 'https://maps.example.org/';
  const app = opened(MONDAY, { address });
  app.look(placeOf('ortho'));
  const link = app.view().place.address;
  assert.ok(link.startsWith(address + '#place='));

  for (const open of [(other) => other.open(link.slice(address.length)), (other) => other.scanned(link)]) {
    const other = opened();
    other.choose(placeOf('rad'));
    open(other);
    assert.strictEqual(other.screen, 'place');
    assert.strictEqual(other.view().place.name, '骨科');
    assert.strictEqual(other.state.trip.goal, null, 'of the other trip nothing is left');
  }
  const lost = opened();
  assert.ok(lost.open('#place=nowhere'));
  assert.deepStrictEqual(lost.view().find.notices.length, 1);
});

test('a page that is open is not resumed as a trip', { skip }, () => {
  const all = new Map();
  const keep = { get: (name) => all.get(name) ?? null, set: (name, text) => all.set(name, text) };
  opened(MONDAY, { keep }).look(placeOf('ortho'));
  const again = opened(MONDAY, { keep });
  again.resume();

  assert.strictEqual(again.screen, 'find');
});

test('of a written number the first one is dialled', () => {
  assert.strictEqual(dialled('027-5550-1301'), 'tel:02755501301');
  assert.strictEqual(dialled('+86 27 5550 1301'), 'tel:+862755501301');
  assert.strictEqual(dialled('027-5550-1301 转 8012'), 'tel:02755501301');
  assert.strictEqual(dialled('120；027-55501301'), 'tel:120');
  assert.strictEqual(dialled('请到窗口'), '');
});

test('every page of a place is plain data', { skip }, () => {
  const app = opened();
  for (let place = 0; place < bundle.placeCount; place += 11) {
    app.look(place);
    const view = app.view().place;
    assert.deepStrictEqual(JSON.parse(JSON.stringify(view)), view);
    assert.ok(view.name || view.facts.length, bundle.placeIds[place]);
    app.back();
  }
});
