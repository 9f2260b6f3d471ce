// Every byte that a phone fetches flipped, one after the other, on its way to it: it keeps what it has,
// or has exactly what was published.

import fs from 'node:fs';
import { Phone, Shelf, remembering } from './phone.mjs';

const { root, now_ms, before, after, bits } = JSON.parse(fs.readFileSync(0, 'utf8'));
const own = remembering();
const filesOf = (said) => new Map(Object.entries(said).map(
  ([name, text]) => [name, new Uint8Array(Buffer.from(text, 'base64'))]));
const [old, fresh] = [before, after].map(filesOf);
const shown = ({ release, closures }) => [
  Buffer.from(release).toString('latin1'), JSON.stringify(closures),
];

const shelf = new Shelf();
const was = shown(await new Phone(root, { own, shelf }).look(old, now_ms));
const honest = new Phone(root, { own, shelf: new Shelf(shelf.value) });
const is = shown(await honest.look(fresh, now_ms));

const counts = { files: 0, flips: 0, refused: 0, harmless: 0, wrong: [], reasons: {} };
for (const name of honest.asked.filter((one) => fresh.has(one))) {
  const bytes = fresh.get(name);
  counts.files++;
  for (let at = 0; at < bytes.length; at++) {
    for (let bit = 0; bit < bits; bit++) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] ^= 1 << (at + bit) % 8;
      const phone = new Phone(root, { own, shelf: new Shelf(shelf.value) });
      const told = await phone.look(new Map(fresh).set(name, flipped), now_ms);
      const seen = shown(told);
      const isWhole = seen.every((one, i) => one === was[i] || one === is[i]);
      const isRefused = told.code === 'kept-old';
      counts.flips++;
      counts[isRefused ? 'refused' : 'harmless']++;
      counts.reasons[told.reason] = (counts.reasons[told.reason] || 0) + 1;
      if (!isWhole || !(isRefused || seen.join() === is.join())) counts.wrong.push([name, at, bit]);
    }
  }
}
fs.writeSync(1, JSON.stringify({ ...counts, was, is }));
