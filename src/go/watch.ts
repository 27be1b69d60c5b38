/** What the development build sees of routines; nobody watches otherwise, which costs a comparison. */
import type { Waiter } from './wait-list.js';

/** A routine, as far as it is watched. */
export interface WatchedRoutine {
  readonly name: string;
  /** What it waits for: an operation, itself where that is a timer or its turn, a promise; `null` for whatever else. */
  readonly waitsFor: object | null;
}

/** Who watches routines. */
export interface RoutineWatcher {
  started(routine: WatchedRoutine): void;
  ended(routine: WatchedRoutine): void;
  /** Somebody awaits `waiter`: an async routine, or code outside of all. */
  awaited(waiter: Waiter): void;
  /** Nothing is ready. */
  idle(): void;
}

/** Set by the development build. */
export const watch: { by: RoutineWatcher | null } = { by: null };
