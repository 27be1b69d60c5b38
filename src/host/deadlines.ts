/** Deadlines of what is done on somebody's behalf, which goes on to what that does in turn: by the signal that it was given. */
import { currentRuntime } from './runtime.js';

/** By signal: when what it belongs to must be over, by the runtime's clock. */
const deadlines = new WeakMap<object, number>();

/** What is done on behalf of `signal` must be over at `atMs`. */
export function setDeadline(signal: object, atMs: number): void {
  if (atMs !== Infinity) deadlines.set(signal, atMs);
}

/** When what is done on behalf of `signal` must be over, by the runtime's clock; `Infinity` where nobody waits. */
export function deadlineOf(signal: object): number {
  const atMs = deadlines.get(signal);
  return atMs === undefined ? Infinity : atMs;
}

/** How long is left to what is done on behalf of `signal`; `Infinity` where nobody waits. */
export function timeLeftMs(signal: object): number {
  return deadlineOf(signal) - currentRuntime().now();
}
