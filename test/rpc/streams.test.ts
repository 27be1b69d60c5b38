import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AbortController } from '../../src/core/abort.js';
import { currentCall } from '../../src/rpc/call-context.js';
import { proxy, transfer } from '../../src/rpc/marks.js';
import { release, withOptions } from '../../src/rpc/remote.js';
import { callStats } from '../../src/rpc/wrap.js';
import { runs, timeoutMs } from '../deep/scale.js';
import { CallStage, collect, watched } from './call-stage.js';

const stage = CallStage.perTest();

/** As many items as the reader has room for. */
const windowItems = 256;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => stage.host.time.setTimer(resolve, ms));

function* upTo(end: number): Generator<number> {
  for (let n = 0; n < end; n++) yield n;
}

async function* upToLater(end: number): AsyncGenerator<number> {
  for (let n = 0; n < end; n++) {
    await sleep(1);
    yield n;
  }
}

/** An endless stream that says what it does. */
async function* told(): AsyncGenerator<number> {
  stage.host.note('begins');
  try {
    for (let n = 0; ; n++) yield n;
  } finally {
    stage.host.note('cleans up');
  }
}

describe('a stream', () => {
  it.each<[string, () => unknown, unknown[]]>([
    ['an async generator', () => upToLater(3), [0, 1, 2]],
    ['a generator', () => upTo(3), [0, 1, 2]],
    [
      'a generator of promises',
      () =>
        (function* () {
          yield Promise.resolve('a');
          yield 'b';
        })(),
      ['a', 'b'],
    ],
    ['an async iterable', () => ({ [Symbol.asyncIterator]: () => upToLater(2) }), [0, 1]],
    [
      'a ReadableStream',
      () =>
        new ReadableStream({
          start(to) {
            to.enqueue('x');
            to.enqueue('y');
            to.close();
          },
        }),
      ['x', 'y'],
    ],
    ['an iterator of a Map', () => new Map([['k', 1]]).entries(), [['k', 1]]],
    ['nothing', () => upTo(0), []],
  ])('may be %s, as a result and as an argument', async (_what, create, items) => {
    const { remote } = stage.connect({
      make: () => create() as AsyncIterable<unknown>,
      read: (stream: AsyncIterable<unknown>) => collect(stream),
      readMember: ({ rows }: { rows: AsyncIterable<unknown> }) => collect(rows),
      makeMember: () => ({ rows: create() as AsyncIterable<unknown>, count: 5 }),
    });
    expect(
      await stage.valueOf(collect((await stage.valueOf(remote.make())) as AsyncIterable<unknown>)),
    ).toEqual(items);
    expect(await stage.valueOf(remote.read(create() as AsyncIterable<unknown>))).toEqual(items);
    expect(await stage.valueOf(remote.readMember({ rows: create() as AsyncIterable<unknown> }))).toEqual(
      items,
    );
    const { rows, count } = (await stage.valueOf(remote.makeMember())) as {
      rows: AsyncIterable<unknown>;
      count: number;
    };
    expect([await stage.valueOf(collect(rows)), count]).toEqual([items, 5]);
  });

  it('is not what is data: arrays, Sets, Maps and texts', async () => {
    const { remote } = stage.connect({ echo: (value: unknown) => value });
    for (const data of [[1, 2], new Set([1]), new Map([[1, 2]]), 'text', new Uint8Array([1])])
      expect(await stage.valueOf(remote.echo(data))).toEqual(data);
  });

  it('does nothing before it is read, and not at all where it never is', async () => {
    const { remote, near, far } = stage.connect({ told });
    const stream = (await stage.valueOf(remote.told())) as AsyncGenerator<number>;
    expect([callStats(near).streams, callStats(far).streams]).toEqual([1, 1]);
    await stage.host.advance(1000);
    expect(stage.host.takeLog()).toEqual([]);
    expect(await stage.valueOf(stream.return(undefined))).toEqual({ value: undefined, done: true });
    expect([callStats(near).streams, callStats(far).streams]).toEqual([0, 0]);
    expect(stage.host.takeLog()).toEqual([]);
  });

  it('is over once: whoever asks on is told so', async () => {
    const { remote } = stage.connect({ upTo });
    const stream = (await stage.valueOf(remote.upTo(1))) as AsyncIterableIterator<number>;
    expect(stream[Symbol.asyncIterator]()).toBe(stream);
    const asked = [stream.next(), stream.next(), stream.next()];
    expect(await stage.valueOf(Promise.all(asked))).toEqual([
      { value: 0, done: false },
      { value: undefined, done: true },
      { value: undefined, done: true },
    ]);
    expect(await stage.valueOf(stream.next())).toEqual({ value: undefined, done: true });
    expect(await stage.valueOf(stream.return!(5))).toEqual({ value: 5, done: true });
    expect(await stage.errorOf(stream.throw!(new Error('mine')))).toMatchObject({ message: 'mine' });
  });

  it('keeps its order over many windows', async () => {
    const { remote } = stage.startWorker(() => ({ upTo, upToLater }));
    const [fast, slow] = [await stage.valueOf(remote.upTo(5000)), await stage.valueOf(remote.upToLater(600))];
    expect(await stage.valueOf(collect(fast as AsyncIterable<number>))).toEqual([...upTo(5000)]);
    expect(await stage.valueOf(collect(slow as AsyncIterable<number>))).toEqual([...upTo(600)]);
  });

  it('may have remotes and moved buffers as items, and streams', async () => {
    const { remote, far } = stage.connect({
      *things() {
        yield proxy({ name: () => 'first' });
        const buffer = new Uint8Array([1, 2]).buffer;
        yield transfer({ buffer }, [buffer]);
        yield { inner: upTo(2) };
      },
    });
    const stream = (await stage.valueOf(remote.things())) as AsyncIterableIterator<never>;
    const next = async <T>(): Promise<T> => (await stage.valueOf(stream.next())).value as T;
    const first = await next<{ name(): Promise<string> }>();
    expect(await stage.valueOf(first.name())).toBe('first');
    expect(await next()).toEqual({ buffer: new Uint8Array([1, 2]).buffer });
    const { inner } = await next<{ inner: AsyncIterable<number> }>();
    expect((await stage.valueOf(stream.next())).done).toBe(true);
    expect(callStats(far)).toMatchObject({ streams: 1, callbacks: 1 });
    expect(await stage.valueOf(collect(inner))).toEqual([0, 1]);
    release(first);
    await stage.host.runUntilIdle();
  });

  it('that is left lets go of what it had brought', async () => {
    const { remote, far } = stage.connect({
      *things() {
        for (;;) yield { remote: proxy({}), inner: upTo(2) };
      },
    });
    const stream = (await stage.valueOf(remote.things())) as AsyncGenerator<{
      remote: object;
      inner: object;
    }>;
    const { value } = await stage.valueOf(stream.next());
    expect(callStats(far)).toMatchObject({ streams: windowItems + 1, callbacks: windowItems });
    await stage.valueOf(stream.return(undefined));
    expect(callStats(far)).toMatchObject({ streams: 1, callbacks: 1 });
    const { remote: kept, inner } = value as { remote: object; inner: AsyncGenerator<number> };
    release(kept);
    await stage.valueOf(inner.return(undefined));
  });
});

