/** Inside a Web Worker; and what both ends of a native port there have in common. */
import type { RawPipe, Serve } from '../../harness/kit.js';

export function portPipe(port: MessagePort | Worker): RawPipe {
  return {
    post: (message, transfer) => port.postMessage(message, (transfer ?? []) as Transferable[]),
    listen(listener) {
      port.onmessage = ({ data }: MessageEvent<unknown>) => listener(data);
    },
  };
}

export function start(serve: Serve): void {
  // A worker's scope has the two members of a port that are used.
  serve({
    host: 'chromium',
    parent: portPipe(self as unknown as Worker),
    native: self,
    pipeOf: (port) => portPipe(port as MessagePort),
  });
}
