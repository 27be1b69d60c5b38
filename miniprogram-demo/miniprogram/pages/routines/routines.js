const { Context, done, go, scheduler, select, tick } = require('mp-lanes');
const { describe } = require('../../services/failures.js');
const { createGrid } = require('../../services/grid-view.js');
const { createLanesView } = require('../../services/lanes-view.js');
const { createEventClock } = require('../../services/meter.js');
const { grouped } = require('../../services/numbers.js');
const { createPainter } = require('../../services/painter.js');
const { startJobs } = require('../../services/pool-run.js');
const { startSieve, LIMIT, PRIME, UNSEEN } = require('../../services/sieve.js');
const { startSleepers } = require('../../services/sleepers.js');

const BEAT_MS = 50;
const BEATS_A_PAINT = 2; // of the figures; the moving squares are drawn at each
const ROUND_MS = 2000; // in which the dot goes from end to end

const COUNTS = [1000, 10000, 100000];
const FIELD = { columns: 50, rows: 20 }; // of sleepers
const SLEEP_COLORS = { none: '#eceef0', asleep: '#8cb8ee', awake: '#5bbf8f' };

const PACES = [
  { ms: 40, zh: '慢', en: 'Slow' },
  { ms: 10, zh: '快', en: 'Fast' },
  { ms: 0, zh: '全速', en: 'Full' },
];
const NUMBERS = { columns: 40, rows: LIMIT / 40 };
const DROPPED = ['#dbe6f4', '#bdd4ef', '#9cc0ea', '#79a9e2', '#5790d6', '#3b76c2', '#2a5c9f', '#1f477d'];

const JOBS = 240;
const PROCESSORS = [
  { id: 'both', zh: '两者', en: 'Both' },
  { id: 'worker', zh: '线程', en: 'Worker' },
  { id: 'inline', zh: '逻辑层', en: 'Logic' },
];
const LANES = [
  { id: 'worker', name: 'thread 1', zh: '线程', en: 'Worker' },
  { id: 'inline', name: 'inline', zh: '逻辑层', en: 'Logic layer' },
];
const NO_JOBS = new Array(JOBS).fill(null);
const NO_FIGURES = { run: 0, stolen: 0, queued: 0, wait: '–', busy: '–' };

