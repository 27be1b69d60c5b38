/**
 * The six queues of the pump: three priorities, each with its continuations ahead of its tasks.
 *
 * Invariant: a task waits in one queue at most, the one that its `place` names.
 *
 *      place   0                1              2                3             4               5
 *      rank    user-blocking                   user-visible                   background
 *              continuations    tasks          continuations    tasks         continuations   tasks
 */
import { NOT_QUEUED, PLACES, TaskQueue } from './task-queue.js';
import type { QueuedTask } from './task-queue.js';

/** A priority as a number: 0 user-blocking, 1 user-visible, 2 background. */
export type Rank = 0 | 1 | 2;

/** Tasks by place, then by key. */
export class TaskQueues {
  private readonly queues: TaskQueue[] = [];
  private nextMove = 1;

  constructor(private readonly expiryMs: readonly [number, number, number]) {
    for (let place = 0; place < PLACES; place++) this.queues.push(new TaskQueue(place));
  }

  /** How many tasks wait. */
  get length(): number {
    let length = 0;
    for (const queue of this.queues) length += queue.length;
    return length;
  }

  /** Appends `task`, whose key is the highest so far. */
  push(task: QueuedTask, rank: Rank, continuation: boolean): void {
    this.at(rank * 2 + (continuation ? 0 : 1)).push(task);
  }

  /** Takes `task` out; false when it does not wait. */
  cancel(task: QueuedTask): boolean {
    if (task.place === NOT_QUEUED) return false;
    const queue = this.at(task.place % PLACES);
    task.place = NOT_QUEUED;
    task.discard();
    queue.forget();
    return true;
  }

  /** Moves `task`, if it waits, to where its key belongs in another rank. */
  move(task: QueuedTask, rank: Rank): void {
    if (task.place === NOT_QUEUED) return;
    const from = this.at(task.place % PLACES);
    const to = this.at(rank * 2 + (from.index & 1));
    if (to === from) return;
    to.insert(task, this.nextMove++);
    from.forget();
  }

  /** Whether a task of a higher priority than `rank` waits. */
  isPreempted(rank: Rank): boolean {
    for (let place = 0; place < rank * 2; place++) if (this.at(place).length > 0) return true;
    return false;
  }

  /** Takes the next task by place and key. */
  takeFirst(): QueuedTask | undefined {
    for (let place = 0; place < PLACES; place++) {
      const queue = this.at(place);
      if (queue.length > 0) return queue.take();
    }
    return undefined;
  }

  /** Takes the task that has been expired for longest at `nowMs`, if there is one. */
  takeExpired(nowMs: number): QueuedTask | undefined {
    return this.findExpired(nowMs)?.take();
  }

  /** The queue whose head has been expired for longest. */
  private findExpired(nowMs: number): TaskQueue | undefined {
    let found: TaskQueue | undefined;
    let earliestMs = nowMs;
    for (const queue of this.queues) {
      const head = queue.peek();
      if (head === undefined) continue;
      const dueMs = head.postedMs + (this.expiryMs[queue.index >> 1] as number); // Invariant: three ranks, three numbers.
      if (dueMs > earliestMs || (dueMs === earliestMs && found !== undefined)) continue;
      earliestMs = dueMs;
      found = queue;
    }
    return found;
  }

  private at(place: number): TaskQueue {
    return this.queues[place] as TaskQueue; // Invariant: `place` is from 0 to PLACES - 1.
  }
}
