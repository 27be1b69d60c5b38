/** The page of `shared-ring.test.ts`: `window.ring` says what came of an exchange with a worker. */
import { readAmbient } from '../../src/adapters/ambient.js';
import { detectHost } from '../../src/adapters/detect.js';
import { createWebThreads } from '../../src/adapters/web-threads.js';
import type { HostWorker } from '../../src/host/pipe.js';
import { provideHost } from '../../src/host/runtime.js';
import { exchange } from '../adapters/numbered.js';

provideHost(detectHost);

const turn = (callback: () => void): void => void setTimeout(callback);

async function run(count: number): Promise<object> {
  const start = (): HostWorker =>
    createWebThreads(readAmbient())!.createWorker('/worker.js', { sharedMemory: true });
  const worker = start();
  const told = await exchange(worker, count, turn);
  worker.close();
  const killed = start();
  const { here } = await exchange(killed, 100, turn);
  killed.send({ mpLanes: 1, text: 'go 100000', buffers: [] });
  killed.close();
  killed.close();
  const atEnd = here.inOrder;
  await new Promise((resolve) => setTimeout(resolve, 50));
  return {
    ...told,
    isIsolated: crossOriginIsolated,
    shares: worker.traits.sharedMemory === true,
    heardAfterClose: here.inOrder - atEnd,
  };
}

Object.assign(window, { ring: run });
