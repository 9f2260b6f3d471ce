/* What navkit's voice needs from a browser: <audio>, local speech, vibration, timers.
 *
 *   var platform = navkitVoiceBrowser.platform(window, {words, screenReader: () => settings.reader});
 *   document.addEventListener('click', platform.unlock);   // sounds need a first touch
 *
 * No page can detect a screen reader: ask the user, and answer by `screenReader`.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitVoiceBrowser = make();
  }
})(this, function () {
  'use strict';

  function isOf(tag, beginning) {
    return tag === beginning || tag.startsWith(beginning + '-');
  }

  /** The best of the voices in the phone itself, or null. The words of the screen have, for each
   * language, the prefixes of its voices' tags, and whether espeak is intelligible in it. */
  function voiceFor(voices, language, words) {
    const known = words && words[language] && words[language].voices;
    const wanted = known ? known.begin : [language.toLowerCase()];
    for (let k = 0; k < wanted.length; k++) {
      for (let i = 0; i < voices.length; i++) {
        const one = voices[i];
        const tag = one.lang.replace(/_/g, '-').toLowerCase();
        const isMumbled = known && !known.espeak && /espeak/i.test(one.name + ' ' + one.voiceURI);
        if (one.localService && !isMumbled && isOf(tag, wanted[k])) return one;
      }
    }
    return null;
  }

  /** A moment of silence, as WAV: 8,000 Hz, 8 bit, 0.05 s. */
  function silence() {
    const samples = 400;
    const bytes = new Uint8Array(44 + samples).fill(128, 44);
    const view = new DataView(bytes.buffer);
    const text = function (at, word) {
      for (let i = 0; i < word.length; i++) bytes[at + i] = word.charCodeAt(i);
    };
    text(0, 'RIFF');
    view.setUint32(4, 36 + samples, true);
    text(8, 'WAVEfmt ');
    view.setUint32(16, 16, true);
    view.setUint16(20, 1, true); // PCM
    view.setUint16(22, 1, true); // one channel
    view.setUint32(24, 8000, true);
    view.setUint32(28, 8000, true);
    view.setUint16(32, 1, true);
    view.setUint16(34, 8, true);
    text(36, 'data');
    view.setUint32(40, samples, true);
    return bytes;
  }

  /** One audio element for all sounds: once touched, it may play later by itself. */
  class Sounds {
    constructor(window) {
      this._window = window;
      this._audio = new window.Audio();
      this._current = null;
    }

    get isBusy() {
      return this._current !== null;
    }

    /** Play these bytes on the element, in place of what it has. */
    start(bytes, type, how) {
      const audio = this._audio;
      if (this._current) this._current.stop();
      const url = this._window.URL.createObjectURL(new this._window.Blob([bytes], { type: type }));
      const mine = {
        stop: () => {
          if (this._current !== mine) return;
          this._current = null;
          audio.pause();
          this._window.URL.revokeObjectURL(url);
        },
      };
      const over = (report) => () => {
        if (this._current !== mine) return;
        mine.stop();
        report();
      };
      this._current = mine;
      audio.onended = over(how.onEnd);
      audio.onerror = over(how.onError);
      audio.src = url;
      // A new source begins at the default rate.
      audio.defaultPlaybackRate = audio.playbackRate = how.rate;
      const begun = audio.play();
      if (begun && begun.then) begun.then(how.onBegin, over(how.onError));
      return mine;
    }
  }

  /** The phone's own speech; nothing if it cannot speak. */
  class Speech {
    constructor(window, words, onVoices) {
      this._window = window;
      this._words = words;
      this._synthesis = window.speechSynthesis || null;
      this._current = null; // Kept here, or Chrome collects it, and its end is never reported.
      // Voices load asynchronously on the first request.
      this._voices();
      if (this._synthesis && this._synthesis.addEventListener) {
        this._synthesis.addEventListener('voiceschanged', () => {
          this._voices();
          onVoices();
        });
      }
    }

    _voices() {
      return this._synthesis ? this._synthesis.getVoices() : [];
    }

    voice(language) {
      return voiceFor(this._voices(), language, this._words);
    }

    speak(text, how) {
      const voice = this.voice(how.language);
      if (!voice) return null;
      const mine = new this._window.SpeechSynthesisUtterance(text);
      const over = (report) => () => {
        if (this._current !== mine) return;
        this._current = null;
        report();
      };
      mine.voice = voice;
      mine.lang = voice.lang;
      mine.rate = how.rate;
      mine.onend = over(how.onEnd);
      mine.onerror = over(how.onError);
      // Speech of another part of the page would keep this waiting.
      if (this._synthesis.speaking || this._synthesis.pending) this._synthesis.cancel();
      this._current = mine;
      this._synthesis.speak(mine);
      return {
        stop: () => {
          if (this._current !== mine) return;
          this._current = null;
          this._synthesis.cancel();
        },
      };
    }

    /** Says nothing, so that a phone lets it speak later. */
    unlock() {
      if (!this._synthesis || this._current) return;
      this._synthesis.speak(new this._window.SpeechSynthesisUtterance(''));
    }
  }

  /** A platform for `navkitVoice.player`; `options.screenReader()` returns whether one is on, and
   * `options.words` are the words of the screen, by language; `options.onVoices()` is called when
   * the phone's own voices have changed. */
  function platform(window, options) {
    const settings = options || {};
    const sounds = new Sounds(window);
    const nothing = function () {};
    const speech = new Speech(window, settings.words, settings.onVoices || nothing);
    let isUnlocked = false;

    return {
      play: function (bytes, how) {
        return sounds.start(bytes, 'audio/mpeg', {
          rate: how.rate, onEnd: how.onEnd, onError: how.onError, onBegin: nothing,
        });
      },

      canSpeak: function (language) {
        return speech.voice(language) !== null;
      },

      speak: function (text, how) {
        return speech.speak(text, how);
      },

      vibrate: function (durationMs) {
        if (window.navigator.vibrate) window.navigator.vibrate(durationMs);
      },

      later: function (durationMs, act) {
        const timer = window.setTimeout(act, durationMs);
        return function () { window.clearTimeout(timer); };
      },

      screenReader: function () {
        return Boolean(settings.screenReader && settings.screenReader());
      },

      /** Call it in a click or touch event: from then on sounds may start by themselves. */
      unlock: function () {
        if (isUnlocked || sounds.isBusy) return;
        sounds.start(silence(), 'audio/wav', {
          rate: 1, onEnd: nothing, onError: nothing, onBegin: function () { isUnlocked = true; },
        });
        speech.unlock();
      },
    };
  }

  return { platform: platform, voiceFor: voiceFor };
});