describe('an error in a stream', () => {
  it('comes in its place, behind the items before it, and is told once', async () => {
    const { remote } = stage.connect({
      *failing() {
        yield* upTo(300);
        throw new RangeError('no more');
      },
    });
    const stream = (await stage.valueOf(remote.failing())) as AsyncIterableIterator<number>;
    const items: number[] = [];
    const error = await stage.errorOf(
      (async () => {
        for await (const item of stream) items.push(item);
      })(),
    );
    expect(items).toHaveLength(300);
    expect(error).toBeInstanceOf(RangeError);
    expect(await stage.valueOf(stream.next())).toEqual({ value: undefined, done: true });
  });

  it('of an argument is thrown where the callee reads it', async () => {
    const { remote } = stage.connect({
      async sum(numbers: AsyncIterable<number>) {
        let sum = 0;
        try {
          for await (const n of numbers) sum += n;
        } catch (error) {
          return [sum, (error as Error).message];
        }
        return [sum];
      },
    });
    async function* failing(): AsyncGenerator<number> {
      yield* upTo(4);
      throw new Error('lost');
    }
    expect(await stage.valueOf(remote.sum(failing()))).toEqual([6, 'lost']);
  });

  it('is an item that cannot be cloned, and ends the iterator', async () => {
    const { remote } = stage.connect({
      *mixed() {
        try {
          yield 1;
          yield { rows: [() => 1] };
          yield 2;
        } finally {
          stage.host.note('cleans up');
        }
      },
    });
    const stream = (await stage.valueOf(remote.mixed())) as AsyncIterableIterator<unknown>;
    expect((await stage.valueOf(stream.next())).value).toBe(1);
    const error = await stage.errorOf(stream.next());
    expect([error.name, error.message]).toEqual(['DataCloneError', expect.stringMatching(/rows\[0\]/)]);
    expect(stage.host.takeLog()).toEqual(['cleans up']);
  });

  const failing = (): never => {
    throw new Error('from within');
  };
  it.each<[string, () => object]>([
    ['has no next', () => ({ [Symbol.asyncIterator]: () => ({}) })],
    ['throws when it is begun', () => ({ [Symbol.asyncIterator]: failing })],
    ['throws from next', () => ({ [Symbol.asyncIterator]: () => ({ next: failing }) })],
    ['gives no result', () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(5) }) })],
    [
      'throws from done',
      () => ({
        [Symbol.asyncIterator]: () => ({
          next: async () => ({
            get done() {
              return failing();
            },
          }),
        }),
      }),
    ],
    [
      'throws from then',
      () => ({
        [Symbol.asyncIterator]: () => ({
          next: () => ({
            get then() {
              return failing();
            },
          }),
        }),
      }),
    ],
    [
      'gives a promise that rejects',
      () =>
        (function* () {
          yield Promise.reject(new Error('from within'));
        })(),
    ],
    [
      'throws when it cleans up',
      () =>
        (async function* () {
          try {
            yield () => 1;
          } finally {
            failing();
          }
        })(),
    ],
    [
      'gives what cannot be cloned, and throws when it cleans up',
      () =>
        (function* () {
          try {
            yield () => 1;
          } finally {
            failing();
          }
        })(),
    ],
  ])('is an iterator that %s', async (_what, create) => {
    const { remote } = stage.connect({ make: () => create() as AsyncIterable<number> });
    const stream = (await stage.valueOf(remote.make())) as AsyncIterable<number>;
    const error = await stage.errorOf(collect(stream));
    expect(['Error', 'TypeError', 'DataCloneError']).toContain(error.name);
  });

  it('that a generator of promises meets ends the generator', async () => {
    const { remote } = stage.connect({
      *items() {
        try {
          yield Promise.reject(new Error('item'));
        } finally {
          stage.host.note('cleans up');
        }
      },
    });
    const stream = (await stage.valueOf(remote.items())) as AsyncIterable<number>;
    expect((await stage.errorOf(collect(stream))).message).toBe('item');
    expect(stage.host.takeLog()).toEqual(['cleans up']);
  });
});

