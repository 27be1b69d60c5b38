/** What a pool tells of itself. */
import type { Percentiles } from '../scheduler/wait-histogram.js';

/** What is known of one processor. */
export interface ProcessorStats {
  /** `thread 1`, `thread 2`, … or `inline`. */
  readonly name: string;
  /** Jobs that ended there, whatever their outcome. */
  readonly run: number;
  /** Jobs that it took from the deque of another processor. */
  readonly stolen: number;
  /** Jobs that wait in its deque now. */
  readonly queued: number;
  /** Jobs that it has been given and has not answered. */
  readonly inFlight: number;
  /** Milliseconds between `run()` and when the job was given to the processor, to a tenth of the value. */
  readonly waitMs: Percentiles;
  /** The share of its time in which it had a job, 0 to 1, since the pool was made. */
  readonly utilisation: number;
}

/** What {@link Pool.stats} gives. */
export interface PoolStats {
  readonly processors: readonly ProcessorStats[];
  /** Jobs that wait for a processor. */
  readonly queued: number;
  /** Jobs that wait, in memory, until nothing else does. */
  readonly deferred: number;
  /** Jobs that wait in storage. */
  readonly stored: number;
}
