const { AbortController, withOptions } = require('mp-lanes');
const { getCrew, OPTIONS } = require('../../services/crew.js');
const { kinds } = require('../../services/develop.js');
const { describe } = require('../../services/failures.js');
const { watchWorker } = require('../../services/lifeline.js');
const { createEventClock } = require('../../services/meter.js');
const outcomes = require('../../services/outcomes.js');
const { createPainter } = require('../../services/painter.js');
const { openPhoto } = require('../../services/photo.js');

const FILTERS = [
  { id: 'smooth', zh: '平滑', en: 'Smooth' },
  { id: 'sharpen', zh: '锐化', en: 'Sharpen' },
  { id: 'paint', zh: '油画', en: 'Paint' },
];
const KINDS = [
  {
    id: 'idempotent',
    zh: '幂等',
    en: 'Idempotent',
    code: 'withOptions(filters, { idempotent: true })',
    fate: { zh: '线程若死，在新线程里重跑', en: 'If the thread dies, it runs again' },
  },
  {
    id: 'once',
    zh: '调用',
    en: 'Call',
    code: 'await filters.whole(photo, settings, onBand)',
    fate: { zh: '线程若死，调用就丢失', en: 'If the thread dies, the call is lost' },
  },
  {
    id: 'stream',
    zh: '流',
    en: 'Stream',
    code: 'for await (const band of await filters.bands(…))',
    fate: { zh: '线程若死，流就断了', en: 'If the thread dies, the stream ends' },
  },
];
const STATES = {
  idle: '未启动 idle',
  starting: '启动中 starting',
  ready: '就绪 ready',
  restarting: '重启中 restarting',
  failed: '失败 failed',
  closed: '已结束 closed',
};
const RADIUS = { min: 4, max: 32, step: 4, start: 20 }; // of the window around a pixel, in pixels
const MARKS = { step: '·', out: '→', in: '←', bad: '!' };
const LOOK_MS = 250; // between two looks at the heartbeat
const PATIENCE_MS = 1500; // with a worker that was told to die

