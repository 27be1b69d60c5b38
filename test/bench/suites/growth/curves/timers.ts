/** What waits for a time: a heap, so an item may cost as much as the heap is deep. */
import { spinByClock } from '../../../harness/busy.js';
import { seededNumbers } from '../../../harness/random.js';
import { settle } from '../../../harness/kit.js';
import { Tally } from '../../../harness/tally.js';
import { assertCount } from '../curve.js';
import type { Curve, Spent, Tools } from '../curve.js';
import { someOf } from './tasks.js';

const own = {
  area: 'timers',
  law: 'logarithmic',
  least: 1_000,
  most: 1_000_000,
  quickMost: 100_000,
} as const;

/** They are due from now until so much later, in no order. */
const SPREAD_MS = 50;
/** Long enough for none to be due before it is cancelled. */
const FAR_MS = 600_000;

/**
 * The thread is kept until all are due: what comes then is work without any wait. The turn in which the host's timer fires is
 * waited for, a millisecond or so, which is no work either: the clock runs on with the first task.
 */
async function runDelayed({ lanes: { scheduler }, kit, now }: Tools, n: number): Promise<Spent> {
  const tally = new Tally(n, now);
  const delays = seededNumbers(n, 1, SPREAD_MS, n);
  let firstMs = NaN;
  const task = (): void => {
    if (tally.count === 0) firstMs = now();
    tally.task();
  };
  const startMs = now();
  for (let at = 0; at < n; at++) void scheduler.postTask(task, { delay: Math.round(delays[at] ?? 1) });
  const postedMs = now();
  spinByClock(kit.now, SPREAD_MS + 1);
  await tally.finished;
  tally.assertExact();
  return { ms: postedMs - startMs + tally.endMs - firstMs, items: n };
}

async function cancelDelayed(
  { lanes: { TaskController, scheduler }, kit, now }: Tools,
  n: number,
): Promise<Spent> {
  let [ran, rejected] = [0, 0];
  const delays = seededNumbers(n, FAR_MS, 2 * FAR_MS, n);
  const rest = new TaskController();
  const single = new Map(someOf(n).map((at) => [at, new TaskController()] as const));
  const all: Promise<unknown>[] = [];
  for (let at = 0; at < n; at++) {
    const { signal } = single.get(at) ?? rest;
    all.push(
      scheduler.postTask(() => ran++, { delay: Math.round(delays[at] ?? 1), signal }).catch(() => rejected++),
    );
  }
  const startMs = now();
  for (const controller of single.values()) controller.abort();
  const ms = now() - startMs;
  await settle(kit);
  assertCount(rejected, single.size, 'were rejected');
  rest.abort();
  await Promise.all(all);
  assertCount(ran, 0, 'ran');
  return { ms, items: single.size };
}

/** Starts, sleeps and ends; see `runDelayed`. They wake as far apart as they began. */
function sleepersOf(kind: 'generators' | 'async'): Curve['run'] {
  return async ({ lanes: { go, sleep }, kit, now, countsWaits }, n) => {
    const sleepMs = Math.max(200, n / 200);
    const log = new Tally(n, now);
    let [begun, firstMs] = [0, NaN];
    const wake = (): void => {
      if (log.count === 0) firstMs = now();
      log.task();
    };
    const startMs = now();
    for (let at = 0; at < n; at++) {
      if (kind === 'generators') {
        go(function* () {
          begun++;
          yield sleep(sleepMs);
          wake();
        });
      } else {
        go(async () => {
          begun++;
          await sleep(sleepMs);
          wake();
        });
      }
    }
    while (begun < n) await new Promise<void>((resolve) => kit.macrotask(resolve));
    const begunMs = now();
    const isApart = log.count === 0;
    if (!isApart && countsWaits) throw new Error('some woke before all slept');
    if (isApart) spinByClock(kit.now, sleepMs + 1);
    await log.finished;
    await settle(kit);
    log.assertExact();
    return { ms: log.endMs - startMs - (isApart ? firstMs - begunMs : 0), items: n };
  };
}

export const timerCurves: readonly Curve[] = [
  { ...own, name: 'postTask with a delay', run: runDelayed },
  { ...own, name: 'abort one of n delayed', most: 100_000, run: cancelDelayed },
  { ...own, name: 'sleepers, generators', run: sleepersOf('generators') },
  { ...own, name: 'sleepers, async', run: sleepersOf('async') },
];
