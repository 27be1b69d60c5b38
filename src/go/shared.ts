/** One run that many wait for. */
import { start } from './go.js';
import type { Operation } from './operation.js';
import { createOrigin } from './routine.js';
import type { Reason } from './routine.js';
import { takeSite } from './site.js';
import { WaitList } from './wait-list.js';
import { done, failed, obstacle, waitIn } from './waiting.js';
import type { WaitOptions } from './waiting.js';

/** A run and its outcome. */
export class Shared<T> {
  private readonly waiters = new WaitList(this, 'wait');
  private value: T | undefined;
  private failure: Reason | null = null;
  private isOver = false;

  /** Starts `fn`. @param onEnd - hears of the end, before those who wait */
  constructor(fn: () => unknown, onEnd?: () => void) {
    const ended = (failure: Reason | null, value: unknown): boolean => {
      this.isOver = true;
      this.failure = failure;
      this.value = value as T;
      onEnd?.();
      const { waiters } = this;
      const isHeard = waiters.length > 0;
      waiters.drain((waiter) => (failure === null ? waiter.grant(value) : waiter.refuse(failure.reason)));
      return isHeard;
    };
    start(createOrigin(1, fn.name, takeSite(Shared), ended), fn, []);
  }

  wait(options?: WaitOptions): Operation<T> {
    const end = obstacle(options) || this.failure;
    if (end !== null) return failed(end.reason);
    return this.isOver ? done(this.value as T) : waitIn(this.waiters, undefined, options);
  }
}
