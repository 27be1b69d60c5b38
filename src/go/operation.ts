/**
 * Operations: what may have to wait, as whoever runs sees it. In a step of a generator routine it is an object that is
 * yielded, kept by the routine for its next one, so that nothing has to be made; anywhere else a promise.
 *
 * What must always hold
 * - An operation begins when its function is called, yielded or not, and has one outcome.
 * - Once granted it stays granted: an abort or a cancellation that comes after changes nothing, so nothing that was handed
 *   over is lost.
 * - In a routine that was cancelled no operation begins; it is refused with the reason.
 */
import { LanesError } from '../core/errors.js';
import { createDeferred } from './deferred.js';
import type { Deferred } from './deferred.js';
import { currentMachine } from './run-queue.js';
import { SignalledWaiter } from './wait-list.js';

/** Something that may have to wait. `await` it; in a generator routine `yield` it, or, with its type kept, `yield*`. */
export interface Operation<T> extends Promise<T> {
  [Symbol.iterator](): Iterator<unknown, T, unknown>;
}

/** Who goes on when an operation is over. */
interface Consumer {
  wake(operation: PendingOperation): void;
}

/** A generator routine, as its operations see it. */
export interface Stepped extends Consumer {
  /** For its next operation. */
  spare: PendingOperation | null;
  /** Why no operation begins in it any more; `null` while it was not cancelled. */
  readonly ending: { readonly reason: unknown } | null;
}

/** The generator routine in whose step we are. */
export const stepping: { routine: Stepped | null } = { routine: null };

const waiting = 0;
export const granted = 1;
export const refused = 2;
/** Yielded, and its outcome given. */
const taken = 3;

/** `Promise.prototype.finally` of ECMAScript 2018, which the engine has or has not. */
export function withFinally<T>(promise: Promise<T>, onOver: (() => void) | null | undefined): Promise<T> {
  return (promise as Promise<T> & { finally(over: typeof onOver): Promise<T> }).finally(onOver);
}

/** The error of whoever wants the outcome of an operation that gave it before. */
export function takenBefore(value: unknown): LanesError {
  return new LanesError('ERR_INVALID_ARGUMENT', 'an operation may be yielded once, by one routine', {
    value,
  });
}

/** An operation begun in a step of a generator routine. */
export class PendingOperation extends SignalledWaiter implements Operation<unknown> {
  /** See `core/task.ts`. */
  static readonly kept = new PendingOperation();

  private phase = waiting;
  private result: unknown = undefined;
  private consumer: Consumer | null = null;
  /** For who goes on by promise. */
  private shared: Deferred | null = null;
  /** Whether `yield*` is in the middle of it. */
  private entered = false;

  get [Symbol.toStringTag](): string {
    return 'Operation';
  }

  get isWaiting(): boolean {
    return this.phase === waiting;
  }

  get isRefused(): boolean {
    return this.phase === refused;
  }

  /** Over from the start: in a fresh use of it. */
  beginOver(phase: number, result: unknown): this {
    this.phase = phase;
    this.entered = false;
    this.result = result;
    return this;
  }

  /** Ready for another use. */
  begin(): this {
    this.phase = waiting;
    this.entered = false;
    return this;
  }

  grant(result: unknown): void {
    this.phase = granted;
    this.end(result);
  }

  refuse(error: unknown): void {
    this.phase = refused;
    this.end(error);
  }

  /** Whether its outcome was given already, or another routine waits for it, so that there is none to give. */
  get isSpokenFor(): boolean {
    return this.phase === taken || this.consumer !== null;
  }

  /** The outcome, once; then the operation is `routine`'s for its next. */
  take(routine: Stepped): unknown {
    const { result } = this;
    if (this.shared === null) {
      this.phase = taken;
      this.result = undefined;
      routine.spare = this;
    }
    return result;
  }

  /** `consumer` goes on when it is over, which it is not. */
  park(consumer: Consumer): void {
    this.consumer = consumer;
  }

  /** Nobody waits for it any more. */
  withdraw(): void {
    this.leave();
    this.consumer = null;
    this.unfollow();
  }

  then<A = unknown, B = never>(
    onGranted?: ((value: unknown) => A | PromiseLike<A>) | null,
    onRefused?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.share().then<A, B>(onGranted, onRefused);
  }

  catch<B = never>(onRefused?: ((error: unknown) => B | PromiseLike<B>) | null): Promise<unknown> {
    return this.share().catch(onRefused);
  }

  finally(onOver?: (() => void) | null): Promise<unknown> {
    return withFinally(this.share(), onOver);
  }

  [Symbol.iterator](): Iterator<unknown, unknown, unknown> {
    return this;
  }

  /** A step of `yield*`: itself once, unless it is granted already and the slice has time, and then the outcome. */
  next(input: unknown): IteratorResult<unknown, unknown> {
    if (this.entered) return { done: true, value: input };
    const { routine } = stepping;
    const { active } = currentMachine();
    if (this.phase === granted && routine !== null && active !== null && active.mayGoOn())
      return { done: true, value: this.take(routine) };
    this.entered = true;
    return { done: false, value: this };
  }

  throw(error: unknown): never {
    throw error;
  }

  return(value: unknown): IteratorResult<unknown, unknown> {
    return { done: true, value };
  }

  private end(result: unknown): void {
    const { consumer, shared } = this;
    this.result = result;
    this.unfollow();
    if (shared !== null) this.settle(shared);
    if (consumer === null) return;
    this.consumer = null;
    consumer.wake(this);
  }

  private settle({ resolve, reject }: Deferred): void {
    currentMachine().settle(this.phase === refused ? reject : resolve, this.result);
  }

  /** For who treats it as a promise. It is not used again. */
  private share(): Promise<unknown> {
    if (this.phase === taken) return Promise.reject(takenBefore(this));
    if (this.shared === null) {
      this.shared = createDeferred();
      if (this.phase !== waiting) this.settle(this.shared);
    }
    return this.shared.promise;
  }
}
