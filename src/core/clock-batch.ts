/** How often the clock is read while many small pieces of work run: tasks of a slice, steps of a generator. */

/**
 * At most so many pieces between two readings. A reading costs about as much as running an empty task (35 ns in Node, ten
 * times that without JIT).
 */
const CLOCK_EVERY = 8;
/** Pieces of which so many take longer are looked at one by one: the reading costs little beside them. */
const SMALL_MS = 0.1;

/** How many pieces to run before the next reading, after `count` took `tookMs`: twice as many while they are small, else one. */
export function nextBatch(count: number, tookMs: number): number {
  return tookMs < SMALL_MS ? Math.min(count * 2, CLOCK_EVERY) : 1;
}
