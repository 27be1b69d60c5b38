/**
 * The tests of Go's sync, context, errgroup, semaphore and singleflight, by their meaning.
 * https://github.com/golang/go/tree/master/src/sync https://github.com/golang/go/blob/master/src/context/context_test.go
 * https://github.com/golang/sync
 */
import { describe, expect, it } from 'vitest';
import {
  Chan,
  Cond,
  Context,
  Group,
  Mutex,
  Once,
  RWMutex,
  Semaphore,
  SingleFlight,
  WaitGroup,
  done,
  go,
  select,
  sleep,
} from '../../../src/go.js';
import type { Guard } from '../../../src/go.js';
import { codeOf, host, look, run, settled, useVirtualHost } from '../stage.js';

useVirtualHost();

describe('sync.Mutex', () => {
  it('HammerMutex: one at a time, with TryLock in between', async () => {
    const mutex = new Mutex();
    const group = new WaitGroup();
    let [inside, rounds, missed] = [0, 0, 0];
    for (let p = 0; p < 10; p++)
      group.go(function* () {
        for (let n = 0; n < 200; n++) {
          const quick = n % 3 === 0 ? mutex.tryLock() : null;
          if (n % 3 === 0 && quick === null) {
            missed++;
            yield;
            continue;
          }
          const guard = quick ?? (yield* mutex.lock());
          expect(++inside).toBe(1);
          yield;
          inside--;
          rounds++;
          guard.release();
        }
      });
    await run(function* () {
      yield group.wait();
    });
    expect([rounds + missed, mutex.locked]).toEqual([2_000, false]);
  });

  it('TestMutexFairness: one that holds it nearly always does not keep another out', async () => {
    const mutex = new Mutex();
    let stop = false;
    go(function* () {
      while (!stop) {
        const guard = yield* mutex.lock();
        yield sleep(1);
        guard.release();
      }
    });
    const took = await run(function* () {
      for (let n = 0; n < 10; n++) {
        yield sleep(1);
        (yield* mutex.lock()).release();
      }
      stop = true;
      return host.time.now();
    });
    expect(took).toBeLessThan(50);
  });
});

describe('sync.RWMutex', () => {
  it('TestParallelReaders: all readers are in at once', async () => {
    const rows = new RWMutex();
    const [locked, unlock, over] = [new Chan<boolean>(), new Chan<boolean>(), new Chan<boolean>()];
    for (let n = 0; n < 4; n++)
      go(function* () {
        const guard = yield* rows.rLock();
        yield locked.send(true);
        yield unlock.recv();
        guard.release();
        yield over.send(true);
      });
    await run(function* () {
      for (const [chan, isSend] of [
        [locked, false],
        [unlock, true],
        [over, false],
      ] as const)
        for (let n = 0; n < 4; n++) yield isSend ? chan.send(true) : chan.recv();
    });
    expect(rows.tryLock()?.held).toBe(true);
  });

  it.each([
    [1, 1],
    [1, 3],
    [1, 10],
    [4, 3],
    [10, 5],
  ])('HammerRWMutex: %i writers and %i readers', async (writers, readers) => {
    const rows = new RWMutex();
    let activity = 0;
    const group = new WaitGroup();
    for (let n = 0; n < writers; n++)
      group.go(function* () {
        for (let round = 0; round < 50; round++) {
          const guard = yield* rows.lock();
          expect((activity += 10_000)).toBe(10_000);
          yield;
          activity -= 10_000;
          guard.release();
        }
      });
    for (let n = 0; n < readers; n++)
      group.go(function* () {
        for (let round = 0; round < 50; round++) {
          const guard = yield* rows.rLock();
          expect(++activity).toBeLessThan(10_000);
          yield;
          activity--;
          guard.release();
        }
      });
    await run(function* () {
      yield group.wait();
    });
    expect(activity).toBe(0);
  });
});

describe('sync.WaitGroup', () => {
  it('TestWaitGroup: none is through before all are done', async () => {
    const group = new WaitGroup();
    const exited = new Chan<boolean>(16);
    group.add(16);
    for (let n = 0; n < 16; n++)
      go(function* () {
        group.done();
        yield group.wait();
        yield exited.send(true);
      });
    await run(function* () {
      yield group.wait();
      for (let n = 0; n < 16; n++) yield exited.recv();
    });
    expect(exited.len).toBe(0);
  });

  it('TestWaitGroupMisuse: below zero is an error', () => {
    const group = new WaitGroup();
    group.add(1);
    group.done();
    expect(codeOf(() => group.done())).toBe('ERR_INVALID_ARGUMENT');
  });
});

describe('sync.Once', () => {
  it('TestOnce: ten routines, one run', async () => {
    let runs = 0;
    const once = new Once(() => ++runs);
    const group = new WaitGroup();
    for (let n = 0; n < 10; n++)
      group.go(function* () {
        expect(yield* once.do()).toBe(1);
      });
    await run(function* () {
      yield group.wait();
    });
    expect(runs).toBe(1);
  });

  it('TestOncePanic: it is not run again after it has thrown', async () => {
    let runs = 0;
    const once = new Once(() => {
      runs++;
      throw new Error('failed');
    });
    expect(await settled(once.do())).toMatchObject({ reason: { message: 'failed' } });
    expect(await settled(once.do())).toMatchObject({ reason: { message: 'failed' } });
    expect(runs).toBe(1);
  });
});

