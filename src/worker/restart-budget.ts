/** How often a worker may be started again, and how long that waits. */
import type { RestartLimits } from './worker-options.js';
import { maxBackoffMs } from './worker-options.js';

/** Counts restarts within a sliding window. Invariant: never more of them than the budget. */
export class RestartBudget {
  private restartsMs: number[] = [];

  constructor(readonly limits: RestartLimits) {}

  /** How long to wait before the restart that is asked for at `nowMs`; `null` where the budget is used up. */
  take(nowMs: number): number | null {
    const { budget, windowMs, backoffMs } = this.limits;
    this.restartsMs = this.restartsMs.filter((atMs) => nowMs - atMs < windowMs);
    const { length } = this.restartsMs;
    if (length >= budget) return null;
    this.restartsMs.push(nowMs);
    return Math.min(backoffMs * 2 ** length, maxBackoffMs);
  }
}
