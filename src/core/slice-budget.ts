/**
 * How long a slice may be: the adaptive rule.
 *
 * While slices follow one another, the gap between the end of one and the start of the next is the time that everyone
 * else took (taps, `setData`, responses, rendering on the web) plus what the host needs to come back.
 * - A gap above {@link LATE_MS} says that others wait for us: the next slice is a quarter shorter.
 * - A gap below {@link IDLE_MS} above the shortest seen says that nobody does: it is a tenth of the base longer.
 * - In between it drifts back to the base. In the background nobody taps: {@link HIDDEN} times the base.
 *
 * - For {@link USER_MS} after a turn of the host asked for user-blocking work, as a tap does, more of the kind is about to
 *   come and will wait for a slice: slices are as short as the host allows, {@link TURNS} of its empty turns, from
 *   {@link USER_LEAST} to {@link USER_MOST} of the base. Where a turn costs 20 µs a slice has half a millisecond. Where it
 *   is a timer, whose least delay passes while a long slice works and not while a short one does, the most.
 *
 * A slice ends at the latest some small tasks after its budget, so the longest budgets (6.5 ms, hidden 10 ms, at the
 * default base of 5 ms) keep a turn of small tasks below one and a half slices (hidden: 12 ms).
 *
 * `npm run bench -- slice` measures the gaps of a host again, quiet and busy, and what slices of each length cost.
 */

import type { PumpHost, PumpTuning } from './pump-host.js';

/** Shortest, longest and hidden slice, in lengths of the base. */
const SHORTEST = 0.5;
const LONGEST = 1.3;
const HIDDEN = 2;

/** One frame: whoever needed longer than that between two of our slices is busy. */
const LATE_MS = 16;
/** Empty turns of `setImmediate` and `MessageChannel` come back within 0.1 ms, of an armed-ahead timer within 1 ms. */
const IDLE_MS = 1;
/** Who taps, taps again within a second. */
const USER_MS = 1000;
const USER_LEAST = 0.1;
const USER_MOST = 0.8;
/** An empty turn for every so many of its lengths of work: a twentieth of the time at most. */
const TURNS = 20;
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
  private baseMs = 0;

  /** A slice begins. */
  begin(
    nowMs: number,
    { hidden, delayed }: Pick<PumpHost, 'hidden' | 'delayed'>,
    { adaptive, sliceMs }: PumpTuning,
  ): void {
    this.baseMs = sliceMs[1];
    if (this.endedMs >= 0) this.adapt(nowMs - this.endedMs);
    if (!adaptive) this.scale = 1;
    else if (hidden) this.scale = HIDDEN;
    else if (nowMs - this.urgedMs >= USER_MS) this.scale = this.current;
    else this.scale = Math.min(this.current, delayed ? USER_MOST : this.userScale());
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

  private userScale(): number {
    return Math.max(USER_LEAST, Math.min(USER_MOST, (TURNS * this.shortestGapMs) / this.baseMs));
  }

  private adapt(gapMs: number): void {
    const { current } = this;
    this.shortestGapMs = Math.min(this.shortestGapMs, gapMs);
    if (gapMs > LATE_MS) this.current = Math.max(SHORTEST, current * SHRINK);
    else if (gapMs <= this.shortestGapMs + IDLE_MS) this.current = Math.min(LONGEST, current + STEP);
    else this.current += Math.max(-STEP, Math.min(STEP, 1 - current));
  }
}
