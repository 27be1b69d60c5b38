/**
 * Waiting for a time that others may wait for, too.
 *
 * What must always hold: a timer is armed if and only if somebody waits. So whoever loses interest, as the losing cases of a
 * select do, leaves nothing behind.
 */
import type { TimerItem } from '../core/timer-queue.js';
import { currentRuntime } from '../host/runtime.js';
import type { Operation } from './operation.js';
import { WaitList } from './wait-list.js';
import type { Waiter } from './wait-list.js';
import { done, failed, obstacle, waitIn } from './waiting.js';
import type { WaitOptions } from './waiting.js';

/** Who waits for a time; the owner says for when, and what is due then. */
export class TimedList extends WaitList implements TimerItem {
  heapIndex = -1;
  dueMs = 0;
  key = 0;

  constructor(
    owner: object,
    private readonly nextMs: () => number,
    private readonly due: () => void,
  ) {
    super(owner, 'sleep');
  }

  get background(): boolean {
    return false;
  }

  override get isInner(): boolean {
    return false;
  }

  override push(waiter: Waiter): void {
    super.push(waiter);
    this.arm();
  }

  override remove(waiter: Waiter): void {
    super.remove(waiter);
    if (this.length === 0) currentRuntime().timers.cancel(this);
  }

  fire(): void {
    this.due();
    this.arm();
  }

  discard(): void {
    // Holds nothing for its timer.
  }

  private arm(): void {
    if (this.length > 0 && this.heapIndex < 0) currentRuntime().timers.add(this, this.nextMs());
  }
}

/** A sleep that a signal may end. */
export class Pause {
  private readonly dueMs: number;
  private readonly sleepers: TimedList = new TimedList(
    this,
    () => this.dueMs,
    () => this.sleepers.shift()?.grant(undefined),
  );

  constructor(delayMs: number) {
    this.dueMs = currentRuntime().timers.dueAfter(delayMs);
  }

  wait(options: WaitOptions): Operation<undefined> {
    const end = obstacle(options);
    if (end !== null) return failed(end.reason);
    return this.dueMs <= currentRuntime().now() ? done(undefined) : waitIn(this.sleepers, undefined, options);
  }
}