describe('leaving a stream', () => {
  async function readTwo(stream: AsyncIterable<number>, leave: () => void): Promise<void> {
    for await (const item of stream) {
      if (item < 1) continue;
      leave();
      break;
    }
  }

  it.each<[string, () => void]>([
    ['a break', () => undefined],
    [
      'a throw',
      () => {
        throw new Error('left');
      },
    ],
  ])('by %s runs the finally of a result', async (_how, leave) => {
    const { remote, near, far } = stage.connect({ told });
    const stream = (await stage.valueOf(remote.told())) as AsyncIterable<number>;
    const reading = watched(readTwo(stream, leave));
    await stage.host.runUntilIdle();
    expect(reading.state).not.toBe('pending');
    expect(stage.host.takeLog()).toEqual(['begins', 'cleans up']);
    expect([callStats(near).streams, callStats(far).streams]).toEqual([0, 0]);
  });

  it('that is an argument runs its finally, and the call goes on', async () => {
    const { remote } = stage.connect({
      async first(numbers: AsyncIterable<number>) {
        for await (const n of numbers) {
          stage.host.note(`got ${n}`);
          break;
        }
        await sleep(10);
        return 'done';
      },
    });
    expect(await stage.valueOf(remote.first(told()))).toBe('done');
    expect(stage.host.takeLog()).toEqual(['begins', 'got 0', 'cleans up']);
  });

  it('is what the end of its call does to a stream among the arguments', async () => {
    const kept: AsyncIterator<number>[] = [];
    const { remote, near } = stage.connect({
      async peek(numbers: AsyncIterable<number>) {
        const iterator = numbers[Symbol.asyncIterator]();
        kept.push(iterator);
        return (await iterator.next()).value as number;
      },
    });
    expect(await stage.valueOf(remote.peek(told()))).toBe(0);
    expect(stage.host.takeLog()).toEqual(['begins', 'cleans up']);
    expect(await stage.valueOf(kept[0]!.next())).toEqual({ value: undefined, done: true });
    expect(callStats(near).streams).toBe(0);
  });

  it('answers whoever waits for an item', async () => {
    const { remote } = stage.connect({
      async *never() {
        await new Promise<void>(() => undefined);
        yield 1;
      },
    });
    const stream = (await stage.valueOf(remote.never())) as AsyncGenerator<number>;
    const waiting = watched(stream.next());
    await stage.host.runUntilIdle();
    expect(waiting.state).toBe('pending');
    await stage.valueOf(stream.return(undefined));
    expect(waiting.value()).toEqual({ value: undefined, done: true });
  });

  it('from inside its own generator waits for the generator', async () => {
    const controller = new AbortController();
    const { remote } = stage.connect({ read: (numbers: AsyncIterable<number>) => collect(numbers) });
    function* aborting(): Generator<number> {
      try {
        yield 1;
        controller.abort('enough');
        yield 2;
      } finally {
        stage.host.note('cleans up');
      }
    }
    const call = withOptions(remote, { signal: controller.signal }).read(aborting() as never);
    expect(await stage.errorOf(call)).toBe('enough');
    expect(stage.host.takeLog()).toEqual(['cleans up']);
  });
});

