// summaries.mjs BUNDLE PAIRS: what the screen says of the whole way, in English, between places by id.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { openFolder } from './bundle.mjs';

const require = createRequire(import.meta.url);
const navkitApp = require('../../exporter/runtime/client/app.js');
const bundle = openFolder(process.argv[2]);
const words = JSON.parse(process.env.NAVKIT_WORDS);
const place = new Map(bundle.placeIds.map((id, number) => [id, number]));

const found = JSON.parse(fs.readFileSync(process.argv[3], 'utf8')).map(([start, goal]) => {
  const keep = { get: () => null, set: () => {} };
  const app = navkitApp.create({ bundle, words, keep, now: () => '2026-03-02T09:30', phone: ['en'] });
  app.startAt(place.get(start));
  app.choose(place.get(goal));
  return app.view().route.summary;
});
process.stdout.write(JSON.stringify(found));
