/**
 * The tasks behind promises: what `postTask` and `yield` put on the pump.
 *
 * Invariants: a task's promise settles once, by result, exception or abort, whichever is first; a task whose signal
 * aborts leaves pump and timer queue at once; a task belongs to its signal's group from posting to the end of its run.
 */
import { ASYNC_HOPS, PLAIN_HOPS } from '../core/pump.js';
import { QueuedTask } from '../core/task.js';
import type { Rank, TaskRunner } from '../core/task.js';
import type { TimerEntry } from '../core/timer-queue.js';
import type { Runtime } from '../host/runtime.js';
import { fullQueue, plainState } from './scheduling-state.js';
import type { SchedulingState } from './scheduling-state.js';

/** Settles a promise. */
export type Settle = (value: unknown) => void;

function isThenable(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}

/** Counts an async task of user-blocking priority until it ends. */
function countUrgent(runner: TaskRunner, result: unknown): void {
  // A thenable of the user's own is not called a second time for that.
  if (runner.rank > 0 || !(result instanceof Promise)) return;
  const end = (): void => {
    runner.urgentUnderWay--;
  };
  runner.urgentUnderWay++;
  result.then(end, end);
}

/** Calls `callback` in the name of `state`; without `reject` a promise is rejected by resolving it with one that is. */
function call(
  runner: TaskRunner,
  state: SchedulingState,
  callback: () => unknown,
  resolve: Settle,
  reject: Settle | null,
): void {
  let hops = PLAIN_HOPS;
  runner.context = state;
  try {
    const result = callback();
    // An async function may go on in the jobs that are let through next; nothing else of the task can.
    if (isThenable(result)) {
      hops = ASYNC_HOPS;
      countUrgent(runner, result);
    } else runner.context = null;
    resolve(result);
  } catch (error) {
    runner.context = null;
    if (reject !== null) reject(error);
    else {
      hops = ASYNC_HOPS;
      resolve(Promise.reject(error));
    }
  }
  runner.letJobsRun(hops);
}

/**
 * A callback without signal or delay: the usual case. It keeps one of the promise's two functions, because what a queued
 * task keeps is what it costs: in V8 the pair takes twice the bytes, and a third of the time that 100,000 posts take.
 */
export class PlainTask extends QueuedTask {
  static readonly kept: PlainTask = new PlainTask(null, () => undefined);

  constructor(
    private callback: (() => unknown) | null,
    private readonly resolve: Settle,
  ) {
    super();
  }

  execute(runner: TaskRunner): void {
    const { callback } = this;
    this.callback = null;
    if (callback !== null) call(runner, plainState(runner.rank), callback, this.resolve, null);
  }

  discard(): void {
    this.callback = null;
  }
}

/** A task with a state, whose promise somebody may settle before it runs. */
export abstract class PromiseTask extends QueuedTask {
  /** Set while the task waits for its delay. */
  private timer: TimerEntry | null = null;

  constructor(
    protected readonly runtime: Runtime,
    readonly state: SchedulingState,
    protected readonly resolve: Settle,
    protected readonly reject: Settle,
  ) {
    super();
    state.join(this);
  }

  /** Puts the task on the pump. */
  enqueue(continuation: boolean): void {
    this.timer = null;
    this.runtime.pump.enqueue(this.state.rank, this, continuation);
  }

  /** Waits for `delayMs` first. */
  enqueueAfter(delayMs: number): void {
    this.timer = this.runtime.timers.after(delayMs, () => {
      const full = fullQueue(this.runtime.pump, this.state.rank);
      if (full === null) this.enqueue(false);
      else this.abort(full);
    });
  }

  /** Its signal aborted, or it is dropped. Whatever runs on is not heard any more: the promise has its outcome. */
  abort(reason: unknown): void {
    const { pump, timers } = this.runtime;
    if (this.timer !== null) timers.cancel(this.timer);
    this.timer = null;
    this.state.leave(this);
    if (!pump.cancel(this)) this.discard();
    this.reject(reason);
    pump.letJobsRun();
  }

  /** The signal's priority changed. A task that waits for its delay looks at it when that is over. */
  move(rank: Rank): void {
    this.runtime.pump.reprioritise(this, rank);
  }
}

/** The continuation of whoever called `yield()`. */
export class ContinuationTask extends PromiseTask {
  execute(runner: TaskRunner): void {
    this.state.leave(this);
    // What goes on after the `await` runs in the jobs that are let through next.
    runner.context = this.state;
    this.resolve(undefined);
    runner.letJobsRun(ASYNC_HOPS);
  }

  discard(): void {
    // Holds nothing but its promise.
  }
}

/** A callback with a signal or a delay. */
export class PostedTask extends PromiseTask {
  constructor(
    runtime: Runtime,
    state: SchedulingState,
    private callback: (() => unknown) | null,
    resolve: Settle,
    reject: Settle,
  ) {
    super(runtime, state, resolve, reject);
  }

  execute(runner: TaskRunner): void {
    const { callback, state } = this;
    this.callback = null;
    if (callback !== null) call(runner, state, callback, this.resolve, this.reject);
    state.leave(this);
  }

  discard(): void {
    this.callback = null;
  }
}