describe('the signal of a call', () => {
  it('ends the stream that is its result, and what had arrived is not given any more', async () => {
    const { remote, near, far } = stage.connect({ told });
    const controller = new AbortController();
    const stream = (await stage.valueOf(
      withOptions(remote, { signal: controller.signal }).told(),
    )) as AsyncIterableIterator<number>;
    await stage.valueOf(stream.next());
    controller.abort('enough');
    expect(await stage.errorOf(stream.next())).toBe('enough');
    expect(await stage.valueOf(stream.next())).toEqual({ value: undefined, done: true });
    expect(stage.host.takeLog()).toEqual(['begins', 'cleans up']);
    expect([callStats(near).streams, callStats(far)]).toMatchObject([0, { streams: 0, running: 0 }]);
  });

  it('reaches the callee while a stream of its result is written', async () => {
    const { remote } = stage.connect({
      async *wait({ signal }: { signal: AbortSignal }) {
        const own = currentCall()!.signal as unknown as AbortSignal;
        for (const each of [signal, own])
          each.addEventListener('abort', () => stage.host.note(`aborted: ${String(each.reason)}`));
        yield 1;
        await new Promise<void>((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('heard'))),
        );
      },
    });
    const controller = new AbortController();
    const stream = (await stage.valueOf(
      remote.wait({ signal: controller.signal as AbortSignal }),
    )) as AsyncIterableIterator<number>;
    await stage.valueOf(stream.next());
    const waiting = watched(stream.next());
    await stage.host.runUntilIdle();
    controller.abort('enough');
    await stage.host.runUntilIdle();
    expect(waiting.error()).toBe('enough');
    expect(stage.host.takeLog()).toEqual(['aborted: enough', 'aborted: enough']);
  });

  it('is let go of when the stream is over', async () => {
    const { remote } = stage.connect({ upTo });
    const controller = new AbortController();
    const stream = (await stage.valueOf(
      withOptions(remote, { signal: controller.signal }).upTo(2),
    )) as AsyncIterable<number>;
    expect(await stage.valueOf(collect(stream))).toEqual([0, 1]);
    controller.abort('late');
    await stage.host.runUntilIdle();
  });
});

