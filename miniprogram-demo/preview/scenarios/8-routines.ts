/** Routines: a hundred thousand sleepers, a prime sieve of channels, and jobs for two processors. */
import { percentile } from '../driver.js';
import type { Driver, Samples } from '../driver.js';
import type { Report, Scenario } from '../scenario.js';

const page = 'pages/routines/routines';

const sleepers = 100_000;
/** Two frames, as on the page of the scheduler. */
const blockLimitMs = 32;
/** A night is looked at in parts of so many milliseconds, from the tap on. */
const partMs = 250;
const parts = 12;
const tapLimitMs = 50;
/** The first second is asleep; what is over it is waking, one after another, in slices. */
const lateLimitMs = 1500;

/**
 * What other processes take away is added to every figure and never taken off it. Where a limit is missed it is measured
 * again, and the quietest round of each part counts: it is nearest to the truth.
 */
const maxRounds = 6;

const jobs = 240;
const limit = 1000;

export const scenario: Scenario = {
  page,
  title: '例程 Routines',
  timeoutMs: 300_000,

  async run(driver, report) {
    await isLive(driver, report);
    await sleep(driver, report);
    await sift(driver, report);
    await stopSifting(driver, report);
    await pool(driver, report);
    await cancelPool(driver, report);
    const errors = await driver.errors();
    report.check('no errors on the console', errors.length === 0, errors[0]);
  },

  async pose(driver) {
    await driver.tapText('.choice', 'Slow');
    await driver.tap('.sift');
    await driver.waitUntil(async () => (await count(driver, 'primes')) >= 60);
    await driver.scroll(-3000);
    await driver.pause(200);
    await driver.tapRepeatedly('.tap', 3, 150);
    await driver.tap('.sleep');
    await driver.waitUntil(async () => (await count(driver, 'asleep')) === sleepers);
  },
};

// ---- The page itself

async function isLive(driver: Driver, report: Report): Promise<void> {
  const from = await clock(driver);
  await driver.pause(1000);
  const ran = (await clock(driver)) - from;
  report.measure('the page’s clock in a second', ran, 's', { min: 0.7, max: 1.5 });
}

async function clock(driver: Driver): Promise<number> {
  return Number(await driver.data('clock'));
}

// ---- Sleepers

interface Night {
  /** Milliseconds of the longest block in each part. */
  readonly blocksMs: readonly number[];
  readonly tapAnswersMs: readonly number[];
  readonly startMs: number;
  readonly lateMs: number;
  /** Host timers while all are asleep. */
  readonly timers: number;
  readonly awake: number;
  /** Seconds that the page's clock went on. */
  readonly ticked: number;
  /** Seconds that it took. */
  readonly took: number;
}

async function sleep(driver: Driver, report: Report): Promise<void> {
  const nights = [await night(driver)];
  while (nights.length < maxRounds && !isQuiet(nights)) nights.push(await night(driver));
  const tapMs = least(nights, (each) => percentile(each.tapAnswersMs, 0.5));
  const slow = least(nights, (each) => percentile(each.tapAnswersMs, 0.99));
  report.check(
    'all wake up',
    nights.every(({ awake }) => awake === sleepers),
    nights.map(({ awake }) => String(awake)).join(', '),
  );
  report.measure(
    'to start 100,000',
    least(nights, (each) => each.startMs),
    'ms',
  );
  report.measure(
    'the last wakes late by',
    least(nights, (each) => each.lateMs),
    'ms',
    { max: lateLimitMs },
  );
  report.measure('host timers while they sleep', Math.max(...nights.map(({ timers }) => timers)), '', {
    min: 1,
    max: 1,
  });
  report.measure('longest block, from start to the last awake', longestBlock(nights), 'ms', {
    max: blockLimitMs,
  });
  report.measure('tap to answer meanwhile, p50', tapMs, 'ms', { max: tapLimitMs });
  report.measure('tap to answer meanwhile, p99', slow, 'ms');
  report.check(
    'the page’s clock goes on meanwhile',
    nights.every(({ ticked, took }) => ticked > 0.7 * took),
    nights.map(({ ticked, took }) => `${ticked.toFixed(1)} of ${took.toFixed(1)} s`).join(', '),
  );
  report.note('rounds', nights.length === 1 ? '1' : `the quietest of ${String(nights.length)}`);
}

function isQuiet(nights: readonly Night[]): boolean {
  const taps = least(nights, (each) => percentile(each.tapAnswersMs, 0.5));
  return (
    longestBlock(nights) <= blockLimitMs &&
    taps <= tapLimitMs &&
    least(nights, (each) => each.lateMs) <= lateLimitMs
  );
}

function longestBlock(nights: readonly Night[]): number {
  const quietest = Array.from({ length: parts }, (_, part) =>
    least(nights, ({ blocksMs }) => blocksMs[part] ?? 0),
  );
  return Math.max(...quietest);
}

async function night(driver: Driver): Promise<Night> {
  await driver.tapText('.choice', '100,000');
  const mark = await driver.mark();
  const [from, fromMs] = [await clock(driver), Date.now()];
  await driver.tap('.sleep');
  await driver.tapRepeatedly('.tap', 6, 80);
  const timers = await asleepTimers(driver);
  await driver.tapRepeatedly('.tap', 8, 80);
  await driver.waitUntil(async () => (await driver.data('sleeping')) === false, { timeoutMs: 30_000 });
  const took = (Date.now() - fromMs) / 1000;
  await driver.waitUntil(async () => (await count(driver, 'awake')) === sleepers);
  const ticked = (await clock(driver)) - from;
  const { turns, tapAnswersMs } = await driver.samples(mark);
  return {
    blocksMs: Array.from({ length: parts }, (_, part) => longestIn(turns, mark + part * partMs)),
    tapAnswersMs,
    startMs: await count(driver, 'started'),
    lateMs: await count(driver, 'late'),
    timers,
    awake: await count(driver, 'awake'),
    ticked,
    took,
  };
}

