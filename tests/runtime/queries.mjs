// queries.mjs BUNDLE EXPECTED: whether each query means the same spot, or the same error.

import process from 'node:process';
import { openFolder, readJson } from './bundle.mjs';

const bundle = openFolder(process.argv[2]);
const rows = readJson(process.argv[3]);
let same = 0;
for (const row of rows) {
  let found;
  try {
    const spot = bundle.find(row[0]);
    found = [row[0], spot.places, spot.anchor, ''];
  } catch (error) {
    found = [row[0], [], -1, error.message];
  }
  if (JSON.stringify(found) === JSON.stringify(row)) same++;
  else console.log(`phone ${JSON.stringify(found)}, python ${JSON.stringify(row)}`);
}
console.log(`${same} same`);
