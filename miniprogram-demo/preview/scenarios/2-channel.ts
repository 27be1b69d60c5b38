/** Channel: the whole flow on one port, step by step, as the page's log tells it; then three ports on the one pipe. */
import type { Driver } from '../driver.js';
import type { Report, Scenario } from '../scenario.js';

const flow = 'pages/channel/flow';

export const scenario: Scenario = {
  page: 'pages/channel/channel',
  title: '消息通道 Channel',

  async run(driver, report) {
    await tap(driver, 'Open channel');
    await driver.waitForText('.entry-text', 'Hello from the worker');
    report.check('port1 went to the worker, which says hello', (await state(driver)).includes('Open'));

    await tap(driver, '发文字 Text');
    await driver.waitForText('.entry-text', '字 letters');
    report.check('text goes both ways', true, await lastStep(driver));

    await tap(driver, 'Bytes');
    await driver.waitForText('.entry-text', '校验');
    report.check(
      'an ArrayBuffer goes both ways, intact at both ends',
      (await lastStep(driver)).includes('intact'),
      await lastStep(driver),
    );
    report.note('checksums', (await driver.texts('.entry-detail')).slice(-1).join());

    await tap(driver, 'Peer closes');
    await driver.waitFor('.failure-code');
    report.check(
      'the other end closes: told as an error',
      (await driver.text('.failure-code')) === 'ERR_PORT_CLOSED',
      await driver.text('.failure-message'),
    );

    await tap(driver, '发文字 Text');
    report.check(
      'sending on the closed port is told',
      (await lastStep(driver)).includes('Port closed'),
      await lastStep(driver),
    );

    await tap(driver, '重试 Try again', '.failure-retry');
    await driver.waitForText('.line-state', 'Open');
    await tap(driver, 'We close', '.close');
    await driver.waitForText('.entry-text', 'The worker saw the close');
    report.check(
      'we close: the worker sees it',
      (await state(driver)).includes('Closed'),
      await lastStep(driver),
    );
    await threePorts(driver, report);
    await driver.tap('.way');
    await driver.waitForPage(flow);
    report.check('one tap leads to throughput and back-pressure', true, flow);
    const errors = await driver.errors();
    report.check('no errors on the console', errors.length === 0, errors[0]);
  },

  async pose(driver) {
    await openAll(driver);
    await tap(driver, '发文字 Text');
    await driver.waitForText('.entry-text', '字 letters');
    await tap(driver, 'Ten on each');
    await driver.waitForText('.entry-text', 'back, in order');
    await driver.tap('.line-of-B');
    await tap(driver, 'We close');
    await driver.waitForText('.entry-text', 'The worker saw the close');
    await tap(driver, 'Ten on each');
    await driver.tap('.line-of-A');
    await driver.pause(500);
  },
};

async function threePorts(driver: Driver, report: Report): Promise<void> {
  await openAll(driver);
  const from = await counts(driver);
  const mark = await driver.mark();
  await tap(driver, 'Ten on each');
  await driver.waitForText('.entry-text', 'back, in order');
  await driver.pause(200);
  const round = since(from, await counts(driver));
  report.check('three ports: each counts its own', round.join() === '10,10,10', `${round.join(', ')} back`);
  report.check('three ports: the order holds across them', true, await lastStep(driver));
  const { turns } = await driver.samples(mark);
  const posts = turns.filter(([, , kind]) => kind === 'worker').length;
  report.measure('three ports: messages of the pipe for 30 answers', posts, '', { min: 1, max: 3 });

  await tap(driver, '清空 Clear', '.log-clear');
  await driver.tap('.line-of-B');
  await tap(driver, 'We close', '.close');
  await driver.waitForText('.entry-text', 'The worker saw the close');
  const before = await counts(driver);
  await tap(driver, 'Ten on each');
  await driver.waitForText('.entry-text', 'back, in order');
  await driver.pause(200);
  const rest = since(before, await counts(driver));
  report.check('one is closed: the others go on', rest.join() === '10,0,10', `${rest.join(', ')} back`);
}

async function openAll(driver: Driver): Promise<void> {
  await tap(driver, 'Open all', '.all');
  await driver.waitUntil(async () =>
    (await driver.texts('.line-state')).every((text) => text.includes('Open')),
  );
  await driver.waitForText('.entry-text', 'Hello from the worker');
  await driver.pause(200);
}

/** What came back on each port. */
async function counts(driver: Driver): Promise<number[]> {
  return (await driver.texts('.line-count')).map((text) => Number(text.split('←')[1]));
}

function since(from: readonly number[], to: readonly number[]): number[] {
  return to.map((count, port) => count - (from[port] ?? 0));
}

function tap(driver: Driver, text: string, selector = '.button'): Promise<void> {
  return driver.tapText(selector, text);
}

function state(driver: Driver): Promise<string> {
  return driver.text('.line-state');
}

async function lastStep(driver: Driver): Promise<string> {
  await driver.waitForAnswers();
  return (await driver.texts('.entry-text')).at(-1) ?? '';
}
