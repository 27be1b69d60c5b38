/** Comlink: a stream is a callback for each item. */
import type { Endpoint } from 'comlink';
import { callerOf } from '../caller.js';
import type { Peer } from './peer.js';

interface Far {
  add(a: number, b: number): number;
  weigh(buffer: ArrayBuffer, at: number): number;
  visit(count: number, each: (n: number) => void): Promise<number>;
}

export const comlink: Peer = {
  name: 'comlink',
  tags: ['peer'],
  async connect({ host }, threads) {
    const { proxy, transfer, wrap } = await import('comlink');
    const worker = threads.native('comlink');
    let endpoint = worker as Endpoint;
    if (host === 'node') {
      const { default: nodeEndpoint } = await import('comlink/dist/esm/node-adapter.mjs');
      endpoint = nodeEndpoint(worker);
    }
    const far = wrap<Far>(endpoint);
    const visit = (count: number, each: (n: number) => void): Promise<number> =>
      far.visit(count, proxy(each));
    return callerOf({
      add: (a, b) => far.add(a, b),
      visit,
      items: visit,
      weigh: (buffer, at) => far.weigh(buffer, at),
      weighMoved: (buffer, at) => far.weigh(transfer(buffer, [buffer]), at),
    });
  },
};
