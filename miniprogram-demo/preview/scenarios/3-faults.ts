/** Faults: each shows its code and a readable message, and nothing hangs. */
import type { Scenario } from '../scenario.js';

const faults: readonly (readonly [name: string, code: string])[] = [
  ['Service unreachable', 'ERR_SERVICE_UNREACHABLE'],
  ['Malformed JSON', 'ERR_SERVICE_JSON'],
  ['Worker file missing', 'ERR_WORKER_START'],
  ['A second worker', 'ERR_WORKER_BUSY'],
  ['Worker killed in a call', 'ERR_WORKER_LOST'],
  ['Unknown priority', 'ERR_UNKNOWN_PRIORITY'],
  ['Closed port', 'ERR_PORT_CLOSED'],
];

/** A worker that never answers is given up after ten seconds; everything else is faster. */
const patienceMs = 12_000;

export const scenario: Scenario = {
  page: 'pages/faults/faults',
  title: '故障演示 Faults',

  async run(driver, report) {
    for (const [index, [name, code]] of faults.entries()) {
      const start = Date.now();
      await driver.tapText('.fault', name);
      await driver.waitUntil(async () => (await driver.data(`faults[${String(index)}].failure`)) !== null, {
        timeoutMs: patienceMs,
        message: `${name} did not end`,
      });
      const shown = (await driver.data(`faults[${String(index)}].failure`)) as {
        code: string;
        message: string;
      };
      report.check(name, shown.code === code, `${shown.code} after ${String(Date.now() - start)} ms`);
    }
    const codes = await driver.texts('.fault-code');
    report.check(
      'every code is on the page',
      codes.join() === faults.map(([, code]) => code).join(),
      `${String(codes.length)} codes`,
    );

    await driver.tapText('.button', 'Try all');
    await driver.waitForText('.fault-state', '…');
    await driver.waitUntil(
      async () => !(await driver.texts('.fault-state')).some((text) => text.includes('…')),
      {
        timeoutMs: 2 * patienceMs,
        message: 'a fault hangs',
      },
    );
    report.check(
      'all of them again, one after the other',
      (await driver.texts('.fault-code')).join() === codes.join(),
    );
  },

  async pose(driver) {
    await driver.tapText('.button', 'Try all');
    await driver.waitUntil(async () => (await driver.count('.fault-code')) === faults.length, {
      timeoutMs: 2 * patienceMs,
    });
    await driver.pause(300);
  },
};
