/** Reader: a live port goes from page to page and back while the worker counts into it. */
import type { Driver } from '../driver.js';
import type { Scenario } from '../scenario.js';

const page = 'pages/channel/reader';
const channel = 'pages/channel/channel';

export const scenario: Scenario = {
  page,
  title: '接手 Reader',

  async run(driver, report) {
    await driver.waitForText('.none', 'from the channel page');
    await driver.navigate('reLaunch', `/${channel}`);
    await driver.waitForPage(channel);
    let last = -1;
    for (let time = 1; time <= 3; time++) {
      await handOver(driver);
      await driver.waitUntil(async () => (await count(driver, 'there')) >= 10 * time);
      const first = await count(driver, 'first');
      report.check(`${String(time)}: numbers go on in the next page`, first > last, `from ${String(first)}`);
      await driver.tapText('.back', 'Give it back');
      await driver.waitForPage(channel);
      const here = await count(driver, 'here');
      await driver.waitUntil(async () => (await count(driver, 'here')) >= here + 5);
      last = await count(driver, 'last');
    }
    const figures = (await driver.data('ticks')) as Readonly<Record<string, number>>;
    const { here = 0, there = 0, last: final = 0, wrong = 1 } = figures;
    report.check(
      'every number arrived once, on one page or the other, in order',
      wrong === 0 && here + there === final + 1,
      `${String(here)} here, ${String(there)} there, the last is ${String(final)}`,
    );
    const errors = await driver.errors();
    report.check('no errors on the console', errors.length === 0, errors[0]);
  },

  async pose(driver) {
    await driver.navigate('reLaunch', `/${channel}`);
    await driver.waitForPage(channel);
    await handOver(driver);
    await driver.pause(1000);
    await driver.tapText('.back', 'Give it back');
    await driver.waitForPage(channel);
    await driver.pause(1000);
    await handOver(driver);
    await driver.pause(2500);
  },
};

async function handOver(driver: Driver): Promise<void> {
  await driver.tapText('.button', 'Hand it over');
  await driver.waitForPage(page);
}

async function count(driver: Driver, name: string): Promise<number> {
  return Number(await driver.text(`.count-${name}`));
}
