/** Inside the child process. */
import { MessageChannel, Worker } from 'node:worker_threads';
import { hopBy } from '../../harness/kit.js';
import type { Kit, Threads } from '../../harness/kit.js';
import type { RunSuite, Settings } from '../../harness/result.js';
import type { NodeMessage } from '../node.js';
import { portPipe } from './node-thread.js';
import { collector, runTimed, timerCounter } from './timed.js';

/** The bundles of the threads lie beside the suite's. */
const urlOf = (name: string): string => `${(process.argv[1] ?? '').replace(/\.cjs$/, '')}-${name}.cjs`;

const threads: Threads = {
  areMany: true,
  urlOf,
  start: (name) => portPipe(new Worker(urlOf(name))),
  native: (name) => new Worker(urlOf(name)),
  channel() {
    const { port1, port2 } = new MessageChannel();
    return { near: portPipe(port1), far: port2 };
  },
  end: () => undefined,
};

function createKit({ leastBudgetMs }: Settings): Kit {
  const { port1, port2 } = new MessageChannel();
  let waiting: (() => void) | null = null;
  port1.on('message', () => waiting?.());
  return {
    host: 'node',
    engine: `Node ${process.versions.node} (V8 ${process.versions.v8}${process.execArgv.includes('--jitless') ? ', no JIT' : ''})`,
    now: () => performance.now(),
    collectGarbage: collector(globalThis.gc),
    heapBytes: () => process.memoryUsage().heapUsed,
    macrotask: (callback) => void setImmediate(callback),
    setTimer: (callback, delayMs) => void setTimeout(callback, delayMs),
    timersArmed: timerCounter(globalThis),
    hops: [
      hopBy('setImmediate', (callback) => void setImmediate(callback)),
      hopBy('MessageChannel', (callback) => {
        waiting = callback;
        port2.postMessage(null);
      }),
      hopBy('setTimeout(0)', (callback) => void setTimeout(callback, 0)),
    ],
    leastBudgetMs,
    threads,
    progress: (text) => tell({ type: 'progress', text }),
  };
}

function tell(message: NodeMessage, then: () => void = () => undefined): void {
  process.send?.(message, undefined, undefined, then);
}

export function start(run: RunSuite): void {
  const settings = JSON.parse(process.argv[2] ?? '{}') as Settings;
  // Ports and timers of peers would hold the process for ever.
  const leave = (): never => process.exit();
  runTimed(run, createKit(settings), settings).then(
    (result) => tell({ type: 'result', result }, leave),
    (error: unknown) => tell({ type: 'failure', text: describe(error) }, leave),
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
