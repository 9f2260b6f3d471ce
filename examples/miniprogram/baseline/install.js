/* This page is in the package of the baseline, so that the package is loaded when it is opened. */
const AGAIN_MS = 60000;

Page({
  data: { percent: 0, failed: '', emergency: null },

  onLoad() {
    this.guide = getApp().guide;
    return this.install();
  },

  async install() {
    this.setData({ failed: '' });
    const unwatch = this.guide.watch(() => {
      this.setData({
        percent: this.guide.installed.percent, emergency: this.guide.stoppedEarly(),
      });
    });
    const failed = await this.guide.installBaseline();
    unwatch();
    this.setData({ failed: failed, emergency: this.guide.stoppedEarly() });
    if (this.data.emergency && failed) setTimeout(() => this.install(), AGAIN_MS);
    if (!failed) wx.redirectTo({ url: '/pages/guide/guide' });
  },
});
