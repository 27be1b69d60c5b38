/** The worker of `shared-ring.test.ts`. */
import { readAmbient } from '../../src/adapters/ambient.js';
import { detectHost } from '../../src/adapters/detect.js';
import { createWebThreads } from '../../src/adapters/web-threads.js';
import { provideHost } from '../../src/host/runtime.js';
import { serve } from '../adapters/numbered.js';

provideHost(detectHost);
const pipe = createWebThreads(readAmbient())!.parent()!;
serve(
  pipe,
  (callback) => void setTimeout(callback),
  () => pipe.close(),
);
