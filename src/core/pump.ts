/**
 * The pump: all work that is due in a host turn drains in one slice under one budget.
 *
 * Invariants
 * - At most one host callback is armed, and one is armed whenever a task waits and no slice is open.
 * - A slice belongs to one host turn. It may be left and entered again through promise jobs (a "hop"), so that code
 *   waiting on a promise settled by a task goes on before the next task; nothing but jobs runs between.
 * - Tasks run by place (user-blocking continuations, user-blocking tasks, user-visible continuations, …), and in the
 *   order of their keys within a place; one expired task a slice may run ahead of all, and whose turn it is runs after
 *   it in the same slice.
 * - A task that throws is reported to the host; the pump goes on.
 *
 * @see https://wicg.github.io/scheduling-apis/#sec-scheduler-alg-select-next-task
 */
import { FlushList } from './flush-list.js';
import { defaultTuning } from './pump-host.js';
import type { DueSource, PumpHost, PumpOptions, PumpProbe, PumpTuning } from './pump-host.js';
import { PostingTimes } from './posting-times.js';
import { nextBatch } from './clock-batch.js';
import { SliceBudget } from './slice-budget.js';
import { TaskQueues } from './task-queues.js';
import { CallbackTask } from './task.js';
import type { QueuedTask, Rank, TaskRunner } from './task.js';

export type { DueSource, PumpHost, PumpOptions, PumpTuning } from './pump-host.js';
export type { QueuedTask, Rank } from './task.js';

/**
 * Promise jobs let through between a task that asks for it and the next task. One hop resumes whoever awaits the promise
 * that the task settled; three resume a caller through an `async` function that returned that promise (a job to call
 * `then`, one to settle, one to resume: https://tc39.es/ecma262/#sec-newpromiseresolvethenablejob). A hop costs about
 * 70 ns in Node, so only what is written as async code gets three.
 */
export const PLAIN_HOPS = 1;
export const ASYNC_HOPS = 3;

/** Jobs between one item of an async generator and the next: `npm run bench -- rpc` shows a message for each below. */
export const CHAIN_HOPS = 6;

/** On a host whose turn is a timer the next one is armed at this part of the budget, so that its delay overlaps. */
const ARM_AHEAD_PART = 0.25;

/** The pump of one host. */
export class Pump implements TaskRunner {
  /** Whether a slice is open: a task of ours is running, or jobs between two tasks are. */
  inSlice = false;
  /** Whether the slice is that of a turn of our own, which comes after what the host had waiting when it was asked for. */
  inOwnTurn = false;
  /**
   * What the task that runs says of itself, for `scheduler.yield()`. A task sets it; it is taken back before the next
   * task, so the promise jobs that are let through in between see it too.
   */
  context: unknown = null;
  /** The rank of what is posted without one; see `runUrgently` in `scheduler/`. */
  defaultRank: Rank = 1;
  urgentUnderWay = 0;
  tuning: PumpTuning;
  probe: PumpProbe | null = null;
  private readonly times = new PostingTimes();
  private readonly queues = new TaskQueues(this.times);
  private readonly budget = new SliceBudget();
  private readonly dueSources: DueSource[] = [];
  private readonly flushes: FlushList;
  private flushArmed = false;
  private sliceArmed = false;
  private nextKey = 0;
  private armed = false;
  /** Whether a slice is open of which only the part before its tasks has begun. */
  private mayRunAtOnce = false;
  private hopsLeft = 0;
  /** Hops that the last task asked for. */
  private hopsWanted = 0;
  /** Whether this slice may still run an expired task ahead. */
  private expiredLeft = false;
  /** Whether the last task ran ahead, so that the slice owes a run to whose turn it is, however late it is. */
  private owed = false;
  /** Whether work may be due by the clock as last read. */
  private dueUnknown = false;
  private sliceStartMs = 0;
  /** The clock as last read. */
  private nowMs = 0;
  /** Outside a slice: when this turn's first `shouldYield` was asked; -1 before. */
  private looseStartMs = -1;
  private readonly onTurn = (): void => {
    this.armed = false;
    this.looseStartMs = -1;
    this.inOwnTurn = !this.inSlice;
    // Invariant: a slice is open only within one turn, except in hops on a host without native jobs, which end it.
    this.runSlice();
  };
  private readonly onHop = (): void => this.resume();
  private readonly onSlice = (): void => {
    this.sliceArmed = false;
    this.runSlice();
  };
  private readonly onFlush = (): void => {
    this.flushArmed = false;
    this.flushes.run();
  };

