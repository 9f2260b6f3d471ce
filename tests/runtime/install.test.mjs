// A bundle comes whole or not at all, whatever becomes of the network, the phone or its memory.

import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import process from 'node:process';
import test from 'node:test';
import vm from 'node:vm';
import { fileURLToPath } from 'node:url';
import install from '../../exporter/runtime/client/install.js';
import {
  A, B, Store, flipped, indexName, kept, network, offer, releaseOf, textOf,
} from './shelf.mjs';

const make = (read) => ({ names: read('index.json').names, files: read('index.json').files });

/** Installs what is offered; opens what is there. */
const put = (store, files, more = {}) => install.install({ store, ...network(files), ...more });
const start = (store) => install.open({ store, make });

/** A phone that has opened this bundle. */
async function phone(files, more) {
  const store = new Store(more);
  assert.strictEqual((await put(store, files)).code, 'installed');
  assert.strictEqual((await start(store)).code, 'opened');
  return store;
}

/** Asserts that A is opened from this store, whole. */
async function opensA(store, code = 'opened') {
  const opened = await start(store);

  assert.strictEqual(opened.code, code);
  assert.strictEqual(opened.issued, '2026-03-02');
  assert.deepStrictEqual(
    Object.keys(opened.bundle.files).sort(), kept(A).filter((name) => name !== indexName(A)));
}

/** Numbers the failing moments: throws `error` at the n-th that `counts`. */
function at(n, error, counts = () => true) {
  let seen = 0;
  return (...what) => {
    if (counts(...what) && seen++ === n) throw error;
  };
}

const full = () => Object.assign(new Error('quota'), { reason: 'storage-full' });

test('a first installation keeps every file, and is opened', async () => {
  const store = new Store();

  const outcome = await put(store, A);

  assert.strictEqual(outcome.code, 'installed');
  assert.strictEqual(outcome.issued, '2026-03-02');
  assert.strictEqual(outcome.version, indexName(A).slice('index-'.length, -'00000000.json'.length));
  assert.deepStrictEqual(outcome.left, []);
  assert.deepStrictEqual([...store.files.keys()].sort(), kept(A));
  await opensA(store);
});

test('an empty phone without network says so and has nothing', async () => {
  const store = new Store();

  const outcome = await put(store, new Map());
  const opened = await start(store);

  assert.deepStrictEqual([outcome.code, outcome.reason, outcome.issued], ['kept-old', 'offline', '']);
  assert.deepStrictEqual([opened.code, opened.reason], ['nothing', '']);
});

test('whatever a phone has taken away is told without a network, and back after a visit with one', async () => {
  for (let n = 0; n < kept(A).length; n++) {
    const store = await phone(A);
    const whole = [...store.files.keys()].sort();
    const gone = whole.filter((name, i) => i === n || i % 3 === 1);
    for (const name of gone) store.files.delete(name);

    const offline = await put(store, new Map());
    const outcome = await put(store, A);

    assert.deepStrictEqual([offline.code, offline.reason], ['kept-old', 'offline']);
    // Without the index nobody can tell what else there was.
    if (!gone.includes(indexName(A))) assert.deepStrictEqual([...offline.left].sort(), gone);
    assert.deepStrictEqual(outcome.left, []);
    assert.deepStrictEqual([...store.files.keys()].sort(), whole);
    await opensA(store);
  }
});

test('what is there already is current, and only the release is fetched', async () => {
  const store = await phone(A);
  const { fetch, asked } = network(A);

  const outcome = await install.install({ store, fetch });

  assert.strictEqual(outcome.code, 'current');
  assert.deepStrictEqual(asked, ['release.json']);
});

test('the same bundle issued anew is current, with the new date', async () => {
  const files = [['level', { rings: [1] }]];
  const store = await phone(offer(files, { issued: '2026-03-02' }));

  const outcome = await put(store, offer(files, { issued: '2026-03-09' }));

  assert.deepStrictEqual([outcome.code, outcome.issued], ['current', '2026-03-09']);
  assert.strictEqual((await start(store)).issued, '2026-03-09');
});

