import { describe, expect, it } from 'vitest';
import { Chan, Mutex, RoutineError, go, sleep } from '../../src/go.js';
import type { Routine } from '../../src/go.js';
import { host, look, settled, useVirtualHost, waits } from './stage.js';

useVirtualHost();

const abortError = { reason: { name: 'AbortError' } };

/** What the promise jobs and finally blocks of a routine left in the log. */
function log(): string[] {
  return host.takeLog();
}

describe('the end of a routine', () => {
  it('is done with what its function returns', async () => {
    expect(
      await settled(
        go(function* () {
          yield;
          return 7;
        }).done,
      ),
    ).toEqual({ value: 7 });
    expect(await settled(go(async () => 'later').done)).toEqual({ value: 'later' });
    expect(await settled(go(() => 'plain').done)).toEqual({ value: 'plain' });
  });

  it('rejects with what its function throws, whatever that is', async () => {
    for (const thrown of [new Error('thrown'), 'text', undefined]) {
      const fails = [
        go(function* () {
          yield;
          throw thrown;
        }),
        go(async () => {
          await sleep(1);
          throw thrown;
        }),
        go(() => {
          throw thrown;
        }),
      ];
      const seen = fails.map(({ done }) => look(done));
      await host.runUntilIdle();
      for (const { now } of seen) expect(now).toEqual({ reason: thrown });
    }
  });

  it('may be looked at when it is over', async () => {
    const good = go(() => 1);
    const bad = go(() => {
      throw new Error('thrown');
    });
    await host.runUntilIdle();
    expect(host.takeErrors()).toHaveLength(1);
    expect(await settled(good.done)).toEqual({ value: 1 });
    expect(await settled(bad.done)).toMatchObject({ reason: { message: 'thrown' } });
  });

  it('is one promise, however often it is looked at', async () => {
    const routine = go(() => 1);
    expect(routine.done).toBe(routine.done);
    await host.runUntilIdle();
    expect(await routine.done).toBe(1);
  });

  it('follows the promise that a plain function returns', async () => {
    expect(await settled(go(() => Promise.resolve([1])).done)).toEqual({ value: [1] });
  });

  it('runs the generator that a plain function returns', async () => {
    function* steps(): Generator<unknown, string, unknown> {
      yield sleep(10);
      return 'ran';
    }
    const routine = go(() => steps());
    const seen = look(routine.done);
    await host.advance(9);
    expect(seen.now).toEqual(waits);
    await host.advance(1);
    expect(seen.now).toEqual({ value: 'ran' });
  });

  it('refuses an async generator function, which nobody would read', async () => {
    const seen = await settled(
      go(async function* () {
        yield 1;
      }).done,
    );
    expect(seen).toMatchObject({ reason: { code: 'ERR_INVALID_ARGUMENT' } });
  });
});

describe('an error that nobody looks after', () => {
  it.each(['generator', 'async', 'plain'])('is reported with name, place and cause: %s', async (form) => {
    const cause = new TypeError('broken');
    const fns = {
      *generator() {
        yield sleep(1);
        throw cause;
      },
      async async() {
        await sleep(1);
        throw cause;
      },
      plain() {
        throw cause;
      },
    };
    go(fns[form as 'generator']);
    await host.runUntilIdle();
    const [error, ...more] = host.takeErrors() as RoutineError[];
    expect(more).toEqual([]);
    expect(error).toBeInstanceOf(RoutineError);
    expect(error).toMatchObject({ code: 'ERR_ROUTINE_FAILED', name: 'RoutineError', routine: form });
    expect(error?.cause).toBe(cause);
    expect(error?.message).toContain(`routine "${form}" failed: TypeError: broken`);
    expect(error?.message.split('\n')[2]).toMatch(/routine\.test\.ts:\d+/);
  });

  it('names the place of whoever gave options, too', async () => {
    go({ name: 'loader' }, () => {
      throw 'text';
    });
    await host.runUntilIdle();
    const [error] = host.takeErrors() as RoutineError[];
    expect(error?.message).toMatch(
      /^routine "loader" failed: text\n {2}started\n {4}at .*routine\.test\.ts:\d+/,
    );
  });

  it('is reported without a place where very many were started', async () => {
    for (let n = 0; n < 1_000; n++)
      go(() => {
        throw n;
      });
    await host.runUntilIdle();
    const errors = host.takeErrors() as RoutineError[];
    expect(errors.map(({ cause }) => cause)).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
    expect(errors.at(-1)?.message).toBe('routine "anonymous" failed: 999');
  });

  it('is not reported to whom it was looked after', async () => {
    const routine = go(() => {
      throw new Error('looked after');
    });
    expect(await settled(routine.done)).toMatchObject({ reason: { message: 'looked after' } });
  });

  it('stops no other routine', async () => {
    go(function* () {
      yield;
      throw new Error('first');
    });
    go(function* () {
      yield;
      host.note('second');
    });
    await host.runUntilIdle();
    expect([log(), host.takeErrors().length]).toEqual([['second'], 1]);
  });
});