  constructor(
    private readonly host: PumpHost,
    { budgetMs = 5, expiryMs = defaultTuning.expiryMs }: PumpOptions = {},
  ) {
    this.tuning = { ...defaultTuning, sliceMs: [budgetMs, budgetMs, budgetMs], expiryMs };
    this.flushes = new FlushList(host);
  }

  /** The rank of the task that runs, or ran last. */
  get rank(): Rank {
    return this.queues.takenRank;
  }

  /** The clock as it was last read: in a slice, at its begin or later. */
  get lastReadMs(): number {
    return this.nowMs;
  }

  /** How many tasks wait. */
  get length(): number {
    return this.queues.length;
  }

  /** Whether a host callback is armed. */
  get isArmed(): boolean {
    return this.armed;
  }

  /** How many tasks of `rank` wait, with or without the continuations of those that began. */
  lengthOf(rank: Rank, continuations: boolean): number {
    return this.queues.lengthOf(rank, continuations);
  }

  /** The tasks of `rank` that wait, in no particular order. */
  waiting(rank: Rank): QueuedTask[] {
    return this.queues.waiting(rank);
  }

  /** Queues `callback` at the end of its rank. Costs one record; no promise is made. */
  post(rank: Rank, callback: () => void): QueuedTask {
    const task = new CallbackTask(callback);
    this.enqueue(rank, task);
    return task;
  }

  /** Queues `callback` ahead of all tasks of its rank, behind its other continuations. */
  postContinuation(rank: Rank, callback: () => void): QueuedTask {
    const task = new CallbackTask(callback);
    this.enqueue(rank, task, true);
    return task;
  }

  /** Queues a task of a class of the caller's. A task may be queued again once it ran. */
  enqueue(rank: Rank, task: QueuedTask, continuation = false): void {
    const key = this.nextKey++;
    if (this.probe !== null) this.probe.queued(task, rank, continuation);
    // Within a slice the loop reads the clock often enough; outside, 64 posts may share a reading, so a task can
    // seem as old as the last reading: it expires early by that, never late.
    if (!this.inSlice) {
      if (!this.armed || (key & 63) === 0) this.readClock();
      if (rank === 0) this.budget.urge(this.nowMs);
    }
    this.times.note(key, this.nowMs);
    task.key = key;
    this.queues.push(task, rank, continuation);
    if (!this.inSlice && !this.armed) this.arm();
  }

  /** Takes `task` out in constant time; false when it does not wait. It lets go of what it holds. */
  cancel(task: QueuedTask): boolean {
    const rank = this.queues.cancel(task);
    if (rank === null) return false;
    if (this.probe !== null) this.probe.cancelled(rank);
    return true;
  }

  /** Moves a waiting `task` to another rank, where it goes by the key it got when it was posted. */
  reprioritise(task: QueuedTask, rank: Rank): void {
    this.queues.move(task, rank);
  }

  /**
   * Runs `flush` once when the slice in progress ends; outside a slice, as soon as the code that runs now has returned.
   * What is registered while flushing is flushed by the next microtask.
   */
  atSliceEnd(flush: () => void): void {
    this.flushes.add(flush);
    this.armFlush();
  }

  /** Asks, from within a task, that promise jobs run before the next task does, `hops` of them in a row. */
  letJobsRun(hops = PLAIN_HOPS): void {
    if (hops > this.hopsWanted) this.hopsWanted = hops;
  }

