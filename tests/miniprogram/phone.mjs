// A phone with WeChat on it: files in memory, sounds, a canvas, and no network unless it is given one.

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { JSDOM } from 'jsdom';

const require = createRequire(import.meta.url);

export const APP = fileURLToPath(new URL('../../examples/miniprogram', import.meta.url));

const dom = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true });
Object.assign(globalThis, {
  window: dom.window, document: dom.window.document, Node: dom.window.Node,
  CustomEvent: dom.window.CustomEvent, Event: dom.window.Event,
});
globalThis.wx = {};
const simulate = require('miniprogram-simulate');

/** The simulator knows components only: a page is one, with its own beginning and end. */
globalThis.Page = ({ data, ...methods }) => globalThis.Component({ data, methods });

/** Files of a folder by name; those of a baseline by the path that the app reads them by. */
function filesOf(folder, before) {
  return new Map(fs.readdirSync(folder).map(
    (name) => [before + name, fs.readFileSync(path.join(folder, name))]));
}

export const packaged = filesOf(process.env.NAVKIT_BASELINE, 'baseline/bundle/');
export const ADDRESS = 'https://maps.hospital.example/bundle';
/** What is at that address on a phone with a network: clips, too. */
export const published = new Map([
  ...filesOf(process.env.NAVKIT_BUNDLE, ''), ...filesOf(process.env.NAVKIT_BASELINE, ''),
].map(([name, bytes]) => [`${ADDRESS}/${name}`, bytes]));

/** A context that keeps the texts that were drawn. */
function paper(texts) {
  return new Proxy({}, {
    get: (own, name) => {
      if (name === 'measureText') return (text) => ({ width: text.length * 8 });
      if (name === 'fillText') return (text) => { texts.push(text); };
      return name in own ? own[name] : () => {};
    },
    set: (own, name, value) => { own[name] = value; return true; },
  });
}

export class Phone {
  constructor(more) {
    const fresh = { packaged, network: null, room: 200e6, disk: new Map(), kept: new Map() };
    Object.assign(this, fresh, more);
    this.scanned = { errMsg: 'scanCode:fail' }; // what WeChat tells of the camera
    this.acts = 0;
    this.diesAt = Infinity;
    this.sounds = [];
    this.vibrations = 0;
    this.letters = 1;
    this.drawn = [];
    this.opened = []; // where pages went
    this.asked = []; // addresses in the network
    this.same = 0; // answers that nothing has changed
    this.folders = new Set(['wxfile://usr']);
    for (const name of this.disk.keys()) this.folders.add(path.posix.dirname(name));
    this.called = [];
    this.wx = this._wx();
  }

  /** `torn` is what is done of it when the phone dies at it. */
  _act(work, torn = () => {}) {
    return ({ success, fail, ...options }) => setImmediate(() => {
      const act = this.acts++;
      if (act === this.diesAt) torn(options);
      if (act >= this.diesAt) return; // Dead: nobody hears of anything any more.
      let told;
      try {
        told = work(options);
      } catch (error) {
        fail({ errMsg: error.message });
        return;
      }
      success({ errMsg: 'ok', ...told });
    });
  }

  _files() {
    const need = (known, name) => {
      if (!known) throw new Error(`fail no such file or directory ${name}`);
    };
    return {
      access: this._act((one) => need(this.folders.has(one.path), one.path)),
      mkdir: this._act(({ dirPath }) => { this.folders.add(dirPath); }),
      readdir: this._act(({ dirPath }) => {
        need(this.folders.has(dirPath), dirPath);
        const here = [...this.disk.keys()].filter((name) => path.posix.dirname(name) === dirPath);
        return { files: here.map((name) => path.posix.basename(name)) };
      }),
      readFile: this._act(({ filePath, encoding }) => {
        const bytes = this.disk.get(filePath) || this.packaged.get(filePath);
        need(bytes, filePath);
        return { data: encoding ? bytes.toString('utf8') : Uint8Array.from(bytes).buffer };
      }),
      readFileSync: (name, encoding) => {
        need(this.packaged.has(name), name);
        return this.packaged.get(name).toString(encoding);
      },
      writeFile: this._act(({ filePath, data }) => {
        need(this.folders.has(path.posix.dirname(filePath)), filePath);
        const bytes = Buffer.from(data);
        const used = [...this.disk.values()].reduce((sum, one) => sum + one.length, 0);
        this.disk.set(filePath, bytes.subarray(0, Math.max(0, this.room - used)));
        if (used + bytes.length > this.room) {
          throw new Error('writeFile:fail the maximum size of the file storage limit is exceeded');
        }
      }, ({ filePath, data }) => {
        if (!this.folders.has(path.posix.dirname(filePath))) return;
        this.disk.set(filePath, Buffer.from(data).subarray(0, Buffer.from(data).length >> 1));
      }),
      rename: this._act(({ oldPath, newPath }) => {
        need(this.disk.has(oldPath), oldPath);
        this.disk.set(newPath, this.disk.get(oldPath));
        this.disk.delete(oldPath);
      }),
      unlink: this._act(({ filePath }) => {
        need(this.disk.has(filePath), filePath);
        this.disk.delete(filePath);
      }),
    };
  }

