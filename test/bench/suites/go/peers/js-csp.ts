/** js-csp: generators that yield what they wait for. Each wait ends in a turn of its own, by `setImmediate` or its polyfill. */
import type * as cspModule from 'js-csp/lib/js-csp.js';
import type { CspChannel } from 'js-csp/lib/js-csp.js';
import type { Received } from '../checks.js';
import { noLock } from './peer.js';
import type { Peer, Routines } from './peer.js';

type Csp = typeof cspModule;
type Routine = Generator<unknown, void, never>;

/** Runs both, and is fulfilled when both have ended; its own way to tell that is another channel. */
function both({ go }: Csp, first: () => Routine, second: () => Routine): Promise<void> {
  return new Promise((resolve) => {
    let running = 2;
    const ending = function* (routine: () => Routine): Routine {
      yield* routine();
      if (--running === 0) resolve();
    };
    go(ending, [first]);
    go(ending, [second]);
  });
}

function transfersBy(csp: Csp): Omit<Routines, 'sleepers'> {
  const { alts, chan, put, take } = csp;
  function* produce(count: number, target: CspChannel): Routine {
    for (let n = 1; n <= count; n++) yield put(target, n);
  }
  function* consume(count: number, source: CspChannel, received: Received): Routine {
    for (let n = 1; n <= count; n++) received.take(yield take(source));
  }
  const transfer = (count: number, channel: CspChannel, received: Received): Promise<void> =>
    both(
      csp,
      () => produce(count, channel),
      () => consume(count, channel, received),
    );
  return {
    pingPong(count, received) {
      const there = chan();
      const back = chan();
      const ping = function* (): Routine {
        for (let n = 1; n <= count; n++) {
          yield put(there, n);
          received.take(yield take(back));
        }
      };
      const pong = function* (): Routine {
        for (let n = 1; n <= count; n++) yield put(back, yield take(there));
      };
      return both(csp, ping, pong);
    },
    unbuffered: (count, received) => transfer(count, chan(), received),
    buffered: (count, received, capacity) => transfer(count, chan(capacity), received),
    select(count, received, channels) {
      const all = Array.from({ length: channels }, () => chan());
      const producer = function* (): Routine {
        for (let n = 1; n <= count; n++) yield put(all[n % channels] as CspChannel, n);
      };
      const consumer = function* (): Generator<unknown, void, { readonly value: number }> {
        for (let n = 1; n <= count; n++) received.take((yield alts(all)).value);
      };
      return both(csp, producer, consumer);
    },
    handOffs: noLock,
  };
}

export const jsCsp: Peer = {
  name: 'js-csp',
  tags: ['peer'],
  async load() {
    // What bundlers would choose names setImmediate of Node; this file of the package has its polyfill in it.
    const csp = await import('js-csp/lib/js-csp.js');
    const { go, sleep } = csp;
    return {
      sleepers(count, sleepMs, log) {
        const sleeper = function* (): Routine {
          log.begin();
          yield sleep(sleepMs);
          log.wake();
        };
        for (let index = 0; index < count; index++) go(sleeper, []);
      },
      ...transfersBy(csp),
    };
  },
};
