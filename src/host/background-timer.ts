/**
 * A timer that nobody waits for. Invariant: at most one entry of the timer queue is armed, one of the background; none after
 * `stop`.
 */
import type { TimerEntry } from '../core/timer-queue.js';
import { currentRuntime } from './runtime.js';

/** Runs a callback some time later; keeps no process alive, and no test busy. */
export class BackgroundTimer {
  private entry: TimerEntry | null = null;

  /** Runs `callback` in `delayMs`, in place of what was armed before. */
  start(delayMs: number, callback: () => void): void {
    this.stop();
    this.entry = currentRuntime().timers.after(delayMs, callback, true);
  }

  /** Idempotent. */
  stop(): void {
    if (this.entry !== null) currentRuntime().timers.cancel(this.entry);
    this.entry = null;
  }
}
