const { MessageChannel } = require('mp-lanes');
const { getCrew } = require('../../services/crew.js');
const { describe } = require('../../services/failures.js');
const { handOver, takeOver, giveBack } = require('../../services/handover.js');
const { createPainter } = require('../../services/painter.js');
const { createTally } = require('../../services/tally.js');
const { checksum } = require('../../shared/checksum.js');

const STATES = { none: '未打开 Not open', open: '已连接 Open', closed: '已关闭 Closed' };
const MARKS = { step: '·', out: '→', in: '←', bad: '!' };
const NAMES = ['A', 'B', 'C'];
const BYTES = 64 * 1024;
const EACH = 10; // numbers that a port sends in a round

Page({
  data: {
    ports: NAMES.map((name) => ({ name, state: 'none', stateText: STATES.none, sent: 0, received: 0 })),
    at: 0, // the port that the buttons are for
    ticks: { state: 'none', here: 0, there: 0, last: '–', wrong: 0 },
    log: [],
    failure: null,
  },

  onLoad() {
    this.lines = NAMES.map(() => ({ port: null, sent: 0, received: 0, sum: '' }));
    this.painter = createPainter(this);
    this.round = null; // of numbers on all open ports
    this.crew = null; // whose worker we listen to
    this.ticks = null; // the port that is handed on, while it is here
    this.line = null; // closes the line to the page that has it
  },

  onUnload() {
    this.painter.stop();
    this.lines.forEach(({ port }) => port && port.close());
    if (this.ticks) this.ticks.close();
    if (this.line) this.line();
    this.listenTo(null);
  },

  // ---- Opening

  onPort(event) {
    this.setData({ at: event.currentTarget.dataset.at });
  },

  onOpen() {
    return this.open([this.data.at]);
  },

  // Those that are not open.
  onOpenAll() {
    return this.open(NAMES.map((_, at) => at).filter((at) => !this.isOpen(at)));
  },

  async open(places) {
    this.setData({ failure: null });
    try {
      const worker = await this.worker();
      places.forEach((at) => {
        const { port1, port2 } = new MessageChannel();
        worker.postMessage({ type: 'connect', port: port1, name: NAMES[at] }, [port1]);
        this.listenOn(at, port2);
      });
    } catch (error) {
      this.fail(error);
    }
  },

  async worker() {
    const crew = getCrew();
    await crew.worker.ready;
    this.listenTo(crew);
    return crew.worker;
  },

  // The worker itself tells when its end has closed: a closed port cannot.
  listenTo(crew) {
    if (this.crew === crew) return;
    const onMessage = (event) => this.onWorkerMessage(event.data);
    if (this.stopListening) this.stopListening();
    this.crew = crew;
    this.stopListening = null;
    if (crew === null) return;
    crew.worker.addEventListener('message', onMessage);
    this.stopListening = () => crew.worker.removeEventListener('message', onMessage);
  },

  listenOn(at, port) {
    const line = this.lines[at];
    if (line.port) line.port.close();
    Object.assign(line, { port, sent: 0, received: 0 });
    this.setState(at, 'open');
    this.count(at);
    this.write('step', '新通道，port1 已交给 Worker', `${NAMES[at]}: worker.postMessage(message, [port1])`);
    port.onmessage = (event) => this.onMessage(at, event.data);
    port.addEventListener('close', () => {
      if (line.port !== port) return;
      this.setState(at, 'closed');
      this.write('step', '收到 close 事件 Event: close', NAMES[at]);
      this.fail(closedError('The other end has closed the channel'));
    });
  },

  isOpen(at) {
    return this.data.ports[at].state === 'open';
  },

  setState(at, state) {
    this.setData({ [`ports[${at}].state`]: state, [`ports[${at}].stateText`]: STATES[state] });
  },

  count(at) {
    const { sent, received } = this.lines[at];
    this.painter.paint({ [`ports[${at}].sent`]: sent, [`ports[${at}].received`]: received });
  },

  // ---- Out

  onText() {
    const text = `第 ${this.lines[this.data.at].sent + 1} 条 message`;
    this.send({ type: 'text', text }, [], `文字 Text: ${text}`);
  },

  onBytes() {
    const line = this.lines[this.data.at];
    const bytes = new Uint8Array(BYTES);
    for (let i = 0; i < BYTES; i++) bytes[i] = (i * 31 + line.sent) & 0xff;
    const { buffer } = bytes;
    line.sum = checksum(buffer);
    this.send({ type: 'bytes', buffer }, [buffer], `ArrayBuffer ${BYTES} B`, `checksum ${line.sum}`);
  },

  onAskClose() {
    this.send({ type: 'close' }, [], '请对端关闭 Please close');
  },

  send(message, transfer, text, detail = '') {
    const { at } = this.data;
    // The standard drops silently what is posted on a closed port; we know that it is closed, and say so.
    if (!this.isOpen(at)) return this.fail(closedError('There is no open channel'));
    this.post(at, message, transfer);
    this.write('out', text, detail);
  },

  post(at, message, transfer = []) {
    const line = this.lines[at];
    line.port.postMessage(message, transfer);
    line.sent++;
    this.count(at);
  },

  // Numbers, in turn on every open port. Order is kept across ports, too.
  onRound() {
    const open = NAMES.map((_, at) => at).filter((at) => this.isOpen(at));
    if (open.length === 0) return this.fail(closedError('There is no open channel'));
    this.round = { back: createTally(), of: EACH * open.length };
    for (let n = 0; n < this.round.of; n++) this.post(open[n % open.length], { type: 'number', n });
    this.write('out', `${open.map((at) => NAMES[at]).join(' ')} 各 ${EACH} 条 ${EACH} on each`);
  },

  onClose() {
    const { at } = this.data;
    if (!this.isOpen(at)) return this.fail(closedError('There is no open channel'));
    this.lines[at].port.close();
    this.setState(at, 'closed');
    this.write('step', '已关闭 port2 We closed', `${NAMES[at]}: port2.close()`);
  },

  // ---- In

  onMessage(at, message) {
    const line = this.lines[at];
    line.received++;
    this.count(at);
    if (message.type === 'text') return this.write('in', message.text, NAMES[at]);
    if (message.type === 'number') return this.onNumber(message.n);
    const intact = message.received === line.sum && checksum(message.buffer) === message.sum;
    const verdict = intact ? '校验一致 intact' : '校验不一致 corrupt';
    const detail = `there ${message.received}, back ${message.sum}`;
    this.write(intact ? 'in' : 'bad', `ArrayBuffer ${message.buffer.byteLength} B，${verdict}`, detail);
  },

  onNumber(n) {
    const { back, of } = this.round;
    back.add(n);
    if (back.count < of) return;
    const good = back.wrong === 0;
    this.write(
      good ? 'in' : 'bad',
      `${of} 条返回，${good ? '顺序一致' : '顺序错乱'} back, ${good ? 'in order' : 'out of order'}`,
    );
  },

  onWorkerMessage(message) {
    if (message && message.type === 'port-closed')
      this.write('in', 'Worker 看到端口关闭 The worker saw the close', message.name);
  },

  // ---- Handing a port on

  // The worker counts into a port, and this page hands that port to the next one.
  async onHandOver() {
    if (this.line) return;
    this.setData({ failure: null });
    try {
      if (this.ticks === null) {
        const worker = await this.worker();
        const { port1, port2 } = new MessageChannel();
        worker.postMessage({ type: 'ticks', port: port1 }, [port1]);
        this.hear({ port: port2, here: 0, there: 0, next: 0, wrong: 0 });
      }
      this.handOver();
    } catch (error) {
      this.fail(error);
    }
  },

  handOver() {
    const { here, there, tally } = this.heard;
    const goods = { port: this.ticks, here, there, next: tally.next, wrong: tally.wrong };
    this.ticks = null;
    this.line = handOver(goods, (returned) => this.hear(returned));
    this.paintTicks('away');
    wx.navigateTo({
      url: '/pages/channel/reader',
      fail: (error) => {
        const line = takeOver();
        line.onmessage = ({ data }) => giveBack(line, data);
        this.fail(new Error(error.errMsg));
      },
    });
  },

  // The port is here, and its numbers go on where they were.
  hear({ port, here, there, next, wrong }) {
    this.ticks = port;
    this.line = null;
    this.heard = { here, there, tally: createTally({ next, wrong }) };
    port.onmessage = ({ data }) => {
      this.heard.here++;
      this.heard.tally.add(data);
      this.paintTicks('here');
    };
    port.addEventListener('close', () => {
      if (this.ticks !== port) return;
      this.ticks = null;
      this.paintTicks('none');
      this.fail(closedError('The other end has closed the channel'));
    });
    this.paintTicks('here');
  },

  paintTicks(state) {
    const { here, there, tally } = this.heard;
    this.painter.paint({
      'ticks.state': state,
      'ticks.here': here,
      'ticks.there': there,
      'ticks.last': tally.next > 0 ? tally.next - 1 : '–',
      'ticks.wrong': tally.wrong,
    });
  },

  onStopTicks() {
    if (this.ticks === null) return;
    this.ticks.close();
    this.ticks = null;
    this.paintTicks('none');
  },

  onFlow() {
    wx.navigateTo({ url: '/pages/channel/flow' });
  },

  // ---- On the page

  fail(error) {
    const failure = describe(error);
    this.setData({ failure });
    this.write('bad', failure.title, failure.code);
  },

  // One entry is added by its path: the log is not sent again.
  write(kind, text, detail = '') {
    const id = this.data.log.length;
    this.setData({ [`log[${id}]`]: { id, kind, mark: MARKS[kind], text, detail } });
  },

  onClear() {
    this.setData({ log: [] });
  },
});

function closedError(message) {
  return Object.assign(new Error(message), { code: 'ERR_PORT_CLOSED' });
}
