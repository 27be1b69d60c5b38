import { afterEach, beforeEach, expect, it } from 'vitest';
import type { OpenPage } from './mini-program.js';
import { createStage } from './stage.js';
import type { Stage } from './stage.js';

let stage: Stage;
let page: OpenPage;
beforeEach(async () => {
  stage = createStage();
  page = await stage.open('pages/faults/faults');
});
afterEach(() => {
  stage.close();
});

const faults = [
  ['Service unreachable', 'ERR_SERVICE_UNREACHABLE', 'ECONNREFUSED'],
  ['Malformed JSON', 'ERR_SERVICE_JSON', 'Shang'],
  ['Worker file missing', 'ERR_WORKER_START', 'workers/missing.js'],
  ['A second worker', 'ERR_WORKER_BUSY', 'workers/index.js'],
  ['Worker killed in a call', 'ERR_WORKER_LOST', 'killed'],
  ['Unknown priority', 'ERR_UNKNOWN_PRIORITY', 'urgent'],
  ['Closed port', 'ERR_PORT_CLOSED', 'closed'],
] as const;

it.each(faults)('%s is told as %s', async (name, code, message) => {
  page.tap('.fault', name);
  await stage.host.advance(500);
  expect(page.texts('.fault-code')).toEqual([code]);
  expect(page.text('.fault-message')).toContain(message);
  expect(page.text('.fault-text')).not.toContain('请重试。Please');
});

it('all of them, one after the other, leave nothing hanging', async () => {
  page.tap('.button', 'Try all');
  await stage.host.advance(5000);
  expect(page.texts('.fault-code')).toEqual(faults.map(([, code]) => code));
  expect(page.texts('.fault-trying')).toEqual([]);
});

it('a worker that was killed is there again, and nothing was an error to it', async () => {
  page.tap('.fault', 'Worker killed in a call');
  await stage.host.advance(500);
  page.tap('.fault', 'A second worker'); // needs the first
  await stage.host.advance(500);
  expect(page.texts('.fault-code')).toEqual(['ERR_WORKER_BUSY', 'ERR_WORKER_LOST']);
  expect(stage.host.workers.map(({ live }) => live)).toEqual([false, true]);
  expect(stage.warned).toEqual([expect.stringContaining('killed')]);
});

it('a fault can be tried twice', async () => {
  for (let i = 0; i < 2; i++) {
    page.tap('.fault', 'A second worker');
    await stage.host.advance(500);
  }
  expect(page.texts('.fault-code')).toEqual(['ERR_WORKER_BUSY']);
});
