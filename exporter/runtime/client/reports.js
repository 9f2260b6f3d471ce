/* Reports by walkers to the hospital about wrong steps: kept on the phone until they are accepted.
 *
 *   const reports = navkitReports.queue({ keep, send, chance: Math.random });
 *   reports.add({ bundle, level, from, to, text, language, profile });
 *   await reports.flush();  // now, and whenever there is a network
 *
 * `keep` is the phone's own storage, with `get(name)` and `set(name, text)`; `send(report)` returns
 * a promise of the status of a server's answer, and rejects if there is no answer. A report has a
 * random id: sent twice, it counts once. It contains what was said and where, and not who heard it.
 *
 * One file for CommonJS and for <script> (global `navkitReports`). ES2017, no platform.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitReports = make();
  }
})(this, function () {
  'use strict';

  const NAME = 'navkit.reports';
  /** More than anybody writes in a day; the oldest are dropped. A guess. */
  const MOST = 20;
  const ID_DIGITS = 32;
  /** Answers after which to retry: timeout, too many requests, and any server error. */
  const LATER = [408, 425, 429];

  function queue(options) {
    const keep = options.keep;
    let flushing = null;

    function all() {
      try {
        const kept = JSON.parse(keep.get(NAME));
        return Array.isArray(kept) ? kept : [];
      } catch (error) {
        return [];
      }
    }

    function save(reports) {
      keep.set(NAME, JSON.stringify(reports));
    }

    function newId() {
      let id = '';
      while (id.length < ID_DIGITS) id += Math.floor(16 * options.chance()).toString(16);
      return id;
    }

    /** One after another, until there is no answer. */
    async function flush() {
      for (let one = all()[0]; one; one = all()[0]) {
        const status = await options.send(one).catch(function () { return 0; });
        if (!status || status >= 500 || LATER.includes(status)) return;
        save(all().filter(function (other) { return other.id !== one.id; }));
      }
    }

    return {
      add: function (report) {
        save(all().concat(Object.assign({ id: newId() }, report)).slice(-MOST));
      },
      flush: function () {
        if (!flushing) flushing = flush().then(function () { flushing = null; });
        return flushing;
      },
      waiting: function () { return all().length; },
    };
  }

  return { queue: queue, MOST: MOST };
});
