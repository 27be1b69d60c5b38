/** threads.js: a stream is an Observable. Its items are numbered from 1, for it drops those that are falsy. */
import type { ObservablePromise } from 'threads';
import { callerOf } from '../caller.js';
import type { Peer } from './peer.js';

interface Far {
  add(a: number, b: number): Promise<number>;
  weigh(buffer: ArrayBuffer, at: number): Promise<number>;
  items(count: number): ObservablePromise<number>;
}

export const threadsJs: Peer = {
  name: 'threads',
  tags: ['peer'],
  async connect({ host }, { urlOf }) {
    const { Transfer, Worker, spawn } = await import('threads');
    const url = urlOf('threads');
    // In Node it takes every path for one from the caller's own folder on, where the script lies.
    const script = host === 'node' ? `./${url.replace(/^.*[/\\]/, '')}` : url;
    const worker: { setMaxListeners?(count: number): void } = new Worker(script);
    // It listens anew for each call, of which Node warns; in a browser it would not be heard of either.
    worker.setMaxListeners?.(0);
    const far = (await spawn(worker)) as Far;
    return callerOf({
      add: (a, b) => far.add(a, b),
      visit: 'takes no functions as arguments, and has no events',
      items: (count, take) =>
        new Promise((resolve, reject) => {
          far.items(count).subscribe(take, reject, () => resolve(undefined));
        }),
      weigh: (buffer, at) => far.weigh(buffer, at),
      weighMoved: (buffer, at) => far.weigh(Transfer(buffer, [buffer]), at),
    });
  },
};
