/**
 * The virtual host: a whole environment whose clock stands still until a test moves it. Deterministic, and public: a
 * mini-program's own tests run on it.
 *
 * Invariants: nothing of the library runs unless a control (`advance`, `runTurn`, `runUntilIdle`) is called; every error
 * that reached the host is in `takeErrors()`; `assertClean()` throws unless everything was read and nothing is armed.
 */
import { LanesError } from '../core/errors.js';
import type { PumpOptions } from '../core/pump.js';
import type { Host, HostApp, HostThreads, HostTime, HostTurns } from '../host/host.js';
import type { Pipe } from '../host/pipe.js';
import { installHost } from '../host/runtime.js';
import { createListeners } from './listeners.js';
import { createMemoryStorage } from './memory-storage.js';
import type { DeliverTurn, PipePairOptions } from './pipe-pair.js';
import { Stepper } from './virtual-stepper.js';
import { createVirtualThreads } from './virtual-threads.js';
import type { VirtualWorker } from './virtual-threads.js';
import { VirtualTurns } from './virtual-turns.js';
import type { TurnKind } from './virtual-turns.js';

/** How a virtual host behaves. */
export interface VirtualHostOptions {
  /** How long a macrotask takes to come back, in milliseconds. @defaultValue 0 */
  readonly turnMs?: number;
  /** Whether macrotasks are timers, whose delay passes while a slice works (as on WeChat). @defaultValue false */
  readonly delayed?: boolean;
  /** Whether microtasks run before the turn ends; `false` is iOS 15 and older. @defaultValue true */
  readonly nativeJobs?: boolean;
  /** Whether the host has idle callbacks. @defaultValue true */
  readonly idle?: boolean;
  /** How many workers may live at once. @defaultValue 1, as on WeChat */
  readonly maxWorkers?: number;
  /** Writes every turn into the log, as `5ms timer`. @defaultValue false */
  readonly logTurns?: boolean;
  /** How pipes to workers behave. */
  readonly pipe?: PipePairOptions;
}

/** A host with a test's hand on its clock. */
export interface VirtualHost extends Host {
  readonly name: 'virtual';
  readonly threads: HostThreads;
  /** Puts this host in force; gives a function that puts the one before back. */
  install(options?: PumpOptions): () => void;

  /** Runs all turns of the next `ms` milliseconds, promise jobs included, and moves the clock on by as much. */
  advance(ms: number): Promise<void>;
  /** Runs the next turn that is due now, and its promise jobs; false when none is due. */
  runTurn(): Promise<boolean>;
  /**
   * Runs turns, moving the clock from one to the next, until none is armed but timers of the background, such as those of
   * heartbeats. @throws LanesError after 100,000 turns
   */
  runUntilIdle(): Promise<void>;
  /** As `advance`, at once, for code that waits on callbacks only: native promise jobs do not run in between. */
  advanceSync(ms: number): void;
  /** As `runTurn`, at once. */
  runTurnSync(): boolean;
  /** As `runUntilIdle`, at once. */
  runUntilIdleSync(): void;

  /** Lets the code that runs now take `ms` milliseconds. */
  costMs(ms: number): void;
  /** Sets the wall clock on or back by `ms`; timers are not moved by it. */
  stepClock(ms: number): void;
  /** The application goes to the background. */
  hide(): void;
  /** The application comes back. */
  show(): void;
  /** The system asks for memory; without a level as on iOS. */
  warnMemory(level?: number): void;
  /** Freezes all JavaScript, as a phone does some seconds after `hide`: time passes, no turn runs. */
  suspend(): void;
  /** Ends `suspend`: what fell due meanwhile runs next. */
  resume(): void;

  /** Adds a line to the log. */
  note(line: string): void;
  /** The log since the last time it was taken. */
  takeLog(): string[];
  /** The errors that were reported to the host since the last time they were taken. */
  takeErrors(): unknown[];
  /** How many turns of each kind are armed. */
  armed(): Record<TurnKind, number>;
  /**
   * Ends a test.
   * @throws LanesError when an error was reported and not taken, a log line not taken, a turn is armed, a worker lives.
   * Timers of the background count when no worker lives that they could belong to.
   */
  assertClean(): void;

  /** Says what `createWorker(url)` starts: `main` is called in a turn of its own with the worker's end of the pipe. */
  defineWorker(url: string, main: (pipe: Pipe) => void, pipe?: PipePairOptions): void;
  /**
   * Refuses the next `count` starts of workers.
   * @param error - what `createWorker` throws. @defaultValue a `WorkerStartError`
   */
  failStarts(count: number, error?: Error): void;
  /** Every worker that was started, in order. */
  readonly workers: readonly VirtualWorker[];
  /** Arms a turn of kind `message`; what `createPipePair` delivers by. */
  readonly deliver: DeliverTurn;
}

class ControlledHost implements VirtualHost {
  readonly name = 'virtual';
  readonly time: HostTime;
  readonly turns: HostTurns;
  readonly app: HostApp;
  readonly threads: HostThreads;
  readonly storage = createMemoryStorage();
  readonly workers: readonly VirtualWorker[];
  readonly defineWorker: VirtualHost['defineWorker'];
  readonly failStarts: VirtualHost['failStarts'];
  readonly deliver: DeliverTurn = (delayMs, run) => void this.queue.arm('message', delayMs, run);
  private readonly queue = new VirtualTurns();
  private readonly hiding = createListeners<boolean>((error) => this.errors.push(error));
  private readonly warnings = createListeners<number | undefined>((error) => this.errors.push(error));
  private readonly stepper: Stepper;
  private log: string[] = [];
  private errors: unknown[] = [];
  private skewMs = 0;
  private hidden = false;

