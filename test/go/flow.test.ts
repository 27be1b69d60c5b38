import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MessageChannel } from '../../src/channel/message-port.js';
import { AbortController } from '../../src/core/abort.js';
import { Chan, PortChan, fanIn, fanOut, from, go, merge, pipe, select, sleep, tick } from '../../src/go.js';
import type { Receivable } from '../../src/go.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';
import { runs, timeoutMs } from '../deep/scale.js';
import { linkPorts } from './linked-ports.js';

let host: VirtualHost;
let uninstall: () => void;

beforeEach(() => {
  host = createVirtualHost();
  uninstall = host.install();
});

afterEach(() => {
  host.assertClean();
  uninstall();
});

interface Seen {
  state: 'waits' | 'done' | 'failed';
  value: unknown;
}

/** How far a promise is; looks at it from now on. */
function look(promise: PromiseLike<unknown>): Seen {
  const seen: Seen = { state: 'waits', value: undefined };
  promise.then(
    (value) => Object.assign(seen, { state: 'done', value }),
    (value: unknown) => Object.assign(seen, { state: 'failed', value }),
  );
  return seen;
}

/** A channel that is closed after `values`, and how many of them were taken. */
function source<T>(values: Iterable<T>): { readonly chan: Chan<T>; taken: number } {
  const made = { chan: new Chan<T>(), taken: 0 };
  go(function* () {
    for (const value of values) {
      yield made.chan.send(value);
      made.taken++;
    }
    made.chan.close();
  });
  return made;
}

/** All values of `from`, as far as they come. */
function collect<T>(chan: Receivable<T>): { readonly values: T[]; readonly end: Seen } {
  const values: T[] = [];
  const { done } = go(function* () {
    for (;;) {
      const got = yield* chan.recv();
      if (!got.ok) return;
      values.push(got.value);
    }
  });
  return { values, end: look(done) };
}

const numbers = (count: number, first = 0): number[] => Array.from({ length: count }, (_, at) => first + at);

/** Fails at its second receive. */
function breaking(): Receivable<number> {
  const chan = new Chan<number>(1);
  chan.trySend(7);
  let left = 1;
  return {
    recv(options) {
      if (left-- > 0) return chan.recv(options);
      throw new Error('broken');
    },
    tryRecv: () => chan.tryRecv(),
    [Symbol.asyncIterator]: () => chan[Symbol.asyncIterator](),
  };
}

