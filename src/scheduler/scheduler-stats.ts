/** What the scheduler measures of itself while somebody asked for it; while nobody did, nothing of this runs. */
import type { PumpProbe } from '../core/pump-host.js';
import type { QueuedTask, Rank } from '../core/task.js';
import type { Runtime } from '../host/runtime.js';
import { WaitHistogram } from './wait-histogram.js';
import type { Percentiles } from './wait-histogram.js';
import { taskPriorities } from './task-priority.js';
import type { TaskPriority } from './task-priority.js';

/** What is known of one priority. Messages between threads and other work of the library count as tasks too. */
export interface PriorityStats {
  /** Tasks that wait now. Known also while nothing is measured. */
  readonly waiting: number;
  /** Tasks that were queued. */
  readonly queued: number;
  /** Tasks and continuations that ran. */
  readonly run: number;
  /** How often a task let others run: by `yield()`, or at the end of a slice. */
  readonly yields: number;
  /** Tasks that ran ahead because they had waited for too long. */
  readonly expired: number;
  /** Tasks that were taken out of their queue before they ran. */
  readonly cancelled: number;
  /** Tasks that were not taken because `maxQueued` waited. */
  readonly refused: number;
  /** Milliseconds spent in them. */
  readonly runMs: number;
  /** Milliseconds between queueing and running, to a tenth of the value. */
  readonly waitMs: Percentiles;
}

/** What {@link Scheduler.stats} gives. */
export interface SchedulerStats {
  /** Milliseconds for which it was measured; 0 while it is not. */
  readonly measuredMs: number;
  /** How many slices there were. */
  readonly slices: number;
  /** The longest slice in milliseconds: for so long nobody else could use the thread. */
  readonly longestBlockMs: number;
  readonly priorities: Readonly<Record<TaskPriority, PriorityStats>>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Counts = Mutable<Omit<PriorityStats, 'waiting' | 'waitMs'>>;

function createCounts(): Counts {
  return { queued: 0, run: 0, yields: 0, expired: 0, cancelled: 0, refused: 0, runMs: 0 };
}

/** Counts what the pump of `runtime` does. */
class Meter implements PumpProbe {
  slices = 0;
  longestBlockMs = 0;
  readonly startMs: number;
  readonly counts = taskPriorities.map(createCounts);
  readonly waits = taskPriorities.map(() => new WaitHistogram());

  private readonly queuedMs = new WeakMap<QueuedTask, number>();

  constructor(private readonly runtime: Runtime) {
    this.startMs = runtime.now();
  }

  run(task: QueuedTask, rank: Rank, expired: boolean): void {
    const { pump, now } = this.runtime;
    const startMs = now();
    const counts = this.of(rank);
    counts.run++;
    if (expired) counts.expired++;
    const queuedMs = this.queuedMs.get(task);
    // What was queued before it was measured has waited for a time that nobody knows.
    if (queuedMs !== undefined) (this.waits[rank] as WaitHistogram).add(startMs - queuedMs);
    try {
      task.execute(pump);
    } finally {
      counts.runMs += now() - startMs;
    }
  }

  queued(task: QueuedTask, rank: Rank, continuation: boolean): void {
    this.queuedMs.set(task, this.runtime.now());
    if (continuation) this.of(rank).yields++;
    else this.of(rank).queued++;
  }

  cancelled(rank: Rank): void {
    this.of(rank).cancelled++;
  }

  refused(rank: Rank): void {
    this.of(rank).refused++;
  }

  blocked(durationMs: number): void {
    this.slices++;
    this.longestBlockMs = Math.max(this.longestBlockMs, durationMs);
  }

  private of(rank: Rank): Counts {
    return this.counts[rank] as Counts; // Invariant: one for each rank.
  }
}

/** Begins to measure, or ends it. */
export function measure(runtime: Runtime, on: boolean): void {
  runtime.pump.probe = on ? new Meter(runtime) : null;
}

/** What was measured so far. */
export function readStats(runtime: Runtime): SchedulerStats {
  const { pump, now } = runtime;
  const { probe } = pump;
  const measuring = probe instanceof Meter;
  const { slices, longestBlockMs, startMs, counts, waits } = measuring ? probe : new Meter(runtime);
  const priorities: Partial<Record<TaskPriority, PriorityStats>> = {};
  taskPriorities.forEach((priority, rank) => {
    const waitMs = (waits[rank] as WaitHistogram).percentiles();
    const waiting = pump.lengthOf(rank as Rank, true);
    priorities[priority] = { ...(counts[rank] as Counts), waiting, waitMs };
  });
  return {
    measuredMs: measuring ? now() - startMs : 0,
    slices,
    longestBlockMs,
    priorities: priorities as SchedulerStats['priorities'],
  };
}
