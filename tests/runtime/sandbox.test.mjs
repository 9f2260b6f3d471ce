// What a phone offers is little: no eval, nothing newer than ES2017, no platform at all.

import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import process from 'node:process';
import test from 'node:test';
import vm from 'node:vm';
import { fileURLToPath } from 'node:url';
import { reader } from './bundle.mjs';

const file = fileURLToPath(new URL('../../exporter/runtime/navkit.js', import.meta.url));
const source = fs.readFileSync(file, 'utf8');
const folder = process.env.NAVKIT_BUNDLE;
const skip = folder ? false : 'NAVKIT_BUNDLE names no bundle';

/** Takes away what came after ES2017, and all that only some platforms have. */
const OLDER = `
  delete Array.prototype.flat; delete Array.prototype.flatMap; delete Array.prototype.at;
  delete Array.prototype.findLast; delete Array.prototype.findLastIndex;
  delete Array.prototype.toSorted; delete Array.prototype.toReversed;
  delete Array.prototype.toSpliced; delete Array.prototype.with;
  delete String.prototype.replaceAll; delete String.prototype.matchAll;
  delete String.prototype.trimStart; delete String.prototype.trimEnd;
  delete String.prototype.at; delete Object.fromEntries; delete Object.hasOwn;
  delete Promise.allSettled; delete Promise.any; delete Promise.prototype.finally;
  delete globalThis.BigInt; delete globalThis.BigInt64Array; delete globalThis.BigUint64Array;
  delete globalThis.Intl; delete globalThis.WebAssembly; delete globalThis.SharedArrayBuffer;
  delete globalThis.Atomics; delete globalThis.WeakRef; delete globalThis.FinalizationRegistry;
  Date.now = () => { throw new Error('the clock is the client\\'s'); };
  Math.random = () => { throw new Error('nothing is left to chance'); };
  delete globalThis.globalThis;
`;

function sandbox() {
  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } });
  vm.runInContext(OLDER, context);
  vm.runInContext(source, context, { filename: 'navkit.js' });
  return context;
}

test('a plain script makes one global and no other', () => {
  const names = Object.keys(sandbox());

  assert.deepStrictEqual(names, ['navkit']);
});

test('a bundle is opened, searched and navigated in a sandbox without eval', { skip }, () => {
  const context = sandbox();
  context.read = reader(folder);

  const told = vm.runInContext(`
    var bundle = navkit.open(read);
    var found = bundle.search('yaofang', { limit: 1, language: 'en' })[0];
    var route = bundle.route('category:entrance', found.id, { profile: 'wheelchair' });
    bundle.level(0);
    JSON.stringify(bundle.answer(route, bundle.tell(route, 'zh-Hans')));
  `, context);

  assert.match(JSON.parse(told).instructions.pop().text, /^.*到了，.*。$/);
});

test('the syntax is ES2017', () => {
  // Node's own copy of acorn: no package has to be installed.
  const check = `
    const acorn = require('internal/deps/acorn/acorn/dist/acorn');
    const source = require('fs').readFileSync(process.argv[1], 'utf8');
    const regexes = [];
    acorn.parse(source, { ecmaVersion: 2017, onToken: (token) => {
      if (token.type.label === 'regexp') regexes.push(token.value.pattern);
    } });
    console.log(regexes.length);
  `;

  const regexes = execFileSync(
    process.execPath, ['--expose-internals', '-e', check, file], { encoding: 'utf8' });

  assert.ok(Number(regexes) > 3);
});

test('platform names do not occur', () => {
  const words = source.replace(/\/\*[^]*?\*\/|\/\/.*/g, '').match(/[A-Za-z_$][\w$]*/g);
  const foreign = ['eval', 'Function', 'require', 'process', 'window', 'document', 'fetch', 'wx',
    'localStorage', 'setTimeout', 'console', 'TextDecoder', 'TextEncoder', 'crypto', 'Buffer',
    'Intl', 'BigInt', 'toLocaleString', 'localeCompare', 'async', 'await', 'Promise'];

  assert.deepStrictEqual(words.filter((word) => foreign.includes(word)), []);
});
