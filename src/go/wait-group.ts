/** `WaitGroup`. https://pkg.go.dev/sync#WaitGroup */
import { LanesError } from '../core/errors.js';
import { callable, defineInterface } from '../core/webidl.js';
import { currentRuntime } from '../host/runtime.js';
import { start } from './go.js';
import type { RoutineFunction } from './go.js';
import type { Operation } from './operation.js';
import { createOrigin } from './routine.js';
import type { Routine } from './routine.js';
import { takeSite } from './site.js';
import { WaitList } from './wait-list.js';
import { done, failed, obstacle, waitIn } from './waiting.js';
import type { WaitOptions } from './waiting.js';

/**
 * Waits for a number of things to end.
 * @example
 * const group = new WaitGroup();
 * for (const url of urls) group.go(load, url);
 * await group.wait();
 * @see https://pkg.go.dev/sync#WaitGroup
 */
export class WaitGroup {
  private count = 0;
  private readonly waiters = new WaitList(this, 'wait');

  /**
   * Counts `delta` more; negative for fewer. At zero all who wait go on.
   * @throws LanesError `ERR_INVALID_ARGUMENT` for what is no integer or would lead below zero; nothing is counted then
   */
  add(delta: number): void {
    const count = this.count + delta;
    if (typeof delta !== 'number' || !(count >= 0 && count % 1 === 0)) {
      const message = `add(${String(delta)}) leads from ${this.count} to ${count}: not a count`;
      throw new LanesError('ERR_INVALID_ARGUMENT', message, { value: delta });
    }
    this.count = count;
    if (count === 0) this.waiters.drain((waiter) => waiter.grant(undefined));
  }

  /** One has ended: `add(-1)`. */
  done(): void {
    this.add(-1);
  }

  /** Starts a routine and counts it until it ends. It must not be relied on to tell of errors; `Group` does that. */
  go<A extends unknown[], T>(fn: RoutineFunction<A, T>, ...args: A): Routine<T> {
    callable(fn);
    this.add(1);
    const onEnd = (): boolean => {
      try {
        this.done();
      } catch (error) {
        // Somebody counted it down before; nobody else hears of that.
        currentRuntime().host.app.reportError(error);
      }
      return false;
    };
    return start(createOrigin(1, undefined, takeSite(this.go), onEnd), fn, args) as Routine<T>;
  }

  /** Over when the count is zero. @throws (rejects) the signal's reason */
  wait(options?: WaitOptions): Operation<void> {
    const end = obstacle(options);
    if (end !== null) return failed(end.reason);
    return this.count === 0 ? done(undefined) : waitIn(this.waiters, undefined, options);
  }
}

defineInterface(WaitGroup, 'WaitGroup');
