/** What the pump runs, and what a task may ask of the pump that runs it. */

/** A priority as a number: 0 user-blocking, 1 user-visible, 2 background. */
export type Rank = 0 | 1 | 2;

/** A number for each rank. */
export type PerRank = readonly [number, number, number];

/** The `place` of a task that is in no queue. */
export const NOT_QUEUED = -1;

/** The pump, as a task that runs sees it. */
export interface TaskRunner {
  /** What the task says of itself, for `scheduler.yield()`. */
  context: unknown;
  /** The task's rank. */
  readonly rank: Rank;
  /** How many user-blocking tasks are under way: async functions that have not come to their end. */
  urgentUnderWay: number;
  letJobsRun(hops?: number): void;
  timeRemaining(): number;
  isPreempted(rank: Rank): boolean;
}

/**
 * What the pump runs. A subclass carries what it needs to run, so that no closure has to be made for it.
 *
 * Three fields and a slot: 56 bytes a queued task in V8 without pointer compression, half of that with it.
 *
 * Classes of which many are made keep one object for ever, as `kept`: with the last object of a shape V8 drops the
 * shape, and with it all code that was optimised for it, so each garbage collection between two bursts of tasks would
 * slow the next one down tenfold.
 */
export abstract class QueuedTask {
  /** The order key, minted once. */
  key = 0;
  /** Which slot of which queue holds it; see `task-queue.ts`. */
  place = NOT_QUEUED;

  /** Whether it still waits to be run. */
  get queued(): boolean {
    return this.place !== NOT_QUEUED;
  }

  /** Runs it, once. Throwing is reported to the host. */
  abstract execute(runner: TaskRunner): void;

  /** Lets go of what it holds, because it was cancelled. */
  abstract discard(): void;
}

/** A task that calls a function. */
export class CallbackTask extends QueuedTask {
  constructor(private callback: (() => void) | null) {
    super();
  }

  execute(): void {
    const { callback } = this;
    this.callback = null;
    if (callback !== null) callback();
  }

  discard(): void {
    this.callback = null;
  }
}
