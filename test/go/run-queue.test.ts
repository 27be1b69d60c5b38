import { describe, expect, it } from 'vitest';
import { Chan, Mutex, go, select, sleep } from '../../src/go.js';
import { AbortController, scheduler } from '../../src/scheduler.js';
import { host, installAnother, look, useVirtualHost } from './stage.js';

useVirtualHost();

describe('a routine that computes', () => {
  it('is sliced at its bare yields, and lets others of its priority run between slices', async () => {
    let steps = 0;
    go(function* () {
      for (; steps < 30; steps++) {
        host.costMs(1);
        yield;
      }
    });
    scheduler.postTask(() => host.note(`task after ${steps} steps`));
    await host.runUntilIdle();
    const [line] = host.takeLog();
    const after = Number(/after (\d+)/.exec(line ?? '')?.[1]);
    expect(after).toBeGreaterThan(0);
    expect(after).toBeLessThanOrEqual(8);
    expect(steps).toBe(30);
  });

  it('takes turns with other routines at each bare yield', async () => {
    for (const name of ['a', 'b'])
      go(function* () {
        for (let n = 0; n < 3; n++) {
          host.note(`${name}${n}`);
          yield;
        }
      });
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2']);
  });

  it.each(['user-visible', 'background'] as const)(
    'lets user-blocking tasks in at its next look at the clock: %s',
    async (priority) => {
      let steps = 0;
      let postedAt = 0;
      go({ priority }, function* () {
        for (; steps < 100; steps++) {
          if (steps === 50) {
            postedAt = steps;
            scheduler.postTask(() => host.note(`${steps - postedAt}`), { priority: 'user-blocking' });
          }
          host.costMs(0.5);
          yield;
        }
      });
      await host.runUntilIdle();
      expect(Number(host.takeLog()[0])).toBeLessThanOrEqual(1);
    },
  );

  it('lets them in at operations that need not wait, too', async () => {
    const chan = new Chan<number>(1);
    const mutex = new Mutex();
    const ways = {
      *channel() {
        yield chan.send(1);
        yield chan.recv();
      },
      *delegated() {
        yield* chan.send(1);
        yield* chan.recv();
      },
      *lock() {
        (yield* mutex.lock()).release();
        yield* select({}, { default: true });
      },
    };
    for (const way of Object.values(ways)) {
      let rounds = 0;
      let postedAt = -1;
      go(function* () {
        for (; rounds < 200; rounds++) {
          if (rounds === 100) {
            postedAt = rounds;
            scheduler.postTask(() => host.note(`${rounds - postedAt}`), { priority: 'user-blocking' });
          }
          host.costMs(0.5);
          yield* way();
        }
      });
      await host.runUntilIdle();
      expect(Number(host.takeLog()[0])).toBeLessThanOrEqual(1);
    }
  });

  it('does not hold up timers', async () => {
    let over = false;
    go(function* () {
      while (!over) {
        host.costMs(1);
        yield;
      }
    });
    go(function* () {
      yield sleep(20);
      over = true;
    });
    await host.advance(60);
    expect(over).toBe(true);
    await host.runUntilIdle();
  });
});

