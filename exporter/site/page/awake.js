/* A phone in the hand of a walker: its screen stays on, and the buttons of its lock screen and of
 * headphones turn the steps while something is played. Both as far as the browser has them. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitAwake = make();
  }
})(this, function () {
  'use strict';

  /** Keeps the screen on while `isWanted()`; call what it returns when that may have changed. A
   * browser lets go of it when the page is hidden. */
  function keeper(window, isWanted) {
    const { document, navigator } = window;
    let held = null;
    let isAsked = false;
    const look = async function () {
      const isMeant = isWanted() && document.visibilityState === 'visible';
      if (!navigator.wakeLock || isAsked) return;
      if (!isMeant && held) {
        held.release();
        held = null;
      }
      if (!isMeant || held) return;
      isAsked = true;
      try {
        held = await navigator.wakeLock.request('screen');
        held.addEventListener('release', function () { held = null; });
      } catch (error) {
        held = null; // As when the battery is low: the screen goes dark as usual.
      }
      isAsked = false;
      if (held && !isWanted()) look();
    };
    document.addEventListener('visibilitychange', look);
    return look;
  }

  /** Gives the lock screen's buttons to the walk: `acts` by the browser's names of them. */
  function buttons(window, acts) {
    const session = window.navigator.mediaSession;
    if (!session) return;
    Object.keys(acts).forEach(function (name) {
      try {
        session.setActionHandler(name, acts[name]);
      } catch (error) {
        return; // This browser has no such button.
      }
    });
  }

  /** What the lock screen shows of the walk. */
  function tell(window, title, artist) {
    if (!window.navigator.mediaSession || !window.MediaMetadata) return;
    window.navigator.mediaSession.metadata = title
      ? new window.MediaMetadata({ title: title, artist: artist }) : null;
  }

  return { keeper: keeper, buttons: buttons, tell: tell };
});
