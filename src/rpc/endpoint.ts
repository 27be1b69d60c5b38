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

/** By this key an endpoint of ours tells why it is of no use any more; `null` while it is. */
export const lostReason: unique symbol = Symbol.for('mp-lanes.lostReason') as never;

/** Why `endpoint` is of no use any more, or `null` while it is, as far as is known. */
export function findLostReason(endpoint: Endpoint): Error | null {
  return (endpoint as { readonly [lostReason]?: Error | null })[lostReason] ?? null;
}