describe('cancel before it begins', () => {
  it.each([
    [
      'generator',
      () =>
        go(function* () {
          host.note('ran');
          yield;
        }),
    ],
    ['async', () => go(async () => host.note('ran'))],
    ['plain', () => go(() => host.note('ran'))],
  ] as [string, () => Routine][])('keeps its code from running: %s', async (_form, start) => {
    const routine = start();
    const seen = look(routine.done);
    routine.cancel('enough');
    await host.runUntilIdle();
    expect([seen.now, log()]).toEqual([{ reason: 'enough' }, []]);
  });

  it('is no failure that would be reported', async () => {
    go(function* () {
      yield;
    }).cancel();
    go(async () => undefined).cancel('enough');
    await host.runUntilIdle();
    expect(host.takeErrors()).toEqual([]);
  });

  it('gives an AbortError where no reason is given', async () => {
    const routine = go(() => 1);
    routine.cancel();
    expect(await settled(routine.done)).toMatchObject(abortError);
  });
});

describe('cancel while it waits', () => {
  const places: [string, () => unknown][] = [
    ['a receive', () => new Chan().recv()],
    ['a send', () => new Chan<number>().send(1)],
    ['a sleep', () => sleep(1_000)],
    ['a sleep with a signal', () => sleep(1_000, { signal: new AbortController().signal })],
    ['a promise', () => new Promise(() => undefined)],
    ['its turn', () => undefined],
  ];

  it.each(places)('closes the generator at its yield, and its finally runs: %s', async (_place, wait) => {
    const routine = go(function* () {
      try {
        host.note('begins');
        yield wait();
        host.note('goes on');
        yield;
        host.note('too far');
      } catch {
        host.note('caught');
      } finally {
        host.note('finally');
      }
    });
    const seen = look(routine.done);
    await host.runTurn();
    const isItsTurn = _place === 'its turn';
    if (isItsTurn) {
      // In its turn it is ready: it takes the step that it was to take.
      expect(log()).toContain('too far');
      expect(await settled(routine.done)).toEqual({ value: undefined });
      expect(seen.now).toEqual({ value: undefined });
      return void log();
    }
    expect([log(), seen.now]).toEqual([['begins'], waits]);
    routine.cancel('enough');
    expect(host.armed().timer).toBe(0);
    await host.runUntilIdle();
    expect([log(), seen.now]).toEqual([['finally'], { reason: 'enough' }]);
  });

  it('hears nothing of the promise any more, also when that rejects', async () => {
    let reject: (reason: unknown) => void = () => undefined;
    const promise = new Promise((_resolve, no) => (reject = no));
    const routine = go(function* () {
      yield promise;
    });
    const seen = look(routine.done);
    await host.runUntilIdle();
    routine.cancel('enough');
    reject(new Error('late'));
    await host.runUntilIdle();
    expect(seen.now).toEqual({ reason: 'enough' });
  });

  it('is idempotent: the first reason counts', async () => {
    const routine = go(function* () {
      yield new Chan().recv();
    });
    const seen = look(routine.done);
    await host.runUntilIdle();
    routine.cancel('first');
    routine.cancel('second');
    await host.runUntilIdle();
    routine.cancel('third');
    expect(seen.now).toEqual({ reason: 'first' });
  });

  it('has no effect on a routine that is over', async () => {
    const routine = go(() => 1);
    await host.runUntilIdle();
    routine.cancel('late');
    expect(await settled(routine.done)).toEqual({ value: 1 });
  });
});

