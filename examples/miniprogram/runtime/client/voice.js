/* navkit's voice: instructions from recorded clips, the phone's own speech, or text.
 *
 * One file for CommonJS, for <script> (global `navkitVoice`) and for sandboxes without eval.
 * ES2017; no DOM, wx, timers: `platform` produces the sound (voice-browser.js, voice-wx.js).
 *
 *   var clips = navkitVoice.clips(bundle.voice('zh-Hans'));      // where each clause is
 *   var player = navkitVoice.player({platform, clips, blob, language: 'zh-Hans', onState});
 *   player.say(instruction)      // the latest wins: the current speech is cut off
 *   player.repeat(), player.slower(), player.mute(true), player.stop()
 *
 * docs/runtime.md has the details.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitVoice = make();
  }
})(this, function () {
  'use strict';

  // ---------------------------------------------------------------- covering

  /* Kinds of UTF-16 units, as in tests/conformance/voice.json. Unknown ones are content: they have
   * to be said, and are never skipped silently. */
  const CONTENT = 0;
  const SEPARATOR = 1;
  const WORD = 2;

  const WORDS = [[48, 11775], [65296, 65381]];
  const SEPARATORS = [
    [0, 47], [58, 64], [91, 96], [123, 169], [171, 177], [180, 180], [182, 184], [187, 187],
    [191, 191], [215, 215], [247, 247], [8192, 8303], [8592, 9215], [9472, 10101],
    [11776, 11903], [12288, 12292], [12296, 12320], [12336, 12336], [12349, 12351],
    [12539, 12539], [65024, 65055], [65072, 65135], [65279, 65295], [65306, 65312],
    [65339, 65344], [65371, 65381], [65504, 65535],
  ];
  const APOSTROPHES = [39, 8217];

  const KIND = new Uint8Array(0x10000).fill(CONTENT);
  WORDS.forEach(function (range) { KIND.fill(WORD, range[0], range[1] + 1); });
  SEPARATORS.forEach(function (range) { KIND.fill(SEPARATOR, range[0], range[1] + 1); });

  function kindAt(text, i) {
    return i >= 0 && i < text.length ? KIND[text.charCodeAt(i)] : SEPARATOR;
  }

  /** Whether there is a letter or a digit at position i, or an apostrophe between two. */
  function isInWord(text, i) {
    const kind = kindAt(text, i);
    if (kind !== SEPARATOR) return kind === WORD;
    return APOSTROPHES.includes(text.charCodeAt(i)) &&
      kindAt(text, i - 1) === WORD && kindAt(text, i + 1) === WORD;
  }

  /** For each border between two letters, 1 if it is within a word; 0 at both ends. */
  function insides(text) {
    const found = new Uint8Array(text.length + 1);
    for (let i = 1; i < text.length; i++) {
      found[i] = isInWord(text, i - 1) && isInWord(text, i) ? 1 : 0;
    }
    return found;
  }

  /** A text without separators at its ends. */
  function trimmed(text) {
    let first = 0;
    let end = text.length;
    while (first < end && kindAt(text, first) === SEPARATOR) first++;
    while (end > first && kindAt(text, end - 1) === SEPARATOR) end--;
    return text.slice(first, end);
  }

  /** Texts by their beginnings, so that a clause is covered quickly. */
  class Texts {
    constructor(texts) {
      this._number = new Map();
      this._lengths = new Map();
      texts.forEach((text, number) => {
        const key = trimmed(text);
        if (this._number.has(key)) return;
        this._number.set(key, number);
        const known = this._lengths.get(key[0]);
        if (!known) this._lengths.set(key[0], [key.length]);
        else if (!known.includes(key.length)) known.push(key.length);
      });
      this._lengths.forEach(function (some) { some.sort(function (a, b) { return a - b; }); });
    }

    /** Numbers of the fewest texts that make up a speech, or null. Separators between them are
     * skipped; none begins or ends within a word. Ties: the longest first text, then the longest
     * second, and so on. */
    cover(speech) {
      const count = speech.length;
      const isInside = insides(speech);
      const fewest = new Array(count + 1).fill(Infinity); // from i to the end
      const first = new Array(count); // number of the text that begins at i
      const after = new Array(count); // where it ends
      fewest[count] = 0;
      for (let i = count - 1; i >= 0; i--) {
        if (kindAt(speech, i) === SEPARATOR) {
          fewest[i] = fewest[i + 1];
          first[i] = -1;
          after[i] = i + 1;
          continue;
        }
        const lengths = isInside[i] ? undefined : this._lengths.get(speech[i]);
        for (let k = 0; lengths && k < lengths.length; k++) {
          const end = i + lengths[k];
          if (end > count) break;
          // From short to long: of equally few, the longest wins.
          if (fewest[end] === Infinity || fewest[end] + 1 > fewest[i]) continue;
          const number = this._number.get(speech.slice(i, end));
          if (number === undefined) continue;
          fewest[i] = fewest[end] + 1;
          first[i] = number;
          after[i] = end;
        }
      }
      if (fewest[0] === Infinity) return null;
      const numbers = [];
      for (let i = 0; i < count; i = after[i]) if (first[i] >= 0) numbers.push(first[i]);
      return numbers;
    }
  }

  /** The fewest of `texts` that make up a speech, or null. */
  function cover(speech, texts) {
    const numbers = new Texts(texts).cover(speech);
    return numbers && numbers.map(function (number) { return texts[number]; });
  }

  // ------------------------------------------------------------------- clips

  /** Where the clip of each text is in the blob. What these clips cannot say, those of `usual` do,
   * if there are any; their blob follows this one. */
  class Clips {
    constructor(index, usual) {
      this.language = index.language;
      this.preferred = index.preferred !== false;
      this._pause = [0, index.pause_bytes];
      this._kbitS = index.kbit_s;
      this._texts = new Texts(index.texts);
      this._all = usual ? new Texts(index.texts.concat(usual.texts)) : null;
      this._slices = [];
      let offset = 0;
      (usual ? [index, usual] : [index]).forEach((one) => {
        offset += one.pause_bytes;
        one.bytes.forEach((length) => {
          this._slices.push([offset, length]);
          offset += length;
        });
      });
      /** The length of the blob, in bytes. */
      this.bytes = offset;
    }

    /** Slices [offset, length] that say a clause's speech, or null if a clip is missing. */
    find(speech) {
      const numbers = this._texts.cover(speech) || (this._all && this._all.cover(speech));
      return numbers && numbers.map((number) => this._slices[number]);
    }

    /** Slices that say an instruction, a pause between clauses, and how long they last; if a
     * clause cannot be said, no slices, and all such clauses as `missing`. */
    slices(instruction) {
      const missing = [];
      let slices = [];
      clausesOf(instruction).forEach((clause) => {
        const found = this.find(clause.speech);
        if (!found) missing.push(clause.speech);
        else if (found.length) slices = slices.concat(slices.length ? [this._pause] : [], found);
      });
      if (missing.length) return { slices: null, duration_ms: 0, missing: missing };
      const bytes = slices.reduce(function (sum, slice) { return sum + slice[1]; }, 0);
      return { slices: slices, duration_ms: bytes * 8 / this._kbitS, missing: missing };
    }
  }

  /** Clauses of an instruction; a notice is one clause by itself. */
  function clausesOf(instruction) {
    return instruction.clauses || [instruction];
  }

  /** Clips and blob of the voices that are here, the chosen one first: of each `index` and `blob`. */
  function voiceOf(parts) {
    const here = parts.filter(function (one) { return one && one.index && one.blob; });
    if (!here.length) return { clips: null, blob: null };
    const indexes = here.map(function (one) { return one.index; });
    const blobs = here.map(function (one) {
      return one.blob.subarray ? one.blob : new Uint8Array(one.blob);
    });
    if (blobs.length === 1) return { clips: new Clips(indexes[0], null), blob: blobs[0] };
    const both = new Uint8Array(blobs[0].length + blobs[1].length);
    both.set(blobs[0]);
    both.set(blobs[1], blobs[0].length);
    return { clips: new Clips(indexes[0], indexes[1]), blob: both };
  }

  /** Slices of a blob (Uint8Array or ArrayBuffer) as one Uint8Array with a buffer of its own. */
  function joined(blob, slices) {
    const bytes = blob.subarray ? blob : new Uint8Array(blob);
    let length = 0;
    slices.forEach(function (slice) {
      if (slice[0] + slice[1] > bytes.length) {
        throw new RangeError('the clips end too early. Download the map again.');
      }
      length += slice[1];
    });
    const whole = new Uint8Array(length);
    let at = 0;
    slices.forEach(function (slice) {
      whole.set(bytes.subarray(slice[0], slice[0] + slice[1]), at);
      at += slice[1];
    });
    return whole;
  }

  // ------------------------------------------------------------------ player

  const SLOW = 0.8;
  /** A sound counts as stalled after this multiple of its length, plus `PATIENCE_MS`. */
  const PATIENCE = 1.5;
  const PATIENCE_MS = 2000;
  /** Time per character of the phone's own voice. A guess, on the long side. */
  const HAN_MS = 300;
  const LETTER_MS = 100;
  const VIBRATION_MS = 200;

  /** Means to try in this order; text always works. */
  function meansOf(isHeard, hasClips, hasVoice, preferClips) {
    if (!isHeard) return ['text'];
    const means = preferClips ? ['clips', 'voice'] : ['voice', 'clips'];
    return means
      .filter(function (one) { return one === 'clips' ? hasClips : hasVoice; })
      .concat('text');
  }

  function spokenMs(speech) {
    let duration = 0;
    for (let i = 0; i < speech.length; i++) {
      duration += speech.charCodeAt(i) < 0x2e80 ? LETTER_MS : HAN_MS;
    }
    return duration;
  }

  /** Several instructions or notices as one. */
  function together(some) {
    const of = function (name) { return some.map(function (one) { return one[name]; }); };
    return {
      text: of('text').join('\n'),
      speech: of('speech').join(', '),
      clauses: [].concat.apply([], some.map(clausesOf)),
    };
  }

  function quietly(act) {
    try {
      act();
    } catch (error) {
      // A sound that cannot be stopped must not block the next one.
    }
  }

  /** Says one thing at a time, the latest. */
  class Player {
    constructor(options) {
      this._platform = options.platform;
      this._blob = options.blob || null;
      // A blob of another length belongs to other clips: its slices would say anything.
      const isWhole = options.clips && this._blob && this._blob.byteLength === options.clips.bytes;
      this._clips = options.clips || null;
      this._hasBlob = Boolean(isWhole);
      this._language = options.language || options.clips.language;
      this._onState = options.onState || function () {};
      this._last = null;
      this._sounding = null;
      this.rate = 1;
      this.muted = false;
      /** How the last instruction is being said: 'clips', 'voice', 'text', or '' when over. */
      this.means = '';
      this.counters = {
        said: 0, played: 0, spoken: 0, shown: 0, interrupted: 0, missing: 0, stalled: 0, failed: 0,
      };
    }

    /** Whether nothing can be heard now: no clips are here, and the phone has no voice of its own. */
    isTextOnly() {
      return !this._hasBlob && !this._platform.canSpeak(this._language);
    }

    /** Say an instruction, a notice, or an array of them as one. Cuts off the current speech. */
    say(instruction) {
      this._last = Array.isArray(instruction) ? together(instruction) : instruction;
      this._begin();
    }

    /** Say the last instruction again. */
    repeat() {
      if (this._last) this._begin();
    }

    /** Slower, or at full speed again; the current speech starts again. Returns the rate. */
    slower() {
      this.rate = this.rate === 1 ? SLOW : 1;
      if (this._sounding) this._begin();
      else this._tell();
      return this.rate;
    }

    /** Text and vibration only, from now on. */
    mute(on) {
      this.muted = Boolean(on);
      if (this.muted && this._sounding) this._cutOff();
      this._tell();
    }

    /** Silence, until the next `say` or `repeat`. */
    stop() {
      this._cutOff();
      this.means = '';
      this._tell();
    }

    _begin() {
      this._cutOff();
      this.counters.said++;
      const said = this._last;
      const isRead = this._platform.screenReader();
      const isHeard = !this.muted && !isRead;
      const found = this._clips && this._clips.slices(said);
      const hasClips = Boolean(found && found.slices && found.slices.length && this._hasBlob);
      if (isHeard && found && !hasClips) this.counters.missing++;
      const hasVoice = isHeard && Boolean(this._platform.canSpeak(this._language));
      const preferClips = Boolean(this._clips && this._clips.preferred);
      this._try(said, found, meansOf(isHeard, hasClips, hasVoice, preferClips), isRead);
      this._tell();
    }

    /** Say it by the first means; if that fails or never ends, by the next. */
    _try(said, found, means, isRead) {
      this.means = means[0];
      if (this.means === 'text') {
        this.counters.shown++;
        if (!isRead) quietly(() => this._platform.vibrate(VIBRATION_MS));
        return;
      }
      const isClips = this.means === 'clips';
      const attempt = { sound: null, cancel: null };
      let isBegun = false;
      let early = '';
      const over = (how) => {
        if (!isBegun) {
          // Reported before there is anything to stop: handled below.
          early = early || how;
          return;
        }
        if (this._sounding !== attempt) return; // A late event of a sound that was cut off.
        this._silence();
        if (how === 'ended') {
          this.counters[isClips ? 'played' : 'spoken']++;
          this.means = '';
        } else {
          this.counters[how]++;
          this._try(said, found, means.slice(1), isRead);
        }
      };
      const report = (how) => () => {
        const before = this._sounding;
        over(how);
        if (isBegun && before === attempt) this._tell();
      };
      const options = { rate: this.rate, onEnd: report('ended'), onError: report('failed') };
      this._sounding = attempt;
      try {
        if (isClips) {
          attempt.sound = this._platform.play(joined(this._blob, found.slices), options);
        } else {
          options.language = this._language;
          attempt.sound = this._platform.speak(said.speech, options);
        }
        if (!attempt.sound) early = 'failed';
      } catch (error) {
        early = 'failed';
      }
      isBegun = true;
      if (early) {
        over(early);
        return;
      }
      const durationMs = isClips ? found.duration_ms : spokenMs(said.speech);
      attempt.cancel = this._platform.later(
        PATIENCE * durationMs / this.rate + PATIENCE_MS, report('stalled'));
    }

    _cutOff() {
      if (!this._sounding) return;
      this.counters.interrupted++;
      this._silence();
      this.means = '';
    }

    _silence() {
      const attempt = this._sounding;
      this._sounding = null;
      if (attempt.cancel) quietly(attempt.cancel);
      if (attempt.sound) quietly(function () { attempt.sound.stop(); });
    }

    _tell() {
      this._onState({
        means: this.means,
        text: this._last ? this._last.text : '',
        rate: this.rate,
        muted: this.muted,
      });
    }
  }

  return {
    clips: function (index) { return new Clips(index, null); },
    voiceOf: voiceOf,
    player: function (options) { return new Player(options); },
    joined: joined,
    cover: cover,
  };
});
