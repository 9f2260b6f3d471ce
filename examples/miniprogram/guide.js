/* What all pages share: the map on this phone, what is shown of it, and its voice.
 *
 * Pages show `view()` and pass touches to `app`; `watch` notifies them of every change.
 */
const navkit = require('./runtime/core/navkit.js');
const navkitApp = require('./runtime/client/app.js');
const navkitInstall = require('./runtime/client/install.js');
const navkitStoreWx = require('./runtime/platform/store-wx.js');
const navkitTrust = require('./runtime/client/trust.js');
const navkitFollow = require('./runtime/client/follow.js');
const navkitReports = require('./runtime/client/reports.js');
const navkitVoice = require('./runtime/client/voice.js');
const navkitMotionWx = require('./runtime/platform/motion-wx.js');
const navkitVoiceWx = require('./runtime/platform/voice-wx.js');
const words = require('./runtime/words.js');

const BASELINE = 'baseline/bundle';
const LETTER_PX = 16;

/** What a phone can do without at first: clips and photos. */
function isLater(name) {
  return !name.endsWith('.json');
}

/** A phone that routes by itself needs no scripted routes. */
function isNeeded(name) {
  return !name.startsWith('scripts-');
}

/** Local time to the minute. */
function now() {
  const time = new Date(Date.now());
  const two = (number) => String(number).padStart(2, '0');
  return time.getFullYear() + '-' + two(time.getMonth() + 1) + '-' + two(time.getDate()) +
    'T' + two(time.getHours()) + ':' + two(time.getMinutes());
}

function later(ms, act) {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}

/** Files that come with the app. */
function isPackaged(name) {
  return isNeeded(name) && !isLater(name);
}

/** The baseline in its package, as a read-only store: for a phone without room. */
function packagedStore(wx) {
  const files = wx.getFileSystemManager();
  const text = async (name) => files.readFileSync(BASELINE + '/' + name, 'utf8');
  return {
    text: text,
    pointer: async () => {
      const release = JSON.parse(await text('release.json'));
      const index = JSON.parse(await text(release.index.name));
      const left = Object.keys(index.files).filter((name) => !isPackaged(name));
      return JSON.stringify({ current: Object.assign(release, { left: left }) });
    },
  };
}

