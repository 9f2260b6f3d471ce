/* Languages, look, and the state of the map. */
Page({
  data: { screen: '' },

  onLoad() {
    this.guide = getApp().guide;
    this.unwatch = this.guide.watch(() => this.show());
    this.show();
  },

  onUnload() {
    this.unwatch();
  },

  show() {
    const view = this.guide.view();
    const isBegun = view.emergency && !this.data.emergency;
    this.setData(view);
    if (isBegun) wx.navigateBack(); // Nothing else is shown now.
    wx.setNavigationBarTitle({ title: view.words.settings.title });
  },

  set(event) {
    const touched = event.currentTarget.dataset;
    if (touched.name === 'pack') this.guide.choosePack(touched.value);
    else this.guide.app.set(touched.name, touched.value);
  },

  resize(event) {
    this.guide.app.resize(event.currentTarget.dataset.by);
  },

  clear() {
    this.guide.app.clearHistory();
  },

  update() {
    return this.guide.update();
  },

  close() {
    wx.navigateBack();
  },
});
