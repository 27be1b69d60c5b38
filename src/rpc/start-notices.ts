/**
 * Tells callers which calls begin. A call may keep its thread for ever, so the notice has left before it runs; but a
 * message for each of a thousand short calls would cost more than they do. So a notice names some calls at once, those
 * whose turn comes next: first one, then twice as many each time, as long as they turn out to be short.
 *
 * What must always hold:
 * - Calls of one rank are named in the order in which they run.
 * - A call whose time counts from its begin is named when it begins.
 */
import { Ring } from '../core/ring.js';
import type { Rank } from '../core/task.js';
import { currentRuntime } from '../host/runtime.js';

const mostAtOnce = 256;

/** Milliseconds a call after which the next notice names one call again. */
const longMs = 1;

/** A call that waits to be named. */
export interface Announced {
  readonly id: number;
  readonly rank: Rank;
  /** Whether it waits in the pump. */
  readonly queued: boolean;
  /** Whether its time counts from when it is named. */
  readonly isTimed: boolean;
  isAnnounced: boolean;
}

/** The notices of one session. */
export class StartNotices<Call extends Announced> {
  private readonly waiting: readonly Ring<Call>[] = [new Ring<Call>(), new Ring<Call>(), new Ring<Call>()];
  private atOnce = 1;
  private sweepAt = 64;
  private lastMs = -Infinity;

  constructor(private readonly send: (ids: readonly number[]) => void) {}

  /** The call waits, and is to be named before it runs. */
  add(call: Call): void {
    const ring = this.waiting[call.rank] as Ring<Call>; // Invariant: one ring a rank.
    if (ring.length >= this.sweepAt) {
      // Of a million calls that were dropped before their turn none must stay here.
      ring.retain(({ queued }) => queued);
      this.sweepAt = 2 * ring.length + 64;
    }
    ring.push(call);
  }

  /** `call` is about to run. */
  announce(call: Call): void {
    const nowMs = currentRuntime().now();
    const short = nowMs - this.lastMs <= longMs * this.atOnce;
    this.atOnce = short ? Math.min(this.atOnce * 2, mostAtOnce) : 1;
    this.lastMs = nowMs;
    const ids = [call.id];
    call.isAnnounced = true;
    const ring = this.waiting[call.rank] as Ring<Call>;
    for (let next = ring.peek(); next !== undefined && ids.length <= this.atOnce; next = ring.peek()) {
      // Others than the first may have been dropped meanwhile.
      if (next !== call && next.queued) {
        if (ids.length === this.atOnce || next.isTimed) break;
        next.isAnnounced = true;
        ids.push(next.id);
      }
      ring.shift();
    }
    this.send(ids);
  }
}
