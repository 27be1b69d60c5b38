const { takeOver, giveBack } = require('../../services/handover.js');
const { createPainter } = require('../../services/painter.js');
const { createTally } = require('../../services/tally.js');
const { describe } = require('../../services/failures.js');

const CELLS = 50;

// The page that takes a live port over from the channel page, and gives it back when it closes.
Page({
  data: {
    cells: Array.from({ length: CELLS }, (_, n) => n),
    state: 'none',
    before: 0,
    there: 0,
    first: '–',
    last: '–',
    wrong: 0,
    failure: null,
  },

  onLoad() {
    this.painter = createPainter(this);
    this.goods = null;
    this.line = takeOver();
    if (this.line === null) return;
    this.line.onmessage = ({ data }) => this.hear(data);
  },

  hear(goods) {
    const { port, here, next, wrong } = goods;
    this.goods = goods;
    this.tally = createTally({ next, wrong });
    this.first = null;
    this.setData({ state: 'open', before: here });
    port.onmessage = ({ data }) => {
      if (this.first === null) this.first = data;
      goods.there++;
      this.tally.add(data);
      this.paint();
    };
    port.addEventListener('close', () => {
      if (this.goods === null) return;
      const error = new Error('The other end has closed the channel');
      this.setData({ state: 'closed', failure: describe(Object.assign(error, { code: 'ERR_PORT_CLOSED' })) });
    });
  },

  paint() {
    const { next, wrong } = this.tally;
    this.painter.paint({ there: this.goods.there, first: this.first, last: next - 1, wrong });
  },

  onBack() {
    wx.navigateBack();
  },

  onUnload() {
    this.painter.stop();
    if (this.line === null || this.goods === null || this.data.state === 'closed') return;
    const { next, wrong } = this.tally;
    const goods = Object.assign(this.goods, { next, wrong });
    this.goods = null;
    giveBack(this.line, goods);
  },
});
