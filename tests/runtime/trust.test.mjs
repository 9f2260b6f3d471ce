// The verifier on its own: what it keeps and when, what it reads, and where it runs.

import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import process from 'node:process';
import test from 'node:test';
import vm from 'node:vm';
import { fileURLToPath } from 'node:url';
import { Phone, Shelf, nacl, navkitTrust } from './phone.mjs';

const NOW = Date.parse('2026-03-02T09:30:00Z');
const HOUR = 3600000;
const DAY = 24 * HOUR;
const ROLES = ['root', 'targets', 'snapshot', 'timestamp', 'renmin-map', 'renmin-closures'];

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const bytesOf = (text) => new Uint8Array(Buffer.from(text, 'utf8'));
const sha512 = (bytes) => hex(nacl.hash(bytes));
const pairs = Object.fromEntries(ROLES.map((role, i) => [
  role, nacl.sign.keyPair.fromSeed(new Uint8Array(32).fill(i + 1))]));
const keyOf = (role) => ({
  keytype: 'ed25519', scheme: 'ed25519', keyval: { public: hex(pairs[role].publicKey) },
});

/** Canonical JSON by other means than the verifier's: node's own, keys sorted. */
const sorted = (value) => (Array.isArray(value) ? value.map(sorted)
  : value && typeof value === 'object'
    ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])])) : value);

function signed(role, type, content, { version = 1, days = 1000, spec = '1.0.34' } = {}) {
  const expires = new Date(NOW + days * DAY).toISOString().replace('.000Z', 'Z');
  const said = { _type: type, spec_version: spec, version, expires, ...content };
  const sig = hex(nacl.sign.detached(bytesOf(JSON.stringify(sorted(said))), pairs[role].secretKey));
  return bytesOf(JSON.stringify({ signatures: [{ keyid: role, sig }], signed: said }));
}

const entry = (bytes) => ({ length: bytes.length, hashes: { sha512: sha512(bytes) } });
const role = (name, more) => ({ keyids: [name], threshold: 1, ...more });

/** A whole repository; `more` changes what a role says, by its name. */
function repository({ closures = '[]', version = 1, more = {} } = {}) {
  const files = new Map();
  const put = (name, bytes) => { files.set(name, bytes); return bytes; };
  const say = (name, type, content) => signed(
    name, type, { ...content, ...(more[name] || {}).content }, { version, ...(more[name] || {}).how });
  const target = (name, path, text) => {
    const bytes = bytesOf(text);
    const at = path.lastIndexOf('/') + 1;
    put(path.slice(0, at) + sha512(bytes) + '.' + path.slice(at), bytes);
    return put(`metadata/${version}.${name}.json`,
      say(name, 'targets', { targets: { [path]: entry(bytes) } }));
  };
  const root = put('metadata/1.root.json', signed('root', 'root', {
    consistent_snapshot: true,
    keys: Object.fromEntries(ROLES.slice(0, 4).map((name) => [name, keyOf(name)])),
    roles: Object.fromEntries(ROLES.slice(0, 4).map((name) => [name, role(name)])),
  }));
  const own = {
    'renmin-map.json': target('renmin-map', 'h/renmin/map/release.json', `{"release":${version}}`),
    'renmin-closures.json': target('renmin-closures', 'h/renmin/closures.json',
      `{"format":"navkit-closures","version":1,"number":1,"closures":${closures}}`),
    'targets.json': put(`metadata/${version}.targets.json`, say('targets', 'targets', {
      targets: {},
      delegations: {
        keys: Object.fromEntries(ROLES.slice(4).map((name) => [name, keyOf(name)])),
        roles: [
          { name: 'renmin-map', terminating: true, paths: ['h/renmin/map/*'], ...role('renmin-map') },
          { name: 'renmin-closures', terminating: true, paths: ['h/renmin/closures.json'],
            ...role('renmin-closures') },
        ],
      },
    })),
  };
  const meta = Object.fromEntries(Object.entries(own).map(
    ([name, bytes]) => [name, { version, ...entry(bytes) }]));
  const snapshot = put(`metadata/${version}.snapshot.json`, say('snapshot', 'snapshot', { meta }));
  put('metadata/timestamp.json', say('timestamp', 'timestamp',
    { meta: { 'snapshot.json': { version, ...entry(snapshot) } } }));
  return { files, root: Buffer.from(root).toString('latin1') };
}

