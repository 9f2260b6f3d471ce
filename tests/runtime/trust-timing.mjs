// How much a phone fetches of what is signed, and how long it thinks about it.
//
//   node [--jitless] tests/runtime/trust-timing.mjs FOLDER...
//
// Each folder is the public one of a server at some moment; the phone sees them one after the other.

import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { Phone, Shelf } from './phone.mjs';

const ROUNDS = 9;
const folders = process.argv.slice(2);
const filesOf = (folder) => new Map(fs.readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith('.json'))
  .map((name) => [name, new Uint8Array(fs.readFileSync(path.join(folder, name)))]));
const steps = folders.map((folder) => [path.basename(folder), filesOf(folder)]);
const root = Buffer.from(steps[0][1].get('metadata/1.root.json')).toString('latin1');
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

const times = steps.map(() => []);
const rows = [];
for (let round = 0; round < ROUNDS; round++) {
  const phone = new Phone(root, { shelf: new Shelf() });
  for (const [i, [name, files]] of steps.entries()) {
    const begun = process.hrtime.bigint();
    const told = await phone.look(files, Date.now());
    times[i].push(Number(process.hrtime.bigint() - begun) / 1e6);
    const come = phone.asked.filter((one) => files.has(one));
    rows[i] = {
      name, code: told.code, reason: told.reason, requests: phone.asked.length, files: come.length,
      bytes: come.reduce((sum, one) => sum + files.get(one).length, 0),
      gzip_bytes: come.reduce((sum, one) => sum + gzipSync(files.get(one)).length, 0),
    };
  }
}
rows.forEach((row, i) => console.log(JSON.stringify({ ...row, ms: Math.round(10 * median(times[i])) / 10 })));
