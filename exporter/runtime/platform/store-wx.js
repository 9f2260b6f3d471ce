/* Where a mini-program stores its bundle, and where it fetches one from: for install.js.
 *
 *   const store = navkitStoreWx.store(wx);                        // under USER_DATA_PATH
 *   const baseline = navkitStoreWx.packaged(wx, 'baseline');      // a folder of the code package
 *   const fetch = navkitStoreWx.online(wx, 'https://…/bundle');   // a published site
 *
 * WeChat may evict stored files together with the code package, and fetches that again: if nothing
 * can be opened, install from the baseline, then from the network.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitStoreWx = make();
  }
})(this, function () {
  'use strict';

  const POINTER = /^pointer-(\d+)\.json$/;

  /** WeChat's error when all of a mini-program's 200 MB are used. */
  const FULL = /maximum size|storage limit|exceed|no space/i;

  /** Timeout for one file; WeChat's own minute is short for clips on a slow network. A file of
   * known length may take as long as its bytes at 20 kbit/s, and a little. */
  const REQUEST_MS = 300000;
  const GRACE_MS = 20000;
  const LEAST_BYTES_MS = 2.5;

  /** The same for files of a few KB. */
  const WATCHED_MS = 20000;

  /** A promise of what `act({success, fail})` reports. */
  function promised(act, options) {
    return new Promise(function (resolve, reject) {
      act(Object.assign({
        success: resolve,
        fail: function (told) {
          const message = String((told && told.errMsg) || told);
          const why = FULL.test(message) ? { reason: 'storage-full' } : {};
          reject(Object.assign(new Error(message), why));
        },
      }, options));
    });
  }

  /** Bytes as the `ArrayBuffer` that WeChat takes: without their neighbours. */
  function bufferOf(bytes) {
    const isAll = bytes.byteLength === bytes.buffer.byteLength;
    return isAll ? bytes.buffer : bytes.slice().buffer;
  }

  async function readBytes(files, filePath) {
    const told = await promised(files.readFile.bind(files), { filePath: filePath });
    return new Uint8Array(told.data);
  }

  async function readText(files, filePath) {
    const told = await promised(files.readFile.bind(files), { filePath: filePath, encoding: 'utf8' });
    return told.data;
  }

  /** A folder of the phone's own files. */
  class Folder {
    constructor(wx, name) {
      this._files = wx.getFileSystemManager();
      this._folder = wx.env.USER_DATA_PATH + '/' + name;
    }

    path(name) {
      return this._folder + '/' + name;
    }

    read(name) {
      return readBytes(this._files, this.path(name));
    }

    text(name) {
      return readText(this._files, this.path(name));
    }

    async list() {
      try {
        const { readdir } = this._files;
        return (await promised(readdir.bind(this._files), { dirPath: this._folder })).files;
      } catch (error) {
        return []; // Nothing was ever written.
      }
    }

    async remove(name) {
      await promised(this._files.unlink.bind(this._files), { filePath: this.path(name) });
    }

    /** Writes under another name, then renames: a file is complete, or not there. */
    async write(name, data) {
      const files = this._files;
      try {
        await promised(files.access.bind(files), { path: this._folder });
      } catch (error) {
        await promised(files.mkdir.bind(files), { dirPath: this._folder, recursive: true });
      }
      const part = { oldPath: this.path(name + '.part'), newPath: this.path(name) };
      await promised(files.writeFile.bind(files), { filePath: part.oldPath, data: data });
      try {
        await promised(files.rename.bind(files), part);
      } catch (error) {
        await this.remove(name); // A rename would not overwrite an existing file.
        await promised(files.rename.bind(files), part);
      }
    }

    /** Numbers of the existing pointers, the newest first. */
    async pointers() {
      const numbers = (await this.list()).filter((name) => POINTER.test(name))
        .map((name) => Number(POINTER.exec(name)[1]));
      return numbers.sort((a, b) => b - a);
    }
  }

  /** A store for `navkitInstall`; one of another `name` for `navkitTrust`. */
  function store(wx, name) {
    const folder = new Folder(wx, name || 'navkit');

    return {
      path: (file) => folder.path(file),
      read: (file) => folder.read(file),
      text: (file) => folder.text(file),
      names: async () => (await folder.list()).filter((file) => !POINTER.test(file)),
      write: (file, bytes) => folder.write(file, bufferOf(bytes)),
      remove: (file) => folder.remove(file),

      /** The newest pointer that can be read. */
      pointer: async function () {
        for (const number of await folder.pointers()) {
          try {
            const text = await folder.text('pointer-' + number + '.json');
            JSON.parse(text);
            return text;
          } catch (error) {
            continue;
          }
        }
        return null;
      },

      /** Each pointer is a new file: it is not guaranteed that a rename overwrites. */
      point: async function (value) {
        const old = await folder.pointers();
        await folder.write('pointer-' + ((old[0] || 0) + 1) + '.json', value);
        for (const number of old) {
          await folder.remove('pointer-' + number + '.json').catch(function () {});
        }
      },

      pause: function () {
        return new Promise(function (resolve) { setTimeout(resolve, 0); });
      },
    };
  }

  /** Fetches files that came with the app, from a folder of its code package. */
  function packaged(wx, folder) {
    const files = wx.getFileSystemManager();
    return function (name) { return readBytes(files, folder + '/' + name); };
  }

  /** A promise of an answer that is complete in time. WeChat's `timeout` does not measure the same
   * on every phone: a host that sends byte by byte is not silent. */
  function request(wx, options) {
    return new Promise(function (resolve, reject) {
      let task = null;
      const timer = setTimeout(function () {
        reject(new Error('timeout ' + options.url));
        if (task && task.abort) task.abort();
      }, options.timeout);
      const ends = function (act) {
        return function (told) {
          clearTimeout(timer);
          act(told);
        };
      };
      task = wx.request(Object.assign({
        success: ends(resolve),
        fail: ends(function (told) { reject(new Error(String((told && told.errMsg) || told))); }),
      }, options));
    });
  }

  function get(wx, url, timeoutMs, header) {
    return request(wx, {
      url: url, responseType: 'arraybuffer', timeout: timeoutMs,
      header: Object.assign({ 'cache-control': 'no-cache' }, header),
    });
  }

  function bytesOf(told, name) {
    if (told.statusCode === 200) return new Uint8Array(told.data);
    throw Object.assign(new Error(told.statusCode + ' ' + name), { status: told.statusCode });
  }

  /** Fetches files from a published site. */
  function online(wx, url) {
    return async function (name, onBytes, bytes) {
      const allowedMs = bytes ? Math.min(REQUEST_MS, GRACE_MS + bytes / LEAST_BYTES_MS) : REQUEST_MS;
      return bytesOf(await get(wx, url + '/' + name, allowedMs), name);
    };
  }

  /** Fetches small files that are requested repeatedly: a host may answer that one is unchanged, by
   * its ETag. */
  function watched(wx, url) {
    const known = {};
    return async function (name) {
      const before = known[name];
      const told = await get(
        wx, url + '/' + name, WATCHED_MS, before ? { 'if-none-match': before.tag } : {});
      if (before && told.statusCode === 304) return before.bytes;
      const bytes = bytesOf(told, name);
      const header = told.header || {};
      const tag = header.ETag || header.Etag || header.etag;
      if (tag) known[name] = { tag: tag, bytes: bytes };
      return bytes;
    };
  }

  /** Posts something to a server; returns the status of its answer. */
  async function post(wx, url, said) {
    const told = await request(wx, {
      url: url, method: 'POST', timeout: WATCHED_MS, data: JSON.stringify(said),
      header: { 'content-type': 'application/json' },
    });
    return told.statusCode;
  }

  return { store: store, packaged: packaged, online: online, watched: watched, post: post };
});