const A = repository();
const B = repository({ version: 2, closures: '[{"target":"L1","start":"","end":"","reason":{}}]' });

test('what was verified is there at the next start, without a network', async () => {
  const shelf = new Shelf();
  const phone = new Phone(A.root, { shelf });
  const nothing = await phone.follower.open();
  await phone.look(B.files, NOW);

  const later = await new Phone(A.root, { shelf }).follower.open();

  assert.deepStrictEqual([nothing.release, nothing.closures, nothing.checked_ms], [null, [], 0]);
  assert.strictEqual(Buffer.from(later.release).toString(), '{"release":2}');
  assert.deepStrictEqual(later.closures, [{ target: 'L1', start: '', end: '', reason: {} }]);
  assert.deepStrictEqual([later.checked_ms, later.seen_ms], [NOW, NOW]);
});

test('an expired timestamp is not kept, nor anything that comes after it', async () => {
  const shelf = new Shelf();
  await new Phone(A.root, { shelf }).look(A.files, NOW);
  const before = shelf.value;
  const expired = repository({ version: 2, more: { timestamp: { how: { days: -1 } } } });

  const phone = new Phone(A.root, { shelf });
  const told = await phone.look(expired.files, NOW);

  assert.deepStrictEqual([told.code, told.reason, told.where], ['kept-old', 'expired', 'timestamp.json']);
  assert.ok(shelf.value === before);
  assert.ok(!phone.asked.some((name) => name.includes('snapshot')));
});

test('what was verified before something is refused is kept, and the refused is not', async () => {
  const refused = repository({ version: 2, more: { snapshot: { how: { days: -1 } } } });
  const phone = new Phone(A.root);
  await phone.look(A.files, NOW);

  const told = await phone.look(refused.files, NOW);

  assert.strictEqual(told.reason, 'expired');
  assert.strictEqual(phone.versions.timestamp, 2);
  assert.strictEqual(phone.versions.snapshot, 1);
  assert.strictEqual(Buffer.from(told.release).toString(), '{"release":1}');
});

test('nothing new is one file asked for and nothing written, but once an hour', async () => {
  const phone = new Phone(A.root);
  await phone.look(A.files, NOW);
  const { writes } = phone.shelf;

  for (let minute = 1; minute <= 59; minute++) {
    assert.strictEqual((await phone.look(A.files, NOW + minute * 60000)).code, 'current');
    assert.deepStrictEqual(phone.asked, ['metadata/timestamp.json']);
  }
  assert.strictEqual(phone.shelf.writes, writes);
  const told = await phone.look(A.files, NOW + HOUR);
  assert.strictEqual(phone.shelf.writes, writes + 1);
  assert.strictEqual(told.checked_ms, NOW + HOUR);
});

test('only what changed is fetched', async () => {
  const phone = new Phone(A.root);
  await phone.look(A.files, NOW);
  const next = repository({ version: 2 });
  for (const name of ['targets', 'renmin-map']) assert.ok(next.files.has(`metadata/2.${name}.json`));

  await phone.look(next.files, NOW);
  const again = new Phone(A.root, { shelf: phone.shelf });
  const told = await again.look(next.files, NOW);

  assert.strictEqual(told.code, 'current');
  assert.deepStrictEqual(again.asked, ['metadata/timestamp.json']);
});

test('no signature is computed twice while the program runs', async () => {
  let sums = 0;
  const own = { ...nacl, sign: { detached: { verify: (...what) => {
    sums++;
    return nacl.sign.detached.verify(...what);
  } } } };
  const phone = new Phone(A.root, { own });
  await phone.look(A.files, NOW);
  const first = sums;

  await phone.look(B.files, NOW);

  assert.strictEqual(first, 6);
  assert.strictEqual(sums, first + 5, 'the root is the same');
});

