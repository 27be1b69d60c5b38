/**
 * The tasks behind promises: what `postTask` and `yield` put on the pump.
 *
 * Invariants: a task's promise settles once, by result, exception or abort, whichever is first; a task whose signal
 * aborts leaves pump and timer queue at once; a task belongs to its signal's group from posting to the end of its run.
 */
import { ASYNC_HOPS, PLAIN_HOPS } from '../core/pump.js';
import type { Rank } from '../core/pump.js';
import { QueuedTask } from '../core/task-queue.js';
import type { TimerEntry } from '../core/timer-queue.js';
import type { Runtime } from '../host/runtime.js';
import type { SchedulingState } from './scheduling-state.js';

/** A task with a promise and a state. */
export abstract class PromiseTask extends QueuedTask {
  /** Set while the task waits for its delay. */
  timer: TimerEntry | null = null;

  constructor(
    protected readonly runtime: Runtime,
    readonly state: SchedulingState,
    protected readonly resolve: (value: unknown) => void,
    protected readonly reject: (reason: unknown) => void,
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
    this.timer = this.runtime.timers.after(delayMs, () => this.enqueue(false));
  }

  /** The signal aborted. Whatever runs on is not heard any more: the promise has its outcome. */
  abort(reason: unknown): void {
    const { pump, timers } = this.runtime;
    if (this.timer !== null) timers.cancel(this.timer);
    this.timer = null;
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
  execute(): void {
    const { pump } = this.runtime;
    this.state.leave(this);
    // What goes on after the `await` runs in the jobs that are let through next.
    pump.context = this.state;
    this.resolve(undefined);
    pump.letJobsRun(ASYNC_HOPS);
  }

  discard(): void {
    // Holds nothing but its promise.
  }
}

function isThenable(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}

/** A callback given to `postTask`. */
export class PostedTask extends PromiseTask {
  constructor(
    runtime: Runtime,
    state: SchedulingState,
    private callback: (() => unknown) | null,
    resolve: (value: unknown) => void,
    reject: (reason: unknown) => void,
  ) {
    super(runtime, state, resolve, reject);
  }

  execute(): void {
    const { callback, state } = this;
    const { pump } = this.runtime;
    this.callback = null;
    if (callback === null) return;
    pump.context = state;
    let hops = PLAIN_HOPS;
    try {
      const result = callback();
      // An async function may go on in the jobs that are let through next; nothing else of the task can.
      if (isThenable(result)) hops = ASYNC_HOPS;
      else pump.context = null;
      this.resolve(result);
    } catch (error) {
      pump.context = null;
      this.reject(error);
    }
    state.leave(this);
    pump.letJobsRun(hops);
  }

  discard(): void {
    this.callback = null;
  }
}
