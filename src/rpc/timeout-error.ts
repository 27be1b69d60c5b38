/** What calls that take too long reject with. */
import { LanesError } from '../core/errors.js';

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
