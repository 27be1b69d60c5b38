/** What lies around the pump: its host, what falls due by the clock, and how it may be tuned. */

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

/** How the pump may be tuned. */
export interface PumpOptions {
  /** Length of a slice. @defaultValue 5 */
  readonly budgetMs?: number;
  /** How long a task of each rank waits before it is expired. @defaultValue [250, 5000, 10000] */
  readonly expiryMs?: readonly [number, number, number];
}