Page({
  data: {
    filters: FILTERS,
    filter: 'paint',
    slider: RADIUS,
    radius: RADIUS.start,
    kinds: KINDS,
    kind: 0,
    running: false,
    percent: 0,
    rows: 0,
    of: 0,
    outcome: outcomes.hint,
    sum: '',
    state: 'idle',
    stateText: STATES.idle,
    restarts: 0,
    down: '–',
    silent: '–',
    heartbeat: OPTIONS.heartbeatMs / 1000,
    budget: OPTIONS.restart.budget,
    taps: 0,
    answer: '– ms',
    failure: null,
    log: [],
  },

  onLoad() {
    this.painter = createPainter(this);
    this.since = createEventClock();
    this.photo = null;
    this.crew = null;
    this.unwatch = null;
    this.run = null;
    this.sums = {}; // by filter and radius, of runs that nothing disturbed
    this.employ();
  },

  async onReady() {
    try {
      this.photo = await openPhoto(this, '#photo', '/images/coffee.jpg');
      if (this.photo) this.setData({ of: this.photo.height });
    } catch (error) {
      this.setData({ failure: describe(error) });
    }
  },

  onShow() {
    this.look();
  },

  onHide() {
    clearTimeout(this.looking);
  },

  onUnload() {
    clearTimeout(this.looking);
    this.painter.stop();
    this.unwatch();
    if (this.run !== null) this.run.controller.abort();
    this.run = null;
  },

  // ---- The worker

  // The one that there is. After it has failed for good that is another, and watched from then on.
  employ() {
    const crew = getCrew();
    if (crew === this.crew) return crew;
    if (this.unwatch) this.unwatch();
    this.crew = crew;
    let before = null;
    this.unwatch = watchWorker(crew.worker, {
      onState: ({ state, restarts, downMs }) => {
        const back = state === 'ready' && before === 'restarting';
        this.setData({ state, stateText: STATES[state], restarts });
        if (back) this.setData({ down: `${downMs} ms` });
        if (before !== null && state !== 'restarting')
          this.write('step', STATES[state], back ? `${downMs} ms` : '');
        before = state;
      },
      onDeath: (message) => this.write('bad', '线程死了 The thread is gone', message),
    });
    return crew;
  },

  // At the heartbeat: how long nothing was heard of the thread.
  look() {
    const { silentMs } = this.crew.worker.health;
    this.painter.paint({ silent: silentMs === Infinity ? '–' : `${(silentMs / 1000).toFixed(1)} s` });
    this.looking = setTimeout(() => this.look(), LOOK_MS);
  },

  onKill() {
    const { accidents } = this.employ();
    const kill = withOptions(accidents.kill, {
      priority: 'user-blocking',
      timeoutMs: PATIENCE_MS,
      waitTimeoutMs: PATIENCE_MS,
    });
    return this.suffer('kill', '杀掉线程 Kill the thread', kill());
  },

  onHang() {
    return this.suffer('hang', '让它死循环 Let it loop for ever', this.employ().accidents.hang());
  },

  // The call that does it is lost as well.
  async suffer(name, text, call) {
    this.write('out', text, `accidents.${name}()`);
    try {
      await call;
    } catch (error) {
      const { code, title } = describe(error);
      this.write('step', title, `${name}(): ${code}`);
    }
  },

  // ---- A run

  onFilter(event) {
    this.setData({ filter: event.currentTarget.dataset.filter });
  },

  onRadius(event) {
    this.painter.paint({ radius: event.detail.value });
  },

  onKind(event) {
    this.setData({ kind: event.currentTarget.dataset.kind });
  },

  onRun() {
    if (this.run !== null) this.run.controller.abort();
    else return this.start();
  },

  async start() {
    const { photo } = this;
    if (photo === null) return;
    this.painter.flush(); // the slider's last word
    const { filter, radius } = this.data;
    const { id, zh, en, code, fate } = KINDS[this.data.kind];
    const run = {
      controller: new AbortController(),
      key: `${filter} ${radius}`,
      startedAt: Date.now(),
      times: 0,
    };
    const options = {
      signal: run.controller.signal,
      onBand: (band) => this.draw(run, band),
      onProgress: (share) => this.painter.paint({ percent: Math.floor(100 * share) }),
    };
    this.run = run;
    photo.restore();
    this.painter.paint({ percent: 0, rows: 0 });
    this.painter.flush();
    this.setData({ running: true, sum: '', outcome: outcomes.running(fate), failure: null });
    this.write('out', `${zh} ${en}: ${run.key}`, code);
    try {
      await kinds[id](this.employ().filters, photo, { filter, radius }, options);
      this.end(run, () => this.finish(run));
    } catch (error) {
      this.end(run, () => this.fail(error));
    }
  },

  // Nobody is there any more to be told, once the page is left.
  end(run, tell) {
    if (this.run !== run) return;
    this.run = null;
    this.painter.flush();
    this.setData({ running: false });
    tell();
  },

  draw(run, band) {
    if (band.first === 0 && run.times++ > 0) {
      this.photo.restore();
      this.setData({ outcome: outcomes.again });
      this.write('in', '在新线程里重跑 The next thread runs it again');
    }
    const rows = this.photo.draw(band);
    this.painter.paint({ rows });
    return rows;
  },

  finish({ key, startedAt, times }) {
    const sum = this.photo.checksum();
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    if (times === 1 && this.sums[key] === undefined) this.sums[key] = sum;
    const outcome = outcomes.done({ sum, undisturbed: this.sums[key], times, seconds });
    this.setData({ outcome, sum });
    this.write(outcome.kind === 'bad' ? 'bad' : 'in', outcome.zh, outcome.en);
  },

  fail(error) {
    const { rows, of } = this.data;
    if (error.name === 'AbortError') {
      this.setData({ outcome: outcomes.cancelled(rows, of) });
      return this.write('step', '已取消 Cancelled', `${rows} / ${of}`);
    }
    const failure = describe(error);
    this.setData({ outcome: outcomes.lost(failure.code, rows, of) });
    this.write('bad', `${failure.title} ${failure.code}`, failure.message);
    if (this.crew.worker.state === 'failed') this.setData({ failure });
  },

  // ---- On the page

  onTap(event) {
    this.since(event);
    this.setData({ taps: this.data.taps + 1 }, () => {
      this.setData({ answer: `${this.since(event)} ms` }); // from the finger to the number on the screen
    });
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
