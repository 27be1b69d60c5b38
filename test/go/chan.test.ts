import { describe, expect, it } from 'vitest';
import { Chan, Context, go, sleep } from '../../src/go.js';
import { AbortController } from '../../src/scheduler.js';
import { codeOf, host, look, run, settled, useVirtualHost, waits } from './stage.js';

useVirtualHost();

const closedCode = { code: 'ERR_CHAN_CLOSED', name: 'LanesError' };

/** Sends `values` from a routine of their own, one after another. */
function sendAll<T>(chan: Chan<T>, values: Iterable<T>): void {
  go(function* () {
    for (const value of values) yield chan.send(value);
    chan.close();
  });
}

describe('making a Chan', () => {
  it('is unbuffered, empty and open', () => {
    const chan = new Chan<number>();
    expect([chan.cap, chan.len, chan.closed]).toEqual([0, 0, false]);
  });

  it.each([0, 1, 7, 2 ** 31 - 1])('takes a capacity of %s', (capacity) => {
    expect(new Chan(capacity).cap).toBe(capacity);
  });

  it.each([-1, 0.5, NaN, Infinity, 2 ** 31, '3', null, {}])(
    'refuses a capacity of %s and shows it',
    (capacity) => {
      let caught: unknown;
      try {
        new Chan(capacity as number);
      } catch (error) {
        caught = error;
      }
      expect(caught).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', value: capacity });
      expect((caught as Error).message).toContain(
        typeof capacity === 'string' ? JSON.stringify(capacity) : String(capacity),
      );
    },
  );

  it('has the looks of a platform class', () => {
    expect(Object.prototype.toString.call(new Chan())).toBe('[object Chan]');
    expect(Chan.name).toBe('Chan');
  });
});

describe('sending and receiving', () => {
  it('meets without a buffer: the sender waits until somebody receives', async () => {
    const chan = new Chan<string>();
    const sent = look(chan.send('a'));
    await host.runUntilIdle();
    expect(sent.now).toEqual(waits);
    expect(await settled(chan.recv())).toEqual({ value: { value: 'a', ok: true } });
    expect(sent.now).toEqual({ value: undefined });
  });

  it('meets without a buffer: the receiver waits until somebody sends', async () => {
    const chan = new Chan<string>();
    const received = look(chan.recv());
    await host.runUntilIdle();
    expect(received.now).toEqual(waits);
    expect(await settled(chan.send('a'))).toEqual({ value: undefined });
    expect(received.now).toEqual({ value: { value: 'a', ok: true } });
  });

  it('buffers as many as its capacity, and then senders wait', async () => {
    const chan = new Chan<number>(2);
    const sent = [1, 2, 3].map((n) => look(chan.send(n)));
    await host.runUntilIdle();
    expect(sent.map(({ now }) => now)).toEqual([{ value: undefined }, { value: undefined }, waits]);
    expect(chan.len).toBe(2);
    expect(await settled(chan.recv())).toEqual({ value: { value: 1, ok: true } });
    expect([sent[2]?.now, chan.len]).toEqual([{ value: undefined }, 2]);
  });

  it.each([0, 1, 2, 3, 10])('keeps the order of values with a capacity of %i', async (capacity) => {
    const chan = new Chan<number>(capacity);
    const numbers = Array.from({ length: 50 }, (_, n) => n);
    sendAll(chan, numbers);
    const got = await run(function* () {
      const all: number[] = [];
      for (;;) {
        const { value, ok } = yield* chan.recv();
        if (!ok) return all;
        all.push(value);
      }
    });
    expect(got).toEqual(numbers);
  });

  it('carries any value, undefined and itself too', async () => {
    const chan = new Chan<unknown>(4);
    for (const value of [undefined, null, chan, NaN]) chan.trySend(value);
    expect([chan.tryRecv(), chan.tryRecv(), chan.tryRecv(), chan.tryRecv()]).toEqual([
      { value: undefined, ok: true },
      { value: null, ok: true },
      { value: chan, ok: true },
      { value: NaN, ok: true },
    ]);
    expect(chan.tryRecv()).toBeUndefined();
  });

  it('passes a promise on as it is', async () => {
    const chan = new Chan<Promise<number>>(1);
    const promise = Promise.resolve(1);
    chan.trySend(promise);
    expect(chan.tryRecv()?.value).toBe(promise);
  });

  it('serves receivers in the order of their coming', async () => {
    const chan = new Chan<number>();
    const got: string[] = [];
    for (const name of ['a', 'b', 'c'])
      go(function* () {
        const { value } = yield* chan.recv();
        got.push(`${name}${value}`);
      });
    await host.runUntilIdle();
    for (const n of [1, 2, 3]) expect(chan.trySend(n)).toBe(true);
    expect(chan.trySend(4)).toBe(false);
    await host.runUntilIdle();
    expect(got).toEqual(['a1', 'b2', 'c3']);
  });

  it('serves senders in the order of their coming, promises and routines mixed', async () => {
    const chan = new Chan<string>(1);
    go(function* () {
      yield chan.send('generator 1');
      yield chan.send('generator 2');
    });
    await host.runUntilIdle();
    void chan.send('promise');
    await host.runUntilIdle();
    const got = [1, 2, 3].map(() => chan.tryRecv()?.value);
    await host.runUntilIdle();
    expect(got).toEqual(['generator 1', 'generator 2', 'promise']);
  });

  it('lets a buffered value go to who comes, with the sender that waited moving up behind', async () => {
    const chan = new Chan<number>(1);
    chan.trySend(1);
    const second = look(chan.send(2));
    expect(chan.tryRecv()).toEqual({ value: 1, ok: true });
    expect(chan.len).toBe(1);
    await host.runUntilIdle();
    expect(second.now).toEqual({ value: undefined });
    expect(chan.tryRecv()).toEqual({ value: 2, ok: true });
  });

  it('hands a value to a receiver that waits, past an empty buffer', async () => {
    const chan = new Chan<number>(3);
    const received = look(chan.recv());
    chan.trySend(1);
    expect(chan.len).toBe(0);
    await host.runUntilIdle();
    expect(received.now).toEqual({ value: { value: 1, ok: true } });
  });
});

