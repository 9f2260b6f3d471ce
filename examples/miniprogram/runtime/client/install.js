/* Installs a bundle on a phone and keeps it complete: the old one stays until all of the new
 * arrived.
 *
 *   const opened = await navkitInstall.open({ store, make: (read) => navkit.open(read) });
 *   const outcome = await navkitInstall.install({ store, fetch, wanted, onProgress });
 *
 * `store` keeps files: store-browser.js and store-wx.js make one. `fetch(name, onBytes, most, part)`
 * returns a promise of a file's bytes, `most` at most, and reports progress meanwhile; with a `part`,
 * `[first, end]`, of these bytes, or of all where parts cannot be had. Neither
 * promise ever rejects: the outcome is `code`, `reason` and `where`. docs/runtime.md has the
 * details.
 *
 * The store's pointer is `{current, previous}`: the release a phone opens next, and the last one
 * that it has opened, until the next one has been opened too. Files are named by their hashes, so
 * both can lie side by side, and every file in the store has been verified.
 *
 * One file for CommonJS and for <script> (global `navkitInstall`, after sha256.js). ES2017.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./sha256.js'));
  } else {
    root.navkitInstall = make(root.navkitSha256);
  }
})(this, /** @param {typeof import('./sha256.js')} sha256 */ function (sha256) {
  'use strict';

  const BUNDLE = { format: 'navkit-bundle', version: 1 };
  const RELEASE = { format: 'navkit-release', version: 1 };
  const RELEASE_NAME = 'release.json';

  /** A release is a line of text; anything longer is not one. */
  const RELEASE_BYTES = 4096;

  /** The end of a release: the hash of everything before. */
  const CHECKED = /^([^]*),"check":"([0-9a-f]{64})"\}\n$/;

  /** Role, first digits of the hash, kind: no other name is requested or written. */
  const NAME = /^[a-z]+-([0-9a-f]{16})\.[a-z0-9]{1,5}$/;

  /** This many digits of the index's hash are enough to distinguish versions by eye. */
  const VERSION_DIGITS = 8;

  /** Bytes hashed at a time: 18 ms without a JIT on the machine where it was measured. */
  const PIECE_BYTES = 32768;

  /** Files fetched at a time. */
  const LANES = 6;

  /** Bytes of clips that are requested and kept at a time: five seconds at 400 kbit/s. What has come
   * of a file outlives a download that breaks off. */
  const PART_BYTES = 262144;

  /** The end of a part's name: its first byte. */
  const PART = /\.\d+$/;

  /** An error that says why an installation or an opening ends. */
  function stop(reason, where) {
    return Object.assign(new Error(reason + ': ' + where), { reason: reason, where: where });
  }

  /** Runs `act`; an error without a reason of its own gets this one. */
  async function because(reason, where, act) {
    try {
      return await act();
    } catch (error) {
      throw stop((error && error.reason) || reason, (error && error.where) || where);
    }
  }

  /** Refuses another kind of file, and one that is newer than this program. */
  function mustBe(kind, data, where) {
    if (data.format !== kind.format || !Number.isInteger(data.version)) throw stop('damaged', where);
    if (data.version > kind.version) throw stop('too-new', where);
  }

  /** Whether a file may have this name: that of its hash. */
  function isNamed(name, entry) {
    const match = NAME.exec(name);
    return Boolean(match && entry) && String(entry.sha256).startsWith(match[1]);
  }

  /** The content of `release.json`: `index` (name, bytes, sha256) and `issued`. */
  function readRelease(bytes) {
    const damaged = stop('damaged', RELEASE_NAME);
    if (bytes.length > RELEASE_BYTES) throw damaged;
    const match = CHECKED.exec(String.fromCharCode.apply(null, bytes));
    if (!match) throw damaged;
    const before = bytes.subarray(0, match[1].length);
    if (sha256.hex(before) !== match[2]) throw damaged;
    const data = JSON.parse(match[1] + '}');
    mustBe(RELEASE, data, RELEASE_NAME);
    if (!data.index || !isNamed(data.index.name, data.index)) throw damaged;
    return { index: data.index, issued: data.issued };
  }

  /** Refuses bytes that are not those of `entry`, in chunks. */
  async function verify(store, name, entry, bytes) {
    if (bytes.length !== entry.bytes) throw stop('damaged', name);
    const hasher = sha256.hasher();
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      if (at) await store.pause();
      hasher.update(bytes.subarray(at, at + PIECE_BYTES));
    }
    if (hasher.hex() !== entry.sha256) throw stop('damaged', name);
  }

  /** Whether the store has a file, as it was verified. */
  async function isWhole(store, name, entry) {
    try {
      await verify(store, name, entry, await store.read(name));
      return true;
    } catch (error) {
      return false;
    }
  }

  /** Removes files. What cannot be removed now is removed another time. */
  async function discard(store, names) {
    for (const name of names) {
      try {
        await store.remove(name);
      } catch (error) {
        continue;
      }
    }
  }

  /** The releases that the store points to; an unreadable pointer points to none. */
  async function pointerOf(store) {
    try {
      const pointer = JSON.parse(await store.pointer());
      return { current: pointer.current || null, previous: pointer.previous || null };
    } catch (error) {
      return { current: null, previous: null };
    }
  }

  /** Names of all files of a release, its index too. */
  function namesOf(release, index) {
    return [release.index.name].concat(Object.keys(index.files));
  }

  /** The description of a release, or of none. */
  function said(release) {
    return {
      version: release ? release.index.sha256.slice(0, VERSION_DIGITS) : '',
      issued: release ? release.issued : '',
      left: release ? release.left : [],
    };
  }

  function isSame(a, b) {
    return Boolean(a && b) && a.index.sha256 === b.index.sha256;
  }

  /** Removes files that these releases do not name; none, unless all of them can be read. */
  async function sweep(store, releases) {
    try {
      const kept = new Set();
      for (const release of releases.filter(Boolean)) {
        const index = JSON.parse(await store.text(release.index.name));
        namesOf(release, index).forEach(function (name) { kept.add(name); });
      }
      const names = await store.names();
      await discard(store, names.filter(function (name) {
        return !kept.has(name.replace(PART, ''));
      }));
    } catch (error) {
      return; // Another time.
    }
  }

  // -------------------------------------------------------------- installing

  /** Fetches, verifies and keeps a file. */
  async function bring(from, name, entry, onBytes) {
    const parts = name.endsWith('.json') ? [] : partsOf(entry);
    const keyOf = (part) => name + '.' + part[0];
    const bytes = await because('interrupted', name, function () {
      return parts.length > 1 ? inParts(from, name, entry, parts, onBytes)
        : fetched(from, name, entry, onBytes);
    });
    try {
      await verify(from.store, name, entry, bytes);
      await because('interrupted', name, function () {
        return from.store.write(name, bytes);
      });
    } finally {
      if (parts.length > 1) await discard(from.store, parts.map(keyOf));
    }
    onBytes(entry.bytes);
  }

  /** `[first, end]` of the parts of a file, in bytes. */
  function partsOf(entry) {
    const parts = [];
    for (let at = 0; at < entry.bytes; at += PART_BYTES) {
      parts.push([at, Math.min(at + PART_BYTES, entry.bytes)]);
    }
    return parts;
  }

  function fetched(from, name, entry, onBytes, part) {
    return from.fetch(name, function (count) {
      if (count > entry.bytes) throw stop('damaged', name);
      onBytes(count);
    }, entry.bytes, part);
  }

  /** The bytes of a file, of which each part is kept as soon as it has come. Only the whole can be
   * verified. */
  async function inParts(from, name, entry, parts, onBytes) {
    const whole = new Uint8Array(entry.bytes);
    const before = new Set(await from.store.names());
    for (const part of parts) {
      const [first, end] = part;
      const key = name + '.' + first;
      let bytes = before.has(key) ? await from.store.read(key) : new Uint8Array(0);
      if (bytes.length !== end - first) {
        bytes = await fetched(from, name, entry, (count) => onBytes(
          Math.min(first + count, entry.bytes)), part);
        if (bytes.length === entry.bytes) return bytes;
        if (bytes.length !== end - first) throw stop('damaged', name);
        await from.store.write(key, bytes);
      }
      whole.set(bytes, first);
      onBytes(end);
    }
    return whole;
  }

  /** Fetches several files at a time; after a failure no other is begun. */
  async function bringAll(from, files, onProgress) {
    // The largest first: many small ones at the end would leave a slow line idle in between.
    const names = Object.keys(files).sort((a, b) => files[b].bytes - files[a].bytes);
    const come = {};
    let done = 0;
    let total = 0;
    names.forEach(function (name) { total += files[name].bytes; });
    const tell = function () { onProgress({ done_bytes: done, total_bytes: total }); };

    let next = 0;
    let failure = null;
    const lane = async function () {
      while (next < names.length && !failure) {
        const name = names[next++];
        try {
          await bring(from, name, files[name], function (count) {
            if (count <= (come[name] || 0) || failure) return;
            done += count - (come[name] || 0);
            come[name] = count;
            tell();
          });
        } catch (error) {
          failure = failure || error;
        }
      }
    };
    tell();
    const lanes = [];
    for (let i = 0; i < LANES; i++) lanes.push(lane());
    await Promise.all(lanes);
    if (failure) throw failure;
    return { files: names.length, bytes: total };
  }

  /** The index of a release; refused unless this program can read it. */
  async function indexOf(from, release) {
    const name = release.index.name;
    if (!(await isWhole(from.store, name, release.index))) {
      await bring(from, name, release.index, function () {});
    }
    return because('damaged', name, async function () {
      const index = JSON.parse(await from.store.text(name));
      mustBe(BUNDLE, index, name);
      Object.keys(index.files).forEach(function (file) {
        if (!isNamed(file, index.files[file])) throw stop('damaged', name);
      });
      return index;
    });
  }

  async function update(from, pointer) {
    const store = from.store;
    const bytes = await because('offline', RELEASE_NAME, function () {
      return from.fetch(RELEASE_NAME, function (count) {
        if (count > RELEASE_BYTES) throw stop('damaged', RELEASE_NAME);
      }, RELEASE_BYTES);
    });
    const release = await because('damaged', RELEASE_NAME, function () {
      return readRelease(bytes);
    });
    const index = await indexOf(from, release);
    await sweep(store, [pointer.current, pointer.previous, release]);

    const before = new Set(await store.names());
    const missing = {};
    Object.keys(index.files).forEach(function (name) {
      if (from.wanted(name) && !before.has(name)) missing[name] = index.files[name];
    });
    const fetched = await bringAll(from, missing, from.onProgress);

    const after = new Set(await store.names());
    const left = Object.keys(index.files).filter(function (name) { return !after.has(name); });
    const lost = left.filter(from.wanted);
    if (lost.length || !after.has(release.index.name)) {
      throw stop('interrupted', lost[0] || release.index.name);
    }

    const current = { index: release.index, issued: release.issued, left: left };
    const opened = pointer.previous || pointer.current; // never one that has not been opened yet
    const previous = isSame(pointer.current, current) ? pointer.previous : opened;
    const value = { current: current, previous: isSame(previous, current) ? null : previous };
    if (JSON.stringify(value) !== JSON.stringify(pointer)) {
      await because('interrupted', RELEASE_NAME, function () {
        return store.point(JSON.stringify(value));
      });
      await sweep(store, [value.current, value.previous]);
    }
    const isKnown = isSame(pointer.current, current) && !fetched.files;
    return Object.assign({ code: isKnown ? 'current' : 'installed', fetched: fetched }, said(current));
  }

  /** Files of a release that are not here: those that were left for another time, and those that
   * the phone has evicted since without notice. */
  async function leftOf(store, release) {
    if (!release) return [];
    try {
      const here = new Set(await store.names());
      const index = JSON.parse(await store.text(release.index.name));
      return namesOf(release, index).filter(function (name) { return !here.has(name); });
    } catch (error) {
      return release.left;
    }
  }

  /** Brings the store up to what `fetch` offers.
   *
   * `{code, reason, where, version, issued, left, fetched: {files, bytes}}`: `installed`; `current`,
   * if there was nothing to do; or `kept-old` with the reason `offline`, `damaged`, `too-new`,
   * `storage-full` or `interrupted`, and the file concerned. `version` and `issued` are those of
   * what the phone has now, empty if it has nothing; `left` are its files that are not here:
   * `wanted(name)` may leave some for another time.
   */
  async function install(options) {
    const store = options.store;
    const from = {
      store: store,
      fetch: options.fetch,
      wanted: options.wanted || function () { return true; },
      onProgress: options.onProgress || function () {},
    };
    const pointer = await pointerOf(store);
    try {
      const done = await update(from, pointer);
      return Object.assign({ reason: '', where: '' }, done);
    } catch (error) {
      // A completely full phone is of no use for anything else either.
      if (error.reason === 'storage-full') await sweep(store, [pointer.current, pointer.previous]);
      return Object.assign({
        code: 'kept-old',
        reason: error.reason || 'interrupted',
        where: error.where || '',
        fetched: { files: 0, bytes: 0 },
      }, said(pointer.current), { left: await leftOf(store, pointer.current) });
    }
  }

  // ----------------------------------------------------------------- opening

  /** All JSON files of a release on this phone, by name, the index also as `index.json`. */
  async function load(store, release) {
    const index = JSON.parse(await store.text(release.index.name));
    const files = { 'index.json': index };
    await add(store, files, Object.keys(index.files).filter((name) => !release.left.includes(name)));
    return files;
  }

  /** Reads those of some names that are JSON and not yet among the files. */
  async function add(store, files, names) {
    const missing = names.filter((name) => name.endsWith('.json') && !(name in files));
    // All at once: one after the other, a phone would wait for each.
    await Promise.all(missing.map(async function (name) {
      files[name] = JSON.parse(await store.text(name));
    }));
  }

  /** Reads files that have come since a bundle was opened; what is damaged stays away. */
  async function more(store, files) {
    const here = new Set(await store.names());
    const names = Object.keys(files['index.json'].files).filter((name) => here.has(name));
    await add(store, files, names).catch(function () {});
  }

  /** Removes the damaged JSON files of a release, to be fetched again; returns the first. */
  async function mend(store, release) {
    let where = '';
    const check = async function (name, entry) {
      if (await isWhole(store, name, entry)) return;
      where = where || name;
      await discard(store, [name]);
    };
    await check(release.index.name, release.index);
    if (where) return where;
    const files = JSON.parse(await store.text(release.index.name)).files;
    for (const name of Object.keys(files)) {
      if (name.endsWith('.json') && !release.left.includes(name)) await check(name, files[name]);
    }
    return where;
  }

  /** Points only to the release that was opened; of the other one only unshared files are removed,
   * because another installation may be running. A failed release is left for it to repair. */
  async function settle(store, pointer, release, index) {
    try {
      await store.point(JSON.stringify({ current: release, previous: null }));
      if (release === pointer.previous) return;
      const old = JSON.parse(await store.text(pointer.previous.index.name));
      const kept = namesOf(release, index);
      await discard(store, namesOf(pointer.previous, old).filter(function (name) {
        return !kept.includes(name);
      }));
    } catch (error) {
      return; // The next installation sweeps.
    }
  }

  /** A file as bytes, or null if it was left out or is damaged. */
  async function bytesOf(store, name, entry) {
    try {
      const bytes = await store.read(name);
      if (bytes.length === entry.bytes) return bytes;
    } catch (error) {
      return null;
    }
    await discard(store, [name]);
    return null;
  }

  /** Opens what is installed by `make(read)`, which returns a bundle or a promise of one.
   *
   * `{code, reason, where, version, issued, left, bundle, bytes(name), more()}`: `opened`; `fell-back`
   * to the release before the newest, or `nothing`, with the reason `damaged` and the file, or
   * `refused` if the files are intact and `make` failed all the same. `more()` lets the bundle read
   * what has come since.
   */
  async function open(options) {
    const store = options.store;
    const pointer = await pointerOf(store);
    const why = { reason: '', where: '' };
    for (const release of [pointer.current, pointer.previous].filter(Boolean)) {
      try {
        const files = await load(store, release);
        const bundle = await options.make(function (name) { return files[name]; });
        const index = files['index.json'];
        if (pointer.previous) await settle(store, pointer, release, index);
        return Object.assign({
          code: why.reason ? 'fell-back' : 'opened',
          bundle: bundle,
          bytes: function (name) { return bytesOf(store, name, index.files[name]); },
          more: function () { return more(store, files); },
        }, why, said(release));
      } catch (error) {
        const where = await mend(store, release).catch(function () { return ''; });
        if (!why.reason) Object.assign(why, { reason: where ? 'damaged' : 'refused', where: where });
      }
    }
    return Object.assign({ code: 'nothing', bundle: null, bytes: null, more: null }, why, said(null));
  }

  return { install: install, open: open };
});
