/* Follows what a hospital has signed: a client of The Update Framework (specification 1.0.34).
 *
 *   const follower = navkitTrust.follower({ nacl, store, fetch, root, hospital });
 *   const kept = await follower.open();              // what was verified last, without a network
 *   const told = await follower.refresh(Date.now()); // and what is new
 *
 * `nacl` is tweetnacl; `root` is the text of a `root.json` that came with the program; `store`
 * keeps one value by `pointer` and `point`, like those of install.js; `fetch(name, onBytes, most)`
 * returns a promise of a file's bytes, and rejects with `status` 404 if there is none.
 *
 * Neither promise ever rejects: refusals are reported as `reason` and `where`, and what was
 * verified before stays. Nothing of a file is stored before all of it is checked.
 * docs/publishing.md describes the format, the roles, and what is refused and why.
 *
 * One file for CommonJS and for <script> (global `navkitTrust`). ES2017, no platform, no clock.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitTrust = make();
  }
})(this, function () {
  'use strict';

  const TOP = ['root', 'targets', 'snapshot', 'timestamp'];
  const FOLDER = 'metadata/';
  const POINTER = 'timestamp.json';

  /** The maximum size of a file whose length is not signed. */
  const MOST_BYTES = { root: 65536, timestamp: 16384, snapshot: 1048576, targets: 1048576 };

  /** What a hospital publishes, and the maximum size of each. */
  const RELEASE = { path: 'map/release.json', most_bytes: 4096 };
  const CLOSURES = { path: 'closures.json', most_bytes: 65536 };
  /** A name of the time zone database. */
  const ZONE = /^[A-Za-z0-9_+-]{1,20}(\/[A-Za-z0-9_+-]{1,20}){0,2}$/;
  /** Which hospitals there are besides: docs/publishing.md#the-catalogue. */
  const CATALOGUE = { path: 'h/catalogue.json', most_bytes: 262144 };
  const CATALOGUE_KIND = { format: 'navkit-catalogue', version: 1 };
  const HOSPITAL = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
  const CLOSURES_KIND = { format: 'navkit-closures', version: 1 };

  /** Limits for new roots followed at a time, and for delegations searched. */
  const MOST_ROOTS = 256;
  const MOST_ROLES = 32;

  /** Maximum number of cached valid signatures. */
  const MOST_PROVEN = 64;

  /** A host without folder listings answers 403 for a missing file. */
  const MISSING = [403, 404];

  /** That nothing has changed is stored once an hour, not at every look. */
  const HOUR_MS = 3600000;

  const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
  const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/;
  const PUBLIC_KEY = /^[0-9a-f]{64}$/i;
  const SIGNATURE = /^[0-9a-f]{128}$/i;

  /** An error that says why something is refused. */
  function stop(reason, where) {
    return Object.assign(new Error(reason + ': ' + where), { reason: reason, where: where });
  }

  // ------------------------------------------------------------ bytes and text

  /** Bytes as text; anything but ASCII is refused, because JSON writers do not agree about it. */
  function textOf(bytes, where) {
    let text = '';
    for (let at = 0; at < bytes.length; at += 4096) {
      text += String.fromCharCode.apply(null, bytes.subarray(at, at + 4096));
    }
    if (/[^\0-\x7f]/.test(text)) throw stop('damaged', where);
    return text;
  }

  function bytesOf(text) {
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  }

  function fromHex(text) {
    const bytes = new Uint8Array(text.length / 2);
    for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.substr(2 * i, 2), 16);
    return bytes;
  }

  function toHex(bytes) {
    let text = '';
    for (let i = 0; i < bytes.length; i++) text += (bytes[i] < 16 ? '0' : '') + bytes[i].toString(16);
    return text;
  }

  /** The signed form: keys in order, no blanks, whole numbers, only " and \ escaped. */
  function canonical(value) {
    if (typeof value === 'string') {
      if (/[^\0-\x7f]/.test(value)) throw new Error('not ASCII');
      return '"' + value.replace(/["\\]/g, '\\$&') + '"';
    }
    if (typeof value === 'number') {
      if (!Number.isSafeInteger(value)) throw new Error('not a whole number');
      return String(value);
    }
    if (value === null || typeof value === 'boolean') return String(value);
    if (Array.isArray(value)) return '[' + value.map(canonical).join(',') + ']';
    const pairs = Object.keys(value).sort().map(function (key) {
      return canonical(key) + ':' + canonical(value[key]);
    });
    return '{' + pairs.join(',') + '}';
  }

  // ------------------------------------------------------------------ metadata

  function isObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  }

  /** A value in the data itself, never one that every object has. */
  function own(object, key) {
    return Object.prototype.hasOwnProperty.call(object, key) ? object[key] : undefined;
  }

  function isAll(object, is) {
    return isObject(object) && Object.keys(object).every(function (key) { return is(object[key]); });
  }

  function isCount(value) {
    return Number.isSafeInteger(value) && value > 0;
  }

  function isSet(value) {
    return Array.isArray(value) && value.every(function (one) { return typeof one === 'string'; }) &&
      new Set(value).size === value.length;
  }

  function isRole(value) {
    return isObject(value) && isCount(value.threshold) && isSet(value.keyids);
  }

  function isKey(value) {
    return isObject(value) && isObject(value.keyval) && typeof value.keyval.public === 'string';
  }

  function isLength(value) {
    return Number.isSafeInteger(value) && value >= 0;
  }

  /** The metadata of a file: its length, and a hash that can be computed here. */
  function isFile(value) {
    return isObject(value) && isLength(value.length) && isHashed(value.hashes);
  }

  function isHashed(hashes) {
    return isObject(hashes) && typeof own(hashes, 'sha512') === 'string';
  }

  function isMeta(value) {
    return isObject(value) && isCount(value.version) &&
      (value.length === undefined || isLength(value.length)) &&
      (value.hashes === undefined || isHashed(value.hashes));
  }

  function isDelegation(value) {
    return isRole(value) && typeof value.name === 'string' && value.name !== '' &&
      !TOP.includes(value.name) && typeof value.terminating === 'boolean' && isSet(value.paths);
  }

  function isDelegations(value) {
    return isObject(value) && isAll(value.keys, isKey) &&
      Array.isArray(value.roles) && value.roles.every(isDelegation) &&
      isSet(value.roles.map(function (role) { return role.name; }));
  }

  /** The required fields of each kind of metadata besides the common ones. */
  const SHAPES = {
    root: function (signed) {
      return isAll(signed.keys, isKey) && isAll(signed.roles, isRole) &&
        TOP.every(function (role) { return own(signed.roles, role); });
    },
    timestamp: function (signed) {
      return isObject(signed.meta) && isMeta(own(signed.meta, 'snapshot.json'));
    },
    snapshot: function (signed) {
      return isAll(signed.meta, isMeta);
    },
    targets: function (signed) {
      return isAll(signed.targets, isFile) &&
        (signed.delegations === undefined || isDelegations(signed.delegations));
    },
  };

  /** Metadata of a kind, not yet verified. */
  function parsed(text, kind, where) {
    try {
      const data = JSON.parse(text);
      const signed = data.signed;
      const isOurs = /^1\.\d+(\.\d+)?$/.test(signed.spec_version);
      const keyids = data.signatures.map(function (one) { return one.keyid; });
      const isWhole = signed._type === kind && isSet(keyids) && /^\d+(\.\d+)+$/.test(signed.spec_version) &&
        isCount(signed.version) && UTC.test(signed.expires);
      if (!isWhole || (isOurs && !SHAPES[kind](signed))) throw new Error(kind);
      return {
        isOurs: isOurs,
        text: text,
        signed: signed,
        version: signed.version,
        expires_ms: Date.parse(signed.expires),
        message: canonical(signed),
        signatures: data.signatures,
      };
    } catch (error) {
      throw stop('damaged', where);
    }
  }

  function isExpired(doc, time) {
    return !(time < doc.expires_ms);
  }

  /** The stored times, if they are possible: anything seen was seen before the end of the timestamp
   * that was stored with it. Others are dropped, because a phone with damaged storage would
   * otherwise refuse updates for ever; signed times limit them, not this phone's clock. */
  function possible(state) {
    let ends = 0;
    try {
      ends = parsed(state.timestamp, 'timestamp', POINTER).expires_ms;
    } catch (error) {
      ends = 0; // Nothing was followed yet, and nothing was seen.
    }
    const upTo = function (ms, most) {
      return Number.isFinite(ms) && ms >= 0 && ms <= most ? ms : 0;
    };
    const seen = upTo(state.seen_ms, ends);
    return {
      seen_ms: seen,
      checked_ms: upTo(state.checked_ms, seen),
      // Emergencies arrive even if the map is refused, and then nothing counts as seen.
      heard_ms: upTo(state.heard_ms, ends),
      until_ms: upTo(state.until_ms, ends),
    };
  }

  /** Whether a pattern such as `h/renmin/map/*` covers a path: a star stays within a folder. */
  function covers(pattern, path) {
    const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '[^/]*').replace(/\?/g, '[^/]');
    return new RegExp('^' + source + '$').test(path);
  }

  /** Whether it is a valid minute, or '' for none. */
  function isLocal(text) {
    if (text === '') return true;
    if (typeof text !== 'string' || !LOCAL.test(text)) return false;
    const time = Date.parse(text + ':00Z'); // Some engines accept the 30th of February as March.
    return !isNaN(time) && new Date(time).toISOString().slice(0, text.length) === text;
  }

  function isClosure(value) {
    return isObject(value) && typeof value.target === 'string' && value.target !== '' &&
      isLocal(value.start) && isLocal(value.end) &&
      isAll(value.reason, function (name) { return typeof name === 'string'; });
  }

  /** A hospital's closures, without any other content of the file; how many rows could not be read;
   * and in which time zone they are, '' if it does not say. An unreadable row does not invalidate
   * the others. */
  function closuresOf(text, where) {
    try {
      const data = JSON.parse(text);
      if (data.format !== CLOSURES_KIND.format || !isCount(data.version)) throw new Error(where);
      if (data.version > CLOSURES_KIND.version) throw stop('too-new', where);
      const closures = data.closures.filter(isClosure).map(function (one) {
        return { target: one.target, start: one.start, end: one.end, reason: one.reason };
      });
      const zone = ZONE.test(data.zone) ? data.zone : '';
      return { closures: closures, unread: data.closures.length - closures.length, zone: zone };
    } catch (error) {
      throw error.reason ? error : stop('damaged', where);
    }
  }

  /** The emergency in a file of closures, `{since}`; null for none. Unknown fields in it do not
   * make it none. */
  function emergencyOf(text) {
    try {
      const { emergency } = JSON.parse(text);
      if (!isObject(emergency)) return null;
      return { since: isLocal(emergency.since) ? emergency.since : '' };
    } catch (error) {
      return null;
    }
  }

  function isText(value) {
    return value === undefined || typeof value === 'string';
  }

  /** Whether it can be opened: one in another repository needs a root of its own. */
  function isHospital(value) {
    return isObject(value) && typeof value.id === 'string' && HOSPITAL.test(value.id) &&
      isAll(value.names, function (name) { return typeof name === 'string'; }) &&
      [value.address, value.repository, value.root].every(isText) &&
      Boolean(value.repository) === Boolean(value.root);
  }

  /** The hospitals of a catalogue: `{id, names, address, repository, root}`, the last three '' if
   * they are not said. A row that cannot be read leaves the others as they are. */
  function hospitalsOf(text, where) {
    try {
      const data = JSON.parse(text);
      if (data.format !== CATALOGUE_KIND.format || !isCount(data.version)) throw new Error(where);
      if (data.version > CATALOGUE_KIND.version) throw stop('too-new', where);
      return data.hospitals.filter(isHospital).map(function (one) {
        return {
          id: one.id, names: one.names, address: one.address || '',
          repository: one.repository || '', root: one.root || '',
        };
      });
    } catch (error) {
      throw error.reason ? error : stop('damaged', where);
    }
  }

  // ------------------------------------------------------------------ following

  class Follower {
    constructor(options) {
      this._nacl = options.nacl;
      this._store = options.store;
      this._fetch = options.fetch;
      this._embedded = options.root;
      this._hospital = options.hospital;
      this._proven = new Map(); // valid signatures, with what they sign
      this._state = null;
      this._running = null;
    }

    // ---------------------------------------------------------------- keeping

    /** What was stored. It is the phone's own, and yet verified again before it is used. */
    async _load() {
      const fresh = {
        hospital: this._hospital, embedded: this._embedded, root: this._embedded,
        timestamp: '', snapshot: '', roles: {}, release: '', closures: '', catalogue: '',
        seen_ms: 0, checked_ms: 0, heard_ms: 0, until_ms: 0,
      };
      let kept = null;
      try {
        kept = JSON.parse(await this._store.pointer());
      } catch (error) {
        kept = null;
      }
      this._state = fresh;
      if (!isObject(kept) || kept.hospital !== this._hospital) return;
      Object.assign(fresh, kept);
      // A program with another root starts from that: the chain of the old one may have expired.
      if (kept.embedded !== this._embedded) {
        Object.assign(fresh, { embedded: this._embedded, root: this._embedded, until_ms: 0 });
      }
      Object.assign(fresh, possible(fresh));
    }

    async _save(before) {
      const state = this._state;
      const timeless = function (one) {
        return JSON.stringify(Object.assign({}, one, { seen_ms: 0, checked_ms: 0, heard_ms: 0 }));
      };
      // Offline, the age of an emergency's last confirmation decides whether the walker may go on.
      const often = emergencyOf(state.closures) ? 1 : HOUR_MS;
      const isOld = state.checked_ms - before.checked_ms >= HOUR_MS
        || state.heard_ms - before.heard_ms >= often;
      if (timeless(state) === timeless(before) && !isOld) return;
      await this._store.point(JSON.stringify(state));
    }

    /** What was verified last. */
    _told(code, why) {
      const state = this._state;
      let said = { closures: [], unread: 0, zone: '' };
      try {
        if (state.closures) said = closuresOf(state.closures, CLOSURES.path);
      } catch (error) {
        said = { closures: [], unread: 0, zone: '' }; // Stored by a program that could read it.
      }
      let hospitals = [];
      try {
        if (state.catalogue) hospitals = hospitalsOf(state.catalogue, CATALOGUE.path);
      } catch (error) {
        hospitals = [];
      }
      return Object.assign({
        code: code,
        hospitals: hospitals,
        release: state.release ? bytesOf(state.release) : null,
        closures: said.closures,
        unread: said.unread,
        zone: said.zone,
        emergency: emergencyOf(state.closures),
        heard_ms: state.heard_ms || state.checked_ms,
        checked_ms: state.checked_ms,
        seen_ms: state.seen_ms,
      }, why);
    }

    /** What was verified last: `release` (bytes, or null), `closures`, `unread` (how many more rows
     * this program cannot read), `zone` (the hospital's time zone, or ''), `emergency` (`{since}` or null), `heard_ms` (when these were last
     * known to be the newest), `hospitals` (those of the catalogue), `checked_ms` (when all was, 0 for never) and `seen_ms` (the greatest
     * time seen). */
    async open() {
      await this._load();
      return this._told('current', { reason: '', where: '' });
    }

    /** Checks for updates; one call at a time. The same as `open`, with `code`: `new`, `current`,
     * or `kept-old` with the `reason` of a refusal, and `where`. */
    refresh(now) {
      if (!this._running) {
        const end = () => { this._running = null; };
        this._running = this._refresh(now);
        this._running.then(end, end);
      }
      return this._running;
    }

    async _refresh(now) {
      await this._load();
      const state = this._state;
      const before = Object.assign({}, state);
      const time = Math.max(now, state.seen_ms);
      let why = { reason: '', where: '' };
      const take = function (error) {
        if (!why.reason) why = { reason: error.reason || 'damaged', where: error.where || '' };
      };
      try {
        const text = await this._text(FOLDER + POINTER, MOST_BYTES.timestamp);
        if (text !== state.timestamp || !(time < state.until_ms)) {
          const until = await this._update(text, time, take);
          if (!why.reason) state.until_ms = until;
        } else {
          state.heard_ms = time;
        }
        if (!why.reason) state.seen_ms = state.checked_ms = time;
      } catch (error) {
        take(error);
      }
      await this._save(before).catch(function (error) {
        take({ reason: error.reason || 'interrupted', where: POINTER });
      });
      const isNew = state.release !== before.release || state.closures !== before.closures;
      return this._told(why.reason ? 'kept-old' : isNew ? 'new' : 'current', why);
    }

    // ----------------------------------------------------------------- fetching

    async _bytes(name, most) {
      let bytes = null;
      try {
        bytes = await this._fetch(name, function (count) {
          if (count > most) throw stop('too-long', name);
        }, most);
      } catch (error) {
        if (error.reason === 'too-long') throw error;
        throw stop(MISSING.includes(error.status) ? 'missing' : 'offline', name);
      }
      if (bytes.length > most) throw stop('too-long', name);
      return bytes;
    }

    async _text(name, most) {
      return textOf(await this._bytes(name, most), name);
    }

    /** Fetches a file whose length or hash is known. */
    async _known(name, entry, most) {
      const bytes = await this._bytes(name, entry.length === undefined ? most : entry.length);
      if (!this._isThat(bytes, entry)) throw stop('altered', name);
      return textOf(bytes, name);
    }

    _isThat(bytes, entry) {
      if (entry.length !== undefined && bytes.length !== entry.length) return false;
      return entry.hashes === undefined || toHex(this._nacl.hash(bytes)) === entry.hashes.sha512;
    }

    // ---------------------------------------------------------------- verifying

    /** Refuses metadata with too few valid signatures. Two names of one key count as one key. */
    async _mustBeSigned(doc, role, keys, where) {
      const signers = new Set();
      for (const one of doc.signatures) {
        const key = role.keyids.includes(one.keyid) ? own(keys, one.keyid) : undefined;
        if (key && await this._holds(doc, one.sig, key)) signers.add(key.keyval.public.toLowerCase());
      }
      if (signers.size < role.threshold) throw stop('unsigned', where);
      if (!doc.isOurs) throw stop('too-new', where); // Not earlier: only a valid signer may say so.
    }

    /** Whether a signature is valid. It takes about 0.1 s on a slow phone, so the result is cached.
     * */
    async _holds(doc, signature, key) {
      const isKnown = key.keytype === 'ed25519' && key.scheme === 'ed25519' &&
        PUBLIC_KEY.test(key.keyval.public) && SIGNATURE.test(signature);
      if (!isKnown) return false;
      const name = key.keyval.public + ' ' + signature;
      if (this._proven.get(name) === doc.message) return true;
      await this._store.pause();
      const isRight = this._nacl.sign.detached.verify(
        bytesOf(doc.message), fromHex(signature), fromHex(key.keyval.public));
      if (this._proven.size >= MOST_PROVEN) this._proven.clear();
      if (isRight) this._proven.set(name, doc.message);
      return isRight;
    }

    /** The stored version of a role, if its keys still vouch for it: otherwise it is ignored. */
    async _kept(text, kind, role, keys) {
      if (!text) return null;
      try {
        const doc = parsed(text, kind, kind);
        await this._mustBeSigned(doc, role, keys, kind);
        return doc;
      } catch (error) {
        return null;
      }
    }

    /** Follows everything, once something has changed. Returns until when it is valid; an error in
     * `take` does not stop the rest. */
    async _update(text, time, take) {
      const state = this._state;
      const root = await this._root(time);
      const timestamp = await this._timestamp(text, root, time);
      const snapshot = await this._snapshot(timestamp, root, time);
      const tree = { root: root, snapshot: snapshot, time: time, docs: new Map(), roles: {} };
      const folder = 'h/' + this._hospital + '/';
      try {
        const release = await this._target(tree, folder + RELEASE.path, RELEASE, state.release);
        if (release === null) throw stop('unpublished', folder + RELEASE.path);
        state.release = release;
      } catch (error) {
        take(error);
      }
      try {
        const path = folder + CLOSURES.path;
        const closures = await this._target(tree, path, CLOSURES, state.closures);
        if (closures !== null) closuresOf(closures, path);
        state.closures = closures || '';
        state.heard_ms = time;
      } catch (error) {
        take(error);
      }
      try {
        const catalogue = await this._target(tree, CATALOGUE.path, CATALOGUE, state.catalogue);
        if (catalogue !== null) hospitalsOf(catalogue, CATALOGUE.path);
        state.catalogue = catalogue || '';
      } catch (error) {
        take(error);
      }
      state.roles = Object.assign({}, state.roles, tree.roles);
      const docs = [root, timestamp, snapshot].concat(Array.from(tree.docs.values()));
      return Math.min.apply(null, docs.map(function (doc) { return doc.expires_ms; }));
    }

    /** The newest root: each is signed by the keys of the one before and by its own. */
    async _root(time) {
      const state = this._state;
      let root = await this._selfSigned(state.root) || await this._selfSigned(this._embedded);
      if (!root) throw stop('damaged', 'root');
      state.root = root.text;
      for (let i = 0; i < MOST_ROOTS; i++) {
        const name = FOLDER + (root.version + 1) + '.root.json';
        let text = '';
        try {
          text = await this._text(name, MOST_BYTES.root);
        } catch (error) {
          if (error.reason === 'missing') break;
          throw error;
        }
        const next = parsed(text, 'root', name);
        await this._mustBeSigned(next, root.signed.roles.root, root.signed.keys, name);
        if (next.version !== root.version + 1) throw stop('mixed', name);
        await this._mustBeSigned(next, next.signed.roles.root, next.signed.keys, name);
        root = next;
        Object.assign(state, { root: next.text, until_ms: 0 });
      }
      if (isExpired(root, time)) throw stop('expired', 'root');
      return root;
    }

    async _selfSigned(text) {
      try {
        const doc = parsed(text, 'root', 'root');
        await this._mustBeSigned(doc, doc.signed.roles.root, doc.signed.keys, 'root');
        return doc;
      } catch (error) {
        return null;
      }
    }

    async _timestamp(text, root, time) {
      const state = this._state;
      const role = root.signed.roles.timestamp;
      const kept = await this._kept(state.timestamp, 'timestamp', role, root.signed.keys);
      let doc = parsed(text, 'timestamp', POINTER);
      await this._mustBeSigned(doc, role, root.signed.keys, POINTER);
      if (kept) {
        const before = kept.signed.meta['snapshot.json'].version;
        if (doc.version === kept.version) doc = kept; // Whatever else it contains.
        const isOlder = doc.version < kept.version || doc.signed.meta['snapshot.json'].version < before;
        if (isOlder) throw stop('rolled-back', POINTER);
      }
      if (isExpired(doc, time)) throw stop('expired', POINTER);
      if (doc.text !== state.timestamp) Object.assign(state, { timestamp: doc.text, until_ms: 0 });
      return doc;
    }

    async _snapshot(timestamp, root, time) {
      const state = this._state;
      const role = root.signed.roles.snapshot;
      const meta = timestamp.signed.meta['snapshot.json'];
      const kept = await this._kept(state.snapshot, 'snapshot', role, root.signed.keys);
      if (kept && kept.version === meta.version && !isExpired(kept, time)) return kept;
      const name = this._named(root, 'snapshot', meta.version);
      const doc = parsed(await this._known(name, meta, MOST_BYTES.snapshot), 'snapshot', name);
      await this._mustBeSigned(doc, role, root.signed.keys, name);
      Object.keys(kept ? kept.signed.meta : {}).forEach(function (file) {
        const now = own(doc.signed.meta, file);
        if (!now) throw stop('vanished', file);
        if (now.version < kept.signed.meta[file].version) throw stop('rolled-back', file);
      });
      if (isExpired(doc, time)) throw stop('expired', name);
      if (doc.version !== meta.version) throw stop('mixed', name);
      state.snapshot = doc.text;
      return doc;
    }

    _named(root, role, version) {
      const before = root.signed.consistent_snapshot ? version + '.' : '';
      return FOLDER + before + encodeURIComponent(role) + '.json';
    }

    /** What a role says about its targets, which the role before has delegated to it. */
    async _role(tree, name, role, keys) {
      const state = this._state;
      const meta = own(tree.snapshot.signed.meta, name + '.json');
      if (!meta) throw stop('vanished', name);
      const kept = await this._kept(own(state.roles, name), 'targets', role, keys);
      const isStill = kept && kept.version === meta.version && !isExpired(kept, tree.time) &&
        this._isThat(bytesOf(kept.text), meta);
      let doc = kept;
      if (!isStill) {
        const file = this._named(tree.root, name, meta.version);
        doc = parsed(await this._known(file, meta, MOST_BYTES.targets), 'targets', file);
        await this._mustBeSigned(doc, role, keys, file);
        if (doc.version !== meta.version) throw stop('mixed', file);
        if (isExpired(doc, tree.time)) throw stop('expired', file);
      }
      tree.roles[name] = doc.text;
      return doc;
    }

    /** The metadata of a path, by the first role that it is delegated to and that has it; null:
     * none. */
    async _entry(tree, path) {
      const root = tree.root.signed;
      let open = [{ name: 'targets', role: root.roles.targets, keys: root.keys, by: '' }];
      const seen = new Set();
      while (open.length && seen.size <= MOST_ROLES) {
        const one = open.shift();
        if (seen.has(one.name)) continue;
        const id = one.by + '>' + one.name;
        if (!tree.docs.has(id)) {
          tree.docs.set(id, await this._role(tree, one.name, one.role, one.keys));
        }
        const doc = tree.docs.get(id);
        const entry = own(doc.signed.targets, path);
        if (entry) return entry;
        seen.add(one.name);
        const delegations = doc.signed.delegations || { keys: {}, roles: [] };
        const next = delegations.roles.filter(function (role) {
          return role.paths.some(function (pattern) { return covers(pattern, path); });
        });
        const last = next.findIndex(function (role) { return role.terminating; });
        if (last >= 0) open = [];
        open = next.slice(0, last < 0 ? next.length : last + 1).map(function (role) {
          return { name: role.name, role: role, keys: delegations.keys, by: one.name };
        }).concat(open);
      }
      return null;
    }

    /** The text of a target, from the store if it is unchanged; null for none. */
    async _target(tree, path, kind, kept) {
      const entry = await this._entry(tree, path);
      if (!entry) return null;
      if (entry.length > kind.most_bytes) throw stop('too-long', path);
      if (kept && this._isThat(bytesOf(kept), entry)) return kept;
      const at = path.lastIndexOf('/') + 1;
      const before = tree.root.signed.consistent_snapshot ? entry.hashes.sha512 + '.' : '';
      return this._known(path.slice(0, at) + before + path.slice(at), entry);
    }
  }

  /** A `fetch` for install.js that serves the verified release, and no other. */
  function fetching(fetch, release) {
    return function (name, onBytes, most, part) {
      if (name !== 'release.json') return fetch(name, onBytes, most, part);
      return release ? Promise.resolve(release) : Promise.reject(new Error('none was verified'));
    };
  }

  return { follower: function (options) { return new Follower(options); }, fetching: fetching };
});