describe('fanIn', () => {
  it('gives the values of all sources, each in its order, and is closed after the last', async () => {
    const sources = [source(numbers(5)), source(numbers(5, 100)), source<number>([])];
    const flow = fanIn(sources.map(({ chan }) => chan));
    const { values, end } = collect(flow);
    await host.runUntilIdle();
    expect(end.state).toBe('done');
    expect(values.filter((value) => value < 100)).toEqual(numbers(5));
    expect(values.filter((value) => value >= 100)).toEqual(numbers(5, 100));
    await flow.done;
  });

  it('of nothing is closed at once', async () => {
    const flows = [fanIn([]), merge()];
    const ends = flows.map(({ done }) => look(done));
    await host.runUntilIdle();
    expect(flows.map((flow) => flow.tryRecv())).toEqual([
      { value: undefined, ok: false },
      { value: undefined, ok: false },
    ]);
    expect(ends.map(({ state }) => state)).toEqual(['done', 'done']);
  });

  it('takes one value ahead of its receiver, and as many as its capacity holds', async () => {
    for (const [capacity, taken] of [
      [undefined, 1],
      [3, 4],
    ] as const) {
      const from = source(numbers(9));
      const flow = fanIn([from.chan], { capacity });
      await host.runUntilIdle();
      expect(from.taken).toBe(taken);
      const { values } = collect(flow);
      await host.runUntilIdle();
      expect(values).toEqual(numbers(9));
    }
  });

  it('ends with its signal: is closed, takes nothing more, and leaves nothing', async () => {
    const sources = [source(numbers(9)), source(numbers(9))];
    const controller = new AbortController();
    const flow = fanIn(
      sources.map(({ chan }) => chan),
      { signal: controller.signal },
    );
    const done = look(flow.done);
    await host.runUntilIdle();
    controller.abort('enough');
    const { end, values } = collect(flow);
    await host.runUntilIdle();
    expect([end.state, values, done]).toEqual(['done', [], { state: 'failed', value: 'enough' }]);
    expect(sources.map(({ taken }) => taken)).toEqual([1, 1]);
    // Whoever sends there now finds nobody of the flow.
    expect(sources.map(({ chan }) => chan.tryRecv())).toEqual([
      { value: 1, ok: true },
      { value: 1, ok: true },
    ]);
    sources.forEach(({ chan }) => collect(chan));
    await host.runUntilIdle();
  });

  it('is closed when its signal had aborted before it began', async () => {
    const controller = new AbortController();
    controller.abort('early');
    const chan = new Chan<number>();
    const flows = [
      fanIn([chan], { signal: controller.signal }),
      ...fanOut(chan, 2, { signal: controller.signal }),
    ];
    const ends = flows.map((flow) => collect(flow).end);
    await host.runUntilIdle();
    expect(ends.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    // Nobody looks at `done`, and an end that was asked for is no failure: see `afterEach`.
  });

  it('fails with the first error of a source: is closed, and done says why', async () => {
    const other = source(numbers(9));
    const flow = fanIn([breaking(), other.chan]);
    const done = look(flow.done);
    const { end, values } = collect(flow);
    await host.runUntilIdle();
    expect([end.state, values.includes(7)]).toEqual(['done', true]);
    expect(done).toMatchObject({ state: 'failed', value: { message: 'broken' } });
    collect(other.chan);
    await host.runUntilIdle();
  });

  it('tells the host of an error that nobody looks at', async () => {
    const { end } = collect(fanIn([breaking()]));
    await host.runUntilIdle();
    expect(end.state).toBe('done');
    expect(host.takeErrors()).toMatchObject([
      { code: 'ERR_ROUTINE_FAILED', routine: 'fanIn', cause: { message: 'broken' } },
    ]);
  });

  it('refuses options that are none', () => {
    const chan = new Chan<number>();
    expect(() => fanIn([chan], { capacity: -1 })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    );
    expect(() => fanIn([chan], { signal: {} as never })).toThrow(TypeError);
    expect(() => fanOut(chan, 1, { signal: {} as never })).toThrow(TypeError);
    expect(() => pipe(chan, chan, { signal: {} as never })).toThrow(TypeError);
  });

  it('takes ports, timers and flows, and is a case of select', async () => {
    const { near, far } = await linkPorts(host);
    const [here, there] = [new PortChan<number>(near), new PortChan<number>(far)];
    const controller = new AbortController();
    const flow = merge<number>(there, fanIn([tick(10)], { signal: controller.signal }));
    here.trySend(-1);
    const got: unknown[] = [];
    const routine = go(function* () {
      for (let n = 0; n < 3; n++) got.push(yield* select({ flow: from(flow) }));
    });
    await Promise.all([routine.done, host.advance(50)]);
    expect(got).toMatchObject([{ case: 'flow', value: -1, ok: true }, { ok: true }, { ok: true }]);
    controller.abort();
    here.close();
    const { end } = collect(flow);
    await host.runUntilIdle();
    expect(end.state).toBe('done');
  });
});

describe('fanOut', () => {
  it('gives each value to one output, all of them in order, and closes all', async () => {
    const outputs = fanOut(source(numbers(30)).chan, 3);
    const all = outputs.map((output) => collect(output));
    await host.runUntilIdle();
    expect(all.map(({ end }) => end.state)).toEqual(['done', 'done', 'done']);
    for (const { values } of all) expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(all.flatMap(({ values }) => values).sort((a, b) => a - b)).toEqual(numbers(30));
    await Promise.all(outputs.map(({ done }) => done));
  });

  it('keeps nothing for a slow receiver while another is there', async () => {
    const from = source(numbers(10));
    const [slow, quick] = fanOut(from.chan, 2) as unknown as [Receivable<number>, Receivable<number>];
    const { values } = collect(quick);
    await host.runUntilIdle();
    expect(values).toEqual(numbers(10));
    expect(slow.tryRecv()).toEqual({ value: undefined, ok: false });
  });

  it('takes one value ahead, whoever comes for it', async () => {
    const from = source(numbers(4));
    const outputs = fanOut(from.chan, 5);
    await host.runUntilIdle();
    expect(from.taken).toBe(1);
    expect(outputs[4]?.tryRecv()).toEqual({ value: 0, ok: true });
    outputs.map((output) => collect(output));
    await host.runUntilIdle();
    expect(from.taken).toBe(4);
  });

  it('ends with its signal and with an error of its source, and says why in one place', async () => {
    const controller = new AbortController();
    const open = new Chan<number>();
    const flows = [fanOut(open, 2, { signal: controller.signal }), fanOut(breaking(), 2)];
    const ends = flows.flat().map((flow) => collect(flow).end);
    const reasons = flows.flat().map(({ done }) => look(done));
    await host.runUntilIdle();
    controller.abort('enough');
    await host.runUntilIdle();
    expect(ends.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
    expect(reasons.map(({ value }) => (value instanceof Error ? value.message : value))).toEqual([
      ...['enough', 'enough'],
      ...['broken', 'broken'],
    ]);
    expect(open.trySend(1)).toBe(false);
  });

  it('refuses a number of outputs that is none', () => {
    for (const n of [0, -1, 1.5, NaN, Infinity, '2'])
      expect(() => fanOut(new Chan(), n as number)).toThrow(
        expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
      );
  });
});

describe('pipe', () => {
  it('leads values through and closes the target', async () => {
    const target = new Chan<number>();
    const { done, name } = pipe(source(numbers(5)).chan, target);
    const { values, end } = collect(target);
    await host.runUntilIdle();
    await done;
    expect([values, end.state, name]).toEqual([numbers(5), 'done', 'pipe']);
  });

  it('leaves the target open where it is told to', async () => {
    const target = new Chan<number>(5);
    const { done } = pipe(source(numbers(5)).chan, target, { close: false });
    await host.runUntilIdle();
    await done;
    expect([target.len, target.closed]).toEqual([5, false]);
  });

  it('ends with its signal, its cancel, or before it began, and closes the target each time', async () => {
    const controller = new AbortController();
    const targets = [new Chan<number>(), new Chan<number>(), new Chan<number>()] as const;
    const [waiting, cancelled] = [new Chan<number>(), new Chan<number>()];
    const first = look(pipe(waiting, targets[0], { signal: controller.signal }).done);
    const routine = pipe(cancelled, targets[1]);
    const second = look(routine.done);
    await host.runUntilIdle();
    controller.abort('enough');
    routine.cancel('cancelled');
    const third = look(pipe(waiting, targets[2], { signal: controller.signal }).done);
    await host.runUntilIdle();
    expect([first.value, second.value, third.value]).toEqual(['enough', 'cancelled', 'enough']);
    expect(targets.map(({ closed }) => closed)).toEqual([true, true, true]);
    expect([waiting.trySend(1), cancelled.trySend(1)]).toEqual([false, false]);
  });

  it('fails where the target was closed by somebody else', async () => {
    const target = new Chan<number>();
    const done = look(pipe(source([1]).chan, target).done);
    await host.runUntilIdle();
    target.close();
    await host.runUntilIdle();
    expect(done).toMatchObject({ state: 'failed', value: { code: 'ERR_CHAN_CLOSED' } });
  });

  it('holds a source back by the credit of a port', async () => {
    const { near, far } = await linkPorts(host);
    const [here, there] = [new PortChan<string>(near), new PortChan<string>(far)];
    const text = 'x'.repeat(2 ** 20);
    const from = source(Array.from({ length: 10 }, () => text));
    pipe(from.chan, here);
    await host.runUntilIdle();
    expect(from.taken).toBeLessThanOrEqual(7);
    const { values, end } = collect(there);
    await host.runUntilIdle();
    expect([values.length, end.state, from.taken]).toEqual([10, 'done', 10]);
  });
});

describe('a pipeline', () => {
  it(
    'loses nothing, doubles nothing and keeps the order of each source (property)',
    async () => {
      const shape = fc.record({
        counts: fc.array(fc.nat(40), { minLength: 1, maxLength: 5 }),
        capacity: fc.nat(3),
        n: fc.integer({ min: 1, max: 4 }),
        delays: fc.array(fc.nat(3), { minLength: 1, maxLength: 6 }),
        viaPort: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(shape, async ({ counts, capacity, n, delays, viaPort }) => {
          const sources = counts.map((count, at) => source(numbers(count, at * 100)).chan);
          let flow: Receivable<number> = fanIn(sources, { capacity });
          if (viaPort) {
            const { port1, port2 } = new MessageChannel();
            pipe(flow, new PortChan<number>(port1));
            flow = new PortChan<number>(port2);
          }
          const parts = fanOut(flow, n, { capacity });
          const heard: number[] = [];
          parts.forEach((part, at) =>
            go(function* () {
              for (;;) {
                const got = yield* part.recv();
                if (!got.ok) return;
                heard.push(got.value);
                yield sleep(delays[(at + got.value) % delays.length] as number);
              }
            }),
          );
          await host.runUntilIdle();
          expect([...heard].sort((a, b) => a - b)).toEqual(
            counts.flatMap((count, at) => numbers(count, at * 100)),
          );
          if (n === 1)
            counts.forEach((count, at) =>
              expect(heard.filter((value) => Math.floor(value / 100) === at)).toEqual(
                numbers(count, at * 100),
              ),
            );
        }),
        runs(60, 5000),
      );
    },
    timeoutMs,
  );
});
