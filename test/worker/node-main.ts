/** A process whose worker ends while a heartbeat of an hour and a wait for idleness are armed: it must end, too. */
import { join } from 'node:path';
import { Worker } from '../../src/index.js';

const worker = new Worker(join(process.argv[2] as string, 'node-worker.cjs'), {
  heartbeatMs: 3_600_000,
  idleTimeoutMs: 3_600_000,
});
worker.onmessage = () => {
  console.log('done');
  worker.terminate();
};
worker.postMessage('hello');
