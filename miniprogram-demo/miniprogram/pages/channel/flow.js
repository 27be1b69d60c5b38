const { MessageChannel } = require('mp-lanes');
const { getCrew } = require('../../services/crew.js');
const { describe } = require('../../services/failures.js');
const { createEventClock } = require('../../services/meter.js');
const { grouped } = require('../../services/numbers.js');
const { createPainter } = require('../../services/painter.js');
const { createRateChart, SECONDS } = require('../../services/rate-chart.js');
const { createShipments, HIGH_WATER, MESSAGES, MESSAGE_BYTES } = require('../../services/shipment.js');
const { createStream } = require('../../services/stream.js');

const TICK_MS = 200; // between two points of the chart
const SPEED_MS = 1000; // over which the figures are taken
const SIZES = [1, 20, 200];
const PACES = [
  { id: 'paused', zh: '暂停', en: 'Paused' },
  { id: 'slow', zh: '慢', en: 'Slow' },
  { id: 'fast', zh: '快', en: 'Fast' },
];
const SENDERS = [
  { id: 'keen', zh: '照发', en: 'Keeps on' },
  { id: 'polite', zh: '礼让', en: 'Polite' },
];
const FULL = MESSAGES * MESSAGE_BYTES; // what the whole bar stands for: a shipment of which nothing is read