test('a phone whose storage fails has what was verified, and says so', async () => {
  const full = () => { throw Object.assign(new Error('full'), { reason: 'storage-full' }); };
  const phone = new Phone(A.root, { shelf: new Shelf(null, full) });

  const told = await phone.look(B.files, NOW);

  assert.deepStrictEqual([told.code, told.reason], ['kept-old', 'storage-full']);
  assert.strictEqual(told.closures.length, 1);
});

test('what somebody else wrote into the store counts for nothing', async () => {
  const good = new Shelf();
  await new Phone(A.root, { shelf: good }).look(A.files, NOW);
  const forged = JSON.parse(good.value);
  forged.timestamp = forged.timestamp.replace('"version":1', '"version":9');
  forged.root = forged.root.replace('"threshold":1', '"threshold":0');
  for (const value of ['', '{', 'null', '[]', '7', '{"hospital":"xiehe"}', JSON.stringify(forged)]) {
    const phone = new Phone(A.root, { shelf: new Shelf(value) });

    const told = await phone.look(B.files, NOW);

    assert.deepStrictEqual([told.code, phone.versions.timestamp], ['new', 2], value);
  }
});

test('time does not go back: a clock put back brings nothing expired to life', async () => {
  const short = repository({ more: { timestamp: { how: { days: 2 } } } });
  const phone = new Phone(A.root);
  await phone.look(short.files, NOW);
  const tomorrow = repository({ version: 2, more: { timestamp: { how: { days: 3 } } } });
  await phone.look(tomorrow.files, NOW + 2.5 * DAY);

  const stale = repository({ version: 3, more: { timestamp: { how: { days: 1 } } } });
  const told = await phone.look(stale.files, NOW);

  assert.deepStrictEqual([told.code, told.reason], ['kept-old', 'expired']);
  assert.strictEqual(told.seen_ms, NOW + 2.5 * DAY);
});

test('a time that was kept and cannot be is dropped: what is new is followed', async () => {
  const days = { timestamp: { how: { days: 1 } } };
  const first = repository({ more: days });
  const second = repository({ version: 2, closures: '[{"target": "L", "start": "", "end": "", "reason": {}}]',
    more: { timestamp: { how: { days: 2 } } } });
  const never = [NOW + 27000 * DAY, NOW + 1.1 * DAY, -1, null, 'soon', 1e300, [], {}, true, undefined];
  for (const seen of never) {
    for (const fields of [['seen_ms'], ['checked_ms'], ['seen_ms', 'checked_ms', 'until_ms']]) {
      const phone = new Phone(first.root);
      await phone.look(first.files, NOW);
      const kept = JSON.parse(phone.shelf.value);
      fields.forEach((field) => { kept[field] = seen; });
      phone.shelf.value = JSON.stringify(kept);

      const opened = await phone.follower.open();
      const told = await phone.look(second.files, NOW + HOUR);

      assert.ok([0, NOW].includes(opened.seen_ms), `${seen}: ${opened.seen_ms}`);
      assert.ok([0, NOW].includes(opened.checked_ms), `${seen}: ${opened.checked_ms}`);
      assert.deepStrictEqual([told.code, told.seen_ms], ['new', NOW + HOUR], String(seen));
    }
  }
});

test('a clock that jumps to another century for a minute does not keep what is new away', async () => {
  const day = (version) => repository({ version, more: { timestamp: { how: { days: version } } } });
  const phone = new Phone(day(1).root);
  await phone.look(day(1).files, NOW);
  const ahead = await phone.look(day(2).files, Date.parse('2099-01-01T00:00:00Z'));

  const told = await phone.look(day(3).files, NOW + HOUR);

  assert.deepStrictEqual([ahead.code, ahead.reason], ['kept-old', 'expired']);
  assert.deepStrictEqual([told.code, told.seen_ms], ['new', NOW + HOUR]);
});

