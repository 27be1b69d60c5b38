/** City search: the same keystrokes in the three ways, with a tap in the middle of each search. */
import { percentile } from '../driver.js';
import type { Driver, Samples } from '../driver.js';
import type { Report, Scenario } from '../scenario.js';

const input = '.search-input';
const words = ['san fran', 'shang', 'münch', '中国'];
const keystrokes = words.join('').length;

/** About four keys a second, as people type on phones; every search has the time to finish. */
const keyMs = 240;
/** From a key to the tap: most searches are in their middle then. */
const tapAfterMs = 25;

const frameMs = 16;
const tapLimitMs = 50;
const slowdownLimit = 1.3;

const ways = ['blocking', 'sliced', 'worker'] as const;
type Way = (typeof ways)[number];

/** What one way did with the keystrokes. */
interface Result {
  readonly samples: Samples;
  /** Searches that came to their end, and the milliseconds from key to result of all of them, as the page measured. */
  readonly searches: number;
  readonly totalMs: number;
}

/** The row of the page's own table. */
interface TableRow {
  readonly id: Way;
  readonly searches: number;
  readonly total: number;
  readonly result: string;
}

export const scenario: Scenario = {
  page: 'pages/city/city',
  title: '城市搜索 City search',
  timeoutMs: 180_000,

  async run(driver, report) {
    await waitForCities(driver);
    report.check(
      'all cities are there',
      /13\d,\d{3}/.test(await driver.text('.results .note')),
      await driver.text('.results .note'),
    );
    const results = new Map<Way, Result>();
    for (const way of ways) results.set(way, await measure(driver, way));
    for (const [way, result] of results) show(report, way, result);
    compare(report, results);
    await typeFast(driver, report);
    const errors = await driver.errors();
    report.check('no errors on the console', errors.length === 0, errors[0]);
  },

  async pose(driver) {
    await waitForCities(driver);
    for (const way of ['blocking', 'worker', 'sliced'] as const) {
      await choose(driver, way);
      await typeAndTap(driver, 'san f');
    }
    await driver.pause(600);
  },
};

async function waitForCities(driver: Driver): Promise<void> {
  await driver.waitForText('.results .note', '座城市 cities', {
    timeoutMs: 60_000,
    message: 'the cities did not load',
  });
}

async function choose(driver: Driver, way: Way): Promise<void> {
  await driver.clear(input);
  await driver.tapText('.way', way === 'blocking' ? 'Blocking' : way === 'sliced' ? 'Sliced' : 'Worker');
  // The worker is first given its cities.
  await driver.waitUntil(async () => (await driver.data('progress.text')) === '', {
    timeoutMs: 60_000,
    message: `${way} did not get ready`,
  });
  await driver.waitForText('.results .note', '座城市 cities');
}

/** Types a word key by key, as a person does, and taps the button in the middle of each search. */
async function typeAndTap(driver: Driver, word: string): Promise<void> {
  for (const key of word) {
    const next = driver.pause(keyMs);
    await driver.press(input, 'End'); // the tap took the caret away
    await driver.type(input, key, { keyDelayMs: 0 });
    await driver.pause(tapAfterMs);
    await driver.tap('.tap');
    await next;
  }
}

async function measure(driver: Driver, way: Way): Promise<Result> {
  await choose(driver, way);
  await typeAndTap(driver, 'paris'); // once through all code before measuring, in each way alike
  await driver.clear(input);
  await driver.waitForAnswers();
  const before = await tableRow(driver, way);
  const mark = await driver.mark();
  for (const word of words) {
    await typeAndTap(driver, word);
    await driver.clear(input);
    await driver.pause(keyMs);
  }
  await driver.waitForAnswers();
  const samples = await driver.samples(mark);
  const after = await tableRow(driver, way);
  return { samples, searches: after.searches - before.searches, totalMs: after.total - before.total };
}

async function tableRow(driver: Driver, way: Way): Promise<TableRow> {
  const table = (await driver.data('table')) as readonly TableRow[];
  const row = table.find(({ id }) => id === way);
  if (row === undefined) throw new Error(`The page has no row for ${way}`);
  return row;
}

function show(report: Report, way: Way, { samples, searches, totalMs }: Result): void {
  const { longestBlockMs, tapAnswersMs, inputAnswersMs } = samples;
  const limits =
    way === 'blocking' ? { block: {}, tap: {} } : { block: { max: frameMs }, tap: { max: tapLimitMs } };
  report.measure(`${way}: longest logic-layer block`, longestBlockMs, 'ms', limits.block);
  report.measure(`${way}: tap to answer, p50`, percentile(tapAnswersMs, 0.5), 'ms');
  report.measure(`${way}: tap to answer, p99`, percentile(tapAnswersMs, 0.99), 'ms', limits.tap);
  report.measure(`${way}: key to result, p50`, percentile(inputAnswersMs, 0.5), 'ms');
  report.measure(`${way}: time to result, all ${String(searches)} searches`, totalMs, 'ms');
}

function compare(report: Report, results: ReadonlyMap<Way, Result>): void {
  const [blocking, sliced, worker] = ways.map((way) => results.get(way));
  if (blocking === undefined || sliced === undefined || worker === undefined) return;
  const finished = [blocking, sliced, worker].map(({ searches }) => searches);
  report.check(
    'every keystroke was searched for in each way',
    finished.every((count) => count === keystrokes),
    finished.join(', '),
  );
  report.measure('sliced: total time against blocking', sliced.totalMs / blocking.totalMs, '×', {
    max: slowdownLimit,
  });
  report.check(
    'blocking blocks longer than sliced',
    blocking.samples.longestBlockMs > sliced.samples.longestBlockMs,
    `${(blocking.samples.longestBlockMs / sliced.samples.longestBlockMs).toFixed(1)} times as long`,
  );
}

/** Faster than the searches: each key stops the search before, and the last one wins. */
async function typeFast(driver: Driver, report: Report): Promise<void> {
  for (const way of ['sliced', 'worker'] as const) {
    await choose(driver, way);
    const before = await tableRow(driver, way);
    await driver.type(input, 'shanghai', { keyDelayMs: 20 });
    await driver.waitForText('.result-name', 'Shanghai');
    await driver.waitForAnswers();
    await driver.pause(keyMs);
    const searches = (await tableRow(driver, way)).searches - before.searches;
    const [first] = await driver.texts('.result-name');
    report.check(
      `${way}: typing on stops the search before`,
      searches < 'shanghai'.length && first === 'Shanghai',
      `8 keys, ${String(searches)} searches finished`,
    );
  }
}
