/**
 * `Scheduler`, to the letter of Prioritized Task Scheduling, and what slicing adds to it.
 * https://wicg.github.io/scheduling-apis/#sec-scheduler
 */
import { isAbortSignal } from '../core/abort.js';
import type { AbortSignalLike } from '../core/abort.js';
import { QueuedTask } from '../core/task-queue.js';
import {
  defineInterface,
  dictionary,
  illegalConstructor,
  illegalInvocation,
  notA,
  required,
  unsignedLongLong,
} from '../core/webidl.js';
import type { Slot } from '../core/webidl.js';
import { currentRuntime } from '../host/runtime.js';
import { filterSteps, forEachSteps, mapSteps, reduceSteps } from './iteration.js';
import type { IterationOptions, Progress } from './iteration.js';
import { ContinuationTask, PostedTask } from './posted-task.js';
import type { PostTaskOptions } from './scheduler-options.js';
import { SchedulingState, plainState, priorityOf, rankOf } from './scheduling-state.js';
import { SteppedTask, isGeneratorFunction } from './stepped-task.js';
import type { Steps } from './stepped-task.js';
import { taskPriority } from './task-priority.js';
import type { TaskPriority } from './task-priority.js';
import { isTaskSignal } from './task-signal.js';

/** A task of the callback form, as `scheduleTask` gives it. */
export interface ScheduledTask {
  /** Whether it still waits. */
  readonly queued: boolean;
  /** Takes it out of its queue, in constant time; false when it ran or was cancelled before. */
  cancel(): boolean;
}

class HandleTask extends QueuedTask implements ScheduledTask {
  constructor(private callback: (() => void) | null) {
    super();
  }

  execute(): void {
    const { callback } = this;
    this.callback = null;
    if (callback !== null) callback();
  }

  discard(): void {
    this.callback = null;
  }

  cancel(): boolean {
    return currentRuntime().pump.cancel(this);
  }
}

const secret = {};
const slot = Symbol('Scheduler');

function checkBrand(scheduler: unknown): void {
  const state = (scheduler as { [slot]?: Slot } | null | undefined)?.[slot];
  if (state === undefined || state.owner !== scheduler) illegalInvocation();
}

function callable(value: unknown): () => unknown {
  if (typeof value !== 'function') throw notA('a function', value);
  return value as () => unknown;
}

interface Converted {
  readonly delayMs: number;
  readonly state: SchedulingState;
}

/** Reads the members in the order of their names, as a dictionary's conversion does. */
function convertOptions(options: unknown): Converted {
  const members = dictionary(options);
  const { delay } = members;
  const delayMs = delay === undefined ? 0 : unsignedLongLong(delay);
  const { priority: givenPriority } = members;
  const priority = givenPriority === undefined ? undefined : taskPriority(givenPriority);
  const { signal } = members;
  if (signal !== undefined && !isAbortSignal(signal)) throw notA('an AbortSignal', signal);
  return { delayMs, state: stateOf(signal, priority) };
}

/** `'user-visible'`, but inside of `runUrgently`. */
function defaultPriority(): TaskPriority {
  return priorityOf(currentRuntime().pump.defaultRank);
}

function stateOf(signal: AbortSignalLike | undefined, priority: TaskPriority | undefined): SchedulingState {
  if (signal === undefined) return plainState(priority ?? defaultPriority());
  return new SchedulingState(signal, priority ?? (isTaskSignal(signal) ? signal : defaultPriority()));
}

type Settle = (value: unknown) => void;

function post(callback: () => unknown, { delayMs, state }: Converted): Promise<unknown> {
  if (state.signal?.aborted) return Promise.reject(state.signal.reason);
  const runtime = currentRuntime();
  return new Promise((resolve: Settle, reject) => {
    const task = isGeneratorFunction(callback)
      ? new SteppedTask(runtime, state, callback as () => Steps<unknown>, resolve, reject)
      : new PostedTask(runtime, state, callback, resolve, reject);
    if (delayMs > 0) task.enqueueAfter(delayMs);
    else task.enqueue(false);
  });
}

function runSteps<T>(options: unknown, start: (progress: Progress) => Steps<T>): Promise<T> {
  const { state } = convertOptions(options);
  if (state.signal?.aborted) return Promise.reject(state.signal.reason);
  const { onProgress } = dictionary(options) as IterationOptions;
  const progress: Progress = { done: 0, total: undefined };
  const onPause = onProgress === undefined ? undefined : () => onProgress(progress.done, progress.total);
  return new Promise((resolve, reject) => {
    const begin = (): Steps<T> => start(progress);
    new SteppedTask(currentRuntime(), state, begin, resolve as Settle, reject, onPause).enqueue(false);
  });
}

