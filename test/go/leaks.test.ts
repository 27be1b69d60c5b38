/** Nothing is left behind, and nothing takes more than a step for each that it is done to: by counts, never by the clock. */
import { describe, expect, it } from 'vitest';
import {
  Chan,
  Cond,
  Context,
  Group,
  Mutex,
  RWMutex,
  Semaphore,
  WaitGroup,
  after,
  done,
  from,
  go,
  select,
  sleep,
  to,
} from '../../src/go.js';
import type { Guard, Operation } from '../../src/go.js';
import { AbortController } from '../../src/scheduler.js';
import { currentRuntime } from '../../src/host/runtime.js';
import { WaitList } from '../../src/go/wait-list.js';
import { signalState } from '../../src/core/signal-state.js';
import { host, look, run, useVirtualHost } from './stage.js';

useVirtualHost();

const timeoutMs = 60_000;

interface Internals {
  readonly receivers: { readonly length: number };
  readonly senders: { readonly length: number };
}

function waitersOf(chan: Chan<number>): number {
  const { receivers, senders } = chan as unknown as Internals;
  return receivers.length + senders.length;
}

/** How often waiters were put into lists and taken out of them while `work` ran. */
async function moves(work: () => Promise<unknown>): Promise<{ pushed: number; removed: number }> {
  const { push, remove } = WaitList.prototype;
  const counts = { pushed: 0, removed: 0 };
  WaitList.prototype.push = function (waiter) {
    counts.pushed++;
    push.call(this, waiter);
  };
  WaitList.prototype.remove = function (waiter) {
    counts.removed++;
    remove.call(this, waiter);
  };
  try {
    await work();
  } finally {
    Object.assign(WaitList.prototype, { push, remove });
  }
  return counts;
}

describe('selects that lose', () => {
  it(
    'leave nothing: 200,000 of them, in lists, timers and signals',
    async () => {
      const [jobs, never, out] = [new Chan<number>(), new Chan<number>(), new Chan<number>()];
      const [ctx, cancel] = Context.withCancel(Context.background);
      const rounds = 200_000;
      let wins = 0;
      go(function* () {
        for (let n = 0; n < rounds; n++) yield jobs.send(n);
      });
      await run(function* () {
        for (; wins < rounds; wins++)
          yield select({
            job: from(jobs),
            a: from(never),
            b: to(out, 1),
            late: after(1_000),
            stop: done(ctx),
          });
      });
      expect(wins).toBe(rounds);
      expect([jobs, never, out].map(waitersOf)).toEqual([0, 0, 0]);
      expect([currentRuntime().timers.length, host.armed().timer]).toEqual([0, 0]);
      expect(signalState(ctx)).toMatchObject({ holds: 0 });
      expect(signalState(ctx).algorithms?.size).toBe(0);
      cancel();
    },
    timeoutMs,
  );

  it('leave nothing as promises either', async () => {
    const [jobs, never] = [new Chan<number>(), new Chan<number>()];
    for (let n = 0; n < 1_000; n++) {
      const seen = look(select({ job: jobs, a: never, late: after(1_000) }));
      jobs.trySend(n);
      await Promise.resolve();
      expect(seen).toBeDefined();
    }
    await host.runUntilIdle();
    expect([waitersOf(jobs), waitersOf(never), currentRuntime().timers.length, host.time.now()]).toEqual([
      0, 0, 0, 0,
    ]);
  });
});

