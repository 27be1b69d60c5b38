/**
 * The runtime: one host with the pump and the timer queue on it. Made at the first need, so importing arms nothing.
 *
 * Invariant: there is at most one runtime at a time; whoever keeps one across a turn may hold a stale one in tests only.
 */
import { provideEnvironment } from '../core/environment.js';
import type { Environment } from '../core/environment.js';
import { LanesError } from '../core/errors.js';
import { Pump } from '../core/pump.js';
import type { PumpHost, PumpOptions } from '../core/pump.js';
import { createSteadyClock } from '../core/steady-clock.js';
import { TimerQueue } from '../core/timer-queue.js';
import type { Host } from './host.js';

/** A host, and what drives all work on it. */
export interface Runtime {
  readonly host: Host;
  readonly pump: Pump;
  readonly timers: TimerQueue;
  /** Milliseconds since the runtime was made; never goes back. */
  now(): number;
}

let current: Runtime | undefined;
let detectHost: (() => Host) | undefined;

function createPumpHost(host: Host, now: () => number): PumpHost {
  const { turns, app } = host;
  return {
    now,
    macrotask: (callback) => turns.macrotask(callback),
    microtask: (callback) => turns.microtask(callback),
    nativeJobs: turns.nativeJobs !== false,
    delayed: turns.delayed === true,
    get hidden() {
      return app.hidden;
    },
    reportError: (error) => app.reportError(error),
  };
}

/** Puts a pump and a timer queue on `host`. */
export function createRuntime(host: Host, options?: PumpOptions): Runtime {
  const { time } = host;
  const clock = createSteadyClock(() => time.now());
  const { now } = clock;
  const pump = new Pump(createPumpHost(host, now), options);
  const timerHost = {
    now,
    roundedMs: time.coarse === true ? 1 : 0,
    setTimer: (callback: () => void, delayMs: number, background: boolean) =>
      time.setTimer(callback, delayMs, background),
    clearTimer: (handle: unknown) => time.clearTimer(handle),
    atLeast: (ms: number) => clock.atLeast(ms),
  };
  return { host, pump, timers: new TimerQueue(timerHost, pump), now };
}

/** Names how a host is found when one is first needed; entries call this, and nothing else happens on import. */
export function provideHost(factory: () => Host): void {
  detectHost = factory;
}

/**
 * The runtime in force, made on first use.
 * @throws LanesError ERR_HOST_MISSING when no entry named a host.
 */
export function currentRuntime(): Runtime {
  if (current === undefined) {
    if (detectHost === undefined) {
      throw new LanesError(
        'ERR_HOST_MISSING',
        'No host: import an entry of mp-lanes, or call installHost(host) first.',
      );
    }
    current = createRuntime(detectHost());
  }
  return current;
}

/** Puts `host` in force, with a pump of its own; gives a function that puts the one before back. For tests. */
export function installHost(host: Host, options?: PumpOptions): () => void {
  const before = current;
  const installed = createRuntime(host, options);
  current = installed;
  return () => {
    if (current === installed) current = before;
  };
}

const environment: Environment = {
  now: () => currentRuntime().now(),
  after: (delayMs, callback) => void currentRuntime().timers.after(delayMs, callback),
  reportError: (error) => currentRuntime().host.app.reportError(error),
};

provideEnvironment(() => environment);
