/** `Once`. https://pkg.go.dev/sync#OnceValue */
import { callable, defineInterface } from '../core/webidl.js';
import type { Operation } from './operation.js';
import { Shared } from './shared.js';
import { failed, obstacle } from './waiting.js';
import type { WaitOptions } from './waiting.js';

/**
 * Runs something once, however many ask for it; all get what it came to.
 * @example
 * const config = new Once(loadConfig);
 * const { city } = await config.do();
 * @see https://pkg.go.dev/sync#OnceValue
 */
export class Once<T> {
  private readonly fn: () => Generator<unknown, T, never> | PromiseLike<T> | T;
  private shared: Shared<T> | null = null;

  /** @param fn - any function; a generator runs as a routine does */
  constructor(fn: () => Generator<unknown, T, never> | PromiseLike<T> | T) {
    callable(fn);
    this.fn = fn;
  }

  /** Whether `do` was called. */
  get begun(): boolean {
    return this.shared !== null;
  }

  /**
   * What the function came to; the first call starts it. Whoever is aborted or cancelled waits no longer; the function goes
   * on for the others.
   * @throws (rejects) what the function threw, for all; the signal's reason
   */
  do(options?: WaitOptions): Operation<T> {
    const end = obstacle(options);
    if (end !== null) return failed(end.reason);
    this.shared ??= new Shared(this.fn);
    return this.shared.wait(options);
  }
}

defineInterface(Once, 'Once');
