/**
 * The slice suite, the part inside of a host: what the constants of `src/core/slice-budget.ts` rest on. How long a host
 * takes to come back, when nobody else wants the thread and when somebody does; and what slices of each length cost.
 */
import type * as lanes from 'mp-lanes/scheduler';
import { SuiteBench } from '../../harness/bench.js';
import { spinByClock, spinBySteps, stepsPerMicrosecond } from '../../harness/busy.js';
import type { Kit } from '../../harness/kit.js';
import { seededRandom } from '../../harness/random.js';
import { Recorder } from '../../harness/recorder.js';
import type { RunSuite } from '../../harness/result.js';
import { percentile } from '../../harness/statistics.js';
import { Tally } from '../../harness/tally.js';
import { subjects, workloads } from './subjects.js';
import type { Subject } from './subjects.js';

const TASKS = 20_000;
const TASK_US = 5;
/** From one task to the next of a slice it is less. */
const LEAST_GAP_MS = 0.02;
/** What the others need in each of their turns, where there are others. */
const OTHERS_MS = 20;

const SAMPLE_LIMIT_MS = 60_000;

type Scheduler = (typeof lanes)['scheduler'];

export const run: RunSuite = async (kit, { quick }) => {
  const { scheduler } = await import('mp-lanes/scheduler');
  const recorder = new Recorder();
  const steps = Math.round(TASK_US * stepsPerMicrosecond(kit.now));
  const plan = quick ? { least: 1, most: 1, budgetMs: 0 } : { least: 3, most: 9, budgetMs: 20_000 };
  const bench = new SuiteBench(kit, recorder, seededRandom(7), SAMPLE_LIMIT_MS);
  for (const workload of workloads) {
    await bench.measure(workload, subjects, plan, (subject) =>
      sample(kit, recorder, scheduler, subject, workload, steps),
    );
  }
  return {
    subjects: subjects.map(({ name }) => ({ name, tags: [] })),
    series: recorder.series,
    absences: recorder.absences,
    rounds: recorder.rounds,
  };
};

async function sample(
  kit: Kit,
  recorder: Recorder,
  scheduler: Scheduler,
  { name, sliceMs, adaptive }: Subject,
  workload: string,
  steps: number,
): Promise<void> {
  const { now } = kit;
  const tally = new Tally(TASKS, now);
  const gapsMs: number[] = [];
  let endedMs = Infinity;
  scheduler.configure({ sliceMs, adaptive });
  const task = (): void => {
    const gapMs = now() - endedMs;
    if (gapMs > LEAST_GAP_MS) gapsMs.push(gapMs);
    spinBySteps(steps);
    endedMs = now();
    tally.task();
  };
  for (let index = 0; index < TASKS; index++) scheduler.scheduleTask(task);
  const startMs = now();
  const others = (): void => {
    spinByClock(now, OTHERS_MS);
    if (tally.count < TASKS) kit.macrotask(others);
  };
  if (workload === 'busy') kit.macrotask(others);
  await tally.finished;
  tally.assertExact();
  recorder.record(workload, name, 'total', tally.endMs - startMs);
  recorder.record(workload, name, 'slices', gapsMs.length + 1);
  recorder.record(workload, name, 'p50', gapsMs.length > 0 ? percentile(gapsMs, 0.5) : 0);
  recorder.record(workload, name, 'p99', gapsMs.length > 0 ? percentile(gapsMs, 0.99) : 0);
}