test('only changed files are fetched', async () => {
  const store = await phone(A);
  const { fetch, asked } = network(B);

  const outcome = await install.install({ store, fetch });

  const changed = kept(B).filter((name) => !A.has(name));
  assert.strictEqual(outcome.code, 'installed');
  assert.deepStrictEqual(asked.slice(1).sort(), changed);
  assert.strictEqual(outcome.fetched.files, 3);
  assert.strictEqual(changed.length, 4);
});

test('the old version goes when the new one has been opened, and no sooner', async () => {
  const store = await phone(A);

  await put(store, B);
  const both = [...store.files.keys()].sort();
  const opened = await start(store);

  assert.deepStrictEqual(both, [...new Set([...kept(A), ...kept(B)])].sort());
  assert.deepStrictEqual([opened.code, opened.issued], ['opened', '2026-04-01']);
  assert.deepStrictEqual([...store.files.keys()].sort(), kept(B));
});

test('from A to B and back to A, opened in between or not', async () => {
  for (const isOpened of [true, false]) {
    const store = await phone(A);
    await put(store, B);
    if (isOpened) await start(store);

    const back = await put(store, A);

    assert.deepStrictEqual([back.code, back.issued], ['installed', '2026-03-02']);
    await opensA(store);
    assert.deepStrictEqual([...store.files.keys()].sort(), kept(A));
  }
});

test('of three versions the one that was opened last is kept for a fall', async () => {
  const C = offer([['level', { rings: [9] }]], { issued: '2026-05-01' });
  const store = await phone(A);
  await put(store, B);
  await put(store, C);
  store.files.set(indexName(C), new Uint8Array(3));

  await opensA(store, 'fell-back');
});

test('a flipped byte anywhere keeps the old bundle, and the outcome names the file', async () => {
  const offered = kept(B).filter((name) => !A.has(name) && name !== indexName(B));
  const spots = [];
  for (const name of ['release.json', indexName(B)]) {
    for (let i = 0; i < B.get(name).length; i++) spots.push([name, i]);
  }
  for (let k = 0; k < 400; k++) {
    const name = offered[k % offered.length];
    spots.push([name, k * 7919 % B.get(name).length]);
  }
  const ready = await phone(A);
  for (const [name, i] of spots) {
    const store = Object.assign(new Store(), { files: new Map(ready.files), value: ready.value });
    const outcome = await put(store, new Map([...B, [name, flipped(B.get(name), i)]]));

    assert.deepStrictEqual(
      [outcome.code, outcome.reason, outcome.where], ['kept-old', 'damaged', name], `${name} ${i}`);
    await opensA(store);
  }
  assert.ok(spots.length > 1300);
  assert.ok(['release', 'index', 'level', 'directory', 'voice'].every(
    (role) => spots.some(([name]) => name.startsWith(role))));
});

test('files cut short, too long, empty or swapped are damaged', async () => {
  const [name, other] = kept(B).filter((one) => !A.has(one));
  const whole = B.get(name);
  for (const bytes of [
    whole.subarray(0, -1), new Uint8Array([...whole, 10]), new Uint8Array(0), B.get(other),
  ]) {
    const store = await phone(A);

    const outcome = await put(store, new Map([...B, [name, bytes]]));

    assert.deepStrictEqual([outcome.reason, outcome.where], ['damaged', name]);
    await opensA(store);
  }
});

test('a page that is no release, such as a sign-in page, is damaged', async () => {
  const store = await phone(A);
  const page = new Uint8Array(Buffer.from('<!DOCTYPE html><title>Wi-Fi</title>'.repeat(500)));

  const outcome = await put(store, new Map([['release.json', page]]));

  assert.deepStrictEqual([outcome.reason, outcome.where], ['damaged', 'release.json']);
});

test('no end of data is not waited for', async () => {
  const store = await phone(A);
  const fetch = async (name, onBytes) => { for (let n = 0; ; n += 1000) onBytes(n); };

  const outcome = await install.install({ store, fetch });

  assert.deepStrictEqual([outcome.reason, outcome.where], ['damaged', 'release.json']);
});

test('a bundle or release of a newer version is left to newer apps', async () => {
  const store = await phone(A);
  const files = [['level', { rings: [1] }]];

  const bundle = await put(store, offer(files, { index: { version: 2 } }));
  const release = await put(store, offer(files, { version: 2 }));

  assert.deepStrictEqual([bundle.code, bundle.reason], ['kept-old', 'too-new']);
  assert.match(bundle.where, /^index-/);
  assert.deepStrictEqual([release.reason, release.where], ['too-new', 'release.json']);
  await opensA(store);
});

