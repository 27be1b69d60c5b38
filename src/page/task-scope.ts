/**
 * A task scope: what a page or a component has of the scheduler.
 *
 * Invariants
 * - Whatever waits in a scope has one of its signals: that of a leader (one a priority, made at its first use), or one
 *   that aborts with the scope and with the caller's own signal.
 * - A leader has its own priority while the scope is shown and `background` while it is hidden. Tasks follow; the keys
 *   of their order are minted once, so each comes back to where it was.
 * - A closed scope has aborted all of them, holds none and makes no more.
 */
import { AbortController } from '../core/abort.js';
import type { AbortSignal, AbortSignalLike } from '../core/abort.js';
import { DOMException } from '../core/dom-exception.js';
import type { Rank } from '../core/pump.js';
import { callable, defineInterface, dictionary } from '../core/webidl.js';
import { currentRuntime } from '../host/runtime.js';
import type { IterationOptions } from '../scheduler/iteration.js';
import type { PostTaskOptions } from '../scheduler/scheduler-options.js';
import { scheduler } from '../scheduler/scheduler.js';
import type { ScheduledTask } from '../scheduler/scheduler.js';
import { SchedulingState, rankFor } from '../scheduler/scheduling-state.js';
import { taskPriorities } from '../scheduler/task-priority.js';
import type { TaskPriority } from '../scheduler/task-priority.js';
import { TaskController, TaskSignal, isTaskSignal } from '../scheduler/task-signal.js';
import { ScopedTask } from './scoped-task.js';

/** Decides the priority of all tasks that were posted at one priority. */
interface Leader {
  readonly controller: TaskController;
  readonly state: SchedulingState;
}

/** What `scheduleTask` of a closed scope gives. */
const notQueued: ScheduledTask = { queued: false, cancel: () => false };

/**
 * Tasks that belong to something which ends, such as a page: they are cancelled when it is closed, and wait behind those
 * of others while it is hidden. `withTasks` gives one to each page and `taskBehavior` to each component, as `this.tasks`;
 * it can be used by itself as well.
 * @example
 * const tasks = new TaskScope();
 * const sum = await tasks.postTask(function* () {
 *   let total = 0;
 *   for (const row of rows) {
 *     total += row.price;
 *     yield;
 *   }
 *   return total;
 * });
 * tasks.close();
 */
export class TaskScope {
  private readonly controller = new AbortController();
  /** By rank. */
  private leaders: Leader[] = [];
  /** The signals that this scope gave to tasks. */
  private readonly given = new WeakSet();
  private hidden = false;

