/** Workers on the virtual host: functions that are given the far end of a pipe. */
import { WorkerStartError } from '../core/worker-errors.js';
import type { HostThreads } from '../host/host.js';
import type { HostWorker, Pipe } from '../host/pipe.js';
import { connectPipes } from './pipe-pair.js';
import type { DeliverTurn, PipePairOptions } from './pipe-pair.js';

/** A worker that was started on a virtual host. */
export interface VirtualWorker {
  readonly url: string;
  readonly live: boolean;
  /** Dies at once, as a worker that the system kills. */
  kill(error?: unknown): void;
  /** Has an uncaught error, and lives on. */
  fail(error: Error): void;
}

/** The threads of a virtual host, and what a test does to them. */
export interface VirtualThreads {
  readonly threads: HostThreads;
  readonly workers: readonly VirtualWorker[];
  define(url: string, main: (pipe: Pipe) => void): void;
}

type Main = (pipe: Pipe) => void;

/** Starts `main` (nothing, where the file was not defined) at the far end of a pipe of its own. */
function startWorker(
  url: string,
  main: Main | undefined,
  deliver: DeliverTurn,
  options: PipePairOptions | undefined,
): { worker: HostWorker; control: VirtualWorker } {
  const { a, b, cut } = connectPipes(deliver, options);
  let live = true;
  let tellError: ((error: Error) => void) | null = null;
  function kill(error?: unknown): void {
    live = false;
    cut(error);
  }
  const missing = `No worker was defined as ${url}.`;
  deliver(0, () => {
    if (!live) return;
    if (main === undefined) kill(new WorkerStartError('ERR_WORKER_START', missing, { value: url }));
    else main(b);
  });
  function close(): void {
    live = false;
    a.close();
  }
  return {
    worker: { ...a, close, onError: (listener) => void (tellError = listener) },
    control: {
      url,
      get live() {
        return live;
      },
      kill,
      fail: (error) => tellError?.(error),
    },
  };
}

/** Makes the threads of a virtual host; at most `maxWorkers` live at once. */
export function createVirtualThreads(
  deliver: DeliverTurn,
  maxWorkers: number,
  options?: PipePairOptions,
): VirtualThreads {
  const workers: VirtualWorker[] = [];
  const mains = new Map<string, Main>();
  const threads: HostThreads = {
    createWorker(url) {
      if (workers.filter((worker) => worker.live).length >= maxWorkers) {
        const message = `Cannot start the worker ${JSON.stringify(url)}: ${maxWorkers} may live at once. Terminate one first.`;
        throw new WorkerStartError('ERR_WORKER_BUSY', message, { value: url });
      }
      const { worker, control } = startWorker(url, mains.get(url), deliver, options);
      workers.push(control);
      return worker;
    },
    parent: () => null,
  };
  return { threads, workers, define: (url, main) => void mains.set(url, main) };
}
