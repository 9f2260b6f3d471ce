// The component of the npm package, in somebody else's mini-program.

import assert from 'node:assert';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import test from 'node:test';
import { settled } from './phone.mjs';

const require = createRequire(import.meta.url);
const simulate = require('miniprogram-simulate');

const APP = process.env.NAVKIT_PACKAGED; // a folder in which the package is installed
/** What WeChat's developer tools take of the package. */
const PACKAGE = path.join(APP, 'node_modules/navkit-runtime/lib');
const navkit = createRequire(path.join(APP, 'app.js'))('navkit-runtime');
const bundle = navkit.open(
  (name) => fs.readFileSync(path.join(process.env.NAVKIT_BUNDLE, name), 'utf8'));

/** The component on a page, and what the page hears of it. */
function placed() {
  const id = simulate.load(path.join(PACKAGE, 'guide/guide'), { rootPath: PACKAGE });
  const made = simulate.render(id);
  made.attach(document.body);
  const heard = [];
  ['step', 'refused'].forEach((name) => made.addEventListener(
    name, (event) => heard.push([name, event.detail])));
  return { made, heard };
}

test('a way is shown step by step, and a touched step is told to the page', async () => {
  const { made, heard } = placed();

  const route = made.instance.show(bundle, 'A101', '放射科', { profile: 'wheelchair', language: 'zh-Hans' });
  await settled();

  const { instructions } = bundle.tell(route, 'zh-Hans');
  const lines = made.querySelectorAll('.text').map((one) => one.dom.textContent);
  assert.deepStrictEqual(lines, instructions.map((one) => one.text));
  made.querySelectorAll('.step')[1].dispatchEvent('tap');
  await settled();
  assert.strictEqual(heard[0][0], 'step');
  assert.strictEqual(heard[0][1].speech, instructions[1].speech);
});

test('what cannot be shown is told in a sentence and by its code', async () => {
  const { made, heard } = placed();

  const route = made.instance.show(bundle, 'A101', 'nowhere at all');
  await settled();

  assert.strictEqual(route, null);
  assert.deepStrictEqual(heard.map(([name, detail]) => [name, detail.code]), [['refused', 'no-such-place']]);
  assert.ok(made.dom.textContent.includes(heard[0][1].text));
  assert.strictEqual(made.querySelectorAll('.step').length, 0);
});
