// Which photo each instruction of some ways has: photos.mjs BUNDLE QUERIES, as JSON: before the
// file of photos is here, and after.

import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import navkit from '../../exporter/runtime/core/navkit.js';

const [folder, queries] = process.argv.slice(2);
let isHere = false;
const bundle = navkit.open((file) => {
  if (!isHere && file.startsWith('photos-')) throw new Error('still on its way');
  return fs.readFileSync(path.join(folder, file), 'utf8');
});

function shown() {
  return JSON.parse(queries).map(([start, goal]) => {
    const route = bundle.route(start, goal, { profile: 'walk' });
    const photos = bundle.tell(route, 'en').instructions.map((one) => bundle.photo(route, one));
    return photos.map((photo) => photo && photo.names.en);
  });
}

const before = shown();
isHere = true;
process.stdout.write(JSON.stringify({ before, after: shown() }));
