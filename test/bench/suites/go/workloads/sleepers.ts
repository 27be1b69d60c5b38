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
const TRIALS = [100, 1_000, 2_000, 10_000] as const;
const TRIAL_SLEEP_MS = 20;
/** From how many on the time says something about many more: the engine has compiled the code by then. */
const JUDGED = 2_000;

interface Slept {
  /** Until the last was about to sleep. */
  readonly startedMs: number;
  /** By how much all of it took longer than one sleep. */
  readonly overMs: number;
}

/** @throws Error unless all slept once, as long as they were to */
async function sleepOnce(
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
  return { startedMs: log.begunMs - startMs, overMs: log.lastMs - startMs - sleepMs };
}

/** @throws Error for who would take too long for 100,000, by what these few take */
async function tryFew(bench: Bench, contender: Contender, count: number): Promise<void> {
  const { overMs } = await sleepOnce(bench, contender, count, TRIAL_SLEEP_MS);
  const expectedMs = (overMs * SLEEPERS) / count;
  if (count < JUDGED || expectedMs <= bench.plan.slowestMs) return;
  throw new Error(
    `would take about ${(expectedMs / 1_000).toFixed(1)} s for ${SLEEPERS.toLocaleString('en')}`,
  );
}

export async function measureSleepers(bench: Bench): Promise<void> {
  const { contenders, plan, recorder } = bench;
  const { heapBytes } = bench.kit;
  for (const count of TRIALS) {
    await bench.warmUp(sleepersWorkload, contenders, 1, (contender) => tryFew(bench, contender, count));
  }
  const able = contenders.filter(({ name }) => !recorder.isExcluded(sleepersWorkload, name));
  await bench.measure(sleepersWorkload, able, plan.sleepers, (contender) => sample(bench, contender));
  if (heapBytes === null) return;
  await bench.measure(bytesWorkload, able, plan.bytes, (contender) =>
    sampleBytes(bench, contender, heapBytes),
  );
}

async function sample(bench: Bench, contender: Contender): Promise<void> {
  const { kit, recorder } = bench;
  const timersBefore = kit.timersArmed();
  const { startedMs, overMs } = await sleepOnce(bench, contender, SLEEPERS, SLEEP_MS);
  recorder.record(sleepersWorkload, contender.name, 'over', overMs);
  recorder.record(sleepersWorkload, contender.name, 'started', startedMs);
  recorder.record(sleepersWorkload, contender.name, 'timers', kit.timersArmed() - timersBefore);
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
