/**
 * Routines: what `go` starts.
 *
 * What must always hold
 * - A routine ends once: done, failed or cancelled; then it holds neither its function nor what it waited for.
 * - Its code runs only in its turn in the queue of its priority, never within `go`, `send` or whatever else made it ready.
 * - A cancelled one whose operation was granted before goes on with what it got; see `generator-routine.ts`.
 */
import { DOMException } from '../core/dom-exception.js';
import { LanesError, nameErrors } from '../core/errors.js';
import { currentRuntime } from '../host/runtime.js';
import type { Rank } from '../core/task.js';
import { createDeferred } from './deferred.js';
import type { Deferred } from './deferred.js';
import { currentMachine } from './run-queue.js';
import type { Ready, RunQueue } from './run-queue.js';
import { startedAt } from './site.js';
import { watch } from './watch.js';
import type { WatchedRoutine } from './watch.js';

/** What `go` gives: a routine under way. */
export interface Routine<T = unknown> {
  /** What it was named, or the name of its function; for people. */
  readonly name: string;
  /**
   * What the function returns, when it has; rejects with what it throws, or with the reason of `cancel`. Who looks at it
   * answers for errors; those of a routine at whose `done` nobody looked are reported to the host as {@link RoutineError}.
   */
  readonly done: Promise<T>;
  /**
   * Ends it. A generator is closed at the `yield` where it waits: its `finally` blocks run, which may wait once more, and
   * then `done` rejects. A routine that has been given something in the same moment goes on with it to its next `yield`, so
   * nothing is lost. An async function cannot be stopped: `done` rejects at once, and what it does later is not heard; give
   * it a `Context` to look at. Idempotent; without effect on a routine that is over.
   * @param reason - what `done` rejects with. @defaultValue a `DOMException` named `AbortError`
   */
  cancel(reason?: unknown): void;
}

/** What a routine failed with that nobody looked after. `cause` is what its code threw. */
export class RoutineError extends LanesError {
  constructor(
    /** The name of the routine. */
    readonly routine: string,
    site: Error | null,
    cause: unknown,
  ) {
    super('ERR_ROUTINE_FAILED', `routine "${routine}" failed: ${textOf(cause)}${startedAt(site)}`, { cause });
  }
}

nameErrors(RoutineError, 'RoutineError');

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** What a routine was started with besides its function; shared by those that were started alike. */
export interface Origin {
  readonly rank: Rank;
  readonly name: string | undefined;
  /** An error made where it was started; `null` where many were, for each costs microseconds. */
  readonly site: Error | null;
  /** Hears of its end; true says that it looks after the error. */
  readonly onEnd: ((failure: Reason | null, value: unknown) => boolean) | null;
  /** Why it is to end; `null` while it was not cancelled. */
  readonly ending: Ending | null;
}

export function createOrigin(
  rank: Rank,
  name?: string,
  site: Error | null = null,
  onEnd: Origin['onEnd'] = null,
): Origin {
  return { rank, name, site, onEnd, ending: null };
}

/** Why a routine is to end, and whether its generator has been told. */
export interface Ending extends Reason {
  isClosing: boolean;
}

/** Why something ended: any value may be thrown, `undefined` too. */
export interface Reason {
  readonly reason: unknown;
}

/**
 * How far a routine is. The next step of a generator that `'threw'` begins with its input thrown, that of one that is
 * `'closing'` closes it.
 */
export type RoutineState = 'new' | 'live' | 'threw' | 'closing' | 'done' | 'failed';

/** What routines of either form have in common. It has few fields, for a hundred thousand routines may sleep. */
export abstract class BaseRoutine implements Routine, Ready, WatchedRoutine {
  state: RoutineState = 'new';
  /** Its arguments before it starts, what goes into its next step, and at last what it ended with. */
  protected input: unknown;
  private deferred: Deferred | null = null;

  constructor(
    protected readonly fn: (...args: never[]) => unknown,
    args: readonly unknown[],
    public origin: Origin,
  ) {
    this.input = args;
  }

  get name(): string {
    return this.origin.name || this.fn.name || 'anonymous';
  }

  get site(): Error | null {
    return this.origin.site;
  }

  get done(): Promise<unknown> {
    const { deferred, state, input } = this;
    if (deferred !== null) return deferred.promise;
    const made = (this.deferred = createDeferred());
    if (state === 'done') made.resolve(input);
    if (state === 'failed') made.reject(input);
    else if (this.origin.ending !== null) this.abandon();
    return made.promise;
  }

  /** Whether it was cancelled before it was over. */
  get wasCancelled(): boolean {
    return this.origin.ending !== null;
  }

  get over(): boolean {
    return this.state === 'done' || this.state === 'failed';
  }

  cancel(reason: unknown = new DOMException('the routine was cancelled', 'AbortError')): void {
    if (this.over || this.origin.ending !== null) return;
    this.origin = { ...this.origin, ending: { reason, isClosing: false } };
    this.stop();
    this.abandon();
  }

  abstract readonly waitsFor: object | null;

  abstract run(queue: RunQueue): void;

  /** It is to end: see `origin.ending`. */
  protected abstract stop(): void;

  /** Whether nobody can say when it ends, so that who waits for a cancelled one is told at once. */
  protected abstract readonly isUnstoppable: boolean;

  private abandon(): void {
    const { deferred, origin } = this;
    if (!this.isUnstoppable || deferred === null || origin.ending === null) return;
    currentMachine().settle(deferred.reject, origin.ending.reason);
  }

  /** Calls its function, as the first step. */
  protected begin(): unknown {
    const args = this.input as never[];
    this.input = undefined;
    this.state = 'live';
    return this.fn(...args);
  }

  protected finish(value: unknown): void {
    if (this.over) return;
    this.state = 'done';
    this.end(value, null);
  }

  protected fail(reason: unknown): void {
    if (this.over) return;
    this.state = 'failed';
    const { deferred } = this;
    const { ending } = this.origin;
    const isHeard = this.end(reason, { reason }) || deferred !== null;
    // To be cancelled is no failure.
    if (isHeard || (ending !== null && ending.reason === reason)) return;
    currentRuntime().host.app.reportError(new RoutineError(this.name, this.origin.site, reason));
  }

  private end(outcome: unknown, failure: Reason | null): boolean {
    const { deferred, origin } = this;
    this.input = outcome;
    if (watch.by !== null) watch.by.ended(this);
    if (deferred !== null)
      currentMachine().settle(failure === null ? deferred.resolve : deferred.reject, outcome);
    return origin.onEnd !== null && origin.onEnd(failure, outcome);
  }
}
