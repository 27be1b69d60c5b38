/**
 * `Scheduler`, to the letter of Prioritized Task Scheduling, and what slicing adds to it.
 * https://wicg.github.io/scheduling-apis/#sec-scheduler
 */
import { isAbortSignal } from '../core/abort.js';
import type { AbortSignalLike } from '../core/abort.js';
import { CallbackTask } from '../core/task.js';
import type { Rank } from '../core/task.js';
import {
  callable,
  defineInterface,
  dictionary,
  illegalConstructor,
  internalSlot,
  notA,
  required,
  unsignedLongLong,
} from '../core/webidl.js';
import type { Slot } from '../core/webidl.js';
import { currentRuntime } from '../host/runtime.js';
import type { Runtime } from '../host/runtime.js';
import { filterSteps, forEachSteps, mapSteps, reduceSteps } from './iteration.js';
import type { IterationOptions, Progress } from './iteration.js';
import { ContinuationTask, PlainTask, PostedTask } from './posted-task.js';
import type { Settle } from './posted-task.js';
import type { PostTaskOptions } from './scheduler-options.js';
import { readStats } from './scheduler-stats.js';
import type { SchedulerStats } from './scheduler-stats.js';
import { SchedulingState, checkRoom, plainState, rankFor, rankOf } from './scheduling-state.js';
import { SteppedTask, isGeneratorFunction } from './stepped-task.js';
import type { Steps } from './stepped-task.js';
import { taskPriorities } from './task-priority.js';
import type { TaskPriority } from './task-priority.js';
import { isTaskSignal } from './task-signal.js';
import { tune } from './tuning.js';
import type { SchedulerTuning } from './tuning.js';

/** A task of the callback form, as `scheduleTask` gives it. */
export interface ScheduledTask {
  /** Whether it still waits. */
  readonly queued: boolean;
  /** Takes it out of its queue, in constant time; false when it ran or was cancelled before. */
  cancel(): boolean;
}

class HandleTask extends CallbackTask implements ScheduledTask {
  static readonly kept: HandleTask = new HandleTask(null);

  cancel(): boolean {
    return currentRuntime().pump.cancel(this);
  }
}

const secret = {};
const slot = internalSlot<Slot>();

/** What the members of the options say. Read in the order of their names, as a dictionary's conversion does. */
interface Converted {
  readonly delayMs: number;
  readonly rank: Rank;
  /** `null` without a signal: then nothing but the rank matters. */
  readonly state: SchedulingState | null;
}

const noOptions = {};

function convertOptions(runtime: Runtime, options: unknown): Converted {
  const { defaultRank } = runtime.pump;
  if (options === noOptions) return { delayMs: 0, rank: defaultRank, state: null };
  const members = dictionary(options);
  const { delay } = members;
  const delayMs = delay === undefined ? 0 : unsignedLongLong(delay);
  const { priority } = members;
  const rank = priority === undefined ? null : rankOf(priority);
  const { signal } = members;
  if (signal === undefined) return { delayMs, rank: rank === null ? defaultRank : rank, state: null };
  if (!isAbortSignal(signal)) throw notA('an AbortSignal', signal);
  const state = stateOf(signal, rank, defaultRank);
  return { delayMs, rank: state.rank, state };
}

function stateOf(signal: AbortSignalLike, rank: Rank | null, defaultRank: Rank): SchedulingState {
  if (rank === null && isTaskSignal(signal)) return new SchedulingState(signal, signal);
  return new SchedulingState(signal, taskPriorities[rank === null ? defaultRank : rank]);
}

let resolveMade: Settle;
let rejectMade: Settle;
/** One function for all promises: a closure for each would be one more thing to make for a task. */
const capture = (resolve: Settle, reject: Settle): void => {
  resolveMade = resolve;
  rejectMade = reject;
};

/** For who needs no `reject`: engines that see it unused do not make it. */
const captureResolve = (resolve: Settle): void => {
  resolveMade = resolve;
};

/** `start` gives the steps of a generator where `stepped` says so, which `onPause` hears of at the end of each slice. */
function post(
  start: () => unknown,
  options: unknown,
  stepped: boolean,
  onPause?: () => void,
): Promise<unknown> {
  const runtime = currentRuntime();
  const { delayMs, rank, state } = convertOptions(runtime, options);
  const { pump } = runtime;
  if (state !== null && state.signal !== null && state.signal.aborted) throw state.signal.reason;
  if (delayMs === 0) checkRoom(pump, rank);
  if (!stepped && state === null && delayMs === 0) {
    const plain = new Promise(captureResolve);
    pump.enqueue(rank, new PlainTask(start, resolveMade));
    return plain;
  }
  const promise = new Promise(capture);
  const given = state || plainState(rank);
  const task = stepped
    ? new SteppedTask(runtime, given, start as () => Steps<unknown>, resolveMade, rejectMade, onPause)
    : new PostedTask(runtime, given, start, resolveMade, rejectMade);
  if (delayMs > 0) task.enqueueAfter(delayMs);
  else task.enqueue(false);
  return promise;
}

