/**
 * The time of one routine that starts, sleeps and ends, the more of them there are at once. They wake as far apart as they began,
 * so the thread is kept until all are due: what comes then is work without any wait.
 */
import { spinByClock } from '../../../harness/busy.js';
import { settle } from '../../../harness/kit.js';
import type { Bench, Contender } from '../bench.js';
import { SleepLog } from '../checks.js';
import { wayOf } from '../peers/peer.js';
import { sleepersWorkload } from './sleepers.js';

export const growthWorkload = 'growth';

/** From how many on only ours are asked: others would take all of the memory. */
const OWN_ONLY = 1_000_000;
/** The more routines, the longer they sleep, so that all have begun before the first wakes. */
const sleepMsFor = (count: number): number => Math.max(100, count / 500);

const sizes = [
  { count: 1_000, repeats: 8 },
  { count: 10_000, repeats: 3 },
  { count: 100_000, repeats: 1 },
  { count: OWN_ONLY, repeats: 1 },
] as const;

export const growthCounts = sizes.map(({ count }) => count);

/** Of those who were quick enough for the sleepers. */
export async function measureGrowth(bench: Bench): Promise<void> {
  const { contenders, plan, recorder } = bench;
  for (const { subject, reason } of recorder.absences.filter(
    ({ workload }) => workload === sleepersWorkload,
  )) {
    recorder.exclude(growthWorkload, subject, reason);
  }
  for (const { count, repeats } of sizes) {
    const asked = contenders.filter(({ tags }) => count < OWN_ONLY || tags.includes('own'));
    await bench.measure(growthWorkload, asked, plan.growth, async (contender) => {
      let ns = 0;
      for (let repeat = 0; repeat < repeats; repeat++) ns += await nsOf(bench, contender, count);
      recorder.record(growthWorkload, contender.name, String(count), ns / repeats);
    });
  }
}

async function nsOf({ kit }: Bench, { name, routines }: Contender, count: number): Promise<number> {
  const { now } = kit;
  kit.progress(`growth: ${name}, ${String(count)}`);
  await settle(kit);
  kit.collectGarbage();
  const sleepMs = sleepMsFor(count);
  const log = new SleepLog(count, now);
  const startMs = now();
  wayOf(routines.sleepers)(count, sleepMs, log);
  await log.allBegun;
  await settle(kit);
  // Who woke while others began has had no wait that could be left out.
  const isApart = !log.anyWoke;
  if (isApart) spinByClock(now, sleepMs + 1);
  await log.allWoke;
  await settle(kit);
  log.assertExact(startMs, sleepMs);
  // The first is late by what the host does before it calls back.
  const waitedMs = isApart ? log.firstMs - log.begunMs : 0;
  return ((log.lastMs - startMs - waitedMs) * 1e6) / count;
}
