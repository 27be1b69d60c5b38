/**
 * 100,000 routines that sleep for a second at the same time and then end: by how much all of it takes longer than the second,
 * and what they keep on the heap while all of them sleep.
 */
import { settle } from '../../../harness/kit.js';
import type { Bench, Contender } from '../bench.js';
import { SleepLog } from '../checks.js';
import { wayOf } from '../peers/peer.js';

export const sleepersWorkload = 'sleepers';
export const bytesWorkload = 'sleepers’ bytes';

export const SLEEPERS = 100_000;
export const SLEEP_MS = 1_000;
/** Long enough that none wakes before the heap has been read. */
const BYTES_SLEEP_MS = 4_000;
const TRIALS = [100, 2_000, 5_000] as const;
const TRIAL_SLEEP_MS = 20;

export interface Slept {
  readonly startMs: number;
  readonly begunMs: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** @throws Error unless all slept once, as long as they were to */
export async function sleepOnce(
  { kit }: Bench,
  { routines }: Contender,
  count: number,
  sleepMs: number,
): Promise<Slept> {
  const log = new SleepLog(count, kit.now);
  const startMs = kit.now();
  wayOf(routines.sleepers)(count, sleepMs, log);
  await log.allWoke;
  await settle(kit);
  log.assertExact(startMs, sleepMs);
  const { begunMs, firstMs, lastMs } = log;
  return { startMs, begunMs, firstMs, lastMs };
}

/** The time that starting and waking took, without the wait between them. */
export function busyMs({ startMs, begunMs, firstMs, lastMs }: Slept): number {
  return begunMs - startMs + (lastMs - Math.max(firstMs, begunMs));
}

export async function measureSleepers(bench: Bench): Promise<void> {
  const able = await trySleepers(bench);
  await bench.measure(sleepersWorkload, able, bench.plan.sleepers, (contender) => sample(bench, contender));
  const { heapBytes } = bench.kit;
  if (heapBytes === null) return;
  await bench.measure(bytesWorkload, able, bench.plan.bytes, (contender) =>
    sampleBytes(bench, contender, heapBytes),
  );
}

/** Who does it right, is warm, and is quick enough for all of them. */
async function trySleepers(bench: Bench): Promise<Contender[]> {
  const { contenders, plan, recorder } = bench;
  const able: Contender[] = [];
  for (const count of TRIALS) {
    await bench.warmUp(sleepersWorkload, contenders, 1, async (contender) => {
      const ms = (busyMs(await sleepOnce(bench, contender, count, TRIAL_SLEEP_MS)) * SLEEPERS) / count;
      if (count !== TRIALS[TRIALS.length - 1]) return;
      if (ms > plan.slowestMs) throw new Error(`would take about ${(ms / 1_000).toFixed(1)} s a round`);
      able.push(contender);
    });
  }
  return able;
}

async function sample(bench: Bench, contender: Contender): Promise<void> {
  const { kit, recorder } = bench;
  const timersBefore = kit.timersArmed();
  const slept = await sleepOnce(bench, contender, SLEEPERS, SLEEP_MS);
  const { startMs, begunMs, firstMs, lastMs } = slept;
  const record = (metric: string, value: number): void =>
    recorder.record(sleepersWorkload, contender.name, metric, value);
  record('over', lastMs - startMs - SLEEP_MS);
  record('all', lastMs - startMs);
  record('start', begunMs - startMs);
  record('wake', lastMs - firstMs);
  record('timers', kit.timersArmed() - timersBefore);
}

async function sampleBytes(
  bench: Bench,
  { name, routines }: Contender,
  heapBytes: () => number,
): Promise<void> {
  const { kit, recorder } = bench;
  const log = new SleepLog(SLEEPERS, kit.now);
  kit.collectGarbage();
  const before = heapBytes();
  wayOf(routines.sleepers)(SLEEPERS, BYTES_SLEEP_MS, log);
  await log.allBegun;
  await settle(kit);
  kit.collectGarbage();
  const bytes = (heapBytes() - before) / SLEEPERS;
  if (log.anyWoke) throw new Error('did not sleep long enough for its heap to be read');
  await log.allWoke;
  recorder.record(bytesWorkload, name, 'bytes', bytes);
}
