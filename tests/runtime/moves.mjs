// moves.mjs BUNDLE < {times, queries}: what a phone without a network finds, shows and is led to at each time.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { openFolder } from './bundle.mjs';

const require = createRequire(import.meta.url);
const navkitApp = require('../../exporter/runtime/client/app.js');
const navkitMap = require('../../exporter/runtime/client/map.js');
const words = require('../../examples/miniprogram/runtime/words.js');
const { times, queries, start, goal } = JSON.parse(fs.readFileSync(0, 'utf8'));
const bundle = openFolder(process.argv[2]);
const kept = new Map();
const keep = { get: (name) => kept.get(name) ?? null, set: (name, text) => kept.set(name, text) };
let clock = times[0];

function opened() {
  const app = navkitApp.create({ bundle, words, keep, now: () => clock });
  app.set('ui', 'en');
  app.set('language', 'en');
  return app;
}

function spotAt(query, at) {
  try {
    return bundle.find(query, at).places.map((place) => bundle.placeIds[place]);
  } catch (error) {
    return error.code;
  }
}

/** The signs on the map of each level. */
function signsNow(app) {
  return bundle.levels.map((_, level) => {
    const { map } = app.view();
    return navkitMap.scene(bundle, level, { language: 'en', goal: -1, closed: [], away: map.away })
      .ground.signs.map((sign) => bundle.placeIds[sign.place]).filter((id) => id.startsWith('derm'));
  });
}

// A phone stays open on the way to the goal while its clock goes on.
const first = opened();
first.startAt(bundle.find(start).places[0]);
first.open('#to=' + goal);
first.go();
first.favourite(first.state.trip.goal.places[0]);

console.log(JSON.stringify(times.map((time) => {
  clock = time;
  first.tick();
  const fresh = opened();
  fresh.search(queries[0]);
  const { find } = fresh.view();
  const route = bundle.route(start, goal, { depart: time });
  return {
    found: find.results.map((one) => [one.name, one.where]),
    favourites: find.favourites.map((one) => [one.name, one.ref]),
    spots: queries.map((query) => spotAt(query, time)),
    nodes: Array.from(route.nodes),
    text: bundle.tell(route, 'en').instructions.map((one) => one.text),
    signs: signsNow(fresh),
    open: {
      goal: bundle.placeIds[first.state.route.goal.places[0]],
      notice: first.view().walk ? first.view().walk.notice : '',
      link: first.link(),
      near: first.isChangeNear,
    },
  };
})));
