/**
 * Asks a thread again and again whether it is alive.
 *
 * What must always hold:
 * - At most one timer is armed, one of the background; none while the app is hidden, or after `stop`.
 * - Only time in which this thread ran counts: a timer that comes late by more than half a period means that it did not
 *   (a phone freezes all JavaScript some seconds after the app was hidden), so nothing is judged by it.
 * - A thread is called stuck only after this one let messages in: those that came while it was busy wait behind the timer.
 */
import type { Link } from '../channel/link.js';
import { BackgroundTimer } from '../host/background-timer.js';
import { currentRuntime } from '../host/runtime.js';

/** The part of a period for which a thread that seems stuck is waited once more, and how long at most. */
const GRACE_PART = 0.1;
const MAX_GRACE_MS = 1000;

/** The heartbeat of one thread. */
export class Heartbeat {
  private readonly timer = new BackgroundTimer();
  private beganMs = 0;
  private readonly unlisten: () => void;

  constructor(
    private readonly link: Link,
    private readonly periodMs: number,
    private readonly onStuck: () => void,
  ) {
    const { app } = currentRuntime().host;
    this.unlisten = app.onHiddenChange((hidden) => (hidden ? this.timer.stop() : this.begin()));
  }

  /** Begins to ask. */
  start(): void {
    if (!currentRuntime().host.app.hidden) this.begin();
  }

  /** Asks no more. Idempotent. */
  stop(): void {
    this.unlisten();
    this.timer.stop();
  }

  private begin(): void {
    this.beganMs = currentRuntime().now();
    // First, for the thread may die of the question.
    this.wait(this.periodMs, false);
    this.link.ping();
  }

  private wait(ms: number, doubted: boolean): void {
    const { now } = currentRuntime();
    const untilMs = now() + ms;
    this.timer.start(ms, () => this.judge(doubted, now() - untilMs));
  }

  private judge(doubted: boolean, lateMs: number): void {
    const { link, periodMs } = this;
    const graceMs = Math.min(periodMs * GRACE_PART, MAX_GRACE_MS);
    if (!link.isAsked || link.lastHeardMs > this.beganMs || lateMs > periodMs / 2) this.begin();
    else if (doubted && lateMs <= graceMs) this.onStuck();
    else this.wait(graceMs, true);
  }
}