test('an index that is none, or names files otherwise, is damaged', async () => {
  const store = await phone(A);
  for (const index of [{ format: 'else' }, { format: undefined }, { version: '1' }]) {
    const outcome = await put(store, offer([['level', {}]], { index }));

    assert.strictEqual(outcome.reason, 'damaged', JSON.stringify(index));
  }
  for (const role of ['../level', 'le/vel', 'Level', '']) {
    const outcome = await put(store, offer([[role, {}]]));

    assert.strictEqual(outcome.reason, 'damaged', role);
  }
  await opensA(store);
});

test('cut off at any file, it goes on from there', async () => {
  let n = 0;
  for (; ; n++) {
    const store = await phone(A);
    const cut = network(B, { fails: at(n, new Error('gone')) });
    const outcome = await install.install({ store, fetch: cut.fetch });
    if (outcome.code === 'installed') break;

    assert.deepStrictEqual([outcome.code, outcome.reason],
      ['kept-old', n ? 'interrupted' : 'offline']);
    assert.ok(B.has(outcome.where));
    await opensA(store);
    const had = kept(B).filter((name) => store.files.has(name));
    const { fetch, asked } = network(B);
    assert.strictEqual((await install.install({ store, fetch })).code, 'installed');
    assert.deepStrictEqual(
      asked.slice(1).sort(), kept(B).filter((name) => !had.includes(name)));
  }
  assert.strictEqual(n, 5);
});

const writes = (act) => act === 'write' || act === 'point';

test('a store that fails at any write keeps the old bundle', async () => {
  for (const [error, reason] of [[new Error('torn'), 'interrupted'], [full(), 'storage-full']]) {
    let n = 0;
    for (; ; n++) {
      const store = await phone(A);
      store.fails = at(n, error, writes);
      const outcome = await put(store, B);
      if (outcome.code === 'installed') break;

      assert.deepStrictEqual([outcome.code, outcome.reason], ['kept-old', reason]);
      assert.ok(B.has(outcome.where));
      if (reason === 'storage-full') assert.deepStrictEqual([...store.files.keys()].sort(), kept(A));
      await opensA(store);
      assert.strictEqual((await put(store, B)).code, 'installed');
      assert.strictEqual((await start(store)).issued, '2026-04-01');
    }
    assert.strictEqual(n, 5);
  }
});

test('a phone that dies at any moment opens one of the two and can go on', async () => {
  const opened = new Set();
  let n = 0;
  for (; ; n++) {
    const store = await phone(A);
    let seen = 0;
    let isDead = false;
    store.fails = () => {
      isDead = isDead || seen++ === n;
      if (isDead) throw new Error('dead');
    };
    await put(store, B);
    await start(store);
    store.fails = () => {};
    opened.add((await start(store)).issued);
    assert.notStrictEqual((await put(store, B)).code, 'kept-old');
    assert.strictEqual((await start(store)).issued, '2026-04-01');
    if (!isDead) break;
  }
  assert.ok(n > 20, `${n} moments`);
  assert.deepStrictEqual([...opened].sort(), ['2026-03-02', '2026-04-01']);
});

test('a file that is lost or broken after the installation: the old bundle, and it is mended', async () => {
  for (const name of kept(B).filter((one) => !A.has(one) && one.endsWith('.json'))) {
    for (const bytes of [null, new Uint8Array(0), B.get(name).subarray(0, -5)]) {
      const store = await phone(A);
      await put(store, B);
      if (bytes) store.files.set(name, bytes);
      else store.files.delete(name);

      const opened = await start(store);

      assert.deepStrictEqual(
        [opened.code, opened.reason, opened.where, opened.issued],
        ['fell-back', 'damaged', name, '2026-03-02']);
      const { fetch, asked } = network(B);
      assert.strictEqual((await install.install({ store, fetch })).code, 'installed');
      assert.deepStrictEqual(asked, ['release.json', name]);
      assert.strictEqual((await start(store)).issued, '2026-04-01');
    }
  }
});

