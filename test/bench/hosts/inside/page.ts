/** Inside the page. */
import { hopBy } from '../../harness/kit.js';
import type { Kit, Threads } from '../../harness/kit.js';
import type { RunSuite, Settings, SuiteResult } from '../../harness/result.js';
import { portPipe } from './page-thread.js';
import { collector, runTimed, timerCounter } from './timed.js';

declare global {
  interface Window {
    /** Runs the suite of this bundle. */
    benchRun(settings: Settings): Promise<SuiteResult>;
    gc?: unknown;
  }
  interface Performance {
    /** Chromium's own. */
    readonly memory?: { readonly usedJSHeapSize: number };
  }
}

/** Calls back in the order of the calls. */
function messages(): (callback: () => void) => void {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return (callback) => {
    waiting.push(callback);
    port2.postMessage(null);
  };
}

const urlOf = (name: string): string => `/threads/${name}.js`;

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
  const { memory } = performance;
  const macrotask = messages();
  return {
    host: 'chromium',
    engine: navigator.userAgent,
    now: () => performance.now(),
    collectGarbage: collector(window.gc),
    // Read anew: each reading makes a new object.
    heapBytes: memory === undefined ? null : () => performance.memory?.usedJSHeapSize ?? NaN,
    macrotask,
    setTimer: (callback, delayMs) => void setTimeout(callback, delayMs),
    timersArmed: timerCounter(globalThis),
    hops: [
      hopBy('MessageChannel', messages()),
      hopBy('setTimeout(0)', (callback) => void setTimeout(callback, 0)),
    ],
    leastBudgetMs,
    threads,
    progress: (text) => console.debug(text),
  };
}

export function start(run: RunSuite): void {
  window.benchRun = (settings) => runTimed(run, createKit(settings), settings);
}
