/**
 * Where calls are made, for the stack of what they reject with. To take a stack costs some microseconds, a tenth of a call
 * that goes to another thread and back, so calls in a tight loop do without.
 *
 * What must always hold: of calls in a row the first `burst` have their site, and of more about one each millisecond.
 */
import { currentRuntime } from './runtime.js';

/** So many in a row, whatever their pace. */
const burst = 64;

/** Calls without a site between two looks at the clock: to read it costs a fiftieth of a stack. */
const callsALook = 16;

/** A budget of stacks: `burst` of them, and one more each millisecond. */
export class CallSites {
  private left = burst;
  private lastMs = 0;
  private untilLook = 0;

  /** An error made here, whose stack is the site; `null` where there were too many. */
  take(): Error | null {
    if (this.left < 1 && !this.refill()) return null;
    this.left--;
    return new Error();
  }

  private refill(): boolean {
    if (this.untilLook-- > 0) return false;
    this.untilLook = callsALook;
    const nowMs = currentRuntime().now();
    const earned = Math.floor(nowMs - this.lastMs);
    if (earned < 1) return false;
    this.left = Math.min(burst, earned);
    this.lastMs = nowMs;
    return true;
  }
}
