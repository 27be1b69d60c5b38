/**
 * The virtual host: a whole environment whose clock stands still until a test moves it. Deterministic, and public: a
 * mini-program's own tests run on it.
 *
 * Invariants: nothing of the library runs unless a control (`advance`, `runTurn`, `runUntilIdle`) is called; every error
 * that reached the host is in `takeErrors()`; `assertClean()` throws unless everything was read and nothing is armed.
 */
import { LanesError } from '../core/errors.js';
import type { PumpOptions } from '../core/pump.js';
import type { Host, HostTurns } from '../host/host.js';
import type { Pipe } from '../host/pipe.js';
import { installHost } from '../host/runtime.js';
import { readAmbient } from './ambient.js';
import { chooseDetach } from './ladder.js';
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
  /** Puts this host in force; gives a function that puts the one before back. */
  install(options?: PumpOptions): () => void;

  /** Runs all turns of the next `ms` milliseconds, promise jobs included, and moves the clock on by as much. */
  advance(ms: number): Promise<void>;
  /** Runs the next turn that is due now, and its promise jobs; false when none is due. */
  runTurn(): Promise<boolean>;
  /** Runs turns, moving the clock from one to the next, until none is armed. @throws LanesError after 100,000 turns */
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
   */
  assertClean(): void;

  /** Says what `createWorker(url)` starts: `main` is called in a turn of its own with the worker's end of the pipe. */
  defineWorker(url: string, main: (pipe: Pipe) => void): void;
  /** Every worker that was started, in order. */
  readonly workers: readonly VirtualWorker[];
  /** Arms a turn of kind `message`; what `createPipePair` delivers by. */
  readonly deliver: DeliverTurn;
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
  const { turnMs = 0, delayed = false, nativeJobs = true, idle = true, logTurns = false } = options;
  const turns = new VirtualTurns();
  const hiddenListeners = new Set<(hidden: boolean) => void>();
  let log: string[] = [];
  let errors: unknown[] = [];
  let skewMs = 0;
  let hidden = false;

  const reportError = (error: unknown): void => void errors.push(error);
  const stepper = new Stepper(turns, reportError, (kind) => {
    if (logTurns) log.push(`${turns.nowMs}ms ${kind}`);
  });
  const deliver: DeliverTurn = (delayMs, run) => void turns.arm('message', delayMs, run);
  const { threads, workers, define } = createVirtualThreads(deliver, options.maxWorkers ?? 1, options.pipe);
  const macrotask = (callback: () => void): void => void turns.arm('macrotask', turnMs, callback);
  const hostTurns: HostTurns = {
    macrotask,
    microtask: nativeJobs ? (callback) => void stepper.microtasks.push(callback) : macrotask,
    nativeJobs,
    delayed,
    requestIdle: idle ? (callback, timeoutMs) => turns.requestIdle(callback, timeoutMs) : null,
  };
  function setHidden(to: boolean): void {
    if (hidden === to) return;
    hidden = to;
    for (const listener of Array.from(hiddenListeners)) stepper.call(() => listener(to));
  }
  function endAt(untilMs: number): void {
    turns.nowMs = Math.max(turns.nowMs, untilMs);
  }
  function problems(): string[] {
    const found = errors.map((error) => `an error was reported: ${String(error)}`);
    if (log.length > 0) found.push(`the log was not read: ${log.join(' | ')}`);
    const counts = turns.count();
    for (const kind of Object.keys(counts) as TurnKind[]) {
      if (counts[kind] > 0) found.push(`${counts[kind]} × ${kind} still armed`);
    }
    for (const worker of workers) if (worker.live) found.push(`the worker ${worker.url} still lives`);
    return found;
  }

  const host: VirtualHost = {
    name: 'virtual',
    time: {
      now: () => turns.nowMs + skewMs,
      setTimer: (callback, delayMs) => turns.arm('timer', delayMs, callback),
      clearTimer: (handle) => turns.disarm(handle),
    },
    turns: hostTurns,
    app: {
      get hidden() {
        return hidden;
      },
      onHiddenChange(listener) {
        hiddenListeners.add(listener);
        return () => void hiddenListeners.delete(listener);
      },
      reportError,
    },
    threads,
    detach: chooseDetach(readAmbient()),
    install: (pumpOptions) => installHost(host, pumpOptions),
    async advance(ms) {
      const untilMs = turns.nowMs + ms;
      await stepper.run(untilMs);
      endAt(untilMs);
    },
    async runTurn() {
      await stepper.runJobs();
      const ran = stepper.step(turns.nowMs);
      if (ran) await stepper.runJobs();
      return ran;
    },
    runUntilIdle: () => stepper.run(Infinity),
    advanceSync(ms) {
      const untilMs = turns.nowMs + ms;
      stepper.runSync(untilMs);
      endAt(untilMs);
    },
    runTurnSync() {
      stepper.runJobsSync();
      const ran = stepper.step(turns.nowMs);
      stepper.runJobsSync();
      return ran;
    },
    runUntilIdleSync: () => stepper.runSync(Infinity),
    costMs: (ms) => endAt(turns.nowMs + ms),
    stepClock(ms) {
      skewMs += ms;
    },
    hide: () => setHidden(true),
    show: () => setHidden(false),
    suspend() {
      stepper.suspended = true;
    },
    resume() {
      stepper.suspended = false;
    },
    note: (line) => void log.push(line),
    takeLog() {
      const taken = log;
      log = [];
      return taken;
    },
    takeErrors() {
      const taken = errors;
      errors = [];
      return taken;
    },
    armed: () => turns.count(),
    assertClean() {
      const found = problems();
      if (found.length > 0) {
        throw new LanesError('ERR_INVALID_ARGUMENT', `Not clean: ${found.join('; ')}.`);
      }
    },
    defineWorker: define,
    workers,
    deliver,
  };
  return host;
}
