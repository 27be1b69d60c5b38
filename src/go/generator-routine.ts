/**
 * A routine that is a generator: it runs from `yield` to `yield`.
 *
 * What must always hold
 * - It waits for one thing: an operation, a timer, a promise or its turn; `waiting` says which, `null` means its turn.
 * - What it waits for wakes it once: whoever wakes it has been taken out of where it waited.
 * - When it is cancelled while it waits, what it waited for is taken back, and it is closed in its next turn. When it had
 *   been woken before, it first takes the step that it was woken for, and is closed where it would wait again.
 */
import { LanesError } from '../core/errors.js';
import type { TimerItem } from '../core/timer-queue.js';
import { currentRuntime } from '../host/runtime.js';
import { PendingOperation, stepping, takenBefore } from './operation.js';
import type { Stepped } from './operation.js';
import { BaseRoutine, createOrigin } from './routine.js';
import type { Ending } from './routine.js';
import { currentMachine } from './run-queue.js';
import type { RunQueue } from './run-queue.js';
import { Sleep } from './sleep.js';

type Steps = Iterator<unknown, unknown, unknown>;

const native = Object.getPrototypeOf(function* () {}) as { readonly prototype?: Steps };

/**
 * `next` of the engine's own generators; absent where a compiler has replaced them. Called by itself it asks nothing of a
 * generator's shape, of which each function has one of its own: code that V8 has optimised for a shape goes when the function does.
 */
const nativeNext = native.prototype === undefined ? undefined : native.prototype.next;

/** Makes one of the engine's generators of any other. */
function* relay(steps: Steps): Generator<unknown, unknown, unknown> {
  return yield* { [Symbol.iterator]: () => steps };
}

/** Whether a promise of `value` waits for it. One whose `then` cannot be read rejects the promise with what that throws. */
function isThenable(value: unknown): boolean {
  try {
    return typeof (Object(value) as { readonly then?: unknown }).then === 'function';
  } catch {
    return true;
  }
}

/** A routine in its light form. */
export class GeneratorRoutine extends BaseRoutine implements Stepped, TimerItem {
  /** See `core/task.ts`. */
  static readonly kept = new GeneratorRoutine(() => undefined, [], createOrigin(1));

  heapIndex = -1;
  dueMs = 0;
  key = 0;
  spare: PendingOperation | null = null;
  private steps: Steps | null = null;
  /** An operation, `this` for the timer, or a promise. */
  private waiting: object | null = null;

  /** Of `Stepped`: its `finally` blocks may wait. */
  get ending(): Ending | null {
    const { ending } = this.origin;
    return ending !== null && ending.isClosing ? null : ending;
  }

  get waitsFor(): object | null {
    return this.waiting === null ? this : this.waiting;
  }

  /** Of `TimerItem`: somebody waits for it. */
  get background(): boolean {
    return false;
  }

  /** Of `TimerItem`: its sleep is over. */
  fire(): void {
    this.ready();
  }

  /** Of `TimerItem`: `stop` took it out, and sees to the rest. */
  discard(): void {
    // Holds nothing for its timer.
  }

  /** Of `Consumer`: its operation is over. */
  wake(operation: PendingOperation): void {
    this.takeFrom(operation);
    this.ready();
  }

  run(queue: RunQueue): void {
    stepping.routine = this;
    try {
      this.step(queue);
    } catch (error) {
      this.steps = this.waiting = null;
      this.fail(error);
    }
    stepping.routine = null;
  }

  protected get isUnstoppable(): boolean {
    return false;
  }

  protected stop(): void {
    const { waiting } = this;
    if (waiting === null) return;
    if (waiting === this) currentRuntime().timers.cancel(this);
    else if (waiting instanceof PendingOperation) waiting.withdraw();
    this.state = 'closing';
    this.ready();
  }

  private ready(): void {
    this.waiting = null;
    currentMachine().queue(this.origin.rank).push(this);
  }

  /** Goes on, through all that need not wait, until it has to, or until its turn is over. */
  private step(queue: RunQueue): void {
    const steps = this.steps || this.start();
    if (steps === null) return;
    do {
      const { done, value } = this.enter(steps);
      if (done === true) return this.leave(value);
      if (!(value instanceof PendingOperation)) {
        if (!this.goesOnAfter(value, queue)) return;
      } else if (value.isSpokenFor) this.misused(takenBefore(value));
      else if (value.isWaiting) {
        if (this.ending === null) {
          this.waiting = value;
          value.park(this);
          return;
        }
        value.withdraw();
        this.state = 'closing';
      } else this.takeFrom(value);
    } while (queue.mayGoOn());
    queue.push(this);
  }

  /** Its first step: a generator only. Cancelled before that, it never begins. */
  private start(): Steps | null {
    const { ending } = this;
    if (ending !== null) {
      this.fail(ending.reason);
      return null;
    }
    const steps = this.begin() as Steps;
    return (this.steps = nativeNext === undefined || steps.next === nativeNext ? steps : relay(steps));
  }

  private enter(steps: Steps): IteratorResult<unknown, unknown> {
    const { input, state } = this;
    this.input = undefined;
    if (state === 'live') return nativeNext === undefined ? steps.next(input) : nativeNext.call(steps, input);
    this.state = 'live';
    if (state === 'threw') {
      if (typeof steps.throw !== 'function') throw input;
      return steps.throw(input);
    }
    const { ending } = this.origin;
    if (ending !== null) ending.isClosing = true;
    return typeof steps.return === 'function' ? steps.return() : { done: true, value: undefined };
  }

  private leave(value: unknown): void {
    const { ending } = this.origin;
    this.steps = this.spare = null;
    if (ending !== null && ending.isClosing) this.fail(ending.reason);
    else this.finish(value);
  }

  /** What an operation that is over came to is what the next step begins with. */
  private takeFrom(operation: PendingOperation): void {
    const { ending } = this;
    const { isRefused } = operation;
    this.input = operation.take(this);
    if (isRefused) this.state = ending !== null && this.input === ending.reason ? 'closing' : 'threw';
  }

  /** It yielded something else. False where it waits for that. */
  private goesOnAfter(value: unknown, queue: RunQueue): boolean {
    if (this.ending !== null) {
      this.state = 'closing';
      return true;
    }
    if (value === undefined) queue.push(this);
    else if (value instanceof Sleep) {
      const { timers } = currentRuntime();
      this.waiting = this;
      timers.add(this, timers.dueAfter(value.delayMs));
    } else if (isThenable(value)) {
      this.wait(Promise.resolve(value));
    } else {
      const message = 'a routine yields an operation, a promise, or nothing to let others run';
      this.misused(new LanesError('ERR_INVALID_ARGUMENT', `${message}, not ${String(value)}`, { value }));
      return true;
    }
    return false;
  }

  /** It yielded what cannot be waited for, and hears of it there. */
  private misused(error: LanesError): void {
    this.input = error;
    this.state = this.ending === null ? 'threw' : 'closing';
  }

  private wait(promise: Promise<unknown>): void {
    this.waiting = promise;
    const goOn = (state: 'live' | 'threw', input: unknown): void => {
      if (this.waiting !== promise) return;
      this.state = state;
      this.input = input;
      this.ready();
    };
    promise.then(
      (value) => goOn('live', value),
      (error: unknown) => goOn('threw', error),
    );
  }
}
