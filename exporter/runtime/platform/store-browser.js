/* Where a page stores its bundle, and where it fetches one from: for install.js.
 *
 *   const store = navkitStoreBrowser.store(window);            // IndexedDB, or memory if blocked
 *   const short = navkitStoreBrowser.passing(window);          // in memory, if there is no room
 *   const fetch = navkitStoreBrowser.fetch(window, 'bundle');  // by http; from a USB stick by scripts
 *
 * Works on https, plain http and file:. `await store.lasting()` tells whether stored files outlive
 * the page: a private window may lose them.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitStoreBrowser = make();
  }
})(this, function () {
  'use strict';

  const FILES = 'files';
  const STATE = 'state';
  const POINTER = 'pointer';

  /** A download without any byte for so long is aborted; so is one that is slower than 20 kbit/s
   * over so long, because a host that sends byte by byte would otherwise hold it for ever. */
  const STALLED_MS = 20000;
  const LEAST_BYTES = 50000;

  /** The address of the page, without its own name: keeps two hospitals on one host apart. */
  function folderOf(location) {
    return location.pathname.replace(/[^/]*$/, '');
  }

  // ------------------------------------------------------------------- store

  /** Opens a database; `onClose` is called when it is gone. */
  function database(window, name, onClose) {
    return new Promise(function (resolve, reject) {
      const asked = window.indexedDB.open(name, 1);
      asked.onupgradeneeded = function () {
        asked.result.createObjectStore(FILES);
        asked.result.createObjectStore(STATE);
      };
      asked.onerror = function () { reject(asked.error); };
      asked.onsuccess = function () {
        const db = asked.result;
        db.onclose = onClose;
        db.onversionchange = function () { db.close(); onClose(); };
        resolve(db);
      };
    });
  }

  /** Stores things in IndexedDB: each operation is a transaction of its own, complete or not at
   * all. */
  function lastingShelf(window, name) {
    let opening = null;
    const opened = function () {
      if (!opening) {
        const forget = function () { opening = null; };
        opening = database(window, name, forget);
        opening.catch(forget);
      }
      return opening;
    };

    /** Runs `request(objectStore)`; a change waits until it is on the disk. */
    async function transact(name, mode, request) {
      const db = await opened();
      return new Promise(function (resolve, reject) {
        const work = db.transaction(name, mode, { durability: name === STATE ? 'strict' : 'default' });
        const asked = request(work.objectStore(name));
        work.oncomplete = function () { resolve(asked.result); };
        work.onabort = function () {
          const error = work.error || asked.error || new Error('aborted');
          if (error.name !== 'QuotaExceededError') return reject(error);
          return reject(Object.assign(new Error(error.message), { reason: 'storage-full' }));
        };
      });
    }
    return {
      opened: opened,
      get: function (name, key) {
        return transact(name, 'readonly', function (all) { return all.get(key); });
      },
      keys: function (name) {
        return transact(name, 'readonly', function (all) { return all.getAllKeys(); });
      },
      put: function (name, key, value) {
        return transact(name, 'readwrite', function (all) { return all.put(value, key); });
      },
      remove: function (name, key) {
        return transact(name, 'readwrite', function (all) { return all.delete(key); });
      },
    };
  }

  /** The same in memory, until the page is closed. */
  function passingShelf() {
    const all = { files: new Map(), state: new Map() };
    return {
      get: async function (name, key) { return all[name].get(key); },
      keys: async function (name) { return Array.from(all[name].keys()); },
      put: async function (name, key, value) { all[name].set(key, value); },
      remove: async function (name, key) { all[name].delete(key); },
    };
  }

  /** A store for `navkitInstall`; one of another `name` for `navkitTrust`; that of the page in
   * another `folder` for another hospital. */
  function store(window, name, folder) {
    const own = (name || 'navkit') + ' ' + (folder || folderOf(window.location));
    const lasting = lastingShelf(window, own);
    const passing = passingShelf();
    // If storage is blocked, even its name may throw: inside, that is one more refusal.
    const isLasting = Promise.resolve().then(lasting.opened).then(
      function () { return true; }, function () { return false; });
    return storeOn(window, isLasting, async function () {
      return (await isLasting) ? lasting : passing;
    });
  }

  /** A store in memory, for a phone that has no room. */
  function passing(window) {
    const only = passingShelf();
    return storeOn(window, Promise.resolve(false), async function () { return only; });
  }

  function storeOn(window, isLasting, shelf) {
    async function read(name) {
      const bytes = await (await shelf()).get(FILES, name);
      if (!bytes) throw new Error('no ' + name);
      return bytes;
    }

    return {
      lasting: function () { return isLasting; },
      read: read,
      text: async function (name) { return new window.TextDecoder().decode(await read(name)); },
      names: async function () { return (await shelf()).keys(FILES); },
      write: async function (name, bytes) { await (await shelf()).put(FILES, name, bytes); },
      remove: async function (name) { await (await shelf()).remove(FILES, name); },
      pointer: async function () { return (await (await shelf()).get(STATE, POINTER)) || null; },
      point: async function (value) { await (await shelf()).put(STATE, POINTER, value); },
      pause: function () {
        return new Promise(function (resolve) { window.setTimeout(resolve, 0); });
      },
    };
  }

  // ------------------------------------------------------------------- fetch

  /** By http. `cache` is the mode: bypassing every cache, since only the store keeps fetched files;
   * or `no-cache` for files that are requested repeatedly, so that a host can answer that one is
   * unchanged. */
  function online(window, folder, cache) {
    return async function (name, onBytes, most, part) {
      const halt = new window.AbortController();
      let count = 0;
      let timer = 0;
      let pacer = 0;
      const wait = function () {
        window.clearTimeout(timer);
        timer = window.setTimeout(function () { halt.abort(); }, STALLED_MS);
      };
      const pace = function (before) {
        pacer = window.setTimeout(function () {
          if (count - before < LEAST_BYTES) halt.abort();
          else pace(count);
        }, STALLED_MS);
      };
      wait();
      pace(0);
      try {
        const answer = await window.fetch(
          folder + '/' + name,
          Object.assign({ cache: cache || 'no-store', signal: halt.signal }, ofPart(part)));
        if (!answer.ok) {
          throw Object.assign(new Error(answer.status + ' ' + name), { status: answer.status });
        }
        const reader = answer.body.getReader();
        const pieces = [];
        for (let part = await reader.read(); !part.done; part = await reader.read()) {
          wait();
          pieces.push(part.value);
          count += part.value.length;
          onBytes(count);
        }
        return joined(pieces, count);
      } catch (error) {
        halt.abort();
        throw error;
      } finally {
        window.clearTimeout(timer);
        window.clearTimeout(pacer);
      }
    };
  }

  /** What asks a host for a part of a file; one that cannot sends all of it. */
  function ofPart(part) {
    return part ? { headers: { range: 'bytes=' + part[0] + '-' + (part[1] - 1) } } : {};
  }

  function joined(pieces, length) {
    const whole = new Uint8Array(length);
    let at = 0;
    pieces.forEach(function (piece) {
      whole.set(piece, at);
      at += piece.length;
    });
    return whole;
  }

  function decoded(window, base64) {
    const text = window.atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  }

  /** From a folder opened by file:, where a page may load nothing but scripts. Each of them calls
   * `navkitStick(name, base64)`. */
  function fromStick(window) {
    const come = new Map();
    window.navkitStick = function (name, base64) { come.set(name, base64); };
    return async function (name) {
      const script = window.document.createElement('script');
      await new Promise(function (resolve) {
        script.onload = script.onerror = resolve;
        script.src = 'stick/' + name + '.js';
        window.document.head.appendChild(script);
      });
      script.remove();
      if (!come.has(name)) throw new Error('no ' + name);
      const bytes = decoded(window, come.get(name));
      come.delete(name);
      return bytes;
    };
  }

  /** Fetches files of the bundle in `folder`; from a disk, of the one in `stick/`. */
  function fetch(window, folder, cache) {
    return window.location.protocol === 'file:' ? fromStick(window) : online(window, folder, cache);
  }

  return { store: store, passing: passing, fetch: fetch };
});
