/**
 * The six queues of the pump: three priorities, each with its continuations ahead of its tasks.
 *
 * Invariant: a task waits in one queue at most, the one that its `place` names.
 *
 *      place   0                1              2                3             4               5
 *      rank    user-blocking                   user-visible                   background
 *              continuations    tasks          continuations    tasks         continuations   tasks
 */
import type { PostingTimes } from './posting-times.js';
import { PLACES, TaskQueue } from './task-queue.js';
import { NOT_QUEUED } from './task.js';
import type { PerRank, QueuedTask, Rank } from './task.js';

/** Tasks by place, then by key. */
export class TaskQueues {
  /** The rank of the task that was taken last. */
  takenRank: Rank = 1;
  /** How many tasks wait. */
  length = 0;
  private readonly queues: TaskQueue[] = [];
  /** Nothing waits at a lower place. */
  private first = PLACES;
  private nextMove = 1;

  constructor(private readonly times: PostingTimes) {
    for (let place = 0; place < PLACES; place++) this.queues.push(new TaskQueue(place));
  }

  lengthOf(rank: Rank, continuations: boolean): number {
    return this.at(rank * 2 + 1).length + (continuations ? this.at(rank * 2).length : 0);
  }

  waiting(rank: Rank): QueuedTask[] {
    return [...this.at(rank * 2).sweep(), ...this.at(rank * 2 + 1).sweep()];
  }

  /** Appends `task`, whose key is the highest so far. */
  push(task: QueuedTask, rank: Rank, continuation: boolean): void {
    const place = rank * 2 + (continuation ? 0 : 1);
    if (place < this.first) this.first = place;
    this.length++;
    this.at(place).push(task);
  }

  /** Takes `task` out and gives its rank; `null` when it does not wait. */
  cancel(task: QueuedTask): Rank | null {
    if (task.place === NOT_QUEUED) return null;
    const queue = this.at(task.place % PLACES);
    task.place = NOT_QUEUED;
    task.discard();
    this.length--;
    queue.forget();
    return queue.rank;
  }

  /** Moves `task`, if it waits, to where its key belongs in another rank. */
  move(task: QueuedTask, rank: Rank): void {
    if (task.place === NOT_QUEUED) return;
    const from = this.at(task.place % PLACES);
    const to = this.at(rank * 2 + (from.index & 1));
    if (to === from) return;
    if (to.index < this.first) this.first = to.index;
    to.insert(task, this.nextMove++);
    from.forget();
  }

  /** The highest rank of which a task waits; 3 where none does. */
  firstRank(): number {
    return this.firstPlace() >> 1;
  }

  private firstPlace(): number {
    while (this.first < PLACES && this.at(this.first).length === 0) this.first++;
    return this.first;
  }

  /** Takes the next task by place and key. */
  takeFirst(): QueuedTask | undefined {
    const place = this.firstPlace();
    return place < PLACES ? this.takeFrom(this.at(place)) : undefined;
  }

  /** Takes the task that has been expired for longest at `nowMs`, if there is one. */
  takeExpired(nowMs: number, expiryMs: PerRank): QueuedTask | undefined {
    let found: TaskQueue | undefined;
    let earliestMs = nowMs;
    for (let place = this.firstPlace(); place < PLACES; place++) {
      const queue = this.at(place);
      const head = queue.peek();
      if (head === undefined) continue;
      const dueMs = this.times.of(head.key) + expiryMs[queue.rank];
      if (dueMs > earliestMs || (dueMs === earliestMs && found !== undefined)) continue;
      earliestMs = dueMs;
      found = queue;
    }
    return found && this.takeFrom(found);
  }

  private takeFrom(queue: TaskQueue): QueuedTask | undefined {
    this.takenRank = queue.rank;
    this.length--;
    return queue.take();
  }

  private at(place: number): TaskQueue {
    return this.queues[place] as TaskQueue; // Invariant: `place` is from 0 to PLACES - 1.
  }
}
