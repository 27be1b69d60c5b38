/** Workers on the virtual host: functions that are given the far end of a pipe. */
import { WorkerLostError, WorkerStartError } from '../core/worker-errors.js';
import type { HostThreads } from '../host/host.js';
import type { HostWorker, Pipe } from '../host/pipe.js';
import { connectPipes } from './pipe-pair.js';
import type { DeliverTurn, PipePairOptions } from './pipe-pair.js';

/** What a file does: it is given the thread's end of the pipe. */
type Main = (pipe: Pipe) => void;

/** A worker that was started on a virtual host. */
export interface VirtualWorker {
  readonly url: string;
  readonly live: boolean;
  /**
   * Dies at once, as a worker that the system kills.
   * @param error - what the host says of it. @defaultValue a `WorkerLostError`
   */
  kill(error?: unknown): void;
  /** Has an uncaught error, and lives on. */
  fail(error: Error): void;
  /** Reacts no more, as a worker in an endless loop: it hears nothing, and what it posts is not sent. */
  hang(): void;
}

/** The threads of a virtual host, and what a test does to them. */
export interface VirtualThreads {
  readonly threads: HostThreads;
  readonly workers: readonly VirtualWorker[];
  define(url: string, main: Main, pipe?: PipePairOptions): void;
  failStarts(count: number, error?: Error): void;
}

/** The thread's end of its pipe, which says nothing either way while `isHung`. */
function hangable(pipe: Pipe, isHung: () => boolean): Pipe {
  return {
    traits: pipe.traits,
    send(message, transfer) {
      if (!isHung()) pipe.send(message, transfer);
    },
    listen: ({ message, end }) =>
      pipe.listen({
        message(each) {
          if (!isHung()) message(each);
        },
        end,
      }),
    close: () => pipe.close(),
  };
}

/** Starts `main` (nothing, where the file was not defined) at the far end of a pipe of its own. */
function startWorker(
  url: string,
  main: Main | undefined,
  deliver: DeliverTurn,
  now: () => number,
  options: PipePairOptions | undefined,
): { worker: HostWorker; control: VirtualWorker } {
  const { a, b, cut } = connectPipes(deliver, now, options);
  let live = true;
  let hung = false;
  let tellError: ((error: Error) => void) | null = null;
  const killed = `The system killed the worker ${JSON.stringify(url)}.`;
  function kill(error: unknown = new WorkerLostError('ERR_WORKER_LOST', killed, { value: url })): void {
    live = false;
    cut(error);
  }
  const missing = `No worker was defined as ${url}.`;
  deliver(0, () => {
    if (!live) return;
    if (main === undefined) kill(new WorkerStartError('ERR_WORKER_START', missing, { value: url }));
    else main(hangable(b, () => hung));
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
      hang: () => void (hung = true),
    },
  };
}

/** Makes the threads of a virtual host; at most `maxWorkers` live at once. */
export function createVirtualThreads(
  deliver: DeliverTurn,
  now: () => number,
  maxWorkers: number,
  options?: PipePairOptions,
): VirtualThreads {
  const workers: VirtualWorker[] = [];
  const files = new Map<string, { readonly main: Main; readonly pipe: PipePairOptions | undefined }>();
  const refusals: (Error | undefined)[] = [];
  const threads: HostThreads = {
    createWorker(url) {
      if (refusals.length > 0) {
        const message = `The host refused to start the worker ${JSON.stringify(url)}.`;
        throw refusals.shift() ?? new WorkerStartError('ERR_WORKER_START', message, { value: url });
      }
      if (workers.filter((worker) => worker.live).length >= maxWorkers) {
        const message =
          `Cannot start the worker ${JSON.stringify(url)}: ${maxWorkers} may live at once. Share one with shareWorker(), ` +
          'expose both APIs in one worker, or call terminate() on one first.';
        throw new WorkerStartError('ERR_WORKER_BUSY', message, { value: url });
      }
      const { main, pipe = options } = files.get(url) ?? {};
      const { worker, control } = startWorker(url, main, deliver, now, pipe);
      workers.push(control);
      return worker;
    },
    parent: () => null,
  };
  return {
    threads,
    workers,
    define: (url, main, pipe) => void files.set(url, { main, pipe }),
    failStarts: (count, error) => {
      for (let left = count; left > 0; left--) refusals.push(error);
    },
  };
}
