/**
 * How long a slice may be: the adaptive rule.
 *
 * While slices follow one another, the gap between the end of one and the start of the next is the time that everyone
 * else took (taps, `setData`, responses, rendering on the web) plus what the host needs to come back.
 * - A gap above {@link LATE_MS} says that others wait for us: the next slice is a quarter shorter.
 * - A gap below {@link IDLE_MS} above the shortest seen says that nobody does: it is half a millisecond longer.
 * - In between it drifts back to the base. In the background nobody taps: {@link HIDDEN_PART} times the base.
 *
 * A slice ends at the latest some small tasks after its budget, so the longest budgets (8 ms, hidden 10 ms, at the
 * default base of 5 ms) keep a turn of small tasks below 12 ms.
 */

/** Shortest, longest and hidden slice, as parts of the base. */
const SHORTEST_PART = 0.5;
const LONGEST_PART = 1.6;
const HIDDEN_PART = 2;

/** One frame: whoever needed longer than that between two of our slices is busy. */
const LATE_MS = 16;
/** Empty turns of `setImmediate` and `MessageChannel` come back within 0.1 ms, of an armed-ahead timer within 1 ms. */
const IDLE_MS = 1;
const STEP_MS = 0.5;
const SHRINK_PART = 0.75;

/** The budget of the next slice. */
export interface SliceBudget {
  /** What was configured. */
  readonly baseMs: number;
  /** A slice begins: gives its length. */
  begin(nowMs: number, hidden: boolean): number;
  /** A slice ended; `more` says whether work is left for the next. */
  end(nowMs: number, more: boolean): void;
}

/** The adaptive rule around `baseMs`, the configured length of a slice. */
export function createBudget(baseMs: number): SliceBudget {
  let currentMs = baseMs;
  let endedMs = -1;
  let shortestGapMs = Infinity;

  function adapt(gapMs: number): void {
    if (gapMs < shortestGapMs) shortestGapMs = gapMs;
    if (gapMs > LATE_MS) currentMs = Math.max(baseMs * SHORTEST_PART, currentMs * SHRINK_PART);
    else if (gapMs <= shortestGapMs + IDLE_MS)
      currentMs = Math.min(baseMs * LONGEST_PART, currentMs + STEP_MS);
    else currentMs += Math.sign(baseMs - currentMs) * Math.min(STEP_MS, Math.abs(baseMs - currentMs));
  }

  return {
    baseMs,
    begin(nowMs, hidden) {
      if (endedMs >= 0) adapt(nowMs - endedMs);
      return hidden ? baseMs * HIDDEN_PART : currentMs;
    },
    end(nowMs, more) {
      endedMs = more ? nowMs : -1;
      if (!more) currentMs = baseMs;
    },
  };
}
