/** Inside a thread of Node; and what both ends of a native port there have in common. */
import { parentPort } from 'node:worker_threads';
import type { MessagePort, Transferable, Worker } from 'node:worker_threads';
import type { RawPipe, Serve } from '../../harness/kit.js';

export function portPipe(port: MessagePort | Worker): RawPipe {
  let listener: ((message: unknown) => void) | null = null;
  return {
    post: (message, transfer) => port.postMessage(message, transfer as readonly Transferable[] | undefined),
    listen(added) {
      if (listener === null) port.on('message', (message: unknown) => listener?.(message));
      listener = added;
    },
  };
}

export function start(serve: Serve): void {
  if (parentPort === null) throw new Error('this script is for a second thread');
  serve({
    host: 'node',
    parent: portPipe(parentPort),
    native: parentPort,
    pipeOf: (port) => portPipe(port as MessagePort),
  });
}
