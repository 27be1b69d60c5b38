/**
 * Histories of random routines of both forms, recorded and searched for an order that a sequential object could have given:
 * whatever is aborted and cancelled, no value is lost or doubled, no lock has two holders.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Chan, Mutex, RWMutex, Semaphore, go, sleep } from '../../src/go.js';
import type { Guard, Operation, WaitOptions } from '../../src/go.js';
import { AbortController } from '../../src/scheduler.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';
import { runs, timeoutMs } from '../deep/scale.js';
import { History, isLinearizable } from './linearize.js';
import type { Recorded, Spec } from './linearize.js';

interface Move {
  /** What it does, as an index that the object under test interprets. */
  readonly what: number;
  readonly restMs: number;
  /** When its signal aborts, after so many milliseconds; 0 for never. */
  readonly abortMs: number;
}
interface Actor {
  readonly form: 'generator' | 'async';
  readonly moves: readonly Move[];
}

const actors = (kinds: number, moves = 3): fc.Arbitrary<Actor[]> =>
  fc.array(
    fc.record({
      form: fc.constantFrom('generator' as const, 'async' as const),
      moves: fc.array(
        fc.record({
          what: fc.nat(kinds - 1),
          restMs: fc.nat(2),
          abortMs: fc.nat(3),
        }),
        { minLength: 1, maxLength: moves },
      ),
    }),
    { minLength: 2, maxLength: 5 },
  );

/** An operation with its place in the history. */
interface Act<I, O> {
  readonly input: I;
  begin(signal: WaitOptions['signal']): Operation<unknown>;
  /** What it came to, as the specification says it. */
  outcome(result: unknown, error: unknown): O | undefined;
  /** What is done some time after, such as giving a lock back. */
  after?(result: unknown): { readonly input: I; run(): O } | null;
}

/** Lets all actors act on one object; gives what was recorded. */
async function record<I, O>(
  host: VirtualHost,
  all: readonly Actor[],
  actOf: (what: number) => Act<I, O>,
): Promise<Recorded<I, O>[]> {
  const history = new History<I, O>();
  const enter = (move: Move, act: Act<I, O>): { operation: Operation<unknown>; call: Recorded<I, O> } => {
    const controller = new AbortController();
    if (move.abortMs > 0) void sleep(move.abortMs).then(() => controller.abort('aborted'));
    const call = history.begin(act.input);
    return { call, operation: act.begin(move.abortMs > 0 ? controller.signal : undefined) };
  };
  const leave = (call: Recorded<I, O>, act: Act<I, O>, result: unknown, error: unknown): void => {
    if (error === 'aborted') return history.drop(call);
    history.end(call, act.outcome(result, error) as O);
  };
  const follow = (act: Act<I, O>, result: unknown): void => {
    const later = act.after?.(result);
    if (later === null || later === undefined) return;
    const call = history.begin(later.input);
    history.end(call, later.run());
  };
  for (const { form, moves } of all)
    if (form === 'generator')
      go(function* () {
        for (const move of moves) {
          const act = actOf(move.what);
          const { call, operation } = enter(move, act);
          let result: unknown;
          let error: unknown = null;
          try {
            result = yield* operation;
          } catch (caught) {
            error = caught;
          }
          leave(call, act, result, error);
          yield sleep(move.restMs);
          if (error === null) follow(act, result);
        }
      });
    else
      go(async () => {
        for (const move of moves) {
          const act = actOf(move.what);
          const { call, operation } = enter(move, act);
          let result: unknown;
          let error: unknown = null;
          try {
            result = await operation;
          } catch (caught) {
            error = caught;
          }
          leave(call, act, result, error);
          await sleep(move.restMs);
          if (error === null) follow(act, result);
        }
      });
  await host.runUntilIdle();
  expect(host.takeErrors()).toEqual([]);
  return history.operations;
}

/** Runs `property` on a virtual host of its own. */
async function onHost(property: (host: VirtualHost) => Promise<void>): Promise<void> {
  const host = createVirtualHost();
  const uninstall = host.install();
  try {
    await property(host);
  } finally {
    uninstall();
  }
}

type ChanInput = { readonly send: number } | 'recv' | 'close';
type ChanOutput = 'sent' | 'closed' | { readonly value: number | undefined; readonly ok: boolean };
interface ChanState {
  readonly buffer: readonly number[];
  readonly closed: boolean;
}

/**
 * A channel as a queue. Of an unbuffered one a send and its receive happen together: the value is in the queue between the
 * two, so one more than the capacity may be there, and the send is over only when it has been taken or fits. That makes the
 * queue a looser one than the channel; that no send ends early is for the model in `chan-model.ts` to see.
 */
const chanSpec = (most: number): Spec<ChanState, ChanInput, ChanOutput> => ({
  initial: { buffer: [], closed: false },
  step(state, input, output) {
    const { buffer, closed } = state;
    if (input === 'close')
      return output === 'closed' ? (closed ? [state] : []) : closed ? [] : [{ buffer, closed: true }];
    if (input === 'recv') {
      const [first, ...rest] = buffer;
      if (output === undefined) return first === undefined ? [] : [{ buffer: rest, closed }];
      const { value, ok } = output as { value: number | undefined; ok: boolean };
      if (!ok) return closed && first === undefined ? [state] : [];
      return first === value && first !== undefined ? [{ buffer: rest, closed }] : [];
    }
    if (output === 'closed') return closed ? [state] : [];
    return closed || buffer.length > most ? [] : [{ buffer: [...buffer, input.send], closed }];
  },
  show: ({ buffer, closed }) => `${buffer.join(' ')}${closed ? ' closed' : ''}`,
});

