/**
 * The host: all that the library asks of the environment it runs in. An adapter (`adapters/`) fills one in for each
 * kind of environment; everything above this folder sees nothing but these interfaces.
 */
import type { HostWorker, Pipe } from './pipe.js';
import type { HostStorage } from './storage.js';

/** The kinds of environment that have an adapter. `ecmascript` has only ECMAScript and timers. */
export type HostName = 'wx' | 'my' | 'tt' | 'qq' | 'swan' | 'web' | 'node' | 'ecmascript' | 'virtual';

/** A host timer as the host names it: opaque, only ever handed back. */
export type TimerHandle = unknown;

/** Clock and timers. */
export interface HostTime {
  /** Milliseconds since an arbitrary start; never steps back, whatever the wall clock does. */
  now(): number;
  /** Whether `now` is, or may be, whole milliseconds rounded down (`Date.now`); taken for false when absent. */
  readonly coarse?: boolean;
  /**
   * Runs `callback` once after `delayMs` (0 to 2^31 - 1). Nobody waits for a `background` one: where a host ends when
   * nothing is left to be done, as a process of Node does, such a timer is nothing.
   */
  setTimer(callback: () => void, delayMs: number, background?: boolean): TimerHandle;
  clearTimer(handle: TimerHandle): void;
}

/** What an idle callback is told. */
export interface HostIdleDeadline {
  readonly didTimeout: boolean;
  timeRemaining(): number;
}

/** Ways back into the logic layer: later in this turn, in the next turn, when nothing else is to be done. */
export interface HostTurns {
  /** Runs `callback` as a task of its own, after tasks the host already has (the host ladder chooses how). */
  macrotask(callback: () => void): void;
  /** Runs `callback` when the code that runs now has returned; where jobs are not cheap, as `macrotask`. */
  microtask(callback: () => void): void;
  /** Whether `microtask` really runs before the turn ends; taken for true when absent. */
  readonly nativeJobs?: boolean;
  /** Whether `macrotask` is a timer with a least delay, so that arming early saves time; taken for false when absent. */
  readonly delayed?: boolean;
  /** The host's own idle callback, where it has one; never runs `callback` inside the call. Gives a cancel. */
  readonly requestIdle:
    ((callback: (deadline: HostIdleDeadline) => void, timeoutMs?: number) => () => void) | null;
}

/** The life of the application around us. */
export interface HostApp {
  /** Whether the application is in the background right now. */
  readonly hidden: boolean;
  /** Calls `listener` with `true` when the app goes to the background and `false` when it is back; gives an unlisten. */
  onHiddenChange(listener: (hidden: boolean) => void): () => void;
  /**
   * Calls `listener` when the system asks for memory, with the platform's level (on Android 5, 10 or 15, the higher the
   * more urgent; `undefined` where it gives none, as on iOS); gives an unlisten. Never called where a host does not tell.
   */
  onMemoryWarning(listener: (level: number | undefined) => void): () => void;
  /** Reports an error that no caller can receive, as the platform reports an uncaught one. */
  reportError(error: unknown): void;
}

/** Other threads. */
export interface HostThreads {
  /**
   * Starts a worker; synchronous, as `wx.createWorker` is.
   * @throws WorkerStartError when the host refuses at once.
   */
  createWorker(url: string, options: HostWorkerOptions): HostWorker;
  /**
   * Fetches the subpackage that the file `url` lies in; asked for before `createWorker` where `subpackage` is set. Absent
   * where there are none. `onProgress` is told bytes; `onEnd` once, with an error where it failed.
   */
  fetchSubpackage?(
    url: string,
    onProgress: (loaded: number, total: number) => void,
    onEnd: (error: Error | null) => void,
  ): void;
  /** Inside a worker: the pipe to the thread that started it; `null` elsewhere. */
  parent(): Pipe | null;
}

/** What `HostThreads.createWorker` may be told. */
export interface HostWorkerOptions {
  /** WeChat: a worker with JIT on iOS, which the system may kill under pressure. */
  readonly useExperimentalWorker?: boolean;
  /** Web: the kind of script; default `classic`. */
  readonly type?: 'classic' | 'module';
  /** A name for debugging. */
  readonly name?: string;
  /** Web and Node: small messages through shared memory, where both ends can; default `false`. */
  readonly sharedMemory?: boolean;
}

/** One environment. */
export interface Host {
  readonly name: HostName;
  readonly time: HostTime;
  readonly turns: HostTurns;
  readonly app: HostApp;
  /** Other threads, where the host brings its own; absent, those of the environment are used. */
  readonly threads?: HostThreads;
  /** Storage, where the host brings its own; absent, that of the environment is used. */
  readonly storage?: HostStorage;
}