Page({
  data: {
    taps: 0,
    answer: '– ms',
    dot: 0,
    clock: '0.0',
    longest: '–',

    counts: COUNTS.map((count) => ({ count, text: grouped(count) })),
    count: 100000,
    sleeping: false,
    asleep: '0',
    awake: '0',
    started: '–',
    late: '–',
    bytes: '',

    paces: PACES,
    pace: 10,
    sieving: false,
    primes: 0,
    last: '–',
    routines: 0,
    passed: '0',
    found: [], // all primes, at the end; not shown

    jobs: JOBS,
    processors: PROCESSORS,
    choice: 'both',
    pooling: false,
    waiting: JOBS,
    lanes: LANES.map((lane) => Object.assign({}, NO_FIGURES, lane)),
    took: '–',
    sum: '–',
    begun: '–',

    failure: null,
  },

  onLoad() {
    this.painter = createPainter(this);
    this.since = createEventClock();
    this.sleepers = null; // the runs: those that go on, and those that are shown
    this.sieve = null;
    this.pool = null;
    this.views = {}; // what draws, by name
    this.stopWatching = null;
    this.shownMs = 0; // for how long the page was shown, at the last beat
    scheduler.configure({ stats: true });
  },

  async onReady() {
    const [field, numbers, lanes] = await Promise.all([
      createGrid(this, '#field', FIELD),
      createGrid(this, '#numbers', NUMBERS),
      createLanesView(this, '#lanes'),
    ]);
    this.views = { field, numbers, lanes };
    this.draw();
  },

  onShow() {
    const [ctx, cancel] = Context.withCancel(Context.background);
    this.stopWatching = cancel;
    go({ priority: 'user-blocking', name: 'watch' }, (page) => page.watch(ctx), this);
  },

  onHide() {
    this.stopWatching();
  },

  onUnload() {
    this.stopWatching();
    this.painter.stop();
    [this.sleepers, this.sieve, this.pool].forEach((run) => run && run.cancel());
    this.sleepers = this.sieve = this.pool = null;
    scheduler.configure({ stats: false });
  },

  // ---- The beat of the page: a routine, too

  *watch(ctx) {
    const clock = tick(BEAT_MS);
    const from = Date.now() - this.shownMs;
    for (let beat = 0; ; beat++) {
      const got = yield* select({ beat: clock, stop: done(ctx) });
      if (got.case === 'stop') return;
      this.shownMs = Date.now() - from;
      this.drawLanes();
      if (beat % BEATS_A_PAINT === 0) this.paint();
    }
  },

  paint() {
    this.draw();
    this.painter.paint(
      Object.assign(this.life(), this.sleeperFigures(), this.sieveFigures(), this.poolFigures()),
    );
    this.painter.flush(); // the beat is slow enough: no timer for it
  },

  life() {
    const part = (this.shownMs % ROUND_MS) / ROUND_MS;
    return {
      dot: Math.round(1000 * (part < 0.5 ? 2 * part : 2 - 2 * part)) / 10,
      clock: (this.shownMs / 1000).toFixed(1),
      longest: `${Math.round(scheduler.stats().longestBlockMs)} ms`,
    };
  },

  onTap(event) {
    this.since(event);
    this.setData({ taps: this.data.taps + 1 }, () => {
      this.setData({ answer: `${this.since(event)} ms` }); // from the finger to the number on the screen
    });
  },

  // ---- Sleepers

  onCount(event) {
    this.setData({ count: event.currentTarget.dataset.count });
  },

  async onSleep() {
    if (this.data.sleeping) return;
    scheduler.configure({ stats: true }); // begins anew
    const run = startSleepers(this.data.count);
    this.sleepers = run;
    this.setData({ sleeping: true });
    await run.ended;
    if (this.sleepers === run) this.setData({ sleeping: false });
  },

  sleeperFigures() {
    const run = this.sleepers;
    if (run === null) return {};
    return {
      asleep: grouped(run.started - run.awake),
      awake: grouped(run.awake),
      started: run.startMs === null ? '–' : `${run.startMs} ms`,
      late: run.awake === 0 ? '–' : `${run.lateMs} ms`,
      bytes: run.bytes === null ? '' : grouped(run.bytes),
    };
  },

  // ---- The sieve

  onPace(event) {
    const { pace } = event.currentTarget.dataset;
    this.setData({ pace });
    if (this.sieve !== null) this.sieve.paceMs = pace;
  },

  async onSieve() {
    if (this.data.sieving) return this.sieve.cancel();
    const run = startSieve({ paceMs: this.data.pace });
    this.sieve = run;
    this.setData({ sieving: true, failure: null });
    await this.over(run, 'sieve', { sieving: false, found: run.primes });
  },

  sieveFigures() {
    const run = this.sieve;
    if (run === null) return {};
    const { primes, passed } = run;
    return {
      primes: primes.length,
      last: primes.length > 0 ? primes[primes.length - 1] : '–',
      routines: run.routines(),
      passed: grouped(passed),
    };
  },

  // ---- The pool

  onProcessors(event) {
    if (!this.data.pooling) this.setData({ choice: event.currentTarget.dataset.processors });
  },

  async onPool() {
    if (this.data.pooling) return this.pool.cancel();
    const run = startJobs({ processors: this.data.choice, count: JOBS });
    this.pool = run;
    this.setData({ pooling: true, failure: null });
    await this.over(run, 'pool', { pooling: false });
  },

  poolFigures() {
    const run = this.pool;
    if (run === null) return {};
    const { processors } = run.stats();
    const shown = {
      waiting: run.done.filter((where) => where === null).length,
      took: run.ms === null ? '–' : `${(run.ms / 1000).toFixed(2)} s`,
      sum: run.ms === null ? '–' : run.sum.toString(16).padStart(8, '0'),
      begun: run.begun === null ? '–' : run.begun,
    };
    LANES.forEach(({ name }, at) => {
      const figures = laneFigures(processors.find((each) => each.name === name));
      for (const key of Object.keys(figures)) shown[`lanes[${at}].${key}`] = figures[key];
    });
    return shown;
  },

  // ---- On the page

  // A run has come to its end, well or not. Nobody is there any more to be told, once the page is left.
  async over(run, name, ended) {
    let failure = null;
    try {
      await run.ended;
    } catch (error) {
      failure = describe(error);
    }
    if (this[name] === run) this.setData(Object.assign({ failure }, ended));
  },

  draw() {
    const { field, numbers } = this.views;
    const { sleepers, sieve } = this;
    if (field) field((at) => sleeperColor(sleepers, at));
    if (numbers) numbers((n) => numberColor(sieve, n));
  },

  drawLanes() {
    if (this.views.lanes) this.views.lanes(this.pool === null ? NO_JOBS : this.pool.done);
  },
});

// Whoever fell asleep first wakes first, so two counts say it all.
function sleeperColor(run, at) {
  if (run === null) return SLEEP_COLORS.none;
  const sleeper = ((at + 1) / (FIELD.columns * FIELD.rows)) * run.count;
  if (sleeper <= run.awake) return SLEEP_COLORS.awake;
  return sleeper <= run.started ? SLEEP_COLORS.asleep : SLEEP_COLORS.none;
}

function numberColor(run, n) {
  const cell = run === null ? UNSEEN : run.cells[n];
  if (cell === UNSEEN) return SLEEP_COLORS.none;
  return cell === PRIME ? '#07a35a' : DROPPED[Math.min(cell, DROPPED.length - 1)];
}

function laneFigures(processor) {
  if (processor === undefined) return NO_FIGURES;
  const { run, stolen, queued, waitMs, utilisation } = processor;
  return {
    run,
    stolen,
    queued,
    wait: run === 0 ? '–' : `${Math.round(waitMs.p99)} ms`,
    busy: `${Math.round(100 * utilisation)}%`,
  };
}
