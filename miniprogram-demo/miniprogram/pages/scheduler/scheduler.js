const { scheduler, withTasks } = require('mp-lanes');
const { startRun, waiting, BATCHES } = require('../../services/batches.js');
const { measureSpeed, workFor } = require('../../services/chunks.js');
const { createPainter, PAINT_MS } = require('../../services/painter.js');
const { createWaits, bins } = require('../../services/waits.js');
const { createEventClock } = require('../../services/meter.js');
const { describe } = require('../../services/failures.js');
const { grouped } = require('../../services/numbers.js');

const SLICE_MS = 5; // the scheduler's default
const LEVELS = [
  { id: 'user-blocking', zh: '紧急' },
  { id: 'user-visible', zh: '普通' },
  { id: 'background', zh: '后台' },
];
const DIALS = [
  { id: 'count', zh: '任务数', en: 'Tasks', min: 3000, max: 60000, step: 3000, start: 12000 },
  { id: 'cost', zh: '每个耗时', en: 'Each takes', min: 5, max: 100, step: 5, start: 25 }, // hundredths of a ms
  { id: 'slice', zh: '时间片', en: 'Slice', min: 1, max: 20, step: 1, start: SLICE_MS },
];
const TEXTS = { count: grouped, cost: (value) => `${value / 100} ms`, slice: (value) => `${value} ms` };
const HINTS = {
  idle: ['开始后点优先级，看速度怎样变化', 'Start, then tap a priority and watch the speed'],
  running: ['点优先级，看速度怎样变化', 'Tap a priority and watch the speed'],
};
const SPEED_MS = 600; // over which the speed is taken

// The run that somebody left. Pages come and go; this stays.
let leftRun = null;

