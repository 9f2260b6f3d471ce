/* What navkit's voice needs from a WeChat mini-program: a sound file, vibration, timers.
 *
 *   const platform = navkitVoiceWx.platform(wx, {screenReader: () => settings.reader});
 *
 * WeChat speaks only through a network service, so the phone has no voice of its own here. Nor can
 * a mini-program detect a screen reader: ask the user, and answer by `screenReader`.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitVoiceWx = make();
  }
})(this, function () {
  'use strict';

  /** How many files are used in turn: a player may still hold the one that was cut off. */
  const FILES = 3;

  /** Up to this length a vibration is a short one; WeChat knows only 15 and 400 ms. */
  const SHORT_MS = 50;

  /** Plays bytes from a file, whose name may be used again once another was played. */
  function play(wx, filePath, bytes, how) {
    let audio = null;
    let isOver = false;
    const stop = function () {
      isOver = true;
      if (!audio) return;
      const old = audio;
      audio = null;
      old.stop();
      old.destroy(); // A mini-program gets few of them.
    };
    const over = function (report) {
      return function () {
        if (isOver) return;
        stop();
        report();
      };
    };
    const begin = function () {
      if (isOver) return;
      audio = wx.createInnerAudioContext();
      audio.onEnded(over(how.onEnd));
      audio.onError(over(how.onError));
      audio.src = filePath;
      audio.playbackRate = how.rate;
      audio.play();
    };
    const whole = bytes.byteLength === bytes.buffer.byteLength;
    wx.getFileSystemManager().writeFile({
      filePath: filePath,
      data: whole ? bytes.buffer : bytes.slice().buffer,
      success: begin,
      fail: over(how.onError),
    });
    return { stop: stop };
  }

  /** A platform for `navkitVoice.player`. `options`: `screenReader()`, and timers for tests. */
  function platform(wx, options) {
    const settings = options || {};
    const startTimer = settings.setTimeout || setTimeout;
    const stopTimer = settings.clearTimeout || clearTimeout;
    let count = 0;

    // Spoken with the mute switch on, too: people who navigate by ear do not look at the screen.
    if (wx.setInnerAudioOption) wx.setInnerAudioOption({ obeyMuteSwitch: false });

    function path(number) {
      return wx.env.USER_DATA_PATH + '/navkit-say-' + number + '.mp3'; // iOS wants a true suffix.
    }

    return {
      play: function (bytes, how) {
        const filePath = path(count);
        count = (count + 1) % FILES;
        return play(wx, filePath, bytes, how);
      },

      canSpeak: function () {
        return false;
      },

      speak: function () {
        return null;
      },

      vibrate: function (durationMs) {
        if (durationMs > SHORT_MS) wx.vibrateLong();
        else wx.vibrateShort({ type: 'medium' });
      },

      later: function (durationMs, act) {
        const timer = startTimer(act, durationMs);
        return function () { stopTimer(timer); };
      },

      screenReader: function () {
        return Boolean(settings.screenReader && settings.screenReader());
      },

      /** Removes its files; call it when navigation is over. */
      remove: function () {
        const files = wx.getFileSystemManager();
        for (let i = 0; i < FILES; i++) {
          files.unlink({ filePath: path(i), success: function () {}, fail: function () {} });
        }
      },
    };
  }

  return { platform: platform };
});
