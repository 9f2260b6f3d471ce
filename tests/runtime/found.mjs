// found.mjs BUNDLE ROWS: of rows [typed, place, among], those where the place is not among so many
// results that visitors get; 0 stands for all that fit as well as the first, as a name does.

import process from 'node:process';
import { openFolder, readJson } from './bundle.mjs';

const bundle = openFolder(process.argv[2]);
const kept = new Map();

function results(typed) {
  if (!kept.has(typed)) kept.set(typed, bundle.search(typed, { limit: 1000, access: 'public' }));
  return kept.get(typed);
}

function isFound([typed, place, among]) {
  const hits = results(typed);
  const at = hits.findIndex((hit) => hit.place === place);
  return among ? at >= 0 && at < among : at >= 0 && hits[at].rank === 0;
}

console.log(JSON.stringify(readJson(process.argv[3]).filter((row) => !isFound(row))));
