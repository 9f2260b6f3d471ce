// Bundles of a few files, a phone's store in memory, and a network that fails when it is told to.

import { createHash } from 'node:crypto';

const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
const bytesOf = (text) => new Uint8Array(Buffer.from(text, 'utf8'));
export const textOf = (bytes) => Buffer.from(bytes).toString('utf8');

export function flipped(bytes, at) {
  const other = Uint8Array.from(bytes);
  other[at] ^= 1 << at % 8;
  return other;
}

/** release.json for these bytes of an index, as docs/bundle-format.md describes it. */
export function releaseOf(index, { issued = '2026-03-02', version = 1 } = {}) {
  const sha256 = hash(index);
  const name = `index-${sha256.slice(0, 16)}.json`;
  const before = JSON.stringify({
    format: 'navkit-release', version, index: { name, bytes: index.length, sha256 }, issued,
  }).slice(0, -1);
  return bytesOf(`${before},"check":"${hash(bytesOf(before))}"}\n`);
}

/** What a server offers: name → bytes. `roles` are the files, `['level', {…}]`. */
export function offer(roles, { issued, index = {}, version } = {}) {
  const files = new Map();
  const listed = {};
  for (const [role, content] of roles) {
    const bytes = content instanceof Uint8Array ? content : bytesOf(`${JSON.stringify(content)}\n`);
    const suffix = content instanceof Uint8Array ? 'mp3' : 'json';
    const name = `${role}-${hash(bytes).slice(0, 16)}.${suffix}`;
    files.set(name, bytes);
    listed[name] = { bytes: bytes.length, sha256: hash(bytes) };
  }
  const bytes = bytesOf(JSON.stringify({
    format: 'navkit-bundle', version: 1, names: { en: 'Clinic' }, ...index, files: listed,
  }));
  files.set(`index-${hash(bytes).slice(0, 16)}.json`, bytes);
  files.set('release.json', releaseOf(bytes, { issued, version }));
  return files;
}

const level = (seed, length) => ({ rings: Array.from({ length }, (_, i) => i * seed % 97 - 40) });
const clip = (seed, length) => new Uint8Array(length).map((_, i) => i * seed);

const SHARED = [['level', level(3, 80)], ['network', level(7, 120)], ['voice', clip(5, 90000)]];
/** Two versions of a bundle with three files in common, two and three of their own. */
export const A = offer([...SHARED, ['level', level(5, 80)], ['directory', { 药房: 1 }]]);
export const B = offer(
  [...SHARED, ['level', level(11, 80)], ['directory', { 药房: 2 }], ['voice', clip(7, 9000)]],
  { issued: '2026-04-01' });

export const indexName = (files) => [...files.keys()].find((name) => name.startsWith('index-'));
/** Names of a bundle's files in a store: all but the release. */
export const kept = (files) => [...files.keys()].filter((name) => name !== 'release.json').sort();

/** A store in memory. `fails(act, name)` throws, or not, before something is done. */
export class Store {
  constructor({ fails = () => {} } = {}) {
    this.files = new Map();
    this.fails = fails;
    this.value = null;
    this.pauses = 0;
  }
  async names() { this.fails('names'); return [...this.files.keys()]; }
  async read(name) {
    this.fails('read', name);
    if (!this.files.has(name)) throw new Error(`no ${name}`);
    return this.files.get(name);
  }
  async text(name) { return textOf(await this.read(name)); }
  async write(name, bytes) { this.fails('write', name); this.files.set(name, bytes); }
  async remove(name) { this.fails('remove', name); this.files.delete(name); }
  async pointer() { this.fails('pointer'); return this.value; }
  async point(value) { this.fails('point'); this.value = value; }
  async pause() { this.pauses++; }
}

/** A network that offers these files; `asked` are the names that were fetched. */
export function network(files, { fails = () => {} } = {}) {
  const asked = [];
  const fetch = async (name, onBytes) => {
    asked.push(name);
    fails(name);
    if (!files.has(name)) throw new Error(`404 ${name}`);
    const bytes = files.get(name);
    onBytes(Math.floor(bytes.length / 2));
    await null;
    onBytes(bytes.length);
    return bytes;
  };
  return { fetch, asked };
}
