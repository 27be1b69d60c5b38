/** A worker that is none: its module runs on this thread, behind a pipe like any other. */
import { toError } from '../adapters/inbox.js';
import { createLocalPipes } from '../adapters/local-pipes.js';
import type { HostWorker } from '../host/pipe.js';
import { currentRuntime } from '../host/runtime.js';
import { WorkerScope } from './worker-scope.js';

/** Starts `main` as a task, with a scope of its own. What it throws, or rejects with, is told as a worker's error. */
export function startInline(main: (scope: WorkerScope) => unknown): HostWorker {
  const [near, far] = createLocalPipes();
  let tellError: (error: Error) => void = () => undefined;
  const fail = (error: unknown): void => tellError(toError(error));
  const task = currentRuntime().pump.post(1, () => {
    const scope = new WorkerScope();
    scope.connect(far);
    try {
      const result = main(scope) as Partial<PromiseLike<unknown>> | undefined;
      if (typeof result?.then === 'function') result.then(undefined, fail);
    } catch (error) {
      fail(error);
    }
  });
  return {
    ...near,
    close() {
      currentRuntime().pump.cancel(task);
      near.close();
    },
    onError(listener) {
      tellError = listener;
    },
  };
}
