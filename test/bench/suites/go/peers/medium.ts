/** medium: async functions, and channels whose `put` and `take` are promises. */
import type * as mediumModule from 'medium';
import type { MediumChannel } from 'medium';
import type { Received } from '../checks.js';
import { noLock } from './peer.js';
import type { Peer, Routines } from './peer.js';

function transfersBy({ any, chan, go, put, take }: typeof mediumModule): Omit<Routines, 'sleepers'> {
  async function produce(count: number, target: MediumChannel): Promise<void> {
    for (let n = 1; n <= count; n++) await put(target, n);
  }
  async function consume(count: number, source: MediumChannel, received: Received): Promise<void> {
    for (let n = 1; n <= count; n++) received.take(await take(source));
  }
  const transfer = (count: number, channel: MediumChannel, received: Received): Promise<unknown> =>
    Promise.all([go(() => produce(count, channel)), go(() => consume(count, channel, received))]);
  return {
    pingPong(count, received) {
      const there = chan();
      const back = chan();
      const ping = async (): Promise<void> => {
        for (let n = 1; n <= count; n++) {
          await put(there, n);
          received.take(await take(back));
        }
      };
      const pong = async (): Promise<void> => {
        for (let n = 1; n <= count; n++) await put(back, await take(there));
      };
      return Promise.all([go(ping), go(pong)]);
    },
    unbuffered: (count, received) => transfer(count, chan(), received),
    buffered: (count, received, capacity) => transfer(count, chan(capacity), received),
    select(count, received, channels) {
      const all = Array.from({ length: channels }, () => chan());
      const producer = async (): Promise<void> => {
        for (let n = 1; n <= count; n++) await put(all[n % channels] as MediumChannel, n);
      };
      const consumer = async (): Promise<void> => {
        for (let n = 1; n <= count; n++) received.take((await any(...all))[0]);
      };
      return Promise.all([go(producer), go(consumer)]);
    },
    handOffs: noLock,
  };
}

export const medium: Peer = {
  name: 'medium',
  tags: ['peer'],
  async load() {
    const library = await import('medium');
    const { go, sleep } = library;
    return {
      sleepers(count, sleepMs, log) {
        const sleeper = async (): Promise<void> => {
          log.begin();
          await sleep(sleepMs);
          log.wake();
        };
        for (let index = 0; index < count; index++) void go(sleeper);
      },
      ...transfersBy(library),
    };
  },
};
