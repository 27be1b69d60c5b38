/** Plain ECMAScript with timers, and the parts that other adapters share with it. */
import type { Host, HostApp, HostTime } from '../host/host.js';
import type { Ambient } from './ambient.js';
import { chooseTimers, chooseTurns, standardClock, timerMacrotask } from './ladder.js';

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

/** An application that is never in the background and tells of nothing. */
export function createForegroundApp(ambient: Ambient): HostApp {
  const never = (): (() => void) => () => undefined;
  return {
    hidden: false,
    onHiddenChange: never,
    onMemoryWarning: never,
    reportError: createReporter(ambient),
  };
}

/** The host of a context that has only ECMAScript and timers. */
export function createEcmascriptHost(ambient: Ambient): Host {
  return {
    name: 'ecmascript',
    time: createTime(ambient, standardClock(ambient)),
    turns: chooseTurns(ambient, (microtask) => timerMacrotask(ambient, microtask ?? noTurns), null),
    app: createForegroundApp(ambient),
  };
}

/** Neither timers nor native jobs: the polyfilled `Promise` is the last way there is. */
export function noTurns(callback: () => void): void {
  void Promise.resolve().then(callback);
}
