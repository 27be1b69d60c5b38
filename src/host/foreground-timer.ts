/**
 * A deadline that only the foreground counts towards: in the background a mini-program is suspended after some seconds,
 * and what was not answered in that time is not late. Invariant: at most one entry of the timer queue is armed, and
 * none while the app is hidden or after `cancel`.
 */
import type { TimerEntry } from '../core/timer-queue.js';
import { currentRuntime } from './runtime.js';

/** Runs a callback once when so much time has passed in the foreground. */
export class ForegroundTimer {
  private entry: TimerEntry | null = null;
  private armedAtMs = 0;
  private readonly unlisten: () => void;

  constructor(
    private leftMs: number,
    private readonly callback: () => void,
  ) {
    const { app } = currentRuntime().host;
    this.unlisten = app.onHiddenChange((hidden) => (hidden ? this.freeze() : this.arm()));
    if (!app.hidden) this.arm();
  }

  /** The callback will not run. Idempotent. */
  cancel(): void {
    this.unlisten();
    this.freeze();
    this.leftMs = Infinity;
  }

  private arm(): void {
    const { timers } = currentRuntime();
    if (this.entry !== null || this.leftMs === Infinity) return;
    this.armedAtMs = currentRuntime().now();
    this.entry = timers.after(this.leftMs, () => {
      this.entry = null;
      this.cancel();
      this.callback();
    });
  }

  private freeze(): void {
    if (this.entry === null) return;
    currentRuntime().timers.cancel(this.entry);
    this.entry = null;
    this.leftMs = Math.max(0, this.leftMs - (currentRuntime().now() - this.armedAtMs));
  }
}
