/** Flow: throughput of small messages, and large ones to a reader that does not come along. */
import { percentile } from '../driver.js';
import type { Driver } from '../driver.js';
import type { Report, Scenario } from '../scenario.js';

const messages = 256;
/** The high-water mark, in percent of the bar, and a message more. */
const underWayLimit = 25.5;
/** The stream, the painting of its figures, and a tap. */
const tapLimitMs = 100;
const maxRounds = 4;
/** Five a second, and what is counted late. */
const paintsLimit = 8;

export const scenario: Scenario = {
  page: 'pages/channel/flow',
  title: '流量 Flow',

  async run(driver, report) {
    await stream(driver, report);
    await jam(driver, report);
    await beside(driver, report);
    await resume(driver, report);
    await polite(driver, report);
    await slow(driver, report);
    const errors = await driver.errors();
    report.check('no errors on the console', errors.length === 0, errors[0]);
  },

  async pose(driver) {
    await driver.tapText('.go', 'Start');
    await driver.tapRepeatedly('.tap', 7, 300);
    await choose(driver, 'Paused');
    await ship(driver);
    await driver.waitUntil(async () => (await count(driver, 'sent')) >= 180);
    await driver.pause(300);
  },
};

// ---- Small messages

async function stream(driver: Driver, report: Report): Promise<void> {
  for (const size of [1, 200]) {
    const name = `bursts of ${String(size)}`;
    await choose(driver, String(size));
    await driver.tapText('.go', 'Start');
    await driver.pause(1200);
    const paints = await setDataRate(driver);
    const { posts, rate } = await pipeRate(driver);
    const tapMs = await tapWhileItRuns(driver);
    await driver.tapText('.go', 'Stop');
    await driver.waitForText('.go', 'Start');
    report.measure(`${name}: there and back`, rate, '/s', { min: 10 * size });
    report.measure(`${name}: messages of the pipe that came back`, posts, '/s');
    report.measure(`${name}: messages in one of them`, rate / posts, '', { min: size / 4 });
    report.measure(`${name}: tap to answer, p50`, tapMs, 'ms', { max: tapLimitMs });
    report.measure(`${name}: setData of the figures`, paints, '/s', { min: 1, max: paintsLimit });
  }
  report.check('every one came back, in order', (await count(driver, 'wrong')) === 0);
}

/** Messages of the pipe each second, by the logic layer's turns, and messages in them, by the page's figure for that second. */
async function pipeRate(driver: Driver): Promise<{ posts: number; rate: number }> {
  const mark = await driver.mark();
  await driver.pause(1200);
  const rate = await count(driver, 'rate');
  const { turns } = await driver.samples(mark);
  const seconds = ((turns.at(-1)?.[0] ?? mark) - mark) / 1000;
  return { posts: turns.filter(([, , kind]) => kind === 'worker').length / seconds, rate };
}

/** The median of the quietest round: what other processes take away is added to each. */
async function tapWhileItRuns(driver: Driver): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < maxRounds && best > tapLimitMs; round++) {
    const mark = await driver.mark();
    await driver.tapRepeatedly('.tap', 8, 150);
    const { tapAnswersMs } = await driver.samples(mark);
    best = Math.min(best, percentile(tapAnswersMs, 0.5));
  }
  return best;
}

/** While nobody taps, who would add to it. */
async function setDataRate(driver: Driver): Promise<number> {
  const calls = (): Promise<number> => driver.page.evaluate(() => window.__preview.counters().setDataCalls);
  const from = await calls();
  await driver.pause(2000);
  return ((await calls()) - from) / 2;
}

// ---- Large messages

async function jam(driver: Driver, report: Report): Promise<void> {
  await choose(driver, 'Paused');
  await ship(driver);
  await driver.waitUntil(async () => (await count(driver, 'sent')) === messages);
  await driver.pause(500);
  const { under, fill } = await levels(driver);
  report.check('the reader is paused: nothing is read', (await count(driver, 'read')) === 0);
  report.measure('under way, of 16 MiB', under, '%', { min: 25, max: underWayLimit });
  report.measure('bufferedAmount, of 16 MiB', fill, '%', { min: 74, max: 75.5 });
}

/** Another port of the same pipe. */
async function beside(driver: Driver, report: Report): Promise<void> {
  await driver.tapText('.go', 'Start');
  await driver.pause(1500);
  const rate = await count(driver, 'rate');
  await driver.tapText('.go', 'Stop');
  report.measure('meanwhile on another port: there and back', rate, '/s', { min: 10 });
  report.check('meanwhile the reader has read nothing', (await count(driver, 'read')) === 0);
}

async function resume(driver: Driver, report: Report): Promise<void> {
  await choose(driver, 'Fast');
  await done(driver);
  await expectAll(driver, report, 'the reader goes on: all arrive, in order');
}

async function polite(driver: Driver, report: Report): Promise<void> {
  await choose(driver, 'Polite');
  await choose(driver, 'Paused');
  await ship(driver);
  await driver.pause(2500);
  report.measure('polite: sent while nobody reads', await count(driver, 'sent'), '', { min: 64, max: 66 });
  await choose(driver, 'Slow');
  await done(driver);
  await expectAll(driver, report, 'polite: all arrive, in order');
  report.measure('polite: most that waited', await count(driver, 'most'), 'MiB', { max: 0.1 });
  report.measure('polite: bufferedamountlow', await count(driver, 'lows'), '', { min: 5 });
}

async function slow(driver: Driver, report: Report): Promise<void> {
  await choose(driver, 'Keeps on');
  await ship(driver);
  await done(driver);
  await expectAll(driver, report, 'a slow reader and a keen sender: all arrive, in order');
  report.measure('keen: most that waited', await count(driver, 'most'), 'MiB', { min: 1 });
}

// ---- Like a person

function choose(driver: Driver, name: string): Promise<void> {
  return driver.tapText('.choice', name);
}

async function ship(driver: Driver): Promise<void> {
  await driver.tapText('.ship', 'Send');
  await driver.waitUntil(async () => (await driver.data('sending')) === true);
}

function done(driver: Driver): Promise<void> {
  return driver.waitUntil(async () => (await driver.data('sending')) === false, { timeoutMs: 30_000 });
}

async function expectAll(driver: Driver, report: Report, name: string): Promise<void> {
  const [sent, read, wrong] = [
    await count(driver, 'sent'),
    await count(driver, 'read'),
    await count(driver, 'misread'),
  ];
  const seen = `sent ${String(sent)}, read ${String(read)}, wrong ${String(wrong)}`;
  report.check(name, sent === messages && read === messages && wrong === 0, seen);
}

async function count(driver: Driver, name: string): Promise<number> {
  return Number((await driver.text(`.count-${name}`)).replaceAll(',', ''));
}

async function levels(driver: Driver): Promise<{ under: number; fill: number }> {
  return { under: Number(await driver.data('under')), fill: Number(await driver.data('fill')) };
}
