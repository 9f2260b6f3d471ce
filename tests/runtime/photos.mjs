// Which photo each instruction of some ways has: photos.mjs BUNDLE QUERIES, as JSON.

import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import navkit from '../../exporter/runtime/core/navkit.js';

const [folder, queries] = process.argv.slice(2);
const bundle = navkit.open((file) => fs.readFileSync(path.join(folder, file), 'utf8'));
const shown = JSON.parse(queries).map(([start, goal]) => {
  const route = bundle.route(start, goal, { profile: 'walk' });
  const photos = bundle.tell(route, 'en').instructions.map((one) => bundle.photo(route, one));
  return photos.map((photo) => photo && photo.names.en);
});
process.stdout.write(JSON.stringify(shown));