function iterate<T>(
  scheduler: Scheduler,
  options: unknown,
  start: (progress: Progress) => Steps<T>,
): Promise<T> {
  try {
    slot.of(scheduler);
    const { onProgress } = dictionary(options) as IterationOptions;
    const progress: Progress = { done: 0, total: undefined };
    const onPause = onProgress === undefined ? undefined : () => onProgress(progress.done, progress.total);
    return post(() => start(progress), options, true, onPause) as Promise<T>;
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
    slot.put({ owner: this });
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
   * that is none; LanesError `ERR_QUEUE_FULL` when `maxQueued` tasks of the priority wait; the signal's reason; what
   * `callback` throws.
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
  postTask(callback: unknown, options: unknown = noOptions): Promise<unknown> {
    // An operation that returns a promise throws nothing: https://webidl.spec.whatwg.org/#dfn-create-operation-function
    try {
      slot.of(this);
      required(arguments.length, 1);
      return post(callable(callback), options, isGeneratorFunction(callback));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Lets others run: the code after `await scheduler.yield()` goes on in its turn, ahead of the tasks of its priority.
   *
   * It inherits signal and priority of the task that yields: in the part of a task before its first `await`, and after
   * an `await` of `yield()` itself. No engine tells who goes on after an `await` of something else; there it has no
   * signal, and is `'user-blocking'` while a user-blocking async task is under way, which may be the one that yields,
   * and `'user-visible'` otherwise.
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
      slot.of(this);
      const runtime = currentRuntime();
      const { context, defaultRank, urgentUnderWay } = runtime.pump;
      const untold = plainState(urgentUnderWay > 0 ? 0 : defaultRank);
      const state = context instanceof SchedulingState ? context : untold;
      if (state.signal !== null && state.signal.aborted) throw state.signal.reason;
      const promise = new Promise(capture) as Promise<void>;
      new ContinuationTask(runtime, state, resolveMade, rejectMade).enqueue(true);
      runtime.pump.runSliceSoon();
      return promise;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Whether this slice's time is up: then `yield`, or return and post the rest. A reading of the clock. */
  shouldYield(): boolean {
    slot.of(this);
    return currentRuntime().pump.shouldYield();
  }

  /** Milliseconds left in this slice, not below zero. */
  timeRemaining(): number {
    slot.of(this);
    return currentRuntime().pump.timeRemaining();
  }

  /**
   * The callback form of `postTask`, for hot paths: same queues, no promise, no signal. What `callback` throws is
   * reported to the host.
   * @param priority - @defaultValue `'user-visible'`
   * @throws TypeError when `callback` is no function or `priority` none of the three; LanesError `ERR_QUEUE_FULL`.
   * @example
   * const task = scheduler.scheduleTask(() => draw(), 'background');
   * task.cancel();
   */
  scheduleTask(callback: () => void, priority?: TaskPriority): ScheduledTask {
    slot.of(this);
    const { pump } = currentRuntime();
    const rank = rankFor(pump, priority);
    const task = new HandleTask(callable(callback));
    checkRoom(pump, rank);
    pump.enqueue(rank, task);
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

  /**
   * Changes how the scheduler works, from now on and for all that uses it; what is not named stays as it is.
   * @throws LanesError `ERR_INVALID_ARGUMENT` for a number out of range; nothing is changed then.
   * @example
   * scheduler.configure({ sliceMs: { background: 3 }, maxQueued: 10000, stats: true });
   */
  configure(tuning: SchedulerTuning): void {
    slot.of(this);
    tune(currentRuntime(), tuning);
  }

  /**
   * What was measured since `configure({ stats: true })`, and how many tasks wait now.
   * @example
   * const { priorities, longestBlockMs } = scheduler.stats();
   * console.log(priorities['user-blocking'].waitMs.p99, longestBlockMs);
   */
  stats(): SchedulerStats {
    slot.of(this);
    return readStats(currentRuntime());
  }
}

defineInterface(Scheduler, 'Scheduler');

/**
 * The scheduler of this thread.
 * @example
 * scheduler.postTask(() => console.log('soon'), { priority: 'user-blocking' });
 */
export const scheduler: Scheduler = new Scheduler(secret);
