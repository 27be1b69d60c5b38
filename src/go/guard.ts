/** Locks as who holds them sees them. */
import { LanesError } from '../core/errors.js';
import { defineInterface } from '../core/webidl.js';

/** What a guard holds. */
export interface Held {
  /** `guard`, which held it, holds it no longer. */
  released(guard: Guard): void;
}

/** A guard, as its lock sees it. */
export interface Holder {
  lock: Held | null;
}

/** The error of whoever gives back what it does not hold. */
export function notHeld(what: string): LanesError {
  return new LanesError('ERR_NOT_HELD', `${what} is not held: give each lock back once, after it was taken`);
}

// ECMAScript's explicit resource management, where the engine or a polyfill has it.
const disposal: symbol = (Symbol as { readonly dispose?: symbol }).dispose || Symbol.for('Symbol.dispose');

/**
 * A lock that is held, from the moment that an operation gives it until `release`. With explicit resource management the end
 * of its block releases it.
 * @example
 * using guard = await mutex.lock();
 * @example
 * const guard = await mutex.lock();
 * try {
 *   await save(rows);
 * } finally {
 *   guard.release();
 * }
 * @see https://github.com/tc39/proposal-explicit-resource-management
 */
export class Guard {
  /** @internal See `core/task.ts`. */
  static readonly kept: unknown = new Guard(null);

  private lock: Held | null;

  /** @internal */
  constructor(
    lock: Held | null,
    /** How many units, of a semaphore; otherwise 1. */
    readonly units: number = 1,
  ) {
    this.lock = lock;
  }

  /** Whether it is held still. */
  get held(): boolean {
    return this.lock !== null;
  }

  /** Gives the lock back. @throws LanesError `ERR_NOT_HELD` when it was given back before */
  release(): void {
    const { lock } = this;
    if (lock === null) throw notHeld('the lock of this guard');
    this.lock = null;
    lock.released(this);
  }
}

Object.defineProperty(Guard.prototype, disposal, {
  value(this: Guard): void {
    if (this.held) this.release();
  },
  configurable: true,
  writable: true,
});

defineInterface(Guard, 'Guard');
