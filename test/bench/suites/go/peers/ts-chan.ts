/**
 * ts-chan: async functions, and channels and a select modelled on Go's; a `Select` is made once and waited for again and
 * again. It is compared twice: as it is, it gives the thread away in each wait, and "unsafe", as it calls that, it does not.
 */
import type * as tsChanModule from 'ts-chan';
import type { Chan } from 'ts-chan';
import type { Received } from '../checks.js';
import { noLock, noSleep } from './peer.js';
import type { Peer, Routines } from './peer.js';

function routinesBy(library: typeof tsChanModule, unsafe: boolean): Routines {
  const { Select, recv } = library;
  const open = (capacity = 0): Chan<number> => new library.Chan<number>(capacity).setUnsafe(unsafe);

  async function produce(count: number, target: Chan<number>): Promise<void> {
    for (let n = 1; n <= count; n++) await target.send(n);
  }
  async function consume(count: number, source: Chan<number>, received: Received): Promise<void> {
    for (let n = 1; n <= count; n++) received.take((await source.recv()).value ?? NaN);
  }
  const transfer = (count: number, channel: Chan<number>, received: Received): Promise<unknown> =>
    Promise.all([produce(count, channel), consume(count, channel, received)]);
  return {
    sleepers: noSleep,
    pingPong(count, received) {
      const there = open();
      const back = open();
      const ping = async (): Promise<void> => {
        for (let n = 1; n <= count; n++) {
          await there.send(n);
          received.take((await back.recv()).value ?? NaN);
        }
      };
      const pong = async (): Promise<void> => {
        for (let n = 1; n <= count; n++) await back.send((await there.recv()).value ?? NaN);
      };
      return Promise.all([ping(), pong()]);
    },
    unbuffered: (count, received) => transfer(count, open(), received),
    buffered: (count, received, capacity) => transfer(count, open(capacity), received),
    select(count, received, channels) {
      const all = Array.from({ length: channels }, () => open());
      const select = new Select(all.map((channel) => recv(channel))).setUnsafe(unsafe);
      const producer = async (): Promise<void> => {
        for (let n = 1; n <= count; n++) await all[n % channels]?.send(n);
      };
      const consumer = async (): Promise<void> => {
        for (let n = 1; n <= count; n++) {
          const ready = select.cases[await select.wait()];
          received.take(ready === undefined ? NaN : (select.recv(ready).value ?? NaN));
        }
      };
      return Promise.all([producer(), consumer()]);
    },
    handOffs: noLock,
  };
}

export const tsChan: Peer = {
  name: 'ts-chan',
  tags: ['peer'],
  load: async () => routinesBy(await import('ts-chan'), false),
};

export const tsChanUnsafe: Peer = {
  name: 'ts-chan unsafe',
  tags: ['peer'],
  load: async () => routinesBy(await import('ts-chan'), true),
};
