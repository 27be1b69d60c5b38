/** Worker: a photograph is filtered while its thread is killed, hangs, or nobody waits any more. */
import { percentile } from '../driver.js';
import type { Driver } from '../driver.js';
import type { Report, Scenario } from '../scenario.js';

const height = 400;
/** Enough rows to be in the middle of the work, and far from its end. */
const begunRows = 60;
const tapLimitMs = 50;
const maxRounds = 4;
/** From the death of a thread to the next one that has answered: a tenth of a second is waited, the rest is starting it. */
const backLimitMs = 2000;
/** Two heartbeats of 2 s at most, a grace of 0.2 s, and the start of the next thread. */
const hangLimitMs = 6500;
/** The longest filter, on a busy machine. */
const runLimitMs = 60_000;

interface Entry {
  readonly kind: string;
  readonly text: string;
  readonly detail: string;
}

export const scenario: Scenario = {
  page: 'pages/worker/worker',
  title: '线程 Worker',
  timeoutMs: 400_000,

  async run(driver, report) {
    await driver.waitUntil(async () => (await driver.data('of')) === height, {
      message: 'the photograph was not decoded',
    });
    await driver.slide('.slider', 3); // as strong as can be: time to do something meanwhile
    const undisturbed = await undisturbedRuns(driver, report);
    await taps(driver, report);
    await cancel(driver, report);
    await killIdempotent(driver, report, undisturbed);
    await killOthers(driver, report);
    await hang(driver, report, undisturbed);
    const errors = await driver.errors();
    report.check('no errors on the console', errors.length === 0, errors[0]);
  },

  async pose(driver) {
    await driver.waitUntil(async () => (await driver.data('of')) === height);
    await driver.slide('.slider', -2);
    await start(driver, 'Idempotent');
    await rowsAbove(driver, 150);
    await driver.tap('.kill');
    await driver.waitForText('.restarts', '1');
    await driver.waitForText('.outcome-zh', '正在重跑', { timeoutMs: runLimitMs });
    await rowsAbove(driver, 160);
    for (let taps = 0; taps < 3; taps++) await driver.tap('.tap');
    await driver.pause(150);
  },
};

/** What a filter makes of the photograph: the page's own checksum, and what is to be seen of it. */
interface Result {
  readonly sum: string;
  readonly picture: Buffer;
}

// ---- Undisturbed

async function undisturbedRuns(driver: Driver, report: Report): Promise<Result> {
  const before = await picture(driver);
  await start(driver, 'Stream');
  const seen = await watchProgress(driver);
  report.check(
    'progress moves, row by row',
    seen.length > 5 && isRising(seen),
    `${String(seen.length)} steps`,
  );
  const streamed = await finish(driver);
  await start(driver, 'Idempotent');
  const called = await finish(driver);
  report.check(
    'a stream and a call give the same pixels',
    streamed.sum === called.sum && streamed.picture.equals(called.picture),
    streamed.sum,
  );
  report.check('which are others than before', !before.equals(called.picture));
  return called;
}

/** The rows that the page showed one after the other. */
async function watchProgress(driver: Driver): Promise<number[]> {
  const seen: number[] = [];
  while (await isRunning(driver)) {
    const rows = await rowsOf(driver);
    if (rows !== seen.at(-1)) seen.push(rows);
    await driver.pause(40);
  }
  return seen;
}

const isRising = (values: readonly number[]): boolean =>
  values.every((value, at) => value > (values[at - 1] ?? -1));

/** The median of the quietest round: what other processes take away is added to each. */
async function taps(driver: Driver, report: Report): Promise<void> {
  let best = Infinity;
  for (let round = 0; round < maxRounds && best > tapLimitMs; round++) {
    await start(driver, 'Stream');
    const mark = await driver.mark();
    await driver.tapRepeatedly('.tap', 6, 100);
    const meanwhile = await isRunning(driver);
    const { tapAnswersMs } = await driver.samples(mark);
    if (meanwhile) best = Math.min(best, percentile(tapAnswersMs, 0.5));
    await finish(driver);
  }
  report.measure('while it runs: tap to answer, p50', best, 'ms', { max: tapLimitMs });
}

// ---- Cancel