test('a clock that runs ahead is not remembered: put right, all goes on', async () => {
  const phone = new Phone(A.root);
  await phone.look(A.files, NOW);

  const ahead = await phone.look(A.files, NOW + 5000 * DAY);
  const right = await phone.look(B.files, NOW + HOUR);

  assert.deepStrictEqual([ahead.reason, right.code], ['expired', 'new']);
});

test('a later program that brings another root begins with that', async () => {
  const phone = new Phone(A.root);
  await phone.look(A.files, NOW);
  const other = A.root.replace('"signatures":', ' "signatures":'); // the same, in other bytes
  const next = new Phone(other, { shelf: phone.shelf });

  const told = await next.look(B.files, NOW);

  assert.strictEqual(told.code, 'new');
  assert.strictEqual(JSON.parse(phone.shelf.value).embedded, other);
});

test('a newer kind of metadata or of closures asks for a newer program, once it is signed', async () => {
  const spec = repository({ version: 2, more: { timestamp: { how: { spec: '2.0.0' } } } });
  const phone = new Phone(A.root);
  await phone.look(A.files, NOW);
  assert.strictEqual((await phone.look(spec.files, NOW)).reason, 'too-new');

  const files = new Map(spec.files);
  const text = Buffer.from(files.get('metadata/timestamp.json')).toString();
  files.set('metadata/timestamp.json', bytesOf(text.replace('2.0.0', '3.0.0')));
  assert.strictEqual((await phone.look(files, NOW)).reason, 'unsigned');
});

test('closures can only close: all else in them is left aside, and what is no list of them is refused', async () => {
  const one = '{"target":"L1","start":"2026-03-02T08:00","end":"","reason":{"en":"x"},"open":["L2"],"cost":0}';
  const phone = new Phone(A.root);
  const told = await phone.look(repository({ closures: `[${one}]` }).files, NOW);
  assert.deepStrictEqual(told.closures, [
    { target: 'L1', start: '2026-03-02T08:00', end: '', reason: { en: 'x' } }]);

  for (const closures of ['{}', '"L1"', '7', 'null', '{"length":1}']) {
    const next = await new Phone(A.root, { shelf: new Shelf(phone.shelf.value) })
      .look(repository({ version: 2, closures }).files, NOW);

    assert.deepStrictEqual([next.code, next.reason], ['kept-old', 'damaged'], closures);
    assert.deepStrictEqual(next.closures, told.closures);
    assert.strictEqual(Buffer.from(next.release).toString(), '{"release":2}', 'the map comes all the same');
  }
});

test('a row that cannot be read takes no other row away, and is counted', async () => {
  const lift = { target: 'L1', start: '2024-02-29T08:00', end: '', reason: { en: 'x' } };
  const times = ['tomorrow', '2026-12-31', '2026-12-31T08:00:00', '2026-12-31 08:00', ' 2026-12-31T08:00',
    '2026-12-31T08:00:00.5', '2026-12-31T08:00Z', '2026-02-29T08:00', '2026-13-01T08:00', '2026-04-31T08:00',
    '2026-01-01T24:00', '2026-01-01T08:60', '２０２６-01-01T08:00', 7, null, {}, ['2026-12-31T08:00']];
  const odd = times.flatMap((time) => [{ ...lift, start: time }, { ...lift, end: time }]);
  const none = [7, null, 'L1', [], {}, { ...lift, target: '' }, { ...lift, target: 7 },
    { ...lift, reason: null }, { ...lift, reason: ['x'] }, { ...lift, reason: { en: 7 } }];
  for (const row of [...odd, ...none]) {
    const closures = JSON.stringify([row, lift, row]).replace(/[^\0-\x7f]/g,
      (letter) => '\\u' + letter.charCodeAt(0).toString(16));
    const phone = new Phone(A.root);

    const told = await phone.look(repository({ closures }).files, NOW);

    assert.deepStrictEqual([told.code, told.closures, told.unread], ['new', [lift], 2], closures);
    const again = await new Phone(A.root, { shelf: phone.shelf }).follower.open();
    assert.deepStrictEqual([again.closures, again.unread], [[lift], 2]);
  }
});