  /**
   * Aborts when the scope is closed. For whatever else should end with the page: calls to a worker, requests.
   * @example
   * const rows = await api.search(text, { signal: this.tasks.signal });
   */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.signal.aborted;
  }

  /**
   * As `scheduler.postTask`, within the scope: a task that waits is cancelled by `close()` and is `'background'` while
   * the scope is hidden. A signal given as well cancels the task too; one that carries a priority (a `TaskSignal`)
   * decides it, also while the scope is hidden, unless `priority` is given.
   *
   * @throws (rejects) once the scope is closed: a `DOMException` named `AbortError`. Otherwise as `scheduler.postTask`.
   * @example
   * const rows = await this.tasks.postTask(() => parse(text), { priority: 'background' });
   */
  postTask<T>(callback: () => Generator<unknown, T, undefined>, options?: PostTaskOptions): Promise<T>;
  postTask<T>(callback: () => T, options?: PostTaskOptions): Promise<Awaited<T>>;
  postTask(callback: unknown, options?: PostTaskOptions): Promise<unknown> {
    return this.start(options, (own) => scheduler.postTask(callback as () => unknown, own));
  }

  /**
   * As `scheduler.yield`: what follows goes on in its turn, ahead of the tasks of its priority. In a task of this scope
   * it inherits that task's signal and priority; anywhere else it belongs to the scope from here on.
   * @throws (rejects) a `DOMException` named `AbortError` when the scope is closed, before or meanwhile.
   * @example
   * for (const row of rows) {
   *   show(row);
   *   if (scheduler.shouldYield()) await this.tasks.yield();
   * }
   */
  yield(): Promise<void> {
    if (this.closed) return Promise.reject(this.signal.reason);
    const { pump } = currentRuntime();
    const { context } = pump;
    pump.context = this.stateWithin(context);
    const turn = scheduler.yield();
    pump.context = context;
    return turn;
  }

  /**
   * The callback form of `postTask`: no promise, so nothing rejects when the scope is closed. What `callback` throws is
   * reported to the host. In a closed scope it is not queued and never runs.
   * @throws TypeError when `callback` is no function or `priority` none of the three.
   * @example
   * this.tasks.scheduleTask(() => this.draw(), 'background');
   */
  scheduleTask(callback: () => void, priority?: TaskPriority): ScheduledTask {
    callable(callback);
    const rank = rankFor(currentRuntime().pump, priority);
    return this.closed ? notQueued : new ScopedTask(callback, this.leader(rank).state);
  }

  /** As `scheduler.forEach`, within the scope. */
  forEach<T>(
    items: Iterable<T>,
    visit: (item: T, index: number) => void,
    options?: IterationOptions,
  ): Promise<void> {
    return this.start(options, (own) => scheduler.forEach(items, visit, own));
  }

  /** As `scheduler.map`, within the scope. */
  map<T, R>(
    items: Iterable<T>,
    convert: (item: T, index: number) => R,
    options?: IterationOptions,
  ): Promise<R[]> {
    return this.start(options, (own) => scheduler.map(items, convert, own));
  }

  /** As `scheduler.filter`, within the scope. */
  filter<T>(
    items: Iterable<T>,
    keep: (item: T, index: number) => boolean,
    options?: IterationOptions,
  ): Promise<T[]> {
    return this.start(options, (own) => scheduler.filter(items, keep, own));
  }

  /** As `scheduler.reduce`, within the scope. */
  reduce<T, R>(
    items: Iterable<T>,
    combine: (result: R, item: T, index: number) => R,
    initial: R,
    options?: IterationOptions,
  ): Promise<R> {
    return this.start(options, (own) => scheduler.reduce(items, combine, initial, own));
  }

  /** From now on tasks are `'background'`, those that wait and those to come. Idempotent. */
  hide(): void {
    this.setHidden(true);
  }

  /** From now on tasks have their own priorities again; those that wait go back to their places. Idempotent. */
  show(): void {
    this.setHidden(false);
  }

  /**
   * Cancels all tasks that wait, for good. One that runs is not interrupted; a generator ends at its next `yield`.
   * Idempotent.
   */
  close(): void {
    const { leaders } = this;
    this.leaders = [];
    const reason = new DOMException('its page or component is gone', 'AbortError');
    // First, so that whoever hears of the end cannot post to a scope that is half closed.
    this.controller.abort(reason);
    for (const leader of leaders) if (leader !== undefined) leader.controller.abort(reason);
  }

  private setHidden(hidden: boolean): void {
    this.hidden = hidden;
    this.leaders.forEach(({ controller }, rank) => controller.setPriority(this.priorityAt(rank as Rank)));
  }

  /** What a priority comes to now. */
  private priorityAt(rank: Rank): TaskPriority {
    return this.hidden ? 'background' : taskPriorities[rank];
  }

  private leader(rank: Rank): Leader {
    const known = this.leaders[rank];
    if (known !== undefined) return known;
    const controller = new TaskController({ priority: this.priorityAt(rank) });
    const { signal } = controller;
    this.given.add(signal);
    return (this.leaders[rank] = { controller, state: new SchedulingState(signal, signal) });
  }

  /** The signal of a task, in which all that decides its end and its priority comes together. */
  private signalFor(
    signal: AbortSignalLike | undefined,
    priority: TaskPriority | undefined,
  ): AbortSignalLike {
    const rank = rankFor(currentRuntime().pump, priority);
    if (this.closed) return this.signal;
    const follows = priority === undefined && isTaskSignal(signal);
    const source = follows ? signal : this.leader(rank).controller.signal;
    if (signal === undefined) return source;
    const joined = TaskSignal.any([this.signal, signal], { priority: source });
    this.given.add(joined);
    return joined;
  }

  /** Starts what takes options, with the scope's signal in them; what is wrong about them rejects. */
  private start<T>(options: unknown, begin: (own: IterationOptions) => Promise<T>): Promise<T> {
    try {
      const { delay, onProgress, priority, signal } = dictionary(options) as PostTaskOptions &
        IterationOptions;
      const own = { delay, onProgress, signal: this.signalFor(signal, priority) };
      return begin(own);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** What `yield` inherits where `context` is what the running task says of itself. */
  private stateWithin(context: unknown): SchedulingState {
    if (!(context instanceof SchedulingState)) return this.leader(currentRuntime().pump.defaultRank).state;
    const { signal, rank } = context;
    if (signal === null) return this.leader(rank).state;
    if (this.given.has(signal)) return context;
    const joined = this.signalFor(signal, taskPriorities[rank]) as TaskSignal; // Invariant: open, see `yield`.
    return new SchedulingState(joined, joined);
  }
}

// Its name survives minification, as those of all public classes.
defineInterface(TaskScope, 'TaskScope');
