import { describe, expect, it } from 'vitest';
import { Chan, Context, Mutex, go, sleep } from '../../src/go.js';
import type { Operation, Received } from '../../src/go.js';
import type { LanesError } from '../../src/scheduler.js';
import { host, look, run, settled, useVirtualHost, waits } from './stage.js';

useVirtualHost();

describe('an operation outside of generators', () => {
  it('is a promise', async () => {
    const chan = new Chan<number>(1);
    expect(chan.send(1)).toBeInstanceOf(Promise);
    expect(chan.recv()).toBeInstanceOf(Promise);
    expect(chan.recv()).toBeInstanceOf(Promise);
    await host.runUntilIdle();
  });

  it('may be awaited by an async routine in the middle of a slice', async () => {
    const chan = new Chan<number>(1);
    const got = await run(async () => {
      await chan.send(1);
      return (await chan.recv()).value;
    });
    expect(got).toBe(1);
  });
});

describe('an operation in a generator', () => {
  it('calls itself an Operation', async () => {
    const names = await run(function* () {
      const shown = [sleep(1), new Chan(1).send(1), new Chan().recv()].map(String);
      yield;
      return shown;
    });
    expect(names).toEqual(['[object Operation]', '[object Operation]', '[object Operation]']);
  });

  it('gives the same with yield and with yield*', async () => {
    const chan = new Chan<number>(2);
    const got = await run(function* () {
      yield chan.send(1);
      yield* chan.send(2);
      const first: { value: number } = yield chan.recv();
      const second = yield* chan.recv();
      return [first.value, second.value];
    });
    expect(got).toEqual([1, 2]);
  });

  it.each(['yield', 'yield*'])('throws with %s what it fails with', async (form) => {
    const chan = new Chan<number>();
    chan.close();
    const late = new Chan<number>();
    const routine = go(function* () {
      const codes: unknown[] = [];
      for (const each of [chan, late])
        try {
          if (form === 'yield') yield each.send(1);
          else yield* each.send(1);
        } catch (error) {
          codes.push((error as { code: unknown }).code);
        }
      return codes;
    });
    const seen = look(routine.done);
    await host.runUntilIdle();
    late.close();
    await host.runUntilIdle();
    expect(seen.now).toEqual({ value: ['ERR_CHAN_CLOSED', 'ERR_CHAN_CLOSED'] });
  });

  it('begins when it is called, yielded or not', async () => {
    const chan = new Chan<number>(3);
    await run(function* () {
      void chan.send(1);
      void chan.send(2);
      yield chan.send(3);
    });
    expect([chan.tryRecv()?.value, chan.tryRecv()?.value, chan.tryRecv()?.value]).toEqual([1, 2, 3]);
  });

  it('goes on waiting un-yielded, while others are yielded', async () => {
    const [jobs, other] = [new Chan<number>(), new Chan<number>(1)];
    const routine = go(function* () {
      const early = jobs.recv();
      yield other.send(1);
      yield other.recv();
      yield sleep(10);
      return yield* early;
    });
    const seen = look(routine.done);
    await host.advance(5);
    expect(jobs.trySend(7)).toBe(true);
    await host.advance(4);
    expect(seen.now).toEqual(waits);
    await host.runUntilIdle();
    expect(seen.now).toEqual({ value: { value: 7, ok: true } });
  });

  it('is over for whoever yields it late, with an error as well', async () => {
    const chan = new Chan<number>();
    const routine = go(function* () {
      const sent = chan.send(1);
      yield sleep(10);
      try {
        yield sent;
      } catch (error) {
        return (error as { code: unknown }).code;
      }
      return 'sent';
    });
    const seen = look(routine.done);
    await host.advance(5);
    chan.close();
    await host.runUntilIdle();
    expect(seen.now).toEqual({ value: 'ERR_CHAN_CLOSED' });
  });

  it.each(['yield', 'yield*', 'then'])(
    'may be taken once: the second time by %s is an error',
    async (form) => {
      const chan = new Chan<number>(1);
      const routine = go(function* () {
        const operation = chan.send(1);
        yield operation;
        try {
          if (form === 'yield') yield operation;
          else if (form === 'yield*') yield* operation;
          else yield Promise.all([operation]);
        } catch (error) {
          return error;
        } finally {
          host.note('finally');
        }
        return 'taken twice';
      });
      expect(await settled(routine.done)).toMatchObject({ value: { code: 'ERR_INVALID_ARGUMENT' } });
      expect(host.takeLog()).toEqual(['finally']);
    },
  );

  it('is not mixed up with the next, which may use the same object', async () => {
    const chan = new Chan<number>(10);
    const got = await run(function* () {
      for (let n = 0; n < 5; n++) yield chan.send(n);
      const [a, b] = [chan.recv(), chan.recv()];
      const second = yield* b;
      const first = yield* a;
      const third = yield* chan.recv();
      return [first.value, second.value, third.value];
    });
    expect(got).toEqual([0, 1, 2]);
  });
});

