/**
 * Cancel every second of the queued tasks, one by one, at two sizes: in constant time the figures are alike. Who is slow
 * is stopped after a while; what was cancelled until then is counted, and the rest has to run.
 */
import { having } from '../bench.js';
import type { Bench, Contender } from '../bench.js';

export const cancelSizes = [1_000, 100_000] as const;

export function cancelWorkload(count: number): string {
  return `cancel ${count.toLocaleString('en')}`;
}

const BUDGET_MS = 250;
const CHECK_EVERY = 16;
/** Queues of 1,000 are made so often, or a sample would be a few microseconds. */
const TASKS_A_SAMPLE = 20_000;

export async function measureCancel(bench: Bench): Promise<void> {
  for (const count of cancelSizes) {
    const workload = cancelWorkload(count);
    const able = having(bench.contenders, 'cancel');
    if (count > 10_000) bench.leaveOutSlow(workload, able, count);
    await bench.measure(workload, able, bench.plan.cancel, (contender) =>
      sample(bench, contender, workload, count),
    );
  }
}

async function sample(bench: Bench, contender: Contender, workload: string, count: number): Promise<void> {
  let spentMs = 0;
  let cancelled = 0;
  const repeats = Math.max(1, TASKS_A_SAMPLE / count);
  for (let repeat = 0; repeat < repeats && spentMs < BUDGET_MS; repeat++) {
    const one = await cancelHalf(bench, contender, count);
    spentMs += one.spentMs;
    cancelled += one.cancelled;
  }
  bench.recorder.record(workload, contender.name, 'cost', (spentMs * 1000) / cancelled);
}

async function cancelHalf(
  bench: Bench,
  { open }: Contender,
  count: number,
): Promise<{ spentMs: number; cancelled: number }> {
  const { now } = bench.kit;
  const { fillCancellable } = open();
  if (fillCancellable === null) throw new Error('cannot cancel');
  const tally = bench.tally(count);
  const cancel = fillCancellable(count, tally.task);
  const startMs = now();
  let cancelled = 0;
  // Not the first: some have begun it already.
  for (let index = 1; index < count; index += 2) {
    cancel(index);
    if (++cancelled % CHECK_EVERY === 0 && now() - startMs > BUDGET_MS) break;
  }
  const spentMs = now() - startMs;
  tally.expect(count - cancelled);
  await bench.finish(tally);
  return { spentMs, cancelled };
}
