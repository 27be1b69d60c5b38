/**
 * What `core/` needs from the host, seen from below: the host sits above and fills it in (`host/runtime.ts`).
 * `AbortSignal.timeout` needs a timer, `Event` a time stamp, `EventTarget` a place for a listener's exception.
 */
export interface Environment {
  /** Milliseconds on the host's monotonic clock. */
  now(): number;
  /** Runs `callback` as a task of its own when `delayMs` have passed, on the one timer queue. */
  after(delayMs: number, callback: () => void): void;
  /** Reports an error that no caller can receive. */
  reportError(error: unknown): void;
}

let provide: (() => Environment) | undefined;

/** Names where the environment is to be had; asked at each use, because a test may change hosts. */
export function provideEnvironment(source: () => Environment): void {
  provide = source;
}

/** The environment in force. */
export function environment(): Environment {
  // Invariant: every entry imports the host's runtime, which provides; only a wrong import order comes here.
  if (provide === undefined) throw new Error('mp-lanes: no host was provided before the first use');
  return provide();
}
