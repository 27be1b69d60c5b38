/**
 * How long the thread is not given away while 100,000 small tasks run: the times between two turns of a probe that arms
 * itself again and again. Posting is the caller's own block, so it begins when all are posted.
 */
import { spinBySteps, stepsPerMicrosecond } from '../../../harness/busy.js';
import { seededNumbers } from '../../../harness/random.js';
import { percentile } from '../../../harness/statistics.js';
import type { Bench, Contender } from '../bench.js';

export const gapsWorkload = 'gaps';

const COUNT = 100_000;
const [LEAST_TASK_US, MOST_TASK_US] = [2, 10];

export async function measureGaps(bench: Bench): Promise<void> {
  bench.leaveOutSlow(gapsWorkload, bench.contenders, COUNT);
  const perMicrosecond = stepsPerMicrosecond(bench.kit.now);
  const steps = seededNumbers(COUNT, LEAST_TASK_US, MOST_TASK_US, 3).map((us) =>
    Math.round(us * perMicrosecond),
  );
  await bench.measure(gapsWorkload, bench.contenders, bench.plan.gaps, (contender) =>
    sample(bench, contender, steps),
  );
}

async function sample(bench: Bench, { name, open }: Contender, steps: Float64Array): Promise<void> {
  const { kit, recorder, plan } = bench;
  const { now, macrotask } = kit;
  const tally = bench.tally(COUNT);
  const session = open();
  const gapsMs: number[] = [];
  let lastMs = 0;
  let over = false;
  const task = (): void => {
    spinBySteps(steps[tally.count] ?? 0);
    tally.task();
  };
  const probe = (): void => {
    const nowMs = now();
    gapsMs.push(nowMs - lastMs);
    lastMs = nowMs;
    if (!over && nowMs - startMs < plan.sampleLimitMs) macrotask(probe);
  };
  void session.fill(COUNT, task, 'user-visible');
  const startMs = now();
  lastMs = startMs;
  macrotask(probe);
  await tally.finished;
  over = true;
  await bench.finish(tally);
  recorder.record(gapsWorkload, name, 'longest', percentile(gapsMs, 1));
  recorder.record(gapsWorkload, name, 'p99', percentile(gapsMs, 0.99));
  recorder.record(gapsWorkload, name, 'total', tally.endMs - startMs);
}