type LockInput = { readonly take: number } | { readonly give: number };
/** A lock with units: a mutex has one, readers take one of many, writers take all. */
const lockSpec = (units: number): Spec<number, LockInput, 'done'> => ({
  initial: units,
  step(free, input) {
    if ('give' in input) return [free + input.give];
    return free >= input.take ? [free - input.take] : [];
  },
  show: String,
});

function locking(
  take: number,
  begin: (signal?: WaitOptions['signal']) => Operation<Guard>,
): Act<LockInput, 'done'> {
  return {
    input: { take },
    begin,
    outcome: () => 'done',
    after: (guard) => ({
      input: { give: take },
      run: () => {
        (guard as Guard).release();
        return 'done';
      },
    }),
  };
}

/** It happens when it begins, and is over some time later. */
function closing(chan: Chan<number>): Act<ChanInput, ChanOutput> {
  let output: ChanOutput = 'sent';
  return {
    input: 'close',
    begin: () => {
      try {
        chan.close();
      } catch {
        output = 'closed';
      }
      return sleep(0);
    },
    outcome: () => output,
  };
}

describe('the checker', () => {
  const of = (
    began: number,
    ended: number,
    input: ChanInput,
    output: ChanOutput,
  ): Recorded<ChanInput, ChanOutput> => ({
    began,
    ended,
    input,
    output,
  });

  it('finds an order where there is one', () => {
    const history = [
      of(0, 5, { send: 1 }, 'sent'),
      of(1, 4, { send: 2 }, 'sent'),
      of(2, 3, 'recv', { value: 2, ok: true }),
      of(6, 7, 'recv', { value: 1, ok: true }),
    ];
    expect(isLinearizable(chanSpec(2), history)).toBe(true);
  });

  it('finds none for a value that is lost, doubled, reordered or from nowhere', () => {
    const one = of(0, 1, { send: 1 }, 'sent');
    const two = of(2, 3, { send: 2 }, 'sent');
    for (const values of [[2], [1, 1], [2, 1], [3]]) {
      const received = values.map((value, at) => of(4 + 2 * at, 5 + 2 * at, 'recv', { value, ok: true }));
      expect(isLinearizable(chanSpec(2), [one, two, ...received])).toBe(false);
    }
    expect(
      isLinearizable(
        lockSpec(1),
        [0, 2].map((began) => ({ began, ended: began + 1, input: { take: 1 }, output: 'done' as const })),
      ),
    ).toBe(false);
  });
});

describe('recorded histories', () => {
  it(
    'of a Chan are those of a queue',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(3), actors(9), (capacity, all) =>
          onHost(async (host) => {
            const chan = new Chan<number>(capacity);
            let next = 0;
            const history = await record<ChanInput, ChanOutput>(host, all, (what) => {
              const value = next++;
              if (what === 8) return closing(chan);
              if (what % 2 === 0)
                return {
                  input: { send: value },
                  begin: (signal) => chan.send(value, { signal }),
                  outcome: (_result, error) => (error === null ? 'sent' : 'closed'),
                };
              return {
                input: 'recv',
                begin: (signal) => chan.recv({ signal }),
                outcome: (result) => result as ChanOutput,
              };
            });
            expect(isLinearizable(chanSpec(capacity), history)).toBe(true);
          }),
        ),
        runs(150, 10_000),
      );
    },
    timeoutMs,
  );

  it(
    'of a Mutex have one holder at a time',
    async () => {
      await fc.assert(
        fc.asyncProperty(actors(1), (all) =>
          onHost(async (host) => {
            const mutex = new Mutex();
            const history = await record(host, all, () => locking(1, (signal) => mutex.lock({ signal })));
            expect(isLinearizable(lockSpec(1), history)).toBe(true);
            expect([mutex.locked, history.every(({ ended }) => ended < Infinity)]).toEqual([false, true]);
          }),
        ),
        runs(100, 10_000),
      );
    },
    timeoutMs,
  );

  it(
    'of an RWMutex have one writer or readers',
    async () => {
      await fc.assert(
        fc.asyncProperty(actors(3), (all) =>
          onHost(async (host) => {
            const rows = new RWMutex();
            const history = await record(host, all, (what) =>
              what === 0
                ? locking(100, (signal) => rows.lock({ signal }))
                : locking(1, (signal) => rows.rLock({ signal })),
            );
            expect(isLinearizable(lockSpec(100), history)).toBe(true);
            expect(history.every(({ ended }) => ended < Infinity)).toBe(true);
            expect(rows.tryLock()?.held).toBe(true);
          }),
        ),
        runs(100, 10_000),
      );
    },
    timeoutMs,
  );

  it(
    'of a Semaphore never take more than there is',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 4 }), actors(4), (units, all) =>
          onHost(async (host) => {
            const semaphore = new Semaphore(units);
            const history = await record(host, all, (what) => {
              const take = (what % units) + 1;
              return locking(take, (signal) => semaphore.acquire(take, { signal }));
            });
            expect(isLinearizable(lockSpec(units), history)).toBe(true);
            expect([semaphore.available, history.every(({ ended }) => ended < Infinity)]).toEqual([
              units,
              true,
            ]);
          }),
        ),
        runs(100, 10_000),
      );
    },
    timeoutMs,
  );
});