describe('sync.Cond', () => {
  it('TestCondSignal: each signal wakes one', async () => {
    const mutex = new Mutex();
    const cond = new Cond(mutex);
    let awake = 0;
    for (let n = 0; n < 5; n++)
      go(function* () {
        const guard = yield* mutex.lock();
        yield cond.wait(guard);
        awake++;
        guard.release();
      });
    await host.runUntilIdle();
    for (let n = 1; n <= 5; n++) {
      const guard = mutex.tryLock() as Guard;
      cond.signal();
      guard.release();
      await host.runUntilIdle();
      expect(awake).toBe(n);
    }
    cond.signal();
    expect(mutex.locked).toBe(false);
  });

  it('TestCondSignalGenerations: those who waited first are woken first', async () => {
    const mutex = new Mutex();
    const cond = new Cond(mutex);
    const awake: number[] = [];
    for (let n = 0; n < 50; n++) {
      go(function* () {
        const guard = yield* mutex.lock();
        yield cond.wait(guard);
        awake.push(n);
        guard.release();
      });
      if (n > 0) cond.signal();
      await host.runUntilIdle();
    }
    expect(awake).toEqual(Array.from({ length: 49 }, (_, n) => n));
    cond.broadcast();
    await host.runUntilIdle();
    expect(awake).toHaveLength(50);
  });

  it('TestRace: three routines that pass a number on', async () => {
    let x = 0;
    const mutex = new Mutex();
    const cond = new Cond(mutex);
    const group = new WaitGroup();
    group.go(function* () {
      const guard = yield* mutex.lock();
      x = 1;
      yield cond.wait(guard);
      expect(x).toBe(2);
      x = 3;
      cond.signal();
      guard.release();
    });
    group.go(function* () {
      for (;;) {
        const guard = yield* mutex.lock();
        if (x === 1) {
          x = 2;
          cond.signal();
          guard.release();
          return;
        }
        guard.release();
        yield;
      }
    });
    group.go(function* () {
      for (;;) {
        const guard = yield* mutex.lock();
        if (x === 2) yield cond.wait(guard);
        const isOver = x === 3;
        guard.release();
        if (isOver) return;
        yield;
      }
    });
    await run(function* () {
      yield group.wait();
    });
    expect(x).toBe(3);
  });
});

