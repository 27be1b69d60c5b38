/** A bound on how long is waited for something that may never come. */

/** Thrown when the wait is over. */
export class TooLate extends Error {
  override readonly name = 'TooLate';
}

/** The outcome of `promise`, unless `limitMs` pass first. */
export function within<T>(
  promise: Promise<T>,
  limitMs: number,
  setTimer: (callback: () => void, delayMs: number) => void,
  explain: () => string = () => `did not finish within ${String(limitMs / 1000)} s`,
): Promise<T> {
  return new Promise((resolve, reject) => {
    setTimer(() => {
      reject(new TooLate(explain()));
    }, limitMs);
    promise.then(resolve, reject);
  });
}
