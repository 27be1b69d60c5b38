/** The worker of `shared-ring-node.test.ts`: answers as `numbered.ts` says. */
import { readAmbient } from '../../src/adapters/ambient.js';
import { createNodeThreads } from '../../src/adapters/node-threads.js';
import { detectHost } from '../../src/adapters/detect.js';
import { provideHost } from '../../src/host/runtime.js';
import { serve } from './numbered.js';

provideHost(detectHost);
serve(createNodeThreads(readAmbient())!.parent()!, setImmediate, () => process.exit(0));