/** The part of a link after #; a mini-program's own code has only that. */
function hashOf(link) {
  return decodeURIComponent(link).replace(/^[^#]*#/, '');
}

/** The content of a scanned code: a mini-program's own has it in the path that it would open. */
function saidBy(told) {
  const scene = /[?&]scene=([^&]*)/.exec(told.path || '');
  return scene ? '#' + hashOf(scene[1]) : told.result;
}

/** The follower of the hospital's signatures, if the app came with its root; else null. */
function followerOf(wx, config) {
  if (!config.root || !config.repository) return null;
  return navkitTrust.follower({
    nacl: require('./runtime/nacl.js'), root: config.root.text, hospital: config.root.hospital,
    store: navkitStoreWx.store(wx, 'navkit-trust'),
    fetch: navkitStoreWx.watched(wx, config.repository),
  });
}

/** Sends reports to the hospital's server; null if the app knows none. */
function reportsTo(wx, config, keep) {
  if (!config.root || !config.repository) return null;
  const url = config.repository + '/api/v1/hospitals/' + config.root.hospital + '/reports';
  return navkitReports.queue({
    keep: keep, chance: Math.random,
    send: (report) => navkitStoreWx.post(wx, url, report),
  });
}

class Guide {
  constructor(wx, config) {
    this._wx = wx;
    this._store = navkitStoreWx.store(wx);
    this._online = config.url ? navkitStoreWx.online(wx, config.url) : null;
    this._follower = this._online && followerOf(wx, config);
    this._signed = null;
    this._news = null;
    this._clock = navkitFollow.clock({
      tick: () => { if (this.app) this.app.tick(); },
      isNeeded: () => Boolean(this.app) && this.app.isChangeNear,
      later: later, now: () => Date.now(),
    });
    this._asked = '';
    this._updating = null;
    this._clips = null;
    this._blobs = {};
    this._isSeen = false;
    this._watchers = [];
    this._platform = navkitVoiceWx.platform(wx, {
      screenReader: () => Boolean(this.app) && this.app.view().settings.reader,
    });
    this._kept = {
      get: (name) => this._wx.getStorageSync(name),
      set: (name, text) => this._keep(name, text),
    };
    this._reports = reportsTo(wx, config, this._kept);
    this.app = null;
    this.bundle = null;
    this.installed = { version: '', issued: '', left: [], bytes: 0, percent: 0, told: '' };
  }

  // ---------------------------------------------------------------- watching

  /** `act` is called after every change; the returned function ends that. */
  watch(act) {
    this._watchers.push(act);
    return () => { this._watchers = this._watchers.filter((one) => one !== act); };
  }

  /** Whether there is an emergency, as far as this phone knows. */
  _emergency() {
    return navkitFollow.emergency(this._signed, Date.now());
  }

  /** The screen of an emergency before there is a map; null for none. */
  stoppedEarly() {
    const alarm = this._emergency();
    return alarm && navkitApp.stoppedEarly(words, [this._wx.getAppBaseInfo().language], alarm);
  }

  _changed() {
    this._watchers.forEach((act) => act());
  }

  // ----------------------------------------------------------------- opening

  /** Opens the map stored on this phone. Returns whether there is one. */
  open() {
    return this._open(this._store);
  }

  async _open(store) {
    if (this._follower && !this._signed) this._signed = await this._follower.open();
    const opened = await navkitInstall.open({ store: store, make: (read) => this._make(read) });
    if (!opened.bundle) return false;
    this.bundle = opened.bundle;
    this._clips = opened.bytes;
    this.app = navkitApp.create({
      bundle: this.bundle, words: words, now: now,
      keep: this._kept, phone: [this._wx.getAppBaseInfo().language],
      player: (language, pack) => this._player(language, pack),
      onChange: () => this._changed(),
      motion: navkitMotionWx.motion(this._wx),
      age: () => navkitFollow.age(this._signed, Date.now(), this.installed.issued),
      unread: () => (this._signed ? this._signed.unread : 0),
      emergency: () => this._emergency(),
      report: this._reports && ((said) => {
        this._reports.add(Object.assign({ bundle: opened.version }, said));
        this._reports.flush();
      }),
    });
    if (this._signed) this.app.follow(this._signed.closures);
    this._has(opened);
    if (opened.code === 'fell-back') this.installed.told = this.app.outcome(opened);
    if (!this._follow()) this.app.resume();
    this._clock.plan();
    return true;
  }

  /** A bundle, opened in steps, so that the screen stays responsive. */
  async _make(read) {
    const opening = navkit.begin(read);
    while (opening.step()) await this._store.pause();
    return opening.bundle;
  }

  _keep(name, text) {
    try {
      this._wx.setStorageSync(name, text);
    } catch (error) {
      return; // Then it is not stored.
    }
  }

  /** What is on this phone now. */
  _has(release) {
    const files = this.bundle.index.files;
    const here = Object.keys(files).filter((name) => !release.left.includes(name));
    Object.assign(this.installed, {
      version: release.version, issued: release.issued, left: release.left,
      bytes: here.reduce((sum, name) => sum + files[name].bytes, 0),
    });
  }

  /** Go where a code or a link leads, now or once the map is open. */
  ask(query) {
    const asked = query.q || query.scene || '';
    if (asked === this._asked) return; // Back from another app, not asked again.
    this._asked = asked;
    if (this.app) this._follow();
  }

  _follow() {
    try {
      return Boolean(this._asked) && this.app.open(hashOf(this._asked));
    } catch (error) {
      return false; // An unreadable link.
    }
  }

  // -------------------------------------------------------------- installing

  /** Installs the map that came with the app, else the published one. Returns '', or why
   * there is no map, in words. */
  async installBaseline() {
    const packaged = navkitStoreWx.packaged(this._wx, BASELINE);
    let outcome = await this._install(packaged, isPackaged);
    if (!outcome.version && this._online) {
      if (this._follower) this._signed = await this._follower.refresh(Date.now());
      this._changed();
      outcome = await this._install(this._published(), isPackaged);
    }
    if (await this.open()) return '';
    const isFull = outcome.reason === 'storage-full';
    if (isFull && await this._open(packagedStore(this._wx))) {
      this.installed.told = this.app.outcome(outcome);
      return '';
    }
    return navkitApp.failed(words, this._wx.getAppBaseInfo().language, outcome.reason);
  }

  _install(fetch, wanted) {
    return navkitInstall.install({
      store: this._store, fetch: fetch, wanted: wanted,
      onProgress: (all) => {
        if (!all.total_bytes) return;
        this.installed.percent = Math.floor(100 * all.done_bytes / all.total_bytes);
        this._changed();
      },
    });
  }

  /** Fetches files left out and newer ones, one call at a time; a newer map is opened at the next
   * start. */
  update() {
    if (!this._updating) {
      this._updating = this._update().then(() => {
        this._updating = null;
        this._changed();
      });
    }
    return this._updating;
  }

  async _update() {
    if (this._online) {
      if (this._follower) await this._look();
      // From here on: closures must not wait until a map has arrived.
      this._watchNews();
      const outcome = await this._install(this._published(), (name) => this._isWanted(name));
      if (outcome.version) this._has(outcome);
      const isRefused = this._signed && this._signed.code === 'kept-old';
      this.installed.told = this.app.outcome(isRefused ? this._signed : outcome);
      if (this._reports) this._reports.flush();
    }
    const own = this.app.view().settings;
    for (const index of this._voices(own.language, own.pack)) await this._loadClips(index);
    this._changed();
  }

  // --------------------------------------------------------------- following

  /** Where maps come from: by the hospital's signature, for an app that came with its root. */
  _published() {
    return this._follower ? navkitTrust.fetching(this._online, this._signed.release) : this._online;
  }

  /** Checks for newly signed data; closures take effect at once. */
  async _look() {
    this._signed = await this._follower.refresh(Date.now());
    this.app.follow(this._signed.closures);
    this._clock.plan();
    this._changed();
    return this._signed;
  }

  /** Checks again and again while the app is visible. */
  _watchNews() {
    if (!this._follower || this._news) return;
    this._news = navkitFollow.watch({
      look: async () => {
        // Not awaited, and after the running task, which concerns the previous map.
        if ((await this._look()).code === 'new') {
          Promise.resolve(this._updating).then(() => this.update());
        }
        return this._signed.reason !== 'offline';
      },
      later: later, chance: Math.random, now: () => Date.now(),
    });
    if (this._isSeen) this._news.wake();
  }

  /** The app becomes visible, or is hidden. */
  seen(isSeen) {
    this._isSeen = isSeen;
    if (isSeen) this._clock.wake();
    else this._clock.rest();
    if (!this._news) return;
    if (isSeen) this._news.wake();
    else this._news.rest();
  }

  // ------------------------------------------------------------------- voice

  /** The clips of a voice, when they are here. */
  async _loadClips(index) {
    if (!index || this._blobs[index.file]) return;
    const bytes = await this._clips(index.file);
    if (!bytes) return;
    this._blobs[index.file] = bytes;
    this.app.silence(true);
    this._changed(); // Something can be heard now.
  }

  /** The indexes of the voices that speak now: the hospital's own, if one is chosen, and the usual. */
  _voices(language, pack) {
    return [pack && this.bundle.pack(pack), this.bundle.voice(language)].filter(Boolean);
  }

  _player(language, pack) {
    const all = this._voices(language, pack);
    all.forEach((index) => this._loadClips(index));
    const here = all.map((index) => ({ index: index, blob: this._blobs[index.file] }));
    return navkitVoice.player(Object.assign(
      { platform: this._platform, language: language }, navkitVoice.voiceOf(here)));
  }

  /** Clips of a voice that nobody has chosen here are not wanted. */
  _isWanted(name) {
    const chosen = this.app && this.bundle.pack(this.app.view().settings.pack);
    const isOfOthers = name.startsWith('pack-') && isLater(name) && !(chosen && chosen.file === name);
    return isNeeded(name) && !isOfOthers;
  }

  /** A voice of the hospital's own; its clips come when they are wanted. */
  choosePack(id) {
    this.app.set('pack', id);
    return this.update();
  }

  /** Asks for a code on a wall, or on the screen of a desk; the short code can always be typed. */
  scan() {
    this._wx.scanCode({
      scanType: ['qrCode'],
      success: (told) => this.app.scanned(saidBy(told)),
      fail: (told) => {
        if (!told.errMsg.endsWith('cancel')) this.app.noCamera(); // Not if the user went back.
      },
    });
  }

  // ------------------------------------------------------------------ photos

  /** The path of a step's photo on this phone; null if it has not arrived yet. */
  _photo(photo) {
    if (!photo || this.installed.left.includes(photo.file)) return null;
    return Object.assign({}, photo, { path: this._store.path(photo.file) });
  }

  // -------------------------------------------------------------------- view

  /** Everything that templates show, as plain data: a route is too much to pass. */
  view() {
    const view = this.app.view();
    const base = this._wx.getAppBaseInfo();
    const isReady = !this.installed.left.some((name) => (
      this._isWanted(name) && (this._online || !isLater(name))));
    [view.place, view.walk, view.arrived].filter(Boolean).forEach((screen) => {
      screen.photo = this._photo(screen.photo);
    });
    return Object.assign(view, {
      map: { levels: view.map.levels, buildings: view.map.buildings },
      hasMap: view.screen !== 'find' && !view.emergency,
      letters: LETTER_PX * (base.fontSizeScaleFactor || 1) * view.settings.size + 'px',
      sound: view.settings.muted ? view.words.walk.unmute : view.words.walk.mute,
      data: {
        isReady: isReady,
        loading: this.app.word(this._updating ? 'settings.loading' : 'settings.not-ready',
          { percent: this.installed.percent }),
        lines: this.app.dataLines(this.installed, now().slice(0, 10)),
        told: this.installed.told,
      },
    });
  }
}

function create(wx, config) {
  return new Guide(wx, config);
}

module.exports = { create: create };
