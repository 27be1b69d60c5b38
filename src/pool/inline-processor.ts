/**
 * The idle slices of this thread as a processor.
 *
 * What must always hold:
 * - Beside threads it begins a job only in idle time, while no task that is more urgent than the background waits; so a
 *   user-blocking task waits for one job at most, of which all known are shorter than a slice, or step by step for generators.
 * - Where there is no thread it is all there is: it runs one job after another as tasks of their own priorities.
 * - At most one job is under way, and at most one idle callback is asked for.
 */
import { currentRuntime } from '../host/runtime.js';
import { runInCall } from '../rpc/call-context.js';
import { isThenable } from '../rpc/thenable.js';
import { cancelIdleCallback, requestIdleCallback } from '../scheduler/idle.js';
import type { IdleDeadline } from '../scheduler/idle.js';
import { scheduler } from '../scheduler/scheduler.js';
import { taskPriorities } from '../scheduler/task-priority.js';
import { structuredClone } from '../codec/clone.js';
import { InlineCall } from './inline-call.js';
import type { Job } from './job.js';
import { stepsIn } from './job-code.js';
import type { JobCode, JobFunction } from './job-code.js';
import { Processor } from './processor.js';

/** A plain function of more milliseconds, a slice, is left to the threads: it cannot be interrupted. */
const longestMs = 5;

/**
 * How much of a longer run counts. Where others have the processor a short job may take long by the clock, and a first one is
 * not compiled; so one of a slice is tried a few times, one of four slices once. A shorter run is always the truth.
 */
const longerCounts = 0.25;

/** After so many milliseconds what was left to the threads is tried again: its time may have been that of somebody else. */
const retryMs = 10_000;

/** This thread. */
export class InlineProcessor extends Processor {
  readonly isReady = true;
  /** Whether no thread runs jobs. */
  isAlone = false;
  /** The idle callback that is asked for; 0 while none is. */
  private handle = 0;
  /** Milliseconds left of the last idle period. */
  private leftMs = 0;
  private readonly onIdle = (deadline: IdleDeadline): void => {
    const { now, pump } = currentRuntime();
    const endMs = now() + longestMs;
    const { run } = this;
    this.handle = 0;
    let isOver = false;
    while (!isOver && this.inFlight === 0) {
      // Threads are heard between two periods: in long ones they would run dry.
      this.leftMs = pump.isPreempted(2) ? 0 : Math.min(deadline.timeRemaining(), endMs - now());
      isOver = this.leftMs <= 0;
      const job = isOver ? null : this.dispatcher.next(this);
      if (job === null) break;
      this.start(job, job.given.code as JobCode); // Invariant: it fits.
    }
    // Where nothing fits, whoever queues or ends a job asks again: asking on would keep a core busy with it. Else in a turn of
    // its own: each message of a thread opens a slice, and with a period in each the next would wait for all of them.
    if (isOver || this.run > run) currentRuntime().host.turns.macrotask(() => this.feed());
  };

  get load(): number {
    // Only what nobody else will run is left to it.
    return this.isAlone ? this.deque.length : 2e9;
  }

  knows({ given: { code } }: Job): boolean {
    return code !== null;
  }

  fits({ given: { code } }: Job): boolean {
    if (code === null || this.isAlone || code.isStepped) return code !== null;
    if (code.expectedMs < Math.min(this.leftMs, longestMs)) return true;
    return code.expectedMs >= longestMs && currentRuntime().now() - code.ranAtMs > retryMs;
  }

  feed(): void {
    if (this.inFlight > 0) return;
    if (!this.isAlone) {
      if (this.handle === 0 && this.dispatcher.isWaiting) this.handle = requestIdleCallback(this.onIdle);
      return;
    }
    const job = this.dispatcher.next(this);
    if (job !== null) this.start(job, job.given.code as JobCode); // Invariant: it fits.
  }

  close(): void {
    if (this.handle !== 0) cancelIdleCallback(this.handle);
    this.handle = 0;
  }

  private start(job: Job, code: JobCode): void {
    this.begin(job, currentRuntime().now());
    if (!this.isAlone && !code.isStepped) return this.execute(job, code);
    const { args, signal, rank } = job.given;
    const call = new InlineCall(job);
    const options = {
      priority: this.isAlone ? taskPriorities[rank] : ('background' as const),
      ...(signal === null ? {} : { signal }),
    };
    const run: () => unknown = code.isStepped
      ? function* () {
          return yield* stepsIn(call, code.run, args);
        }
      : () => runInCall(call, { perform: () => code.run(...args) });
    this.wait(job, scheduler.postTask(run, options));
  }

  /** Runs a plain function in the idle period at hand. */
  private execute(job: Job, code: JobCode): void {
    const { now } = currentRuntime();
    const startMs = now();
    try {
      const result = runInCall(new InlineCall(job), { perform: () => apply(code.run, job) });
      code.ranAtMs = now();
      const moreMs = code.ranAtMs - startMs - code.expectedMs;
      code.expectedMs += moreMs < 0 ? moreMs : moreMs * longerCounts;
      if (isThenable(result)) this.wait(job, result);
      else this.ended(job, true, result);
    } catch (error) {
      this.ended(job, false, error);
    }
  }

  private wait(job: Job, result: PromiseLike<unknown>): void {
    const end = (ok: boolean, value: unknown): void => {
      this.ended(job, ok, value);
      this.dispatcher.freed(this);
    };
    result.then(
      (value) => end(true, value),
      (error: unknown) => end(false, error),
    );
  }

  private ended(job: Job, ok: boolean, value: unknown): void {
    this.end(currentRuntime().now());
    try {
      // As from a thread: what the job keeps is not what the caller gets.
      job.finish(ok, ok ? structuredClone(value) : value);
    } catch (error) {
      job.finish(false, error);
    }
  }
}

const apply = (run: JobFunction, { given: { args } }: Job): unknown => run(...args);
