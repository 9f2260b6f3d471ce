// scripts.mjs BUNDLE EXPECTED: whether scripted routes are told in the same words.

import process from 'node:process';
import { openFolder, readJson } from './bundle.mjs';

const bundle = openFolder(process.argv[2]);
const rows = readJson(process.argv[3]);
let same = 0;
for (const [start, goal, profile, language, sentences] of rows) {
  const told = bundle.script(start, goal, profile, language);
  const ours = told.instructions.map((one) => [one.text, one.speech]);
  if (JSON.stringify(ours) === JSON.stringify(sentences)) same++;
  else console.log(JSON.stringify({ start, goal, profile, language, ours, sentences }));
}
console.log(`${same} same`);
