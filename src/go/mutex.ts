/**
 * `Mutex`. https://pkg.go.dev/sync#Mutex
 *
 * What must always hold: while somebody waits the mutex is held; who gives it back hands it to the one that has waited for
 * longest, so nobody who comes later can take it first.
 */
import { defineInterface } from '../core/webidl.js';
import { Guard, notHeld } from './guard.js';
import type { Held, Holder } from './guard.js';
import type { Operation } from './operation.js';
import { WaitList } from './wait-list.js';
import type { Waiter } from './wait-list.js';
import { done, failed, obstacle, waitIn } from './waiting.js';
import type { WaitOptions } from './waiting.js';

/**
 * Mutual exclusion across `await` and `yield`: one holder at a time, the others in the order of their coming. Not reentrant.
 * @example
 * const mutex = new Mutex();
 * const guard = await mutex.lock();
 * try {
 *   balance = await save(balance + 1);
 * } finally {
 *   guard.release();
 * }
 * @see https://pkg.go.dev/sync#Mutex
 */
export class Mutex {
  private readonly held: Held = {
    released: () => {
      const waiter = this.waiters.shift();
      this.holder = null;
      if (waiter !== null) this.enqueue(waiter);
    },
  };
  private holder: Guard | null = null;
  private readonly waiters = new WaitList(this, 'lock');

  /** Whether somebody holds it. */
  get locked(): boolean {
    return this.holder !== null;
  }

  /**
   * Takes the lock, when it is free. Cancel safety: aborted or cancelled while it waits, it was not taken and never will be.
   * @throws (rejects) the signal's reason
   */
  lock(options?: WaitOptions): Operation<Guard> {
    const end = obstacle(options);
    if (end !== null) return failed(end.reason);
    const guard = this.tryLock();
    return guard === null ? waitIn(this.waiters, undefined, options) : done(guard);
  }

  /** Takes the lock if it is free; `null` otherwise. */
  tryLock(): Guard | null {
    return this.holder === null ? (this.holder = new Guard(this.held)) : null;
  }

  /** Gives the lock back, whoever holds it: Go's way. @throws LanesError `ERR_NOT_HELD` when nobody does */
  unlock(): void {
    const { holder } = this;
    if (holder === null) throw notHeld('this Mutex');
    holder.release();
  }

  /** `waiter`, which waits nowhere, gets the lock when it is its turn, by the guard that it brings. `Cond` calls it, too. */
  private enqueue(waiter: Waiter): void {
    if (this.holder !== null) return this.waiters.push(waiter);
    const { item } = waiter;
    const guard = item instanceof Guard ? item : new Guard(null);
    (guard as unknown as Holder).lock = this.held;
    this.holder = guard;
    waiter.grant(guard);
  }
}

defineInterface(Mutex, 'Mutex');
