// Median milliseconds of one query, start to goal: node [--jitless] bench.mjs BUNDLE
// BUNDLE/pairs.json lists [start, goal] ids.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const navkit = createRequire(import.meta.url)('../core/navkit.js');
const folder = process.argv[2];
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const bundle = navkit.open(read);
const pairs = read('pairs.json');
const ask = ([start, goal]) => bundle.route(start, goal, { profile: 'walk' });
pairs.slice(0, 20).forEach(ask);
const taken = pairs.map((pair) => {
  const begun = process.hrtime.bigint();
  ask(pair);
  return Number(process.hrtime.bigint() - begun) / 1e6;
});
taken.sort((a, b) => a - b);
console.log(taken[taken.length >> 1]);
