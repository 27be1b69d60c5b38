const { AbortController } = require('mp-lanes');
const { loadCities } = require('../../services/cities.js');
const { ways } = require('../../services/ways.js');
const { describe } = require('../../services/failures.js');
const { grouped } = require('../../services/numbers.js');
const { createChart, SECONDS } = require('../../services/chart.js');
const { createBlockWatch, createEventClock, percentile } = require('../../services/meter.js');

const WAYS = [
  { id: 'blocking', zh: '阻塞', en: 'Blocking' },
  { id: 'sliced', zh: '切片', en: 'Sliced' },
  { id: 'worker', zh: '线程', en: 'Worker' },
];
const CHART_MS = 200; // between two drawings
const AFTER_MS = 40; // a block shows itself to the ticker only when it is over
const SLOW_MS = 16; // one frame

Page({
  data: {
    ways: WAYS,
    way: 'sliced',
    progress: { text: '', percent: 0 },
    failure: null,
    taps: 0,
    answer: '– ms',
    table: WAYS.map(({ id, zh, en }) => ({
      id,
      name: `${zh} ${en}`,
      result: '–',
      block: '–',
      tap: '–',
      slow: false,
      times: [], // of each search; not shown
    })),
    results: [],
    summary: '',
    hint: '输入即搜索 Type to search',
  },

  onLoad() {
    this.query = '';
    this.running = null; // the AbortController of the search that runs
    this.measured = {}; // per way: what the table shows
    WAYS.forEach(({ id }) => (this.measured[id] = { results: [], block: 0, taps: [] }));
    this.points = []; // what the chart shows
    this.searchingUntil = 0;
    this.since = createEventClock();
    this.watch = createBlockWatch((ms) => this.onBlock(ms));
    this.load();
  },

  async onReady() {
    this.draw = await createChart(this, '#chart');
  },

  onShow() {
    this.watch.start();
  },

  onHide() {
    this.watch.stop();
  },

  onUnload() {
    this.watch.stop();
    if (this.running) this.running.abort();
  },

  // ---- Data

  async load() {
    this.setData({ failure: null, progress: { text: '正在读取城市 Loading cities', percent: 0 } });
    try {
      await loadCities((share) => this.setData({ 'progress.percent': Math.round(share * 100) }));
      this.setData({ 'progress.text': '' });
      this.search();
    } catch (error) {
      this.retry = this.load;
      this.fail(error);
    }
  },

  fail(error) {
    this.setData({ failure: describe(error), 'progress.text': '' });
  },

  onRetry() {
    this.setData({ failure: null });
    this.retry();
  },

  // ---- Search

  onInput(event) {
    this.since(event); // tells the two clocks apart
    this.query = event.detail.value;
    this.search();
  },

  onWay(event) {
    this.setData({ way: event.currentTarget.dataset.way });
    this.search();
  },

  async search() {
    if (this.running) this.running.abort();
    const controller = new AbortController();
    const { query } = this;
    const { way } = this.data;
    let start = Date.now();
    this.running = controller;
    this.searchingUntil = Infinity;
    this.watch.closely(way !== 'worker'); // which leaves the logic layer alone
    const onProgress = (share) => {
      this.onFill(share);
      start = Date.now(); // The search itself begins when the worker has its cities.
    };
    try {
      const found = await ways[way](query, { signal: controller.signal, onProgress });
      if (controller.signal.aborted) return; // the plain way cannot be stopped
      this.show(query, found, way, Date.now() - start);
    } catch (error) {
      if (error.name === 'AbortError') return; // somebody typed on
      this.retry = this.search;
      this.fail(error);
    }
    this.running = null;
    this.searchingUntil = Date.now() + AFTER_MS;
    this.watch.closely(false);
  },

  onFill(share) {
    this.searchingUntil = share < 1 ? 0 : Infinity;
    const text = share < 1 ? '正在交给 Worker To the worker' : '';
    this.setData({ progress: { text, percent: Math.round(share * 100) } });
  },

  show(query, { matches, of, rows }, way, ms) {
    const empty = query.trim() === '';
    if (!empty) this.keep(way, ms);
    this.setData({
      failure: null,
      results: rows.map((row) => Object.assign({ people: grouped(row.population) }, row)),
      summary: empty ? `${grouped(of)} 座城市 cities` : `${grouped(matches)} 个匹配 matches, ${ms} ms`,
      hint: empty ? '输入即搜索 Type to search' : '没有找到 Nothing found',
    });
    this.showRow(way);
  },

  // ---- Measuring

  keep(way, ms) {
    const { results } = this.measured[way];
    results.push(ms);
    const row = WAYS.findIndex(({ id }) => id === way);
    this.setData({ [`table[${row}].times[${results.length - 1}]`]: ms });
  },

  onTap(event) {
    this.since(event);
    const { way } = this.data;
    this.setData({ taps: this.data.taps + 1 }, () => {
      const ms = this.since(event); // from the finger to the number on the screen
      this.points.push({ kind: 'tap', at: Date.now(), ms });
      this.measured[way].taps.push(ms);
      this.setData({ answer: `${ms} ms` });
      this.showRow(way);
    });
  },

  onBlock(ms) {
    const now = Date.now();
    const { way } = this.data;
    if (ms > 0) this.points.push({ kind: 'block', at: now, ms });
    if (now < this.searchingUntil && ms > this.measured[way].block) {
      this.measured[way].block = ms;
      this.showRow(way);
    }
    if (this.draw && now - (this.drawnAt || 0) >= CHART_MS) {
      this.drawnAt = now;
      this.points = this.points.filter((point) => point.at > now - SECONDS * 1000);
      this.draw(this.points);
    }
  },

  showRow(way) {
    const { results, block, taps } = this.measured[way];
    const row = `table[${WAYS.findIndex(({ id }) => id === way)}]`;
    this.setData({
      [`${row}.result`]: inMs(percentile(results, 0.5)),
      [`${row}.block`]: inMs(results.length > 0 ? block : null),
      [`${row}.slow`]: block > SLOW_MS,
      [`${row}.tap`]: inMs(percentile(taps, 1)),
    });
  },
});

function inMs(value) {
  return value === null ? '–' : `${value} ms`;
}
