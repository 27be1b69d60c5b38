/** The time of one routine that starts, sleeps and ends, the more of them there are at once. */
import { settle } from '../../../harness/kit.js';
import type { Bench, Contender } from '../bench.js';
import { busyMs, sleepOnce } from './sleepers.js';

export const growthWorkload = 'growth';

/** From how many on only ours and the plain ones are asked: others would not find the memory. */
const OWN_ONLY = 1_000_000;
export const growthCounts = [1_000, 10_000, 100_000, OWN_ONLY] as const;

/** The more routines, the longer they sleep, so that all have begun before the first wakes. */
const sleepMsFor = (count: number): number => Math.max(100, count / 500);

export async function measureGrowth(bench: Bench): Promise<void> {
  const { contenders, plan, recorder } = bench;
  await bench.warmUp(growthWorkload, contenders, 1, async (contender) => {
    const ms = (busyMs(await sleepOnce(bench, contender, 2_000, 20)) * 100_000) / 2_000;
    if (ms > plan.slowestMs) throw new Error(`would take about ${(ms / 1_000).toFixed(1)} s for 100,000`);
  });
  await bench.measure(growthWorkload, contenders, plan.growth, async (contender) => {
    for (const count of growthCounts.filter((each) => each < OWN_ONLY || contender.tags.includes('own'))) {
      recorder.record(growthWorkload, contender.name, String(count), await nsOf(bench, contender, count));
    }
  });
}

async function nsOf(bench: Bench, contender: Contender, count: number): Promise<number> {
  bench.kit.progress(`growth: ${contender.name}, ${String(count)}`);
  await settle(bench.kit);
  bench.kit.collectGarbage();
  return (busyMs(await sleepOnce(bench, contender, count, sleepMsFor(count))) * 1e6) / count;
}