  /**
   * Asks, from a promise job within the slice in progress, that more jobs run before the next task does; false where there
   * is no such slice, or its budget is used up.
   */
  keepJobsRunning(): boolean {
    if (!this.inSlice || this.hopsLeft === 0 || this.timeRemaining() <= 0) return false;
    if (this.hopsLeft < CHAIN_HOPS) this.hopsLeft = CHAIN_HOPS;
    return true;
  }

  /** Whether a task of a higher priority than `rank` waits. */
  isPreempted(rank: Rank): boolean {
    return this.queues.firstRank() < rank;
  }

  /** Whether the slice's budget is used up. Outside a slice the budget counts from the first time this turn asks. */
  shouldYield(): boolean {
    return this.timeRemaining() <= 0;
  }

  /** Milliseconds left in the slice's budget, not below zero. */
  timeRemaining(): number {
    const nowMs = this.readClock();
    if (this.inSlice) {
      this.armAhead(nowMs);
      return Math.max(0, this.endFor(this.rank) - nowMs);
    }
    if (this.looseStartMs < 0) {
      this.looseStartMs = nowMs;
      // A turn of ours marks the end of this one; see `onTurn`.
      if (!this.armed) this.arm();
    }
    return Math.max(0, this.looseStartMs + this.tuning.sliceMs[this.defaultRank] - nowMs);
  }

  /** Adds work that falls due by the clock. */
  addDueSource(source: DueSource): void {
    this.dueSources.push(source);
  }

  /**
   * Opens a slice in the host's turn that runs now: for the pump's own turn, the timer queue's, and one that brought a
   * message. What `first` queues runs in it, so no turn is armed for that.
   */
  runSlice(first?: () => void): void {
    if (this.inSlice) {
      first?.();
      return;
    }
    this.inSlice = true;
    const nowMs = this.readClock();
    // Work of ours that this turn did before counts, too.
    this.sliceStartMs = this.looseStartMs < 0 ? nowMs : this.looseStartMs;
    this.budget.begin(nowMs, this.host, this.tuning);
    this.expiredLeft = true;
    this.hopsWanted = 0;
    if (first !== undefined) this.runFirst(first);
    this.work(nowMs);
  }

  private runFirst(first: () => void): void {
    this.mayRunAtOnce = true;
    try {
      first();
    } catch (error) {
      this.host.reportError(error);
    }
    this.mayRunAtOnce = false;
  }

  /**
   * Runs `task` instead of queueing it, while nothing waits that could be ahead of it: in what `runSlice` was given, and
   * before a task has asked for promise jobs. False, and nothing done, otherwise.
   */
  runAtOnce(rank: Rank, task: QueuedTask): boolean {
    if (!this.mayRunAtOnce || this.hopsWanted > 0 || this.length > 0 || this.probe !== null) return false;
    this.context = null;
    this.queues.takenRank = rank;
    try {
      task.execute(this);
    } catch (error) {
      this.host.reportError(error);
    }
    return true;
  }

  /**
   * Opens a slice in this turn, as soon as the code that runs now has returned, while the turn has time left: where
   * somebody else's turn yields, it goes on ahead of what the host has waiting, such as timers.
   */
  runSliceSoon(): void {
    if (this.inSlice || this.sliceArmed || !this.host.nativeJobs || this.shouldYield()) return;
    this.sliceArmed = true;
    this.host.microtask(this.onSlice);
  }

  /** Goes on with an open slice after a hop. */
  private resume(): void {
    if (!this.inSlice) return;
    if (--this.hopsLeft > 0) {
      this.host.microtask(this.onHop);
      return;
    }
    const nowMs = this.readClock();
    this.armAhead(nowMs);
    if (this.mayGoOn(nowMs)) this.work(nowMs);
    else this.close();
  }

  private work(nowMs: number): void {
    const jobs = this.hopsWanted > 0 || this.runUntilEnd(nowMs);
    const { context } = this;
    if (jobs && this.host.nativeJobs) {
      this.hopsLeft = this.hopsWanted;
      this.hopsWanted = 0;
      this.host.microtask(this.onHop);
    } else {
      this.close();
      // Where jobs are timers they come before the next slice, and see the context still.
      if (jobs) this.context = context;
    }
  }

