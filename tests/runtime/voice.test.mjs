// Clauses are put together from clips, whole words only, and quickly on an old phone.

import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import process from 'node:process';
import test from 'node:test';
import vm from 'node:vm';
import { fileURLToPath } from 'node:url';
import navkit from '../../exporter/runtime/core/navkit.js';
import navkitVoice from '../../exporter/runtime/client/voice.js';
import { readJson } from './bundle.mjs';
import { INDEX, blob, dice, instruction } from './voice-stage.mjs';

const rules = readJson(new URL('../conformance/voice.json', import.meta.url));
const within = (ranges, code) => ranges.some(([first, last]) => first <= code && code <= last);

test('a clause is made up of the fewest clips', () => {
  for (const [speech, texts, expected] of rules.cover) {
    assert.deepStrictEqual(navkitVoice.cover(speech, texts), expected, `${speech} ${texts}`);
  }
});

test('what is passed over between clips is what the shared rules list, all else is said', () => {
  for (let code = 0; code < 0x10000; code++) {
    const letter = String.fromCharCode(code);
    if (letter === '左' || letter === '转') continue;
    const between = navkitVoice.cover(`左${letter}转`, ['左', '转']);

    assert.strictEqual(between !== null, within(rules.separators, code), code.toString(16));
  }
});

test('no clip begins or ends within a word of the shared rules', () => {
  for (let code = 0; code < 0x10000; code++) {
    if (within(rules.separators, code)) continue;
    const letter = String.fromCharCode(code);
    const split = navkitVoice.cover(`a${letter}`, ['a', letter]);

    assert.strictEqual(split === null, within(rules.words, code), code.toString(16));
  }
});

