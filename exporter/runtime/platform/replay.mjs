// A recorded walk, walked again: after each line of a trace, where the walker probably was.
//
//   node exporter/runtime/platform/replay.mjs BUNDLE TRACE
//
// Prints one JSON a line: `t`, `k`, and the state. docs/position.md has the format of traces.

import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import navkit from '../core/navkit.js';
import trace from '../core/position/trace.js';

function main(words) {
  if (words.length !== 2) throw new Error('usage: replay.mjs BUNDLE TRACE');
  const [folder, file] = words;
  const bundle = navkit.open((name) => fs.readFileSync(path.join(folder, name), 'utf8'));
  const walked = trace.replay(bundle, fs.readFileSync(file, 'utf8'));
  if (!walked) throw new Error(`${file}: the first line is not that of a trace that can be followed.`);
  return walked.map(({ row, state }) => JSON.stringify({ t: row.t, k: row.k, ...state }) + '\n').join('');
}

try {
  process.stdout.write(main(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`navkit: ${error.message}${error.code ? ` [${error.code}]` : ''}\n`);
  process.exitCode = 2;
}
