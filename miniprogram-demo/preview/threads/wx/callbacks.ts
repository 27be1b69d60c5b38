/** The calling convention of `wx.*`: an options object with `success`, `fail`, `complete`, or a promise without them. */
import { runTurn } from '../turns.js';
import { native } from '../native.js';

export interface Callbacks {
  readonly success?: (result: unknown) => void;
  readonly fail?: (error: { errMsg: string }) => void;
  readonly complete?: (result: unknown) => void;
}

/** How one call ends; exactly one of the two, once. */
export interface Outcome {
  succeed(result?: Record<string, unknown>): void;
  fail(reason: string): void;
}

/**
 * Runs `act` and tells the caller how it ended, never inside the call. Without any callback a promise is returned.
 * @param name of the `wx` function, for `errMsg`
 */
export function settle(
  name: string,
  options: Callbacks,
  act: (outcome: Outcome) => void,
): Promise<unknown> | undefined {
  if (options.success === undefined && options.fail === undefined && options.complete === undefined) {
    return new Promise((resolve, reject) => {
      run(name, { success: resolve, fail: reject }, act);
    });
  }
  run(name, options, act);
  return undefined;
}

function run(name: string, options: Callbacks, act: (outcome: Outcome) => void): void {
  const end = (result: Record<string, unknown> & { errMsg: string }, good: boolean): void => {
    later(() => {
      if (good) options.success?.(result);
      else options.fail?.(result);
      options.complete?.(result);
    });
  };
  act({
    succeed: (result = {}) => {
      end({ ...result, errMsg: `${name}:ok` }, true);
    },
    fail: (reason) => {
      end({ errMsg: `${name}:fail ${reason}` }, false);
    },
  });
}

const channel = new native.MessageChannel();
const queue: (() => void)[] = [];
channel.port1.onmessage = () => {
  runTurn('callback', () => queue.shift()?.());
};

/** Runs `callback` in a turn of its own. */
export function later(callback: () => void): void {
  queue.push(callback);
  channel.port2.postMessage(null);
}
