/**
 * A host that counts what is asked of it. Its clock stands still while anything is due; promise jobs run natively between
 * turns, and it makes no promise of its own, so that those which are counted are the library's.
 */
import type { Host, HostThreads } from '../../src/host/host.js';

/** What the library asked of its host, and what crossed the pipes. */
export interface Counts {
  /** Host callbacks armed. */
  turns: number;
  timersSet: number;
  timersCleared: number;
  /** The most timers that were armed at one time. */
  timersAtOnce: number;
  microtasks: number;
  clockReads: number;
  /** Messages of the pipe from the near to the far thread, and their characters and bytes. */
  sent: number;
  sentBytes: number;
  /** The other way. */
  answered: number;
  answeredBytes: number;
}

export function noCounts(): Counts {
  return {
    turns: 0,
    timersSet: 0,
    timersCleared: 0,
    timersAtOnce: 0,
    microtasks: 0,
    clockReads: 0,
    sent: 0,
    sentBytes: 0,
    answered: 0,
    answeredBytes: 0,
  };
}

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
  /** Nobody waits for it: it runs, but keeps nothing going. */
  readonly background: boolean;
}

const nobody = (): void => undefined;

/** A job as cheap as there is: `queueMicrotask` of Node makes half a kilobyte for each. It makes one promise, and runs one reaction. */
const over = Promise.resolve();

/** Turns in the order of arming, timers by their time. */
export class CountedHost {
  counts = noCounts();
  /** Errors that reached the host. */
  readonly errors: unknown[] = [];
  readonly host: Host;
  private nowMs = 0;
  private turns: (() => void)[] = [];
  private timers: Timer[] = [];
  private whenIdle = nobody;
  private mayWait = true;
  private readonly onImmediate = (): void => {
    const turn = this.next();
    if (turn === undefined) return this.whenIdle();
    turn();
    setImmediate(this.onImmediate);
  };

  constructor(threads: HostThreads) {
    this.host = {
      name: 'ecmascript',
      time: {
        now: () => {
          this.counts.clockReads++;
          return this.nowMs;
        },
        setTimer: (run, delayMs, background = false) => this.setTimer(run, delayMs, background),
        clearTimer: (timer) => this.clearTimer(timer as Timer),
      },
      turns: {
        macrotask: (run) => {
          this.counts.turns++;
          this.turns.push(run);
        },
        microtask: (run) => {
          this.counts.microtasks++;
          void over.then(run);
        },
        requestIdle: null,
      },
      app: {
        hidden: false,
        onHiddenChange: () => nobody,
        onMemoryWarning: () => nobody,
        reportError: (error) => this.errors.push(error),
      },
      threads,
    };
  }

  /** A message is to arrive, in a turn of its own that nobody armed. */
  deliver(run: () => void): void {
    this.turns.push(run);
  }

  /** Lets the code that runs now take so long. */
  costMs(ms: number): void {
    this.nowMs += ms;
  }

  /**
   * Runs turn after turn with promise jobs between, and calls `whenIdle` when there is none left.
   * @param mayWait - whether the clock moves on to timers
   */
  run(mayWait: boolean, whenIdle: () => void): void {
    this.mayWait = mayWait;
    this.whenIdle = whenIdle;
    setImmediate(this.onImmediate);
  }

  private next(): (() => void) | undefined {
    const turn = this.turns.shift();
    if (turn !== undefined) return turn;
    const timer = this.timers[0];
    if (timer === undefined) return undefined;
    if (timer.dueMs > this.nowMs && !(this.mayWait && this.timers.some(({ background }) => !background)))
      return undefined;
    this.timers.shift();
    this.nowMs = Math.max(this.nowMs, timer.dueMs);
    return timer.run;
  }

  private setTimer(run: () => void, delayMs: number, background: boolean): Timer {
    const timer: Timer = { run, dueMs: this.nowMs + delayMs, background };
    const { counts, timers } = this;
    const at = timers.findIndex(({ dueMs }) => dueMs > timer.dueMs);
    timers.splice(at < 0 ? timers.length : at, 0, timer);
    counts.timersSet++;
    counts.timersAtOnce = Math.max(counts.timersAtOnce, timers.length);
    return timer;
  }

  private clearTimer(timer: Timer): void {
    const at = this.timers.indexOf(timer);
    if (at < 0) return;
    this.timers.splice(at, 1);
    this.counts.timersCleared++;
  }
}
