/** Flow: throughput of small messages, and large ones to a reader that does not come along. */
import { percentile } from '../driver.js';
import type { Driver } from '../driver.js';
import type { Report, Scenario } from '../scenario.js';

const messages = 256;
/** The high-water mark, in percent of the bar, and a message more. */
const underWayLimit = 25.5;
/** The stream, the painting of its figures, and a tap. */
const tapLimitMs = 100;

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
  const perPost = [];
  for (const size of [1, 200]) {
    await choose(driver, String(size));
    await driver.tapText('.go', 'Start');
    await driver.pause(1200);
    const mark = await driver.mark();
    const from = await count(driver, 'rate');
    await driver.tapRepeatedly('.tap', 8, 150);
    const { turns, tapAnswersMs, longestBlockMs } = await driver.samples(mark);
    const seconds = ((turns.at(-1)?.[0] ?? mark) - mark) / 1000;
    const rate = await count(driver, 'rate');
    const posts = turns.filter(([, , kind]) => kind === 'worker').length / seconds;
    perPost.push(rate / posts);
    report.measure(`bursts of ${String(size)}: there and back`, Math.min(from, rate), '/s', { min: 10 });
    report.measure(`bursts of ${String(size)}: messages of the pipe that came back`, posts, '/s');
    report.measure(`bursts of ${String(size)}: messages in one of them`, rate / posts, '');
    report.measure(`bursts of ${String(size)}: tap to answer, p50`, percentile(tapAnswersMs, 0.5), 'ms', {
      max: tapLimitMs,
    });
    report.measure(`bursts of ${String(size)}: longest block`, longestBlockMs, 'ms');
    await driver.tapText('.go', 'Stop');
    await driver.waitForText('.go', 'Start');
  }
  report.check('every one came back, in order', (await count(driver, 'wrong')) === 0);
  report.check(
    'a burst is one postMessage',
    (perPost[1] ?? 0) > 50 * (perPost[0] ?? Infinity),
    `${String(Math.round(perPost[1] ?? 0))} messages each`,
  );
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
