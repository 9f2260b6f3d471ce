// What a phone offers is little: no eval, nothing newer than ES2017, no platform at all.

import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import test from 'node:test';
import vm from 'node:vm';
import { fileURLToPath } from 'node:url';
import { reader } from './bundle.mjs';

const home = fileURLToPath(new URL('../../exporter/runtime/core/', import.meta.url));
const sources = gathered('navkit.js', new Map());
const folder = process.env.NAVKIT_BUNDLE;
const skip = folder ? false : 'NAVKIT_BUNDLE names no bundle';

/** A script after all that it requires, by name. */
function gathered(name, found) {
  if (found.has(name)) return found;
  const source = fs.readFileSync(path.join(home, name), 'utf8');
  for (const [, part] of source.matchAll(/require\('\.\/([^']*)'\)/g)) gathered(part, found);
  return found.set(name, source);
}

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
  for (const [filename, source] of sources) vm.runInContext(source, context, { filename });
  return context;
}

test('a plain script makes a global of its own name and no other', () => {
  const names = Object.keys(sandbox());

  const own = Array.from(sources.keys(), (name) => {
    const part = name.replace('.js', '');
    return part === 'navkit' ? part : `navkit${part[0].toUpperCase()}${part.slice(1)}`;
  });
  assert.deepStrictEqual(names, own);
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
    const regexes = [];
    for (const file of process.argv.slice(1)) {
      acorn.parse(require('fs').readFileSync(file, 'utf8'), { ecmaVersion: 2017, onToken: (token) => {
        if (token.type.label === 'regexp') regexes.push(token.value.pattern);
      } });
    }
    console.log(regexes.length);
  `;
  const files = Array.from(sources.keys(), (name) => path.join(home, name));

  const regexes = execFileSync(
    process.execPath, ['--expose-internals', '-e', check, ...files], { encoding: 'utf8' });

  assert.ok(Number(regexes) > 3);
});

test('platform names do not occur', () => {
  const own = Array.from(sources.values(), (source) => source.replace(/require\('\.\//g, ''));
  const words = own.join('\n').replace(/\/\*[^]*?\*\/|\/\/.*/g, '').match(/[A-Za-z_$][\w$]*/g);
  const foreign = ['eval', 'Function', 'require', 'process', 'window', 'document', 'fetch', 'wx',
    'localStorage', 'setTimeout', 'console', 'TextDecoder', 'TextEncoder', 'crypto', 'Buffer',
    'Intl', 'BigInt', 'toLocaleString', 'localeCompare', 'async', 'await', 'Promise'];

  assert.deepStrictEqual(words.filter((word) => foreign.includes(word)), []);
});
