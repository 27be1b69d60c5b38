import { describe, expect, it } from 'vitest';
import { Context, go, sleep } from '../../src/go.js';
import { AbortController, scheduler } from '../../src/scheduler.js';
import { codeOf, host, installAnother, look, run, settled, useVirtualHost, waits } from './stage.js';

useVirtualHost();

describe('sleep', () => {
  it.each(['generator', 'async', 'outside'])(
    'is over when the time has passed, not before: %s',
    async (form) => {
      const begin = {
        outside: () => sleep(100),
        async: () => go(async () => sleep(100)).done,
        generator: () =>
          go(function* () {
            yield sleep(100);
          }).done,
      };
      const seen = look(begin[form as 'async']());
      await host.advance(99);
      expect(seen.now).toEqual(waits);
      await host.advance(1);
      expect(seen.now).toEqual({ value: undefined });
    },
  );

  it('keeps its type and its order with yield*', async () => {
    const log = await run(function* () {
      const nothing: undefined = yield* sleep(5);
      return [nothing];
    });
    expect(log).toEqual([undefined]);
  });

  it('takes no time less than zero, and lets others run first', async () => {
    for (const delayMs of [0, -5, -Infinity]) {
      go(function* () {
        yield sleep(delayMs);
        host.note('slept');
      });
      go(() => host.note('other'));
      await host.runUntilIdle();
      expect(host.takeLog()).toEqual(['other', 'slept']);
    }
    expect(host.time.now()).toBe(0);
  });

  it.each([NaN, '5', null, undefined, {}])('refuses %s at once and shows it', (value) => {
    let caught: unknown;
    try {
      void sleep(value as number);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', value });
    expect(codeOf(() => sleep(value as number, { signal: AbortSignal.abort() }))).toBe(
      'ERR_INVALID_ARGUMENT',
    );
  });

  it('wakes sleepers by time, and those of one time in the order of their coming', async () => {
    const forms = [
      (ms: number, name: string) =>
        go(function* () {
          yield sleep(ms);
          host.note(name);
        }),
      (ms: number, name: string) =>
        go(async () => {
          await sleep(ms);
          host.note(name);
        }),
    ];
    for (const start of forms) {
      for (const [ms, name] of [
        [30, 'c'],
        [10, 'a'],
        [20, 'b1'],
        [20, 'b2'],
      ] as const)
        start(ms, name);
      await host.runUntilIdle();
      expect(host.takeLog()).toEqual(['a', 'b1', 'b2', 'c']);
    }
  });

  it('takes one timer of the host for all', async () => {
    const seen = Array.from({ length: 1_000 }, (_, n) => look(sleep(10 + (n % 7))));
    for (let n = 0; n < 1_000; n++)
      go(function* () {
        yield sleep(10 + (n % 7));
      });
    await host.advance(1);
    expect(host.armed().timer).toBe(1);
    await host.runUntilIdle();
    expect(seen.every(({ now }) => 'value' in now)).toBe(true);
  });

  it('does not join a sleep of a host that is gone', async () => {
    const lost = look(sleep(100));
    installAnother();
    scheduler.postTask(() => undefined, { delay: 1 });
    const seen = look(sleep(100));
    await host.runUntilIdle();
    expect([seen.now, lost.now]).toEqual([{ value: undefined }, waits]);
  });

  it('leaves no timer when its routine is cancelled', async () => {
    const routine = go(function* () {
      yield sleep(1_000);
    });
    await host.advance(1);
    expect(host.armed().timer).toBe(1);
    routine.cancel();
    expect(host.armed().timer).toBe(0);
    await host.runUntilIdle();
  });

  it('for ever ends by cancellation only', async () => {
    const routine = go(function* () {
      yield sleep(Infinity);
    });
    const seen = look(routine.done);
    await host.advance(1e9);
    expect([seen.now, host.armed().timer]).toEqual([waits, 0]);
    routine.cancel('enough');
    await host.runUntilIdle();
    expect(seen.now).toEqual({ reason: 'enough' });
  });
});

describe('sleep with a signal', () => {
  it.each(['generator', 'promise'])('ends with it, and its timer with that: %s', async (form) => {
    const controller = new AbortController();
    const begin = () => sleep(100, { signal: controller.signal });
    const seen =
      form === 'promise'
        ? look(begin())
        : look(
            go(function* () {
              yield begin();
            }).done,
          );
    await host.advance(50);
    expect(host.armed().timer).toBe(1);
    controller.abort('enough');
    expect(host.armed().timer).toBe(0);
    await host.runUntilIdle();
    expect(seen.now).toEqual({ reason: 'enough' });
  });

  it('is over in time where it does not abort', async () => {
    const [ctx, cancel] = Context.withCancel(Context.background);
    const seen = look(sleep(10, { signal: ctx }));
    await host.advance(10);
    expect(seen.now).toEqual({ value: undefined });
    cancel();
    expect(await settled(sleep(0, { signal: new AbortController().signal }))).toEqual({ value: undefined });
  });

  it('does not begin where that has aborted', async () => {
    expect(await settled(sleep(10, { signal: AbortSignal.abort('before') }))).toEqual({ reason: 'before' });
    expect(host.time.now()).toBe(0);
  });

  it('may wait for ever for the signal alone', async () => {
    const [ctx] = Context.withTimeout(Context.background, 500);
    const seen = look(sleep(Infinity, { signal: ctx }));
    await host.runUntilIdle();
    expect([seen.now, host.time.now()]).toMatchObject([{ reason: { name: 'TimeoutError' } }, 500]);
  });
});