describe('cancel while it is ready', () => {
  it('lets it take the step that it was woken for, and closes it where it would wait again', async () => {
    const chan = new Chan<number>();
    const routine = go(function* () {
      try {
        const { value } = yield* chan.recv();
        host.note(`got ${value}`);
        chan.trySend(9);
        yield chan.recv();
        host.note('too far');
      } finally {
        host.note('finally');
      }
    });
    const seen = look(routine.done);
    await host.runUntilIdle();
    chan.trySend(1);
    routine.cancel('enough');
    await host.runUntilIdle();
    expect([log(), seen.now]).toEqual([['got 1', 'finally'], { reason: 'enough' }]);
  });

  it('lets it return, if it does so without waiting', async () => {
    const chan = new Chan<number>();
    const routine = go(function* () {
      return yield* chan.recv();
    });
    const seen = look(routine.done);
    await host.runUntilIdle();
    chan.trySend(1);
    routine.cancel('enough');
    await host.runUntilIdle();
    expect(seen.now).toEqual({ value: { value: 1, ok: true } });
  });

  it('begins no operation that is ready, either: nothing is taken or sent', async () => {
    const [wake, jobs, out, mutex] = [
      new Chan<number>(),
      new Chan<number>(1),
      new Chan<number>(1),
      new Mutex(),
    ];
    jobs.trySend(5);
    for (const begin of [() => jobs.recv(), () => out.send(1), () => mutex.lock()]) {
      const routine = go(function* () {
        yield wake.recv();
        yield begin();
        host.note('too far');
      });
      const seen = look(routine.done);
      await host.runUntilIdle();
      wake.trySend(1);
      routine.cancel('enough');
      await host.runUntilIdle();
      expect(seen.now).toEqual({ reason: 'enough' });
    }
    expect([jobs.len, out.len, mutex.locked]).toEqual([1, 0, false]);
  });

  it.each(['nothing', 'sleep', 'promise', 'an operation from before'])(
    'closes it at a yield of %s',
    async (what) => {
      const wake = new Chan<number>();
      const routine = go(function* () {
        const before = new Chan().recv();
        yield wake.recv();
        try {
          if (what === 'nothing') yield;
          else if (what === 'sleep') yield sleep(1_000);
          else if (what === 'promise') yield Promise.resolve();
          else yield before;
          host.note('too far');
        } finally {
          host.note('finally');
        }
      });
      const seen = look(routine.done);
      await host.runUntilIdle();
      wake.trySend(1);
      routine.cancel('enough');
      await host.advance(0);
      expect([log(), seen.now]).toEqual([['finally'], { reason: 'enough' }]);
    },
  );

  it('throws the error that it was woken with before', async () => {
    const chan = new Chan<number>();
    const routine = go(function* () {
      try {
        yield chan.send(1);
      } catch (error) {
        host.note((error as { code: string }).code);
      }
      yield;
      host.note('too far');
    });
    const seen = look(routine.done);
    await host.runUntilIdle();
    chan.close();
    routine.cancel('enough');
    await host.runUntilIdle();
    expect([log(), seen.now]).toEqual([['ERR_CHAN_CLOSED'], { reason: 'enough' }]);
  });

  it('ends a routine that cancels itself at its next yield', async () => {
    const routine: Routine = go(function* () {
      routine.cancel('enough');
      host.note('goes on');
      yield;
      host.note('too far');
    });
    expect(await settled(routine.done)).toEqual({ reason: 'enough' });
    expect(log()).toEqual(['goes on']);
  });
});

describe('finally blocks of a cancelled routine', () => {
  it('may wait: for times, channels, locks, promises and turns', async () => {
    const chan = new Chan<string>();
    const mutex = new Mutex();
    const routine = go(function* () {
      try {
        yield new Chan().recv();
      } finally {
        yield;
        yield sleep(10);
        const guard = yield* mutex.lock();
        yield chan.send('flushed');
        guard.release();
        yield Promise.resolve();
        host.note('finally');
      }
    });
    const seen = look(routine.done);
    await host.runUntilIdle();
    routine.cancel('enough');
    await host.advance(9);
    expect(seen.now).toEqual(waits);
    await host.advance(1);
    expect([chan.tryRecv(), seen.now]).toEqual([{ value: 'flushed', ok: true }, waits]);
    await host.runUntilIdle();
    expect([log(), seen.now]).toEqual([['finally'], { reason: 'enough' }]);
  });

  it('are not cut short by a second cancel', async () => {
    const routine = go(function* () {
      try {
        yield new Chan().recv();
      } finally {
        yield sleep(10);
        host.note('finally');
      }
    });
    const seen = look(routine.done);
    await host.runUntilIdle();
    routine.cancel('enough');
    await host.advance(5);
    routine.cancel('now');
    await host.runUntilIdle();
    expect([log(), seen.now]).toEqual([['finally'], { reason: 'enough' }]);
  });

  it('see errors of what they wait for', async () => {
    const closed = new Chan<number>();
    closed.close();
    const routine = go(function* () {
      try {
        yield new Chan().recv();
      } finally {
        try {
          yield closed.send(1);
        } catch (error) {
          host.note((error as { code: string }).code);
        }
      }
    });
    await host.runUntilIdle();
    routine.cancel();
    await host.runUntilIdle();
    expect(log()).toEqual(['ERR_CHAN_CLOSED']);
  });

  it('that throw make that its error, which is reported where nobody looks', async () => {
    const failing = function* (): Generator<unknown, void, unknown> {
      try {
        yield new Chan().recv();
      } finally {
        // eslint-disable-next-line no-unsafe-finally -- what is tested
        throw new Error('in finally');
      }
    };
    const [seen, unseen] = [go(failing), go(failing)];
    const ended = look(seen.done);
    await host.runUntilIdle();
    seen.cancel('enough');
    unseen.cancel('enough');
    await host.runUntilIdle();
    expect(ended.now).toMatchObject({ reason: { message: 'in finally' } });
    expect(host.takeErrors()).toMatchObject([{ code: 'ERR_ROUTINE_FAILED' }]);
  });

  it('run inside out through yield*', async () => {
    function* inner(): Generator<unknown, void, unknown> {
      try {
        yield sleep(1_000);
      } finally {
        host.note('inner');
      }
    }
    const routine = go(function* () {
      try {
        yield* inner();
      } finally {
        host.note('outer');
      }
    });
    await host.advance(0);
    routine.cancel();
    await host.runUntilIdle();
    expect(log()).toEqual(['inner', 'outer']);
  });
});

