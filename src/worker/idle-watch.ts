/** Notices that a worker is not used. Invariant: at most one timer is armed, one of the background; none after `stop`. */
import type { TimerEntry } from '../core/timer-queue.js';
import { currentRuntime } from '../host/runtime.js';

/** Looks within one time-out: more would wake the thread for nothing, fewer would let a worker live for much longer. */
const LOOKS = 4;

/** Looks now and then whether anything was used since the last look. */
export class IdleWatch {
  private entry: TimerEntry | null = null;
  private unused = 0;

  constructor(
    private readonly timeoutMs: number,
    private readonly wasUsed: () => boolean,
    private readonly onIdle: () => void,
  ) {
    this.wait();
  }

  /** Idempotent. */
  stop(): void {
    if (this.entry !== null) currentRuntime().timers.cancel(this.entry);
    this.entry = null;
  }

  private wait(): void {
    if (this.timeoutMs === Infinity) return;
    this.entry = currentRuntime().timers.after(this.timeoutMs / LOOKS, () => this.look(), true);
  }

  private look(): void {
    this.entry = null;
    this.unused = this.wasUsed() ? 0 : this.unused + 1;
    if (this.unused === LOOKS) this.onIdle();
    else this.wait();
  }
}