/** Milliseconds of the longest turn that began in the part from `fromMs` on. */
function longestIn(turns: Samples['turns'], fromMs: number): number {
  const within = turns.filter(([start]) => start >= fromMs && start < fromMs + partMs);
  return Math.max(0, ...within.map(([, length]) => length));
}

/** Host timers that are armed in the logic layer, once nothing else is under way. */
async function asleepTimers(driver: Driver): Promise<number> {
  return Number(await driver.page.evaluate(() => window.__preview.inspect({ what: 'timers' })));
}

const least = <T>(values: readonly T[], of: (value: T) => number): number => Math.min(...values.map(of));

// ---- The sieve

function primesBelow(end: number): number[] {
  const found: number[] = [];
  for (let n = 2; n < end; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}

async function sift(driver: Driver, report: Report): Promise<void> {
  const primes = primesBelow(limit);
  await driver.tapText('.choice', 'Full');
  const mark = await driver.mark();
  await driver.tap('.sift');
  await driver.waitUntil(async () => (await driver.data('sieving')) === false, { timeoutMs: 30_000 });
  await driver.waitUntil(async () => (await count(driver, 'routines')) === 0);
  const { longestBlockMs } = await driver.samples(mark);
  const seen = (await driver.data('found')) as readonly number[];
  report.check(
    'the sieve finds all primes below 1,000, in order, and no other number',
    seen.length === primes.length && seen.every((prime, at) => prime === primes[at]),
    `${String(seen.length)} of ${String(primes.length)}, the last is ${String(seen.at(-1))}`,
  );
  report.measure('which took receives', await count(driver, 'passed'), '', { min: 10_000 });
  report.measure('sieve: longest block', longestBlockMs, 'ms');
}

async function stopSifting(driver: Driver, report: Report): Promise<void> {
  await driver.tapText('.choice', 'Slow');
  await driver.tap('.sift');
  await driver.waitUntil(async () => {
    const primes = await count(driver, 'primes');
    return primes >= 10 && primes < 100; // not those of the run before
  });
  const before = await count(driver, 'routines');
  await driver.tap('.sift');
  await driver.waitUntil(async () => (await driver.data('sieving')) === false);
  await driver.waitUntil(async () => (await count(driver, 'routines')) === 0);
  const primes = await count(driver, 'primes');
  await driver.pause(400);
  const stands = (await count(driver, 'primes')) === primes;
  report.check(
    'stopped in the middle, no routine is left',
    stands && before >= 12,
    `${String(before)} before, ${String(primes)} primes`,
  );
}

// ---- The pool

interface Lane {
  readonly id: string;
  readonly run: number;
  readonly stolen: number;
  readonly wait: string;
  readonly busy: string;
}

async function pool(driver: Driver, report: Report): Promise<void> {
  const sums: string[] = [];
  for (const name of ['Worker', 'Logic', 'Both']) {
    await choose(driver, name);
    const mark = await driver.mark();
    await driver.tap('.give');
    await driver.tapRepeatedly('.tap', 6, 100);
    const meanwhile = (await driver.data('pooling')) === true;
    await driver.waitUntil(async () => (await driver.data('pooling')) === false, { timeoutMs: 60_000 });
    await driver.waitUntil(async () => (await driver.text('.count-sum')) !== '–');
    const { longestBlockMs, tapAnswersMs } = await driver.samples(mark);
    const lanes = (await driver.data('lanes')) as readonly Lane[];
    const [worker = 0, inline = 0] = lanes.map(({ run }) => run);
    const begun = await count(driver, 'begun');
    sums.push(await driver.text('.count-sum'));
    report.check(
      `${name}: every job ran exactly once`,
      begun === jobs && worker + inline === jobs && (await count(driver, 'took')) > 0,
      `${String(worker)} in the worker, ${String(inline)} here, ${await driver.text('.count-took')}`,
    );
    if (name === 'Both') {
      report.check('Both: both processors ran some', worker > 0 && inline > 0);
      for (const { id, stolen, wait, busy } of lanes)
        report.note(`Both, ${id}`, `stolen ${String(stolen)}, wait p99 ${wait}, busy ${busy}`);
    }
    if (name !== 'Worker') report.measure(`${name}: longest block`, longestBlockMs, 'ms');
    if (meanwhile) report.measure(`${name}: tap to answer, p50`, percentile(tapAnswersMs, 0.5), 'ms');
  }
  report.check('the results are the same wherever they ran', new Set(sums).size === 1, sums.join(', '));
}

async function cancelPool(driver: Driver, report: Report): Promise<void> {
  await choose(driver, 'Both');
  await driver.tap('.give');
  await driver.pause(300);
  await driver.tap('.give');
  await driver.waitUntil(async () => (await driver.data('pooling')) === false);
  await driver.pause(300); // until the figures show it
  const left = Number(await driver.data('waiting'));
  await driver.pause(500);
  report.check(
    'cancelled: what waits never runs, which is no failure',
    left > 0 && Number(await driver.data('waiting')) === left && !(await driver.isVisible('.failure')),
    `${String(left)} left`,
  );
}

// ---- Like a person

function choose(driver: Driver, name: string): Promise<void> {
  return driver.tapText('.pool .choice', name);
}

async function count(driver: Driver, name: string): Promise<number> {
  return Number.parseFloat((await driver.text(`.count-${name}`)).replaceAll(',', ''));
}
