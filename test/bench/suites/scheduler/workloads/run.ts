/**
 * Schedule and run empty tasks: the time to post them, the time until the last one ran, and, where the API gives promises,
 * until all of them are fulfilled and whoever awaits them goes on.
 */
import { runWorkload } from '../bench.js';
import type { Bench, Contender } from '../bench.js';
import type { Plan } from '../plan.js';

type Size = Plan['run'][number];

export async function measureRun(bench: Bench): Promise<void> {
  for (const size of bench.plan.run) {
    const workload = runWorkload(size.count);
    if (size.count > 10_000) bench.leaveOutSlow(workload, bench.contenders, size.count);
    await bench.measure(workload, bench.contenders, size.rounds, (contender) =>
      sample(bench, contender, workload, size),
    );
  }
}

async function sample(
  bench: Bench,
  contender: Contender,
  workload: string,
  { count, repeats }: Size,
): Promise<void> {
  const spent = { post: 0, run: 0, last: 0, all: 0 };
  for (let repeat = 0; repeat < repeats; repeat++) {
    const { startMs, postedMs, lastMs, allMs } = await runOnce(bench, contender, count);
    spent.post += postedMs - startMs;
    spent.run += Math.max(0, lastMs - postedMs);
    spent.last += lastMs - startMs;
    spent.all += allMs - startMs;
  }
  for (const [metric, ms] of Object.entries(spent)) {
    bench.recorder.record(workload, contender.name, metric, (ms * 1e6) / (count * repeats));
  }
}

interface Times {
  readonly startMs: number;
  readonly postedMs: number;
  readonly lastMs: number;
  readonly allMs: number;
}

async function runOnce(bench: Bench, { open }: Contender, count: number): Promise<Times> {
  const { now } = bench.kit;
  const session = open();
  const tally = bench.tally(count);
  const startMs = now();
  const promises = session.fill(count, tally.task, 'user-visible');
  const postedMs = now();
  await (promises === null ? tally.finished : Promise.all(promises));
  const allMs = promises === null ? tally.endMs : now();
  await bench.finish(tally);
  return { startMs, postedMs, lastMs: tally.endMs, allMs };
}
