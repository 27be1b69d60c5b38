/** Notices that a worker is not used. Invariant: at most one timer is armed; none after `stop`. */
import { BackgroundTimer } from '../host/background-timer.js';

/** Looks within one time-out: more would wake the thread for nothing, fewer would let a worker live for much longer. */
const LOOKS = 4;

/** Looks now and then whether anything was used since the last look. */
export class IdleWatch {
  private readonly timer = new BackgroundTimer();
  private unused = 0;

  constructor(
    private readonly timeoutMs: number,
    private readonly wasUsed: () => boolean,
    private readonly onIdle: () => void,
  ) {}

  /** Counts from now on. */
  start(): void {
    this.unused = 0;
    this.wait();
  }

  /** Idempotent. */
  stop(): void {
    this.timer.stop();
  }

  private wait(): void {
    if (this.timeoutMs < Infinity) this.timer.start(this.timeoutMs / LOOKS, () => this.look());
  }

  private look(): void {
    this.unused = this.wasUsed() ? 0 : this.unused + 1;
    if (this.unused === LOOKS) this.onIdle();
    else this.wait();
  }
}
