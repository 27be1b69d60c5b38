/** Channel: the whole flow, step by step, as the page's log tells it. */
import type { Driver } from '../driver.js';
import type { Scenario } from '../scenario.js';

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
    const errors = await driver.errors();
    report.check('no errors on the console', errors.length === 0, errors[0]);
  },

  async pose(driver) {
    await tap(driver, 'Open channel');
    await driver.waitForText('.entry-text', 'Hello from the worker');
    await tap(driver, '发文字 Text');
    await driver.waitForText('.entry-text', '字 letters');
    await tap(driver, 'Bytes');
    await driver.waitForText('.entry-text', '校验');
    await driver.pause(300);
  },
};

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
