// What keeps a bundle in a browser and in a mini-program, on fakes as bad as the real ones may be.

import assert from 'node:assert';
import http from 'node:http';
import test from 'node:test';
import install from '../../exporter/runtime/client/install.js';
import navkitStoreBrowser from '../../exporter/runtime/platform/store-browser.js';
import navkitStoreWx from '../../exporter/runtime/platform/store-wx.js';
import { A, B, kept, network } from './shelf.mjs';

const make = (read) => read('index.json');
const put = (store, files) => install.install({ store, fetch: network(files).fetch });
const start = (store) => install.open({ store, make });

/** What every store is: files come and go, the pointer is one value, and a bundle lives in it. */
async function behaves(again) {
  const store = again();
  assert.strictEqual(await store.pointer(), null);
  assert.deepStrictEqual(await store.names(), []);
  assert.strictEqual((await put(store, A)).code, 'installed');
  assert.strictEqual((await start(again())).issued, '2026-03-02');
  assert.strictEqual((await put(again(), B)).code, 'installed');
  assert.strictEqual((await start(again())).issued, '2026-04-01');
  assert.deepStrictEqual((await again().names()).sort(), kept(B));
  const clips = kept(B).find((name) => name.endsWith('.mp3'));
  assert.deepStrictEqual(new Uint8Array(await again().read(clips)), B.get(clips));
  await assert.rejects(again().read('level-0000000000000000.json'));
  await assert.rejects(again().text('level-0000000000000000.json'));
}

// ------------------------------------------------------------------- browser

/** IndexedDB as far as it is used: transactions that end after their requests, or abort. */
function indexedDb({ room = Infinity, opens = true } = {}) {
  const databases = new Map();
  const later = (act) => setImmediate(act);
  const db = { room, databases };
  db.open = (name) => {
    const asked = {};
    later(() => {
      if (!opens) {
        asked.error = new Error('shut');
        return asked.onerror();
      }
      const isNew = !databases.has(name);
      if (isNew) databases.set(name, new Map());
      const stores = databases.get(name);
      asked.result = {
        createObjectStore: (store) => stores.set(store, new Map()),
        transaction: (store) => {
          const work = {};
          const all = stores.get(store);
          const request = (act) => {
            const one = {};
            later(() => {
              try {
                one.result = act();
              } catch (error) {
                one.error = work.error = error;
                return work.onabort();
              }
              return work.oncomplete();
            });
            return one;
          };
          work.objectStore = () => ({
            get: (key) => request(() => structuredClone(all.get(key))),
            getAllKeys: () => request(() => [...all.keys()]),
            delete: (key) => request(() => { all.delete(key); }),
            put: (value, key) => request(() => {
              const used = [...all.values()].reduce((sum, one) => sum + one.length, 0);
              if (used + value.length > db.room) {
                throw Object.assign(new Error('full'), { name: 'QuotaExceededError' });
              }
              all.set(key, structuredClone(value));
            }),
          });
          return work;
        },
      };
      if (isNew) asked.onupgradeneeded();
      return asked.onsuccess();
    });
    return asked;
  };
  return db;
}

function page({ indexedDB = indexedDb(), protocol = 'https:', pathname = '/a/', ...more } = {}) {
  return {
    indexedDB, TextDecoder, AbortController, setTimeout, clearTimeout, atob,
    location: { protocol, pathname }, ...more,
  };
}

test('a page keeps a bundle in IndexedDB', async () => {
  const window = page();

  await behaves(() => navkitStoreBrowser.store(window));

  assert.strictEqual(await navkitStoreBrowser.store(window).lasting(), true);
});

test('two sites of one host keep apart; the page\'s own name does not count', async () => {
  const indexedDB = indexedDb();
  const at = (pathname) => navkitStoreBrowser.store(page({ indexedDB, pathname }));
  await put(at('/east/index.html'), A);

  assert.strictEqual((await start(at('/east/'))).code, 'opened');
  assert.strictEqual((await start(at('/west/'))).code, 'nothing');
});

