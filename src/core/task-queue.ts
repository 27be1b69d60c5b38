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

/** Three priorities, each with its continuations ahead of its tasks. */
export const PLACES = 6;

/** The `place` of a task that is in no queue. */
export const NOT_QUEUED = -1;

const SWEEP_FROM = 64;

/**
 * What the pump runs. A subclass carries what it needs to run, so that no closure has to be made for it.
 *
 * Four fields and a slot: 64 bytes a queued task in V8 without pointer compression, half of that with it. The fields
 * stay small integers as long as `postedMs` and `key` do (both are counted from the pump's start).
 */
export abstract class QueuedTask {
  /** The order key, minted once. */
  key = 0;
  /** Which slot of which queue holds it; see the file's head. */
  place = NOT_QUEUED;
  /** When it was posted, in whole milliseconds of the pump's clock. */
  postedMs = 0;

  /** Whether it still waits to be run. */
  get queued(): boolean {
    return this.place !== NOT_QUEUED;
  }

  /** Runs it, once. Throwing is reported to the host. */
  abstract execute(): void;

  /** Lets go of what it holds, because it was cancelled. */
  abstract discard(): void;
}

/** A task that calls a function. */
export class CallbackTask extends QueuedTask {
  constructor(private callback: (() => void) | null) {
    super();
  }

  execute(): void {
    const callback = this.callback;
    this.callback = null;
    if (callback !== null) callback();
  }

  discard(): void {
    this.callback = null;
  }
}

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

  constructor(readonly index: number) {}

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

  private sweep(): void {
    this.ring.retain((task) => task.place === this.index);
    if (this.moved !== null) this.moved.retain((slot) => slot.place === slot.task.place);
    this.dead = 0;
  }
}
