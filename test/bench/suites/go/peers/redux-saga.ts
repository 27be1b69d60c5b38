/**
 * redux-saga: generators that yield descriptions of what they wait for. `put` never waits for a taker: a channel without a
 * buffer drops what nobody waits for, and a full one throws. Here its scheduler lets the taker go on before the next `put`, so
 * that nothing is lost, as the count shows; but nothing holds a sender back either, so that less is done than by the others.
 */
import type { Channel } from 'redux-saga';
import type * as sagaModule from 'redux-saga';
import type * as effectsModule from 'redux-saga/effects';
import type { Received } from '../checks.js';
import { noLock } from './peer.js';
import type { Peer, Routines } from './peer.js';

type Saga<Got = number> = Generator<unknown, void, Got>;
type Line = Channel<number>;

function transfersBy(
  { buffers, channel, runSaga }: typeof sagaModule,
  { fork, put, race, take }: typeof effectsModule,
): Omit<Routines, 'sleepers'> {
  const open = (capacity: number): Line =>
    channel<number>(capacity === 0 ? buffers.none() : buffers.fixed(capacity));

  /** Forks the second, then goes on as the first. */
  function both(first: () => Saga, second: () => Saga): Promise<unknown> {
    const root = function* (): Generator<unknown, void, never> {
      yield fork(second);
      yield* first() as Generator<unknown, void, never>;
    };
    return new Promise((resolve, reject) => {
      runSaga({ onError: reject }, root).toPromise().then(resolve, reject);
    });
  }
  function transfer(count: number, line: Line, received: Received): Promise<unknown> {
    const producer = function* (): Saga {
      for (let n = 1; n <= count; n++) yield put(line, n);
    };
    const consumer = function* (): Saga {
      for (let n = 1; n <= count; n++) received.take(yield take(line));
    };
    return both(producer, consumer);
  }
  return {
    pingPong(count, received) {
      const there = open(0);
      const back = open(0);
      const ping = function* (): Saga {
        for (let n = 1; n <= count; n++) {
          yield put(there, n);
          received.take(yield take(back));
        }
      };
      const pong = function* (): Saga {
        for (let n = 1; n <= count; n++) yield put(back, yield take(there));
      };
      return both(ping, pong);
    },
    unbuffered: (count, received) => transfer(count, open(0), received),
    buffered: (count, received, capacity) => transfer(count, open(capacity), received),
    select(count, received, channels) {
      const all = Array.from({ length: channels }, () => open(0));
      const any = race(all.map((line) => take(line)));
      const producer = function* (): Saga {
        for (let n = 1; n <= count; n++) yield put(all[n % channels] as Line, n);
      };
      const consumer = function* (): Saga<readonly (number | undefined)[]> {
        for (let n = 1; n <= count; n++) {
          const taken: readonly (number | undefined)[] = yield any;
          received.take(taken.find((value) => value !== undefined) ?? NaN);
        }
      };
      return both(producer, consumer as unknown as () => Saga);
    },
    handOffs: noLock,
  };
}

export const reduxSaga: Peer = {
  name: 'redux-saga',
  tags: ['peer'],
  async load() {
    const library = await import('redux-saga');
    const effects = await import('redux-saga/effects');
    const { delay, spawn } = effects;
    return {
      sleepers(count, sleepMs, log) {
        const sleeper = function* (): Saga {
          log.begin();
          yield delay(sleepMs);
          log.wake();
        };
        const root = function* (): Saga {
          // Forked ones would be looked for in a list of all of them when they end.
          for (let index = 0; index < count; index++) yield spawn(sleeper);
        };
        library.runSaga({}, root);
      },
      ...transfersBy(library, effects),
    };
  },
};
