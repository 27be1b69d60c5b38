/** A plain worker thread: what arrives with a native port exposes an API there, or is called through it. */
import { parentPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { expose, wrap } from '../../src/index.js';
import type { Endpoint } from '../../src/index.js';

/** What the worker exposes. */
export function createApi() {
  return {
    add: (a: number, b: number) => a + b,
    each: async (callback: (n: number) => Promise<number>) => [await callback(1), await callback(2)],
    take: (port: { postMessage(message: unknown): void }) => port.postMessage('from the worker'),
    fail: (): never => {
      throw new RangeError('too far');
    },
  };
}

parentPort?.on('message', ({ port, ask }: { port: MessagePort; ask?: boolean }) => {
  const endpoint = port as unknown as Endpoint;
  if (ask !== true) {
    expose(createApi(), endpoint);
    return;
  }
  const remote = wrap<ReturnType<typeof createApi>>(endpoint);
  void remote.add(40, 2).then((sum) => parentPort?.postMessage(sum));
});
