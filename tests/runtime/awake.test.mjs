// The screen of a walker stays on, and the lock screen turns the steps, where a browser lets a page.

import assert from 'node:assert';
import { createRequire } from 'node:module';
import test from 'node:test';

const { keeper, buttons, tell } = createRequire(import.meta.url)('../../exporter/site/page/awake.js');

function browser({ refuses = false } = {}) {
  const on = {};
  const locks = [];
  const acts = {};
  return {
    locks, acts, on, MediaMetadata: class { constructor(said) { Object.assign(this, said); } },
    document: { visibilityState: 'visible', addEventListener: (name, act) => { on[name] = act; } },
    navigator: {
      mediaSession: { metadata: null, setActionHandler(name, act) {
        if (name === 'seekto') throw new TypeError(name);
        acts[name] = act;
      } },
      wakeLock: { async request(kind) {
        if (refuses) throw new Error('battery');
        const lock = { kind, isHeld: true, release() { this.isHeld = false; this.over(); },
          addEventListener(_, act) { this.over = act; } };
        locks.push(lock);
        return lock;
      } },
    },
  };
}

const held = (window) => window.locks.filter((lock) => lock.isHeld).length;

test('the screen stays on during a walk only, and again after the page was hidden', async () => {
  const window = browser();
  let isWalking = false;
  const look = keeper(window, () => isWalking);
  await look();
  assert.strictEqual(held(window), 0);
  isWalking = true;
  await Promise.all([look(), look()]);
  assert.strictEqual(held(window), 1);
  window.document.visibilityState = 'hidden';
  window.locks[0].release();
  await window.on.visibilitychange();
  assert.strictEqual(held(window), 0);
  window.document.visibilityState = 'visible';
  await window.on.visibilitychange();
  assert.strictEqual(held(window), 1);
  isWalking = false;
  await look();
  assert.strictEqual(held(window), 0);
});

test('a browser that refuses, or has nothing of it, is no error', async () => {
  await keeper(browser({ refuses: true }), () => true)();
  const bare = { ...browser(), navigator: {} };
  await keeper(bare, () => true)();
  buttons(bare, { nexttrack() {} });
  tell(bare, 'a', 'b');
});

test('the lock screen shows the step, and its buttons turn it', () => {
  const window = browser();
  const turned = [];
  buttons(window, { nexttrack: () => turned.push('next'), seekto: () => {}, play: () => turned.push('say') });
  window.acts.nexttrack();
  window.acts.play();
  assert.deepStrictEqual(turned, ['next', 'say']);
  tell(window, '左转', '医院');
  assert.deepStrictEqual({ ...window.navigator.mediaSession.metadata }, { title: '左转', artist: '医院' });
  tell(window, '', '');
  assert.strictEqual(window.navigator.mediaSession.metadata, null);
});