describe('trySend and tryRecv', () => {
  it('never wait', () => {
    const chan = new Chan<number>();
    expect([chan.trySend(1), chan.tryRecv()]).toEqual([false, undefined]);
    const buffered = new Chan<number>(1);
    expect([buffered.trySend(1), buffered.trySend(2), buffered.tryRecv(), buffered.tryRecv()]).toEqual([
      true,
      false,
      { value: 1, ok: true },
      undefined,
    ]);
  });

  it('take from and give to those who wait', async () => {
    const chan = new Chan<number>();
    const sent = look(chan.send(1));
    expect(chan.tryRecv()).toEqual({ value: 1, ok: true });
    await host.runUntilIdle();
    expect(sent.now).toEqual({ value: undefined });
  });
});

describe('close', () => {
  it('leaves what is buffered to receivers, and then says that there is no more', async () => {
    const chan = new Chan<number>(2);
    chan.trySend(1);
    chan.trySend(2);
    chan.close();
    expect(chan.closed).toBe(true);
    expect([chan.len, chan.tryRecv(), chan.tryRecv(), chan.tryRecv(), chan.tryRecv()]).toEqual([
      2,
      { value: 1, ok: true },
      { value: 2, ok: true },
      { value: undefined, ok: false },
      { value: undefined, ok: false },
    ]);
    expect(await settled(chan.recv())).toEqual({ value: { value: undefined, ok: false } });
  });

  it('wakes all receivers that wait, in order', async () => {
    const chan = new Chan<number>();
    const order: number[] = [];
    for (const n of [1, 2, 3])
      go(function* () {
        const { ok } = yield* chan.recv();
        if (!ok) order.push(n);
      });
    await host.runUntilIdle();
    chan.close();
    await host.runUntilIdle();
    expect(order).toEqual([1, 2, 3]);
  });

  it('fails all senders that wait, and their values are not sent', async () => {
    const chan = new Chan<number>(1);
    chan.trySend(0);
    const sent = [1, 2].map((n) => look(chan.send(n)));
    chan.close();
    await host.runUntilIdle();
    for (const { now } of sent) expect(now).toMatchObject({ reason: closedCode });
    expect([chan.tryRecv(), chan.tryRecv()]).toEqual([
      { value: 0, ok: true },
      { value: undefined, ok: false },
    ]);
  });

  it('fails a routine where it waits to send, so that it may catch it', async () => {
    const chan = new Chan<number>();
    const routine = go(function* () {
      try {
        yield chan.send(1);
      } catch (error) {
        return (error as { code: string }).code;
      }
      return 'sent';
    });
    await host.runUntilIdle();
    chan.close();
    expect(await settled(routine.done)).toEqual({ value: 'ERR_CHAN_CLOSED' });
  });

  it('is an error the second time, as sending is after the first', async () => {
    const chan = new Chan<number>(1);
    chan.close();
    expect(codeOf(() => chan.close())).toBe('ERR_CHAN_CLOSED');
    expect(codeOf(() => chan.trySend(1))).toBe('ERR_CHAN_CLOSED');
    expect(await settled(chan.send(1))).toMatchObject({ reason: closedCode });
    expect(chan.len).toBe(0);
  });
});

