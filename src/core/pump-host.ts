/** What lies around the pump: its host, what falls due by the clock, how it is tuned, and who measures it. */
import type { PerRank, QueuedTask, Rank } from './task.js';

/** What the pump needs of its host. */
export interface PumpHost {
  /** Milliseconds; never goes back. */
  now(): number;
  macrotask(callback: () => void): void;
  microtask(callback: () => void): void;
  /** Whether `microtask` runs before the turn ends. */
  readonly nativeJobs: boolean;
  /** Whether `macrotask` is a timer with a least delay, which passes while a slice still works. */
  readonly delayed: boolean;
  readonly hidden: boolean;
  reportError(error: unknown): void;
}

/** Work that falls due by the clock and is run at the head of a slice: the timer queue. */
export interface DueSource {
  isDue(nowMs: number): boolean;
  /** Runs the earliest piece of work; called only when `isDue`. */
  runDue(): void;
}

/** How the pump works; replaced as a whole, at any time. */
export interface PumpTuning {
  /** Length of a slice while a task of the rank is next, in milliseconds, before it is adapted. */
  readonly sliceMs: PerRank;
  /** How long a task of the rank waits before it is expired. */
  readonly expiryMs: PerRank;
  /** Whether slices adapt to what goes on around them; see `slice-budget.ts`. */
  readonly adaptive: boolean;
  /**
   * How many tasks of the rank may wait. The pump itself refuses nothing, since its own work must not be lost: whoever
   * posts for a user asks.
   */
  readonly maxQueued: PerRank;
}

/** The tuning that a pump starts with. */
export const defaultTuning: PumpTuning = {
  sliceMs: [5, 5, 5],
  expiryMs: [250, 5000, 10_000],
  adaptive: true,
  maxQueued: [1e6, 1e6, 1e6],
};

/** How the pump may be tuned at its making. */
export interface PumpOptions {
  /** Length of a slice. @defaultValue 5 */
  readonly budgetMs?: number;
  /** How long a task of each rank waits before it is expired. @defaultValue [250, 5000, 10000] */
  readonly expiryMs?: PerRank;
}

/** Who measures a pump. Where nobody does, it costs the pump one comparison a task. */
export interface PumpProbe {
  /** Runs `task`, which was taken out `expired` or in its turn. */
  run(task: QueuedTask, rank: Rank, expired: boolean): void;
  queued(task: QueuedTask, rank: Rank, continuation: boolean): void;
  cancelled(rank: Rank): void;
  refused(rank: Rank): void;
  /** A slice is over, and with it the time in which nobody else could run. */
  blocked(durationMs: number): void;
}