  constructor(options: VirtualHostOptions) {
    const { maxWorkers = 1, logTurns = false, pipe } = options;
    this.app = this.createApp();
    this.stepper = new Stepper(this.queue, this.app.reportError, (kind) => {
      if (logTurns) this.note(`${this.queue.nowMs}ms ${kind}`);
    });
    this.time = this.createTime();
    this.turns = this.createTurns(options);
    const { threads, workers, define, failStarts } = createVirtualThreads(
      this.deliver,
      () => this.queue.nowMs,
      maxWorkers,
      pipe,
    );
    this.threads = threads;
    this.workers = workers;
    this.defineWorker = define;
    this.failStarts = failStarts;
  }

  install(options?: PumpOptions): () => void {
    return installHost(this, options);
  }

  async advance(ms: number): Promise<void> {
    const untilMs = this.queue.nowMs + ms;
    await this.stepper.run(untilMs);
    this.endAt(untilMs);
  }

  async runTurn(): Promise<boolean> {
    await this.stepper.runJobs();
    const ran = this.stepper.step(this.queue.nowMs);
    if (ran) await this.stepper.runJobs();
    return ran;
  }

  runUntilIdle(): Promise<void> {
    return this.stepper.run(Infinity);
  }

  advanceSync(ms: number): void {
    const untilMs = this.queue.nowMs + ms;
    this.stepper.runSync(untilMs);
    this.endAt(untilMs);
  }

  runTurnSync(): boolean {
    this.stepper.runJobsSync();
    const ran = this.stepper.step(this.queue.nowMs);
    this.stepper.runJobsSync();
    return ran;
  }

  runUntilIdleSync(): void {
    this.stepper.runSync(Infinity);
  }

  costMs(ms: number): void {
    this.endAt(this.queue.nowMs + ms);
  }

  stepClock(ms: number): void {
    this.skewMs += ms;
  }

  hide(): void {
    this.setHidden(true);
  }

  show(): void {
    this.setHidden(false);
  }

  warnMemory(level?: number): void {
    this.warnings.tell(level);
  }

  suspend(): void {
    this.stepper.suspended = true;
  }

  resume(): void {
    this.stepper.suspended = false;
  }

  note(line: string): void {
    this.log.push(line);
  }

  takeLog(): string[] {
    return this.log.splice(0);
  }

  takeErrors(): unknown[] {
    return this.errors.splice(0);
  }

  armed(): Record<TurnKind, number> {
    return this.queue.count();
  }

  assertClean(): void {
    const found = this.problems();
    if (found.length > 0) throw new LanesError('ERR_INVALID_ARGUMENT', `Not clean: ${found.join('; ')}.`);
  }

  private createTime(): HostTime {
    const { queue } = this;
    return {
      now: () => queue.nowMs + this.skewMs,
      setTimer: (callback, delayMs, background = false) =>
        queue.arm(background ? 'background' : 'timer', delayMs, callback),
      clearTimer: (handle) => queue.disarm(handle),
    };
  }

  private createTurns(options: VirtualHostOptions): HostTurns {
    const { turnMs = 0, delayed = false, nativeJobs = true, idle = true } = options;
    const { queue, stepper } = this;
    const macrotask = (callback: () => void): void => void queue.arm('macrotask', turnMs, callback);
    return {
      macrotask,
      microtask: nativeJobs ? (callback) => void stepper.microtasks.push(callback) : macrotask,
      nativeJobs,
      delayed,
      requestIdle: idle ? (callback, timeoutMs) => queue.requestIdle(callback, timeoutMs) : null,
    };
  }

  private createApp(): HostApp {
    const isHidden = (): boolean => this.hidden;
    return {
      get hidden() {
        return isHidden();
      },
      onHiddenChange: (listener) => this.hiding.add(listener),
      onMemoryWarning: (listener) => this.warnings.add(listener),
      reportError: (error) => void this.errors.push(error),
    };
  }

  private setHidden(to: boolean): void {
    if (this.hidden === to) return;
    this.hidden = to;
    this.hiding.tell(to);
  }

  private endAt(untilMs: number): void {
    this.queue.nowMs = Math.max(this.queue.nowMs, untilMs);
  }

  private problems(): string[] {
    const found = this.errors.map((error) => `an error was reported: ${String(error)}`);
    if (this.log.length > 0) found.push(`the log was not read: ${this.log.join(' | ')}`);
    const counts = this.queue.count();
    const anyLives = this.workers.some(({ live }) => live);
    for (const kind of Object.keys(counts) as TurnKind[]) {
      if (counts[kind] > 0 && !(anyLives && kind === 'background'))
        found.push(`${counts[kind]} × ${kind} still armed`);
    }
    for (const { live, url } of this.workers) if (live) found.push(`the worker ${url} still lives`);
    return found;
  }
}

/**
 * Makes a virtual host.
 *
 * @example
 * const host = createVirtualHost();
 * const uninstall = host.install();
 * scheduler.postTask(() => host.note('late'), { delay: 1000 });
 * await host.advance(999);
 * host.takeLog(); // []
 * await host.advance(1);
 * host.takeLog(); // ['late']
 * host.assertClean();
 * uninstall();
 */
export function createVirtualHost(options: VirtualHostOptions = {}): VirtualHost {
  return new ControlledHost(options);
}
