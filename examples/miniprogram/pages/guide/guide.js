/* Find, place, start, route, walk, arrived: shows the view, and passes on touches. */
Page({
  data: { screen: '', code: '' },

  async onLoad() {
    this.guide = getApp().guide;
    this.unwatch = this.guide.watch(() => this.show());
    if (!this.guide.app && !(await this.guide.open())) {
      wx.redirectTo({ url: '/baseline/install' });
      return;
    }
    this.show();
    await this.guide.update();
  },

  /** The font size in WeChat's settings may have changed meanwhile. */
  onShow() {
    if (this.guide && this.guide.app) this.show();
  },

  onUnload() {
    this.unwatch();
  },

  show() {
    if (!this.guide.app) return;
    const view = this.guide.view();
    const isOther = view.screen !== this.data.screen;
    if (isOther) Object.assign(view, { code: '' });
    this.setData(view);
    if (!isOther) return;
    wx.setNavigationBarTitle({ title: view.title });
    wx.pageScrollTo({ scrollTop: 0, duration: 0 });
  },

  /** The command in an element's `data-do`, with its `data-with`. */
  act(event) {
    const touched = event.currentTarget.dataset;
    this.guide.app[touched.do](touched.with);
  },

  touchSearch() {
    this.guide.app.touchSearch();
  },

  type(event) {
    this.guide.app[event.currentTarget.dataset.do](event.detail.value);
  },

  set(event) {
    const touched = event.currentTarget.dataset;
    this.guide.app.set(touched.name, touched.value);
  },

  typeCode(event) {
    this.setData({ code: event.detail.value });
  },

  takeCode() {
    if (this.data.code.trim()) this.guide.app.startAtCode(this.data.code);
  },

  /** A telephone number, such as tel:02755501301. */
  call(event) {
    wx.makePhoneCall({ phoneNumber: event.currentTarget.dataset.with.replace('tel:', ''), fail() {} });
  },

  scan() {
    this.guide.scan();
  },

  openSettings() {
    wx.navigateTo({ url: '/pages/settings/settings' });
  },
});
