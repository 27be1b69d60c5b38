/**
 * How long a slice may be: the adaptive rule.
 *
 * While slices follow one another, the gap between the end of one and the start of the next is the time that everyone
 * else took (taps, `setData`, responses, rendering on the web) plus what the host needs to come back.
 * - A gap above {@link LATE_MS} says that others wait for us: the next slice is a quarter shorter.
 * - A gap below {@link IDLE_MS} above the shortest seen says that nobody does: it is a tenth of the base longer.
 * - In between it drifts back to the base. In the background nobody taps: {@link HIDDEN} times the base.
 *
 * - For {@link USER_MS} after somebody asked for user-blocking work, as a tap does, slices are {@link USER} of the base at
 *   most: more of the kind is about to come, and will wait for a slice.
 *
 * A slice ends at the latest some small tasks after its budget, so the longest budgets (6.5 ms, hidden 10 ms, at the
 * default base of 5 ms) keep a turn of small tasks below one and a half slices (hidden: 12 ms).
 *
 * `npm run bench -- slice` measures the gaps of a host again, quiet and busy, and what slices of each length cost.
 */

/** Shortest, longest and hidden slice, in lengths of the base. */
const SHORTEST = 0.5;
const LONGEST = 1.3;
const HIDDEN = 2;

/** One frame: whoever needed longer than that between two of our slices is busy. */
const LATE_MS = 16;
/** Empty turns of `setImmediate` and `MessageChannel` come back within 0.1 ms, of an armed-ahead timer within 1 ms. */
const IDLE_MS = 1;
/** Who taps, taps again within a second; a fifth less keeps all waits but the rarest below the configured slice. */
const USER_MS = 1000;
const USER = 0.8;
const STEP = 0.1;
const SHRINK = 0.75;

/** The length of slices, in lengths of what was configured. */
export class SliceBudget {
  /** The slice in progress. */
  scale = 1;
  private current = 1;
  private endedMs = -1;
  private shortestGapMs = Infinity;
  private urgedMs = -Infinity;

  /** A slice begins. */
  begin(nowMs: number, hidden: boolean, adaptive: boolean): void {
    if (this.endedMs >= 0) this.adapt(nowMs - this.endedMs);
    const most = nowMs - this.urgedMs < USER_MS ? USER : Infinity;
    this.scale = !adaptive ? 1 : hidden ? HIDDEN : Math.min(this.current, most);
  }

  /** User-blocking work was posted, by a turn of the host. */
  urge(nowMs: number): void {
    this.urgedMs = nowMs;
  }

  /** A slice ended; `more` says whether work is left for the next. */
  end(nowMs: number, more: boolean): void {
    this.endedMs = more ? nowMs : -1;
    if (!more) this.current = 1;
  }

  private adapt(gapMs: number): void {
    const { current } = this;
    this.shortestGapMs = Math.min(this.shortestGapMs, gapMs);
    if (gapMs > LATE_MS) this.current = Math.max(SHORTEST, current * SHRINK);
    else if (gapMs <= this.shortestGapMs + IDLE_MS) this.current = Math.min(LONGEST, current + STEP);
    else this.current += Math.max(-STEP, Math.min(STEP, 1 - current));
  }
}
