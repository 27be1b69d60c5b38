/**
 * Small programs in all their orders, none left out: who waits is served in the order of coming, as exactly as the rules of
 * Go say it, whoever gives up in between.
 */
import { describe, expect, it } from 'vitest';
import { Chan, Mutex, RWMutex, Semaphore } from '../../src/go.js';
import type { Guard, Operation, WaitOptions } from '../../src/go.js';
import { AbortController } from '../../src/scheduler.js';
import { host, useVirtualHost } from './stage.js';

useVirtualHost();

/** All orders of some sequences in which each keeps its own. */
function merges<T>(sequences: readonly (readonly T[])[]): T[][] {
  if (sequences.every(({ length }) => length === 0)) return [[]];
  return sequences.flatMap(([first, ...rest], at) =>
    first === undefined
      ? []
      : merges(sequences.map((each, other) => (other === at ? rest : each))).map((tail) => [first, ...tail]),
  );
}

/** Promise jobs of what was just settled. */
async function jobs(): Promise<void> {
  for (let n = 0; n < 4; n++) await Promise.resolve();
}

describe('all orders of sends and receives', () => {
  it('has them all', () => {
    expect(
      merges([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    ).toHaveLength(90);
  });

  it.each([0, 1, 2, 3])(
    'match the n-th receive with the n-th send, and end as early as they may: buffer of %i',
    async (capacity) => {
      for (const order of merges([['send', 'send'], ['recv', 'recv'], ['recv', 'send'], ['send']])) {
        const chan = new Chan<number>(capacity);
        const sent: boolean[] = [];
        const received: (number | undefined)[] = [];
        let [sends, receives] = [0, 0];
        for (const op of order) {
          if (op === 'send') {
            const n = sends++;
            sent[n] = false;
            void chan.send(n).then(() => (sent[n] = true));
          } else {
            const n = receives++;
            received[n] = undefined;
            void chan.recv().then(({ value }) => (received[n] = value));
          }
          await jobs();
          expect(sent).toEqual(sent.map((_, n) => n < receives + capacity));
          expect(received).toEqual(received.map((_, n) => (n < sends ? n : undefined)));
          expect(chan.len).toBe(Math.max(0, Math.min(capacity, sends - receives)));
        }
      }
      await host.runUntilIdle();
    },
  );

  it.each([0, 1])(
    'stay matched where one of them is taken back at any moment: buffer of %i',
    async (capacity) => {
      for (const given of ['send', 'recv'] as const)
        for (const order of merges([
          ['send', 'send'],
          ['recv', 'recv'],
          ['begin', 'abort'],
        ] as const)) {
          const chan = new Chan<string>(capacity);
          const controller = new AbortController();
          const { signal } = controller;
          const got: unknown[] = [];
          const keep = (result: unknown): void => void got.push((result as { value: string }).value);
          let sends = 0;
          let own = 'waits';
          for (const op of order) {
            if (op === 'abort') controller.abort();
            else if (op === 'begin') {
              const operation = given === 'send' ? chan.send('own', { signal }) : chan.recv({ signal });
              void (operation as Promise<unknown>).then(
                (result) => {
                  own = 'done';
                  if (given === 'recv') keep(result);
                },
                () => (own = 'aborted'),
              );
            } else if (op === 'send') void chan.send(`${sends++}`);
            else void chan.recv().then(keep);
            await jobs();
          }
          expect(own).not.toBe('waits');
          // Each value that was sent is in one place: received, or left. One whose sender gave up is nowhere.
          const left: unknown[] = [];
          for (let more = chan.tryRecv(); more !== undefined; more = chan.tryRecv()) left.push(more.value);
          const all = [...got, ...left];
          expect([...all].sort()).toEqual(
            given === 'send' && own === 'done' ? ['0', '1', 'own'] : ['0', '1'],
          );
          expect(all.filter((value) => value !== 'own')).toEqual(['0', '1']);
        }
      await host.runUntilIdle();
    },
  );
});

/** Somebody who wants, has, or gave up a lock. */
interface User {
  readonly id: number;
  readonly kind: number;
}
interface LockState {
  readonly waiting: readonly User[];
  readonly holding: readonly User[];
}
/** Lets those in who may come in; `ended` is who has just left, having held the lock or not. */
type Admit = (state: LockState, ended: User | null) => LockState;

const firstOf = (count: number) => (state: LockState) => ({
  waiting: state.waiting.slice(count),
  holding: [...state.holding, ...state.waiting.slice(0, count)],
});

const mutexRule: Admit = (state) => (state.holding.length === 0 ? firstOf(1)(state) : state);

/** Kinds are sizes. */
const semaphoreRule =
  (units: number): Admit =>
  (state) => {
    const first = state.waiting[0];
    const taken = state.holding.reduce((sum, { kind }) => sum + kind, 0);
    return first === undefined || first.kind + taken > units
      ? state
      : semaphoreRule(units)(firstOf(1)(state), null);
  };

const writer = 1;
/** Kind 1 writes, kind 0 reads. https://pkg.go.dev/sync#RWMutex */
const rwRule: Admit = (state, ended) => {
  const { waiting, holding } = state;
  if (holding.some(({ kind }) => kind === writer)) return state;
  const readers = waiting.filter(({ kind }) => kind !== writer);
  const [nextWriter] = waiting.filter(({ kind }) => kind === writer);
  const isAfterWriter = ended !== null && ended.kind === writer && holding.length === 0;
  if (readers.length > 0 && (nextWriter === undefined || isAfterWriter))
    return { waiting: waiting.filter((each) => !readers.includes(each)), holding: [...holding, ...readers] };
  if (nextWriter === undefined || holding.length > 0) return state;
  return { waiting: waiting.filter((each) => each !== nextWriter), holding: [nextWriter] };
};

type Event =
  { readonly do: 'begin'; readonly kind: number } | { readonly do: 'release' | 'abort'; readonly id: number };

/** All sequences of `length` events that make sense, each with the states that the rule gives. */
function* sequences(
  kinds: readonly number[],
  admit: Admit,
  length: number,
  state: LockState = { waiting: [], holding: [] },
  next = 0,
): Generator<[Event[], LockState]> {
  if (length === 0) return yield [[], state];
  const steps: [Event, LockState, User | null][] = [
    ...kinds.map((kind): [Event, LockState, null] => {
      const user = { id: next, kind };
      return [{ do: 'begin', kind }, { ...state, waiting: [...state.waiting, user] }, null];
    }),
    ...state.holding.map((user): [Event, LockState, User] => [
      { do: 'release', id: user.id },
      { ...state, holding: state.holding.filter((each) => each !== user) },
      user,
    ]),
    ...state.waiting.map((user): [Event, LockState, null] => [
      { do: 'abort', id: user.id },
      { ...state, waiting: state.waiting.filter((each) => each !== user) },
      null,
    ]),
  ];
  for (const [event, before, ended] of steps)
    for (const [rest, last] of sequences(
      kinds,
      admit,
      length - 1,
      admit(before, ended),
      event.do === 'begin' ? next + 1 : next,
    ))
      yield [[event, ...rest], last];
}

/** Does `events` on a lock; gives who holds it at the end, in the order in which they got it. */
async function perform(
  events: readonly Event[],
  begin: (kind: number, options: WaitOptions) => Operation<Guard>,
): Promise<number[]> {
  const guards = new Map<number, Guard>();
  const controllers: AbortController[] = [];
  for (const event of events) {
    if (event.do === 'begin') {
      const id = controllers.length;
      const controller = new AbortController();
      controllers.push(controller);
      begin(event.kind, { signal: controller.signal }).then(
        (guard) => guards.set(id, guard),
        () => undefined,
      );
    } else if (event.do === 'abort') controllers[event.id]?.abort();
    else {
      guards.get(event.id)?.release();
      guards.delete(event.id);
    }
    await jobs();
  }
  return [...guards.keys()];
}

describe('all sequences of taking, giving back and giving up', () => {
  const locks: [
    name: string,
    kinds: number[],
    Admit,
    length: number,
    () => (kind: number, options: WaitOptions) => Operation<Guard>,
  ][] = [
    [
      'a Mutex',
      [1],
      mutexRule,
      8,
      () => {
        const mutex = new Mutex();
        return (_kind, options) => mutex.lock(options);
      },
    ],
    [
      'an RWMutex',
      [0, writer],
      rwRule,
      6,
      () => {
        const rows = new RWMutex();
        return (kind, options) => (kind === writer ? rows.lock(options) : rows.rLock(options));
      },
    ],
    [
      'a Semaphore of 3',
      [1, 2, 3],
      semaphoreRule(3),
      5,
      () => {
        const semaphore = new Semaphore(3);
        return (kind, options) => semaphore.acquire(kind, options);
      },
    ],
  ];

  it.each(locks)(
    'leave %s with those who hold it by the rule',
    async (_name, kinds, admit, length, make) => {
      let count = 0;
      for (const [events, { holding }] of sequences(kinds, admit, length)) {
        count++;
        const seen = await perform(events, make());
        const expected = holding.map(({ id }) => id);
        if (seen.join() !== expected.join()) expect({ events, seen }).toEqual({ events, seen: expected });
      }
      expect(count).toBeGreaterThan(500);
      await host.runUntilIdle();
    },
    60_000,
  );
});
