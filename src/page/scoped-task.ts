/**
 * The callback form of a scope's tasks: no promise, so nothing rejects when the page goes.
 *
 * Invariant: a task is in its state's groups exactly while it waits; so a scope holds no task that has run.
 */
import type { Rank } from '../core/pump.js';
import { CallbackTask } from '../core/task.js';
import { currentRuntime } from '../host/runtime.js';
import type { ScheduledTask } from '../scheduler/scheduler.js';
import { checkRoom } from '../scheduler/scheduling-state.js';
import type { SchedulingState, StatefulTask } from '../scheduler/scheduling-state.js';

/** A callback that waits, and that its scope's signal moves and takes out. */
export class ScopedTask extends CallbackTask implements ScheduledTask, StatefulTask {
  constructor(
    callback: () => void,
    private readonly state: SchedulingState,
  ) {
    super(callback);
    const { pump } = currentRuntime();
    checkRoom(pump, state.rank);
    state.join(this);
    pump.enqueue(state.rank, this);
  }

  override execute(): void {
    this.state.leave(this);
    super.execute();
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
