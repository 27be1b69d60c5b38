/** A worker for tests, without a file: both ends on the virtual host, and faults on request. */
import type { PipePairOptions } from '../adapters/pipe-pair.js';
import type { VirtualHost } from '../adapters/virtual-host.js';
import type { VirtualWorker } from '../adapters/virtual-threads.js';
import { Worker } from './worker.js';
import type { WorkerOptions } from './worker-options.js';
import { WorkerScope } from './worker-scope.js';

/**
 * What may happen to a message between the two threads: it is lost, it comes twice, the thread dies before it is sent, or
 * it takes so much longer (what is sent behind it does not overtake it).
 */
export type LinkFault = 'drop' | 'duplicate' | 'kill' | { readonly delayMs: number };

/** How two linked ends behave. */
export interface LinkedEndsOptions extends WorkerOptions {
  /** The path of the file that there is not. @defaultValue `'workers/linked.js'` */
  readonly file?: string;
  /** Milliseconds that a message is on the way. @defaultValue 0 */
  readonly delayMs?: number;
  /**
   * What messages may carry: `json` as the poorest clients, so that bytes travel as text; `buffers`, JSON and
   * `ArrayBuffer`s, as on WeChat; `structured`, what the platform's structured clone keeps. @defaultValue `'buffers'`
   */
  readonly carrier?: 'json' | 'buffers' | 'structured';
  /** The thread dies when this message of the worker's life is about to be sent, counted from 1. @defaultValue never */
  readonly killAtStep?: number;
  /** Asked for each message: what happens to it. `step` counts messages over all threads, from 1. @defaultValue nothing */
  readonly faults?: (step: {
    readonly step: number;
    readonly from: 'worker' | 'self';
    readonly message: unknown;
  }) => LinkFault | undefined;
}

/** A worker and its threads, in a test's hand. */
export interface LinkedEnds {
  /** The worker as your code sees it, supervised as any. */
  readonly worker: Worker;
  /** `self` of the thread that runs now; `null` before the first began. */
  readonly self: WorkerScope | null;
  /** How many threads were started. */
  readonly threads: number;
  /** How many messages the two sides have sent. */
  readonly steps: number;
  /** The thread dies at once, as one that the system kills. @param error - @defaultValue a `WorkerLostError` */
  kill(error?: Error): void;
  /** The thread answers nothing any more, as one in an endless loop. */
  hang(): void;
}

/**
 * Starts a worker whose code is a function, on a virtual host that is installed: for tests of your own code against a
 * thread that is slow, loses messages, or dies at any moment. End it with `worker.terminate()`.
 *
 * @param host - as `createVirtualHost` gives it, installed
 * @param main - what the worker's file would do, with its `self`; called for each thread
 * @param options - those of the `Worker`, and faults
 * @example
 * ```js
 * const host = createVirtualHost();
 * const uninstall = host.install();
 * const ends = createLinkedEnds(host, (self) => expose({ add: (a, b) => a + b }, self), { killAtStep: 3 });
 * const sum = withOptions(wrap(ends.worker), { idempotent: true }).add(1, 2);
 * await host.runUntilIdle();
 * await sum; // 3, from the second thread
 * ends.worker.terminate();
 * await host.runUntilIdle();
 * host.assertClean();
 * uninstall();
 * ```
 */
export function createLinkedEnds(
  host: VirtualHost,
  main: (self: WorkerScope) => void,
  options: LinkedEndsOptions = {},
): LinkedEnds {
  const { file = 'workers/linked.js' } = options;
  const ends = { self: null as WorkerScope | null, steps: 0 };
  const first = host.workers.length;
  const threads = (): VirtualWorker[] => host.workers.slice(first).filter(({ url }) => url === file);
  const thread = (): VirtualWorker | undefined => threads().filter(({ live }) => live)[0];
  host.defineWorker(
    file,
    (pipe) => {
      ends.self = new WorkerScope();
      ends.self.connect(pipe);
      main(ends.self);
    },
    pipeOf(
      options,
      () => ++ends.steps,
      () => thread()?.kill(),
    ),
  );
  const worker = new Worker(file, options);
  return {
    worker,
    get self() {
      return ends.self;
    },
    get threads() {
      return threads().length;
    },
    get steps() {
      return ends.steps;
    },
    kill: (error) => thread()?.kill(error),
    hang: () => thread()?.hang(),
  };
}

function pipeOf(options: LinkedEndsOptions, nextStep: () => number, kill: () => void): PipePairOptions {
  const { delayMs = 0, carrier = 'buffers', killAtStep, faults } = options;
  return {
    delayMs,
    binary: carrier !== 'json',
    cloneMessage: carrier === 'structured' ? 'structured' : 'json',
    faults(message, { from }) {
      const step = nextStep();
      const fault =
        step === killAtStep ? 'kill' : faults?.({ step, from: from === 'a' ? 'worker' : 'self', message });
      if (fault !== 'kill') return fault;
      kill();
      return 'drop';
    },
  };
}
