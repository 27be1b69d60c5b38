/**
 * A generator given to `postTask`: stepped until the slice ends, and again in the next.
 *
 * Invariants: between two steps a task of a higher priority may run, never within one; the generator is closed
 * (`return()`, so that its `finally` blocks run) when its signal aborts; it is never entered while it runs.
 */
import type { Runtime } from '../host/runtime.js';
import { nextBatch } from '../core/clock-batch.js';
import type { TaskRunner } from '../core/task.js';
import { PromiseTask } from './posted-task.js';
import type { Settle } from './posted-task.js';
import type { SchedulingState } from './scheduling-state.js';

/** What a generator yields is not looked at: a bare `yield` says "here you may stop me". */
export type Steps<T> = Iterator<unknown, T, undefined>;

/** Whether `callback` is a generator function, also one compiled for older engines. */
export function isGeneratorFunction(callback: unknown): boolean {
  return (callback as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] === 'GeneratorFunction';
}

/** A generator on the pump. */
export class SteppedTask extends PromiseTask {
  private steps: Steps<unknown> | null = null;
  private open = true;
  private inside = false;

  constructor(
    runtime: Runtime,
    state: SchedulingState,
    private readonly start: () => Steps<unknown>,
    resolve: Settle,
    reject: Settle,
    /** Told at the end of each slice in which the generator ran. */
    private readonly onPause?: () => void,
  ) {
    super(runtime, state, resolve, reject);
  }

  execute(runner: TaskRunner): void {
    runner.context = this.state;
    this.inside = true;
    try {
      this.run(runner);
    } catch (error) {
      this.finish();
      this.reject(error);
    }
    this.inside = false;
    runner.context = null;
    if (this.open) this.enqueue(true);
    else this.closeSteps();
    if (this.onPause !== undefined) this.onPause();
  }

  discard(): void {
    this.open = false;
    // Its own code aborted it: it is closed as soon as it is left.
    if (!this.inside) this.closeSteps();
  }

  private run(runner: TaskRunner): void {
    const steps = (this.steps ??= this.start());
    let leftMs = runner.timeRemaining();
    let every = 1;
    for (let left = 1; this.open;) {
      const { done, value } = steps.next();
      if (done === true) {
        this.steps = null;
        this.finish();
        this.resolve(value);
        return;
      }
      if (--left > 0) continue;
      const nowLeftMs = runner.timeRemaining();
      if (nowLeftMs <= 0 || runner.isPreempted(this.state.rank)) return;
      every = nextBatch(every, leftMs - nowLeftMs);
      left = every;
      leftMs = nowLeftMs;
    }
  }

  private finish(): void {
    this.open = false;
    this.state.leave(this);
    this.runtime.pump.letJobsRun();
  }

  private closeSteps(): void {
    const { steps } = this;
    this.steps = null;
    if (steps === null || typeof steps.return !== 'function') return;
    try {
      steps.return();
    } catch (error) {
      this.runtime.host.app.reportError(error);
    }
  }
}