/** All ways to cover a speech, by trying. */
function everyCover(speech, texts) {
  const rest = speech.replace(/^[ ,'-]+/, '');
  if (!rest) return [[]];
  const found = [];
  for (const text of texts) {
    const after = rest.slice(text.length);
    const cuts = (a, b) => /[a-z]$/.test(a) && /^[a-z]/.test(b);
    const cutsWord = cuts(text, after) || (/[a-z]$/.test(text) && /^'[a-z]/.test(after));
    if (!rest.startsWith(text) || cutsWord) continue;
    for (const others of everyCover(after, texts)) found.push([text, ...others]);
  }
  return found;
}

test('as trying every way finds, in 5,000 random clauses', () => {
  const roll = dice(3);
  const letters = ['一', '二', '一', '二', 'a', 'b', ' ', '-', "'"];
  const word = (most) => Array.from({ length: roll(most) }, () => letters[roll(9)]).join('');
  let covered = 0;
  for (let k = 0; k < 5000; k++) {
    const texts = Array.from({ length: 8 }, () => word(5))
      .filter((text) => text && !/^[ ,'-]|[ ,'-]$/.test(text));
    const speech = Array.from({ length: 4 }, () => (roll(3) ? texts[roll(texts.length)] : word(3)))
      .join(['', ' ', '-'][roll(3)]);
    const ways = everyCover(speech, [...new Set(texts)]).sort((one, other) => {
      if (one.length !== other.length) return one.length - other.length;
      const k = one.findIndex((text, i) => text.length !== other[i].length);
      return k < 0 ? 0 : other[k].length - one[k].length;
    });

    assert.deepStrictEqual(navkitVoice.cover(speech, texts), ways[0] || null, `${speech} ${texts}`);
    covered += ways.length > 1;
  }
  assert.ok(covered > 200, String(covered));
});

test('slices lie one after the other, after the pause', () => {
  const clips = navkitVoice.clips({ pause_bytes: 960, kbit_s: 32, texts: ['一', '二', '左转'],
    bytes: [10, 200, 3000] });

  assert.deepStrictEqual(clips.find('一'), [[960, 10]]);
  assert.deepStrictEqual(clips.find('左转，二'), [[1170, 3000], [970, 200]]);
  assert.deepStrictEqual(clips.find(''), []);
  assert.strictEqual(clips.find('右转'), null);
  assert.strictEqual(clips.bytes, 4170);
});

test('an instruction has pauses between its clauses, not within them', () => {
  const clips = navkitVoice.clips(INDEX);

  const { slices, duration_ms, missing } = clips.slices(instruction('一七', '', '三'));

  assert.deepStrictEqual(slices, [[400, 500], [900, 600], [0, 400], [1500, 700]]);
  assert.strictEqual(duration_ms, 2200 * 8 / 32);
  assert.deepStrictEqual(missing, []);
});

test('a notice is one clause', () => {
  assert.deepStrictEqual(navkitVoice.clips(INDEX).slices({ speech: '一' }).slices, [[400, 500]]);
});

test('one clause without clips leaves no slices, and is named', () => {
  const found = navkitVoice.clips(INDEX).slices(instruction('一', '右转', '百'));

  assert.strictEqual(found.slices, null);
  assert.deepStrictEqual(found.missing, ['右转', '百']);
});

test('slices are joined byte by byte', () => {
  const bytes = blob();
  const slices = [[400, 500], [0, 400], [900, 600]];
  const expected = Buffer.concat(slices.map(([at, length]) => bytes.slice(at, at + length)));

  for (const source of [bytes, bytes.buffer]) {
    const joined = navkitVoice.joined(source, slices);
    assert.ok(expected.equals(joined));
    assert.strictEqual(joined.buffer.byteLength, 1500);
  }
  assert.throws(() => navkitVoice.joined(bytes, [[bytes.length - 9, 10]]), RangeError);
});

test('a view into a larger buffer is read from its own beginning', () => {
  const view = new Uint8Array([9, 9, 1, 2, 3]).subarray(2);

  assert.deepStrictEqual([...navkitVoice.joined(view, [[1, 2], [0, 1]])], [2, 3, 1]);
});

test('a bundle gives the clips of a language, or null', () => {
  const read = [];
  const index = { format: 'navkit-bundle', version: 1, levels: [], languages: ['zh-Hans', 'en'],
    voice: { 'zh-Hans': { index: 'voice-1.json', clips: 'voice-2.mp3' } } };
  const opening = navkit.begin((name) => {
    read.push(name);
    return name === 'index.json' ? index : JSON.stringify(INDEX);
  });
  opening.step();
  const { bundle } = opening;

  assert.deepStrictEqual(bundle.voice('zh-Hans'), { ...INDEX, file: 'voice-2.mp3' });
  assert.strictEqual(bundle.voice('zh-Hans'), bundle.voice('zh-Hans'));
  assert.deepStrictEqual(read, ['index.json', 'voice-1.json']);
  assert.strictEqual(bundle.voice('en'), null);
  assert.throws(() => bundle.voice('fr'), { code: 'unknown-language' });
  delete index.voice;
  assert.strictEqual(bundle.voice('zh-Hans'), null);
});

const file = (name) => fileURLToPath(new URL(`../../exporter/runtime/${name}`, import.meta.url));

/** What a language has and ES2017 has not, or only some platforms have. */
const OLDER = `
  for (const name of ['flat', 'flatMap', 'at', 'findLast', 'with']) delete Array.prototype[name];
  for (const name of ['replaceAll', 'matchAll', 'trimStart', 'trimEnd', 'at']) {
    delete String.prototype[name];
  }
  delete Object.fromEntries; delete Object.hasOwn; delete globalThis.BigInt; delete globalThis.Intl;
  delete globalThis.WebAssembly; delete globalThis.WeakRef; delete globalThis.SharedArrayBuffer;
  Date.now = Math.random = () => { throw new Error('no clock, no chance'); };
  delete globalThis.globalThis;
`;

test('the voice speaks in a sandbox without eval, timers or sound of its own', () => {
  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } });
  vm.runInContext(OLDER, context);
  vm.runInContext(fs.readFileSync(file('client/voice.js'), 'utf8'), context);

  assert.deepStrictEqual(Object.keys(context), ['navkitVoice']);
  context.index = INDEX;
  context.blob = blob().buffer;
  const played = vm.runInContext(`
    var played = [], end;
    var platform = {
      play: function (bytes, how) { played.push(bytes.length); end = how.onEnd; return { stop() {} }; },
      canSpeak: function () { return false; }, speak: function () { return null; },
      vibrate: function () {}, later: function () { return function () {}; },
      screenReader: function () { return false; },
    };
    var clips = navkitVoice.clips(index);
    var player = navkitVoice.player({ platform: platform, clips: clips, blob: blob });
    player.say({ text: '一，二。', speech: '一，二。', clauses: [{ speech: '一' }, { speech: '二' }] });
    end();
    JSON.stringify([played, player.means, player.counters.played]);
  `, context);

  assert.deepStrictEqual(JSON.parse(played), [[500 + 400 + 900], '', 1]);
});

