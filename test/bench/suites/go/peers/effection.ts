/** effection: generators that delegate to what they wait for. Its queues are for one reader, and without a limit. */
import { noLock } from './peer.js';
import type { Peer } from './peer.js';

const holdsNobodyBack = 'its queues never hold a sender back';

export const effection: Peer = {
  name: 'effection',
  tags: ['peer'],
  async load() {
    const { createQueue, run, sleep, spawn } = await import('effection');
    return {
      sleepers(count, sleepMs, log) {
        for (let index = 0; index < count; index++) {
          void run(function* () {
            log.begin();
            yield* sleep(sleepMs);
            log.wake();
          });
        }
      },
      // Each number is asked for before the next is sent, so that a queue is as good as a channel.
      pingPong(count, received) {
        const there = createQueue<number, never>();
        const back = createQueue<number, never>();
        return run(function* () {
          const pong = yield* spawn(function* () {
            for (let n = 1; n <= count; n++) back.add((yield* there.next()).value);
          });
          for (let n = 1; n <= count; n++) {
            there.add(n);
            received.take((yield* back.next()).value);
          }
          yield* pong;
        });
      },
      unbuffered: holdsNobodyBack,
      buffered: holdsNobodyBack,
      select: `${holdsNobodyBack}, and a race of several takes from each that has something`,
      handOffs: noLock,
    };
  },
};
