/**
 * Sleeping. A hundred thousand may sleep, so: a generator routine is an item of the timer queue itself, and up to eight
 * promises of one millisecond are one.
 */
import { shownValue } from '../core/bad-argument.js';
import { LanesError } from '../core/errors.js';
import type { TimerItem, TimerQueue } from '../core/timer-queue.js';
import { currentRuntime } from '../host/runtime.js';
import { stepping, withFinally } from './operation.js';
import type { Operation } from './operation.js';
import { Pause } from './timed-list.js';
import type { WaitOptions } from './waiting.js';

/** As many as the pump runs between two looks at the clock; see `core/clock-batch.ts`. */
const MOST_SLEEPERS = 8;

/** Promises of sleepers who began one after another and wake in the same millisecond. */
class SharedSleep implements TimerItem {
  /** See `core/task.ts`. */
  static readonly kept = new SharedSleep(null, Promise.resolve(undefined), () => undefined);

  heapIndex = -1;
  dueMs = 0;
  key = 0;
  sleepers = 1;

  constructor(
    /** The queue in which it waits: of a host that was replaced nobody wakes. */
    readonly timers: TimerQueue | null,
    readonly promise: Promise<undefined>,
    private readonly resolve: (value: undefined) => void,
  ) {}

  get background(): boolean {
    return false;
  }

  takesAnother(timers: TimerQueue, dueMs: number): boolean {
    if (this.timers !== timers || this.dueMs !== dueMs || this.sleepers >= MOST_SLEEPERS) return false;
    return timers.isLast(this);
  }

  fire(): void {
    this.resolve(undefined);
    currentRuntime().pump.letJobsRun();
  }

  discard(): void {
    // Nobody has it to cancel it.
  }
}

let resolveMade: (value: undefined) => void;
const captureResolve = (resolve: (value: undefined) => void): void => {
  resolveMade = resolve;
};

let last: SharedSleep | null = null;

function sleepByPromise(delayMs: number): Promise<undefined> {
  const { timers } = currentRuntime();
  const dueMs = timers.dueAfter(delayMs);
  // Only where nothing else came in between: entries of one time fire in the order of their coming.
  if (last !== null && last.takesAnother(timers, dueMs)) {
    last.sleepers++;
    return last.promise;
  }
  const promise = new Promise<undefined>(captureResolve);
  last = new SharedSleep(timers, promise, resolveMade);
  timers.add(last, dueMs);
  return promise;
}

/** What a generator routine yields to sleep; the time begins when it does. */
export class Sleep implements Operation<undefined> {
  constructor(readonly delayMs: number) {}

  get [Symbol.toStringTag](): string {
    return 'Operation';
  }

  then<A = undefined, B = never>(
    onOver?: ((value: undefined) => A | PromiseLike<A>) | null,
    onRefused?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return sleepByPromise(this.delayMs).then(onOver, onRefused);
  }

  catch<B = never>(onRefused?: ((error: unknown) => B | PromiseLike<B>) | null): Promise<undefined | B> {
    return sleepByPromise(this.delayMs).catch(onRefused);
  }

  finally(onOver?: (() => void) | null): Promise<undefined> {
    return withFinally(sleepByPromise(this.delayMs), onOver);
  }

  *[Symbol.iterator](): Generator<unknown, undefined, unknown> {
    yield this;
    return undefined;
  }
}

/** @throws LanesError `ERR_INVALID_ARGUMENT` for what is no number */
export function readDelay(name: string, value: unknown): number {
  if (typeof value === 'number' && value === value) return value;
  const message = `${name} takes a number of milliseconds, not ${shownValue(value)}`;
  throw new LanesError('ERR_INVALID_ARGUMENT', message, { value });
}

/**
 * Over when `delayMs` have passed. All sleepers share one timer of the host.
 * @param delayMs - milliseconds; less than zero means zero, and `Infinity` until it is aborted or cancelled
 * @throws LanesError `ERR_INVALID_ARGUMENT` for what is no number; (rejects) the signal's reason
 * @example
 * await sleep(100);
 * go(function* () {
 *   yield sleep(100);
 * });
 * @see https://pkg.go.dev/time#Sleep
 */
export function sleep(delayMs: number, options?: WaitOptions): Operation<undefined> {
  readDelay('sleep', delayMs);
  if (options !== undefined && options.signal !== undefined) return new Pause(delayMs).wait(options);
  return stepping.routine === null ? (sleepByPromise(delayMs) as Operation<undefined>) : new Sleep(delayMs);
}
