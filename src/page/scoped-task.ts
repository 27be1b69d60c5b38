/**
 * The callback form of a scope's tasks: no promise, so nothing rejects when the page goes.
 *
 * Invariant: a task is in its state's groups exactly while it waits; so a scope holds no task that has run.
 */
import type { Rank } from '../core/pump.js';
import { QueuedTask } from '../core/task.js';
import { currentRuntime } from '../host/runtime.js';
import type { ScheduledTask } from '../scheduler/scheduler.js';
import { fullQueue } from '../scheduler/scheduling-state.js';
import type { SchedulingState, StatefulTask } from '../scheduler/scheduling-state.js';

/** A callback that waits, and that its scope's signal moves and takes out. */
export class ScopedTask extends QueuedTask implements ScheduledTask, StatefulTask {
  constructor(
    private callback: (() => void) | null,
    private readonly state: SchedulingState,
  ) {
    super();
    const { pump } = currentRuntime();
    const full = fullQueue(pump, state.rank);
    if (full !== null) throw full;
    state.join(this);
    pump.enqueue(state.rank, this);
  }

  execute(): void {
    const { callback } = this;
    this.callback = null;
    this.state.leave(this);
    if (callback !== null) callback();
  }

  discard(): void {
    this.callback = null;
  }

  abort(): void {
    this.cancel();
  }

  move(rank: Rank): void {
    currentRuntime().pump.reprioritise(this, rank);
  }

  cancel(): boolean {
    this.state.leave(this);
    return currentRuntime().pump.cancel(this);
  }
}