  /** Runs tasks until none is left, the budget is used up, or promise jobs are wanted (true). */
  private runUntilEnd(startMs: number): boolean {
    let nowMs = startMs;
    let every = 1;
    let left = 1;
    let batchMs = nowMs;
    this.dueUnknown = true;
    while (this.runNext(nowMs)) {
      if (this.hopsWanted > 0) return true;
      if (--left > 0) continue;
      nowMs = this.readClock();
      every = nextBatch(every, nowMs - batchMs);
      left = every;
      batchMs = nowMs;
      this.dueUnknown = true;
      this.armAhead(nowMs);
      if (!this.mayGoOn(nowMs)) return false;
    }
    return false;
  }

  /** Runs one piece of work; false when there is none. */
  private runNext(nowMs: number): boolean {
    this.context = null;
    try {
      return (this.dueUnknown && this.runDue(nowMs)) || this.runTask(nowMs);
    } catch (error) {
      this.host.reportError(error);
    }
    return true;
  }

  /** Runs one piece of work that is due by the clock; asked again after the next reading only. */
  private runDue(nowMs: number): boolean {
    const source = this.firstDue(nowMs);
    if (source !== null) source.runDue();
    else this.dueUnknown = false;
    return source !== null;
  }

  private firstDue(nowMs: number): DueSource | null {
    const { dueSources } = this;
    for (let at = 0; at < dueSources.length; at++) {
      const source = dueSources[at] as DueSource;
      if (source.isDue(nowMs)) return source;
    }
    return null;
  }

  /** Runs the task that has been expired for longest, once a slice, and otherwise the next. */
  private runTask(nowMs: number): boolean {
    const { queues, expiredLeft } = this;
    this.expiredLeft = false;
    const expired = expiredLeft ? queues.takeExpired(nowMs, this.tuning.expiryMs) : undefined;
    const task = expired || queues.takeFirst();
    this.owed = expired !== undefined;
    if (task === undefined) return false;
    if (this.probe === null) task.execute(this);
    else this.probe.run(task, this.rank, expired !== undefined);
    return true;
  }

  private close(): void {
    this.context = null;
    this.flushes.run();
    const nowMs = this.readClock();
    this.inSlice = this.inOwnTurn = false;
    if (this.probe !== null) this.probe.blocked(nowMs - this.sliceStartMs);
    const more = this.length > 0 || this.firstDue(nowMs) !== null;
    this.budget.end(nowMs, more);
    if (more && !this.armed) this.arm();
    this.armFlush();
  }

  /** Whether the slice has time for more. Where no task waits what is due by the clock has as much as a task would have. */
  private mayGoOn(nowMs: number): boolean {
    if (this.owed) return true;
    const rank = this.queues.firstRank();
    return rank < 3 ? nowMs < this.endFor(rank) : nowMs < this.endFor(1) && this.firstDue(nowMs) !== null;
  }

  /** When the slice in progress ends for tasks of `rank`. */
  private endFor(rank: number): number {
    return this.sliceStartMs + (this.tuning.sliceMs[rank] ?? 0) * this.budget.scale;
  }

  /** What was registered outside a slice, or while flushing, is flushed by a microtask. */
  private armFlush(): void {
    if (this.inSlice || this.flushArmed || this.flushes.length === 0) return;
    this.flushArmed = true;
    this.host.microtask(this.onFlush);
  }

  private armAhead(nowMs: number): void {
    if (this.armed || !this.host.delayed) return;
    if (nowMs - this.sliceStartMs < this.tuning.sliceMs[this.rank] * this.budget.scale * ARM_AHEAD_PART)
      return;
    this.arm();
  }

  private arm(): void {
    this.armed = true;
    this.host.macrotask(this.onTurn);
  }

  private readClock(): number {
    return (this.nowMs = this.host.now());
  }
}
