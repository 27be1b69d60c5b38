/**
 * Where routines wait for their turn: one queue a priority, and each queue is one task of the pump.
 *
 * What must always hold
 * - A queue with something in it is a task on the pump, or runs. As a task it goes to the end of its priority after each
 *   slice, so routines and tasks of one priority take turns.
 * - Between two pieces the queue looks at the budget of the slice and at tasks of a higher priority; see `mayGoOn`. A
 *   routine whose operations never have to wait asks as well.
 * - A promise is settled at once while the turn has time, and otherwise from the queue: two async routines that wake one
 *   another by promise jobs alone would keep the thread for ever.
 */
import { nextBatch } from '../core/clock-batch.js';
import type { Pump } from '../core/pump.js';
import { Ring } from '../core/ring.js';
import { QueuedTask } from '../core/task.js';
import type { Rank, TaskRunner } from '../core/task.js';
import { currentRuntime } from '../host/runtime.js';
import type { Runtime } from '../host/runtime.js';
import { watch } from './watch.js';

/** A routine, or whatever else waits for its turn. Does not throw. */
export interface Ready {
  run(queue: RunQueue): void;
}

/** What most sends come to: a promise that need not be made each time. */
const nothing: Promise<unknown> = Promise.resolve(undefined);

/** What is ready, of one priority. */
export class RunQueue extends QueuedTask {
  /** Set by what runs: it settled a promise, so promise jobs must run at the next look at the clock. */
  jobsWanted = false;
  private readonly ready = new Ring<Ready>();
  private runner: TaskRunner | null = null;
  private left = 0;
  private every = 1;
  private leftMs = 0;

  constructor(
    private readonly machine: Machine,
    private readonly pump: Pump,
    readonly rank: Rank,
  ) {
    super();
  }

  get length(): number {
    return this.ready.length;
  }

  /** Puts `piece` at the end. */
  push(piece: Ready): void {
    this.ready.push(piece);
    if (this.runner === null && !this.queued) this.pump.enqueue(this.rank, this);
  }

  execute(runner: TaskRunner): void {
    const { ready, machine } = this;
    this.runner = runner;
    this.leftMs = runner.timeRemaining();
    this.left = this.every = 1;
    machine.active = this;
    for (let piece = ready.shift(); piece !== undefined; piece = ready.shift()) {
      piece.run(this);
      if (!this.mayGoOn()) break;
    }
    machine.active = this.runner = null;
    this.leave(runner);
  }

  discard(): void {
    // It is never cancelled.
  }

  /** Whether what runs may go on; asked between two pieces of work. */
  mayGoOn(): boolean {
    if (--this.left > 0) return true;
    return this.look();
  }

  private look(): boolean {
    const { runner } = this;
    if (runner === null) return false;
    const leftMs = runner.timeRemaining();
    this.every = nextBatch(this.every, this.leftMs - leftMs);
    this.leftMs = leftMs;
    const over = leftMs <= 0 || this.jobsWanted || runner.isPreempted(this.rank);
    // Once it is over it stays so, however often it is asked.
    this.left = over ? 0 : this.every;
    return !over;
  }

  private leave(runner: TaskRunner): void {
    const { jobsWanted } = this;
    this.jobsWanted = false;
    if (jobsWanted) runner.letJobsRun();
    // Ahead of the tasks of its priority only where it has time left, and jobs came in between.
    if (this.ready.length > 0) this.pump.enqueue(this.rank, this, jobsWanted && this.leftMs > 0);
    else if (watch.by !== null) watch.by.idle();
  }
}

/** All that runs routines on one runtime. */
export class Machine {
  /** The queue that runs; `null` outside of all routines. */
  active: RunQueue | null = null;
  readonly queues: readonly RunQueue[];
  /** How many promises may be settled before the next look at the clock. */
  private untilLook = 1;
  private looksEvery = 1;
  private lookedMs = 0;

  constructor(readonly runtime: Runtime) {
    this.queues = ([0, 1, 2] as const).map((rank) => new RunQueue(this, runtime.pump, rank));
  }

  queue(rank: Rank): RunQueue {
    return this.queues[rank] as RunQueue; // Invariant: one for each rank.
  }

  /** Runs `piece` after what is ready now: routines, or promise jobs outside of all routines. */
  soon(piece: Ready): void {
    const { active } = this;
    if (active !== null) active.push(piece);
    else this.runtime.host.turns.microtask(() => piece.run(this.queue(1)));
  }

  /** Calls `settle`, which settles a promise, with `result`: now, or in the next slice where this turn's time is over. */
  settle(settle: (result: unknown) => void, result: unknown): void {
    const { active } = this;
    if (active !== null) active.jobsWanted = true;
    else if (!this.mayJobsGoOn()) {
      this.queue(1).push(new Settlement(settle, result));
      return;
    }
    settle(result);
  }

  /** A promise of `result`: settled already, or in the next slice where this turn's time is over. */
  resolved(result: unknown): Promise<unknown> {
    if (this.active !== null || this.mayJobsGoOn())
      return result === undefined ? nothing : Promise.resolve(result);
    return new Promise((resolve) => this.queue(1).push(new Settlement(resolve, result)));
  }

  private mayJobsGoOn(): boolean {
    if (--this.untilLook > 0) return true;
    const { pump } = this.runtime;
    const mayGoOn = this.haveJobsTime();
    this.looksEvery = nextBatch(this.looksEvery, pump.lastReadMs - this.lookedMs);
    this.untilLook = this.looksEvery;
    this.lookedMs = pump.lastReadMs;
    return mayGoOn;
  }

  private haveJobsTime(): boolean {
    const { pump } = this.runtime;
    if (!pump.inSlice) return !pump.shouldYield();
    if (pump.keepJobsRunning()) return true;
    if (pump.shouldYield()) return false;
    pump.letJobsRun();
    return true;
  }
}

/** A promise that is settled in a slice of its own. */
class Settlement implements Ready {
  constructor(
    private readonly settle: (result: unknown) => void,
    private readonly result: unknown,
  ) {}

  run(queue: RunQueue): void {
    this.settle(this.result);
    queue.jobsWanted = true;
  }
}

let machine: Machine | undefined;

/** The machine of the runtime in force. */
export function currentMachine(): Machine {
  const runtime = currentRuntime();
  if (machine === undefined || machine.runtime !== runtime) machine = new Machine(runtime);
  return machine;
}
