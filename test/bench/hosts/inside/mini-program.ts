/** Inside the preview's logic layer: a module that the bench mini-program requires. */
import { hopBy } from '../../harness/kit.js';
import type { Kit } from '../../harness/kit.js';
import type { RunSuite, Settings, SuiteResult } from '../../harness/result.js';
import { collector, runTimed, timerCounter } from './timed.js';

/** What the bench's server leaves visible to the thread: see `hosts/preview.ts`. */
declare const benchInstruments: { now(): number; readonly gc: unknown };

let suite: RunSuite | null = null;

function createKit(progress: Kit['progress']): Kit {
  const { now, gc } = benchInstruments;
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
    timersArmed: timerCounter(),
    hops: [hopBy('setTimeout(0)', (callback) => void setTimeout(callback, 0))],
    threads: null,
    progress,
  };
}

export function start(run: RunSuite): void {
  suite = run;
}

/** What the page calls. @throws (rejects) Error where the suite cannot run */
export function runInPage(settings: Settings, progress: Kit['progress']): Promise<SuiteResult> {
  if (suite === null) return Promise.reject(new Error('no suite was bundled'));
  return runTimed(suite, createKit(progress), settings);
}