test('where IndexedDB is shut or absent a bundle lives as long as the page, and it is told', async () => {
  const thrower = page();
  Object.defineProperty(thrower, 'indexedDB', { get() { throw new Error('SecurityError'); } });
  for (const window of [page({ indexedDB: indexedDb({ opens: false }) }), page({ indexedDB: null }), thrower]) {
    const store = navkitStoreBrowser.store(window);

    await behaves(() => store);
    assert.strictEqual(await store.lasting(), false);
  }
});

test('a full disk is told as that', async () => {
  const indexedDB = indexedDb();
  const store = navkitStoreBrowser.store(page({ indexedDB }));
  await put(store, A);
  await start(store);
  indexedDB.room = 100000;

  const outcome = await put(store, B);

  assert.deepStrictEqual([outcome.code, outcome.reason], ['kept-old', 'storage-full']);
  assert.deepStrictEqual((await store.names()).sort(), kept(A));
  assert.strictEqual((await start(store)).issued, '2026-03-02');
});

test('a page fetches past caches and counts what comes', async () => {
  const asked = [];
  const fetched = async (url, options) => {
    asked.push([url, options.cache]);
    const parts = [new Uint8Array([1, 2]), new Uint8Array([3])];
    const read = async () => (parts.length ? { value: parts.shift() } : { done: true });
    return { ok: !url.includes('lost'), status: 404, body: { getReader: () => ({ read }) } };
  };
  const fetch = navkitStoreBrowser.fetch(page({ fetch: fetched }), 'bundle');
  const counts = [];

  const bytes = await fetch('release.json', (count) => counts.push(count));

  assert.deepStrictEqual([...bytes], [1, 2, 3]);
  assert.deepStrictEqual(counts, [2, 3]);
  assert.deepStrictEqual(asked, [['bundle/release.json', 'no-store']]);
  await assert.rejects(fetch('lost', () => {}), /404/);
  await assert.rejects(fetch('long', () => { throw new Error('enough'); }), /enough/);
});

test('a download that stands still is given up', async () => {
  const timers = [];
  const fetched = (url, { signal }) => new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')));
  });
  const window = page({
    fetch: fetched, setTimeout: (act) => timers.push(act), clearTimeout: () => {},
  });

  const fetching = navkitStoreBrowser.fetch(window, 'bundle')('release.json', () => {});
  timers.pop()();

  await assert.rejects(fetching, /aborted/);
});

test('a download that comes byte by byte is given up, one that comes slowly is not', async () => {
  const timers = new Map();
  let now = 0;
  let count = 0;
  const window = page({
    setTimeout: (act, ms) => { timers.set(++count, { act, at: now + ms }); return count; },
    clearTimeout: (id) => timers.delete(id),
  });
  const pass = (ms) => {
    now += ms;
    for (const [id, one] of [...timers]) {
      if (one.at > now) continue;
      timers.delete(id);
      one.act();
    }
  };
  // Each part comes after `everyMs`.
  const download = (size, parts, everyMs) => {
    window.fetch = async (url, { signal }) => ({
      ok: true,
      body: {
        getReader: () => ({
          read: async () => {
            pass(everyMs);
            if (signal.aborted) throw new Error('aborted');
            return parts-- ? { value: new Uint8Array(size) } : { done: true };
          },
        }),
      },
    });
    return navkitStoreBrowser.fetch(window, 'bundle')('clips', () => {});
  };

  await assert.rejects(download(1, 20, 8000), /aborted/);
  assert.ok(now <= 2 * 20000 + 8000, `${now} ms`);
  const slow = await download(25000, 40, 9000);

  assert.strictEqual(slow.length, 40 * 25000);
});

