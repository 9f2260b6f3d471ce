// What a browser and a mini-program are asked for, on fakes that behave as badly as they do.

import assert from 'node:assert';
import test from 'node:test';
import navkitVoiceBrowser from '../../exporter/runtime/platform/voice-browser.js';
import navkitVoiceWx from '../../exporter/runtime/platform/voice-wx.js';
import words from '../../examples/miniprogram/runtime/words.js';
import navkitVoice from '../../exporter/runtime/client/voice.js';
import { INDEX, blob, instruction } from './voice-stage.mjs';

const BYTES = new Uint8Array([255, 243, 1, 2]);

/** Notes what is reported. */
function ear() {
  const heard = [];
  return {
    heard,
    how: (more = {}) => ({
      rate: 1, onEnd: () => heard.push('end'), onError: () => heard.push('error'), ...more,
    }),
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

// ------------------------------------------------------------------- browser

const voice = (lang, more = {}) => ({ lang, localService: true, name: lang, voiceURI: lang, ...more });

function browser({ voices = [], isLocked = false, ...more } = {}) {
  const page = { audios: [], urls: new Map(), spoken: [], cancelled: 0, shaken: [], timers: [] };
  let count = 0;
  page.window = {
    Audio: class {
      constructor() {
        Object.assign(this, { playbackRate: 1, defaultPlaybackRate: 1, paused: true });
        page.audios.push(this);
      }
      set src(url) {
        this.bytes = page.urls.get(url);
        this.playbackRate = this.defaultPlaybackRate; // as a load does
        this.paused = true;
      }
      play() {
        this.paused = page.isLocked;
        return page.isLocked ? Promise.reject(new Error('NotAllowedError')) : Promise.resolve();
      }
      pause() { this.paused = true; }
    },
    Blob: class {
      constructor(parts, { type }) { Object.assign(this, { bytes: parts[0], type }); }
    },
    URL: {
      createObjectURL: (it) => { page.urls.set(`blob:${++count}`, it); return `blob:${count}`; },
      revokeObjectURL: (url) => page.urls.delete(url),
    },
    SpeechSynthesisUtterance: class { constructor(text) { this.text = text; } },
    speechSynthesis: {
      speaking: false,
      pending: false,
      getVoices: () => page.voices,
      speak: (utterance) => {
        page.spoken.push(utterance);
        page.window.speechSynthesis.speaking = true;
      },
      cancel: () => { page.cancelled++; page.window.speechSynthesis.speaking = false; },
      addEventListener: (name) => { page.listens = name; },
    },
    navigator: { vibrate: (ms) => page.shaken.push(ms) },
    setTimeout: (act, ms) => page.timers.push([act, ms]) - 1,
    clearTimeout: (id) => { page.timers[id] = null; },
    ...more,
  };
  page.voices = voices;
  page.isLocked = isLocked;
  return page;
}

test('browser: one element plays all, at the rate, and keeps no sound it no longer needs', () => {
  const page = browser();
  const platform = navkitVoiceBrowser.platform(page.window, { words });
  const { heard, how } = ear();

  platform.play(BYTES, how({ rate: 0.8 }));
  const [audio] = page.audios;
  assert.deepStrictEqual([audio.bytes.bytes, audio.bytes.type], [BYTES, 'audio/mpeg']);
  assert.deepStrictEqual([audio.playbackRate, audio.paused], [0.8, false]);
  audio.onended();
  platform.play(BYTES, how());

  assert.deepStrictEqual([page.audios.length, page.urls.size, heard], [1, 1, ['end']]);
  assert.strictEqual(audio.playbackRate, 1);
});

test('browser: what was stopped reports nothing and does not stop what came after', () => {
  const page = browser();
  const platform = navkitVoiceBrowser.platform(page.window, { words });
  const { heard, how } = ear();

  const first = platform.play(BYTES, how());
  const { onended, onerror } = page.audios[0];
  first.stop();
  assert.strictEqual(page.audios[0].paused, true);
  platform.play(BYTES, how());
  first.stop();
  onended();
  onerror();

  assert.deepStrictEqual([heard, page.audios[0].paused, page.urls.size], [[], false, 1]);
});

test('browser: a sound that may not begin is an error, and one that was cut off is none', async () => {
  const page = browser({ isLocked: true });
  const platform = navkitVoiceBrowser.platform(page.window, { words });
  const { heard, how } = ear();

  platform.play(BYTES, how()).stop();
  await settled();
  assert.deepStrictEqual(heard, []);
  platform.play(BYTES, how());
  await settled();

  assert.deepStrictEqual([heard, page.urls.size], [['error'], 0]);
});

test('browser: without promises from play, as in old ones', () => {
  const page = browser();
  const platform = navkitVoiceBrowser.platform(page.window, { words });
  page.audios[0].play = () => undefined;
  const { heard, how } = ear();

  platform.play(BYTES, how());
  page.audios[0].onerror();

  assert.deepStrictEqual(heard, ['error']);
});

test('browser: a touch unlocks the element with silence, once it worked', async () => {
  const page = browser({ isLocked: true });
  const platform = navkitVoiceBrowser.platform(page.window, { words });
  const [audio] = page.audios;

  platform.unlock();
  await settled();
  page.isLocked = false;
  platform.unlock();
  await settled();
  const wav = Buffer.from(audio.bytes.bytes);
  assert.strictEqual(wav.toString('latin1', 0, 4) + wav.toString('latin1', 8, 16), 'RIFFWAVEfmt ');
  assert.strictEqual(wav.readUInt32LE(4), wav.length - 8);
  assert.strictEqual(wav.readUInt32LE(40), wav.length - 44);
  audio.onended();
  audio.bytes = null;
  platform.unlock();

  assert.strictEqual(audio.bytes, null);
  assert.deepStrictEqual(page.spoken.map((one) => one.text), ['', '']);
});

test('browser: unlocking does not disturb what sounds', () => {
  const page = browser();
  const platform = navkitVoiceBrowser.platform(page.window, { words });
  platform.play(BYTES, ear().how());

  platform.unlock();

  assert.deepStrictEqual([page.audios[0].bytes.bytes, page.spoken], [BYTES, []]);
});

test('browser: voices of the phone itself only, of the language that is meant', () => {
  const cases = [
    ['zh-Hans', ['en-US', 'zh-TW', 'zh_CN'], 'zh_CN'],
    ['zh-Hans', ['zh-HK', 'yue-HK', 'zh-TW', 'zh', 'cmn'], null],
    ['zh-Hans', ['cmn-Hans-CN'], 'cmn-Hans-CN'],
    ['zh-Hant', ['zh-CN', 'zh-TW'], 'zh-TW'],
    ['zh-Hant', ['zh-HK', 'zh-CN'], 'zh-CN'],
    ['zh-Hant-HK', ['zh-CN', 'zh-TW', 'zh-HK'], 'zh-HK'],
    ['en', ['zh-CN', 'en-GB'], 'en-GB'],
    ['en', ['eng'], null],
    ['ko', [], null],
  ];
  for (const [language, tags, expected] of cases) {
    const found = navkitVoiceBrowser.voiceFor(tags.map((tag) => voice(tag)), language, words);
    assert.strictEqual(found && found.lang, expected, `${language} ${tags}`);
  }
  const far = voice('en-US', { localService: false });
  const espeak = { name: 'Chinese espeak-ng' };
  assert.strictEqual(navkitVoiceBrowser.voiceFor([far], 'en', words), null);
  assert.strictEqual(navkitVoiceBrowser.voiceFor([voice('zh-CN', espeak)], 'zh-Hans', words), null);
  assert.ok(navkitVoiceBrowser.voiceFor([voice('en', espeak)], 'en', words));
});

test('browser: voices that load late are found then', () => {
  const page = browser();
  const platform = navkitVoiceBrowser.platform(page.window, { words });

  assert.strictEqual(platform.canSpeak('en'), false);
  assert.strictEqual(platform.speak('turn left', ear().how({ language: 'en' })), null);
  assert.strictEqual(page.listens, 'voiceschanged');
  page.voices = [voice('en-US')];

  assert.strictEqual(platform.canSpeak('en'), true);
});

test('browser: speech is said by the voice at the rate, and its end told once', () => {
  const page = browser({ voices: [voice('en-GB')] });
  const platform = navkitVoiceBrowser.platform(page.window, { words });
  const { heard, how } = ear();

  platform.speak('turn left', how({ language: 'en', rate: 0.8 }));
  const [{ text, lang, rate, onend, onerror }] = page.spoken;
  onend();
  onerror();

  assert.deepStrictEqual([text, lang, rate, heard], ['turn left', 'en-GB', 0.8, ['end']]);
  assert.strictEqual(page.spoken[0].voice, page.voices[0]);
});

test('browser: speech that is stopped is cancelled, and reports nothing', () => {
  const page = browser({ voices: [voice('en-GB')] });
  const platform = navkitVoiceBrowser.platform(page.window, { words });
  const { heard, how } = ear();

  const first = platform.speak('turn left', how({ language: 'en' }));
  first.stop();
  page.spoken[0].onerror(); // "interrupted"
  platform.speak('turn right', how({ language: 'en' }));
  first.stop();

  assert.deepStrictEqual([heard, page.cancelled], [[], 1]);
  page.spoken[1].onend();
  assert.deepStrictEqual(heard, ['end']);
});

test('browser: what else the page says is cut off, as nothing would be heard until it ends', () => {
  const page = browser({ voices: [voice('en-GB')] });
  const platform = navkitVoiceBrowser.platform(page.window, { words });
  page.window.speechSynthesis.speaking = true;

  platform.speak('turn left', ear().how({ language: 'en' }));

  assert.deepStrictEqual([page.cancelled, page.spoken.length], [1, 1]);
});

test('browser: no speech, no vibration: neither is missed', () => {
  const page = browser({ speechSynthesis: undefined, navigator: {} });
  const platform = navkitVoiceBrowser.platform(page.window, { words, screenReader: () => true });

  platform.vibrate(200);
  platform.unlock();

  assert.deepStrictEqual([platform.canSpeak('en'), platform.screenReader()], [false, true]);
});

test('browser: a player from the first touch to the last sound', async () => {
  const page = browser({ voices: [voice('zh-CN')] });
  const platform = navkitVoiceBrowser.platform(page.window, { words });
  const player = navkitVoice.player({ platform, clips: navkitVoice.clips(INDEX), blob: blob() });

  platform.unlock();
  player.say(instruction('一'));
  await settled();
  page.audios[0].onended();
  player.say(instruction('右转'));
  page.spoken[page.spoken.length - 1].onend();
  player.mute(true);
  player.say(instruction('一'));

  const { played, spoken, shown, stalled, failed } = player.counters;
  assert.deepStrictEqual({ played, spoken, shown, stalled, failed },
    { played: 1, spoken: 1, shown: 1, stalled: 0, failed: 0 });
  assert.deepStrictEqual([page.timers.filter(Boolean), page.shaken, page.urls.size], [[], [200], 0]);
});

// -------------------------------------------------------------- mini-program

function weChat() {
  const phone = { files: new Map(), audios: [], options: null, shaken: [], waiting: [], timers: [] };
  phone.wx = {
    env: { USER_DATA_PATH: 'wxfile://usr' },
    setInnerAudioOption: (options) => { phone.options = options; },
    getFileSystemManager: () => ({
      writeFile: ({ filePath, data, success, fail }) => phone.waiting.push(() => {
        if (phone.isFull) return fail({ errMsg: 'writeFile:fail' });
        assert.ok(data instanceof ArrayBuffer);
        phone.files.set(filePath, new Uint8Array(data));
        return success();
      }),
      unlink: ({ filePath, success, fail }) => (phone.files.delete(filePath) ? success() : fail()),
    }),
    createInnerAudioContext: () => {
      const audio = {
        log: [],
        onEnded: (act) => { audio.end = act; },
        onError: (act) => { audio.fail = act; },
        play: () => audio.log.push(`play ${audio.src} ${audio.playbackRate}`),
        stop: () => { audio.log.push('stop'); audio.end(); }, // some phones report the end then
        destroy: () => audio.log.push('destroy'),
      };
      phone.audios.push(audio);
      return audio;
    },
    vibrateShort: ({ type }) => phone.shaken.push(type),
    vibrateLong: () => phone.shaken.push('long'),
  };
  phone.write = () => phone.waiting.splice(0).forEach((act) => act());
  phone.options = null;
  phone.clock = {
    setTimeout: (act, ms) => phone.timers.push([act, ms]) - 1,
    clearTimeout: (id) => { phone.timers[id] = null; },
  };
  return phone;
}

test('mini-program: bytes become an .mp3 file that is played at the rate, mute switch or not', () => {
  const phone = weChat();
  const platform = navkitVoiceWx.platform(phone.wx, phone.clock);
  const { heard, how } = ear();

  platform.play(BYTES, how({ rate: 0.8 }));
  phone.write();

  const path = 'wxfile://usr/navkit-say-0.mp3';
  assert.deepStrictEqual(phone.options, { obeyMuteSwitch: false });
  assert.deepStrictEqual([...phone.files], [[path, BYTES]]);
  assert.deepStrictEqual(phone.audios[0].log, [`play ${path} 0.8`]);
  phone.audios[0].end();
  assert.deepStrictEqual([heard, phone.audios[0].log.slice(1)], [['end'], ['stop', 'destroy']]);
});

test('mini-program: only the bytes of a view are written', () => {
  const phone = weChat();

  navkitVoiceWx.platform(phone.wx, phone.clock).play(BYTES.subarray(2), ear().how());
  phone.write();

  assert.deepStrictEqual([...phone.files.values()], [new Uint8Array([1, 2])]);
});

test('mini-program: three files take turns, and are taken away', () => {
  const phone = weChat();
  const platform = navkitVoiceWx.platform(phone.wx, phone.clock);

  for (let k = 0; k < 7; k++) platform.play(BYTES, ear().how());
  phone.write();

  assert.deepStrictEqual(phone.audios.map((audio) => audio.src.slice(-5, -4)).join(''), '0120120');
  assert.strictEqual(phone.files.size, 3);
  platform.remove();
  assert.strictEqual(phone.files.size, 0);
});

test('mini-program: what is cut off while its file is written never sounds', () => {
  const phone = weChat();
  const platform = navkitVoiceWx.platform(phone.wx, phone.clock);
  const { heard, how } = ear();

  platform.play(BYTES, how()).stop();
  phone.write();

  assert.deepStrictEqual([phone.audios, heard], [[], []]);
});

test('mini-program: what is stopped is destroyed once and reports nothing', () => {
  const phone = weChat();
  const platform = navkitVoiceWx.platform(phone.wx, phone.clock);
  const { heard, how } = ear();

  const sound = platform.play(BYTES, how());
  phone.write();
  sound.stop();
  sound.stop();
  phone.audios[0].fail();

  assert.deepStrictEqual([phone.audios[0].log.slice(1), heard], [['stop', 'destroy'], []]);
});

test('mini-program: a full disk and a broken player are errors', () => {
  const phone = weChat();
  const platform = navkitVoiceWx.platform(phone.wx, phone.clock);
  const { heard, how } = ear();

  platform.play(BYTES, how());
  phone.write();
  phone.audios[0].fail();
  phone.isFull = true;
  platform.play(BYTES, how());
  phone.write();

  assert.deepStrictEqual(heard, ['error', 'error']);
});

test('mini-program: no voice of its own; it vibrates short or long', () => {
  const phone = weChat();
  delete phone.wx.setInnerAudioOption;
  const platform = navkitVoiceWx.platform(phone.wx, { ...phone.clock, screenReader: () => true });

  platform.vibrate(15);
  platform.vibrate(200);

  assert.deepStrictEqual(phone.shaken, ['medium', 'long']);
  assert.strictEqual(platform.canSpeak('zh-Hans'), false);
  assert.strictEqual(platform.speak(), null);
  assert.strictEqual(platform.screenReader(), true);
  assert.strictEqual(navkitVoiceWx.platform(phone.wx).screenReader(), false);
});

test('mini-program: a player whose sound never ends shows text instead', () => {
  const phone = weChat();
  const platform = navkitVoiceWx.platform(phone.wx, phone.clock);
  const player = navkitVoice.player({ platform, clips: navkitVoice.clips(INDEX), blob: blob().buffer });

  player.say(instruction('一'));
  phone.write();
  player.say(instruction('七'));
  phone.write();
  const [[act, ms]] = phone.timers.filter(Boolean);
  assert.strictEqual(ms, 1.5 * 600 * 8 / 32 + 2000);
  act();

  const { shown, stalled, interrupted } = player.counters;
  assert.deepStrictEqual({ shown, stalled, interrupted }, { shown: 1, stalled: 1, interrupted: 1 });
  assert.deepStrictEqual(phone.audios.map((audio) => audio.log.pop()), ['destroy', 'destroy']);
  assert.deepStrictEqual(phone.shaken, ['long']);
});
