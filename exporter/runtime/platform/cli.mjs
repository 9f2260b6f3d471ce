// The phone's runtime at a command line: the same answers as `navkit route`, from a bundle.
//
//   node exporter/runtime/platform/cli.mjs BUNDLE START GOAL [--profile walk] [--group fever]
//     [--lang L] [--depart 2026-03-02T09:30] [--closed ID]... [--json]

import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import navkit from '../core/navkit.js';

const USAGE = 'usage: cli.mjs BUNDLE START GOAL [--profile P] [--group G] [--lang L] ' +
  '[--depart TIME] [--closed ID]... [--json]';

function main(words) {
  const options = { profile: 'walk', group: '', lang: '', depart: '', closed: [], json: false };
  const named = [];
  for (let i = 0; i < words.length; i++) {
    const name = words[i].startsWith('--') ? words[i].slice(2) : '';
    if (name === 'json') options.json = true;
    else if (name === 'closed' && i + 1 < words.length) options.closed.push(words[++i]);
    else if (typeof options[name] === 'string' && i + 1 < words.length) options[name] = words[++i];
    else if (name) throw new Error(USAGE);
    else named.push(words[i]);
  }
  if (named.length !== 3) throw new Error(USAGE);
  const [folder, start, goal] = named;
  const bundle = navkit.open((file) => fs.readFileSync(path.join(folder, file), 'utf8'));
  const route = bundle.route(start, goal, options);
  const told = bundle.tell(route, options.lang || bundle.languages[0]);
  if (options.json) return JSON.stringify(bundle.answer(route, told), null, 1);
  const lines = [told.overview.text].concat(
    told.instructions.map((one, i) => `${String(i + 1).padStart(3)}. ${one.text}`));
  for (const notice of told.notices) lines.push(`   * ${notice.text}`);
  for (const other of told.alternatives) lines.push(`   * ${other}`);
  const minutes = navkit.roundedMin(route.duration_ms) || '< 1';
  lines.push(`${navkit.roundedM(route.length_cm, bundle.rules.guidance)} m, ${minutes} min`);
  return lines.join('\n');
}

try {
  process.stdout.write(`${main(process.argv.slice(2))}\n`);
} catch (error) {
  if (String(error.code).startsWith('no-route') && process.argv.includes('--json')) {
    const { thing, profile } = error.slots;
    const ids = thing ? { thing: thing, profile: profile } : { profile: profile };
    process.stdout.write(`${JSON.stringify(Object.assign({ code: error.code }, ids), null, 1)}\n`);
  }
  process.stderr.write(`navkit: ${error.message}${error.code ? ` [${error.code}]` : ''}\n`);
  process.exitCode = 2;
}