Page({
  data: {
    sizes: SIZES,
    size: 200,
    streaming: false,
    rate: '–',
    posts: '–',
    wrong: 0,
    taps: 0,
    answer: '– ms',

    paces: PACES,
    pace: 'slow',
    senders: SENDERS,
    sender: 'keen',
    sending: false,
    messages: MESSAGES,
    sent: 0,
    read: 0,
    misread: 0,
    buffered: '0.0',
    under: 0, // percent of the bar: sent and not read
    fill: 0, // percent of the bar: waits here
    most: '0.0',
    lows: 0,
    mark: (100 * HIGH_WATER) / FULL,

    failure: null,
  },

  onLoad() {
    this.painter = createPainter(this);
    this.since = createEventClock();
    this.flow = null; // the ports, and who posts on them
    this.points = [];
    this.history = [];
    this.drawing = null; // the timer of figures and chart
  },

  async onReady() {
    this.draw = await createRateChart(this, '#rate');
    if (this.draw) this.draw(this.points);
  },

  onHide() {
    if (this.data.streaming) this.onStream();
  },

  onUnload() {
    this.painter.stop();
    this.disconnect();
  },

  // ---- The ports

  async connect() {
    if (this.flow !== null) return this.flow;
    const { worker } = getCrew();
    await worker.ready;
    if (this.flow !== null) return this.flow; // two taps
    const open = (type, more = {}) => {
      const { port1, port2 } = new MessageChannel();
      worker.postMessage(Object.assign({ type, port: port1 }, more), [port1].concat(Object.values(more)));
      return port2;
    };
    const control = new MessageChannel();
    const flow = {
      echo: open('echo'),
      out: open('reader', { control: control.port2 }),
      control: control.port1,
    };
    flow.stream = createStream(flow.echo, this.data.size);
    flow.shipments = createShipments(flow.out);
    flow.shipments.polite = this.data.sender === 'polite';
    flow.told = { read: 0, wrong: 0 };
    flow.from = 0; // what was sent before this shipment
    flow.control.onmessage = ({ data }) => (flow.told = data);
    flow.control.postMessage(this.data.pace);
    flow.echo.addEventListener('close', () => this.lose(flow));
    this.flow = flow;
    return flow;
  },

  lose(flow) {
    if (this.flow !== flow) return;
    this.disconnect();
    this.setData({ streaming: false, sending: false });
    this.fail(Object.assign(new Error('The other end has closed the channel'), { code: 'ERR_PORT_CLOSED' }));
  },

  disconnect() {
    clearTimeout(this.drawing);
    this.drawing = null;
    const { flow } = this;
    this.flow = null;
    if (flow === null) return;
    flow.stream.stop();
    flow.shipments.stop();
    [flow.echo, flow.out, flow.control].forEach((port) => port.close());
  },

  fail(error) {
    this.setData({ failure: describe(error) });
  },

  onRetry() {
    this.setData({ failure: null });
    this.connect().catch((error) => this.fail(error));
  },

  // ---- Throughput

  async onStream() {
    if (this.data.streaming) {
      this.flow.stream.stop();
      return this.setData({ streaming: false });
    }
    try {
      const { stream } = await this.connect();
      stream.size = this.data.size;
      stream.start();
      this.setData({ streaming: true, failure: null });
      this.watch();
    } catch (error) {
      this.fail(error);
    }
  },

  onSize(event) {
    const { size } = event.currentTarget.dataset;
    this.setData({ size });
    if (this.flow !== null) this.flow.stream.size = size;
  },

  onTap(event) {
    this.since(event);
    this.setData({ taps: this.data.taps + 1 }, () => {
      this.setData({ answer: `${this.since(event)} ms` }); // from the finger to the number on the screen
    });
  },

  // ---- Back-pressure

  async onShip() {
    try {
      const flow = await this.connect();
      if (this.isShipping()) return;
      flow.from = flow.shipments.sent;
      flow.shipments.order();
      this.setData({ sending: true, failure: null });
      this.watch();
    } catch (error) {
      this.fail(error);
    }
  },

  isShipping() {
    const { shipments, told } = this.flow;
    return shipments.isSending() || told.read < shipments.sent;
  },

  onPace(event) {
    const { pace } = event.currentTarget.dataset;
    this.setData({ pace });
    if (this.flow !== null) this.flow.control.postMessage(pace);
  },

  onSender(event) {
    const { sender } = event.currentTarget.dataset;
    this.setData({ sender });
    if (this.flow !== null) this.flow.shipments.setPolite(sender === 'polite');
  },

  // ---- On the page

  watch() {
    if (this.drawing === null) this.tick();
  },

  // Goes on until nothing is under way and the chart has run empty.
  tick() {
    const { stream } = this.flow;
    const now = Date.now();
    this.measure(now, stream);
    this.painter.paint(Object.assign(this.rates(stream), this.levels()));
    if (this.draw) this.draw(this.points);
    const busy = this.data.streaming || this.isShipping() || this.points.length > 0;
    this.drawing = busy ? setTimeout(() => this.tick(), TICK_MS) : null;
  },

  measure(now, { back, bursts }) {
    const last = this.history[this.history.length - 1];
    const quiet = last !== undefined && back.count === last.received;
    if (last && !quiet) {
      const ms = now - last.at;
      this.points.push({ at: now, ms, perSecond: (1000 * (back.count - last.received)) / ms });
    }
    this.points = this.points.filter(({ at }) => at > now - SECONDS * 1000);
    this.history.push({ at: now, received: back.count, bursts });
    while (this.history.length > 2 && this.history[1].at <= now - SPEED_MS) this.history.shift();
  },

  rates({ back }) {
    const { history } = this;
    const [from, to] = [history[0], history[history.length - 1]];
    const perSecond = (key) =>
      to.at > from.at ? grouped(Math.round((1000 * (to[key] - from[key])) / (to.at - from.at))) : '–';
    return { rate: perSecond('received'), posts: perSecond('bursts'), wrong: back.wrong };
  },

  levels() {
    const { shipments, told, from, out } = this.flow;
    const { bufferedAmount } = out;
    const unread = (shipments.sent - told.read) * MESSAGE_BYTES;
    return {
      sending: this.isShipping(),
      sent: shipments.sent - from,
      read: told.read - from,
      misread: told.wrong,
      buffered: inMebibytes(bufferedAmount),
      under: inPercent(Math.max(0, unread - bufferedAmount)),
      fill: inPercent(bufferedAmount),
      most: inMebibytes(shipments.most),
      lows: shipments.lows,
    };
  },
});

function inMebibytes(bytes) {
  return (bytes / 2 ** 20).toFixed(1);
}

// Of the bar, with one decimal.
function inPercent(bytes) {
  return Math.min(100, Math.round((1000 * bytes) / FULL) / 10);
}
