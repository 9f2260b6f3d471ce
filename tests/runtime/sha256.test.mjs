// SHA-256 against Node's own.

import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import process from 'node:process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import sha256 from '../../exporter/runtime/client/sha256.js';

const expected = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Bytes that look random, the same in every run. */
function noise(length) {
  let state = length + 1;
  return new Uint8Array(length).map(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

test('every length to 300, and a megabyte', () => {
  for (let length = 0; length <= 300; length++) {
    assert.strictEqual(sha256.hex(noise(length)), expected(noise(length)), `${length}`);
  }
  assert.strictEqual(sha256.hex(noise(1 << 20)), expected(noise(1 << 20)));
});

test('in pieces of any length it is the same', () => {
  const bytes = noise(5000);
  for (const step of [1, 3, 55, 63, 64, 65, 127, 128, 1000, 4999]) {
    const hasher = sha256.hasher();
    for (let at = 0; at < bytes.length; at += step) hasher.update(bytes.subarray(at, at + step));

    assert.strictEqual(hasher.hex(), expected(bytes), `${step}`);
  }
});

test('without a compiler a piece of 32 KB takes less than 100 ms', () => {
  const file = fileURLToPath(new URL('../../exporter/runtime/client/sha256.js', import.meta.url));
  const script = `
    const hasher = require(${JSON.stringify(file)}).hasher();
    const bytes = new Uint8Array(32768);
    const took = [];
    for (let i = 0; i < 9; i++) {
      const begun = process.hrtime();
      hasher.update(bytes);
      const [s, ns] = process.hrtime(begun);
      took.push(s * 1e3 + ns / 1e6);
    }
    console.log(took.sort((a, b) => a - b)[4]);`;

  const median = Number(execFileSync(process.execPath, ['--jitless', '-e', script],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));

  assert.ok(median < 100, `${median} ms`);
});