describe('cancel of an async routine', () => {
  it('rejects at once, and what it does later is not heard', async () => {
    const routine = go(async () => {
      await sleep(10);
      host.note('goes on all the same');
      return 'unheard';
    });
    const seen = look(routine.done);
    await host.advance(5);
    routine.cancel('enough');
    await host.advance(0);
    expect(seen.now).toEqual({ reason: 'enough' });
    await host.runUntilIdle();
    expect([log(), seen.now]).toEqual([['goes on all the same'], { reason: 'enough' }]);
  });

  it('rejects for whoever looks later, too, before it is over and after', async () => {
    const routine = go(async () => {
      await sleep(10);
    });
    await host.advance(5);
    routine.cancel('enough');
    const during = look(routine.done);
    await host.advance(0);
    expect(during.now).toEqual({ reason: 'enough' });
    await host.runUntilIdle();
    expect(await settled(routine.done)).toEqual({ reason: 'enough' });
  });

  it('rejects for whoever looks only when it is over, though it returned', async () => {
    const routine = go(async () => sleep(10));
    await host.advance(5);
    routine.cancel('enough');
    await host.runUntilIdle();
    expect(await settled(routine.done)).toEqual({ reason: 'enough' });
  });

  it('reports no error that it throws later', async () => {
    const routine = go(async () => {
      await sleep(10);
      throw new Error('unheard');
    });
    await host.advance(5);
    routine.cancel();
    await host.runUntilIdle();
    expect(host.takeErrors()).toEqual([]);
  });

  it('closes the generator that it runs', async () => {
    function* steps(): Generator<unknown, void, unknown> {
      try {
        yield sleep(1_000);
      } finally {
        host.note('finally');
      }
    }
    const routine = go(() => steps());
    const seen = look(routine.done);
    await host.advance(0);
    routine.cancel('enough');
    await host.advance(0);
    expect([log(), seen.now, host.armed().timer]).toEqual([['finally'], { reason: 'enough' }, 0]);
    await host.runUntilIdle();
  });
});

describe('what a routine yields', () => {
  it('may be a promise, whose value it gets or whose error is thrown', async () => {
    const routine = go(function* () {
      const value: number = yield Promise.resolve(1);
      try {
        yield Promise.reject(new Error('rejected'));
      } catch (error) {
        return [value, (error as Error).message];
      }
      return [];
    });
    expect(await settled(routine.done)).toEqual({ value: [1, 'rejected'] });
  });

  it('may be a thenable that is no promise', async () => {
    const routine = go(function* () {
      const value: number = yield { then: (resolve: (value: number) => void) => resolve(5) };
      return value;
    });
    expect(await settled(routine.done)).toEqual({ value: 5 });
  });

  it.each([1, null, 'text', {}, Symbol('s')])('is refused there if it is %s', async (value) => {
    const routine = go(function* () {
      try {
        yield value;
      } catch (error) {
        return error;
      } finally {
        host.note('finally');
      }
      return 'went on';
    });
    expect(await settled(routine.done)).toMatchObject({ value: { code: 'ERR_INVALID_ARGUMENT', value } });
    expect(log()).toEqual(['finally']);
  });

  it('is refused there if its then throws', async () => {
    const routine = go(function* () {
      try {
        yield {
          get then(): never {
            throw new Error('in then');
          },
        };
      } finally {
        host.note('finally');
      }
    });
    expect(await settled(routine.done)).toMatchObject({ reason: { message: 'in then' } });
    expect(log()).toEqual(['finally']);
  });
});
