// Where the demo's service listens: `npm start` says, or `npx tsx miniprogram-demo/service/main.ts`.
// On a phone 127.0.0.1 is the phone itself: put the computer's address here.
const defaults = { serviceUrl: 'http://127.0.0.1:8787' };

// What WeChat calls "ext" config overrides it: a file ext.json in DevTools, the preview's own answer in the browser.
const ext = (wx.getExtConfigSync && wx.getExtConfigSync()) || {};

module.exports = { serviceUrl: ext.serviceUrl || defaults.serviceUrl };