test('what is broken so that it still can be read is found when the bundle cannot be made', async () => {
  const store = await phone(A);
  await put(store, B);
  const name = kept(B).find((one) => one.startsWith('directory-'));
  store.files.set(name, Uint8Array.from(B.get(name), (byte) => (byte === 0x32 ? 0x33 : byte)));
  const picky = (read) => {
    if (read(name) && read(name).药房 === 3) throw new Error('no such thing');
    return make(read);
  };

  const opened = await install.open({ store, make: picky });

  assert.deepStrictEqual([opened.code, opened.reason, opened.where], ['fell-back', 'damaged', name]);
  assert.ok(!store.files.has(name));
});

test('a whole bundle that the app cannot make is refused, and tried again after the next update', async () => {
  const store = await phone(A);
  await put(store, B);
  const old = (read) => {
    if (read('index.json').files[kept(B).find((name) => !A.has(name) && !name.startsWith('index'))]) {
      throw new Error('cannot');
    }
    return make(read);
  };

  const opened = await install.open({ store, make: old });
  const { fetch, asked } = network(B);
  const again = await install.install({ store, fetch });

  assert.deepStrictEqual([opened.code, opened.reason, opened.where], ['fell-back', 'refused', '']);
  assert.deepStrictEqual([again.code, asked], ['installed', ['release.json']]);
  assert.strictEqual((await start(store)).issued, '2026-04-01');
});

test('nothing to fall back to: nothing, and the next installation mends it', async () => {
  const store = await phone(A);
  const name = kept(A)[0];
  store.files.delete(name);

  const opened = await start(store);

  assert.deepStrictEqual([opened.code, opened.reason, opened.where], ['nothing', 'damaged', name]);
  assert.strictEqual((await put(store, A)).fetched.files, name === indexName(A) ? 0 : 1);
  await opensA(store);
});

test('a pointer that nobody can read is nothing; no file is fetched twice', async () => {
  for (const value of ['', '{', 'null', '{}', '7']) {
    const store = await phone(A);
    store.value = value;
    assert.strictEqual((await start(store)).code, 'nothing');
    const { fetch, asked } = network(A);

    assert.strictEqual((await install.install({ store, fetch })).code, 'installed');
    assert.deepStrictEqual(asked, ['release.json']);
  }
});

test('clips may come later, and their loss costs no map', async () => {
  const store = new Store();
  const clips = kept(A).find((name) => name.endsWith('.mp3'));
  const first = await put(store, A, { wanted: (name) => !name.endsWith('.mp3') });
  const silent = await start(store);

  const later = await put(store, A);
  const opened = await start(store);

  assert.deepStrictEqual([first.code, first.fetched.files], ['installed', 4]);
  assert.deepStrictEqual([first.left, silent.left, later.left, opened.left], [[clips], [clips], [], []]);
  assert.strictEqual(await silent.bytes('voice-0.mp3'), null);
  assert.deepStrictEqual([later.code, later.fetched.files], ['installed', 1]);
  assert.strictEqual((await opened.bytes(clips)).length, 90000);

  store.files.set(clips, new Uint8Array(9));
  assert.strictEqual(await opened.bytes(clips), null);
  assert.strictEqual((await start(store)).code, 'opened');
  assert.strictEqual((await put(store, A)).fetched.files, 1);
});

test('files left by wish are not missed', async () => {
  const store = new Store();
  const wanted = (name) => !name.startsWith('network-');

  await put(store, A, { wanted });
  const opened = await install.open({ store, make: (read) => read });

  assert.strictEqual(opened.code, 'opened');
  assert.strictEqual(opened.bundle(kept(A).find((name) => name.startsWith('network-'))), undefined);
  assert.strictEqual((await put(store, A, { wanted })).code, 'current');
});

test('progress begins at nothing, never goes back and ends at everything', async () => {
  const told = [];

  await put(new Store(), A, { onProgress: (progress) => told.push(progress) });

  const total = kept(A).filter((name) => name !== indexName(A))
    .reduce((sum, name) => sum + A.get(name).length, 0);
  assert.deepStrictEqual(told[0], { done_bytes: 0, total_bytes: total });
  assert.deepStrictEqual(told[told.length - 1], { done_bytes: total, total_bytes: total });
  assert.ok(told.every((one, i) => !i || one.done_bytes > told[i - 1].done_bytes));
  assert.ok(told.length > 8);
});