describe('a method that is a generator', () => {
  it('reads a stream that it was given, and calls back, as long as its own is read', async () => {
    const { remote, near, far } = stage.connect({
      async *upperCase(lines: AsyncIterable<string>, onLine: (line: string) => Promise<void>) {
        for await (const line of lines) {
          await onLine(line);
          yield line.toUpperCase();
        }
      },
    });
    async function* lines(): AsyncGenerator<string> {
      try {
        for (const line of ['a', 'b', 'c']) {
          await sleep(5);
          yield line;
        }
      } finally {
        stage.host.note('cleans up');
      }
    }
    const onLine = (line: string): void => stage.host.note(line);
    const upper = await stage.valueOf(remote.upperCase(lines(), onLine as never));
    expect([callStats(near), callStats(far)]).toMatchObject([
      { pending: 0, callbacks: 1, streams: 2 },
      { running: 1, streams: 2 },
    ]);
    expect(await stage.valueOf(collect(upper as AsyncIterable<string>))).toEqual(['A', 'B', 'C']);
    expect(stage.host.takeLog().sort()).toEqual(['a', 'b', 'c', 'cleans up']);
    expect([callStats(near), callStats(far)]).toMatchObject([
      { callbacks: 0, streams: 0 },
      { running: 0, streams: 0 },
    ]);
  });

  it('that is left early leaves what it reads', async () => {
    const { remote, near } = stage.connect({
      async *double(numbers: AsyncIterable<number>) {
        try {
          for await (const n of numbers) yield 2 * n;
        } finally {
          stage.host.note('double cleans up');
        }
      },
    });
    const stream = (await stage.valueOf(remote.double(told()))) as AsyncIterable<number>;
    for await (const item of pumped(stream)) if (item === 4) break;
    await stage.host.runUntilIdle();
    expect(stage.host.takeLog()).toEqual(['begins', 'cleans up', 'double cleans up']);
    expect(callStats(near)).toMatchObject({ streams: 0 });
  });

  it('may be nested: a stream through three calls', async () => {
    const { remote } = stage.connect({
      async *add(numbers: AsyncIterable<number>, n: number) {
        for await (const each of numbers) yield each + n;
      },
    });
    let stream: unknown = upTo(600);
    for (const n of [1, 10, 100]) stream = await stage.valueOf(remote.add(stream as never, n));
    expect(await stage.valueOf(collect(stream as AsyncIterable<number>))).toEqual(
      [...upTo(600)].map((n) => n + 111),
    );
  });
});

/** Reads a stream in virtual time. */
async function* pumped<T>(stream: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value, done } = await stage.valueOf(iterator.next());
      if (done === true) return;
      yield value;
    }
  } finally {
    await stage.valueOf(iterator.return!());
  }
}

