/**
 * What runs jobs: a thread, or the idle slices of this one.
 *
 * What must always hold: `inFlight` jobs were given to it and have not ended; each job that it was given ends in `over`, once.
 */
import { currentRuntime } from '../host/runtime.js';
import { WaitHistogram } from '../scheduler/wait-histogram.js';
import { Deque } from './deque.js';
import type { Job } from './job.js';
import type { ProcessorStats } from './pool-stats.js';

/** Whoever hands out jobs to processors. */
export interface Dispatcher {
  /** Whether a job waits for any of them. */
  readonly isWaiting: boolean;
  /** How many jobs each thread would have if all had as many: no more are given to one, as long as they are few. */
  readonly share: number;
  /** The next job for `processor`; `null` where nothing waits that it can run. */
  next(processor: Processor): Job | null;
  /** `processor` has ended a job, so that it may take another. */
  freed(processor: Processor): void;
  /** A thread was lost under `job`, or was given no chance to take it. */
  lost(job: Job, reason: unknown): void;
  /** `processor` is at its end. */
  ended(processor: Processor, reason: unknown): void;
}

/** One of those that run jobs. */
export abstract class Processor {
  readonly deque = new Deque();
  inFlight = 0;
  protected run = 0;
  private stolen = 0;
  private busyMs = 0;
  private busySinceMs = 0;
  private readonly startMs = currentRuntime().now();
  private readonly waits = new WaitHistogram();

  constructor(
    readonly name: string,
    protected readonly dispatcher: Dispatcher,
  ) {}

  /** Whether it runs what it is given, or starts with it. */
  abstract readonly isReady: boolean;
  /** What a new job would have to wait for, in jobs. */
  abstract readonly load: number;
  /** Whether `job` may wait for it. */
  abstract knows(job: Job): boolean;
  /** Whether it may run `job` now. */
  abstract fits(job: Job): boolean;
  /** Takes jobs as long as it has room. */
  abstract feed(): void;
  /** Lets go of everything when nothing is in flight any more. */
  abstract close(): void;

  /** A job was given to it. */
  protected begin(job: Job, nowMs: number): void {
    this.waits.add(nowMs - job.given.queuedMs);
    if (this.inFlight++ === 0) this.busySinceMs = nowMs;
  }

  /** A job has ended here. */
  protected end(nowMs: number): void {
    this.run++;
    if (--this.inFlight === 0) this.busyMs += nowMs - this.busySinceMs;
  }

  /** It took a job from another's deque. */
  noteSteal(): void {
    this.stolen++;
  }

  get stats(): ProcessorStats {
    const { name, run, stolen, inFlight, deque } = this;
    const nowMs = currentRuntime().now();
    const busyMs = this.busyMs + (inFlight > 0 ? nowMs - this.busySinceMs : 0);
    return {
      name,
      run,
      stolen,
      queued: deque.length,
      inFlight,
      waitMs: this.waits.percentiles(),
      utilisation: Math.min(1, busyMs / Math.max(1, nowMs - this.startMs)),
    };
  }
}
