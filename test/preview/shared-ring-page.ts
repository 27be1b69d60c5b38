/** The page of `shared-ring.test.ts`: `window.ring` says what came of an exchange with a worker. */
import { readAmbient } from '../../src/adapters/ambient.js';
import { detectHost } from '../../src/adapters/detect.js';
import { createWebThreads } from '../../src/adapters/web-threads.js';
import type { HostWorker } from '../../src/host/pipe.js';
import { provideHost } from '../../src/host/runtime.js';
import { check, exchange } from '../adapters/numbered.js';

provideHost(detectHost);

const turn = (callback: () => void): void => void setTimeout(callback);

const say = (worker: HostWorker, text: string): void => worker.send({ mpLanes: 1, text, buffers: [] });

/** The 1,000 numbers that a worker sends just before it closes itself. */
function hearLast(worker: HostWorker): Promise<number> {
  const heard = { inOrder: 0, wrong: null };
  say(worker, 'exit');
  return new Promise((resolve) =>
    worker.listen({
      message(message) {
        check(heard, message);
        if (heard.inOrder === 1000 || heard.wrong !== null) resolve(heard.inOrder);
      },
      end: () => resolve(heard.inOrder),
    }),
  );
}

async function run(count: number): Promise<object> {
  const start = (): HostWorker =>
    createWebThreads(readAmbient())!.createWorker('/worker.js', { sharedMemory: true });
  const worker = start();
  const told = await exchange(worker, count, turn);
  worker.close();
  const killed = start();
  const { here } = await exchange(killed, 100, turn);
  say(killed, 'go 100000');
  killed.close();
  killed.close();
  const atEnd = here.inOrder;
  await new Promise((resolve) => setTimeout(resolve, 50));
  return {
    ...told,
    isIsolated: crossOriginIsolated,
    shares: worker.traits.sharedMemory === true,
    heardAfterClose: here.inOrder - atEnd,
    heardOfLast: await hearLast(start()),
  };
}

Object.assign(window, { ring: run });
