const config = require('./config.js');
const guide = require('./guide.js');

App({
  guide: null,

  onLaunch() {
    this.guide = guide.create(wx, config);
  },

  /** A code on a wall may have started it, or brought it back. */
  onShow(options) {
    this.guide.ask(options.query);
    this.guide.seen(true);
  },

  onHide() {
    this.guide.seen(false);
  },
});
