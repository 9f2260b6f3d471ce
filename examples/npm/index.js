/* navkit-runtime: everything that a client of its own needs, under one name. README.md says how. */
const { open, begin, VERSION } = require('./core/navkit.js');

/** @type {typeof import('./index.d')} */
const runtime = {
  open: open,
  begin: begin,
  VERSION: VERSION,
  position: require('./core/position.js'),
  install: require('./client/install.js'),
  trust: require('./client/trust.js'),
  follow: require('./client/follow.js'),
  voice: require('./client/voice.js'),
  map: require('./client/map.js'),
  browser: {
    storage: require('./platform/store-browser.js'),
    voice: require('./platform/voice-browser.js'),
    motion: require('./platform/motion-browser.js'),
  },
  wechat: {
    storage: require('./platform/store-wx.js'),
    voice: require('./platform/voice-wx.js'),
    motion: require('./platform/motion-wx.js'),
  },
};

module.exports = runtime;