describe('routines that wake one another', () => {
  const forms = {
    generators: (a: Chan<number>, b: Chan<number>, goesOn: () => boolean) => {
      go(function* () {
        while (goesOn()) {
          yield a.send(1);
          yield b.recv();
        }
        a.close();
      });
      go(function* () {
        while ((yield* a.recv()).ok) yield b.send(1);
      });
    },
    async: (a: Chan<number>, b: Chan<number>, goesOn: () => boolean) => {
      go(async () => {
        while (goesOn()) {
          await a.send(1);
          await b.recv();
        }
        a.close();
      });
      go(async () => {
        while ((await a.recv()).ok) await b.send(1);
      });
    },
  };

  it.each(['generators', 'async'] as const)('do not starve timers and tasks: %s', async (form) => {
    let over = false;
    let rounds = 0;
    forms[form](new Chan(), new Chan(), () => {
      rounds++;
      // So that time passes; without a limit a failure would hang.
      host.costMs(0.1);
      return !over && rounds < 5_000;
    });
    go(async () => {
      await sleep(20);
      scheduler.postTask(() => {
        over = true;
      });
    });
    await host.runUntilIdle();
    expect(over).toBe(true);
    expect(rounds).toBeLessThan(600);
  });

  it.each(['generators', 'async'] as const)(
    'do not starve one another where jobs are timers: %s',
    async (form) => {
      host.assertClean();
      installAnother({ nativeJobs: false, delayed: true, turnMs: 4 });
      let rounds = 0;
      forms[form](new Chan(), new Chan(), () => ++rounds < 100);
      await host.runUntilIdle();
      expect(rounds).toBe(100);
    },
  );

  it('may be async ones outside of go altogether', async () => {
    const [a, b] = [new Chan<number>(), new Chan<number>(2)];
    let over = false;
    let rounds = 0;
    const ping = async (): Promise<void> => {
      while (!over && rounds < 5_000) {
        rounds++;
        host.costMs(0.1);
        await a.send(1);
        await b.recv();
      }
      a.close();
    };
    const pong = async (): Promise<void> => {
      while ((await a.recv()).ok) await b.send(1);
    };
    void pong();
    void ping();
    void sleep(20).then(() => (over = true));
    await host.runUntilIdle();
    expect(over).toBe(true);
    expect(rounds).toBeLessThan(600);
  });
});

describe('a routine that was made ready', () => {
  it('runs in its turn, never within the call that made it so', async () => {
    const chan = new Chan<number>();
    go(function* () {
      yield chan.recv();
      host.note('received');
    });
    await host.runUntilIdle();
    chan.trySend(1);
    host.note('sent');
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['sent', 'received']);
  });

  it('goes to the end of the queue, so a hundred take turns', async () => {
    const order: number[] = [];
    const chan = new Chan<number>(1);
    for (let n = 0; n < 100; n++)
      go(function* () {
        for (let round = 0; round < 2; round++) {
          yield chan.send(n);
          yield chan.recv();
          order.push(n);
          yield;
        }
      });
    await host.runUntilIdle();
    expect(order.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, n) => n));
    expect(order).toHaveLength(200);
  });
});

describe('promises of operations', () => {
  it('let who awaits them go on before the next task, as after a task', async () => {
    const chan = new Chan<number>();
    void chan.recv().then(() => host.note('received'));
    go(function* () {
      chan.trySend(1);
      host.note('sent');
      yield;
    });
    scheduler.postTask(() => host.note('task'));
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['sent', 'received', 'task']);
  });

  it('are settled at once while the turn has time: a chain needs no further turn', async () => {
    const chan = new Chan<number>(1);
    let got = 0;
    void (async () => {
      await chan.send(1);
      got = (await chan.recv()).value ?? 0;
    })();
    // No turn of the host is run: promise jobs alone.
    await new Promise((resolve) => setImmediate(resolve));
    expect(got).toBe(1);
    await host.runUntilIdle();
  });

  it('are all settled in the end, a thousand at a time', async () => {
    const chan = new Chan<number>();
    const seen = Array.from({ length: 1_000 }, () => look(chan.recv()));
    for (let n = 0; n < 1_000; n++) {
      host.costMs(0.05);
      chan.trySend(n);
    }
    await host.runUntilIdle();
    expect(seen.map(({ now }) => now)).toEqual(seen.map((_, n) => ({ value: { value: n, ok: true } })));
  });
});

describe('a promise that is rejected', () => {
  it('has somebody who handles it also where its turn is over and it is settled in the next', async () => {
    const chan = new Chan<number>();
    const controller = new AbortController();
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', onUnhandled);
    const outcomes = Array.from({ length: 3 }, () =>
      chan.recv({ signal: controller.signal }).then(
        () => 'received',
        () => host.note('rejected'),
      ),
    );
    scheduler.postTask(() => {
      host.costMs(50);
      controller.abort();
    });
    await host.runTurn();
    // Node looks for rejections that nobody handles when a turn of its own ends.
    await new Promise((resolve) => setImmediate(resolve));
    const early = host.takeLog();
    await host.runUntilIdle();
    await Promise.all(outcomes);
    process.off('unhandledRejection', onUnhandled);
    expect(early.length).toBeLessThan(3);
    expect(host.takeLog().length + early.length).toBe(3);
    expect(unhandled).toEqual([]);
  });
});
