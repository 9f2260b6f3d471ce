// What a phone shows of a category that it was not shipped with, of the bundle that test_rows.py makes.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { openFolder } from './bundle.mjs';
import { canvas } from './map-stage.mjs';

const require = createRequire(import.meta.url);
const navkitApp = require('../../exporter/runtime/client/app.js');
const navkitMap = require('../../exporter/runtime/client/map.js');

const bundle = openFolder(process.argv[2]);
const words = JSON.parse(fs.readFileSync(`${process.argv[2]}/../words.json`, 'utf8'));
const keep = { get: () => null, set: () => {} };
const app = navkitApp.create({
  bundle, words, keep, phone: ['en'], now: () => '2026-03-02T09:30',
});
const scene = navkitMap.scene(bundle, 0, { language: 'en' });
const sign = scene.ground.signs.find((one) => one.icon === 'scissors');
const lines = (icons) => {
  const drawn = canvas();
  const view = navkitMap.fit(scene.bounds, { width: 800, height: 600, ratio: 1 }, 20);
  navkitMap.draw(drawn.ctx, { ...scene, icons }, view, navkitMap.themes.normal);
  return drawn.calls.filter((call) => call[0] === 'line').length;
};

process.stdout.write(JSON.stringify({
  chip: app.view().find.chips.find((one) => one.id === 'hairdresser'),
  found: bundle.search('理发室').map((one) => one.id),
  asked: bundle.find('category:hairdresser').places.map((place) => bundle.placeIds[place]),
  sign: sign && { icon: sign.icon, rank: sign.rank, badge: sign.badge },
  strokes: lines(scene.icons) - lines({ ...scene.icons, scissors: undefined }),
}));
