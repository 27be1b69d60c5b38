const { MessageChannel, Worker, scheduler, withOptions, wrap } = require('mp-lanes');
const { getJson } = require('../../services/http.js');
const { getCrew, stopCrew } = require('../../services/crew.js');
const { describe } = require('../../services/failures.js');

// Each does something wrong and is expected to fail.
const FAULTS = [
  {
    id: 'unreachable',
    zh: '连不上服务',
    en: 'Service unreachable',
    run: () => getJson('/api/hello', 'http://127.0.0.1:65123'), // nothing listens there
  },
  {
    id: 'malformed',
    zh: '返回的 JSON 不完整',
    en: 'Malformed JSON',
    run: () => getJson('/api/malformed'),
  },
  {
    id: 'missing',
    zh: 'Worker 文件不存在',
    en: 'Worker file missing',
    run() {
      stopCrew(); // makes room: WeChat has one worker
      return start('workers/missing.js');
    },
  },
  {
    id: 'second',
    zh: '启动第二个 Worker',
    en: 'A second worker',
    async run() {
      await getCrew().worker.ready;
      await start('workers/index.js');
    },
  },
  {
    id: 'lost',
    zh: '调用途中 Worker 被杀',
    en: 'Worker killed in a call',
    // Another thread takes its place, but this call is lost.
    run: () => withOptions(getCrew().accidents, { timeoutMs: 2000 }).kill(),
  },
  {
    id: 'priority',
    zh: '不存在的优先级',
    en: 'Unknown priority',
    run: () => scheduler.postTask(() => {}, { priority: 'urgent' }),
  },
  {
    id: 'port',
    zh: '调用已关闭的端口',
    en: 'Closed port',
    run() {
      const { port1, port2 } = new MessageChannel();
      port2.close();
      return wrap(port1).hello();
    },
  },
];

function start(path) {
  const worker = new Worker(path);
  worker.onerror = () => {}; // `ready` tells it as well
  return worker.ready;
}

const STATES = { idle: '试一试 Try', trying: '…', failed: '再试 Again', quiet: '没有报错 No error' };

Page({
  data: {
    faults: FAULTS.map(({ id, zh, en }) => ({
      id,
      zh,
      en,
      state: 'idle',
      stateText: STATES.idle,
      failure: null,
    })),
  },

  onTry(event) {
    return this.attempt(FAULTS.findIndex(({ id }) => id === event.currentTarget.dataset.id));
  },

  // One after the other: two of them need the one worker.
  async onAll() {
    for (let i = 0; i < FAULTS.length; i++) await this.attempt(i);
  },

  async attempt(i) {
    this.show(i, 'trying', null);
    try {
      await FAULTS[i].run();
      this.show(i, 'quiet', null);
    } catch (error) {
      this.show(i, 'failed', describe(error));
    }
  },

  show(i, state, failure) {
    const path = `faults[${i}]`;
    this.setData({
      [`${path}.state`]: state,
      [`${path}.stateText`]: STATES[state],
      [`${path}.failure`]: failure,
    });
  },
});