  _wx() {
    const files = this._files();
    const request = ({ url, header, success, fail }) => setImmediate(() => {
      this.asked.push(url);
      if (!this.network) {
        fail({ errMsg: 'request:fail' });
        return;
      }
      const bytes = this.network.get(url);
      const tag = `"${createHash('sha256').update(bytes || '').digest('hex')}"`;
      const isSame = Boolean(bytes) && header['if-none-match'] === tag;
      if (isSame) this.same++;
      success({
        statusCode: isSame ? 304 : bytes ? 200 : 404, header: { Etag: tag },
        data: Uint8Array.from(isSame ? [] : bytes || []).buffer,
      });
    });
    const canvas = {
      getContext: () => paper(this.drawn),
      requestAnimationFrame: (act) => setImmediate(act),
    };
    const query = {
      in: () => query, select: () => query, fields: () => query,
      exec: (told) => setImmediate(() => told([{ node: canvas, width: 375, height: 400 }])),
    };
    const go = (how) => ({ url }) => { this.opened.push(`${how} ${url}`); };
    return {
      env: { USER_DATA_PATH: 'wxfile://usr' },
      getFileSystemManager: () => files,
      request,
      getStorageSync: (name) => this.kept.get(name) || '',
      setStorageSync: (name, text) => { this.kept.set(name, text); },
      getAppBaseInfo: () => ({ language: 'zh_CN', fontSizeScaleFactor: this.letters }),
      getWindowInfo: () => ({ pixelRatio: 3 }),
      createSelectorQuery: () => query,
      setInnerAudioOption: (option) => { this.audioOption = option; },
      createInnerAudioContext: () => this._audio(),
      vibrateShort: () => { this.vibrations++; },
      vibrateLong: () => { this.vibrations++; },
      makePhoneCall: ({ phoneNumber }) => this.called.push(phoneNumber),
      scanCode: ({ success, fail }) => setImmediate(() => (
        this.scanned.errMsg ? fail(this.scanned) : success(this.scanned))),
      ...this._sensors(),
      redirectTo: go('redirect'),
      navigateTo: go('navigate'),
      navigateBack: () => { this.opened.push('back'); },
      setNavigationBarTitle: ({ title }) => { this.title = title; },
      pageScrollTo: () => {},
    };
  }

  /** The accelerometer and the gyroscope; `feel` gives a sample to whoever listens. */
  _sensors() {
    this.takes = {};
    return Object.fromEntries(['Accelerometer', 'Gyroscope'].flatMap((name) => [
      [`on${name}Change`, (take) => { this.takes[name] = take; }],
      [`off${name}Change`, () => { delete this.takes[name]; }],
      [`start${name}`, () => {}], [`stop${name}`, () => {}],
    ]));
  }

  async feel(sample) {
    Object.values(this.takes).forEach((take) => take(sample));
    await settled();
  }

  _audio() {
    const sound = { isPlaying: false };
    return Object.assign(sound, {
      onEnded: (act) => { sound.end = act; },
      onError: () => {},
      play: () => {
        sound.isPlaying = true;
        this.sounds.push({ src: sound.src, rate: sound.playbackRate, sound });
      },
      stop: () => { sound.isPlaying = false; },
      destroy: () => {},
    });
  }

  /** Starts the app, as WeChat does after it was closed. */
  start({ url = '', query = {}, repository = '', root = null } = {}) {
    globalThis.wx = this.wx;
    const config = require(path.join(APP, 'config.js'));
    Object.assign(config, { url, repository, root });
    let app = null;
    globalThis.App = (made) => { app = made; };
    const file = path.join(APP, 'app.js');
    delete require.cache[require.resolve(file)];
    require(file);
    globalThis.getApp = () => app;
    app.onLaunch({ query });
    app.onShow({ query });
    this.app = app;
    return app;
  }

  /** Opens a page and waits until it has nothing more to do. */
  async page(name, query = {}) {
    const id = simulate.load(path.join(APP, name), { rootPath: APP });
    const made = simulate.render(id);
    made.attach(document.body);
    const page = new Screen(made);
    await made.instance.onLoad(query);
    await settled();
    return page;
  }

  /** Starts the app and goes where its pages go, until one stays. */
  async use(options) {
    this.start(options);
    let page = await this.page('pages/guide/guide');
    while (this.opened.length && this.opened[this.opened.length - 1].startsWith('redirect')) {
      page.close();
      page = await this.page(this.opened.pop().replace('redirect /', ''));
    }
    return page;
  }
}

export async function settled() {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => { setImmediate(resolve); });
}

/** A page as somebody sees it. */
export class Screen {
  constructor(made) {
    this.made = made;
  }

  get text() {
    return this.made.dom.textContent;
  }

  get data() {
    return this.made.data;
  }

  /** The map on it. The simulator says only to what it renders first that it is ready. */
  async map() {
    const made = this.made.querySelector('#map');
    made.triggerLifeTime('ready');
    await settled();
    return new Screen(made);
  }

  close() {
    if (this.made.instance.onUnload) this.made.instance.onUnload();
    this.made.detach();
  }

  _event(selector, text, name, options) {
    const found = this.made.querySelectorAll(selector).find((one) => one.dom.textContent.includes(text));
    if (!found) throw new Error(`nothing here says ${text}: ${this.text}`);
    found.dispatchEvent(name, options);
    return settled();
  }

  tap(text, selector = '.button') {
    return this._event(selector, text, 'tap');
  }

  type(text, number = 0) {
    this.made.querySelectorAll('.input')[number].dispatchEvent('input', { detail: { value: text } });
    return settled();
  }
}
