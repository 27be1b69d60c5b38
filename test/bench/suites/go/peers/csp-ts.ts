/** csp-ts: async functions and channels, nothing else. */
import type * as cspModule from 'csp-ts';
import type { Channel } from 'csp-ts';
import type { Received } from '../checks.js';
import { noLock, noSelect, noSleep } from './peer.js';
import type { Peer, Routines } from './peer.js';

function routinesBy({ BufferedChannel, Channel: Unbuffered }: typeof cspModule): Routines {
  async function produce(count: number, target: Channel<number>): Promise<void> {
    for (let n = 1; n <= count; n++) await target.send(n);
  }
  async function consume(count: number, source: Channel<number>, received: Received): Promise<void> {
    for (let n = 1; n <= count; n++) received.take(await source.receive());
  }
  const transfer = (count: number, channel: Channel<number>, received: Received): Promise<unknown> =>
    Promise.all([produce(count, channel), consume(count, channel, received)]);
  return {
    sleepers: noSleep,
    pingPong(count, received) {
      const there = new Unbuffered(NaN);
      const back = new Unbuffered(NaN);
      const ping = async (): Promise<void> => {
        for (let n = 1; n <= count; n++) {
          await there.send(n);
          received.take(await back.receive());
        }
      };
      const pong = async (): Promise<void> => {
        for (let n = 1; n <= count; n++) await back.send(await there.receive());
      };
      return Promise.all([ping(), pong()]);
    },
    unbuffered: (count, received) => transfer(count, new Unbuffered(NaN), received),
    buffered: (count, received, capacity) => transfer(count, new BufferedChannel(NaN, capacity), received),
    select: noSelect,
    handOffs: noLock,
  };
}

export const cspTs: Peer = {
  name: 'csp-ts',
  tags: ['peer'],
  load: async () => routinesBy(await import('csp-ts')),
};