async function cancel(driver: Driver, report: Report): Promise<void> {
  for (const kind of ['Stream', 'Call']) {
    await start(driver, kind);
    await rowsAbove(driver, begunRows);
    const from = Date.now();
    await driver.tapText('.go', 'Cancel');
    await driver.waitForText('.outcome-zh', '已取消');
    const ms = Date.now() - from;
    const rows = await rowsOf(driver);
    await driver.pause(500);
    const stopped = (await rowsOf(driver)) === rows && rows < height;
    report.check(`${kind}: cancel stops it`, stopped, `at row ${String(rows)}, after ${String(ms)} ms`);
  }
}

// ---- A thread that dies

async function killIdempotent(driver: Driver, report: Report, undisturbed: Result): Promise<void> {
  const restarts = await restartsOf(driver);
  await start(driver, 'Idempotent');
  await rowsAbove(driver, begunRows);
  await driver.tap('.kill');
  await back(driver, restarts + 1);
  report.measure('killed: another thread after', await downMs(driver), 'ms', { max: backLimitMs });
  await driver.waitForText('.outcome-zh', '正在重跑');
  await expectSurvival(driver, report, 'killed', undisturbed);
  const said = await log(driver);
  report.check(
    'which is told step by step',
    said.some(({ detail }) => detail.includes('The system killed the worker')) &&
      said.some(({ detail }) => detail === 'kill(): ERR_WORKER_LOST'),
  );
}

async function expectSurvival(
  driver: Driver,
  report: Report,
  name: string,
  undisturbed: Result,
): Promise<void> {
  const { sum, picture: seen } = await finish(driver);
  const outcome = await driver.text('.outcome-zh');
  report.check(
    `${name}: the call ran again, to the same pixels`,
    outcome.includes('跑了 2 遍') && sum === undisturbed.sum && seen.equals(undisturbed.picture),
    `${outcome}: ${sum}`,
  );
}

async function killOthers(driver: Driver, report: Report): Promise<void> {
  for (const kind of ['Call', 'Stream']) {
    const restarts = await restartsOf(driver);
    await start(driver, kind);
    await rowsAbove(driver, begunRows);
    await driver.tap('.kill');
    await driver.waitUntil(async () => !(await isRunning(driver)));
    const code = await driver.text('.outcome-zh');
    report.check(`${kind}: is lost, with its code`, code === 'ERR_WORKER_LOST', code);
    await back(driver, restarts + 1);
  }
}

async function hang(driver: Driver, report: Report, undisturbed: Result): Promise<void> {
  const restarts = await restartsOf(driver);
  await start(driver, 'Idempotent');
  await rowsAbove(driver, begunRows);
  const from = Date.now();
  await driver.tap('.hang');
  await back(driver, restarts + 1);
  report.measure('hangs: ended and replaced after', Date.now() - from, 'ms', { max: hangLimitMs });
  await expectSurvival(driver, report, 'hangs', undisturbed);
}

/** Waits for the thread after so many restarts. */
async function back(driver: Driver, restarts: number): Promise<void> {
  await driver.waitUntil(async () => (await restartsOf(driver)) === restarts, { timeoutMs: hangLimitMs });
  await driver.waitForText('.state', 'ready');
}

// ---- Like a person

async function start(driver: Driver, kind: string): Promise<void> {
  await driver.tapText('.choice', kind);
  await driver.tapText('.go', 'Start');
  await driver.waitUntil(() => isRunning(driver));
}

async function finish(driver: Driver): Promise<Result> {
  await driver.waitUntil(async () => !(await isRunning(driver)), { timeoutMs: runLimitMs });
  await driver.waitForAnswers();
  return { sum: String(await driver.data('sum')), picture: await picture(driver) };
}

/** The canvas as it is on the screen, once nothing covers it. */
async function picture(driver: Driver): Promise<Buffer> {
  await driver.scroll(-2000);
  await driver.pause(200);
  return driver.find('#photo').screenshot();
}

function rowsAbove(driver: Driver, rows: number): Promise<void> {
  return driver.waitUntil(async () => (await rowsOf(driver)) > rows, { timeoutMs: runLimitMs });
}

const isRunning = async (driver: Driver): Promise<boolean> => (await driver.data('running')) === true;
const rowsOf = async (driver: Driver): Promise<number> => Number(await driver.data('rows'));
const restartsOf = async (driver: Driver): Promise<number> => Number(await driver.text('.restarts'));
const downMs = async (driver: Driver): Promise<number> => Number.parseInt(await driver.text('.down'), 10);
const log = async (driver: Driver): Promise<readonly Entry[]> =>
  (await driver.data('log')) as readonly Entry[];
