/** Inside the preview's logic layer: a module that the bench mini-program requires. */
import { hopBy } from '../../harness/kit.js';
import type { Kit, Threads } from '../../harness/kit.js';
import type { RunSuite, Settings, SuiteResult } from '../../harness/result.js';
import { wxPipe } from './mini-program-thread.js';
import type { WxEnd } from './mini-program-thread.js';
import { collector, runTimed, timerCounter } from './timed.js';

/** What the bench's server leaves visible to the thread: see `hosts/preview.ts`. */
declare const benchInstruments: {
  now(): number;
  readonly gc: unknown;
  /** The global object, which strict mode hides. */
  readonly scope: typeof globalThis;
};

declare const wx: { createWorker(path: string): WxEnd & { terminate(): void } };

const urlOf = (name: string): string => `workers/${name}.js`;

let running: { terminate(): void } | null = null;

/** One at a time, as on a device: the next can be had when the one before has ended. */
const threads: Threads = {
  areMany: false,
  urlOf,
  start(name) {
    const worker = wx.createWorker(urlOf(name));
    running = worker;
    return wxPipe(worker);
  },
  native() {
    throw new Error('needs a Web Worker, which a mini-program does not have');
  },
  channel() {
    throw new Error('a mini-program has no native port');
  },
  end() {
    running?.terminate();
    running = null;
  },
};

let suite: RunSuite | null = null;

function createKit({ leastBudgetMs }: Settings, progress: Kit['progress']): Kit {
  const { now, gc, scope } = benchInstruments;
  return {
    host: 'preview',
    engine: 'the logic layer of the preview',
    now,
    collectGarbage: collector(gc),
    // A worker of Chromium does not tell.
    heapBytes: null,
    // Not held back here, as on a device.
    macrotask: (callback) => void setTimeout(callback, 0),
    setTimer: (callback, delayMs) => void setTimeout(callback, delayMs),
    timersArmed: timerCounter(scope),
    hops: [hopBy('setTimeout(0)', (callback) => void setTimeout(callback, 0))],
    leastBudgetMs,
    threads,
    progress,
  };
}

export function start(run: RunSuite): void {
  suite = run;
}

/** What the page calls. @throws (rejects) Error where the suite cannot run */
export function runInPage(settings: Settings, progress: Kit['progress']): Promise<SuiteResult> {
  if (suite === null) return Promise.reject(new Error('no suite was bundled'));
  return runTimed(suite, createKit(settings, progress), settings);
}
