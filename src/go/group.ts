/**
 * `Group`: routines that end together. https://pkg.go.dev/golang.org/x/sync/errgroup
 *
 * What must always hold
 * - `wait` is over only when every routine of the group is, so none outlives it.
 * - The first error is the group's; with it the context is done, routines that run are cancelled, and those that wait for
 *   their turn never begin.
 */
import type { AbortSignalLike } from '../core/abort.js';
import { LanesError } from '../core/errors.js';
import { Ring } from '../core/ring.js';
import { addAbortAlgorithm } from '../core/signal-state.js';
import type { Rank } from '../core/task.js';
import { callable, defineInterface, dictionary } from '../core/webidl.js';
import { currentRuntime } from '../host/runtime.js';
import { rankFor } from '../scheduler/scheduling-state.js';
import type { TaskPriority } from '../scheduler/task-priority.js';
import { Context } from './context.js';
import type { CancelFunction } from './context.js';
import { createRoutine, launch } from './go.js';
import type { RoutineFunction } from './go.js';
import type { Operation } from './operation.js';
import { createOrigin } from './routine.js';
import type { BaseRoutine, Reason, Routine } from './routine.js';
import { takeSite } from './site.js';
import { WaitList } from './wait-list.js';
import { done, failed, obstacle, waitIn } from './waiting.js';
import type { WaitOptions } from './waiting.js';

/** How the routines of a group run. */
export interface GroupOptions {
  /** The group's context is done with it. @defaultValue `Context.background` */
  readonly signal?: AbortSignalLike | undefined;
  /** At most so many run at the same time, an integer above 0; the others wait for their turn. @defaultValue `Infinity` */
  readonly limit?: number | undefined;
  /** @defaultValue `'user-visible'` */
  readonly priority?: TaskPriority | undefined;
}

/**
 * Routines that work on one thing: the first error cancels the rest, and none outlives the group.
 * @example
 * const group = new Group({ signal: ctx, limit: 4 });
 * for (const url of urls) group.go(function* () {
 *   const rows = yield* load(url, group.ctx);
 *   yield out.send(rows, { signal: group.ctx });
 * });
 * await group.wait(); // the first error, if there was one
 * @see https://pkg.go.dev/golang.org/x/sync/errgroup
 */
export class Group {
  /** Done when a routine fails, when `cancel` is called, or with the signal that the group was given. Pass it on. */
  readonly ctx: Context;
  private readonly rank: Rank;
  private readonly cancelContext: CancelFunction;
  private limit: number;
  private readonly running = new Set<BaseRoutine>();
  /** Routines beyond the limit, the first first. */
  private readonly queued = new Ring<BaseRoutine>();
  private failure: Reason | null = null;
  /** Takes back what waits for the context: a long-lived parent must not keep a group in which nothing runs. */
  private unfollow: (() => void) | null = null;
  private readonly waiters = new WaitList(this, 'wait');

  /** @throws LanesError `ERR_INVALID_ARGUMENT` for a limit that is none; TypeError for a priority or signal that is none */
  constructor(options?: GroupOptions) {
    const { signal = Context.background, limit = Infinity, priority } = dictionary(options) as GroupOptions;
    this.limit = readLimit(limit);
    this.rank = rankFor(currentRuntime().pump, priority);
    [this.ctx, this.cancelContext] = Context.withCancel(signal);
  }

  /** How many routines of the group are not over. */
  get size(): number {
    return this.running.size + this.queued.length;
  }

  /**
   * Starts a routine of the group, now or when fewer than the limit run. In a group that failed or was cancelled it never
   * begins.
   * @throws TypeError when `fn` is no function
   */
  go<A extends unknown[], T>(fn: RoutineFunction<A, T>, ...args: A): Routine<T> {
    callable(fn);
    let routine: BaseRoutine | null = null;
    const onEnd = (failure: Reason | null): boolean => this.ended(routine as BaseRoutine, failure);
    routine = createRoutine(createOrigin(this.rank, undefined, takeSite(this.go), onEnd), fn, args);
    const failure = this.follow();
    if (failure !== null) routine.cancel(failure.reason);
    if (this.running.size < this.limit) this.launch(routine);
    else this.queued.push(routine);
    return routine as Routine<T>;
  }

  /**
   * How many may run at the same time from now on; those that run go on.
   * @throws LanesError `ERR_INVALID_ARGUMENT` for what is no integer above 0 or `Infinity`
   */
  setLimit(limit: number): void {
    this.limit = readLimit(limit);
    this.launchQueued();
  }

  /** Cancels all routines of the group, those to come as well. @param reason - @defaultValue an `AbortError` */
  cancel(reason?: unknown): void {
    this.cancelContext(reason);
  }

  /**
   * Over when all routines of the group are, also those that were started meanwhile. Fails with the group's first error, which
   * may be the reason of `cancel`; later ones are not told. Whoever is aborted waits no longer; the group goes on.
   * @throws (rejects) the first error; the signal's reason
   */
  wait(options?: WaitOptions): Operation<void> {
    const end = obstacle(options);
    if (end !== null) return failed(end.reason);
    if (this.size > 0) return waitIn(this.waiters, undefined, options);
    const failure = this.failed();
    return failure === null ? done(undefined) : failed(failure.reason);
  }

  /** Why the group has failed, if it has. */
  private failed(): Reason | null {
    if (this.failure === null && this.ctx.aborted) this.failure = { reason: this.ctx.reason };
    return this.failure;
  }

  /** Ends with the context, from now on. */
  private follow(): Reason | null {
    const failure = this.failed();
    if (failure === null) this.unfollow ??= addAbortAlgorithm(this.ctx, () => this.stopAll(this.ctx.reason));
    return failure;
  }

  private launch(routine: BaseRoutine): void {
    this.running.add(routine);
    launch(routine);
  }

  private launchQueued(): void {
    while (this.running.size < this.limit) {
      const routine = this.queued.shift();
      if (routine === undefined) return;
      this.launch(routine);
    }
  }

  /** A routine is over. Its error is the group's, so nobody else need look after it. */
  private ended(routine: BaseRoutine, failure: Reason | null): boolean {
    this.running.delete(routine);
    if (failure !== null && this.failure === null && !routine.wasCancelled) {
      this.failure = failure;
      this.cancelContext(failure.reason);
    }
    this.launchQueued();
    if (this.size === 0) this.release();
    return true;
  }

  private stopAll(reason: unknown): void {
    this.failure ??= { reason };
    for (const routine of [...this.running]) routine.cancel(reason);
    this.queued.retain((routine) => {
      routine.cancel(reason);
      return true;
    });
  }

  private release(): void {
    const { waiters, failure, unfollow } = this;
    this.unfollow = null;
    if (unfollow !== null) unfollow();
    waiters.drain((waiter) => (failure === null ? waiter.grant(undefined) : waiter.refuse(failure.reason)));
  }
}

/** @throws LanesError `ERR_INVALID_ARGUMENT` for a limit that is none */
function readLimit(limit: unknown): number {
  if (limit === Infinity || (typeof limit === 'number' && limit >= 1 && limit % 1 === 0)) return limit;
  const message = `the limit of a Group is an integer above 0, or Infinity, not ${String(limit)}`;
  throw new LanesError('ERR_INVALID_ARGUMENT', message, { value: limit });
}

defineInterface(Group, 'Group');