describe('credit', () => {
  it('lets no more than a window of items be under way', async () => {
    let made = 0;
    const { remote } = stage.startWorker(() => ({
      *endless() {
        for (;;) yield made++;
      },
    }));
    const stream = (await stage.valueOf(remote.endless())) as AsyncIterable<number>;
    let taken = 0;
    for await (const _item of pumped(stream)) {
      taken++;
      await stage.host.advance(1);
      expect(made - taken).toBeLessThanOrEqual(windowItems);
      if (taken === 1000) break;
    }
    expect(made).toBeGreaterThan(1000);
  });

  it('lets no more than a mebibyte and one item be under way, and goes on when that was taken', async () => {
    const itemBytes = 300_000;
    let made = 0;
    const { remote } = stage.startWorker(() => ({
      *large() {
        for (; made < 20; made++) yield 'x'.repeat(itemBytes);
      },
    }));
    const stream = (await stage.valueOf(remote.large())) as AsyncIterable<string>;
    let taken = 0;
    let most = 0;
    for await (const item of pumped(stream)) {
      taken++;
      expect(item.length).toBe(itemBytes);
      await stage.host.advance(1);
      most = Math.max(most, (made - taken) * itemBytes);
    }
    expect(taken).toBe(20);
    expect(most).toBeGreaterThan(itemBytes);
    expect(most).toBeLessThanOrEqual(1024 * 1024 + itemBytes);
  });

  it('is of each stream: one that nobody reads on keeps no other, and no call', async () => {
    const { remote } = stage.startWorker(() => ({ upTo, ping: () => 'pong' }));
    const slow = (await stage.valueOf(remote.upTo(1e9))) as AsyncGenerator<number>;
    await stage.valueOf(slow.next());
    const other = (await stage.valueOf(remote.upTo(1000))) as AsyncIterable<number>;
    expect((await stage.valueOf(collect(other))).length).toBe(1000);
    expect(await stage.valueOf(remote.ping())).toBe('pong');
    await stage.valueOf(slow.return(undefined));
  });
});

describe('a stream, whatever the timing (property)', () => {
  it(
    'keeps order and credit, and ends once',
    async () => {
      const plan = fc.record({
        items: fc.integer({ min: 0, max: 700 }),
        end: fc.constantFrom('done', 'error', 'left', 'aborted'),
        makeMs: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 }),
        readMs: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 }),
        isArgument: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(plan, async ({ items, end, makeMs, readMs, isArgument }) => {
          let [made, taken, cleaned, allMade] = [0, 0, 0, false];
          const controller = new AbortController();
          async function* make(): AsyncGenerator<number> {
            try {
              while (made < items) {
                const ms = makeMs[made % makeMs.length] as number;
                if (ms > 0) await sleep(ms);
                expect(made - taken).toBeLessThan(windowItems);
                yield made++;
              }
              if (end === 'error') throw new Error('the end');
            } finally {
              cleaned++;
            }
          }
          const read = async (stream: AsyncIterable<number>): Promise<number> => {
            for await (const item of stream) {
              expect(item).toBe(taken++);
              const ms = readMs[taken % readMs.length] as number;
              if (ms > 0) await sleep(ms);
              if (taken === Math.ceil(items / 2)) {
                if (end === 'left') break;
                allMade = made === items;
                if (end === 'aborted') controller.abort('enough');
              }
            }
            return taken;
          };
          const { remote, near, far } = stage.connect({ make, read });
          const options = withOptions(remote, { signal: controller.signal });
          const outcome = isArgument
            ? watched(options.read(make()))
            : watched((async () => read((await options.make()) as AsyncIterable<number>))());
          await stage.host.runUntilIdle();
          expect(cleaned).toBe(1);
          // What had come to its end before may be read to it.
          if (end === 'aborted' && allMade) expect(outcome.state).not.toBe('pending');
          else if (end === 'aborted' && items > 0) expect(outcome.error()).toBe('enough');
          else if (end === 'error') expect(outcome.error().message).toBe('the end');
          else expect(outcome.value()).toBe(end === 'left' ? Math.ceil(items / 2) : items);
          for (const port of [near, far]) stage.expectNothingLeft(port);
        }),
        runs(60, 5000),
      );
    },
    timeoutMs,
  );
});
