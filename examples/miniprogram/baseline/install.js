/* Lives in the package of the baseline, so that this package is there when it is opened. */
Page({
  data: { percent: 0, failed: '' },

  onLoad() {
    this.guide = getApp().guide;
    return this.install();
  },

  async install() {
    this.setData({ failed: '' });
    const unwatch = this.guide.watch(() => {
      this.setData({ percent: this.guide.installed.percent });
    });
    const failed = await this.guide.installBaseline();
    unwatch();
    this.setData({ failed: failed });
    if (!failed) wx.redirectTo({ url: '/pages/guide/guide' });
  },
});
