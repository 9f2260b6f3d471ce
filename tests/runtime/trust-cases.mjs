// What our client makes of many repositories: cases on standard input, what it saw on the other.

import fs from 'node:fs';
import { Phone, remembering } from './phone.mjs';

const { cases, blobs } = JSON.parse(fs.readFileSync(0, 'utf8'));
const bytes = blobs.map((blob) => new Uint8Array(Buffer.from(blob, 'base64')));
const own = remembering();

const all = [];
for (const { root, steps } of cases) {
  const phone = new Phone(root, { own });
  const seen = [];
  for (const { now_ms, files, endless } of steps) {
    const offered = new Map(Object.entries(files).map(([name, blob]) => [name, bytes[blob]]));
    const told = await phone.look(offered, now_ms, endless);
    const { code, reason, where, release, closures, hospitals } = told;
    seen.push({
      code, reason, where, versions: phone.versions,
      release: release && Buffer.from(release).toString('base64'),
      closures: closures.map((one) => one.target),
      hospitals: hospitals.map((one) => one.id),
    });
  }
  all.push(seen);
}
fs.writeSync(1, JSON.stringify(all));
