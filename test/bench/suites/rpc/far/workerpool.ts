/** The other thread with workerpool. */
import { worker, workerEmit } from 'workerpool';
import type { Serve } from '../../../harness/kit.js';
import { add, weigh } from '../api.js';

export const serve: Serve = () => {
  worker({
    add,
    weigh,
    emitAll(count: number): number {
      for (let n = 1; n <= count; n++) workerEmit(n);
      return count;
    },
  });
};
