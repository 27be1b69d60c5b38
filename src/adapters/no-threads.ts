/** Threads of a host that has none. */
import { WorkerStartError } from '../core/worker-errors.js';
import type { HostName, HostThreads } from '../host/host.js';

/** Refuses every worker, and says what to do instead. */
export function createNoThreads(name: HostName): HostThreads {
  return {
    createWorker(url) {
      throw new WorkerStartError(
        'ERR_HOST_CAPABILITY',
        `Cannot start the worker ${JSON.stringify(url)}: this host (${name}) has no workers. Run the work sliced, with scheduler.postTask.`,
        { value: url },
      );
    },
    parent: () => null,
  };
}