describe('operations of a generator as promises', () => {
  it('join in Promise.all', async () => {
    const [a, b] = [new Chan<number>(), new Chan<number>()];
    const routine = go(function* () {
      const [first, second]: { value: number }[] = yield Promise.all([a.recv(), b.recv()]);
      return [first?.value, second?.value];
    });
    const seen = look(routine.done);
    await host.runUntilIdle();
    b.trySend(2);
    a.trySend(1);
    await host.runUntilIdle();
    expect(seen.now).toEqual({ value: [1, 2] });
  });

  it('race', async () => {
    const [a, b] = [new Chan<string>(), new Chan<string>()];
    const routine = go(function* () {
      const { value }: { value: string } = yield Promise.race([a.recv(), b.recv()]);
      return value;
    });
    const seen = look(routine.done);
    await host.runUntilIdle();
    b.trySend('b');
    await host.runUntilIdle();
    expect(seen.now).toEqual({ value: 'b' });
  });

  it('race a sleep, whose time begins with the race', async () => {
    const routine = go(function* () {
      const slept: unknown = yield Promise.race([new Chan().recv(), sleep(10)]);
      return slept;
    });
    const seen = look(routine.done);
    await host.advance(9);
    expect(seen.now).toEqual(waits);
    await host.advance(1);
    expect(seen.now).toEqual({ value: undefined });
  });

  it('have then, catch and finally', async () => {
    const open = new Chan<number>(1);
    const closed = new Chan<number>();
    closed.close();
    await run(function* () {
      const seen = [
        open.send(1).then(() => 'sent'),
        closed.send(1).catch((error: { code: string }) => error.code),
        open.recv().finally(() => host.note('finally of recv')),
        sleep(1).then(() => 'slept'),
        sleep(1).catch(() => 'never'),
        sleep(1).finally(() => host.note('finally of sleep')),
      ];
      const ended: unknown[] = yield Promise.all(seen);
      host.note(JSON.stringify(ended));
    });
    expect(host.takeLog()).toEqual([
      'finally of recv',
      'finally of sleep',
      '["sent","ERR_CHAN_CLOSED",{"value":1,"ok":true},null,null,null]'.replace(
        'null,null,null',
        '"slept",null,null',
      ),
    ]);
  });

  it('may be given to an async function, and yielded before it looks', async () => {
    const chan = new Chan<number>();
    const routine = go(function* () {
      const operation = chan.recv();
      const awaited = operation.then(({ value }) => value);
      const own = yield* operation;
      const theirs: number | undefined = yield awaited;
      return [own.value, theirs];
    });
    const seen = look(routine.done);
    await host.runUntilIdle();
    chan.trySend(1);
    await host.runUntilIdle();
    expect(seen.now).toEqual({ value: [1, 1] });
  });

  it('are aborted by their own signal', async () => {
    const [ctx, cancel] = Context.withCancel(Context.background);
    const mutex = new Mutex();
    mutex.tryLock();
    const routine = go(function* () {
      const ends: PromiseSettledResult<unknown>[] = yield Promise.allSettled([
        new Chan().recv({ signal: ctx }),
        new Chan<number>().send(1, { signal: ctx }),
        mutex.lock({ signal: ctx }),
        sleep(1_000, { signal: ctx }),
      ]);
      return ends.map((end) => (end.status === 'rejected' ? (end.reason as unknown) : end));
    });
    const seen = look(routine.done);
    await host.advance(5);
    cancel('enough');
    await host.advance(0);
    expect(seen.now).toEqual({ value: ['enough', 'enough', 'enough', 'enough'] });
  });
});

describe('an operation that is yielded', () => {
  it('is thrown the reason of its signal, and the routine goes on', async () => {
    const [ctx, cancel] = Context.withCancel(Context.background);
    const routine = go(function* () {
      try {
        yield new Chan().recv({ signal: ctx });
      } catch (reason) {
        yield;
        return reason;
      }
      return 'received';
    });
    const seen = look(routine.done);
    await host.runUntilIdle();
    cancel('enough');
    await host.runUntilIdle();
    expect(seen.now).toEqual({ value: 'enough' });
  });

  it('in a listener that a step calls belongs to nobody, and works as a promise', async () => {
    const chan = new Chan<number>(1);
    const controller = new AbortController();
    const seen: unknown[] = [];
    controller.signal.addEventListener('abort', () => {
      void chan.send(1).then(() => seen.push('sent'));
    });
    await run(function* () {
      controller.abort();
      yield;
    });
    expect([seen, chan.len]).toEqual([['sent'], 1]);
  });
});

describe('an operation that two routines yield', () => {
  it('is the first one’s, and the second is told', async () => {
    const chan = new Chan<number>();
    const taken: Operation<Received<number>>[] = [];
    const first = go(function* () {
      const operation = chan.recv();
      taken.push(operation);
      return (yield* operation).value;
    });
    const second = go(function* () {
      yield taken[0];
    });
    const told = second.done.catch((error: unknown) => (error as LanesError).code);
    await host.runUntilIdle();
    chan.trySend(7);
    await host.runUntilIdle();
    expect([await first.done, await told]).toEqual([7, 'ERR_INVALID_ARGUMENT']);
  });
});
