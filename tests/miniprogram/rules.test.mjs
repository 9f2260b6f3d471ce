// What all templates and scripts of the mini-program keep to.

import assert from 'node:assert';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test from 'node:test';
import vm from 'node:vm';
import { APP, Phone } from './phone.mjs';

const require = createRequire(import.meta.url);
const navkitApp = require(path.join(APP, 'runtime/client/app.js'));
const words = require(path.join(APP, 'runtime/words.js'));

const TOOLS = path.join(
  path.dirname(require.resolve('miniprogram-compiler/package.json')), 'bin', 'linux');
const runs = ['wcc', 'wcsc'].every((name) => {
  fs.chmodSync(path.join(TOOLS, name), 0o755); // npm unpacks them without.
  return process.platform === 'linux' && !spawnSync(path.join(TOOLS, name), ['-v']).error;
});
const skip = runs ? false : 'WeChat\'s compilers wcc and wcsc do not run here: WXML and WXSS unchecked';

const all = fs.readdirSync(APP, { recursive: true })
  .filter((name) => !name.startsWith('baseline/bundle'));
const read = (name) => fs.readFileSync(path.join(APP, name), 'utf8');
const templates = all.filter((name) => name.endsWith('.wxml'));
const own = all.filter((name) => /\.(js|json|wxml|wxss)$/.test(name) && !name.startsWith('runtime/'));

