/**
 * @thi.ng/csp: async functions and channels. A `write` is fulfilled when somebody has read it, however large the buffer, so
 * its channels are unbuffered to those who wait for it; who wants the buffer offers, and waits only when it is full.
 */
import type * as cspModule from '@thi.ng/csp';
import type { Channel } from '@thi.ng/csp';
import type { Received } from '../checks.js';
import { noLock } from './peer.js';
import type { Peer, Routines } from './peer.js';

/** What is read is `undefined` once a channel is closed, which these are not. */
const present = (value: number | undefined): number => value ?? NaN;

function transfersBy({ channel, select }: typeof cspModule): Omit<Routines, 'sleepers'> {
  async function produce(count: number, target: Channel<number>): Promise<void> {
    for (let n = 1; n <= count; n++) await target.write(n);
  }
  async function produceAhead(count: number, target: Channel<number>): Promise<void> {
    for (let n = 1; n <= count; n++) {
      if (!target.offer(n)) await target.write(n);
    }
  }
  async function consume(count: number, source: Channel<number>, received: Received): Promise<void> {
    for (let n = 1; n <= count; n++) received.take(present(await source.read()));
  }
  return {
    pingPong(count, received) {
      const there = channel<number>();
      const back = channel<number>();
      const ping = async (): Promise<void> => {
        for (let n = 1; n <= count; n++) {
          await there.write(n);
          received.take(present(await back.read()));
        }
      };
      const pong = async (): Promise<void> => {
        for (let n = 1; n <= count; n++) await back.write(present(await there.read()));
      };
      return Promise.all([ping(), pong()]);
    },
    unbuffered(count, received) {
      const line = channel<number>();
      return Promise.all([produce(count, line), consume(count, line, received)]);
    },
    buffered(count, received, capacity) {
      const line = channel<number>(capacity);
      return Promise.all([produceAhead(count, line), consume(count, line, received)]);
    },
    select(count, received, channels) {
      const all = Array.from({ length: channels }, () => channel<number>());
      const [first, ...rest] = all as [Channel<number>, ...Channel<number>[]];
      const producer = async (): Promise<void> => {
        for (let n = 1; n <= count; n++) await all[n % channels]?.write(n);
      };
      const consumer = async (): Promise<void> => {
        for (let n = 1; n <= count; n++) received.take(present((await select(first, ...rest))[0]));
      };
      return Promise.all([producer(), consumer()]);
    },
    handOffs: noLock,
  };
}

export const thiNgCsp: Peer = {
  name: '@thi.ng/csp',
  tags: ['peer'],
  async load() {
    const library = await import('@thi.ng/csp');
    const { timeout } = library;
    return {
      sleepers(count, sleepMs, log) {
        const sleeper = async (): Promise<void> => {
          log.begin();
          await timeout(sleepMs).read();
          log.wake();
        };
        for (let index = 0; index < count; index++) void sleeper();
      },
      ...transfersBy(library),
    };
  },
};