const EMERGENCY = (said, version) => repository({ version, closures: `[],"emergency":${said}` });

test('an emergency is kept with the closures, and for how long it was heard of is written at every look', async () => {
  const shelf = new Shelf();
  const phone = new Phone(A.root, { shelf });
  assert.strictEqual((await phone.look(A.files, NOW)).emergency, null);
  const alarmed = EMERGENCY('{"since":"2026-03-02T09:12","exit":"left"}', 2);

  const told = await phone.look(alarmed.files, NOW + 60000);

  assert.deepStrictEqual([told.code, told.emergency, told.heard_ms],
    ['new', { since: '2026-03-02T09:12' }, NOW + 60000]);
  const { writes } = shelf;
  for (let minute = 2; minute <= 5; minute++) await phone.look(alarmed.files, NOW + minute * 60000);
  assert.strictEqual(shelf.writes, writes + 4);
  await phone.look(new Map(), NOW + HOUR);
  const later = await new Phone(A.root, { shelf }).follower.open();
  assert.deepStrictEqual([later.emergency, later.heard_ms],
    [{ since: '2026-03-02T09:12' }, NOW + 5 * 60000], 'without a network');

  const over = await phone.look(repository({ version: 3 }).files, NOW + 2 * HOUR);
  assert.deepStrictEqual([over.code, over.emergency], ['new', null]);
});

test('an emergency counts by being there, whatever else stands in it; what is none is none', async () => {
  const cases = [['{}', { since: '' }], ['{"since":7}', { since: '' }],
    ['{"since":"2026-02-30T09:12"}', { since: '' }], ['null', null], ['[]', null], ['"now"', null]];
  for (const [said, expected] of cases) {
    const told = await new Phone(A.root).look(EMERGENCY(said, 2).files, NOW);
    assert.deepStrictEqual([told.code, told.emergency], ['new', expected], said);
  }
});

test('when an emergency was heard of is believed as far as it can be', async () => {
  const shelf = new Shelf();
  await new Phone(A.root, { shelf }).look(EMERGENCY('{}', 2).files, NOW);
  for (const wrong of [9e15, -1, 'now', null]) {
    shelf.value = JSON.stringify({ ...JSON.parse(shelf.value), heard_ms: wrong });
    const told = await new Phone(A.root, { shelf }).follower.open();
    assert.deepStrictEqual([told.emergency, told.heard_ms], [{ since: '' }, NOW], `${wrong}`);
  }
});

test('an emergency is heard of though the map is refused', async () => {
  const files = new Map(EMERGENCY('{"since":""}', 2).files);
  const [release] = [...files.keys()].filter((name) => name.endsWith('release.json'));
  files.delete(release);

  const told = await new Phone(A.root).look(files, NOW);

  assert.deepStrictEqual([told.code, told.checked_ms, told.emergency, told.heard_ms],
    ['kept-old', 0, { since: '' }, NOW]);
});

test('only ASCII is signed: other letters are refused, escaped or not', async () => {
  for (const name of ['医院', '\u{2f81a}']) {
    const odd = repository({ version: 2, more: { timestamp: { content: { x: name } } } });
    const phone = new Phone(A.root);
    await phone.look(A.files, NOW);
    assert.strictEqual((await phone.look(odd.files, NOW)).reason, 'damaged');
    const text = Buffer.from(odd.files.get('metadata/timestamp.json')).toString()
      .replace(/[^\0-\x7f]/g, (unit) => '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0'));
    odd.files.set('metadata/timestamp.json', bytesOf(text));
    assert.strictEqual((await phone.look(odd.files, NOW)).reason, 'damaged');
  }
});

test('names that every object has are no roles, keys or files', async () => {
  for (const name of ['__proto__', 'constructor', 'toString']) {
    const files = new Map(A.files);
    const text = Buffer.from(files.get('metadata/timestamp.json')).toString();
    files.set('metadata/timestamp.json', bytesOf(text.replace('"snapshot.json"', `"${name}"`)));
    assert.strictEqual((await new Phone(A.root).look(files, NOW)).reason, 'damaged');
    files.set('metadata/timestamp.json', bytesOf(text.replace('"keyid":"timestamp"', `"keyid":"${name}"`)));
    assert.strictEqual((await new Phone(A.root).look(files, NOW)).reason, 'unsigned');
  }
});