test('a host that drips lets go of a phone in time', async (t) => {
  // A hundred times as fast as a phone: 20 s are 200 ms, and a byte comes every 8 s.
  const scale = 100;
  const host = http.createServer((asked, answer) => {
    answer.writeHead(200, { 'content-length': 1000 });
    const drip = setInterval(() => answer.write('x'), 8000 / scale);
    answer.on('close', () => clearInterval(drip));
  });
  await new Promise((resolve) => { host.listen(0, '127.0.0.1', resolve); });
  t.after(() => host.close());
  const window = page({
    fetch: (name, options) => fetch(`http://127.0.0.1:${host.address().port}/${name}`, options),
    setTimeout: (act, ms) => setTimeout(act, ms / scale),
  });
  const began = performance.now();

  await assert.rejects(navkitStoreBrowser.fetch(window, 'metadata')('timestamp.json', () => {}));

  const phoneMs = (performance.now() - began) * scale;
  assert.ok(phoneMs < 60000, `${phoneMs} ms`);
});

test('from a USB stick files come by scripts', async () => {
  const window = page({ protocol: 'file:' });
  const stick = (files) => ({
    createElement: () => ({ remove() {} }),
    head: {
      appendChild: (script) => setImmediate(() => {
        const name = script.src.slice('stick/'.length, -'.js'.length);
        if (!files.has(name)) return script.onerror();
        window.navkitStick(name, Buffer.from(files.get(name)).toString('base64'));
        return script.onload();
      }),
    },
  });
  window.document = stick(A);
  const store = navkitStoreBrowser.store(window);
  const fetch = navkitStoreBrowser.fetch(window, 'bundle');

  assert.strictEqual((await install.install({ store, fetch })).code, 'installed');
  assert.strictEqual((await start(store)).code, 'opened');
  window.document = stick(new Map());
  assert.strictEqual((await install.install({ store, fetch })).reason, 'offline');
});

// ------------------------------------------------------------- mini-program

/** WeChat with files, 200 MB or less, and no network at all. `overwrites`: whether a rename does. */
function weChat({ overwrites = true, room = 200e6, packaged = new Map() } = {}) {
  const disk = new Map();
  const folders = new Set();
  const phone = { disk, room, acts: 0, diesAt: Infinity };
  const act = (work) => ({ success, fail, ...options }) => setImmediate(() => {
    if (phone.acts++ >= phone.diesAt) return fail({ errMsg: 'dead' });
    let told;
    try {
      told = work(options);
    } catch (error) {
      return fail({ errMsg: error.message });
    }
    return success({ errMsg: 'ok', ...told });
  });
  const need = (known, path) => {
    if (!known) throw new Error(`fail no such file or directory ${path}`);
  };
  const files = {
    access: act(({ path }) => need(folders.has(path), path)),
    mkdir: act(({ dirPath }) => { folders.add(dirPath); }),
    readdir: act(({ dirPath }) => {
      need(folders.has(dirPath), dirPath);
      const inside = [...disk.keys()].filter((path) => path.startsWith(`${dirPath}/`));
      return { files: inside.map((path) => path.slice(dirPath.length + 1)) };
    }),
    readFile: act(({ filePath, encoding }) => {
      const bytes = disk.get(filePath) || packaged.get(filePath);
      need(bytes, filePath);
      return { data: encoding ? Buffer.from(bytes).toString('utf8') : Uint8Array.from(bytes).buffer };
    }),
    writeFile: act(({ filePath, data }) => {
      need(folders.has(filePath.replace(/\/[^/]*$/, '')), filePath);
      const bytes = typeof data === 'string' ? Buffer.from(data) : new Uint8Array(data);
      const used = [...disk.values()].reduce((sum, one) => sum + one.length, 0);
      // Half of it is written all the same.
      disk.set(filePath, bytes.slice(0, Math.min(bytes.length, phone.room - used)));
      if (used + bytes.length > phone.room) {
        throw new Error('writeFile:fail the maximum size of the file storage limit is exceeded');
      }
    }),
    rename: act(({ oldPath, newPath }) => {
      need(disk.has(oldPath), oldPath);
      if (disk.has(newPath) && !overwrites) throw new Error('fail file already exists');
      disk.set(newPath, disk.get(oldPath));
      disk.delete(oldPath);
    }),
    unlink: act(({ filePath }) => {
      need(disk.has(filePath), filePath);
      disk.delete(filePath);
    }),
  };
  phone.wx = {
    env: { USER_DATA_PATH: 'wxfile://usr' },
    getFileSystemManager: () => files,
    request: ({ fail }) => setImmediate(() => fail({ errMsg: 'request:fail' })),
  };
  return phone;
}