Page(
  withTasks({
    data: {
      levels: LEVELS,
      batches: BATCHES.map((batch) =>
        Object.assign({ done: '0', queued: '0', cancelled: '0', speed: '', fill: 0, lost: 0 }, batch),
      ),
      dials: DIALS.map((dial) => Object.assign({ text: TEXTS[dial.id](dial.start) }, dial)),
      bins,
      p50: '–',
      p95: '–',
      p99: '–',
      longest: '–',
      speed: '',
      hint: HINTS.idle,
      running: false,
      taps: 0,
      answer: '– ms',
      failure: null,
      left: null,
    },

    run: null,
    size: 0, // tasks a batch
    dials: null, // what the sliders are at
    history: null, // what was done when, for the speeds
    ticks: null,
    painter: null,
    waits: null,
    since: null,

    onLoad() {
      this.dials = {};
      DIALS.forEach(({ id, start }) => (this.dials[id] = start));
      this.painter = createPainter(this);
      this.waits = createWaits();
      this.since = createEventClock();
      this.tellLeft();
    },

    onShow() {
      if (this.run !== null) this.startWatching();
    },

    onHide() {
      this.stopWatching();
    },

    // The scope cancels the tasks; timers are ours to stop.
    onUnload() {
      this.stopWatching();
      this.painter.stop();
      leftRun = this.run;
      this.run = null;
      scheduler.configure({ sliceMs: SLICE_MS, stats: false }); // the other pages' again
    },

    async tellLeft() {
      const run = leftRun;
      if (run === null) return;
      leftRun = null;
      await run.ended;
      this.setData({ left: { cancelled: grouped(sum(run.batches, 'cancelled')), queued: queuedNow() } });
    },

    // ---- A run

    onRun() {
      if (this.run !== null) this.run.cancel();
      else this.start();
    },

    async start() {
      measureSpeed();
      const costMs = () => this.dials.cost / 100;
      const work = () => workFor(costMs());
      const size = this.dials.count / BATCHES.length;
      scheduler.configure({ stats: true }); // begins anew
      this.waits.clear();
      const priorities = this.data.batches.map(({ priority }) => priority);
      const run = startRun({ tasks: this.tasks, priorities, size, work, costMs });
      this.run = run;
      this.size = size;
      this.setData({ running: true, failure: null, left: null, hint: HINTS.running });
      this.startWatching();
      await run.ended;
      if (this.run === run) this.finish(run);
    },

    finish(run) {
      const { batches } = run;
      this.history = []; // no speed any more
      this.paint();
      this.painter.flush();
      this.stopWatching();
      this.run = null;
      const cancelled = sum(batches, 'cancelled');
      const broken = batches.find(({ failure }) => failure !== null);
      let hint = [`全部完成，用时 ${seconds(run)} 秒`, `All done in ${seconds(run)} s`];
      if (broken) hint = HINTS.idle;
      else if (cancelled > 0) hint = cancelledHint(cancelled);
      this.setData({ running: false, hint, failure: broken ? describe(broken.failure) : null });
    },

    onPriority(event) {
      const { batch, priority } = event.currentTarget.dataset;
      this.setData({ [`batches[${batch}].priority`]: priority });
      if (this.run !== null) this.run.batches[batch].controller.setPriority(priority);
    },

    onDial(event) {
      const { dial } = event.currentTarget.dataset;
      const { id } = DIALS[dial];
      this.dials[id] = event.detail.value;
      this.painter.paint({ [`dials[${dial}].text`]: TEXTS[id](event.detail.value) });
      if (id === 'slice') scheduler.configure({ sliceMs: event.detail.value });
    },

    // ---- Measuring

    onTap(event) {
      this.since(event);
      this.probe();
      this.setData({ taps: this.data.taps + 1 }, () => {
        this.setData({ answer: `${this.since(event)} ms` }); // from the finger to the number on the screen
      });
    },

    // What has to wait longest is what was posted last.
    probe() {
      const postedAt = Date.now();
      this.tasks
        .postTask(() => this.waits.add(Date.now() - postedAt), { priority: 'user-blocking' })
        .catch(ignoreAbort);
    },

    startWatching() {
      this.history = [];
      this.ticks = setTimeout(() => this.tick(), PAINT_MS);
    },

    stopWatching() {
      clearTimeout(this.ticks);
    },

    tick() {
      this.probe();
      this.paint();
      this.ticks = setTimeout(() => this.tick(), PAINT_MS);
    },

    paint() {
      this.painter.paint(
        Object.assign(this.figures(), this.waits.figures(), {
          longest: `${Math.round(scheduler.stats().longestBlockMs)} ms`,
        }),
      );
    },

    figures() {
      const { batches } = this.run;
      const now = Date.now();
      this.history = this.history.filter(({ at }) => at >= now - SPEED_MS);
      this.history.push({ at: now, done: batches.map(({ done }) => done) });
      const [from] = this.history;
      const perSecond = (tasks) =>
        now > from.at ? `${grouped(Math.round((1000 * tasks) / (now - from.at)))} /s` : '';
      const shown = { speed: perSecond(sum(batches, 'done') - from.done.reduce((a, b) => a + b)) };
      batches.forEach(({ done, cancelled }, i) => {
        const path = `batches[${i}]`;
        shown[`${path}.done`] = grouped(done);
        shown[`${path}.queued`] = grouped(waiting(batches[i]));
        shown[`${path}.cancelled`] = grouped(cancelled);
        shown[`${path}.speed`] = perSecond(done - from.done[i]);
        shown[`${path}.fill`] = percent(done, this.size);
        shown[`${path}.lost`] = percent(cancelled, this.size);
      });
      return shown;
    },
  }),
);

function cancelledHint(count) {
  return [
    `已取消 ${grouped(count)} 个：AbortError，不算故障`,
    'Cancelled with an AbortError, which is no failure',
  ];
}

function seconds(run) {
  return (run.ranMs() / 1000).toFixed(1);
}

function sum(batches, key) {
  return batches.reduce((total, batch) => total + batch[key], 0);
}

// With one decimal, which the eye still sees move.
function percent(part, whole) {
  return Math.floor((1000 * part) / whole) / 10;
}

// What waits in the whole app.
function queuedNow() {
  const { priorities } = scheduler.stats();
  return LEVELS.reduce((total, { id }) => total + priorities[id].waiting, 0);
}

function ignoreAbort(error) {
  if (error.name !== 'AbortError') throw error;
}
