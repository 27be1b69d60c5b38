/** `npm run test:deep`: the property tests of ports, codec and restarts, the fault matrix of calls, and pools, at full scale, some minutes each. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: [
      'test/channel/carriers.test.ts',
      'test/channel/moves.test.ts',
      'test/channel/hostile-frames.test.ts',
      'test/worker/restarts.test.ts',
      'test/rpc/fault-matrix.test.ts',
      'test/go/chan-model.test.ts',
      'test/go/linearizability.test.ts',
      'test/pool/stealing.test.ts',
      'test/pool/stored-jobs.test.ts',
    ],
    setupFiles: [fileURLToPath(new URL('../strict-console.ts', import.meta.url))],
    env: { MP_LANES_DEEP: '1' },
    maxWorkers: 2,
    disableConsoleIntercept: true,
  },
});
