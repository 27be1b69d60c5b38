/**
 * effect 4: fibers and queues; a queue of capacity 0 is a channel without a buffer. A sleeper is composed of three effects, which
 * costs less than a generator. A select is a transaction over transactional queues, which have room for one: a race of takes would
 * be quicker, but loses what the losers have taken. A fiber is suspended by a promise that is fulfilled, for its own `yieldNow`
 * waits for a turn of the host.
 */
import type * as effectModule from 'effect';
import type { Effect, Queue, TxQueue } from 'effect';
import type { Received } from '../checks.js';
import type { Peer, Routines } from './peer.js';

function transfersBy({
  Effect,
  Option,
  Queue,
  TxQueue,
}: typeof effectModule): Omit<Routines, 'sleepers' | 'handOffs'> {
  type Line = Queue.Queue<number>;
  const produce = (count: number, target: Line): Effect.Effect<void> =>
    Effect.gen(function* () {
      for (let n = 1; n <= count; n++) yield* Queue.offer(target, n);
    });
  const consume = (count: number, source: Line, received: Received): Effect.Effect<void> =>
    Effect.gen(function* () {
      for (let n = 1; n <= count; n++) received.take(yield* Queue.take(source));
    });
  const both = (first: Effect.Effect<void>, second: Effect.Effect<void>): Effect.Effect<void> =>
    Effect.all([first, second], { concurrency: 'unbounded', discard: true });
  const transfer = (count: number, capacity: number, received: Received): Promise<void> =>
    Effect.runPromise(
      Effect.gen(function* () {
        const line = yield* Queue.bounded<number>(capacity);
        yield* both(produce(count, line), consume(count, line, received));
      }),
    );
  return {
    pingPong(count, received) {
      const ping = (there: Line, back: Line): Effect.Effect<void> =>
        Effect.gen(function* () {
          for (let n = 1; n <= count; n++) {
            yield* Queue.offer(there, n);
            received.take(yield* Queue.take(back));
          }
        });
      const pong = (there: Line, back: Line): Effect.Effect<void> =>
        Effect.gen(function* () {
          for (let n = 1; n <= count; n++) yield* Queue.offer(back, yield* Queue.take(there));
        });
      return Effect.runPromise(
        Effect.gen(function* () {
          const there = yield* Queue.bounded<number>(0);
          const back = yield* Queue.bounded<number>(0);
          yield* both(ping(there, back), pong(there, back));
        }),
      );
    },
    unbuffered: (count, received) => transfer(count, 0, received),
    buffered: (count, received, capacity) => transfer(count, capacity, received),
    select: (count, received, channels) =>
      Effect.runPromise(
        Effect.gen(function* () {
          const all = yield* Effect.all(Array.from({ length: channels }, () => TxQueue.bounded<number>(1)));
          const any = Effect.tx(
            Effect.gen(function* () {
              for (const line of all) {
                const taken = yield* TxQueue.poll(line);
                if (Option.isSome(taken)) return taken.value;
              }
              return yield* Effect.txRetry;
            }),
          );
          const producer = Effect.gen(function* () {
            for (let n = 1; n <= count; n++)
              yield* TxQueue.offer(all[n % channels] as TxQueue.TxQueue<number>, n);
          });
          const consumer = Effect.gen(function* () {
            for (let n = 1; n <= count; n++) received.take(yield* any);
          });
          yield* both(producer, consumer);
        }),
      ),
  };
}

export const effect4: Peer = {
  name: 'effect 4',
  tags: ['peer'],
  async load() {
    const library = await import('effect');
    const { Effect, Semaphore } = library;
    return {
      sleepers(count, sleepMs, log) {
        const sleeper = Effect.sync(() => log.begin()).pipe(
          Effect.andThen(Effect.sleep(sleepMs)),
          Effect.andThen(Effect.sync(() => log.wake())),
        );
        for (let index = 0; index < count; index++) Effect.runFork(sleeper);
      },
      ...transfersBy(library),
      handOffs(count, section, routines) {
        const lock = Semaphore.makeUnsafe(1);
        const suspend = Effect.promise(() => Promise.resolve());
        const turn = lock.withPermits(1)(
          Effect.sync(() => section.enter()).pipe(
            Effect.andThen(suspend),
            Effect.andThen(Effect.sync(() => section.leave())),
          ),
        );
        const routine = Effect.gen(function* () {
          for (let time = 0; time < count / routines; time++) yield* turn;
        });
        const all = Array.from({ length: routines }, () => routine);
        return Effect.runPromise(Effect.all(all, { concurrency: 'unbounded', discard: true }));
      },
    };
  },
};