test('a mini-program keeps a bundle in files, whether a rename writes over others or not', async () => {
  for (const overwrites of [true, false]) {
    const { wx, disk } = weChat({ overwrites });

    await behaves(() => navkitStoreWx.store(wx));

    assert.strictEqual([...disk.keys()].filter((path) => path.includes('pointer')).length, 1);
    const store = navkitStoreWx.store(wx);
    await store.write(kept(B)[0], new Uint8Array([1]));
    assert.deepStrictEqual([...await store.read(kept(B)[0])], [1]);
  }
});

test('part of a larger buffer is written alone', async () => {
  const store = navkitStoreWx.store(weChat().wx);

  await store.write('level-0', new Uint8Array([1, 2, 3, 4]).subarray(1, 3));

  assert.deepStrictEqual([...await store.read('level-0')], [2, 3]);
});

test('the bundle of the code package is the baseline where there is no network', async () => {
  const packaged = new Map([...A].map(([name, bytes]) => [`baseline/${name}`, bytes]));
  const { wx } = weChat({ packaged });
  const store = navkitStoreWx.store(wx);

  const outcome = await install.install({ store, fetch: navkitStoreWx.online(wx, 'https://a.test') });
  const baseline = await install.install({ store, fetch: navkitStoreWx.packaged(wx, 'baseline') });

  assert.deepStrictEqual([outcome.code, outcome.reason], ['kept-old', 'offline']);
  assert.strictEqual(baseline.code, 'installed');
  assert.strictEqual((await start(store)).code, 'opened');
});

test('a published site is asked for bytes, and anything but 200 is no file', async () => {
  const { wx } = weChat();
  wx.request = ({ url, responseType, success }) => {
    assert.strictEqual(responseType, 'arraybuffer');
    const bytes = A.get(url.slice('https://a.test/bundle/'.length));
    success(bytes ? { statusCode: 200, data: bytes.buffer } : { statusCode: 404, data: 'no' });
  };
  const store = navkitStoreWx.store(wx);

  const fetch = navkitStoreWx.online(wx, 'https://a.test/bundle');

  assert.strictEqual((await install.install({ store, fetch })).code, 'installed');
  await assert.rejects(fetch('level-0'), /404/);
});

