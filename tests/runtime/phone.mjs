// A phone that follows what is signed: its store in memory, and a network of named files.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
export const nacl = require('../../exporter/site/page/vendor/nacl-fast.js');
export const navkitTrust = require('../../exporter/runtime/client/trust.js');

/** tweetnacl that does no sum twice. */
export function remembering() {
  const known = new Map();
  const hashes = new Map();
  const verify = (message, signature, key) => {
    const name = [message, signature, key].map((one) => Buffer.from(one).toString('latin1')).join('|');
    if (!known.has(name)) known.set(name, nacl.sign.detached.verify(message, signature, key));
    return known.get(name);
  };
  const hash = (bytes) => {
    const name = Buffer.from(bytes).toString('latin1');
    if (!hashes.has(name)) hashes.set(name, nacl.hash(bytes));
    return hashes.get(name);
  };
  return { hash, sign: { detached: { verify } } };
}

/** Keeps one value, as a phone does. `fails(value)` throws, or not, before it is written. */
export class Shelf {
  constructor(value = null, fails = () => {}) {
    this.value = value;
    this.fails = fails;
    this.writes = 0;
  }
  async pointer() { return this.value; }
  async point(value) {
    this.fails(value);
    this.writes++;
    this.value = value;
  }
  async pause() {}
}

/** A phone of which the network can be exchanged. */
export class Phone {
  constructor(root, { shelf = new Shelf(), hospital = 'renmin', own = nacl } = {}) {
    this.shelf = shelf;
    this.root = root;
    this.follower = navkitTrust.follower({
      nacl: own, store: shelf, root, hospital, fetch: (...what) => this._fetch(...what),
    });
  }

  /** Looks for what is new in a network that offers these files; `endless` ones never end. */
  look(files, now, endless = []) {
    Object.assign(this, { files, endless, asked: [] });
    return this.follower.refresh(now);
  }

  async _fetch(name, onBytes) {
    this.asked.push(name);
    for (let count = 65536; this.endless.includes(name); count += 65536) onBytes(count);
    if (!this.files.has(name)) throw Object.assign(new Error(`404 ${name}`), { status: 404 });
    const bytes = this.files.get(name);
    onBytes(bytes.length);
    return bytes;
  }

  /** Versions of the metadata that it keeps. */
  get versions() {
    const state = JSON.parse(this.shelf.value) || { root: this.root };
    const kept = { root: state.root, timestamp: state.timestamp, snapshot: state.snapshot, ...state.roles };
    return Object.fromEntries(Object.entries(kept).filter(([, text]) => text)
      .map(([role, text]) => [role, JSON.parse(text).signed.version]));
  }
}