describe('for await', () => {
  it('gives the values until the channel is closed', async () => {
    const chan = new Chan<number>();
    sendAll(chan, [1, 2, 3]);
    const sum = await run(async () => {
      let total = 0;
      for await (const n of chan) total += n;
      return total;
    });
    expect(sum).toBe(6);
  });

  it('closes nothing when it is left, and loses no value', async () => {
    const chan = new Chan<number>(3);
    for (const n of [1, 2, 3]) chan.trySend(n);
    const first = await run(async () => {
      for await (const n of chan) return n;
      return 0;
    });
    expect([first, chan.closed, chan.tryRecv()]).toEqual([1, false, { value: 2, ok: true }]);
  });
});

describe('cancel safety', () => {
  it('takes a sender back whose signal aborts: its value was not sent', async () => {
    const chan = new Chan<number>();
    const controller = new AbortController();
    const sent = look(chan.send(1, { signal: controller.signal }));
    controller.abort('enough');
    await host.runUntilIdle();
    expect([sent.now, chan.tryRecv()]).toEqual([{ reason: 'enough' }, undefined]);
  });

  it('takes a receiver back whose signal aborts: the next value is for others', async () => {
    const chan = new Chan<number>();
    const controller = new AbortController();
    const received = look(chan.recv({ signal: controller.signal }));
    controller.abort('enough');
    expect(chan.trySend(1)).toBe(false);
    await host.runUntilIdle();
    expect(received.now).toEqual({ reason: 'enough' });
  });

  it('takes a waiter out from between two others', async () => {
    const chan = new Chan<number>();
    const controller = new AbortController();
    const received = [undefined, controller.signal, undefined].map((signal) => look(chan.recv({ signal })));
    controller.abort('enough');
    expect([chan.trySend(1), chan.trySend(2), chan.trySend(3)]).toEqual([true, true, false]);
    await host.runUntilIdle();
    expect(received.map(({ now }) => now)).toEqual([
      { value: { value: 1, ok: true } },
      { reason: 'enough' },
      { value: { value: 2, ok: true } },
    ]);
  });

  it('does not begin with a signal that has aborted, whatever is ready', async () => {
    const chan = new Chan<number>(1);
    const signal = AbortSignal.abort('before');
    expect(await settled(chan.send(1, { signal }))).toEqual({ reason: 'before' });
    expect(chan.len).toBe(0);
    chan.trySend(2);
    expect(await settled(chan.recv({ signal }))).toEqual({ reason: 'before' });
    expect(chan.len).toBe(1);
  });

  it('refuses what is no signal at once', () => {
    const chan = new Chan<number>(1);
    expect(() => chan.send(1, { signal: {} as AbortSignal })).toThrow(TypeError);
    expect(() => chan.recv({ signal: 5 as unknown as AbortSignal })).toThrow(TypeError);
    expect(chan.len).toBe(0);
  });

  it('gives a value that was handed over, though the signal aborts in the same moment', async () => {
    const chan = new Chan<number>();
    const controller = new AbortController();
    const received = look(chan.recv({ signal: controller.signal }));
    const sent = look(chan.send(1));
    controller.abort();
    await host.runUntilIdle();
    expect([received.now, sent.now]).toEqual([{ value: { value: 1, ok: true } }, { value: undefined }]);
  });

  it('gives a value that was handed over, though the routine is cancelled in the same moment', async () => {
    const chan = new Chan<number>();
    const got: number[] = [];
    const routine = go(function* () {
      for (;;) {
        const { value, ok } = yield* chan.recv();
        if (!ok) return;
        got.push(value);
      }
    });
    const ended = look(routine.done);
    await host.runUntilIdle();
    chan.trySend(1);
    routine.cancel('enough');
    await host.runUntilIdle();
    expect([got, ended.now]).toEqual([[1], { reason: 'enough' }]);
    expect(chan.trySend(2)).toBe(false);
  });

  it('takes the operation of a cancelled routine back, in a list among others', async () => {
    const chan = new Chan<number>();
    const got: string[] = [];
    const routines = ['a', 'b', 'c'].map((name) =>
      go(function* () {
        const { value } = yield* chan.recv();
        got.push(`${name}${value}`);
      }),
    );
    await host.runUntilIdle();
    routines[1]?.cancel();
    chan.trySend(1);
    chan.trySend(2);
    await host.runUntilIdle();
    expect(got).toEqual(['a1', 'c2']);
  });

  it('takes the value of a cancelled sender back', async () => {
    const chan = new Chan<number>();
    const routine = go(function* () {
      yield chan.send(1);
    });
    await host.runUntilIdle();
    routine.cancel();
    expect(chan.tryRecv()).toBeUndefined();
    await host.runUntilIdle();
  });

  it('counts a send as done that was received, though its routine is cancelled in the same moment', async () => {
    const chan = new Chan<number>();
    const notes: string[] = [];
    const routine = go(function* () {
      try {
        yield chan.send(1);
        notes.push('sent');
        yield chan.send(2);
        notes.push('sent again');
      } finally {
        notes.push('closed');
      }
    });
    const ended = look(routine.done);
    await host.runUntilIdle();
    expect(chan.tryRecv()).toEqual({ value: 1, ok: true });
    routine.cancel('enough');
    await host.runUntilIdle();
    expect([notes, ended.now, chan.tryRecv()]).toEqual([['sent', 'closed'], { reason: 'enough' }, undefined]);
  });

  it('keeps no listener of a signal after the operation', async () => {
    const [ctx, cancel] = Context.withCancel(Context.background);
    const chan = new Chan<number>();
    let calls = 0;
    const counted = {
      get aborted() {
        return ctx.aborted;
      },
      addEventListener: () => calls++,
      removeEventListener: () => undefined,
    };
    for (let n = 0; n < 10; n++) {
      const received = look(chan.recv({ signal: counted }));
      chan.trySend(n);
      await host.runUntilIdle();
      expect(received.now).toEqual({ value: { value: n, ok: true } });
    }
    // A foreign signal is followed by one listener, however often it is used.
    expect(calls).toBe(1);
    cancel();
  });

  it('ends with a context that times out', async () => {
    const [ctx] = Context.withTimeout(Context.background, 50);
    const received = look(new Chan<number>().recv({ signal: ctx }));
    await host.advance(49);
    expect(received.now).toEqual(waits);
    await host.advance(1);
    expect(received.now).toMatchObject({ reason: { name: 'TimeoutError' } });
  });
});

describe('between routines of both forms', () => {
  it('joins an async sender and a generator that receives, and the other way round', async () => {
    const forth = new Chan<number>();
    const back = new Chan<number>();
    go(async () => {
      for (let n = 0; n < 5; n++) {
        await forth.send(n);
        const { value } = await back.recv();
        if (value !== n * 2) throw new Error(`${value}`);
        await sleep(1);
      }
      forth.close();
    });
    const rounds = await run(function* () {
      for (let count = 0; ; count++) {
        const { value, ok } = yield* forth.recv();
        if (!ok) return count;
        yield back.send(value * 2);
      }
    });
    expect(rounds).toBe(5);
  });
});
