/** `Cond`. https://pkg.go.dev/sync#Cond */
import { defineInterface } from '../core/webidl.js';
import { notHeld } from './guard.js';
import type { Guard } from './guard.js';
import type { Mutex } from './mutex.js';
import type { Operation } from './operation.js';
import { WaitList } from './wait-list.js';
import type { Waiter } from './wait-list.js';
import { failed, obstacle, waitIn } from './waiting.js';
import type { WaitOptions } from './waiting.js';

/** A mutex, as its conditions see it. */
interface MutexQueue {
  readonly holder: Guard | null;
  enqueue(waiter: Waiter): void;
}

/**
 * Where routines wait until what a mutex guards has changed.
 * @example
 * const guard = await mutex.lock();
 * while (queue.length === 0) await filled.wait(guard);
 * const first = queue.shift();
 * guard.release();
 * @see https://pkg.go.dev/sync#Cond
 */
export class Cond {
  private readonly waiters = new WaitList(this, 'wait');

  constructor(
    /** What guards the condition. */
    readonly mutex: Mutex,
  ) {}

  /**
   * Gives `guard`'s lock back, waits to be woken, and takes the lock again; `guard` holds it then. Look at the condition
   * again afterwards: another may have been first.
   *
   * Aborted or cancelled while it waits, it does not take the lock again: `guard.held` is false.
   * Aborted before it began, it still holds it.
   * @throws LanesError `ERR_NOT_HELD` when `guard` does not hold the mutex; (rejects) the signal's reason
   */
  wait(guard: Guard, options?: WaitOptions): Operation<Guard> {
    if (guard !== (this.mutex as unknown as MutexQueue).holder)
      throw notHeld('the mutex of this Cond, by this guard,');
    const end = obstacle(options);
    if (end !== null) return failed(end.reason);
    const operation = waitIn<Guard>(this.waiters, guard, options);
    guard.release();
    return operation;
  }

  /** Wakes the one that has waited for longest, if any does. */
  signal(): void {
    const waiter = this.waiters.shift();
    if (waiter !== null) (this.mutex as unknown as MutexQueue).enqueue(waiter);
  }

  /** Wakes all who wait now. */
  broadcast(): void {
    for (let left = this.waiters.length; left > 0; left--) this.signal();
  }
}

defineInterface(Cond, 'Cond');