/** Opening tags of a template with their attributes. */
function elements(text) {
  return [...text.matchAll(/<([\w-]+)((?:\s+[\w:*-]+(?:="[^"]*")?)*)\s*\/?>/g)].map(([, tag, rest]) => ({
    tag,
    ...Object.fromEntries([...rest.matchAll(/([\w:*-]+)(?:="([^"]*)")?/g)].map(([, k, v]) => [k, v])),
  }));
}

const everything = templates.flatMap((name) => elements(read(name)).map((one) => [name, one]));

test('WeChat\'s own compilers take all templates and styles', { skip }, () => {
  const made = (tool, kind) => spawnSync(
    path.join(TOOLS, tool), all.filter((name) => name.endsWith(kind)), { cwd: APP, encoding: 'utf8' });

  const markup = made('wcc', '.wxml');
  const styles = made('wcsc', '.wxss');

  assert.deepStrictEqual([markup.status, markup.stderr], [0, '']);
  assert.deepStrictEqual([styles.status, styles.stderr], [0, '']);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wxml-'));
  fs.writeFileSync(path.join(folder, 'bad.wxml'), '<view>{{a.}}</view></text>');
  assert.notStrictEqual(spawnSync(path.join(TOOLS, 'wcc'), ['bad.wxml'], { cwd: folder }).status, 0);
  fs.rmSync(folder, { recursive: true });
});

test('all that can be touched says to a screen reader what it is', () => {
  const touchable = everything.filter(([, one]) => (
    one.bindtap || one.bindinput || one.bindtouchstart));
  const mute = touchable.filter(([, one]) => !one['aria-role'] || !one['aria-label']);

  assert.ok(touchable.length > 30);
  assert.deepStrictEqual(mute, []);
});

test('what is touched leads somewhere', () => {
  const app = navkitApp.create({
    bundle: { languages: ['en'], levels: [{ ordinal: 0 }] }, words,
    keep: { get: () => null, set: () => {} }, now: () => '',
  });
  const settings = Object.keys(navkitApp.SETTINGS);
  for (const [name, one] of everything) {
    const scripts = path.dirname(name) + (name.startsWith('pages/guide') ? '/guide.js'
      : `/${path.basename(name, '.wxml')}.js`);
    for (const [key, handler] of Object.entries(one)) {
      if (!/^bind/.test(key)) continue;
      assert.match(read(scripts), new RegExp(`^ +(async )?${handler}\\(`, 'm'), `${name}: ${handler}`);
    }
    const does = one['data-do'];
    if (does && !does.includes('{{')) assert.strictEqual(typeof app[does], 'function', does);
    const set = one['data-name'];
    if (set && !set.includes('{{')) assert.ok(settings.includes(set), set);
  }
});

test('templates show words that there are, and decide nothing', () => {
  for (const name of templates) {
    for (const [, said] of read(name).matchAll(/\{\{(.*?)\}\}/g)) {
      assert.doesNotMatch(said, /[?&|+*<=]/, `${name}: ${said}`);
      for (const [, found] of said.matchAll(/\bwords\.([\w.]+(?:\['[\w-]+'\])?)/g)) {
        const keys = found.replace(/\['|'\]/g, '.').split('.').filter(Boolean);
        const word = keys.reduce((part, key) => part && part[key], words.en);
        assert.strictEqual(typeof word, 'string', `${name}: ${found}`);
      }
    }
  }
});

test('no words are written here: they are data', () => {
  for (const name of own) assert.doesNotMatch(read(name), /[\u3400-\u9fff]/, name);
});

test('scripts are ES2017', () => {
  const check = `
    const acorn = require('internal/deps/acorn/acorn/dist/acorn');
    const fs = require('fs');
    for (const file of process.argv.slice(1)) {
      acorn.parse(fs.readFileSync(file, 'utf8'), { ecmaVersion: 2017 });
    }
  `;
  const scripts = all.filter((name) => name.endsWith('.js')).map((name) => path.join(APP, name));

  assert.ok(scripts.length > 14);
  execFileSync(process.execPath, ['--expose-internals', '-e', check, ...scripts]);
});

test('nothing is asked that needs a consent, and every page is listed', () => {
  const app = JSON.parse(read('app.json'));
  const pages = [...app.pages, ...app.subPackages.flatMap(
    ({ root, pages: some }) => some.map((page) => `${root}/${page}`))];
  const source = own.filter((name) => name.endsWith('.js')).map(read).join('\n');
  // `makePhoneCall` dials what is on the screen, and knows no number of the walker's.
  const asked = source.match(/\bwx\.(?!makePhoneCall\b)(\w*(Location|User|Phone|login|Bluetooth|Wifi|Record)\w*)/g);

  assert.strictEqual(asked, null);
  assert.ok(!app.requiredPrivateInfos && !app.permission);
  for (const page of pages) {
    for (const kind of ['js', 'json', 'wxml', 'wxss']) assert.ok(all.includes(`${page}.${kind}`), page);
  }
});

test('the app installs, opens and guides in a sandbox without eval and what is newer', async () => {
  const context = vm.createContext(
    { setTimeout, clearTimeout }, { codeGeneration: { strings: false, wasm: false } });
  vm.runInContext(`
    delete Array.prototype.flat; delete Array.prototype.flatMap; delete Array.prototype.at;
    delete String.prototype.replaceAll; delete String.prototype.matchAll; delete Object.fromEntries;
    delete Object.hasOwn; delete Promise.allSettled; delete Promise.prototype.finally;
    delete globalThis.BigInt; delete globalThis.Intl; delete globalThis.WebAssembly;
    delete globalThis.globalThis;
  `, context);
  const made = {};
  const load = (file) => {
    if (!made[file]) {
      made[file] = { exports: {} };
      const wrapped = `(function (module, exports, require) {${fs.readFileSync(file, 'utf8')}\n})`;
      vm.runInContext(wrapped, context, { filename: file })(
        made[file], made[file].exports, (name) => load(path.resolve(path.dirname(file), name)));
    }
    return made[file].exports;
  };
  const phone = new Phone();

  const guide = load(path.join(APP, 'guide.js')).create(phone.wx, '');
  const why = await guide.installBaseline();
  guide.app.search('fsk');
  guide.app.choose(guide.app.view().find.results[0].place);
  guide.app.startAt(guide.app.view().start.entrances[0].place);
  guide.app.go();

  assert.strictEqual(why, '');
  assert.strictEqual(guide.view().screen, 'walk');
  assert.deepStrictEqual(Object.keys(context).sort(), ['clearTimeout', 'setTimeout']);
});
