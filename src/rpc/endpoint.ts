/** An endpoint: anything with `postMessage` and `addEventListener`. Our ports, workers and `self`, and native ones. */

/** What a listener of an endpoint is told. */
export interface EndpointEvent {
  readonly type: string;
  readonly data?: unknown;
}

/** One end of a way to post messages, as `wrap` and `expose` take it. */
export interface Endpoint {
  postMessage(message: unknown, transfer?: object[]): void;
  addEventListener(type: string, listener: (event: never) => void): void;
  removeEventListener(type: string, listener: (event: never) => void): void;
  /** A port's: lets messages in. */
  start?(): void;
}

const lostReasons = new WeakMap<object, Error>();

/** Says why `endpoint`, one of ours, is of no use any more. */
export function markLost(endpoint: object, reason: Error): void {
  lostReasons.set(endpoint, reason);
}

/** Why `endpoint` is of no use any more, or `null` while it is, as far as is known. */
export function findLostReason(endpoint: object): Error | null {
  return lostReasons.get(endpoint) ?? null;
}
