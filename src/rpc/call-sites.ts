/**
 * Where calls are made, for the stack of what they reject with. To take a stack costs some microseconds, a tenth of a call
 * that goes to another thread and back, so calls in a tight loop do without.
 *
 * What must always hold: of calls that are a millisecond apart or more, each has its site; of others the first `burst`.
 */
import { currentRuntime } from '../host/runtime.js';

/** So many in a row, whatever their pace. */
const burst = 64;

/** A budget of stacks: `burst` of them, and one more each millisecond. */
export class CallSites {
  private left = burst;
  private lastMs = 0;

  /** An error made here, whose stack is the site; `null` where there were too many. */
  take(): Error | null {
    if (this.left < 1 && !this.refill()) return null;
    this.left--;
    return new Error();
  }

  private refill(): boolean {
    const nowMs = currentRuntime().now();
    const earned = Math.floor(nowMs - this.lastMs);
    if (earned < 1) return false;
    this.left = Math.min(burst, earned);
    this.lastMs = nowMs;
    return true;
  }
}
