/**
 * How long a user-blocking task waits while 10,000 background tasks are queued. Each is posted by a timer of its own, as by
 * a tap, and its wait counts from when the timer was due: who does not let timers fire makes people wait, too. Timers are
 * armed beforehand and not by one another, because browsers hold nested ones back.
 */
import { spinByClock } from '../../../harness/busy.js';
import { TooLate, within } from '../../../harness/limit.js';
import { seededNumbers } from '../../../harness/random.js';
import { percentile } from '../../../harness/statistics.js';
import type { Tally } from '../../../harness/tally.js';
import { LastSample } from '../../../harness/bench.js';
import { having } from '../bench.js';
import type { Bench, Contender } from '../bench.js';

export const latencyWorkload = 'latency';

const BACKGROUND_TASKS = 10_000;
const DRAIN_LIMIT_MS = 3_000;
const [LEAST_TASK_MS, MOST_TASK_MS] = [0.1, 1];
/** A few milliseconds apart, and in no step with slices of 5 ms. */
const [LEAST_GAP_MS, MOST_GAP_MS] = [3, 7];

export async function measureLatency(bench: Bench): Promise<void> {
  const able = having(bench.contenders, 'priorities', 'queue');
  bench.leaveOutSlow(latencyWorkload, able, BACKGROUND_TASKS);
  await bench.measure(latencyWorkload, able, bench.plan.latency, (contender) => sample(bench, contender));
}

async function sample(bench: Bench, { name, open }: Contender): Promise<void> {
  const { kit, recorder, plan } = bench;
  const { now } = kit;
  const session = open();
  const background = bench.tally(BACKGROUND_TASKS);
  const lengths = seededNumbers(BACKGROUND_TASKS, LEAST_TASK_MS, MOST_TASK_MS, 1);
  const delays = dueTimes(plan.latencyWindowMs);
  let endMs = Infinity;
  let busyMs = 0;
  // When the window is over what is left of the background runs empty.
  const backgroundTask = (): void => {
    if (now() < endMs) {
      const lengthMs = lengths[background.count] ?? 0;
      spinByClock(now, lengthMs);
      busyMs += lengthMs;
    }
    background.task();
  };
  for (let index = 0; index < BACKGROUND_TASKS; index++) session.post(backgroundTask, 'background');

  const urgent = bench.tally(delays.length);
  const waitsMs: number[] = [];
  const queuedMs: number[] = [];
  const startMs = now();
  endMs = startMs + plan.latencyWindowMs;
  for (const delayMs of delays) {
    const dueMs = startMs + delayMs;
    kit.setTimer(() => {
      const postedMs = now();
      session.post(() => {
        const ranMs = now();
        waitsMs.push(Math.max(0, ranMs - dueMs));
        queuedMs.push(ranMs - postedMs);
        urgent.task();
      }, 'user-blocking');
    }, delayMs);
  }
  await bench.finish(urgent);
  recorder.record(latencyWorkload, name, 'p50', percentile(waitsMs, 0.5));
  recorder.record(latencyWorkload, name, 'p99', percentile(waitsMs, 0.99));
  recorder.record(latencyWorkload, name, 'max', percentile(waitsMs, 1));
  recorder.record(latencyWorkload, name, 'queued', percentile(queuedMs, 0.5));
  recorder.record(latencyWorkload, name, 'busy', (100 * busyMs) / plan.latencyWindowMs);
  await drain(bench, background);
}

/** Background tasks that run only when the thread idles may take minutes, though they are empty by now. */
async function drain(bench: Bench, background: Tally): Promise<void> {
  try {
    await within(bench.finish(background), DRAIN_LIMIT_MS, bench.kit.setTimer);
  } catch (error) {
    throw error instanceof TooLate ? new LastSample() : error;
  }
}

function dueTimes(windowMs: number): number[] {
  const gaps = seededNumbers(Math.ceil(windowMs / LEAST_GAP_MS), LEAST_GAP_MS, MOST_GAP_MS, 2);
  const due: number[] = [];
  let atMs = 0;
  for (const gapMs of gaps) {
    atMs += gapMs;
    if (atMs >= windowMs) break;
    due.push(atMs);
  }
  return due;
}
