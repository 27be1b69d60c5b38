/** Ours. */
import { callerOf } from '../caller.js';
import type { Peer } from './peer.js';

export const ownName = 'mp-lanes';

/** What the other thread exposes. */
interface Far {
  add(a: number, b: number): number;
  weigh(buffer: ArrayBuffer, at: number): number;
  visit(count: number, each: (n: number) => void): Promise<number>;
  items(count: number): AsyncGenerator<number, void>;
}

export const mpLanes: Peer = {
  name: ownName,
  tags: ['own'],
  async connect(_kit, { urlOf }) {
    const { Worker, transfer, wrap } = await import('mp-lanes');
    const worker = new Worker(urlOf('lanes'));
    await worker.ready;
    const far = wrap<Far>(worker);
    const caller = callerOf({
      add: (a, b) => far.add(a, b),
      visit: (count, each) => far.visit(count, each),
      async items(count, take) {
        for await (const n of await far.items(count)) take(n);
      },
      weigh: (buffer, at) => far.weigh(buffer, at),
      weighMoved: (buffer, at) => far.weigh(transfer(buffer, [buffer]), at),
    });
    return { ...caller, close: () => worker.terminate() };
  },
};
