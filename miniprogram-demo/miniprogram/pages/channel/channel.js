const { MessageChannel } = require('mp-lanes');
const { getCrew } = require('../../services/crew.js');
const { describe } = require('../../services/failures.js');
const { checksum } = require('../../shared/checksum.js');

const STATES = { none: '未打开 Not open', open: '已连接 Open', closed: '已关闭 Closed' };
const MARKS = { step: '·', out: '→', in: '←', bad: '!' };
const BYTES = 64 * 1024;

Page({
  data: { state: 'none', stateText: STATES.none, sent: 0, received: 0, log: [], failure: null },

  onLoad() {
    this.port = null;
    this.crew = null; // whose worker we listen to
  },

  onUnload() {
    if (this.port) this.port.close();
    this.listenTo(null);
  },

  async onOpen() {
    if (this.port) this.port.close();
    this.setData({ sent: 0, received: 0, failure: null });
    try {
      const crew = getCrew();
      await crew.worker.ready;
      this.listenTo(crew);
      const { worker } = crew;

      const channel = new MessageChannel();
      worker.postMessage({ type: 'connect', port: channel.port1 }, [channel.port1]);

      this.listenOn(channel.port2);
    } catch (error) {
      this.fail(error);
    }
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

  listenOn(port) {
    this.port = port;
    this.setState('open');
    this.write('step', '新通道，port1 已交给 Worker', 'worker.postMessage(message, [port1])');
    port.onmessage = (event) => this.onMessage(event.data);
    port.addEventListener('close', () => {
      if (this.port !== port) return;
      this.setState('closed');
      this.write('step', '收到 close 事件 Event: close');
      this.fail(closedError('The other end has closed the channel'));
    });
  },

  setState(state) {
    this.setData({ state, stateText: STATES[state] });
  },

  // ---- Out

  onText() {
    const text = `第 ${this.data.sent + 1} 条 message`;
    this.send({ type: 'text', text }, [], `文字 Text: ${text}`);
  },

  onBytes() {
    const bytes = new Uint8Array(BYTES);
    for (let i = 0; i < BYTES; i++) bytes[i] = (i * 31 + this.data.sent) & 0xff;
    const { buffer } = bytes;
    this.sum = checksum(buffer);
    const sum = this.sum;
    this.send({ type: 'bytes', buffer }, [buffer], `ArrayBuffer ${BYTES} B`, `checksum ${sum}`);
  },

  onAskClose() {
    this.send({ type: 'close' }, [], '请对端关闭 Please close');
  },

  send(message, transfer, text, detail = '') {
    // The standard drops silently what is posted on a closed port; we know that it is closed, and say so.
    if (this.data.state !== 'open') return this.fail(closedError('There is no open channel'));
    this.port.postMessage(message, transfer);
    this.setData({ sent: this.data.sent + 1 });
    this.write('out', text, detail);
  },

  onClose() {
    if (this.data.state !== 'open') return this.fail(closedError('There is no open channel'));
    this.port.close();
    this.setState('closed');
    this.write('step', '已关闭 port2 We closed', 'port2.close()');
  },

  // ---- In

  onMessage(message) {
    this.setData({ received: this.data.received + 1 });
    if (message.type === 'text') return this.write('in', message.text);
    const intact = message.received === this.sum && checksum(message.buffer) === message.sum;
    const verdict = intact ? '校验一致 intact' : '校验不一致 corrupt';
    const detail = `there ${message.received}, back ${message.sum}`;
    this.write(intact ? 'in' : 'bad', `ArrayBuffer ${message.buffer.byteLength} B，${verdict}`, detail);
  },

  onWorkerMessage(message) {
    if (message && message.type === 'port-closed')
      this.write('in', 'Worker 看到端口关闭 The worker saw the close');
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