describe('100,000 who wait', () => {
  const many = 100_000;

  /** Starts so many routines, each of which waits once, and counts those that go on. */
  function waiters(begin: (n: number) => Operation<unknown>): { over: () => number } {
    let over = 0;
    for (let n = 0; n < many; n++)
      go(function* () {
        yield begin(n);
        over++;
      });
    return { over: () => over };
  }

  it.each([
    [
      'receivers, by a close',
      () => {
        const chan = new Chan<number>();
        return [() => chan.recv(), () => chan.close()];
      },
    ],
    [
      'receivers, by sends',
      () => {
        const chan = new Chan<number>();
        return [
          () => chan.recv(),
          () => {
            for (let n = 0; n < many; n++) chan.trySend(n);
          },
        ];
      },
    ],
    [
      'senders, by receives',
      () => {
        const chan = new Chan<number>(8);
        return [
          (n: number) => chan.send(n),
          () => {
            for (let n = 0; n < many; n++) chan.tryRecv();
          },
        ];
      },
    ],
    [
      'those who wait for a WaitGroup',
      () => {
        const group = new WaitGroup();
        group.add(1);
        return [() => group.wait(), () => group.done()];
      },
    ],
    [
      'readers, by a writer',
      () => {
        const rows = new RWMutex();
        rows.tryLock();
        return [() => rows.rLock(), () => rows.unlock()];
      },
    ],
    [
      'requests, by units',
      () => {
        const semaphore = new Semaphore(many);
        const guard = semaphore.tryAcquire(many) as Guard;
        return [() => semaphore.acquire(1), () => guard.release()];
      },
    ],
  ] as [string, () => [(n: number) => Operation<unknown>, () => void]][])(
    'go on in one step each: %s',
    async (_who, make) => {
      const [begin, wake] = make();
      const counts = await moves(async () => {
        const { over } = waiters(begin);
        await host.runUntilIdle();
        wake();
        await host.runUntilIdle();
        expect(over()).toBe(many);
      });
      expect(counts.pushed).toBeLessThanOrEqual(many);
      expect(counts.removed).toBe(counts.pushed);
    },
    timeoutMs,
  );

  it(
    'hand a mutex on in one step each',
    async () => {
      const mutex = new Mutex();
      let over = 0;
      const counts = await moves(async () => {
        for (let n = 0; n < many; n++)
          go(function* () {
            const guard = yield* mutex.lock();
            yield;
            over++;
            guard.release();
          });
        await host.runUntilIdle();
      });
      expect([over, counts.removed]).toEqual([many, counts.pushed]);
      expect(counts.pushed).toBeLessThan(many);
    },
    timeoutMs,
  );

  it(
    'are told by a broadcast in two steps each: the condition, then the lock',
    async () => {
      const mutex = new Mutex();
      const cond = new Cond(mutex);
      let over = 0;
      const counts = await moves(async () => {
        for (let n = 0; n < many; n++)
          go(function* () {
            const guard = yield* mutex.lock();
            yield cond.wait(guard);
            over++;
            guard.release();
          });
        await host.runUntilIdle();
        cond.broadcast();
        await host.runUntilIdle();
      });
      expect(over).toBe(many);
      expect(counts.pushed).toBeLessThanOrEqual(2 * many);
    },
    timeoutMs,
  );

  it(
    'leave in one step each, from the front, from the end and all at once by a signal',
    async () => {
      const chan = new Chan<number>();
      const controller = new AbortController();
      const counts = await moves(async () => {
        const routines = Array.from({ length: many }, (_, n) =>
          go(function* () {
            yield chan.recv(n < many / 2 ? undefined : { signal: controller.signal });
          }),
        );
        await host.runUntilIdle();
        for (let n = 0; n < many / 4; n++) routines[n]?.cancel();
        for (let n = many / 2 - 1; n >= many / 4; n--) routines[n]?.cancel();
        expect(waitersOf(chan)).toBe(many / 2);
        controller.abort();
        await host.runUntilIdle();
      });
      expect(counts).toEqual({ pushed: many, removed: many });
      expect(waitersOf(chan)).toBe(0);
      // They were thrown the reason, which nobody caught: each is told.
      expect(host.takeErrors()).toHaveLength(many / 2);
    },
    timeoutMs,
  );

  it(
    'sleep on one timer of the host, and leave it when they are cancelled',
    async () => {
      const routines = Array.from({ length: many }, (_, n) =>
        go(function* () {
          yield sleep(1_000 + (n % 1_000));
        }),
      );
      await host.advance(1);
      expect([currentRuntime().timers.length, host.armed().timer]).toEqual([many, 1]);
      for (const routine of routines) routine.cancel();
      await host.runUntilIdle();
      expect([currentRuntime().timers.length, host.armed().timer, host.time.now()]).toEqual([0, 0, 1]);
    },
    timeoutMs,
  );

  it(
    'queue in a group with a limit, and run in the order of coming',
    async () => {
      const group = new Group({ limit: 2 });
      let [next, isOrdered] = [0, true];
      for (let n = 0; n < many; n++)
        group.go(function* () {
          isOrdered &&= n === next++;
          yield;
        });
      await host.runUntilIdle();
      expect([next, isOrdered, group.size]).toEqual([many, true, 0]);
    },
    timeoutMs,
  );
});

describe('what is over', () => {
  it('waits for its signal no more, in either form, however it ended', async () => {
    const [ctx, cancel] = Context.withCancel(Context.background);
    const options = { signal: ctx };
    const chan = new Chan<number>();
    const mutex = new Mutex();
    mutex.tryLock();
    const begin = [
      () => chan.recv(options),
      () => select({ a: from(chan), stop: done(ctx) }, options),
      () => mutex.lock(options),
      () => sleep(1, options),
    ];
    for (const each of begin) {
      void each();
      go(options, function* () {
        yield each();
      });
    }
    const group = new Group(options);
    group.go(() => chan.recv(options));
    await host.advance(0);
    expect([signalState(ctx).holds, signalState(group.ctx).holds]).toEqual([15, 1]);
    for (let n = 0; n < 5; n++) chan.trySend(n);
    while (mutex.locked) {
      mutex.unlock();
      await host.advance(0);
    }
    await host.runUntilIdle();
    expect([signalState(ctx).holds, signalState(group.ctx).holds]).toEqual([0, 0]);
    cancel();
  });

  it('is not kept by a context: routines, groups, operations and contexts below it', async () => {
    const [ctx, cancel] = Context.withCancel(Context.background);
    for (let n = 0; n < 100; n++) {
      go({ signal: ctx }, () => undefined);
      new Group({ signal: ctx }).go(() => undefined);
      const [below, stop] = Context.withTimeout(ctx, 1_000);
      void sleep(1, { signal: below });
      await host.advance(2);
      stop();
    }
    expect(signalState(ctx).algorithms?.size ?? 0).toBe(0);
    expect([currentRuntime().timers.length, host.armed().timer]).toEqual([0, 0]);
    cancel();
  });

  it('is let go of: a routine, its function and what it waited for', async () => {
    const gc = (globalThis as { gc?: () => void }).gc;
    const chan = new Chan<object>();
    const refs: WeakRef<object>[] = [];
    const make = (): unknown => {
      const big = { of: new Array<number>(100) };
      refs.push(new WeakRef(big));
      return go(function* () {
        yield chan.recv();
        return big.of.length;
      });
    };
    const kept = [make(), make(), make()];
    await host.runUntilIdle();
    chan.close();
    await host.runUntilIdle();
    const internals = kept as {
      readonly steps: unknown;
      readonly waiting: unknown;
      readonly spare: unknown;
    }[];
    for (const { steps, waiting, spare } of internals)
      expect([steps, waiting, spare]).toEqual([null, null, null]);
    if (gc === undefined) return;
    gc();
    expect(refs.map((ref) => ref.deref())).toEqual([undefined, undefined, undefined]);
  });
});
