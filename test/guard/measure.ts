/**
 * What one operation costs, in counts. Three runs of it, each on a stage of its own after one that warms up: one in which
 * everything is counted, one for the bytes allocated in all, one for those that are kept while it waits.
 *
 * Bytes are steady because the process neither compiles nor collects while it is measured: see `flags` in `guard.ts`.
 */
import { getHeapSpaceStatistics, promiseHooks } from 'node:v8';
import type { Counts } from './counted-host.js';
import { noCounts } from './counted-host.js';
import { Stage } from './stage.js';

/** One operation that the guard holds. */
export interface Operation {
  readonly name: string;
  /** How often it is done in a run; `tick` is called so often. */
  readonly times: number;
  /**
   * When to look at what is kept: before the first turn, or when all that needs no waiting for timers is over. Absent,
   * nobody looks.
   */
  readonly keeps?: 'queued' | 'waiting';
  /** Prepares a run on `stage` and gives what starts it. */
  prepare(stage: Stage): (() => void) | Promise<() => void>;
}

/** What is counted of a run; the last two are bytes for each time that the operation is done. */
export interface Figures extends Counts {
  /** Promises made, those which the engine makes for an `await` included. */
  promises: number;
  /** Reactions to promises that ran. */
  promiseJobs: number;
  allocated: number;
  kept: number;
}

/** Above this the young generation may have been collected, and the difference of two readings says nothing. */
const mostBytes = 48 * 1024 * 1024;

async function collect(): Promise<void> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('The guard runs in a process of its own: see guard.ts.');
  for (let round = 0; round < 3; round++) {
    // Until a turn is over the engine keeps what weak references in it were made for.
    await new Promise((resolve) => setImmediate(resolve));
    gc();
  }
}

const heapBytes = (): number => process.memoryUsage().heapUsed;

const spaces = new Set(['new_space', 'new_large_object_space', 'large_object_space']);

/**
 * What lies where new objects are made. Of the old space V8 counts a page of 256 kB as used with the first object in it, and
 * makes nothing there that was not collected before but what belongs to code.
 */
function newBytes(): number {
  let bytes = 0;
  for (const space of getHeapSpaceStatistics())
    if (spaces.has(space.space_name)) bytes += space.space_used_size;
  return bytes;
}

async function rehearse(
  operation: Operation,
  run: (stage: Stage, start: () => void) => Promise<void>,
): Promise<void> {
  const stage = new Stage();
  const start = await operation.prepare(stage);
  await stage.settle();
  stage.done = 0;
  await run(stage, start);
  if (stage.done !== operation.times)
    throw new Error(`${operation.name}: done ${stage.done} times instead of ${operation.times}`);
  stage.close();
}

/** Starts in a turn of its own, runs all turns, and calls `over` before anything else can be made. */
function runAll(stage: Stage, start: () => void, over: () => void): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(() => {
      start();
      stage.counted.run(true, () => {
        over();
        resolve();
      });
    });
  });
}

async function countAll(operation: Operation): Promise<Omit<Figures, 'allocated' | 'kept'>> {
  const counts = { ...noCounts(), promises: 0, promiseJobs: 0 };
  const hooks = {
    init: () => {
      counts.promises++;
    },
    before: () => {
      counts.promiseJobs++;
    },
  };
  await rehearse(operation, (stage, start) => {
    let stop: () => void = () => undefined;
    const begin = (): void => {
      stage.counted.counts = counts;
      stop = promiseHooks.createHook(hooks) as () => void;
      start();
    };
    return runAll(stage, begin, () => {
      stop();
      stage.counted.counts = noCounts();
    });
  });
  // Those by which the host runs microtasks.
  const { promises, promiseJobs, microtasks } = counts;
  return { ...counts, promises: promises - microtasks, promiseJobs: promiseJobs - microtasks };
}

async function allocatedBytes(operation: Operation): Promise<number> {
  let bytes = 0;
  await rehearse(operation, async (stage, start) => {
    await collect();
    let before = 0;
    const begin = (): void => {
      before = newBytes();
      start();
    };
    await runAll(stage, begin, () => (bytes = newBytes() - before));
  });
  if (bytes > mostBytes) throw new Error(`${operation.name}: ${bytes} bytes; do it less often`);
  return bytes / operation.times;
}

async function keptBytes(operation: Operation): Promise<number> {
  const { keeps, times } = operation;
  if (keeps === undefined) return 0;
  let bytes = 0;
  await rehearse(operation, async (stage, start) => {
    await collect();
    const before = heapBytes();
    start();
    if (keeps === 'waiting') await new Promise<void>((resolve) => stage.counted.run(false, resolve));
    // No turn of the host's runs meanwhile: it is not asked to.
    await collect();
    bytes = heapBytes() - before;
    await stage.settle();
  });
  return bytes / times;
}

export async function measure(operation: Operation): Promise<Figures> {
  await rehearse(operation, (stage, start) => runAll(stage, start, () => undefined));
  return {
    ...(await countAll(operation)),
    allocated: await allocatedBytes(operation),
    kept: await keptBytes(operation),
  };
}
