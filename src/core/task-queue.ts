/**
 * The queue of one priority: a ring of task records, beside it a heap for the few whose priority was changed.
 *
 * Invariants: a task lies in this queue if and only if `task.place` names the slot it lies in: `index` for the ring,
 * `index + PLACES * n` (n ≥ 1, new at each move) for the heap. Any other slot that points to it is dead and is skipped
 * when reached; `dead` counts them, and when they outnumber the living they are swept out. So cancelling and moving
 * touch one number each, and no queue keeps more dead slots than living ones (plus {@link SWEEP_FROM}).
 *
 * A task that comes back to a priority goes by its key, minted once when it was posted: A, B stay A, B.
 */
import { Heap } from './heap.js';
import type { HeapItem } from './heap.js';
import { Ring } from './ring.js';
import { NOT_QUEUED } from './task.js';
import type { QueuedTask, Rank } from './task.js';

/** Three priorities, each with its continuations ahead of its tasks. */
export const PLACES = 6;

const SWEEP_FROM = 64;

/** A task's slot in the heap of those that were moved. */
interface MovedTask extends HeapItem {
  readonly task: QueuedTask;
  readonly place: number;
}

/** Tasks of one place in the order of their keys. */
export class TaskQueue {
  /** Tasks that wait here. */
  length = 0;
  private dead = 0;
  private readonly ring = new Ring<QueuedTask>();
  private moved: Heap<MovedTask> | null = null;

  readonly rank: Rank;

  constructor(readonly index: number) {
    this.rank = (index >> 1) as Rank;
  }

  /** Appends `task`, whose key is the highest so far. */
  push(task: QueuedTask): void {
    task.place = this.index;
    this.ring.push(task);
    this.length++;
  }

  /** Puts `task` where its key belongs; `move` is a number above zero that was never used before. */
  insert(task: QueuedTask, move: number): void {
    const place = this.index + PLACES * move;
    task.place = place;
    if (this.moved === null) this.moved = new Heap<MovedTask>((a, b) => a.task.key < b.task.key);
    this.moved.push({ task, place, heapIndex: -1 });
    this.length++;
  }

  /** Says that `task`, which was here, is not any more; its `place` has been changed already. */
  forget(): void {
    this.length--;
    if (++this.dead > this.length + SWEEP_FROM) this.sweep();
  }

  /** The next task, left in place. */
  peek(): QueuedTask | undefined {
    if (this.length === 0) return undefined;
    if (this.dead > 0) this.skipDead();
    const first = this.ring.peek();
    const moved = this.moved === null ? undefined : this.moved.peek();
    if (moved === undefined) return first;
    return first === undefined || moved.task.key < first.key ? moved.task : first;
  }

  /** Takes the next task out. */
  take(): QueuedTask | undefined {
    // Nothing cancelled, nothing moved: the usual case, and the hot path.
    const plain = this.dead === 0 && this.moved === null;
    const task = plain ? this.ring.shift() : this.takeAmong();
    if (task === undefined) return undefined;
    task.place = NOT_QUEUED;
    this.length--;
    return task;
  }

  private takeAmong(): QueuedTask | undefined {
    const task = this.peek();
    if (task === undefined) return undefined;
    // Invariant: `peek` skipped the dead, so the task's own slot is the first of the ring or of the heap.
    if (task.place === this.index) this.ring.shift();
    else if (this.moved !== null) this.moved.pop();
    return task;
  }

  private skipDead(): void {
    const { ring, moved, index } = this;
    for (let task = ring.peek(); task !== undefined && task.place !== index; task = ring.peek()) {
      ring.shift();
      this.dead--;
    }
    if (moved === null) return;
    for (let slot = moved.peek(); slot !== undefined && slot.place !== slot.task.place; slot = moved.peek()) {
      moved.pop();
      this.dead--;
    }
  }

  /** Sweeps the dead out and gives the tasks that wait here, in no particular order. */
  sweep(): QueuedTask[] {
    const waiting: QueuedTask[] = [];
    const keep = (task: QueuedTask, place: number): boolean => task.place === place && waiting.push(task) > 0;
    this.ring.retain((task) => keep(task, this.index));
    if (this.moved !== null) this.moved.retain((slot) => keep(slot.task, slot.place));
    this.dead = 0;
    return waiting;
  }
}