test('one that is asked twice at once looks once', async () => {
  const phone = new Phone(A.root);
  const both = [phone.look(A.files, NOW), phone.follower.refresh(NOW)];

  assert.strictEqual(await both[0], await both[1]);
  assert.strictEqual(phone.asked.filter((name) => name.includes('timestamp')).length, 1);
});

test('an installation by what was verified never asks for the release that lies there', async () => {
  const asked = [];
  const fetch = navkitTrust.fetching(async (name) => { asked.push(name); return bytesOf(name); },
    bytesOf('verified'));

  assert.strictEqual(Buffer.from(await fetch('release.json')).toString(), 'verified');
  assert.strictEqual(Buffer.from(await fetch('level-1.json')).toString(), 'level-1.json');
  await assert.rejects(navkitTrust.fetching(fetch, null)('release.json'));
  assert.deepStrictEqual(asked, ['level-1.json']);
});

// ---------------------------------------------------------------- the platform

const names = ['trust.js', 'follow.js'];
const sources = names.map((name) => [
  name, fs.readFileSync(new URL(`../../exporter/runtime/client/${name}`, import.meta.url), 'utf8')]);

test('it works where there is no platform and no eval, and makes two globals', async () => {
  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } });
  vm.runInContext(`
    delete globalThis.BigInt; delete globalThis.WebAssembly; delete globalThis.Intl;
    delete Array.prototype.flat; delete Array.prototype.flatMap; delete Object.fromEntries;
    delete Promise.allSettled; delete Promise.any; delete Promise.prototype.finally;
    Date.now = Math.random = () => { throw new Error('neither clock nor chance'); };
    delete globalThis.globalThis;`, context);
  for (const [filename, source] of sources) vm.runInContext(source, context, { filename });
  assert.deepStrictEqual(Object.keys(context), ['navkitTrust', 'navkitFollow']);
  const vendored = new URL('../../exporter/site/page/vendor/nacl-fast.js', import.meta.url);
  vm.runInContext('var self = {};', context);
  vm.runInContext(fs.readFileSync(vendored, 'utf8'), context, { filename: 'nacl-fast.js' });
  Object.assign(context, { root: A.root, store: new Shelf(), files: A.files, NOW });

  const told = await vm.runInContext(`
    const fetch = async (name) => {
      if (!files.has(name)) throw Object.assign(new Error(name), { status: 404 });
      return Uint8Array.from(files.get(name));
    };
    navkitTrust.follower({ nacl: self.nacl, store, fetch, root, hospital: 'renmin' }).refresh(NOW)
      .then((told) => told.code + ' ' + navkitFollow.age(told, NOW).days)`, context);

  assert.strictEqual(told, 'new 0');
});

test('platform names do not occur in it', () => {
  for (const [name, source] of sources) {
    const words = source.replace(/\/\*[^]*?\*\/|\/\/.*/g, '').match(/[A-Za-z_$][\w$]*/g);
    const foreign = ['eval', 'Function', 'require', 'process', 'window', 'document', 'wx', 'localStorage',
      'setTimeout', 'console', 'TextDecoder', 'TextEncoder', 'crypto', 'Buffer', 'BigInt'];

    assert.deepStrictEqual(words.filter((word) => foreign.includes(word)), [], name);
  }
});

test('the syntax is ES2017', () => {
  const check = `
    const acorn = require('internal/deps/acorn/acorn/dist/acorn');
    for (const file of process.argv.slice(1)) {
      acorn.parse(require('fs').readFileSync(file, 'utf8'), { ecmaVersion: 2017 });
    }`;
  const files = names
    .map((name) => fileURLToPath(new URL(`../../exporter/runtime/client/${name}`, import.meta.url)));

  execFileSync(process.execPath, ['--expose-internals', '-e', check, ...files]);
});
