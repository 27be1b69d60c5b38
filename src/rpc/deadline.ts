/** Deadlines of calls, which calls that are made on their behalf inherit: by the signal that the callee was given. */
import { LanesError } from '../core/errors.js';
import { currentRuntime } from '../host/runtime.js';

/** By signal: when the call that it belongs to must be over, by the runtime's clock. */
const deadlines = new WeakMap<object, number>();

/** What is done on behalf of `signal` must be over at `atMs`. */
export function setDeadline(signal: object, atMs: number): void {
  if (atMs !== Infinity) deadlines.set(signal, atMs);
}

/** How long is left to what is done on behalf of `signal`; `Infinity` where nobody waits. */
export function timeLeftMs(signal: object): number {
  const atMs = deadlines.get(signal);
  return atMs === undefined ? Infinity : atMs - currentRuntime().now();
}

/** What a call rejects with that took too long: to run, or to begin. */
export function timeoutError(name: string, what: 'end' | 'begin', ms: number): LanesError {
  return new LanesError(
    'ERR_CALL_TIMEOUT',
    `the call of "${name}" did not ${what} within ${Math.ceil(ms)} ms`,
    {
      value: ms,
    },
  );
}