test('large files are hashed in pieces', async () => {
  const store = new Store();

  await put(store, offer([['voice', new Uint8Array(1000000)]]));

  assert.strictEqual(store.pauses, Math.ceil(1000000 / 32768) - 1);
});

test('a file taken away in the meantime is no installation', async () => {
  const store = await phone(A);
  const name = kept(B).find((one) => !A.has(one) && one !== indexName(B));
  const write = store.write.bind(store);
  store.write = async (one, bytes) => {
    if (one !== name) await write(one, bytes);
  };

  const outcome = await put(store, B);

  assert.deepStrictEqual([outcome.reason, outcome.where], ['interrupted', name]);
  await opensA(store);
});

// --------------------------------------------------------------- the platform

const sources = ['client/sha256.js', 'client/install.js'].map((name) => [
  name, fs.readFileSync(new URL(`../../exporter/runtime/${name}`, import.meta.url), 'utf8'),
]);

test('it works where there is no platform and no eval, and makes two globals', async () => {
  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } });
  vm.runInContext(`
    delete globalThis.BigInt; delete globalThis.WebAssembly; delete globalThis.Intl;
    delete Array.prototype.flat; delete Array.prototype.flatMap; delete Object.fromEntries;
    delete Promise.allSettled; delete Promise.any; delete Promise.prototype.finally;
    Date.now = Math.random = () => { throw new Error('neither clock nor chance'); };
    delete globalThis.globalThis;`, context);
  for (const [filename, source] of sources) vm.runInContext(source, context, { filename });
  assert.deepStrictEqual(Object.keys(context), ['navkitSha256', 'navkitInstall']);
  Object.assign(context, { store: new Store(), ...network(A) });

  const codes = await vm.runInContext(`
    navkitInstall.install({ store, fetch })
      .then((done) => navkitInstall.open({ store, make: (read) => read('index.json') })
        .then((opened) => done.code + ' ' + opened.code + ' ' + opened.bundle.names.en))`, context);

  assert.strictEqual(codes, 'installed opened Clinic');
});

test('platform names do not occur in it', () => {
  for (const [name, source] of sources) {
    const words = source.replace(/\/\*[^]*?\*\/|\/\/.*/g, '').match(/[A-Za-z_$][\w$]*/g);
    const foreign = ['eval', 'Function', 'process', 'window', 'document', 'wx', 'localStorage',
      'setTimeout', 'console', 'TextDecoder', 'TextEncoder', 'crypto', 'Buffer', 'BigInt'];

    assert.deepStrictEqual(words.filter((word) => foreign.includes(word)), [], name);
  }
});

test('the syntax is ES2017, of the stores too', () => {
  // Node's own copy of acorn: no package has to be installed.
  const check = `
    const acorn = require('internal/deps/acorn/acorn/dist/acorn');
    for (const file of process.argv.slice(1)) {
      acorn.parse(require('fs').readFileSync(file, 'utf8'), { ecmaVersion: 2017 });
    }`;
  const files = ['client/sha256.js', 'client/install.js', 'platform/store-browser.js', 'platform/store-wx.js']
    .map((name) => fileURLToPath(new URL(`../../exporter/runtime/${name}`, import.meta.url)));

  execFileSync(process.execPath, ['--expose-internals', '-e', check, ...files]);
});

test('an exported bundle is installed and opened whole', {
  skip: process.env.NAVKIT_BUNDLE ? false : 'NAVKIT_BUNDLE names no bundle',
}, async () => {
  const folder = process.env.NAVKIT_BUNDLE;
  const { default: navkit } = await import('../../exporter/runtime/core/navkit.js');
  const read = (name) => new Uint8Array(fs.readFileSync(`${folder}/${name}`));
  const index = read('index.json');
  const release = releaseOf(index);
  const files = new Map([
    ['release.json', release], [JSON.parse(textOf(release)).index.name, index],
    ...Object.keys(JSON.parse(textOf(index)).files).map((name) => [name, read(name)]),
  ]);
  const store = new Store();

  const outcome = await put(store, files, { wanted: (name) => !name.startsWith('scripts-') });
  const opened = await install.open({ store, make: (from) => navkit.open(from) });

  assert.strictEqual(outcome.code, 'installed');
  assert.strictEqual(opened.code, 'opened');
  assert.ok(opened.bundle.search('yaofang', { limit: 1, language: 'zh-Hans' }).length);
});
