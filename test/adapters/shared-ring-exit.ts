/** A process whose worker shares memory with it and does not hold it open: it ends by itself. */
import { readAmbient } from '../../src/adapters/ambient.js';
import { createNodeThreads } from '../../src/adapters/node-threads.js';
import { detectHost } from '../../src/adapters/detect.js';
import { provideHost } from '../../src/host/runtime.js';
import { exchange } from './numbered.js';

provideHost(detectHost);
const worker = createNodeThreads(readAmbient())!.createWorker(process.argv[2]!, { sharedMemory: true });
void exchange(worker, 100, setImmediate).then(({ here }) => {
  console.log(`heard ${here.inOrder}`);
  worker.keepAlive?.(false);
});