test('adapters make one global each, and take window or wx from whoever calls', () => {
  for (const [name, global] of [
    ['platform/voice-browser.js', 'navkitVoiceBrowser'], ['platform/voice-wx.js', 'navkitVoiceWx'],
  ]) {
    const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } });
    vm.runInContext(OLDER, context);
    vm.runInContext(fs.readFileSync(file(name), 'utf8'), context);

    assert.deepStrictEqual(Object.keys(context), [global]);
  }
});

test('the syntax is ES2017', () => {
  const check = `
    const acorn = require('internal/deps/acorn/acorn/dist/acorn');
    for (const file of process.argv.slice(1)) {
      acorn.parse(require('fs').readFileSync(file, 'utf8'), { ecmaVersion: 2017 });
    }
  `;
  const files = ['client/voice.js', 'platform/voice-browser.js', 'platform/voice-wx.js'].map(file);

  execFileSync(process.execPath, ['--expose-internals', '-e', check, ...files]);
});

test('platform names do not occur in the core', () => {
  const source = fs.readFileSync(file('client/voice.js'), 'utf8');
  const words = source.replace(/\/\*[^]*?\*\/|\/\/.*/g, '').match(/[A-Za-z_$][\w$]*/g);
  const foreign = ['eval', 'Function', 'require', 'process', 'window', 'document', 'fetch', 'wx',
    'setTimeout', 'clearTimeout', 'console', 'TextDecoder', 'TextEncoder', 'crypto', 'Buffer',
    'Audio', 'Blob', 'speechSynthesis', 'Intl', 'BigInt', 'async', 'await', 'Promise', 'Date'];

  assert.deepStrictEqual(words.filter((word) => foreign.includes(word)), []);
});

test('without a compiler a clause is found among 1,500 clips in less than a millisecond', (t) => {
  const script = fileURLToPath(new URL('voice-timing.mjs', import.meta.url));
  const text = execFileSync(process.execPath, ['--jitless', script],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const figures = JSON.parse(text);

  t.diagnostic('figure: voice without a compiler, ms: ' + JSON.stringify(figures));

  assert.deepStrictEqual([figures.texts, figures.covered], [1500, 400]);
  assert.ok(figures.clause_zh < 1 && figures.clause_en < 1, text);
});

test('a chosen voice says what it can, the usual one the rest, clause by clause', () => {
  const usual = { language: 'zh-Hans', pause_bytes: 2, kbit_s: 32, texts: ['一', '左转', '走到头'], bytes: [3, 4, 5] };
  const own = { ...usual, pause_bytes: 1, texts: ['左转', '右转'], bytes: [6, 7] };
  const blobs = [new Uint8Array(14).fill(1), new Uint8Array(14).fill(2)];
  const { clips, blob } = navkitVoice.voiceOf([
    { index: own, blob: blobs[0].buffer }, { index: usual, blob: blobs[1] },
  ]);
  const said = (...speeches) => {
    const { slices, missing } = clips.slices({ clauses: speeches.map((speech) => ({ speech })) });
    return slices ? [...navkitVoice.joined(blob, slices)].join('') : missing;
  };

  assert.strictEqual(clips.bytes, blob.byteLength);
  assert.strictEqual(said('左转'), '111111');
  assert.strictEqual(said('走到头'), '22222');
  assert.strictEqual(said('一，左转'), '222111111');
  assert.strictEqual(said('走到头', '右转'), '22222' + '1' + '1111111');
  assert.deepStrictEqual(said('上楼'), ['上楼']);
});

test('of two voices that which is here speaks; with none there is text', () => {
  const index = { language: 'en', pause_bytes: 1, kbit_s: 32, texts: ['left'], bytes: [2] };
  const blob = new Uint8Array(3);

  assert.strictEqual(navkitVoice.voiceOf([{ index, blob: null }, { index, blob }]).clips.bytes, 3);
  assert.deepStrictEqual(navkitVoice.voiceOf([null, { index, blob: null }]), { clips: null, blob: null });
});
