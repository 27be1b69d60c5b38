/**
 * Who answers the user: what is posted while a handler of a tap or an input runs is `'user-blocking'`, unless it says
 * otherwise.
 *
 * Invariant: the default is in force only while `callback` is on the stack; it ends at the callback's first `await`.
 */
import { currentRuntime } from '../host/runtime.js';

/** Runs `callback` and gives what it returns; tasks posted meanwhile without a priority are `'user-blocking'`. */
export function runUrgently<T>(callback: () => T): T {
  const { pump } = currentRuntime();
  const before = pump.defaultRank;
  pump.defaultRank = 0;
  try {
    return callback();
  } finally {
    pump.defaultRank = before;
  }
}
