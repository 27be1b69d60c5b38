// `suite.js` is bundled into the copy of this mini-program that is run: see bench/hosts/preview.ts.
const { runInPage } = require('../../suite.js');

// The first page is drawn and its fonts are there by then.
const QUIET_MS = 1000;

Page({
  data: { status: 'waiting', result: null },

  onReady() {
    const { settings } = wx.getExtConfigSync();
    const progress = (status) => this.setData({ status });
    setTimeout(() => {
      runInPage(settings, progress).then(
        (result) => this.setData({ status: 'done', result }),
        (error) => this.setData({ status: `failed: ${error.message}` }),
      );
    }, QUIET_MS);
  },
});