describe('context', () => {
  it('TestParentFinishesChild and TestChildFinishesFirst', () => {
    const [parent, cancel] = Context.withCancel(Context.background);
    const [child, stop] = Context.withCancel(parent);
    const value = Context.withValue(parent, 'key', 'value');
    const [timer, end] = Context.withTimeout(value, 1_000);
    stop('child');
    expect([child.aborted, parent.aborted, value.aborted, timer.aborted]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    cancel('parent');
    expect([child.reason, value.reason, timer.reason]).toEqual(['child', 'parent', 'parent']);
    expect(Context.withCancel(value)[0].reason).toBe('parent');
    end();
  });

  it('TestLayersCancel and TestLayersTimeout: values reach through any layers, and the end through all', async () => {
    let ctx = Context.background;
    const cancels: (() => void)[] = [];
    for (let n = 0; n < 60; n++) {
      const kind = n % 3;
      if (kind === 0) {
        const [next, cancel] = Context.withCancel(ctx);
        [ctx] = [next, cancels.push(cancel)];
      } else if (kind === 1) {
        const [next, cancel] = Context.withTimeout(ctx, 1_000 - n);
        [ctx] = [next, cancels.push(cancel)];
      } else ctx = Context.withValue(ctx, n, n * n);
    }
    for (let n = 2; n < 60; n += 3) expect(ctx.value(n)).toBe(n * n);
    expect(ctx.timeLeftMs).toBe(1_000 - 58);
    await host.advance(1_000 - 58);
    expect(ctx.reason).toMatchObject({ name: 'TimeoutError' });
    for (const cancel of cancels) cancel();
    expect(host.armed().timer).toBe(0);
  });

  it('TestAlmostRepeatedCancel: it may be cancelled many times, in select too', async () => {
    const [ctx, cancel] = Context.withCancel(Context.background);
    const seen = look(select({ stop: done(ctx) }));
    for (let n = 0; n < 3; n++) cancel(n);
    await host.runUntilIdle();
    expect(seen.now).toEqual({ value: { case: 'stop', reason: 0 } });
  });

  it('TestWithoutCancel', () => {
    const [ctx, cancel] = Context.withCancel(Context.withValue(Context.background, 'key', 'value'));
    const free = Context.withoutCancel(ctx);
    cancel();
    expect([free.value('key'), free.aborted, free.timeLeftMs]).toEqual(['value', false, Infinity]);
  });
});

describe('errgroup', () => {
  it('TestZeroGroup: the first error of all is that of Wait', async () => {
    const errors = [new Error('1'), new Error('2')] as const;
    for (const list of [
      [],
      [null],
      [errors[0]],
      [errors[0], null],
      [errors[0], null, errors[1]],
      [null, errors[1]],
    ]) {
      const group = new Group();
      for (const error of list)
        group.go(() => {
          if (error !== null) throw error;
        });
      const first = list.find((error) => error !== null);
      expect(await settled(group.wait())).toEqual(
        first === undefined ? { value: undefined } : { reason: first },
      );
    }
  });

  it('TestWithContext: the context ends with the first error', async () => {
    const group = new Group();
    const error = new Error('failed');
    const stopped = look(
      run(() =>
        group.ctx.aborted
          ? Promise.resolve()
          : new Promise<void>((resolve) => group.ctx.addEventListener('abort', () => resolve())),
      ).catch(() => undefined),
    );
    group.go(async () => {
      await sleep(5);
      throw error;
    });
    expect(await settled(group.wait())).toEqual({ reason: error });
    expect([group.ctx.reason, stopped.now]).toMatchObject([error, expect.anything()]);
  });

  it('TestGoLimit: never more than the limit at once', async () => {
    const group = new Group({ limit: 5 });
    let [active, most] = [0, 0];
    for (let n = 0; n <= 1_024; n++)
      group.go(function* () {
        most = Math.max(most, ++active);
        yield sleep(1);
        active--;
      });
    expect(await settled(group.wait())).toEqual({ value: undefined });
    expect([active, most]).toEqual([0, 5]);
  });

  it('Example (Pipeline): stages that end with the group', async () => {
    const group = new Group();
    const { ctx } = group;
    const [paths, sums] = [new Chan<number>(), new Chan<number>()];
    group.go(function* () {
      try {
        for (let n = 0; n < 50; n++) yield paths.send(n, { signal: ctx });
      } finally {
        paths.close();
      }
    });
    const digesters = new WaitGroup();
    for (let n = 0; n < 4; n++) {
      digesters.add(1);
      group.go(function* () {
        try {
          for (;;) {
            const { value, ok } = yield* paths.recv({ signal: ctx });
            if (!ok) return;
            yield sums.send(value * value, { signal: ctx });
          }
        } finally {
          digesters.done();
        }
      });
    }
    go(function* () {
      yield digesters.wait();
      sums.close();
    });
    const total = await run(async () => {
      let sum = 0;
      for await (const n of sums) sum += n;
      await group.wait();
      return sum;
    });
    expect(total).toBe(Array.from({ length: 50 }, (_, n) => n * n).reduce((a, b) => a + b));
  });
});

describe('semaphore.Weighted', () => {
  it('TestLargeAcquireDoesntStarve', async () => {
    const semaphore = new Semaphore(8);
    let isRunning = true;
    const group = new WaitGroup();
    for (let n = 8; n > 0; n--)
      group.go(function* () {
        while (isRunning) {
          const guard = yield* semaphore.acquire();
          yield sleep(1);
          guard.release();
        }
      });
    await run(function* () {
      yield sleep(3);
      const guard = yield* semaphore.acquire(8);
      isRunning = false;
      guard.release();
      yield group.wait();
    });
    expect(semaphore.available).toBe(8);
  });

  it('TestAllocCancelDoesntStarve: a request that gives up lets smaller ones behind it in', async () => {
    const semaphore = new Semaphore(10);
    semaphore.tryAcquire(1);
    const [ctx, cancel] = Context.withCancel(Context.background);
    const large = look(semaphore.acquire(10, { signal: ctx }));
    const small = look(semaphore.acquire(1));
    cancel('enough');
    await host.runUntilIdle();
    expect([large.now, small.now]).toMatchObject([{ reason: 'enough' }, { value: { held: true } }]);
  });
});

describe('singleflight', () => {
  it('TestDoDupSuppress: ten callers, one call', async () => {
    const loads = new SingleFlight<string, string>();
    const answers = new Chan<string>(1);
    let calls = 0;
    const load = function* (): Generator<unknown, string, unknown> {
      calls++;
      const { value } = yield* answers.recv();
      return value ?? '';
    };
    const seen = Array.from({ length: 10 }, () => look(loads.do('key', load)));
    await host.runUntilIdle();
    answers.trySend('bar');
    await host.runUntilIdle();
    expect([calls, ...seen.map(({ now }) => now)]).toEqual([1, ...Array<object>(10).fill({ value: 'bar' })]);
  });

  it('TestForget: another call begins after the key was forgotten', async () => {
    const loads = new SingleFlight<string, number>();
    const gates = [new Chan<void>(), new Chan<void>()] as const;
    const call = (n: 0 | 1) =>
      loads.do('key', function* () {
        yield gates[n].recv();
        return n + 1;
      });
    const first = look(call(0));
    loads.forget('key');
    const second = look(call(1));
    const third = look(call(0));
    await host.runUntilIdle();
    for (const gate of gates) gate.close();
    await host.runUntilIdle();
    expect([first.now, second.now, third.now]).toEqual([{ value: 1 }, { value: 2 }, { value: 2 }]);
  });
});
