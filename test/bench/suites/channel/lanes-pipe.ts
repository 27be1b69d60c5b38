/** One of our ports, or our `Worker`, or our `self`, as a pipe. */
import type { RawPipe } from '../../harness/kit.js';

interface LanesEndpoint {
  postMessage(message: unknown, transfer?: object[]): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
}

/** @param endpoint - what has these members of ours; their types differ in what else an event has */
export function lanesPipe(endpoint: object): RawPipe {
  const port = endpoint as LanesEndpoint;
  return {
    post: (message, transfer) =>
      transfer === undefined ? port.postMessage(message) : port.postMessage(message, transfer as object[]),
    listen(listener) {
      port.onmessage = ({ data }) => listener(data);
    },
  };
}