/** As `runSteps`, and rejects with what is wrong about the arguments. */
function iterate<T>(
  scheduler: Scheduler,
  options: unknown,
  start: (progress: Progress) => Steps<T>,
): Promise<T> {
  try {
    checkBrand(scheduler);
    return runSteps(options, start);
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * Runs tasks by priority, in slices that leave the thread to others every few milliseconds.
 * @see https://wicg.github.io/scheduling-apis/#sec-scheduler
 */
export class Scheduler {
  /** @internal */
  constructor(key: unknown = undefined) {
    if (key !== secret) illegalConstructor();
    (this as { [slot]?: Slot })[slot] = { owner: this };
  }

  /**
   * Runs `callback` as a task of its priority and gives a promise of what it returns or throws.
   *
   * A generator function is stepped until the slice ends and goes on in the next, ahead of the tasks of its priority:
   * a bare `yield` in a loop is all that slicing takes. Its promise is of what the generator returns.
   *
   * Aborting the signal rejects the promise with the signal's reason; a task that waits is forgotten, one that runs
   * is not interrupted (a generator is closed at its next `yield`).
   *
   * @throws (rejects) TypeError for arguments of the wrong kind, with the code `ERR_UNKNOWN_PRIORITY` for a priority
   * that is none; the signal's reason; what `callback` throws.
   * @example
   * const controller = new TaskController({ priority: 'background' });
   * const total = await scheduler.postTask(function* () {
   *   let sum = 0;
   *   for (const row of rows) {
   *     sum += row.price;
   *     yield;
   *   }
   *   return sum;
   * }, { signal: controller.signal });
   * @see https://wicg.github.io/scheduling-apis/#dom-scheduler-posttask
   */
  postTask<T>(callback: () => Generator<unknown, T, undefined>, options?: PostTaskOptions): Promise<T>;
  postTask<T>(callback: () => T, options?: PostTaskOptions): Promise<Awaited<T>>;
  postTask(callback: unknown, options: unknown = {}): Promise<unknown> {
    // An operation that returns a promise throws nothing: https://webidl.spec.whatwg.org/#dfn-create-operation-function
    try {
      checkBrand(this);
      required(arguments.length, 1);
      return post(callable(callback), convertOptions(options));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Lets others run: the code after `await scheduler.yield()` goes on in its turn, ahead of the tasks of its priority.
   *
   * It inherits signal and priority of the task that yields: in the part of a task before its first `await`, and after
   * an `await` of `yield()` itself. Where neither can be tracked (after waiting for something else) it is
   * `'user-visible'`, without a signal.
   *
   * @throws (rejects) the reason of the inherited signal, when that aborts.
   * @example
   * await scheduler.postTask(async () => {
   *   for (const row of rows) {
   *     show(row);
   *     if (scheduler.shouldYield()) await scheduler.yield();
   *   }
   * });
   * @see https://wicg.github.io/scheduling-apis/#dom-scheduler-yield
   */
  yield(): Promise<void> {
    try {
      checkBrand(this);
      const runtime = currentRuntime();
      const { context } = runtime.pump;
      const state = context instanceof SchedulingState ? context : plainState(defaultPriority());
      if (state.signal?.aborted) return Promise.reject(state.signal.reason);
      return new Promise<void>((resolve, reject) => {
        new ContinuationTask(runtime, state, resolve as Settle, reject).enqueue(true);
      });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Whether this slice's time is up: then `yield`, or return and post the rest. A reading of the clock. */
  shouldYield(): boolean {
    checkBrand(this);
    return currentRuntime().pump.shouldYield();
  }

  /** Milliseconds left in this slice, not below zero. */
  timeRemaining(): number {
    checkBrand(this);
    return currentRuntime().pump.timeRemaining();
  }

  /**
   * The callback form of `postTask`, for hot paths: same queues, no promise, no signal. What `callback` throws is
   * reported to the host.
   * @throws TypeError when `callback` is no function or `priority` none of the three.
   * @example
   * const task = scheduler.scheduleTask(() => draw(), 'background');
   * task.cancel();
   */
  scheduleTask(callback: () => void, priority: TaskPriority = defaultPriority()): ScheduledTask {
    checkBrand(this);
    const task = new HandleTask(callable(callback));
    currentRuntime().pump.enqueue(rankOf(taskPriority(priority)), task);
    return task;
  }

  /**
   * Calls `visit` for each item, in slices.
   * @throws (rejects) what `visit` or the iterable throws; the signal's reason. The iterable is closed then.
   * @example
   * await scheduler.forEach(rows, (row, index) => draw(row, index), { signal, onProgress: (done) => bar.set(done) });
   */
  forEach<T>(
    items: Iterable<T>,
    visit: (item: T, index: number) => void,
    options?: IterationOptions,
  ): Promise<void> {
    return iterate(this, options, (progress) => forEachSteps(items, visit, progress));
  }

  /** Gives the array of what `convert` makes of each item, in slices. As `forEach` otherwise. */
  map<T, R>(
    items: Iterable<T>,
    convert: (item: T, index: number) => R,
    options?: IterationOptions,
  ): Promise<R[]> {
    return iterate(this, options, (progress) => mapSteps(items, convert, progress));
  }

  /** Gives the array of the items that `keep` says yes to, in slices. As `forEach` otherwise. */
  filter<T>(
    items: Iterable<T>,
    keep: (item: T, index: number) => boolean,
    options?: IterationOptions,
  ): Promise<T[]> {
    return iterate(this, options, (progress) => filterSteps(items, keep, progress));
  }

  /** Gives what `combine` makes of `initial` and all items, one after another, in slices. As `forEach` otherwise. */
  reduce<T, R>(
    items: Iterable<T>,
    combine: (result: R, item: T, index: number) => R,
    initial: R,
    options?: IterationOptions,
  ): Promise<R> {
    return iterate(this, options, (progress) => reduceSteps(items, combine, initial, progress));
  }
}

defineInterface(Scheduler, 'Scheduler');

/**
 * The scheduler of this thread.
 * @example
 * scheduler.postTask(() => console.log('soon'), { priority: 'user-blocking' });
 */
export const scheduler: Scheduler = new Scheduler(secret);
