// A phone made of numbers: sounds, a clock, and everything that may go wrong with them.

import navkitVoice from '../../exporter/runtime/client/voice.js';

/** Instructions of two clauses each, `0` to `9` and 甲; every clip is a number of its own. */
export const TEXTS = ['一', '七', '三', '九', '二', '五', '八', '六', '十', '四', '左转'];
const BYTES = TEXTS.map((_, i) => 500 + 100 * i);
export const INDEX = {
  language: 'zh-Hans', preferred: true, rate_hz: 24000, kbit_s: 32,
  pause_bytes: 400, texts: TEXTS, bytes: BYTES,
};

/** The pause is zeros, the clip of text i is as long as the index says, all i + 1. */
export function blob() {
  const parts = BYTES.map((length, i) => new Uint8Array(length).fill(i + 1));
  return joinedParts([new Uint8Array(INDEX.pause_bytes), ...parts]);
}

function joinedParts(parts) {
  return new Uint8Array([].concat(...parts.map((part) => Array.from(part))));
}

/** An instruction that says these speeches, one a clause. */
export function instruction(...speeches) {
  const clauses = speeches.map((speech) => ({ kind: 'test', text: speech, speech }));
  return { text: `${speeches.join('，')}。`, speech: `${speeches.join('，')}。`, clauses };
}

/** A generator of numbers below n, the same in every run. */
export function dice(seed) {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 4294967296 * n);
  };
}

/** A platform on a clock that the test turns. `fate(how, said)` tells what becomes of a sound:
 * ends, never, error, error-at-once, end-at-once, throws, nothing. */
export class Stage {
  constructor({ fate = () => 'ends', voice = true, reader = false } = {}) {
    Object.assign(this, { fate, voice, reader });
    this.nowMs = 0;
    this.timers = [];
    this.sounding = new Set();
    this.begun = []; // {by, said, rate} of every sound, in order
    this.vibrations = 0;
    this.most = 0; // sounds at once
    this.states = [];
    const stage = this;
    this.platform = {
      play: (bytes, how) => stage._sound('clips', bytes, bytes.length / 4, how),
      speak: (text, how) => stage._sound('voice', text, text.length * 200, how),
      canSpeak: () => stage.voice,
      vibrate: () => { stage.vibrations++; },
      later: (durationMs, act) => stage._later(durationMs, act),
      screenReader: () => stage.reader,
    };
  }

  player(options = {}) {
    return navkitVoice.player({
      platform: this.platform, clips: navkitVoice.clips(INDEX), blob: blob(), language: 'zh-Hans',
      onState: (state) => this.states.push(state), ...options,
    });
  }

  /** Let time pass. */
  pass(durationMs) {
    const until = this.nowMs + durationMs;
    for (;;) {
      const next = this.timers.filter((one) => one.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers.splice(this.timers.indexOf(next), 1);
      this.nowMs = next.at;
      next.act();
    }
    this.nowMs = until;
  }

  _later(durationMs, act) {
    const timer = { at: this.nowMs + durationMs, act };
    this.timers.push(timer);
    return () => { this.timers = this.timers.filter((one) => one !== timer); };
  }

  _sound(by, said, durationMs, { rate, onEnd, onError }) {
    const fate = this.fate(by, said);
    if (fate === 'throws') throw new Error('no such sound');
    if (fate === 'nothing') return null;
    const sound = { by, said, rate };
    this.begun.push(sound);
    if (fate === 'end-at-once') {
      onEnd();
      return { stop: () => {} };
    }
    this.sounding.add(sound);
    this.most = Math.max(this.most, this.sounding.size);
    if (fate === 'error-at-once') onError(); // and yet sounds until it is stopped
    const end = (report) => () => {
      // Reported late, after it was stopped, too: real phones do so.
      this.sounding.delete(sound);
      report();
    };
    if (fate === 'ends') this._later(durationMs / rate, end(onEnd));
    if (fate === 'error') this._later(durationMs / rate / 2, end(onError));
    return {
      stop: () => {
        this.sounding.delete(sound);
        if (fate === 'stop-throws') throw new Error('cannot be stopped');
      },
    };
  }
}
