/** Plain ECMAScript with timers, and the parts that other adapters share with it. */
import { WorkerStartError } from '../core/errors.js';
import type { Host, HostApp, HostName, HostThreads, HostTime } from '../host/host.js';
import type { Ambient } from './ambient.js';
import { chooseDetach, chooseTimers, chooseTurns, standardClock, timerMacrotask } from './ladder.js';

/** Reports an error as the platform does an uncaught one: `reportError` where there is one, else by throwing it. */
export function createReporter(ambient: Ambient): (error: unknown) => void {
  const { reportError, setTimeout } = ambient;
  if (reportError !== undefined) return (error) => reportError(error);
  const throwIt = (error: unknown) => () => {
    throw error;
  };
  // A throw from a timer reaches `App.onError`, `window.onerror` or Node's `uncaughtException`; a promise job's would
  // be an unhandled rejection instead, the lesser evil where there is no timer.
  if (setTimeout !== undefined) return (error) => void setTimeout(throwIt(error), 0);
  return (error) => void Promise.reject(error);
}

/** Timers on `clock`, which is taken for one of whole milliseconds when it reads as one. */
export function createTime(ambient: Ambient, clock: () => number): HostTime {
  return { now: clock, coarse: Number.isInteger(clock()), ...chooseTimers(ambient) };
}

/** An application that is never in the background. */
export function createForegroundApp(ambient: Ambient): HostApp {
  return { hidden: false, onHiddenChange: () => () => undefined, reportError: createReporter(ambient) };
}

/** Threads of a host that has none. */
export function createNoThreads(name: HostName): HostThreads {
  return {
    createWorker(url) {
      throw new WorkerStartError(
        'ERR_HOST_CAPABILITY',
        `Cannot start the worker ${JSON.stringify(url)}: this host (${name}) has no workers. Run the work sliced, with scheduler.postTask.`,
        { value: url },
      );
    },
    parent: () => null,
  };
}

/** The host of a context that has only ECMAScript and timers. */
export function createEcmascriptHost(ambient: Ambient): Host {
  return {
    name: 'ecmascript',
    time: createTime(ambient, standardClock(ambient)),
    turns: chooseTurns(ambient, (microtask) => timerMacrotask(ambient, microtask ?? noTurns), null),
    app: createForegroundApp(ambient),
    threads: createNoThreads('ecmascript'),
    detach: chooseDetach(ambient),
  };
}

/** Neither timers nor native jobs: the polyfilled `Promise` is the last way there is. */
export function noTurns(callback: () => void): void {
  void Promise.resolve().then(callback);
}
