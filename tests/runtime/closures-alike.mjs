// closures-alike.mjs BUNDLE: what a phone reads of the signed files on standard input, and what is
// closed by it, and by the bundle's own closures, for who leaves at each of some times.

import fs from 'node:fs';
import process from 'node:process';
import { openFolder } from './bundle.mjs';
import { Phone } from './phone.mjs';

const said = JSON.parse(fs.readFileSync(0, 'utf8'));
const files = new Map(Object.entries(said.files).map(
  ([name, content]) => [name, new Uint8Array(Buffer.from(content, 'base64'))]));
const phone = new Phone(said.root);
const { code, closures, unread } = await phone.look(files, said.now_ms);
const bundle = openFolder(process.argv[2]);
const closed = (time) => bundle.moment(time, []).closed;
const own = said.times.map(closed);
bundle.close(closures);
fs.writeSync(1, JSON.stringify({ code, closures, unread, own, all: said.times.map(closed) }));
