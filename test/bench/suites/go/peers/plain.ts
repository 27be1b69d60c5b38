/** No library: async functions, promises and timers, with the fewest lines that do each. */
import type { Received } from '../checks.js';
import { fulfilled, noSelect } from './peer.js';
import type { Peer } from './peer.js';

export const plainName = 'plain async';

/** A queue that holds back who sends more than `capacity` ahead of the receiver. */
class PlainQueue {
  private readonly values: number[] = [];
  private readonly takers: ((value: number) => void)[] = [];
  private readonly held: (() => void)[] = [];

  constructor(private readonly capacity: number) {}

  send(value: number): Promise<void> | undefined {
    const taker = this.takers.shift();
    if (taker !== undefined) {
      taker(value);
      return undefined;
    }
    this.values.push(value);
    if (this.values.length <= this.capacity) return undefined;
    return new Promise((resolve) => {
      this.held.push(resolve);
    });
  }

  recv(): Promise<number> | number {
    const value = this.values.shift();
    if (value === undefined) {
      return new Promise((resolve) => {
        this.takers.push(resolve);
      });
    }
    this.held.shift()?.();
    return value;
  }
}

class PlainLock {
  private isHeld = false;
  private readonly waiting: (() => void)[] = [];

  lock(): Promise<void> | undefined {
    if (this.isHeld) {
      return new Promise((resolve) => {
        this.waiting.push(resolve);
      });
    }
    this.isHeld = true;
    return undefined;
  }

  unlock(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.isHeld = false;
    else next();
  }
}

function transfer(count: number, received: Received, capacity: number): Promise<unknown> {
  const queue = new PlainQueue(capacity);
  const produce = async (): Promise<void> => {
    for (let n = 1; n <= count; n++) await queue.send(n);
  };
  const consume = async (): Promise<void> => {
    for (let n = 1; n <= count; n++) received.take(await queue.recv());
  };
  return Promise.all([produce(), consume()]);
}

export const plain: Peer = {
  name: plainName,
  tags: ['plain'],
  load: () =>
    Promise.resolve({
      sleepers(count, sleepMs, log) {
        const sleep = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, sleepMs));
        const sleeper = async (): Promise<void> => {
          log.begin();
          await sleep();
          log.wake();
        };
        for (let index = 0; index < count; index++) void sleeper();
      },
      pingPong(count, received) {
        const there = new PlainQueue(0);
        const back = new PlainQueue(0);
        const ping = async (): Promise<void> => {
          for (let n = 1; n <= count; n++) {
            await there.send(n);
            received.take(await back.recv());
          }
        };
        const pong = async (): Promise<void> => {
          for (let n = 1; n <= count; n++) await back.send(await there.recv());
        };
        return Promise.all([ping(), pong()]);
      },
      unbuffered: (count, received) => transfer(count, received, 0),
      buffered: transfer,
      select: `${noSelect}: Promise.race takes from all and drops all but one`,
      handOffs(count, section, routines) {
        const lock = new PlainLock();
        const routine = async (): Promise<void> => {
          for (let turn = 0; turn < count / routines; turn++) {
            await lock.lock();
            section.enter();
            await fulfilled;
            section.leave();
            lock.unlock();
          }
        };
        return Promise.all(Array.from({ length: routines }, routine));
      },
    }),
};