test('all 200 MB used: the old bundle stays and nothing half written with it', async () => {
  const phone = weChat();
  const store = navkitStoreWx.store(phone.wx);
  await put(store, A);
  await start(store);
  const size = [...phone.disk.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  for (const more of [0, 100, 900, 5000, 9000]) {
    phone.room = size + more;

    const outcome = await put(store, B);

    assert.deepStrictEqual([outcome.code, outcome.reason], ['kept-old', 'storage-full'], `${more}`);
    assert.deepStrictEqual((await store.names()).sort(), kept(A));
    assert.strictEqual((await start(store)).issued, '2026-03-02');
  }
});

test('switched off at any moment, a mini-program opens one of the two', async () => {
  let n = 0;
  for (; ; n++) {
    const phone = weChat({ overwrites: n % 2 === 0 });
    const store = navkitStoreWx.store(phone.wx);
    await put(store, A);
    await start(store);
    phone.diesAt = phone.acts + n;
    const outcome = await put(store, B);
    const isCut = phone.acts > phone.diesAt;
    phone.diesAt = Infinity;

    const opened = await start(store);

    assert.strictEqual(opened.code, 'opened', `${n}`);
    if (outcome.code === 'installed') assert.strictEqual(opened.issued, '2026-04-01');
    assert.notStrictEqual((await put(store, B)).code, 'kept-old');
    assert.strictEqual((await start(store)).issued, '2026-04-01');
    assert.deepStrictEqual((await store.names()).sort(), kept(B));
    if (!isCut) break;
  }
  assert.ok(n > 20, `${n} moments`);
});

test('what is signed is kept apart from a bundle, which sweeps what it does not know', async () => {
  const indexedDB = indexedDb();
  const { wx } = weChat();
  const pairs = [
    [navkitStoreBrowser.store(page({ indexedDB })), navkitStoreBrowser.store(page({ indexedDB }), 'trust')],
    [navkitStoreWx.store(wx), navkitStoreWx.store(wx, 'trust')],
  ];
  for (const [store, other] of pairs) {
    await other.point('"signed"');
    await put(store, A);
    await put(store, B);
    await start(store);

    assert.strictEqual(await other.pointer(), '"signed"');
    assert.deepStrictEqual(await other.names(), []);
    assert.strictEqual((await start(store)).code, 'opened');
  }
});

test('a mini-program says by its ETag what it knows, and takes "still the same" for that', async () => {
  const { wx } = weChat();
  const asked = [];
  let offered = { statusCode: 200, data: new Uint8Array([1, 2]).buffer, header: { ETag: '"a"' } };
  wx.request = ({ url, header, success }) => {
    asked.push([url, header['if-none-match']]);
    success(offered);
  };
  const fetch = navkitStoreWx.watched(wx, 'https://a.test');

  const first = await fetch('metadata/timestamp.json');
  offered = { statusCode: 304, data: new ArrayBuffer(0) };
  const second = await fetch('metadata/timestamp.json');
  offered = { statusCode: 200, data: new Uint8Array([3]).buffer, header: {} };
  const third = await fetch('metadata/timestamp.json');
  offered = { statusCode: 404, data: 'no' };

  assert.deepStrictEqual([[...first], [...second], [...third]], [[1, 2], [1, 2], [3]]);
  assert.deepStrictEqual(asked.map(([, tag]) => tag), [undefined, '"a"', '"a"']);
  await assert.rejects(fetch('metadata/2.root.json'), (error) => error.status === 404);
});

test('a page asks again past no cache, and tells what a host has answered', async () => {
  const asked = [];
  const window = page({
    fetch: async (url, options) => {
      asked.push([url, options.cache]);
      return { ok: false, status: 404 };
    },
  });

  const fetch = navkitStoreBrowser.fetch(window, '../..', 'no-cache');

  await assert.rejects(fetch('metadata/2.root.json', () => {}), (error) => error.status === 404);
  assert.deepStrictEqual(asked, [['../../metadata/2.root.json', 'no-cache']]);
});

test('a mini-program waits for a file as long as its bytes take, whatever WeChat counts', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let aborted = 0;
  const wx = { request: () => ({ abort: () => { aborted += 1; } }) };
  const states = [];
  const ask = (bytes) => navkitStoreWx.online(wx, 'https://x')('file', () => {}, bytes)
    .then(() => states.push('came'), (error) => states.push(error.message));

  const asked = [ask(2500), ask(undefined), navkitStoreWx.watched(wx, 'https://x')('timestamp.json')
    .catch((error) => states.push(error.message))];
  t.mock.timers.tick(20999);
  await asked[2];
  const early = aborted;
  t.mock.timers.tick(2);
  await asked[0];
  t.mock.timers.tick(300000);
  await asked[1];

  assert.deepStrictEqual([early, aborted], [1, 3]);
  assert.ok(states.every((one) => /timeout/.test(one)), String(states));
});
